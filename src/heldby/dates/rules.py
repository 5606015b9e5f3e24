"""Every rule of the time grammar, compiled, with the words that may stand before an expression."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from heldby.dates.absolute import ABSOLUTE, Resolve
from heldby.dates.expression import ExpressionKind
from heldby.dates.relative import RELATIVE
from heldby.dates.words import DASH


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to name a time: its pattern, its kind, and how a match is resolved.

    `in_text` is False for forms that are too often something else in running text.
    """

    name: str
    kind: ExpressionKind
    in_text: bool
    pattern: re.Pattern[str]
    resolve: Resolve


# No letter, number or sign of money stands before a time.
_LEFT_EDGE = r"(?<![\w.,/]|[$€£])"

RULES = tuple(
    Rule(
        name=name,
        kind=cast(ExpressionKind, kind),
        in_text=in_text,
        pattern=re.compile(rf"{_LEFT_EDGE}(?:{pattern})(?!\w)(?![,./:]\d)", re.IGNORECASE),
        resolve=resolve,
    )
    for name, kind, in_text, pattern, resolve in (*ABSOLUTE, *RELATIVE)
)


def _any_start() -> re.Pattern[str]:
    """Return one pattern for every place where a rule for running text may begin to match, and a few more.

    Names of groups may stand once only in a pattern and are left out; so is what a group refers back to.
    """
    plain = (re.sub(r"\(\?P=\w+\)", ".", pattern) for _, _, in_text, pattern, _ in (*ABSOLUTE, *RELATIVE) if in_text)
    joined = "|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern) for pattern in plain)
    return re.compile(rf"{_LEFT_EDGE}(?={joined})", re.IGNORECASE)


# One look for all rules costs a tenth of a look for each.
STARTS = _any_start()
IN_TEXT = tuple(rule for rule in RULES if rule.in_text)

# Words before an expression, by what they make of it.
SINCE = r"(?:(?:ever\s+)?since|from|as\s+of|starting|beginning)"
AFTER = r"(?:after|following)"
UNTIL = r"(?:until|till|through|up\s+to|by)"
BEFORE = r"(?:before|prior\s+to|ahead\s+of)"
_EDGE = r"(?:(?:early|late|earlier|later)\s+)?"
PLAIN = rf"(?:{_EDGE}(?:on|in|at|during|throughout|over|within|around|of|as\s+early\s+as))"
PREFIX = re.compile(
    rf"(?:(?P<since>{SINCE})|(?P<after>{AFTER})|(?P<until>{UNTIL})|(?P<before>{BEFORE})|(?P<plain>{PLAIN}))\s+"
    r"(?:(?:on|in|at|the|about|around|as\s+early\s+as)\s+)?",
    re.IGNORECASE,
)
# The same words, looked for directly before an expression that was found; "of" and the article stay outside.
PREFIX_BEFORE = re.compile(
    rf"(?<!\w)(?:{SINCE}|{AFTER}|{UNTIL}|{BEFORE}|{_EDGE}(?:on|in|at|during|throughout|over|within))\s+"
    r"(?:(?:on|in|the)\s+)?$",
    re.IGNORECASE,
)
RANGE_BEFORE = re.compile(r"(?<!\w)(?P<word>from|between)\s+$", re.IGNORECASE)
RANGE_BETWEEN = re.compile(rf"\s*(?:,\s*)?(?P<word>to|until|till|through|and|{DASH})\s*", re.IGNORECASE)
