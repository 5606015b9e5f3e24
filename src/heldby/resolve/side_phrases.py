"""The words of a side as a sentence has them: cut to what names it, made whole, parted where several are joined."""

from __future__ import annotations

import re

from heldby.records import Span
from heldby.resolve.actors import ActorBook
from heldby.resolve.scene import class_of

_JOINTS = re.compile(r"\s*(?:,\s*and\b|,|&|\band\b|\bas well as\b|\balong with\b|\btogether with\b|\bor\b)\s*", re.I)
_DATELINE = re.compile(r"[A-Z][A-Z' /]{2,}\b[^.]{0,40}? [-\u2013\u2014] (?=\S)")


def without_dateline(mention: Span) -> Span:
    """Return a mention without the dateline that a tree hangs on it ("KYIV (Wire) - Ukrainian troops")."""
    found = _DATELINE.match(mention.text)
    return mention if found is None else Span(mention.start + found.end(), mention.end, mention.text[found.end() :])


def whole_phrase(mention: Span, *, sentence: Span, book: ActorBook) -> Span:
    """Return a mention that was cut too short with the rest of the name that it lies in ("State" of "Islamic State"),
    or, where it names nobody, with the side named right before it ("forces" after "Russian")."""
    start, end = mention.start - sentence.start, mention.end - sentence.start
    if start < 0 or end > len(sentence.text):
        return mention
    named = [(one.span.start, one.span.end, one.stance) for one in book.mentions(sentence.text)]
    touching = [one for one in named if one[0] < end and start < one[1]]
    for first, last, _ in touching:
        start, end = min(start, first), max(end, last)
    if not touching and _begins_with_noun(mention.text, book=book):
        before = next((one for one in reversed(named) if one[1] < start and not one[2]), None)
        between = sentence.text[before[1] : start] if before else "."
        if not between.strip() or (between[:1] + between[-1:] == "  " and between.strip() in book.words.force_nouns):
            start = before[0] if before else start
    return Span(sentence.start + start, sentence.start + end, sentence.text[start:end])


def _begins_with_noun(phrase: str, *, book: ActorBook) -> bool:
    hits = book.words.noun_index.hits(phrase)
    return bool(hits) and hits[0].first == 0


def class_of_phrase(phrase: str, *, book: ActorBook) -> str:
    """Return the class of the last common noun for a side in a phrase, "" where it has none."""
    hits = book.words.noun_index.hits(phrase)
    return class_of(hits[-1].key, book=book) if hits else ""


def split_joint(phrase: str, *, book: ActorBook) -> tuple[str, ...]:
    """Return the phrases that are joined in one ("the army and its allies"); names with "and" in them stay whole."""
    names = [(mention.span.start, mention.span.end) for mention in book.mentions(phrase)]
    parts, start = [], 0
    for joint in _JOINTS.finditer(phrase):
        if any(first < joint.end() and joint.start() < last for first, last in names):
            continue
        parts.append(phrase[start : joint.start()])
        start = joint.end()
    parts.append(phrase[start:])
    return tuple(part for part in (part.strip() for part in parts) if part) or (phrase,)
