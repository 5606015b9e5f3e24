"""Single pieces of evidence speak as loud as they should, and say why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from heldby.errors import KnowledgeError
from heldby.knowledge import read_knowledge
from heldby.reconcile import Case, Weights, control_days, find_control
from heldby.records import Claim, DayControl, Party, Spell


def case_of(*claims: Claim) -> Case:
    """A case of claims that are all independent."""
    return Case(claims=claims, voices={}, statements={})


def spells_of(weights: Weights, *claims: Claim) -> list[tuple[str, str]]:
    """Status or holder, and the latest start, of each spell."""
    spells = find_control("place-palmyra", case=case_of(*claims), weights=weights)
    return [(spell.holder or spell.status, str(spell.start_latest)) for spell in spells]


def on(weights: Weights, day: str, *claims: Claim) -> DayControl:
    """Who held the place on a day."""
    moment = date.fromisoformat(day)
    return control_days("place-palmyra", start=moment, end=moment, case=case_of(*claims), weights=weights)[0]


@pytest.fixture
def held(make: Any) -> Claim:
    """The army holds the town at the beginning of the year."""
    return make.claim("holds", "Army", when="2016-01-10", known="2016-01-10", document="held")  # type: ignore[no-any-return]


def test_without_evidence_every_day_is_unknown(weights: Weights) -> None:
    """A place of which nothing is told has no spell, and its days are unknown."""
    assert spells_of(weights) == []
    assert on(weights, "2016-01-01").status == "unknown"


def test_certainty_falls_with_time(make: Any, weights: Weights, held: Claim) -> None:
    """The longer nothing is heard, the less sure it is that nothing has changed, until nobody knows."""
    days = [on(weights, day, held) for day in ("2016-01-10", "2016-07-10", "2017-01-10", "2030-01-10")]
    assert [day.status for day in days] == ["held", "held", "held", "unknown"]
    likely = [dict(day.distribution)["army"] for day in days]
    assert likely == sorted(likely, reverse=True) and likely[2] > 0.6 > 0.5 > likely[3]


def test_an_unattested_gap_between_two_sides_is_unknown(make: Any, weights: Weights, held: Claim) -> None:
    """Nobody knows when in twenty silent years a town changed hands: a spell of not knowing lies between."""
    later = make.claim("holds", "Rebels", when="2036-01-10", known="2036-01-10")
    assert [state for state, _ in spells_of(weights, held, later)] == ["army", "unknown", "rebels"]


def test_one_report_of_the_fall_of_a_town_is_believed(make: Any, weights: Weights, held: Claim) -> None:
    """A monitor's or the report's own word that a town fell moves it on that day."""
    for chain in ([], [make.link("M", kind="rights_monitor")]):
        taken = make.claim("takes", "Rebels", "Army", when="2016-03-05", known="2016-03-05", chain=chain)
        assert spells_of(weights, held, taken) == [("army", "2016-01-10"), ("rebels", "2016-03-05")]


def test_a_boast_alone_is_doubted_and_an_admission_is_believed(make: Any, weights: Weights, held: Claim) -> None:
    """What a side says of its own gain counts less than what the loser admits."""

    def told_by(name: str, kind: str, side: str) -> DayControl:
        chain = [make.link(name, kind=kind, side=side)]
        taken = make.claim("takes", "Rebels", "Army", when="2016-03-05", known="2016-03-05", chain=chain)
        return on(weights, "2016-03-05", held, taken)

    boast = dict(told_by("B", "armed_group_outlet", "rebels").distribution)["rebels"]
    nameless = dict(told_by("N", "unnamed", "").distribution)["rebels"]
    admission = dict(told_by("A", "government", "army").distribution)["rebels"]
    assert boast < nameless < 0.9 < admission


def test_a_part_does_not_flip_the_whole(make: Any, weights: Weights, held: Claim) -> None:
    """Many reports that the castle was taken leave the town with its holder."""
    parts = [
        make.claim(
            "takes", "Rebels", "Army", when="2016-03-05", known="2016-03-05", part="the castle", document=str(n)
        )
        for n in range(5)
    ]
    assert spells_of(weights, held, *parts) == [("army", "2016-01-10")]


@pytest.mark.parametrize("modality", ["attempted", "planned", "denied"])
def test_what_did_not_happen_does_not_count_as_if_it_had(
    make: Any, weights: Weights, held: Claim, modality: str
) -> None:
    """Tries, plans and denials of taking a town do not give it to anybody, however many."""
    told = [
        make.claim(
            "takes", "Rebels", "Army", when="2016-03-05", known="2016-03-05", modality=modality, document=str(n)
        )
        for n in range(5)
    ]
    assert spells_of(weights, held, *told)[0][0] == "army"
    assert on(weights, "2016-03-05", held, *told).holder == "army"


def test_strikes_speak_weakly_against_the_striker(make: Any, weights: Weights, held: Claim) -> None:
    """A side seldom bombs a town that it holds: many strikes leave a told holder in place, and never give it to the
    striker."""
    days = [f"2016-03-{day:02}" for day in range(1, 29)]
    strikes = [make.claim("strikes", "Russia", "Army", when=day, known=day, document=day) for day in days]
    on_day = on(weights, "2016-03-28", held, *strikes)
    assert on_day.holder == "army" and dict(on_day.distribution)["russia"] < 0.02
    own = [make.claim("strikes", "Army", when=day, known=day, document=day) for day in days]
    assert dict(on(weights, "2016-03-28", held, *own).distribution)["army"] < on_day.probability


def test_a_town_of_which_two_sides_hold_parts_is_contested(make: Any, weights: Weights, held: Claim) -> None:
    """Reports that each side has its quarters make a contested spell, which ends when one side takes the rest."""
    days = ("2016-03-01", "2016-03-12", "2016-03-24", "2016-04-05", "2016-04-18")
    parts = [
        make.claim(
            "holds", side, when=day, known=day, part=f"the quarters of the {side}", document=f"{day}-{side}-{n}"
        )
        for day in days
        for side in ("Army", "Rebels")
        for n in range(2)
    ]
    still = make.claim("holds", "Army", when="2016-02-10", known="2016-02-10", document="still held")
    won = [
        make.claim("takes", "Rebels", "Army", when="2016-05-20", known="2016-05-20", document=str(n))
        for n in range(3)
    ]
    assert [state for state, _ in spells_of(weights, held, still, *parts, *won)] == ["army", "contested", "rebels"]


def test_a_town_that_is_called_divided_is_contested(make: Any, weights: Weights, held: Claim) -> None:
    """Whoever holds a town that the same sentence calls divided holds a part of it."""
    words = "Control of the town remains divided between the army and the rebels."
    divided = make.claim(
        "holds", "Rebels", when="2016-03-01", sentence=words, chain=[make.link("M", kind="un_or_ngo")]
    )
    whole = make.claim("holds", "Rebels", when="2016-03-01", chain=[make.link("M", kind="un_or_ngo")])
    chances = [dict(on(weights, "2016-03-02", held, claim).distribution) for claim in (divided, whole)]
    assert chances[0]["contested"] > 3 * chances[1]["contested"]
    assert chances[0]["rebels"] < chances[0]["contested"] < chances[1]["rebels"]


def test_a_steady_stream_of_reports_is_still_heard(make: Any, weights: Weights, held: Claim) -> None:
    """What is said every day counts less each time, but never so little that the stream falls silent: it outweighs
    one false report in its midst."""
    days = [date(2016, 2, 1) + timedelta(days=n) for n in range(80)]
    stream = [
        make.claim(relation, side, when=str(day), known=str(day), part="a part", document=f"{day}-{relation}-{side}")
        for day in days
        for relation in ("holds", "takes", "contests", "enters")
        for side in ("Army", "Rebels")
    ]
    stray = make.claim("withdraws", "Rebels", "Army", when="2016-03-01", known="2016-03-01", confidence=0.5)
    assert on(weights, "2016-04-15", held, *stream, stray).status == "contested"


def test_what_is_said_again_happened_when_it_was_said_first(make: Any, weights: Weights, held: Claim) -> None:
    """An army that admits again on the next day, and is read more surely, that it left the town, left it when it said
    so first."""
    chain = [make.link("A", kind="government", side="army")]
    told = [
        make.claim(
            "withdraws", "Army", "Rebels", when=day, known=day, chain=chain, document=day, confidence=confidence
        )
        for day, confidence in (("2016-03-05", 0.8), ("2016-03-06", 0.95))
    ]
    case = Case(claims=[held, *told], voices={}, statements={told[1].id: told[0].id})
    spells = find_control("place-palmyra", case=case, weights=weights)
    assert [(spell.holder, str(spell.start_latest)) for spell in spells][1:] == [("rebels", "2016-03-05")]


def test_fighting_leaves_a_town_with_its_holder(make: Any, weights: Weights, held: Claim) -> None:
    """Clashes in a town, however many tell of them, are an attack on whoever holds it."""
    fights = [
        make.claim("contests", "Rebels", "Army", when=day, known=day, document=f"{day}-{n}")
        for day in ("2016-03-01", "2016-03-08", "2016-03-15", "2016-03-22")
        for n in range(3)
    ]
    day = on(weights, "2016-03-22", held, *fights)
    assert day.holder == "army"
    assert dict(day.distribution)["contested"] > dict(on(weights, "2016-03-22", held).distribution)["contested"]


def test_a_withdrawal_without_successor_leaves_it_unknown(make: Any, weights: Weights, held: Claim) -> None:
    """When the holder leaves and nobody is said to come, nobody is known to hold the place."""
    left = make.claim("withdraws", "Army", when="2016-03-05", known="2016-03-05")
    assert on(weights, "2016-03-05", held, left).status == "unknown"
    assert on(weights, "2016-03-04", held, left).holder == "army"


def test_a_change_somewhere_in_a_month_has_that_month_as_its_bounds(make: Any, weights: Weights, held: Claim) -> None:
    """ "In March" makes a start between the first and the last of March."""
    march = make.when("2016-03-01", "2016-03-31", precision="month")
    taken = make.claim("takes", "Rebels", "Army", when=march, known="2016-06-01")
    spell = find_control("place-palmyra", case=case_of(held, taken), weights=weights)[-1]
    assert (spell.start_earliest, spell.start_latest) == (date(2016, 3, 1), date(2016, 3, 31))
    assert spell.holder == "rebels"


def test_who_lost_a_place_held_it_before(make: Any, weights: Weights) -> None:
    """A town taken from the army was the army's until then, on the word of that same claim."""
    taken = make.claim("takes", "Rebels", "Army", when="2016-03-05", known="2016-03-05")
    before, after = find_control("place-palmyra", case=case_of(taken), weights=weights)
    assert (before.holder, str(before.end_latest), after.holder) == ("army", "2016-03-05", "rebels")
    assert [c.claim_id for c in before.claims_for] == [c.claim_id for c in after.claims_for] == [taken.id]
    assert before.claims_for[0].weight < after.claims_for[0].weight
    implied = replace(taken, opponent=replace(taken.opponent, mention=None))
    assert spells_of(weights, implied) == [("rebels", "2016-03-05")], "an implied loser is nobody's word"


