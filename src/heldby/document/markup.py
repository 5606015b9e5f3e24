"""HTML seen as text: each visible character with its offsets in the captured page.

The scan is linear and keeps no tree. It also writes a cleaned copy of the page for the tree builder, in which
nothing is left that could exhaust it: scripts, styles, comments and huge attributes are gone, entities are resolved.
"""

from __future__ import annotations

import html
import re
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from heldby.errors import DocumentError

MAX_TAGS = 100_000
MAX_DEPTH = 200
MAX_TAG_CHARACTERS = 20_000
MAX_DATA_CHARACTERS = 500_000
MAX_VISIBLE_CHARACTERS = 800_000

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
# A start tag of these ends an open one of the same kind: they do not nest when they are left open.
SELF_CLOSING = frozenset(
    ["p", "li", "dt", "dd", "td", "th", "tr", "option", "optgroup", "thead", "tbody", "tfoot", "colgroup", "rp", "rt"]
)
# fmt: off
INLINE = frozenset([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "img", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
])
UNSEEN = frozenset([
    "script", "style", "template", "title", "textarea", "select", "svg", "iframe", "object", "math",
])
RAW = frozenset(["script", "style", "title", "textarea", "iframe", "xmp"])
# fmt: on
# These part words but no paragraphs; two line breaks in a row do.
PARTING = frozenset(["br", "td", "th"])
ASIDE = frozenset(["nav", "footer", "aside", "button", "form", "menu", "dialog"])

_TOKEN = re.compile(r"<!--|<[!?/]?[a-zA-Z]|<[!?]|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});?")
_QUOTE_OR_END = re.compile(r"=\s*([\"'])|>")
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_WORD = re.compile(r"[^\s\u200b\u200c\u200d\ufeff\u00ad]+")
_LINKED_DATA = re.compile(r"<script[^>]{0,300}ld\+json", re.IGNORECASE)


