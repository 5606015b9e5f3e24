"""Plain text into blocks; the document's text is the captured text itself, so that offsets are the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from heldby.document.drafts import Draft
from heldby.document.opening import cut_opening, cut_tail, find_date, find_title, read_dateline
from heldby.document.paragraphs import find_paragraphs
from heldby.document.rules import DocumentRules
from heldby.document.written_date import WrittenDate
from heldby.errors import DocumentError

MIN_HEADLINE_WORDS = 3
MAX_HEADLINE_WORDS = 30
MAX_STRAY_WORDS = 6
MIN_PARAGRAPH_WORDS = 8
LAST_BLOCKS = 8
MAX_BLOCKS = 10_000

_STOP = re.compile(r"[.!?…;:]['\"”’)\]]*$")
_FULL_STOP = re.compile(r"[.…;:]['\"”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Cut:
    """The blocks of a text, in order, and the date that stands at its head."""

    drafts: tuple[Draft, ...]
    date: WrittenDate | None = None


def cut_text(text: str, *, title: str, rules: DocumentRules) -> Cut:
    """Return the blocks of a plain text: headline, bylines, captions, furniture, and paragraphs for all the rest.

    Raises DocumentError for a text of more than MAX_BLOCKS paragraphs.
    """
    whole = [Draft(start=start, end=end) for start, end in find_paragraphs(text)]
    if len(whole) > MAX_BLOCKS:
        raise DocumentError(
            f"The text has more than {MAX_BLOCKS:,} paragraphs: it is a list or many reports in one.",
            remedy="Split it into its reports, for example as JSON lines.",
        )
    # First the tails: a legal notice behind the last sentence must not make furniture of a whole short report.
    drafts = [_judged(text, draft, rules) for draft in _close_off(text, whole, rules=rules)]
    drafts, date = _open_up(text, drafts, title=title, rules=rules)
    drafts = mark_headline(text, drafts, title=title)
    return Cut(tuple(mark_strays(text, drafts)), date)


def _judged(text: str, draft: Draft, rules: DocumentRules) -> Draft:
    judged = rules.judge(text[draft.start : draft.end]) if draft.kind is None else None
    return replace(draft, kind=judged[0], reason=judged[1]) if judged else draft


def _open_up(
    text: str, drafts: list[Draft], *, title: str, rules: DocumentRules
) -> tuple[list[Draft], WrittenDate | None]:
    """Cut dates and the title off the heads of the first blocks, down to the first paragraph."""
    opened: list[Draft] = []
    date: WrittenDate | None = None
    for position, draft in enumerate(drafts):
        if draft.kind is not None:
            opened.append(draft)
            if draft.kind == "byline":
                date = date or find_date(text, draft.start, draft.end)
            continue
        heads, rest, found = cut_opening(text, draft.start, draft.end, title=title, rules=rules)
        date = date or found or read_dateline(text, rest, draft.end)
        opened.extend(heads)
        if rest < draft.end:
            opened.append(replace(draft, start=rest))
        if rest < draft.end and is_paragraph(text, draft):
            return opened + drafts[position + 1 :], date
    return opened, date


def _close_off(text: str, drafts: list[Draft], *, rules: DocumentRules) -> list[Draft]:
    """Cut what follows the report off the ends of its last blocks."""
    closed = drafts[:-LAST_BLOCKS]
    for draft in drafts[-LAST_BLOCKS:]:
        tails = cut_tail(text, draft.start, draft.end, rules=rules)
        stop = tails[0].start if tails else draft.end
        kept = len(text[draft.start : stop].rstrip())
        closed.extend([replace(draft, end=draft.start + kept)] if kept else [])
        closed.extend(tails)
    return closed


def mark_headline(text: str, drafts: Sequence[Draft], *, title: str) -> list[Draft]:
    """Mark the headline: the block that is the title, or the first sentence-like line before the first paragraph."""
    marked = list(drafts)
    if any(draft.kind == "headline" for draft in marked):
        return marked
    for position, draft in enumerate(marked):
        if title and draft.kind is None and find_title(text, draft.start, draft.end, title=title) >= draft.end:
            marked[position] = replace(draft, kind="headline", reason="the title of the report")
            return marked
    for position, draft in enumerate(marked):
        if draft.kind is not None:
            continue
        if is_paragraph(text, draft):
            break
        if _is_headline(text, draft) and _is_followed(marked[position + 1 :]):
            marked[position] = replace(draft, kind="headline", reason="the first line before the report")
            break
    return marked


def _is_headline(text: str, draft: Draft) -> bool:
    words = text[draft.start : draft.end].split()
    return MIN_HEADLINE_WORDS <= len(words) <= MAX_HEADLINE_WORDS and not _FULL_STOP.search(words[-1])


def _is_followed(rest: Sequence[Draft]) -> bool:
    return any(draft.kind is None for draft in rest)


def is_paragraph(text: str, draft: Draft) -> bool:
    """Tell whether a block is a paragraph by its form: several words with a stop at their end, or very many."""
    words = text[draft.start : draft.end].split()
    return len(words) > MAX_HEADLINE_WORDS or (len(words) >= MIN_PARAGRAPH_WORDS and bool(_STOP.search(words[-1])))


def mark_strays(text: str, drafts: Sequence[Draft]) -> list[Draft]:
    """Mark short lines without a final stop above the headline and below the last paragraph; the rest is paragraphs.

    Nothing is marked in a text that has no paragraph: its short lines may be all that it says.
    """
    body = [at for at, draft in enumerate(drafts) if draft.kind is None and is_paragraph(text, draft)]
    heads = [at for at, draft in enumerate(drafts) if draft.kind == "headline"]
    first, last = (heads or [0])[0], (body or [len(drafts)])[-1]
    marked: list[Draft] = []
    for at, draft in enumerate(drafts):
        if draft.kind is None and body and (at < first or at > last) and _is_stray(text, draft):
            where = "above the headline" if at < first else "below the last paragraph"
            draft = replace(draft, kind="furniture", reason=f"short line without a final stop {where}")
        marked.append(draft if draft.kind else replace(draft, kind="paragraph"))
    return marked


def _is_stray(text: str, draft: Draft) -> bool:
    words = text[draft.start : draft.end].split()
    return len(words) <= MAX_STRAY_WORDS and not _STOP.search(words[-1])