def test_a_first_spell_has_no_earliest_start(make: Any, weights: Weights, held: Claim) -> None:
    """Who is only said to hold a place may have held it long before."""
    (spell,) = find_control("place-palmyra", case=case_of(held), weights=weights)
    assert (spell.start_earliest, spell.start_latest) == (None, date(2016, 1, 10))


def test_history_without_a_time_and_the_far_future_do_no_harm(make: Any, weights: Weights, held: Claim) -> None:
    """ "Once seized" says nothing of any day, and a day after the report is taken as the report's."""
    once = make.claim("takes", "Rebels", background=True, known="2016-03-01", document="a")
    wrong = make.claim("takes", "Rebels", when="9999-12-31", known="2016-03-05", document="b")
    ancient = make.claim("holds", "Rome", when=make.when("0001-01-01", "0200-01-01", spans=True), document="c")
    assert spells_of(weights, held, once) == [("army", "2016-01-10")]
    assert spells_of(weights, held, wrong, ancient)[-1] == ("rebels", "2016-03-05")


def test_open_and_missing_times_are_read_as_meant(make: Any, weights: Weights) -> None:
    """ "Since May" reaches to the report, "by June" is known at its end, no time is the day of a dated report."""
    since = make.claim("holds", "Army", when=make.when("2016-05-01", None, spans=True), known="2016-08-01")
    assert on(weights, "2016-06-15", since).holder == "army" and on(weights, "2016-08-01", since).holder == "army"
    by_june = make.claim("takes", "Army", when=make.when(None, "2016-06-30"), known="2016-08-01")
    assert on(weights, "2016-06-30", by_june).holder == "army"
    dated = replace(make.claim("takes", "Army", known="2016-08-01"), reported=make.when("2016-08-01", "2016-08-01"))
    assert spells_of(weights, dated) == [("army", "2016-08-01")]


