"""A few invented reports for tests of the archive: voices that repeat, deny, copy and tell late, at two places."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from heldby.records import CapturedItem, Reading
from record_maker import Make

MAKE = Make()
FIRST_DAY = date(2016, 1, 1)
PLACES = tuple(replace(MAKE.place, id=f"place-{name.lower()}", name=name) for name in ("Palmyra", "Homs"))
VOICES = (
    None,
    MAKE.link("Observatory", kind="rights_monitor", source_id="observatory"),
    MAKE.link("the governor", kind="government", side="army", source_id="governor"),
    MAKE.link("a resident", kind="witness"),
)
# voice, place, relation, side, modality, day meant, day known, copies of it
TOLD = st.tuples(
    st.integers(0, 3), st.integers(0, 1), st.sampled_from(["takes", "holds", "withdraws", "contests", "strikes"]),
    st.sampled_from(["Army", "Rebels"]), st.sampled_from(["asserted", "asserted", "denied"]), st.integers(0, 40),
    st.integers(0, 40), st.integers(0, 2),
)  # fmt: skip


def reports_of(told: list[Any]) -> list[tuple[CapturedItem, Reading]]:
    """A report for each thing told, and one for each copy of it, word for word, in another outlet, days later."""
    reports = []
    for number, (voice, place, relation, side, modality, day, known, copies) in enumerate(told):
        for copy in range(copies + 1):
            reports.append(_report(f"{number}-{copy}", voice, place, relation, side, modality, day, known + 2 * copy))
    return reports


def _report(
    name: str, voice: int, place: int, relation: str, side: str, modality: str, day: int, known: int
) -> tuple[CapturedItem, Reading]:
    link = VOICES[voice]
    known_on = str(FIRST_DAY + timedelta(days=max(day, known)))
    words = f"{link.name if link else 'It is said'}: {side} {relation} {PLACES[place].name} on day {day}, " + (
        "as people there and elsewhere told of it with many words that stand in every copy of the report"
    )
    item = MAKE.item(words.encode(), origin=f"{name}.txt")
    document = replace(
        MAKE.document(words, id=f"document-{name}", known=known_on, outlet=f"Paper {name}"),
        capture_id=item.capture.id,
    )
    claim = MAKE.claim(
        relation, side, when=str(FIRST_DAY + timedelta(days=day)), known=known_on, modality=modality,
        document=document.id, sentence=words, chain=[link] if link else [], place=PLACES[place],
    )  # fmt: skip
    return item, MAKE.reading(document, claim)
