"""Letters and digits that analysts know, from what was weighed."""

from __future__ import annotations

from typing import Any

from heldby.reconcile import Case, Weights, find_control, letter_of


def graded(weights: Weights, *claims: Any) -> tuple[int, str]:
    """Credibility and grade of the last spell, all claims being independent."""
    spell = find_control("place-palmyra", case=Case(claims=claims, voices={}, statements={}), weights=weights)[-1]
    return spell.credibility, spell.grade


def test_letters_follow_reliability_and_few_claims_earn_none() -> None:
    """A reliable voice is an A, a bad one an E, and one that was judged twice cannot be graded."""
    assert [letter_of(r, claims=10) for r in (0.95, 0.85, 0.75, 0.6, 0.3)] == ["A", "B", "C", "D", "E"]
    assert letter_of(0.95, claims=2) == "F"


def test_independent_voices_confirm_and_one_does_not(make: Any, weights: Weights) -> None:
    """A fact is confirmed by several voices, fair by one good one, weak by a hedged nobody."""
    voices = [[make.link(name, kind=kind)] for name, kind in (("M", "rights_monitor"), ("A", "news_agency"))]
    claims = [
        make.claim("takes", "Rebels", "Army", when="2016-03-05", known="2016-03-05", chain=chain, document=str(n))
        for n, chain in enumerate(voices)
    ]
    assert graded(weights, *claims) == (1, "confirmed")
    assert graded(weights, claims[0])[1] == "fair"
    nobody = [make.link("talk", kind="unnamed")]
    rumour = make.claim("takes", "Rebels", when="2016-03-05", chain=nobody, hedges=["reportedly"], confidence=0.4)
    assert graded(weights, rumour)[1] == "weak"


def test_an_admission_confirms_and_a_strong_denial_disputes(make: Any, weights: Weights) -> None:
    """The loser's word, surely read, is enough; another voice as strong on the other side makes the fact disputed."""
    government = [make.link("G", kind="government", side="army")]
    admission, unsure = (
        make.claim("takes", "Rebels", "Army", when="2016-03-05", chain=government, confidence=confidence)
        for confidence in (0.98, 0.8)
    )
    assert graded(weights, admission)[1] == "confirmed"
    assert graded(weights, unsure)[1] == "fair"
    held = make.claim("holds", "Army", when="2016-03-05", document="b", chain=[make.link("M", kind="rights_monitor")])
    assert graded(weights, admission, held)[1] == "contested"
