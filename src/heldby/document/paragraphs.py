"""Where the paragraphs of a plain text are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from heldby.document.drafts import trim

# Lines of a text that was wrapped at a width are about equally long and mostly break inside sentences.
MAX_WRAPPED_LINE = 130
MIN_WRAPPED_LINE = 45
FILLED_SHARE = 0.6

_BLANK = re.compile(r"(?:\r\n|\r|\n|\u2028|\u2029)[ \t\u00a0]*(?:\r\n|\r|\n|\u2028|\u2029)\s*|\f\s*")
_LINE = re.compile(r"[^\r\n\u2028]+")
_SENTENCE_END = re.compile(r"[.!?…:]['\"”’)\]]*\s*$")


def find_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the offsets of each paragraph, whitespace at its ends left out.

    Blank lines part paragraphs. Between them, single line ends do too, unless the lines were wrapped at a width.
    """
    start = 0
    for gap in [*_BLANK.finditer(text), None]:
        end = gap.start() if gap else len(text)
        yield from _lines_or_whole(text, start, end)
        start = gap.end() if gap else end


def _lines_or_whole(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    lines = [trim(text, m.start(), m.end()) for m in _LINE.finditer(text, start, end) if m.group().strip()]
    if not lines:
        return
    first = 1 if len(lines) > 2 and _is_title(text, lines) else 0
    if len(lines) - first > 1 and _is_wrapped(text, lines[first:]):
        yield from lines[:first]
        yield lines[first][0], lines[-1][1]
    else:
        yield from lines


def _is_title(text: str, lines: list[tuple[int, int]]) -> bool:
    """Tell whether the first line stands by itself: it is shorter than the width that the next ones fill."""
    (start, end), (_, second) = lines[0], lines[1]
    width = max(stop - begin for begin, stop in lines[1:])
    following = text[end:second].split(maxsplit=1)
    has_room = following and (end - start) + 1 + len(following[0]) <= width
    return bool(has_room) and not _SENTENCE_END.search(text[max(start, end - 8) : end])


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    lengths = [end - start for start, end in lines]
    width = max(lengths)
    if not MIN_WRAPPED_LINE <= width <= MAX_WRAPPED_LINE:
        return False
    inner = lines[:-1]
    filled = sum(end - start >= FILLED_SHARE * width for start, end in inner)
    ended = sum(bool(_SENTENCE_END.search(text[max(start, end - 8) : end])) for start, end in inner)
    return filled > len(inner) / 2 and ended <= len(inner) / 2
