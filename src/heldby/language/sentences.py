"""Where sentences end: rules over word spans.

A line break ends a sentence unless the text is plainly wrapped there; otherwise only final punctuation does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from heldby.language.english import word_list
from heldby.language.tokens import TITLES, Span

Range = tuple[int, int]

_FINAL = re.compile(r"[.!?\u2026\u3002]+$")
_CLOSERS = frozenset("\"'\u201d\u2019)]}\u00bb") | {"''"}
_OPENERS = frozenset("\"'\u201c\u2018([{\u00ab") | {"``", "\u2018\u2019"}
_BEGINNERS = _OPENERS | set("@#$\u00a3\u20ac")
_BULLETS = frozenset("\u2022\u25cf\u25aa\u25a0\u2023\u25e6\u00b7*")
_STARTERS = frozenset(word_list("starters"))
_OPEN_ENDED = frozenset(word_list("open_ended"))
_SAYING = frozenset(word_list("saying"))
_WRAP_WIDTH = 30
_SHORTEST_CITY = 4
_CUT_WINDOW = 60
LONGEST = 200


@dataclass(frozen=True, slots=True)
class _Words:
    """A text and the spans of its words."""

    text: str
    spans: Sequence[Span]

    def __len__(self) -> int:
        return len(self.spans)

    def form(self, place: int) -> str:
        """Returns a word, or nothing past the last."""
        return self.text[slice(*self.spans[place])] if place < len(self.spans) else ""

    def gap(self, place: int) -> str:
        """Returns the white space after a word that is not the last."""
        return self.text[self.spans[place][1] : self.spans[place + 1][0]]


def sentences(text: str, spans: Sequence[Span], *, longest: int = LONGEST) -> Iterator[Range]:
    """Yields sentences as ranges (first, past the last) of word places; they cover all words in order.

    A sentence of more than `longest` words is cut, at a semicolon, colon or comma if there is one near the limit.
    """
    words = _Words(text, spans)
    for first, last in _natural(words):
        while last - first > longest:
            cut = _cut(words, range(max(first, first + longest - _CUT_WINDOW), first + longest))
            yield first, cut
            first = cut
        yield first, last


def _cut(words: _Words, window: range) -> int:
    """Returns the place past the last mark in the window, or its end."""
    for marks in (";:", ","):
        for place in reversed(window):
            if words.form(place) in marks:
                return place + 1
    return window.stop


def _natural(words: _Words) -> Iterator[Range]:
    first, place = 0, 0
    while place < len(words):
        last = _end_after(words, place, first=first)
        if last is None:
            place += 1
            continue
        yield first, last
        first = place = last
    if first < len(words):
        yield first, len(words)


def _end_after(words: _Words, place: int, *, first: int) -> int | None:
    """Returns the place past the sentence's last word if the sentence ends at this word, else None."""
    if place + 1 >= len(words):
        return place + 1
    if _breaks_line(words, place, first=first) or (words.form(place + 1) in _BULLETS and place > first):
        return place + 1
    if _begins_dateline(words, place + 1) and place > first:
        return place + 1
    if not _FINAL.search(words.form(place)):
        return None
    past = _past_closers(words, place)
    if past >= len(words) or _breaks_line(words, past - 1, first=first):
        return past
    return past if _new_sentence(words, past, first=first, final=place) else None


def _begins_dateline(words: _Words, place: int) -> bool:
    """Tells whether a report's text begins after what a page put before it on one line: "... KYIV (Wire) Troops"."""
    city = words.form(place)
    if len(city) < _SHORTEST_CITY or not city.isupper() or words.form(place + 1) != "(":
        return False
    if words.form(place - 1).isupper() or not city.isalpha():
        return False
    close = next((at for at in range(place + 3, place + 6) if words.form(at) == ")"), None)
    return close is not None and words.form(close - 1)[:1].isupper() and words.form(close + 1)[:1].isupper()


def _past_closers(words: _Words, place: int) -> int:
    """Passes quotes and brackets directly after final punctuation, and footnote numbers: "left. [3] [4]"."""
    past = place + 1
    while past < len(words) and words.form(past) in _CLOSERS and not words.gap(past - 1):
        past += 1
    while words.form(past) == "[" and words.form(past + 1).isdigit() and words.form(past + 2) == "]":
        past += 3
    return past


def _new_sentence(words: _Words, past: int, *, first: int, final: int) -> bool:
    """Tells whether the word at past begins a sentence after the final punctuation."""
    mark, after = words.form(final), words.form(past)
    before = words.form(final - 1) if final > first else ""
    if not words.gap(past - 1):
        plain = before.islower() and len(before) > 1
        return mark[0] in ".!?" and plain and after[:1].isupper() and after[1:2].islower()
    if final == first + 1 and (before.isdigit() or len(before) == 1) and mark == ".":
        return False
    lead = words.form(past + 1) if after in _OPENERS and past + 1 < len(words) else after
    bare_question = mark[-1] == "?" and past == final + 1
    if not (lead[:1].isupper() or lead[:1].isdigit() or lead[:1] in _BEGINNERS or after == "(" or bare_question):
        return False
    if mark[-1] == "." and len(mark) > 1 and mark[0].isalpha():
        return mark.rstrip(".") not in TITLES and lead in _STARTERS
    quoted = past > final + 1 and mark[-1] in "!?"
    return not (quoted and words.form(past + 1) in _SAYING)


def _breaks_line(words: _Words, place: int, *, first: int) -> bool:
    """Tells whether a line break after this word ends the sentence."""
    if place + 1 >= len(words):
        return False
    gap = words.gap(place)
    breaks = gap.count("\n") or gap.count("\r") or gap.count("\u2029")
    if breaks != 1:
        return breaks > 1
    end = words.spans[place][1]
    start = max(words.text.rfind("\n", words.spans[first][0], end) + 1, words.spans[first][0])
    if end - start < _WRAP_WIDTH or _FINAL.search(words.form(place)):
        return True
    return not (words.form(place + 1)[0].islower() or words.form(place).lower() in _OPEN_ENDED)
