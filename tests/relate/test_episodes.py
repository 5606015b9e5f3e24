"""Which claims are taken for one happening, why, and what is told of where they differ."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heldby.errors import KnowledgeError
from heldby.knowledge import read_knowledge
from heldby.records import Quantity, Span, Ties
from heldby.relate import EpisodeFinder, EpisodeRules, Scene, find_episodes

RULES = EpisodeRules.from_table(read_knowledge("episodes"))
DAY = date(2016, 12, 11)


def episodes_of(claims: Any, **scene: Any) -> Any:
    """The episodes of claims by the rules that the project ships."""
    return find_episodes(claims, rules=RULES, scene=Scene(**scene))


def quantity(claim: Any, what: str, low: int | None, high: int | None, *, at: int = 0) -> Quantity:
    """A number in a claim's sentence."""
    span = claim.sentence
    return Quantity(
        id=f"q-{claim.id}-{what}-{low}", document_id=claim.document_id, sentence=span,
        text=Span(span.start + at, span.start + at + 1, span.text[at]), what=what, low=low, high=high,
    )  # fmt: skip


def test_claims_of_one_happening_are_one_episode(make: Any) -> None:
    """The fall of a town told as taking and as withdrawal is one episode, which names what the tellers differ on."""
    claims = [
        make.claim("takes", "Islamic State", "Syrian government", when="2016-12-11", document="a"),
        make.claim("withdraws", "Syrian government", "Islamic State", when="2016-12-11", document="b"),
        make.claim("takes", "Islamic State", when="2016-12-10", document="c"),
    ]
    (episode,) = episodes_of(claims)
    assert set(episode.claim_ids) == {claim.id for claim in claims}
    assert (episode.relation, episode.actor_ids) == ("takes", ("islamic-state",))
    assert "day: 2016-12-11 | 2016-12-10" in episode.differ
    assert {"modality: asserted", "actor: Islamic State", "opponent: Syrian government"} <= set(episode.agree)
    days = {account.value: account.claim_ids for account in episode.accounts if account.field == "day"}
    assert days["2016-12-10"] == (claims[2].id,)


def test_other_sides_places_parts_and_times_are_other_episodes(make: Any) -> None:
    """Claims that contradict in a side, or tell of another place, part, kind or month, are not put together."""
    homs = replace(make.place, id="place-homs", name="Homs")
    claims = [
        make.claim("takes", "A", "B", when="2016-12-11"),
        make.claim("takes", "B", "A", when="2016-12-11"),
        make.claim("takes", "A", "B", when="2016-12-11", place=homs),
        make.claim("takes", "A", "B", when="2016-12-11", part="the castle"),
        make.claim("takes", "A", "B", when="2016-12-11", part="the museum", at=7),
        make.claim("takes", "A", "B", when="2016-06-11"),
        make.claim("takes", "A", "B", when=make.when("2016-01-01", "2016-12-31")),
        make.claim("strikes", "A", "B", when="2016-12-11"),
        make.claim("takes", "A", "B", when="2016-12-11", place=None, at=5),
    ]
    parts = {claims[3].id, claims[4].id}
    found = [set(episode.claim_ids) for episode in episodes_of(claims)]
    assert all(len(ids) == 1 or ids < {claims[0].id, *parts} for ids in found), "a part may be told as the whole"
    assert not any(parts <= ids for ids in found)


def test_the_quarter_of_a_town_keeps_happenings_apart(make: Any) -> None:
    """What is told of the east of a town is no happening in its west."""
    claims = [make.claim("strikes", "A", "B", when="2016-12-11", document=name) for name in ("a", "b", "c")]
    east, west, again = (
        replace(claim, extent="part", place=replace(claim.place, side=side))
        for claim, side in zip(claims, ("east", "west", "east"), strict=True)
    )
    found = {frozenset(episode.claim_ids) for episode in episodes_of([east, west, again])}
    assert found == {frozenset({east.id, again.id}), frozenset({west.id})}


