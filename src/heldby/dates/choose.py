"""Choose the time expression of a sentence that a word belongs to, where no parse is at hand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from heldby.dates.expression import TimeExpression

# A new clause between a word and a time makes it less likely that the one is of the other.
_BOUNDARY = re.compile(
    r"[;:]|\b(?:that|which|who|whose|where|when|while|after|before|since|until|as|because|although|though|but|and|"
    r"despite|following)\b",
    re.IGNORECASE,
)
_BOUNDARY_COST = 5
# English puts the time after the verb more often than right before it.
_BEFORE_COST = 2


def choose_expression(
    sentence_text: str, trigger_start: int, trigger_end: int, expressions: Sequence[TimeExpression]
) -> TimeExpression | None:
    """Return the expression nearest to the trigger, in words and clauses, or None where there is none.

    Offsets of the trigger and of the expressions are into `sentence_text`. An expression that opens the sentence
    counts as near to every clause of it; recurring times are never chosen.
    """
    usable = [one for one in expressions if one.kind != "recurring"]
    if not usable:
        return None
    return min(usable, key=lambda one: (_distance(sentence_text, trigger_start, trigger_end, one), one.start))


def _distance(text: str, start: int, end: int, one: TimeExpression) -> float:
    if one.start < end and start < one.end:
        return 0.0
    before = one.end <= start
    between = text[one.end : start] if before else text[end : one.start]
    cost = len(between.split()) + _BOUNDARY_COST * len(_BOUNDARY.findall(between))
    if not before:
        return cost
    opens = not text[: one.start].strip(" \"“'‘")
    return min(cost, 8 + len(between.split()) / 4) if opens else cost + _BEFORE_COST
