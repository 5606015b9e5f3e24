"""The filter before the full reading."""

from __future__ import annotations

import pytest

from heldby.language.relevance import carries, claim_filter, irregular_forms

RELATIONS = {
    "verb": [{"lemmas": ["capture", "hold", "re-enter"], "needs": ["over"]}],
    "light": [{"nouns": ["control"], "verbs": ["gain"]}],
    "phrase": [{"pattern": r"\bin (?:the )?hands of\b"}],
    "suffix": {"holds": ["run"], "prior": 0.9},
}
QUANTITIES = {
    "words": {"dozens": 24},
    "cardinals": {"two": 2},
    "what": {"killed": ["kill"]},
    "things": {"tank": "vehicles"},
}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Rebels CAPTURED the town.", True),
        ("IS held the hill.", True),
        ("Government-held Homs", True),
        ("The town is in hands of rebels.", True),
        ("Troops re-entered it.", True),
        ("They gained weight.", False),
        ("Two tanks burned.", True),
        ("12 died of flu.", False),
        ("Dozens were killed.", True),
        ("It rained.", False),
        ("", False),
    ],
)
def test_claims_and_counts(sentence: str, expected: bool) -> None:
    """A word of a relation, or a number with something counted, keeps the sentence."""
    test = claim_filter(RELATIONS, QUANTITIES, irregular={"hold": frozenset({"held"})})
    assert test(sentence) is expected


def test_irregular_forms_also_with_a_prefix() -> None:
    """`retaken` is found by `retake` because `taken` is a form of `take`."""
    irregular = irregular_forms({"VERB": {"taken VBN": "take"}})
    assert carries(["retake"], irregular=irregular)("It was retaken.")


def test_an_empty_filter_is_refused() -> None:
    """A filter that would skip everything is an error."""
    with pytest.raises(ValueError, match="at least one"):
        carries([])
