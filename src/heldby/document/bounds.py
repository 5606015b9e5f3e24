"""Between which days a report without a date was published, as far as its own words allow.

Only sound steps: a day that the report tells as past lies on or before its publication; nothing can be published
after it was captured. Weekdays, "last year" and bare months name no year and bound nothing by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from heldby.dates import TimeExpression, find_expressions, resolve_expression
from heldby.document.rules import DocumentRules
from heldby.records import Block, When

MAX_CHARACTERS = 200_000
MAX_SENTENCE = 400

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_STOP = re.compile(r"[.!?…][\"”’')\]]*\s")
_OPEN_END = re.compile(r"(?:until|till|by|before|through)\b|\bto\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bound:
    """A day on or after which the report was published, and the words that show it."""

    day: date
    words: str
    kind: str


def infer_bounds(text: str, blocks: Sequence[Block], *, captured: date, rules: DocumentRules) -> When:
    """Return the interval of days in which a report was published, with the reason in words.

    `earliest` is None where no past day with its year stands in the text; `latest` is the day of the capture.
    """
    found = [
        bound
        for block in blocks
        if block.kind != "furniture" and block.start < MAX_CHARACTERS
        for bound in _block_bounds(text, block, rules)
        if bound.day <= captured
    ]
    if not found:
        reason = f"The report gives no date; it was captured on {captured}."
        return When(earliest=None, latest=captured, precision="unknown", reason=reason)
    best = max(found, key=lambda bound: bound.day)
    reason = (
        f"The report gives no date. Its {best.kind} tells of “{best.words}” as past, so it was published on or after "
        f"{best.day}; it was captured on {captured}."
    )
    return When(earliest=best.day, latest=captured, precision="interval", expression=best.words, reason=reason)


def _block_bounds(text: str, block: Block, rules: DocumentRules) -> list[Bound]:
    words = text[block.start : min(block.end, MAX_CHARACTERS)]
    found = []
    for expression in find_expressions(words) if _YEAR.search(words) else ():
        if not _YEAR.search(expression.text) or _OPEN_END.search(expression.text) or expression.text.isdigit():
            continue  # a year that stands alone is often that of a picture's credit or a copyright
        if block.kind != "caption" and rules.coming.search(_sentence(words, expression)):
            continue
        when = resolve_expression(expression.text, anchor=None)
        if when is not None and when.earliest is not None:
            found.append(Bound(when.earliest, expression.text, block.kind))
    return found


def _sentence(text: str, expression: TimeExpression) -> str:
    """Return the sentence around an expression, cut to MAX_SENTENCE characters either side."""
    before = text[max(0, expression.start - MAX_SENTENCE) : expression.start]
    after = text[expression.end : expression.end + MAX_SENTENCE]
    starts = [match.end() for match in _STOP.finditer(before)]
    stop = _STOP.search(after)
    return before[starts[-1] if starts else 0 :] + after[: stop.start() if stop else len(after)]
