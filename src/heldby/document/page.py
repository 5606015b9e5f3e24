"""A web page into blocks: main text by trafilatura, captions, headline and byline, each found again in the page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement, HTMLParser, document_fromstring  # type: ignore[import-untyped]

from heldby.document.drafts import Draft
from heldby.document.markup import PageText, scan_page, squeeze
from heldby.document.opening import find_date, letters, title_variants
from heldby.document.page_dates import page_dates
from heldby.document.plain import MIN_PARAGRAPH_WORDS, mark_headline
from heldby.document.published import DateFound
from heldby.document.rules import DocumentRules
from heldby.errors import DocumentError
from heldby.records.document import BlockKind

MAX_CAPTION_WORDS = 120
MAX_BYLINE_WORDS = 25
# How far above the headline or first paragraph, in visible characters, the pictures and names of a report stand.
HEAD_LETTERS = 3_000
MAX_MISSES = 50
_BYLINE_MARKS = ("byline", "author", "writer")
_STOPS = '.!?…”"’'


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a page: its words, and its range in the page's letters or -1, -1."""

    words: str
    start: int = -1
    end: int = -1
    kind: BlockKind | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The report of a page: clean text, blocks, their ranges in the captured page, and what the page says of it."""

    text: str
    drafts: tuple[Draft, ...]
    sources: tuple[tuple[int, int], ...]
    title: str = ""
    outlet: str = ""
    byline: str = ""
    dates: tuple[DateFound, ...] = ()


def cut_page(captured: str, *, title: str, whole: bool, rules: DocumentRules) -> Page:
    """Return the report of a page; of a feed's entry (`whole` False) every block is taken.

    Raises DocumentError where the page is built to exhaust a reader or is no HTML at all.
    """
    page = scan_page(captured)
    tree = _tree(page.cleaned)
    main = _main_text(page.cleaned) if whole and tree is not None else None
    texts = [] if main is None else [text for text in _texts(main.body) if text]
    pieces = [part for piece in _anchor(texts, page) for part in _parts(piece, page)]
    pieces = pieces or list(_segments(page, whole=whole)) or list(_segments(page, whole=False))
    named = title or (main.title if main is not None and main.title else "")
    if tree is not None and whole:
        pieces = _with_extras(pieces, page, tree, title=named)
    drafts, sources, text = _lay_out([_judged(piece, rules) for piece in _ordered(pieces)], page)
    drafts = mark_headline(text, drafts, title=named)
    return Page(
        text=text,
        drafts=tuple(drafts),
        sources=tuple(sources),
        title=named or _headline(text, drafts),
        outlet=(main.sitename or "") if main is not None else "",
        byline=(main.author or "") if main is not None else "",
        dates=(*(page_dates(tree) if tree is not None and whole else ()), *_text_dates(text, drafts)),
    )


def _tree(cleaned: str) -> HtmlElement | None:
    try:
        # Without a parser of its own, lxml would take the encoding from the page, which is decoded already.
        return document_fromstring(cleaned.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _main_text(cleaned: str) -> Any:
    from trafilatura import bare_extraction

    try:
        return bare_extraction(
            cleaned,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False},
        )
    except (RecursionError, ValueError, TypeError, AttributeError, LookupError, etree.LxmlError) as error:
        # Hostile pages find faults in the extractor; each is a fault of this one page only.
        raise DocumentError(
            f"The page cannot be taken apart ({type(error).__name__}).", remedy="Give the report's own text."
        ) from error


def _texts(body: HtmlElement) -> Iterator[str]:
    """Yield the words of each paragraph, heading, list item and table row of the main text."""
    for element in body:
        if element.tag in {"list", "quote", "table"} and len(element):
            yield " ".join((element.text or "").split())
            yield from _texts(element)
        elif element.tag == "row":
            yield " ".join(" ".join(cell.itertext()) for cell in element)
        else:
            yield from _parted(element)
        yield " ".join((element.tail or "").split())


def _parted(element: HtmlElement) -> Iterator[str]:
    """Yield the words of an element, parted at a line break that stands after a sentence."""
    words = element.text or ""
    for child in element:
        if child.tag == "lb" and words.rstrip().endswith(tuple(_STOPS)):
            yield " ".join(words.split())
            words = ""
        words += " " if child.tag == "lb" else "".join(child.itertext())
        words += child.tail or ""
    yield " ".join(words.split())


def _anchor(texts: Sequence[str], page: PageText) -> list[Piece]:
    """Find each text in the page, looking onward from the last one found, then from the top."""
    pieces: list[Piece] = []
    cursor = misses = 0
    for text in texts:
        wanted = squeeze(text)
        at = page.letters.find(wanted, cursor) if wanted else -1
        if at < 0 and wanted and misses < MAX_MISSES:
            misses += 1
            at = page.letters.find(wanted)
        if at < 0:
            pieces.append(Piece(text))
            continue
        end = at + len(wanted)
        cursor = end
        pieces.append(Piece(page.words(at, end), at, end))
    return pieces


def _parts(piece: Piece, page: PageText) -> Iterator[Piece]:
    """Part a piece where block-level tags stand in it: the main text of short pages comes in one piece."""
    low, high = bisect_right(page.breaks, piece.start), bisect_left(page.breaks, piece.end)
    if piece.start < 0 or low >= high:
        yield piece
        return
    for start, end in pairwise([piece.start, *page.breaks[low:high], piece.end]):
        yield Piece(page.words(start, end), start, end)


def _segments(page: PageText, *, whole: bool) -> Iterator[Piece]:
    """Yield what stands between block-level tags; of a whole page without navigation, footers and forms."""
    for start, end in pairwise([0, *page.breaks, len(page.letters)]):
        if start < end and not (whole and page.is_aside(start)):
            yield Piece(page.words(start, end), start, end)


def _with_extras(pieces: list[Piece], page: PageText, tree: HtmlElement, *, title: str) -> list[Piece]:
    """Add the headline, the byline and the captions where the main text left them out."""
    found = [piece for piece in pieces if piece.start >= 0]
    if not found:
        return pieces
    low = max(0, min(piece.start for piece in found) - HEAD_LETTERS)
    high = max(piece.end for piece in found)
    extras = [
        *_headings(tree, page, title=title, limit=high),
        *_captions(tree, page, low=low, high=high),
        *_bylines(tree, page, low=low, high=_first_paragraph(found, default=high)),
    ]
    for extra in extras:
        pieces = _put_in(pieces, extra)
    return pieces


def _first_paragraph(pieces: Sequence[Piece], *, default: int) -> int:
    """Return where the first piece begins that is long enough for a paragraph and ends with a stop."""
    long = (
        p.start for p in pieces if len(p.words.split()) >= MIN_PARAGRAPH_WORDS and p.words.endswith(tuple(_STOPS))
    )
    return min(long, default=default)


def _put_in(pieces: list[Piece], extra: Piece) -> list[Piece]:
    """Put a block in place; a piece that it covers becomes it, a piece that only touches it keeps its place."""
    touching = [piece for piece in pieces if piece.start < extra.end and extra.start < piece.end]
    if any(piece.start < extra.start or extra.end < piece.end for piece in touching):
        return pieces
    return [piece for piece in pieces if piece not in touching] + [extra]


def _headings(tree: HtmlElement, page: PageText, *, title: str, limit: int) -> Iterator[Piece]:
    wanted = [letters(variant) for variant in title_variants(title)]
    for element in tree.iter("h1", "h2"):
        own = letters(element.text_content()[:1_000])
        if own and any(own == variant or (len(own) > 20 and own in variant) for variant in wanted):
            for piece in _anchor([element.text_content()], page):
                if 0 <= piece.start < limit:
                    yield replace(piece, kind="headline", reason="the title of the page")
            return


def _captions(tree: HtmlElement, page: PageText, *, low: int, high: int) -> Iterator[Piece]:
    elements = tree.xpath('//figcaption | //*[contains(@class, "caption") and not(self::figure) and not(.//img)]')
    texts = [element.text_content() for element in elements[:200]]
    for piece in _anchor([text for text in texts if 3 <= len(text.split()) <= MAX_CAPTION_WORDS], page):
        if low <= piece.start < high:
            yield replace(piece, kind="caption", reason="caption of a picture")


def _bylines(tree: HtmlElement, page: PageText, *, low: int, high: int) -> Iterator[Piece]:
    marks = " or ".join(f'contains(translate(@class, "BAW", "baw"), "{mark}")' for mark in _BYLINE_MARKS)
    for element in tree.xpath(f'//*[{marks} or @rel="author" or @itemprop="author"]')[:50]:
        text = element.text_content()
        if 1 <= len(text.split()) <= MAX_BYLINE_WORDS:
            for piece in _anchor([text], page):
                if low <= piece.start < high:
                    yield replace(piece, kind="byline", reason="names of the writers")
                    return


def _ordered(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces in the order of the page; one that was not found stays after the one before it."""
    keyed: list[tuple[int, int, Piece]] = []
    last = -1
    for number, piece in enumerate(pieces):
        last = piece.start if piece.start >= 0 else last
        keyed.append((last, number, piece))
    return [piece for _, _, piece in sorted(keyed, key=lambda one: one[:2])]


