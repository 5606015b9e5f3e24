"""The way of the data as one literal list; `check_way` proves before a run that nothing is asked for too early."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from heldby.errors import HeldbyError
from heldby.reconcile import Weights
from heldby.records import CapturedItem, Document, Failure, Hints, Reading


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The stages of a run, each with all that it needs already in it.

    `language` gives one parsed text for each document; each of the others one record for each that it is given, in
    their order. `version` names the rules: captures read with other rules are read again.
    """

    capture: Callable[[Sequence[str], Hints, datetime], Iterable[CapturedItem | Failure]]
    document: Callable[[Iterable[CapturedItem]], Iterable[Document | Failure]]
    language: Callable[[Sequence[Document]], Iterable[Any]]
    claims: Callable[[Iterable[tuple[Document, Any]]], Iterable[Reading]]
    resolve: Callable[[Iterable[Reading]], Iterable[Reading]]
    weights: Weights
    version: str


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