def test_allied_sides_tell_one_happening_and_enemies_do_not(make: Any) -> None:
    """A strike put down to a side or to its ally is one happening that they differ on; to its enemy it is another."""
    first, ally, enemy = (
        make.claim("strikes", name, "Rebels", when="2016-12-11", document=name) for name in ("Army", "Patron", "Foe")
    )
    found = episodes_of([first, ally, enemy], bloc_of=lambda id_, day: "army" if id_ == "patron" else id_)
    assert {len(episode.claim_ids) for episode in found} == {1, 2}
    joined = next(episode for episode in found if len(episode.claim_ids) == 2)
    assert "actor: Army | Patron" in joined.differ
    assert any("on one side" in each.reason for each in joined.evidence)


def test_every_join_is_explained_by_scored_evidence(make: Any) -> None:
    """The score of a join is the sum of its evidence, each with a sentence, and reaches the threshold."""
    claims = [make.claim("takes", "A", "B", when="2016-12-11", document=name) for name in "abc"]
    (episode,) = episodes_of(claims)
    assert [join.claim_id for join in episode.joins] == list(episode.claim_ids[1:])
    for join in episode.joins:
        assert (
            join.score == pytest.approx(sum(each.weight for each in join.evidence)) and join.score >= RULES.threshold
        )
        assert all(each.reason.endswith(".") for each in join.evidence)
        assert {"place", "sides", "relation", "time"} <= {each.name for each in join.evidence}


def test_numbers_are_told_from_low_to_high_with_who_says_which(make: Any) -> None:
    """Two voices count the dead differently; the later number in one sentence is a part of the first."""
    one = make.claim(
        "strikes", "A", "B", when="2016-12-11", document="a", sentence="12 were killed, 3 of them children"
    )
    two = make.claim("strikes", "A", "B", when="2016-12-11", document="b", sentence="At least 20 were killed")
    numbers = {
        "a": (quantity(one, "killed", 12, 12), quantity(one, "killed", 3, 3, at=9)),
        "b": (
            quantity(two, "killed", 20, None),
            replace(quantity(two, "killed", 99, 99), sentence=Span(900, 910, "x" * 10)),
        ),
    }
    (episode,) = episodes_of([one, two], quantities=numbers, voices={one.id: "v1", two.id: "v2"})
    (figure,) = episode.figures
    assert (figure.what, figure.low, figure.high) == ("killed", 12, 20)
    assert {account.value: account.voices for account in figure.accounts} == {"12": ("v1",), "20": ("v2",)}
    assert any(each.name == "figures" and each.weight < 0 for each in episode.evidence)


def test_copies_are_one_voice_however_many(make: Any) -> None:
    """A thousand copies are listed as claims and count as the one voice of their original, without any comparison."""
    first = make.claim("takes", "A", "B", when="2016-12-11", document="a")
    other = make.claim("takes", "A", "B", when="2016-12-11", document="z")
    copies = [make.claim("holds", "C", document=f"copy-{n:04}", known="2016-12-12") for n in range(1000)]
    finder = EpisodeFinder(RULES, scene=Scene(repeats={copy.id: first.id for copy in copies}, voices={first.id: "v"}))
    for claim in sorted([first, other, *copies], key=lambda claim: (claim.known_at, claim.id)):
        finder.hear(claim)
    assert finder.compared == 1
    (episode,) = episodes_of(
        [first, other, *copies], repeats={c.id: first.id for c in copies}, voices={first.id: "v"}
    )
    assert len(episode.claim_ids) == 1002 and len(episode.voices) == 2
    assert "actor: A" in episode.agree, "how a copy was read says nothing"


def test_a_person_says_which_claims_are_one_happening(make: Any) -> None:
    """Claims that a person has merged are one happening, whatever speaks against it; split ones are two voices of
    one."""
    alike = [make.claim("takes", "A", "B", when="2016-12-11", document=name) for name in "ab"]
    pair = (min(c.id for c in alike), max(c.id for c in alike))
    assert len(episodes_of(alike, ties=Ties(split=frozenset({pair})))) == 1
    unlike = [alike[0], make.claim("holds", "C", when="2014-01-01", document="c")]
    pair = (min(c.id for c in unlike), max(c.id for c in unlike))
    (episode,) = episodes_of(unlike, ties=Ties(merged=frozenset({pair})))
    assert [each.name for each in episode.evidence] == ["judged"] and len(episode.claim_ids) == 2