def test_an_undated_claim_of_an_undated_report_speaks_of_no_day(make: Any, weights: Weights) -> None:
    """The day on which a page was captured never becomes the day of what it tells."""
    assert spells_of(weights, make.claim("takes", "Army", known="2026-08-01")) == []


def test_an_unresolved_side_still_holds(make: Any, weights: Weights) -> None:
    """A side that no knowledge file knows is kept under its name, not dropped."""
    claim = make.claim("holds", "Army", when="2016-01-01")
    (spell,) = find_control(
        "place-palmyra", case=case_of(replace(claim, actor=Party(name="Tribal Fighters"))), weights=weights
    )
    assert (spell.holder, spell.holder_name) == ("name:tribal fighters", "Tribal Fighters")


def test_joint_sides_stand_under_the_side_that_leads_there(make: Any, weights: Weights, held: Claim) -> None:
    """An army that holds a town with a militia at its side is the same holder as before."""
    joint = make.claim("holds", ["Militia", "Army"], when="2016-02-10", known="2016-02-10")
    spells: Sequence[Spell] = find_control("place-palmyra", case=case_of(held, joint), weights=weights)
    assert [(s.holder, s.holder_name) for s in spells] == [("army", "Army")]


def test_reasons_are_plain_and_repetitions_are_named(make: Any, weights: Weights, held: Claim) -> None:
    """Each claim says what it says, by whose word, how strong; a repetition says whose."""
    chain = [make.link("R", kind="unnamed")]
    first = make.claim("holds", "Army", when="2016-02-01", chain=chain, hedges=["reportedly"], document="a")
    again = make.claim(
        "holds", "Army", when="2016-02-01", chain=chain, hedges=["reportedly"], document="b", known="2016-12-12"
    )
    case = Case(claims=[held, first, again], voices={}, statements={again.id: first.id})
    (spell,) = find_control("place-palmyra", case=case, weights=weights)
    reasons = {claim.claim_id: claim for claim in spell.claims_for}
    assert reasons[first.id].reason == (
        "says that Army held it; told by a voice without a name; hedged with “reportedly”; "
        "read with confidence 0.90: weak"
    )
    assert reasons[again.id].weight == 0.0 and first.id in reasons[again.id].reason


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        ("reliability", "gossip", 0.5),
        ("typical", "conquers", {}),
        ("precision", "day", None),
        ("half_life_days", "held", 0),
        ("interest", "admission", 2.0),
        ("reliability", "outlet", "loud"),
    ],
)
def test_wrong_weights_are_refused_by_name(table: str, name: str, value: Any) -> None:
    """A knowledge file with a misspelt, missing or senseless weight is refused, and the weight is named."""
    tables = read_knowledge("weights")
    tables[table] = {**tables[table], name: value}
    if value is None:
        del tables[table][name]
    with pytest.raises(KnowledgeError):
        Weights.from_table(tables)