@dataclass(slots=True)
class PageText:
    """The visible characters of a page without whitespace, and where each stands.

    `letters`: all of them; `starts`/`ends`: offsets of each in the page; `gaps`: the positions in `letters` before
    which there is whitespace; `breaks`: those before which a block-level tag stands; `asides`: ranges inside
    navigation, footers and the like; `cleaned`: the page for the tree builder.
    """

    letters: str = ""
    starts: array[int] = field(default_factory=lambda: array("L"))
    ends: array[int] = field(default_factory=lambda: array("L"))
    gaps: array[int] = field(default_factory=lambda: array("L"))
    breaks: array[int] = field(default_factory=lambda: array("L"))
    asides: list[tuple[int, int]] = field(default_factory=list)
    cleaned: str = ""

    def words(self, start: int, end: int) -> str:
        """Return the letters from one position to another with single spaces where the page has whitespace."""
        low, high = bisect_left(self.gaps, start + 1), bisect_left(self.gaps, end)
        cuts = [start, *self.gaps[low:high], end]
        return " ".join(self.letters[a:b] for a, b in pairwise(cuts))

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the page of the letters from one position to another."""
        return self.starts[start], self.ends[end - 1]

    def is_aside(self, position: int) -> bool:
        """Tell whether a position lies in navigation, a footer or the like."""
        at = bisect_right(self.asides, (position, MAX_VISIBLE_CHARACTERS + 1)) - 1
        return at >= 0 and self.asides[at][0] <= position < self.asides[at][1]


def squeeze(text: str) -> str:
    """Return a text without whitespace and characters of no width, as `PageText.letters` holds it."""
    return "".join(_WORD.findall(text))


def scan_page(page: str) -> PageText:
    """Return the visible text of a page with its offsets; raises DocumentError for a page that would exhaust us."""
    return _Scan(page).run()


class _Scan:
    """One pass over a page."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.found = PageText()
        self.parts: list[str] = []
        self.cleaned: list[str] = []
        self.length = 0
        self.tags = 0
        self.depth = 0
        self.unseen: list[str] = []
        self.aside: list[tuple[str, int]] = []
        self.gap = True
        self.line_break = -1
        self.closed_quotes: dict[str, bool] = {}

    def run(self) -> PageText:
        at = 0
        while at < len(self.page):
            match = _TOKEN.search(self.page, at)
            stop = match.start() if match else len(self.page)
            self._text(at, stop)
            at = stop if match is None else self._token(match)
        # One that is never closed is a fault of the page: the report may well stand after it.
        self.found.asides = _merged(self.found.asides)
        self.found.letters = "".join(self.parts)
        self.found.cleaned = "".join(self.cleaned)
        return self.found

    def _token(self, match: re.Match[str]) -> int:
        token, start = match.group(), match.start()
        if token.startswith("&"):
            return self._entity(token, start)
        if token == "<!--":
            end = self.page.find("-->", start + 4)
            return len(self.page) if end < 0 else end + 3
        end = self._tag_end(start)
        if end < 0:
            self._text(start, start + 1)
            return start + 1
        return end if token[1] in "!?" else self._tag(start, end)

    def _tag_end(self, start: int) -> int:
        """Return the offset after the `>` that ends a tag, quoted values passed over; -1 where there is none."""
        at = start + 1
        if self.closed_quotes.get(">") is False:
            return -1
        while match := _QUOTE_OR_END.search(self.page, at):
            quote = match.group(1)
            if quote is None:
                return match.end()
            closing = -1 if self.closed_quotes.get(quote) is False else self.page.find(quote, match.end())
            if closing < 0:
                self.closed_quotes[quote] = False
            at = match.end() if closing < 0 else closing + 1
        self.closed_quotes[">"] = False
        return -1

    def _tag(self, start: int, end: int) -> int:
        match = _NAME.match(self.page, start)
        if match is None:
            return end
        name = match.group(1).lower()
        self._count(name, opening=self.page[start + 1] != "/")
        whole = end - start <= MAX_TAG_CHARACTERS
        raw_end = self._raw_end(name, start, end)
        if raw_end:
            self._keep_raw(name, start, end, raw_end)
            return raw_end
        self.cleaned.append(self.page[start:end] if whole else f"{match.group()}>")
        self._place(name, opening=self.page[start + 1] != "/", empty=self.page[end - 2] == "/")
        return end

    def _count(self, name: str, *, opening: bool) -> None:
        self.tags += 1
        if self.tags > MAX_TAGS:
            raise _hostile(f"more than {MAX_TAGS:,} tags")
        if name in VOID or name in SELF_CLOSING or name in RAW:
            return
        self.depth = self.depth + 1 if opening else max(0, self.depth - 1)
        if self.depth > MAX_DEPTH:
            raise _hostile(f"elements nested more than {MAX_DEPTH} deep")

    def _raw_end(self, name: str, start: int, end: int) -> int:
        """Return the end of an element whose content is no markup (a script), 0 for other tags."""
        if name not in RAW or self.page[start + 1] == "/" or self.page[end - 2] == "/":
            return 0
        closing = re.compile(rf"</{name}\b[^>]*>", re.IGNORECASE).search(self.page, end)
        if closing is None and name == "title":
            return max(self.page.find("<", end), end)
        return closing.end() if closing else len(self.page)

    def _keep_raw(self, name: str, start: int, end: int, raw_end: int) -> None:
        kept = name == "title" or (name == "script" and _LINKED_DATA.match(self.page, start, end))
        if kept and raw_end - start <= MAX_DATA_CHARACTERS:
            self.cleaned.append(self.page[start:raw_end])
        if name not in {"script", "style"}:
            self._gap(breaks=True)

    def _place(self, name: str, *, opening: bool, empty: bool) -> None:
        if name in UNSEEN and not empty:
            self._track_unseen(name, opening=opening)
        if name in ASIDE:
            self._track_aside(name, opening=opening)
        if name not in INLINE:
            self._gap(breaks=name not in PARTING or (name == "br" and self.line_break == self.length))
        self.line_break = self.length if name == "br" else self.line_break

    def _track_unseen(self, name: str, *, opening: bool) -> None:
        if opening:
            self.unseen.append(name)
        elif name in self.unseen:
            while self.unseen.pop() != name:
                pass

    def _track_aside(self, name: str, *, opening: bool) -> None:
        if opening:
            self.aside.append((name, self.length))
        elif any(open_name == name for open_name, _ in self.aside):
            while self.aside[-1][0] != name:
                self.aside.pop()
            self.found.asides.append((self.aside.pop()[1], self.length))

    def _text(self, start: int, stop: int) -> None:
        if start >= stop:
            return
        piece = self.page[start:stop]
        self.cleaned.append(html.escape(piece, quote=False))
        if self.unseen:
            return
        at = 0
        for match in _WORD.finditer(piece):
            if any(map(str.isspace, piece[at : match.start()])):
                self._gap(breaks=False)
            low, high = start + match.start(), start + match.end()
            self._letters(match.group(), range(low, high), range(low + 1, high + 1))
            at = match.end()
        if any(map(str.isspace, piece[at:])):
            self._gap(breaks=False)

    def _letters(self, letters: str, starts: range | list[int], ends: range | list[int]) -> None:
        self.parts.append(letters)
        self.found.starts.extend(starts)
        self.found.ends.extend(ends)
        self.length += len(letters)
        self.gap = False
        if self.length > MAX_VISIBLE_CHARACTERS:
            raise _hostile(f"more than {MAX_VISIBLE_CHARACTERS:,} characters of text")

    def _entity(self, token: str, start: int) -> int:
        end = start + len(token)
        resolved = html.unescape(token)
        self.cleaned.append(html.escape(resolved, quote=False))
        if self.unseen:
            return end
        letters = squeeze(resolved)
        if letters:
            self._letters(letters, [start] * len(letters), [end] * len(letters))
        elif resolved.isspace():
            self._gap(breaks=False)
        return end

    def _gap(self, *, breaks: bool) -> None:
        if not self.gap:
            self.found.gaps.append(self.length)
            self.gap = True
        if breaks and (not self.found.breaks or self.found.breaks[-1] != self.length):
            self.found.breaks.append(self.length)


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _hostile(what: str) -> DocumentError:
    return DocumentError(
        f"The page has {what}: it is no ordinary page.", remedy="Save the report's own text and give that."
    )
