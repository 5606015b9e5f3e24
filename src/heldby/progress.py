"""How far a run is, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from heldby.records import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is: the stage at work, how many items it has done, and of how many (None: not known yet)."""

    stage: str
    done: int
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run did: items newly captured and already known, records made, places touched, and what failed."""

    captured: int = 0
    known: int = 0
    documents: int = 0
    claims: int = 0
    quantities: int = 0
    places: int = 0
    seconds: float = 0.0
    failures: tuple[Failure, ...] = ()


@dataclass(slots=True)
class Tally:
    """The figures of a run while it runs."""

    notify: Callable[[Progress], None] | None
    captured: int = 0
    known: int = 0
    documents: int = 0
    claims: int = 0
    quantities: int = 0
    places: int = 0
    failures: list[Failure] = field(default_factory=list)

    def tell(self, stage: str, done: int, total: int | None = None) -> None:
        """Tell the caller how far the run is."""
        if self.notify is not None:
            self.notify(Progress(stage=stage, done=done, total=total))
