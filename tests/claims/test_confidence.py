"""Evidence and its weights: how likely a claim is, and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.claims import Lexicon
from heldby.claims.confidence import Confidence, Weights
from heldby.errors import KnowledgeError
from heldby.knowledge import read_knowledge
from heldby.records import Reading

Read = Callable[..., Reading]


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.floats(-50, 50)))
def test_a_probability_stays_one(features: dict[str, float]) -> None:
    """No evidence, however strong, leaves nought to one."""
    assert 0.0 < Weights(0.5, {"a": 3.0, "b": -2.0}).probability(features) < 1.0


def test_more_evidence_for_it_makes_it_likelier() -> None:
    """Evidence with a positive weight raises the probability, evidence without a weight changes nothing."""
    weights = Weights(-1.0, {"words": 2.0})
    assert weights.probability({"words": 1.0}) > weights.probability({"words": 0.5}) > weights.probability({})
    assert weights.probability({"unheard of": 9.0}) == weights.probability({})


def test_every_weight_has_a_reason() -> None:
    """Each piece of evidence of the shipped table can be told to a person in words."""
    table = read_knowledge("confidence")
    named = {
        name for scale in ("read", "unread") for kind in ("claim", "place") for name in table[scale][kind]["weights"]
    }
    assert named - set(table["reasons"]) == set()


def test_a_broken_table_is_named() -> None:
    """A table without its numbers is refused with the name of the file."""
    with pytest.raises(KnowledgeError, match=r"confidence\.toml"):
        Confidence.from_table({"read": {}, "unread": {}, "reasons": {}})


def test_a_claim_tells_what_speaks_for_it(read: Read, lexicon: Lexicon) -> None:
    """A plain claim is likely, and its evidence is told in sentences, the strongest first."""
    (claim,) = read("Government troops recaptured Mosul on Friday.").claims
    assert claim.confidence > 0.6
    assert claim.evidence
    assert all(one.reason != one.name for one in claim.evidence)


def test_a_doubtful_reading_is_less_sure(read: Read) -> None:
    """A sentence that says it plainly gives a surer claim than one that only touches it."""
    (plain,) = read("Rebels captured the town of Salqin on Monday.").claims
    others = read("They had heard in Salqin that rebels would soon be at the gates.").claims
    assert all(claim.confidence < plain.confidence for claim in others)
