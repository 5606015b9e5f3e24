"""What must hold of the spells and days of any place, whatever is claimed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from heldby.reconcile import Case, Weights, control_days, find_control
from heldby.reconcile.hearing import hear
from heldby.reconcile.model import build_chain
from heldby.reconcile.spells import find_runs, make_spells
from heldby.records import Claim, DayControl
from heldby.relate import relate

START = date(2016, 1, 1)
SIDES = ("Army", "Rebels", "Militia")
SPEAKERS = (
    ("monitor", "rights_monitor", ""),
    ("ministry", "government", "army"),
    ("agency", "armed_group_outlet", "rebels"),
    ("residents", "witness", ""),
)
TOLD = st.tuples(
    st.sampled_from(["takes", "holds", "withdraws", "contests", "repels", "attacks", "strikes", "besieges"]),
    st.sampled_from(SIDES),
    st.sampled_from(["", *SIDES]),
    st.sampled_from(["asserted", "asserted", "denied", "attempted", "planned", "possible"]),
    st.integers(0, 300),
    st.integers(0, 40),
    st.integers(0, 5),
    st.sampled_from([None, *SPEAKERS]),
)
REPORTS = st.lists(TOLD, min_size=1, max_size=12)
# The days in which a side may have taken the place begin before it was surely unknown who held it.
OVERRUN = [
    *[("takes", "Army", "", "asserted", 0, 0, 0, None)] * 6,
    ("takes", "Army", "", "asserted", 0, 1, 0, None),
    ("takes", "Rebels", "", "asserted", 32, 14, 0, None),
    ("holds", "Militia", "", "asserted", 35, 0, 0, None),
]
# What is likely at last was likely before the spell in between, too.
AGAIN = [
    ("withdraws", "Army", "Rebels", "asserted", 17, 0, 0, SPEAKERS[1]),
    ("holds", "Army", "", "asserted", 14, 0, 0, SPEAKERS[2]),
]
# A claim of the change puts it on another day than the one on which the likeliest state turns.
UNMET = [
    ("takes", "Rebels", "Army", "asserted", 1, 0, 0, SPEAKERS[3]),
    ("takes", "Rebels", "Army", "asserted", 5, 0, 1, None),
    ("takes", "Army", "Army", "asserted", 8, 0, 1, None),
]


def build(make: Any, told: list[Any]) -> list[Claim]:
    """Claims of the values drawn."""
    claims = []
    for n, (relation, actor, opponent, modality, first, length, delay, speaker) in enumerate(told):
        begin, end = START + timedelta(first), START + timedelta(first + length)
        chain = [make.link(speaker[0], kind=speaker[1], side=speaker[2], source_id=speaker[0])] if speaker else []
        claims.append(
            make.claim(
                relation,
                actor,
                opponent if opponent != actor else "",
                when=make.when(str(begin), str(end), spans=relation == "holds"),
                known=str(end + timedelta(delay)),
                modality=modality,
                chain=chain,
                document=f"document-{n}",
                sentence=f"Sentence {n}.",
            )
        )
    return claims


def case_of(claims: list[Claim], known_by: datetime | None = None) -> Case:
    """The case of the claims."""
    related = relate(claims, documents=[])
    return Case(claims=claims, voices=related.voices, statements=related.statements, known_by=known_by)


def days_of(case: Case, weights: Weights) -> tuple[DayControl, ...]:
    """Every day of the year."""
    return control_days("place-palmyra", start=START, end=date(2016, 12, 31), case=case, weights=weights)


@settings(max_examples=30, deadline=None)
@given(told=REPORTS, seed=st.integers(0, 1000))
def test_the_order_of_claims_makes_no_difference(make: Any, weights: Weights, told: list[Any], seed: int) -> None:
    """Shuffled claims give the same spells and the same days."""
    claims = build(make, told)
    shuffled = random.Random(seed).sample(claims, len(claims))
    one, other = case_of(claims), case_of(shuffled)
    assert find_control("place-palmyra", case=one, weights=weights) == find_control(
        "place-palmyra", case=other, weights=weights
    )
    assert days_of(one, weights) == days_of(other, weights)


@settings(max_examples=30, deadline=None)
@given(told=REPORTS, copies=st.lists(st.integers(0, 11), min_size=1, max_size=6))
def test_copies_change_no_probability(make: Any, weights: Weights, told: list[Any], copies: list[int]) -> None:
    """A hundred papers printing one report are one voice: every probability stays what it was, to the last digit."""
    claims = build(make, told)
    texts = {c.document_id: f"Report {c.document_id} tells at some length what happened here." for c in claims}
    copied, documents = [], [make.document(text, id=id_) for id_, text in texts.items()]
    for number, n in enumerate(copies):
        claim = claims[n % len(claims)]
        id_ = f"copy-{number}"
        documents.append(make.document(texts[claim.document_id], id=id_, known="2017-01-01"))
        later = claim.known_at + timedelta(hours=number + 1)
        copied.append(replace(claim, id=f"claim-copy-{number}", document_id=id_, known_at=later))
    before, after = relate(claims, documents=documents), relate([*claims, *copied], documents=documents)
    one = Case(claims=claims, voices=before.voices, statements=before.statements)
    other = Case(claims=[*claims, *copied], voices=after.voices, statements=after.statements)
    assert days_of(one, weights) == days_of(other, weights)


@settings(max_examples=30, deadline=None)
@given(told=REPORTS, day=st.integers(0, 340))
def test_answers_for_a_cut_do_not_change_by_later_reports(
    make: Any, weights: Weights, told: list[Any], day: int
) -> None:
    """With a cut, claims known later might as well not exist."""
    claims = build(make, told)
    cut = datetime.combine(START + timedelta(day), time(23), tzinfo=UTC)
    known = [claim for claim in claims if claim.known_at <= cut]
    related = relate(claims, documents=[])
    whole = Case(claims=claims, voices=related.voices, statements=related.statements, known_by=cut)
    assert days_of(whole, weights) == days_of(case_of(known), weights)
    assert find_control("place-palmyra", case=whole, weights=weights) == find_control(
        "place-palmyra", case=case_of(known), weights=weights
    )


@settings(max_examples=30, deadline=None)
@given(told=REPORTS)
def test_probabilities_and_spells_are_well_formed(make: Any, weights: Weights, told: list[Any]) -> None:
    """Each day's probabilities sum to one, none is certain, and spells follow one another in time."""
    case = case_of(build(make, told))
    for day in days_of(case, weights):
        assert abs(sum(p for _, p in day.distribution) - 1.0) < 1e-4
        assert all(0.0 <= p < 1.0 for _, p in day.distribution)
    spells = find_control("place-palmyra", case=case, weights=weights)
    for spell in spells:
        assert (spell.status == "held") == bool(spell.holder) == bool(spell.holder_name)
        assert spell.claims_for or spell.status != "held"
    assert all(spell.end_latest is not None for spell in spells[:-1])
    assert all(spell.end_latest is None for spell in spells[-1:])
    assert len({spell.id for spell in spells}) == len(spells)


