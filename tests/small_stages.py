"""Small real stages: a report is lines such as `governor: Islamic State takes Palmyra 2016-12-11`.

They serve the tests of the runner and the archive, which are about what a run does with stages, not about language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from heldby.capture import capture_items
from heldby.errors import DocumentError
from heldby.knowledge import read_knowledge
from heldby.pipeline import Stages
from heldby.reconcile import Weights
from heldby.records import Block, CapturedItem, Document, Failure, Hints, Party, Place, Reading, Span
from heldby.records.ids import record_id
from heldby.settings import Settings
from record_maker import Make

LINE = re.compile(
    r"(?:(?P<voice>[^:\n]+): )?(?P<actor>[A-Z][\w ]*?) (?P<relation>takes|holds|withdraws) (?P<place>[A-Z]\w*)"
    r" (?P<day>\d{4}-\d\d-\d\d)"
)
MAKE = Make()


def place_of(name: str) -> Place:
    """A place of the name; Atlantis lies nowhere."""
    return replace(MAKE.place, id=f"place-{name.lower()}", name=name, country="XA" if name == "Atlantis" else "SY")


def documents(items: Iterable[CapturedItem]) -> Iterator[Document | Failure]:
    """Text to documents; the word EMPTY is an expected error, the word BROKEN one that nobody foresaw."""
    for item in items:
        text = item.data.decode()
        if "EMPTY" in text:
            raise DocumentError("There is nothing in it.", where=item.capture.origin, remedy="Give something.")
        if "BROKEN" in text:
            raise ZeroDivisionError("a stage divided by nothing")
        day = date.fromisoformat(item.capture.hints.published or "2020-01-01")
        yield Document(
            id=record_id("doc", item.capture.id),
            capture_id=item.capture.id,
            text=text,
            blocks=(Block(kind="paragraph", start=0, end=len(text), source_start=0, source_end=len(text)),),
            outlet=item.capture.hints.outlet,
            known_at=datetime.combine(day, time(12), tzinfo=UTC),
            version="small-1",
        )


def claims(pairs: Iterable[tuple[Document, Any]]) -> Iterator[Reading]:
    """Lines to claims."""
    for document, _ in pairs:
        if "MUDDLED" in document.text:
            raise ValueError("no claim can be made of this")
        yield MAKE.reading(document, *(_claim(document, found) for found in LINE.finditer(document.text)))


def _claim(document: Document, found: re.Match[str]) -> Any:
    voice = found["voice"]
    claim = MAKE.claim(
        found["relation"],
        found["actor"],
        when=found["day"],
        document=document.id,
        sentence=found[0],
        at=found.start(),
        chain=[MAKE.link(voice, kind="rights_monitor", source_id=voice)] if voice else [],
        place=place_of(found["place"]),
    )
    return replace(claim, known_at=document.known_at, sentence=Span.of(document.text, *found.span()))


def resolve(readings: Iterable[Reading]) -> Iterator[Reading]:
    """Nothing is left to resolve."""
    for reading in readings:
        if "PUZZLING" in reading.document.text:
            raise LookupError("no place fits")
        yield replace(reading, claims=tuple(replace(c, opponent=Party()) for c in reading.claims))


def small_stages(*, version: str = "small-1", **changes: Any) -> Stages:
    """The stages together."""

    def capture(inputs: Sequence[str], hints: Hints, now: datetime) -> Iterable[CapturedItem | Failure]:
        return capture_items(inputs, hints=hints, settings=Settings(), now=now)

    stages = Stages(
        capture=capture,
        document=documents,
        language=list,
        claims=claims,
        resolve=resolve,
        weights=Weights.from_table(read_knowledge("weights")),
        version=version,
    )
    return replace(stages, **changes)
