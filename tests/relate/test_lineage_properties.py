"""Copies change nothing, independent reports do, and neither order nor later reports change what was found."""

from __future__ import annotations

import random
import runpy
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from heldby.knowledge import read_knowledge
from heldby.reconcile import Case, Weights, control_days
from heldby.records import Claim, DayControl, Document, Span
from heldby.relate import LineageRules, find_origins, relate, related_by

RULES = LineageRules.from_tables(read_knowledge("lineage"), sources=read_knowledge("sources"))
START = date(2016, 1, 1)
SIDES = ("Army", "Rebels", "Militia")
SPEAKERS = (
    None,
    None,
    ("the Observatory", "rights_monitor", "", "observatory"),
    ("the defence ministry", "government", "army", ""),
    ("Homs Governor Talal Barazi", "government", "army", ""),
    ("residents", "witness", "", ""),
    ("a military source", "unnamed", "", ""),
)
OUTLETS = ("Orontes Wire", "Levant Courier", "Northern Ledger", "The Gulf Observer", "")
INDEPENDENT = (
    "A convoy of our own left at dawn and found every checkpoint along the northern road under new flags. Farmers "
    "who sell melons there told us the change came without a shot, and children were already painting over slogans."
)


@lru_cache(maxsize=1)
def variations() -> dict[str, Any]:
    """The ways in which the benchmark varies reports."""
    return runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "_variations.py"))


@lru_cache(maxsize=1)
def reports() -> list[Any]:
    """Some of the project's own reports, long enough to be cut."""
    return [report for report in variations()["read_reports"]() if len(report.sentences) >= 8][:60]


def document_of(make: Any, report: Any, *, id: str, day: date, outlet: str) -> Document:
    """A document of a report's text."""
    return make.document(report.text, id=id, known=str(day), outlet=outlet)  # type: ignore[no-any-return]


def overlap(one: str, other: str) -> float:
    """The share of words that two sentences have in common."""
    first, second = set(one.casefold().split()), set(other.casefold().split())
    return len(first & second) / max(1, len(first | second))


def told_in(make: Any, chance: random.Random, report: Any, document: Document, day: date) -> list[Claim]:
    """Claims in some sentences of a report."""
    claims = []
    for sentence in chance.sample(report.sentences, 4):
        speaker = chance.choice(SPEAKERS)
        links = [make.link(speaker[0], kind=speaker[1], side=speaker[2], source_id=speaker[3])] if speaker else []
        side, other = chance.sample(SIDES, 2)
        claim = make.claim(
            chance.choice(["takes", "holds", "withdraws", "contests"]),
            side,
            other,
            when=str(day - timedelta(chance.randrange(3))),
            known=str(day),
            chain=links,
            document=document.id,
            sentence=sentence,
            at=document.text.index(sentence),
            confidence=chance.choice([0.5, 0.7, 0.9]),
        )
        claims.append(claim)
    return claims


def copied(chance: random.Random, claims: list[Claim], report: Any, document: Document) -> list[Claim]:
    """The claims of a report as they are read in a copy of it: each with another confidence, in the sentence that has
    most words in common with its own; some are missed there."""
    found = []
    for claim in claims:
        sentence = max(report.sentences, key=lambda s: overlap(s, claim.sentence.text))
        if overlap(sentence, claim.sentence.text) < 0.4:
            continue
        span = Span.of(document.text, document.text.index(sentence), document.text.index(sentence) + len(sentence))
        found.append(
            replace(
                claim,
                id=f"{claim.id}-{document.id}",
                document_id=document.id,
                sentence=span,
                known_at=document.known_at,
                confidence=chance.random(),
            )
        )
    return found


def archive(
    make: Any, chance: random.Random, number: int
) -> tuple[list[Document], dict[str, list[Claim]], list[Any]]:
    """Independent reports, their claims by document, and their texts."""
    chosen = chance.sample(reports(), number)
    documents, claims = [], {}
    for n, report in enumerate(chosen):
        day = START + timedelta(chance.randrange(60))
        document = document_of(make, report, id=f"d{n}", day=day, outlet=chance.choice(OUTLETS))
        documents.append(document)
        claims[document.id] = told_in(make, chance, report, document, day)
    return documents, claims, chosen