@settings(max_examples=60, deadline=None)
@given(told=REPORTS)
@example(told=OVERRUN)
@example(told=AGAIN)
@example(told=UNMET)
def test_bounds_of_changes_are_ordered_and_hold_the_change(make: Any, weights: Weights, told: list[Any]) -> None:
    """The bounds of a change hold the day on which the likeliest state turns, and changes follow one another."""
    hearing = hear("place-palmyra", case_of(build(make, told)), weights)
    if not hearing.voiced:
        return
    chain = build_chain(hearing.voiced, weights=weights)
    spells = make_spells(hearing, chain)
    runs = find_runs(hearing, chain, chain.posterior(chain.days[0], chain.days[-1]))[-len(spells) :] if spells else []
    for run, spell in zip(runs, spells, strict=True):
        assert spell.start_latest is not None
        assert (spell.start_earliest or date.min) <= spell.start_latest <= run.last
        if run.first > chain.days[0]:
            assert (spell.start_earliest or date.min) <= run.first <= spell.start_latest
        if spell.end_earliest is not None and spell.end_latest is not None:
            assert spell.start_latest < spell.end_earliest <= run.last + timedelta(1) <= spell.end_latest
    known = [spell for spell in spells if spell.status != "unknown"]
    for before, after in pairwise(known):
        assert before.start_latest < (after.start_earliest or date.min) <= after.start_latest
        assert before.end_latest <= after.start_latest


@settings(max_examples=30, deadline=None)
@given(told=REPORTS, speaker=st.sampled_from([None, *SPEAKERS]))
def test_an_independent_voice_strengthens_what_it_says(
    make: Any, weights: Weights, told: list[Any], speaker: Any
) -> None:
    """One more voice that says who holds the place on a day makes that more likely, unless it is all but sure."""
    claims = build(make, told)
    chain = [make.link("a new voice", kind=speaker[1], source_id="new")] if speaker else []
    added = make.claim("holds", "Rebels", when="2016-06-15", chain=chain, document="new", sentence="They hold it.")
    day = date(2016, 6, 15)
    before, after = (
        dict(control_days("place-palmyra", start=day, end=day, case=case_of(c), weights=weights)[0].distribution)
        for c in (claims, [*claims, added])
    )
    assert after["rebels"] > before.get("rebels", 0.0) or before["rebels"] > 0.98