def _judged(piece: Piece, rules: DocumentRules) -> Piece:
    judged = rules.judge(piece.words) if piece.kind is None else None
    return replace(piece, kind=judged[0], reason=judged[1]) if judged else piece


def _lay_out(pieces: Sequence[Piece], page: PageText) -> tuple[list[Draft], list[tuple[int, int]], str]:
    """Return the blocks, their ranges in the captured page, and the text that they stand in."""
    drafts, sources, texts = [], [], []
    at = 0
    for piece in pieces:
        drafts.append(Draft(start=at, end=at + len(piece.words), kind=piece.kind, reason=piece.reason))
        sources.append(page.source(piece.start, piece.end) if piece.start >= 0 else (-1, -1))
        texts.append(piece.words)
        at += len(piece.words) + 2
    return drafts, sources, "\n\n".join(texts)


def _headline(text: str, drafts: Sequence[Draft]) -> str:
    return next((text[draft.start : draft.end] for draft in drafts if draft.kind == "headline"), "")


def _text_dates(text: str, drafts: Sequence[Draft]) -> Iterator[DateFound]:
    for draft in drafts:
        found = find_date(text, draft.start, draft.end) if draft.kind == "byline" else None
        if found is not None:
            yield DateFound(found, "text", "the line of the writers")