def days_of(claims: list[Claim], documents: list[Document], weights: Weights) -> tuple[DayControl, ...]:
    """Every day of some months, as the reports tell it."""
    related = relate(claims, documents=documents, rules=RULES)
    case = Case(claims=related.heard(claims), voices=related.voices, statements=related.statements)
    return control_days("place-palmyra", start=START, end=START + timedelta(120), case=case, weights=weights)


@settings(max_examples=20)
@given(seed=st.integers(0, 100_000), number=st.integers(1, 12))
def test_varied_copies_change_no_probability(make: Any, weights: Weights, seed: int, number: int) -> None:
    """However a report is cut, reordered, re-headlined, re-credited and reworded by others, and however its claims
    are read there, every probability of every day stays what it was, to the last digit."""
    chance = random.Random(seed)
    documents, claims, texts = archive(make, chance, 4)
    told = [claim for those in claims.values() for claim in those]
    before = days_of(told, documents, weights)
    kinds = [kind for kind in variations()["VARIATIONS"] if not kind.startswith("30%")]
    for n in range(number):
        which = chance.randrange(len(texts))
        changed = variations()["VARIATIONS"][chance.choice(kinds)](texts[which], chance)
        day = documents[which].known_at.date() + timedelta(1 + n // 2)
        copy = document_of(make, changed, id=f"copy-{n}", day=day, outlet=f"Printer {n}")
        told += copied(chance, claims[f"d{which}"], changed, copy)
        documents.append(copy)
    assert days_of(told, documents, weights) == before


@settings(max_examples=20)
@given(seed=st.integers(0, 100_000))
def test_an_independent_report_changes_what_it_speaks_of(make: Any, weights: Weights, seed: int) -> None:
    """One more report by another outlet, in words of its own, with a source of its own, makes what it says likelier,
    unless that is all but sure."""
    chance = random.Random(seed)
    documents, claims, _ = archive(make, chance, 4)
    told = [claim for those in claims.values() for claim in those]
    day = START + timedelta(30)
    voice = chance.choice([[], [make.link("the Bridge Watch", kind="rights_monitor", source_id="bridge-watch")]])
    report = make.document(INDEPENDENT, id="new", known=str(day), outlet="The Ferryman")
    claim = make.claim("holds", "Militia", when=str(day), known=str(day), chain=voice, document="new")
    before, after = (
        dict(days_of(those, reports_, weights)[30].distribution)
        for those, reports_ in ((told, documents), ([*told, claim], [*documents, report]))
    )
    assert after["militia"] > before.get("militia", 0.0) or before["militia"] > 0.98


@settings(max_examples=15)
@given(seed=st.integers(0, 100_000), cut=st.integers(1, 11))
def test_later_reports_change_nothing_in_what_was_found(make: Any, seed: int, cut: int) -> None:
    """Origins and voices of the first reports are the same with and without the later ones, whatever their order."""
    chance = random.Random(seed)
    documents, claims, texts = archive(make, chance, 4)
    for n in range(8):
        which = chance.randrange(len(texts))
        changed = variations()["VARIATIONS"][chance.choice(list(variations()["VARIATIONS"]))](texts[which], chance)
        day = START + timedelta(chance.randrange(70))
        copy = document_of(make, changed, id=f"copy-{n}", day=day, outlet=chance.choice(OUTLETS))
        claims[copy.id] = copied(chance, claims[f"d{which}"], changed, copy)
        documents.append(copy)
    told = [claim for those in claims.values() for claim in those]
    documents.sort(key=lambda d: (d.known_at, d.id))
    moment: datetime = documents[cut - 1].known_at
    known = [d for d in documents if d.known_at <= moment]
    heard = [claim for claim in told if claim.known_at <= moment]
    whole = find_origins(chance.sample(documents, len(documents)), rules=RULES)
    part = find_origins(known, rules=RULES)
    assert part == {id_: whole[id_] for id_ in part}
    later = relate(chance.sample(told, len(told)), origins=whole, rules=RULES)
    earlier = relate(heard, origins=part, rules=RULES)
    again = related_by(heard, lineage=later.lineage, origins=whole, rules=RULES)
    assert earlier == replace(again, lineage=earlier.lineage)
    assert {link.id for link in again.lineage} == {link.id for link in earlier.lineage}
