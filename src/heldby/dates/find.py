"""Find time expressions in running text, with exact offsets."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from heldby.dates.expression import ExpressionKind, TimeExpression
from heldby.dates.rules import IN_TEXT, PREFIX_BEFORE, RANGE_BEFORE, RANGE_BETWEEN, STARTS

_LOOK_BACK = 24
# Only near these can a rule match; the rest of a long text is passed over.
_SEED = re.compile(
    r"\d|(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|to|yest|day|night|"
    r"week|month|year|decade|hour|minute|fortnight|recent|late|early|spring|summer|autumn|winter|fall|every|each|daily|"
    r"annual|since|over|next|following|prev)",
    re.IGNORECASE,
)
_COUNT_BEFORE = re.compile(
    r"(?:than|nearly|almost|some|least|to|about|around|approximately|roughly|no\.?|number|killed|wounded|copyright|©)\s+$",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(
    r"(?:in|since|from|until|till|by|during|of|before|after|early|late|mid|to|the|and|throughout)[\s-]+$",
    re.IGNORECASE,
)
_COUNTED_AFTER = re.compile(
    r"\s+(?:[a-z]+(?:ese|ians?|is)?\s+)?(?:people|men|women|children|troops|fighters|militants|civilians|soldiers|"
    r"terrorists|rebels|members|families|homes|square|sq|km|kilomet|met|miles|tons|strikes|airstrikes|residents|others|"
    r"refugees|%|percent|per\s+cent)",
)
# A figure for a day whose month is lost ("29 2017"): the year alone would say too little of it.
_DAY_BEFORE = re.compile(r"(?<![\w.,:])\d{1,2},?\s+$")
_AGE_AFTER = re.compile(r"[\s-]*(?:-?old\b|of\s+age\b)", re.IGNORECASE)
_AGE_BEFORE = re.compile(r"\baged?\s+$", re.IGNORECASE)
_DATED_MONTH = re.compile(r"\d")
_MODAL_MONTH = re.compile(r"\b(may|march|mar)\b", re.IGNORECASE)
_MONTH_BEFORE = re.compile(
    r"(?:in|since|from|until|till|by|during|of|before|after|early|late|mid|last|this|next|through|between|and|to)[\s-]+$",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(r"(?:[A-Z]\w*)\s+$")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    kind: ExpressionKind
    rule: str


def find_expressions(text: str) -> tuple[TimeExpression, ...]:
    """Return the time expressions of a text in order, none overlapping, the longest where several fit.

    A preposition that belongs to the time ("on Sunday", "since early March", "from 2013 to 2015") is part of it.
    Ages, counts, "may" and "march" as verbs and names such as "Russia Today" are left out.
    """
    found = [_with_preposition(text, one) for one in _join_ranges(text, _longest(_candidates(text)))]
    return tuple(TimeExpression(one.start, one.end, text[one.start : one.end], one.kind) for one in found)


def _windows(text: str) -> list[tuple[int, int]]:
    """Return stretches of the text that hold every place where a rule may match."""
    windows: list[tuple[int, int]] = []
    for seed in _SEED.finditer(text):
        start, end = max(0, seed.start() - 60), min(len(text), seed.end() + 60)
        if windows and start <= windows[-1][1]:
            windows[-1] = windows[-1][0], end
        else:
            windows.append((start, end))
    return windows


def _candidates(text: str) -> list[_Found]:
    """Return every match of every rule, those of one rule without overlaps."""
    found = []
    for start, end in _windows(text):
        free = [start] * len(IN_TEXT)
        for place in STARTS.finditer(text, start, end):
            for number, rule in enumerate(IN_TEXT):
                match = rule.pattern.match(text, place.start(), end) if free[number] <= place.start() else None
                if match is None:
                    continue
                free[number] = match.end()
                one = _Found(match.start(), match.end(), rule.kind, rule.name)
                if _stands(text, one):
                    found.append(one)
    return found


def _stands(text: str, one: _Found) -> bool:
    """Tell whether the words really name a time here, by what stands before and after them."""
    words, before, after = (
        text[one.start : one.end],
        text[max(0, one.start - _LOOK_BACK) : one.start],
        text[one.end :][:40],
    )
    if not words.strip() or text[one.end - 1].isspace():
        return False
    if one.kind == "duration":
        return not (_AGE_AFTER.match(after) or _AGE_BEFORE.search(before))
    if one.rule == "year" and words.isdigit():
        return _is_year(words, before=before, after=after)
    if one.rule == "named day" and words == "Today":
        return not _NAME_BEFORE.search(before)
    if one.rule == "recurring" and words[0].isupper():
        # "Daily Sabah", "Weekly" as a name; at the head of a sentence it is a time.
        return not after[1:2].isupper()
    month = _MODAL_MONTH.search(words)
    if month is None:
        return True
    if month[0][0].islower():
        return False
    return bool(_DATED_MONTH.search(words) or _MONTH_BEFORE.search(before) or words[: month.start()].strip())


def _is_year(words: str, *, before: str, after: str) -> bool:
    """Tell a year from a count: a preposition before it decides, or the absence of anything counted after it."""
    if _COUNTED_AFTER.match(after):
        return bool(re.search(r"\b(?:since|early|late|mid)[\s-]+$", before, re.IGNORECASE))
    if _YEAR_BEFORE.search(before):
        return not _COUNT_BEFORE.search(before) or "from" in before.lower()
    if _COUNT_BEFORE.search(before) or _DAY_BEFORE.search(before):
        return False
    return not re.match(r"\s+[a-z]+s\b", after)


def _longest(found: list[_Found]) -> list[_Found]:
    """Keep the longest expressions of which none overlaps another, in text order."""
    kept: list[_Found] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        at = bisect_left(kept, one.start, key=lambda other: other.start)
        free_before = at == 0 or kept[at - 1].end <= one.start
        if free_before and (at == len(kept) or one.end <= kept[at].start):
            kept.insert(at, one)
    return kept


def _join_ranges(text: str, found: list[_Found]) -> list[_Found]:
    """Join two expressions of "from X to Y" and "between X and Y" into one that keeps both prepositions."""
    joined: list[_Found] = []
    for one in found:
        last = joined[-1] if joined else None
        between = RANGE_BETWEEN.fullmatch(text, last.end, one.start) if last else None
        before = RANGE_BEFORE.search(text[max(0, last.start - _LOOK_BACK) : last.start]) if last else None
        if last is None or between is None or "duration" in {last.kind, one.kind}:
            joined.append(one)
        elif before is not None and (before["word"].lower() == "from") == (between["word"].lower() != "and"):
            joined[-1] = _Found(last.start - len(before[0]), one.end, last.kind, "range")
        elif between["word"].lower() not in {"and"} and last.rule == one.rule:
            joined[-1] = _Found(last.start, one.end, last.kind, "range")
        else:
            joined.append(one)
    return joined


def _with_preposition(text: str, one: _Found) -> _Found:
    if one.rule in {"days of a month", "days before a month"}:
        opening = RANGE_BEFORE.search(text[max(0, one.start - _LOOK_BACK) : one.start])
        if opening:
            return _Found(one.start - len(opening[0]), one.end, one.kind, one.rule)
    if one.rule in {"range", "recurring"} or (
        one.kind == "duration" and text[one.start : one.end].lower()[:3] == "for"
    ):
        return one
    before = PREFIX_BEFORE.search(text[max(0, one.start - _LOOK_BACK) : one.start])
    return _Found(one.start - len(before[0]), one.end, one.kind, one.rule) if before else one