def test_cost_grows_with_what_is_near_not_with_the_archive(make: Any) -> None:
    """Ten times as many days, or places, take ten times as many comparisons, not a hundred times."""

    def compared(days: int, places: int) -> int:
        finder = EpisodeFinder(RULES)
        for day in range(days):
            for place in range(places):
                where = replace(make.place, id=f"place-{place}")
                for n in range(3):
                    when = str(DAY + timedelta(days=20 * day))
                    finder.hear(
                        make.claim("takes", "A", when=when, known=when, document=f"{n}", place=where, sentence=f"{n}")
                    )
        return finder.compared

    few = compared(5, 2)
    assert few > 0
    assert compared(50, 2) == 10 * few
    assert compared(5, 20) == 10 * few


def test_a_crowd_on_one_day_is_laid_beside_a_few_that_stand_for_it(make: Any) -> None:
    """However many voices tell one happening, each is laid beside no more than stand for it."""
    finder = EpisodeFinder(RULES)
    for n in range(200):
        finder.hear(
            make.claim(
                "takes", "A", "B", when="2016-12-11", document=f"{n}", sentence=f"told {n} unlike{n} others{n}"
            )
        )
    assert len(finder.groups) == 1
    assert finder.compared <= 200 * RULES.stand_for


def tellings(make: Any, seed: int) -> list[Any]:
    """Claims of chance about two weeks in one place."""
    chance = random.Random(seed)
    claims = []
    for n in range(chance.randrange(2, 14)):
        day = DAY + timedelta(days=chance.randrange(14))
        claims.append(
            make.claim(
                chance.choice(["takes", "withdraws", "enters", "strikes", "contests", "attacks", "holds"]),
                chance.choice(["A", "B", "", "Patron"]),
                chance.choice(["A", "B", ""]),
                when=chance.choice([str(day), make.when(str(day), str(day + timedelta(days=9))), None]),
                known=str(DAY + timedelta(days=n)),
                document=f"d{n}",
                sentence=chance.choice(["", "the convoy reached the southern silos", "nothing"]) + str(n),
                modality=chance.choice(["asserted", "asserted", "denied", "planned"]),
                background=chance.random() < 0.1,
            )
        )
    return claims


@settings(max_examples=60)
@given(seed=st.integers(0, 100_000), data=st.data())
def test_episodes_depend_neither_on_order_nor_on_what_comes_later(make: Any, seed: int, data: Any) -> None:
    """Shuffled claims give the same episodes; those known by a day keep their ids and their claims when more come."""
    claims = tellings(make, seed)
    whole = episodes_of(claims)
    assert whole == episodes_of(data.draw(st.permutations(claims), label="order"))
    assert sorted(id_ for episode in whole for id_ in episode.claim_ids) == sorted(claim.id for claim in claims)
    early = claims[: data.draw(st.integers(1, len(claims)), label="cut")]
    later = {episode.id: episode for episode in whole}
    for episode in episodes_of(early):
        kept = later[episode.id].claim_ids
        assert kept[: len(episode.claim_ids)] == episode.claim_ids
        assert later[episode.id].joins[: len(episode.joins)] == episode.joins


def test_rubbish_is_no_error(make: Any) -> None:
    """Empty sentences, times at the ends of the calendar and claims without anybody are episodes of their own."""
    ends = [
        make.when("0001-01-01"),
        make.when("9999-12-31"),
        make.when(None, "0001-01-02"),
        make.when("9999-12-30", None),
    ]
    claims = [make.claim("takes", when=when, document=f"d{n}", sentence=" ") for n, when in enumerate(ends)]
    claims.append(make.claim("takes", "A", background=True, document="old", sentence="x" * 100_000))
    assert sum(len(episode.claim_ids) for episode in episodes_of(claims)) == 5
    assert episodes_of([]) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"threshold": "high"},
        {"weight": {"place": 1.0}},
        {"surprise": 1},
        {"family": {"change": {"relations": ["takes"], "apart_days": 1}}},
        {"stand_for": 0},
    ],
)
def test_a_slip_in_the_rules_is_named(change: dict[str, Any]) -> None:
    """A wrong, missing or unknown rule is an error that names the file."""
    with pytest.raises(KnowledgeError) as caught:
        EpisodeRules.from_table({**read_knowledge("episodes"), **change})
    assert "episodes.toml" in str(caught.value)
