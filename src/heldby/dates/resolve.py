"""Resolve the words of a time expression to days."""

from __future__ import annotations

import re
from datetime import date

from heldby.dates.absolute import Scope
from heldby.dates.calendar import Interval, shift, until_anchor
from heldby.dates.find import find_expressions
from heldby.dates.rules import PREFIX, RANGE_BETWEEN, RULES
from heldby.dates.words import YEAR
from heldby.records.time import When

_LONGEST_TEXT = 200
# "Before the end of the year" is up to its last day.
_END = re.compile(r"(?:the\s+)?end\s+of\b", re.IGNORECASE)
_RANGE_WORD = re.compile(r"(?:from|between)\s+", re.IGNORECASE)


def resolve_expression(text: str, *, anchor: date | None, tense: str = "past") -> When | None:
    """Return the days that a time expression names, or None where it names none that can be known.

    `anchor` is the day of the report, or the other event's day for "two days later"; without one only dates with
    their year resolve. `tense` is "past" or "future": it says on which side of the anchor a weekday, month or day
    without its year lies. Dates that no calendar has, and years outside 1900 to 2099, are None. Never raises.
    """
    words = " ".join(text.split()).strip(" \t,.;:()[]'’\"“”")
    scope = Scope(anchor, tense)
    found = _resolve(words, scope) if 0 < len(words) <= _LONGEST_TEXT else None
    if found is None:
        inside = max(find_expressions(text[:2000]), key=lambda one: one.end - one.start, default=None)
        if inside is None or inside.text == text:
            return None
        words = " ".join(inside.text.split())
        found = _resolve(words, scope)
    if found is None or (found.start and found.end and found.start > found.end):
        return None
    return When(
        earliest=found.start,
        latest=found.end,
        precision=found.precision,
        spans=found.spans,
        expression=words,
        reason=f"“{words}” {found.why}.",
        start_latest=found.start_latest,
        end_earliest=found.end_earliest,
    )


def _resolve(words: str, scope: Scope) -> Interval | None:
    direct = _by_rule(words, scope)
    if direct is not None:
        return direct
    both = _range(words, scope)
    if both is not None:
        return both
    prefix = PREFIX.match(words)
    if prefix is None:
        return None
    rest = words[prefix.end() :]
    core = _by_rule(rest, scope) or _range(rest, scope) or _by_rule("the " + rest, scope)
    names = {name for name, value in prefix.groupdict().items() if value}
    if core and "before" in names and _END.match(rest):
        names = {"until"}
    return _prefixed(core, names, scope) if core else None


def _by_rule(words: str, scope: Scope) -> Interval | None:
    for rule in RULES:
        match = rule.pattern.fullmatch(words)
        if match:
            return rule.resolve(match, scope)
    return None


def _prefixed(core: Interval, prefix: set[str], scope: Scope) -> Interval | None:
    """Return what "since", "after", "until", "before" or a plain preposition makes of the interval after it."""
    if "plain" in prefix:
        return core
    if prefix & {"since", "after"}:
        start = core.start if "since" in prefix or core.start != core.end or not core.end else shift(core.end, 1)
        if core.spans and core.start_latest and core.end == scope.anchor:
            return core
        end = scope.anchor if scope.anchor and core.start and core.start <= scope.anchor else None
        start = min(start, end) if start and end else start
        side = "the end is the day of the report" if end else "the end is open"
        return Interval(
            start,
            end,
            "interval",
            f"gives the beginning; {side}",
            True,
            core.end if end is None else min(core.end or end, end),
            end,
        )
    if "until" in prefix:
        return Interval(None, core.end, "interval", "gives the end; the beginning is open", True, None, core.start)
    end = shift(core.start, -1) if core.start else None
    return Interval(None, end, "interval", "gives the end; the beginning is open")


def _range(words: str, scope: Scope) -> Interval | None:
    """Resolve "from X to Y", "between X and Y", "X to Y": the first takes over the second's year and week."""
    opening = _RANGE_WORD.match(words)
    rest = words[opening.end() :] if opening else words
    whole = _by_rule(rest, scope) if opening and opening[0].lower().startswith("between") else None
    if whole is not None:
        return whole
    for between in RANGE_BETWEEN.finditer(rest):
        first, second = rest[: between.start()], rest[between.end() :]
        last = _by_rule(second, scope) if first and second else None
        if last is None or last.start is None or last.end is None:
            continue
        start = _first_of_range(first, second, last=last, scope=scope)
        if start and start.start and start.start <= last.end:
            found = Interval(start.start, last.end, "interval", "gives both ends", True, start.end, last.start)
            return until_anchor(found, anchor=scope.anchor, tense=scope.tense) if not re.search(YEAR, rest) else found
    return None


def _first_of_range(first: str, second: str, *, last: Interval, scope: Scope) -> Interval | None:
    year = re.search(rf"\b{YEAR}\b", second)
    if year and not re.search(rf"\b{YEAR}\b", first):
        return _by_rule(f"{first} {year[0]}", scope)
    return _by_rule(first, Scope(last.end, "past")) or _by_rule(first, scope)
