"""Sides that fight as one count as one, and only there and then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from heldby.knowledge import read_knowledge
from heldby.reconcile import Case, Weights, control_days, find_control
from heldby.reconcile.blocs import find_blocs, find_root
from heldby.records import Actor, Claim, Party
from heldby.resolve.actor_table import read_actor_table


@pytest.fixture(scope="module")
def actors() -> Mapping[str, Actor]:
    """The sides of the knowledge file."""
    return read_actor_table(read_knowledge("actors")).actors


def root(actors: Mapping[str, Actor], actor_id: str, country: str, day: str) -> str:
    """The root of a side's bloc."""
    return find_root(actor_id, actors=actors, country=country, day=date.fromisoformat(day))


@pytest.mark.parametrize(
    ("actor_id", "country", "day", "expected"),
    [
        ("russia", "SY", "2016-01-01", "syrian-government"),
        ("hezbollah", "SY", "2015-01-01", "syrian-government"),
        ("us-led-coalition", "IQ", "2016-01-01", "iraqi-government"),
        ("southern-front", "SY", "2015-01-01", "syrian-rebels"),
        ("russia", "UA", "2023-01-01", "russia"),
        ("ukraine", "UA", "2023-01-01", "ukraine"),
        ("islamic-state", "SY", "2015-01-01", "islamic-state"),
        ("nusra-front", "SY", "2015-01-01", "nusra-front"),
        ("a-side-that-no-file-knows", "SY", "2015-01-01", "a-side-that-no-file-knows"),
    ],
)
def test_a_side_stands_under_whom_it_fights_for(
    actors: Mapping[str, Actor], actor_id: str, country: str, day: str, expected: str
) -> None:
    """An ally from abroad stands under the country's state, a part under its whole, the rest under itself."""
    assert root(actors, actor_id, country, day) == expected


def test_a_patron_and_its_clients_are_one(actors: Mapping[str, Actor]) -> None:
    """Turkey and the rebels whom it leads in northern Syria hold a town together."""
    day = "2018-03-18"
    assert root(actors, "turkey", "SY", day) == root(actors, "syrian-national-army", "SY", day)


def told(make: Any, relation: str, actor: str, opponent: str = "", *, known: str, document: str) -> Claim:
    """A claim with real sides."""
    claim = make.claim(relation, "Army", when=known, known=known, document=document)
    return replace(
        claim,
        actor=Party(mention=claim.actor.mention, actor_ids=(actor,), name=actor),
        opponent=Party(mention=claim.actor.mention, actor_ids=(opponent,), name=opponent) if opponent else Party(),
    )


def test_rebels_are_one_until_a_claim_sets_them_apart(make: Any, actors: Mapping[str, Actor]) -> None:
    """Two groups against one state count as one at a place, unless they are told to fight each other there."""
    together = [
        told(make, "takes", "syrian-rebels", "syrian-government", known="2015-03-28", document="a"),
        told(make, "holds", "nusra-front", known="2015-04-01", document="b"),
    ]
    one = find_blocs(together, actors=actors, country="SY")
    day = date(2015, 4, 1)
    assert one.of("nusra-front", day) == one.of("syrian-rebels", day) != one.of("syrian-government", day)
    fight = told(make, "takes", "nusra-front", "syrian-rebels", known="2015-05-01", document="c")
    two = find_blocs([*together, fight], actors=actors, country="SY")
    assert two.of("nusra-front", day) != two.of("syrian-rebels", day)


def test_one_sentence_read_unsurely_parts_no_allies(make: Any, actors: Mapping[str, Actor]) -> None:
    """Two groups stay one where a single doubtful claim sets them apart, however often its voice says it again."""
    together = told(make, "holds", "nusra-front", known="2015-04-01", document="b")
    fights = [
        replace(told(make, "contests", "nusra-front", "syrian-rebels", known=day, document=day), confidence=0.7)
        for day in ("2015-05-01", "2015-06-01")
    ]
    day = date(2015, 4, 1)

    def are_one(voices: Mapping[str, str]) -> bool:
        blocs = find_blocs([together, *fights], actors=actors, country="SY", voices=voices, apart=0.9)
        return blocs.of("nusra-front", day) == blocs.of("syrian-rebels", day)

    assert are_one({claim.id: "one voice" for claim in fights})
    assert not are_one({claim.id: f"voice {n}" for n, claim in enumerate(fights)})


def test_the_holder_shown_is_the_side_that_is_told_most(make: Any, actors: Mapping[str, Actor]) -> None:
    """A town that Russia and the army took is the government's: the side of the country goes before the foreigner."""
    weights = Weights.from_table(read_knowledge("weights"), sides=actors)
    claims = [
        told(make, "takes", "russia", known="2016-03-27", document="a"),
        told(make, "holds", "syrian-government", known="2016-03-29", document="b"),
    ]
    case = Case(claims=claims, voices={}, statements={})
    (spell,) = find_control("place-palmyra", case=case, weights=weights)
    assert spell.holder == "syrian-government"
    (day,) = control_days("place-palmyra", start=date(2016, 3, 30), end=date(2016, 3, 30), case=case, weights=weights)
    assert day.holder == "syrian-government" and "russia" not in dict(day.distribution)


def test_an_allys_word_is_a_boast_and_its_admission_counts(make: Any, actors: Mapping[str, Actor]) -> None:
    """Russia's centre speaks of the Syrian army's gains as of its own, and of its losses as of its own."""
    weights = Weights.from_table(read_knowledge("weights"), sides=actors)
    centre = make.link("the centre", kind="military", side="russia")
    gain = told(make, "takes", "syrian-government", "islamic-state", known="2016-03-27", document="a")
    loss = told(make, "takes", "islamic-state", "syrian-government", known="2016-12-11", document="b")
    reasons = {}
    for name, claim in (("gain", gain), ("loss", loss)):
        case = Case(claims=[replace(claim, chain=(centre,))], voices={}, statements={})
        spell = find_control("place-palmyra", case=case, weights=weights)[-1]
        reasons[name] = spell.claims_for[0].reason
    assert "speaks for its own side" in reasons["gain"]
    assert "against its own side's interest" in reasons["loss"]
