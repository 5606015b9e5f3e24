"""The document stage: a captured item in, a report or a failure out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from heldby.dates import find_expressions, resolve_expression
from heldby.document.captured import captured_text
from heldby.document.drafts import Draft
from heldby.document.page import cut_page
from heldby.document.plain import cut_text
from heldby.document.published import DateFound, find_published, known_at
from heldby.document.rules import DocumentRules
from heldby.document.speech import guess_language
from heldby.errors import DocumentError
from heldby.records import Block, Capture, CapturedItem, Document, Failure, When
from heldby.records.ids import record_id

RULES_VERSION = "document-1"
MAX_CHARACTERS = 1_000_000
MIN_WORDS = 4
# An error page may carry a few stray sentences; a report that merely has an error box below it is longer.
MIN_WORDS_BESIDE_ERROR = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """What was cut out of a captured text, the same for plain texts and pages."""

    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    outlet: str = ""
    byline: str = ""
    dates: tuple[DateFound, ...] = ()


def make_documents(items: Iterable[CapturedItem], *, rules: DocumentRules) -> Iterator[Document | Failure]:
    """Yield a Document for each captured item, or a Failure where it holds no report.

    `rules` are those of `furniture.toml` (see `read_rules`). A Failure bears the time of the capture, so that the
    same captures always give the same records.
    """
    for item in items:
        try:
            yield _make(item, rules)
        except DocumentError as error:
            yield _failure(error, item.capture)


def _failure(error: DocumentError, capture: Capture) -> Failure:
    where = error.where or capture.origin
    return Failure(
        id=record_id("fail", "document", capture.id, error.what),
        stage="document",
        where=where,
        what=error.what,
        remedy=error.remedy,
        failed_at=capture.fetched_at,
    )


def _make(item: CapturedItem, rules: DocumentRules) -> Document:
    capture = item.capture
    captured = captured_text(capture, item.data)
    is_page = capture.media_type == "text/html"
    report = _from_page(captured, capture, rules) if is_page else _from_text(captured, capture, rules)
    _refuse_empty(report)
    published = find_published(capture, report.dates, text=report.text, blocks=report.blocks, rules=rules)
    return Document(
        id=record_id("doc", capture.id, RULES_VERSION),
        capture_id=capture.id,
        text=report.text,
        blocks=report.blocks,
        outlet=capture.hints.outlet or report.outlet or _host(capture),
        url=capture.hints.url,
        title=capture.hints.title or report.title,
        byline=report.byline,
        published=published.when,
        published_from=published.origin,
        published_at=published.at,
        known_at=known_at(published, capture),
        language=guess_language(_words_of(report, {"headline", "paragraph"}), languages=rules.languages),
        version=RULES_VERSION,
    )


def _from_text(captured: str, capture: Capture, rules: DocumentRules) -> _Report:
    if len(captured) > MAX_CHARACTERS:
        raise _too_long()
    cut = cut_text(captured, title=capture.hints.title, rules=rules)
    blocks = tuple(
        replace(_block(captured, draft), source_start=draft.start, source_end=draft.end) for draft in cut.drafts
    )
    dates = (DateFound(cut.date, "text", "the head of the text"),) if cut.date else ()
    title = next((captured[b.start : b.end] for b in blocks if b.kind == "headline"), "")
    return _Report(
        text=captured, blocks=blocks, title=" ".join(title.split()), byline=_byline(captured, blocks), dates=dates
    )


def _from_page(captured: str, capture: Capture, rules: DocumentRules) -> _Report:
    page = cut_page(captured, title=capture.hints.title, whole=capture.method != "feed", rules=rules)
    if len(page.text) > MAX_CHARACTERS:
        raise _too_long()
    blocks = tuple(
        replace(_block(page.text, draft), source_start=source[0], source_end=source[1])
        for draft, source in zip(page.drafts, page.sources, strict=True)
    )
    byline = page.byline or _byline(page.text, blocks)
    return _Report(
        text=page.text, blocks=blocks, title=page.title, outlet=page.outlet, byline=byline, dates=page.dates
    )


def _block(text: str, draft: Draft) -> Block:
    date = _caption_date(text[draft.start : draft.end]) if draft.kind == "caption" else None
    return Block(kind=draft.kind or "paragraph", start=draft.start, end=draft.end, date=date, reason=draft.reason)


def _caption_date(text: str) -> When | None:
    """Return the day of a picture: the one full date in its caption."""
    found = [resolve_expression(one.text, anchor=None) for one in find_expressions(text) if one.kind == "absolute"]
    days = [when for when in found if when is not None and when.precision == "day"]
    return days[0] if len(days) == 1 else None


def _byline(text: str, blocks: Sequence[Block]) -> str:
    for block in blocks:
        words = " ".join(text[block.start : block.end].split())
        if block.kind == "byline" and words.lower().startswith("by "):
            return words[3:].strip()
    return ""


def _host(capture: Capture) -> str:
    url = capture.hints.url or capture.origin
    host = (urlsplit(url).hostname or "") if "://" in url else ""
    return host.removeprefix("www.")


def _words_of(report: _Report, kinds: set[str]) -> str:
    return "\n".join(report.text[block.start : block.end] for block in report.blocks if block.kind in kinds)


def _refuse_empty(report: _Report) -> None:
    """Raise DocumentError for an error page and for a text too short to report anything."""
    words = len(_words_of(report, {"headline", "paragraph"}).split())
    errors = [block for block in report.blocks if block.reason == "error message"]
    if errors and words < MIN_WORDS_BESIDE_ERROR:
        shown = " ".join(report.text[errors[0].start : errors[0].end].split())
        raise DocumentError(
            f"This page is only an error message (“{shown[:100]}”).",
            remedy="Look for an archived copy of the page, or give the report's text.",
        )
    if words < MIN_WORDS:
        raise DocumentError(
            f"There is no text of a report in it ({words} words, furniture left out).",
            remedy="Check that the whole report was given, not a preview or an empty page.",
        )


def _too_long() -> DocumentError:
    return DocumentError(
        f"The text is longer than {MAX_CHARACTERS:,} characters: more than one report.",
        remedy="Split it into its reports, for example as JSON lines.",
    )
