"""Grades that analysts know: letters for sources, digits for facts, and how well a fact is established.

Letters and digits after the Admiralty system (NATO STANAG 2511: reliability A to F, credibility 1 to 6); the grade of
a fact after the practice of Airwars (confirmed, fair, weak, contested), put in terms of what is weighed here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from heldby.records.spell import Grade

if TYPE_CHECKING:
    from heldby.reconcile.spells import Heard

# The least reliability of each letter; F is for a voice of which too little is known.
LETTERS = (("A", 0.9), ("B", 0.8), ("C", 0.7), ("D", 0.55), ("E", 0.0))
NO_LETTER = "F"
FEW = 3
# A fact is established by voices whose weight reaches this, and in dispute where the voices against it weigh such a
# share of those for it.
FAIR = 0.3
DISPUTED_SHARE = 0.6


def letter_of(reliability: float, *, claims: int) -> str:
    """Return the Admiralty letter of a voice of this reliability (0 to 1), heard in so many claims."""
    if claims < FEW:
        return NO_LETTER
    return next(letter for letter, least in LETTERS if reliability >= least)


def grade_of(probability: float, told_for: Sequence[Heard], against: Sequence[Heard]) -> tuple[int, Grade]:
    """Return the Admiralty digit of a fact and its grade, from its probability and the voices on both sides.

    1: confirmed by independent voices; 2: probably true; 3: possibly true; 4: doubtful; 5: improbable; 6: nothing to
    judge it by. `confirmed` takes two independent voices or an admission, nobody of weight against.
    """
    voices: dict[str, float] = {}
    for heard in told_for:
        voices[heard.bearing.voice] = max(heard.weighed.weight, voices.get(heard.bearing.voice, 0.0))
    denials: dict[str, float] = {}
    for heard in against:
        denials[heard.bearing.voice] = max(heard.weighed.weight, denials.get(heard.bearing.voice, 0.0))
    best, doubt = max(voices.values(), default=0.0), math.fsum(sorted(denials.values()))
    admitted = any(h.bearing.testimony.stance == "loss" and h.weighed.weight >= FAIR for h in told_for)
    independent = sum(weight >= FAIR for weight in voices.values())
    if not voices or best <= 0.0:
        return 6, "weak"
    digit = 1 if probability >= 0.9 and independent > 1 else 2 if probability >= 0.75 else 3
    digit = 5 if probability < 0.3 else 4 if probability < 0.5 else digit
    if doubt >= max(FAIR, DISPUTED_SHARE * math.fsum(sorted(voices.values()))):
        return max(digit, 2), "contested"
    if digit == 1 or (admitted and probability >= 0.9):
        return digit, "confirmed"
    return digit, "fair" if best >= FAIR and digit <= 3 else "weak"
