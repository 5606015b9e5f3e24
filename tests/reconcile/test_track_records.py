"""A voice that the others contradict loses its weight, one that they bear out gains it, and nobody vouches for
himself."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from heldby.reconcile import Case, Vote, Weights, find_control, learn_records, vote_of
from heldby.reconcile.track import judge
from heldby.records import TrackRecord


def vote(
    voice: str, state: str, *, item: int, month: str = "2016-01", stance: str = "neutral", kind: str = "outlet"
) -> Vote:
    """A vote on one place."""
    return Vote(month, ("place", item), voice, kind, stance, state, 0.9)  # type: ignore[arg-type]


def records_of(votes: list[Vote], weights: Weights) -> dict[tuple[str, str, str], TrackRecord]:
    """All records by epoch, voice and stance."""
    learned = learn_records(votes, weights=weights)
    return {(epoch, one.voice, one.stance): one for epoch, records in learned for one in records}


def contradicted(months: tuple[str, ...] = ("2016-01",)) -> list[Vote]:
    """Three voices agree, a fourth says otherwise of its own side's gains and agrees in all else."""
    votes = []
    for number, month in enumerate(months):
        for item in range(10 * number, 10 * number + 10):
            votes += [vote(voice, "army", item=item, month=month) for voice in ("a", "b", "c")]
            votes.append(vote("ministry", "rebels", item=item, month=month, stance="gain", kind="government"))
            votes.append(vote("ministry", "army", item=1000 + item, month=month, kind="government"))
            votes += [vote(voice, "army", item=1000 + item, month=month) for voice in ("a", "b")]
    return votes


def test_a_liar_is_found_out_where_it_lies_alone(weights: Weights) -> None:
    """Boasts that three others contradict lower the record of boasts, not that of the same voice's other words."""
    records = records_of(contradicted(), weights)
    boasts, others = records["2016-02", "ministry", "gain"], records["2016-02", "ministry", "neutral"]
    thought = weights.reliability["government"] * weights.interest.own_gain
    assert boasts.reliability < thought - 0.1 and boasts.right < 0.1 * boasts.total
    assert others.reliability > weights.reliability["government"]
    assert records["2016-02", "a", "neutral"].reliability > weights.reliability["outlet"]


def test_a_voice_alone_has_no_record(weights: Weights) -> None:
    """What only one voice tells says nothing of how far it is right, however often it tells it."""
    assert records_of([vote("a", "army", item=n) for n in range(50)], weights) == {}


def test_a_voice_of_which_nobody_knows_better_keeps_its_record(weights: Weights) -> None:
    """Where the others are no better than chance, agreeing with them or not says nothing of a voice; and a vote that
    is read unsurely says little against it."""
    votes = [vote("a", "army", item=1), vote("b", "army", item=1), vote("c", "rebels", item=1)]
    chance = {(voice, "neutral"): 1.0 / 3.0 / 0.9 for voice in ("b", "c")}
    one, *_ = judge(votes, {("a", "neutral"): 0.8, **chance})  # type: ignore[dict-item]
    assert one.right / one.read == pytest.approx(0.8)
    known = {(voice, "neutral"): 0.8 for voice in ("a", "b", "c")}
    against = [replace(votes[2], confidence=confidence) for confidence in (0.95, 0.55)]
    surely, unsurely = (judge([*votes[:2], vote], known)[-1] for vote in against)  # type: ignore[arg-type]
    assert unsurely.read - unsurely.right < surely.read - surely.right


def test_records_rest_on_earlier_months_alone(weights: Weights) -> None:
    """The records of an epoch are the same whatever comes later, in whatever order the votes come."""
    early, late = contradicted(("2016-01",)), contradicted(("2016-01", "2016-02", "2016-04"))
    one, other = records_of(early, weights), records_of(late, weights)
    assert {key: one[key] for key in one} == {key: other[key] for key in other if key[0] == "2016-02"}
    assert {key[0] for key in other} == {"2016-02", "2016-03", "2016-04", "2016-05"}
    shuffled = random.Random(1).sample(late, len(late))
    assert records_of(shuffled, weights) == other


def test_a_repeated_vote_counts_once(weights: Weights) -> None:
    """A voice that says a thing ten times within the same days has said it once."""
    votes = contradicted()
    assert records_of([*votes, *votes], weights) == records_of(votes, weights)


def test_only_plain_words_on_a_holder_are_votes(make: Any, weights: Weights) -> None:
    """Parts, plans, history and what is read unsurely say little of a voice's record."""
    plain = make.claim("takes", "Army", when="2016-01-05", known="2016-01-06")
    found = vote_of(plain, voice="a", weights=weights)
    assert found is not None and (found.state, found.month) == ("army", "2016-01")
    others = [
        make.claim("takes", "Army", when="2016-01-05", part="the castle"),
        make.claim("takes", "Army", when="2016-01-05", modality="planned"),
        make.claim("takes", "Army", when="2016-01-05", background=True),
        make.claim("takes", "Army", when="2016-01-05", confidence=0.3),
        make.claim("strikes", "Army", when="2016-01-05"),
        make.claim("takes", "Army", when="2016-01-05", place=None),
    ]
    assert [vote_of(claim, voice="a", weights=weights) for claim in others] == [None] * len(others)


def test_a_record_changes_an_answer_and_says_so(make: Any, weights: Weights) -> None:
    """A claim of a voice with a bad record weighs less, and its reason tells that."""
    chain = [make.link("Ministry", kind="government", source_id="ministry")]
    claim = make.claim("takes", "Rebels", when="2016-03-05", known="2016-03-05", chain=chain)

    def spell(records: dict[Any, float]) -> Any:
        case = Case(claims=[claim], voices={claim.id: "ministry"}, statements={}, records=records)
        return find_control("place-palmyra", case=case, weights=weights)[-1]

    thought, bad = spell({}), spell({("ministry", "neutral"): 0.35})
    assert bad.probability < thought.probability
    assert "its record is worse" in bad.claims_for[0].reason
    by_kind = spell({("kind:government", "neutral"): 0.95})
    assert "the record of such voices is better" in by_kind.claims_for[0].reason
