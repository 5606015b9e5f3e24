"""The way of the data as one literal list; `check_way` proves before a run that nothing is asked for too early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from heldby.errors import HeldbyError


@dataclass(frozen=True, slots=True)
class Step:
    """A stage, the records that it needs and the records that it makes."""

    stage: str
    needs: tuple[str, ...]
    makes: tuple[str, ...]


WAY = (
    Step("capture", (), ("Capture",)),
    Step("document", ("Capture",), ("Document",)),
    Step("language", ("Document",), ("Doc",)),
    Step("claims", ("Document", "Doc"), ("Reading",)),
    Step("resolve", ("Reading",), ("Claim", "Quantity", "Mention")),
    Step("relate", ("Claim", "Document"), ("Lineage", "Episode")),
    Step("reconcile", ("Claim", "Lineage"), ("Spell",)),
)


def check_way(way: Sequence[Step]) -> None:
    """Raise HeldbyError where a stage stands twice or needs what no stage before it makes."""
    made: set[str] = set()
    seen: set[str] = set()
    for step in way:
        missing = [need for need in step.needs if need not in made]
        if missing or step.stage in seen:
            what = f"needs {', '.join(missing)}, which no stage before it makes" if missing else "stands twice"
            raise HeldbyError(f"The stage {what}.", where=step.stage, remedy="Correct the way in pipeline.py.")
        seen.add(step.stage)
        made.update(step.makes)
