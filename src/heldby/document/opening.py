"""The head and the tail of a text that came as one paragraph: date, title and names before the first sentence.

Nothing is changed or moved: the paragraph is cut into blocks at offsets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from heldby.document.drafts import Draft, trim
from heldby.document.rules import DocumentRules, Rule
from heldby.document.written_date import WrittenDate, read_opening_date

MAX_STEPS = 6
MIN_TITLE_CHARACTERS = 8
MIN_TITLE_WORDS = 5
MAX_NAMES_CHARACTERS = 120
TAIL_CHARACTERS = 1_500
MAX_BYLINE_CHARACTERS = 300
MAX_DATELINE_CHARACTERS = 90

_SPACE = re.compile(r"\s*")
_TITLE_ENDS = (" | ", " - ", " – ", " — ", " :: ", " » ", "- ")
_TITLE_LABEL = re.compile(r"title:\s*", re.IGNORECASE)
_AFTER_TITLE = re.compile(r"\s*[.:!?|–—-]*(?=\s|$)")
_NAMES = re.compile(r"by\s+(?-i:[A-Z])", re.IGNORECASE)
_WORD_START = re.compile(r"\b\w")
_DATELINE_PLACE = re.compile(r"[A-Z][A-Z’' .-]{2,40}(?:,\s*[A-Z][\w. ]{2,20})?,?\s*(?:\([^)]{2,30}\)\s*[,–—-]?\s*)?")
_DATELINE_END = re.compile(r"\s*(?:\([^)]{2,40}\)\s*)?(?:[–—:]|-{1,2}\s)|\s*\([^)]{2,40}\)")
_TAIL_GAP = re.compile(r"(?<=[.!?…\"”’)\]])\s*|\s+(?=[-–—])")
_ANY_GAP = re.compile(r"\s+")


@dataclass(slots=True)
class _Head:
    """What has been cut off so far, and where the rest begins."""

    at: int
    drafts: list[Draft] = field(default_factory=list)
    date: WrittenDate | None = None
    titled: bool = False


def title_variants(title: str) -> list[str]:
    """Return a title and the title without the parts that name the site, longest first."""
    rest = _TITLE_LABEL.sub("", title).strip()
    found = [rest, *(rest.partition(mark)[2] for mark in _TITLE_ENDS[:3])]
    for mark in _TITLE_ENDS:
        while mark in rest:
            rest = rest.rpartition(mark)[0].strip()
            found.append(rest)
    return [variant for variant in dict.fromkeys(found) if len(letters(variant)) >= MIN_TITLE_CHARACTERS]


def letters(text: str) -> str:
    """Return the letters and digits of a text, in lower case: by them titles are compared."""
    return "".join(character for character in text.casefold() if character.isalnum())


def find_title(text: str, start: int, end: int, *, title: str) -> int:
    """Return the offset where the title, standing at `start`, ends, or -1; punctuation and case do not count.

    Titles often end with the word of a source ("...: monitor") that the text leaves out: up to two words may be
    missing where a new sentence visibly begins.
    """
    for variant in title_variants(title):
        stop = _end_of(text, start, end, variant)
        if stop >= 0:
            return stop
    for variant in title_variants(title):
        words = variant.split()
        for missing in (1, 2):
            if len(words) - missing < MIN_TITLE_WORDS:
                break
            stop = _end_of(text, start, end, " ".join(words[:-missing]))
            following = text[stop : stop + 4].strip(" \"“‘'") if stop >= 0 else ""
            if following and (following[0].isupper() or following[0].isdigit()):
                return stop
    return -1


def _end_of(text: str, start: int, end: int, title: str) -> int:
    wanted = letters(title)
    position, found = start, 0
    limit = min(end, start + 2 * len(title) + MIN_TITLE_CHARACTERS)
    while position < limit and found < len(wanted):
        piece = letters(text[position])
        if piece and not wanted.startswith(piece, found):
            return -1
        found += len(piece)
        position += 1
    if found < len(wanted) or (position < len(text) and text[position].isalnum()):
        return -1
    match = _AFTER_TITLE.match(text, position, end)
    return match.end() if match else position


def cut_opening(
    text: str, start: int, end: int, *, title: str, rules: DocumentRules
) -> tuple[list[Draft], int, WrittenDate | None]:
    """Cut date, title and names off the head of a paragraph.

    Returns their blocks, where the rest begins, and the date found.
    """
    head = _Head(start)
    for _ in range(MAX_STEPS):
        before = head.at
        head.at = _skip(text, head.at, end)
        done = head.at < end and (
            _cut_date(text, end, head, rules)
            or _cut_title(text, end, head, title)
            or _cut_label(text, end, head, rules)
        )
        if not done:
            head.at = before if head.at >= end else head.at
            break
    return head.drafts, head.at, head.date


def _skip(text: str, at: int, end: int) -> int:
    match = _SPACE.match(text, at, end)
    return match.end() if match else at


def _cut_date(text: str, end: int, head: _Head, rules: DocumentRules) -> bool:
    """Cut a date, with the label or agency before it and the remains of the page after it."""
    if head.date is not None:
        return False
    at = head.at
    label = rules.labels.match(text, at, end)
    agency = None if label else rules.agencies.match(text, at, end)
    for match in (label, agency):
        at = _skip(text, match.end(), end) if match else at
    at += text.startswith((":", "|", "-"), at)
    found = read_opening_date(text, _skip(text, at, end))
    if found is None or found.end > end or not _stands_alone(text, found.end, labelled=bool(label)):
        return False
    stop = found.end
    while match := rules.after.match(text, _skip(text, stop, end), end):
        stop = match.end()
    head.date = found
    head.drafts.append(Draft(start=head.at, end=stop, kind="byline", reason="date of the report"))
    head.at = stop
    return True


def _stands_alone(text: str, end: int, *, labelled: bool) -> bool:
    """Tell a date that stands before a report from one that opens its first sentence ("12 May 2016 saw ...")."""
    rest = text[end : end + MAX_NAMES_CHARACTERS].lstrip(" .|)-–—")
    if labelled or not rest or _NAMES.match(rest) or _TITLE_LABEL.match(rest):
        return True
    return not (rest[0].islower() or rest[0] == ",")


def _cut_label(text: str, end: int, head: _Head, rules: DocumentRules) -> bool:
    """Cut words of the page that stand before the date or the title ("title:", "Print this page")."""
    match = rules.before.match(text, head.at, end)
    if match is None or match.end() == head.at:
        return False
    draft = Draft(start=head.at, end=match.end(), kind="furniture", reason="words of the page before the report")
    head.drafts.append(draft)
    head.at = match.end()
    return True


def _cut_title(text: str, end: int, head: _Head, title: str) -> bool:
    if head.titled or not title:
        return False
    stop = find_title(text, head.at, end, title=title)
    names = _NAMES.match(text, head.at, end)
    if stop < 0 and names:
        return _cut_names_and_title(text, end, head, title)
    if stop < 0:
        return False
    head.drafts.append(Draft(start=head.at, end=stop, kind="headline", reason="the title of the report"))
    head.at, head.titled = stop, True
    return True


def _cut_names_and_title(text: str, end: int, head: _Head, title: str) -> bool:
    """Cut "by A. B. and C. D." where the title follows within a few words."""
    for at in range(head.at + 3, min(end, head.at + MAX_NAMES_CHARACTERS)):
        if text[at - 1].isspace() and not text[at].isspace():
            stop = find_title(text, at, end, title=title)
            if stop >= 0:
                names = trim(text, head.at, at)
                head.drafts.append(Draft(start=names[0], end=names[1], kind="byline", reason="names of the writers"))
                head.drafts.append(Draft(start=at, end=stop, kind="headline", reason="the title of the report"))
                head.at, head.titled = stop, True
                return True
    return False


def find_date(text: str, start: int, end: int) -> WrittenDate | None:
    """Return the first full date within a short block such as a byline, or None."""
    for match in _WORD_START.finditer(text, start, min(end, start + MAX_BYLINE_CHARACTERS)):
        found = read_opening_date(text, match.start())
        if found is not None and found.end <= end:
            return found
    return None


def read_dateline(text: str, start: int, end: int) -> WrittenDate | None:
    """Return the full date in the dateline of a paragraph ("BEIRUT, Dec 11, 2016 (Agency) - ..."), or None."""
    for match in _WORD_START.finditer(text, start + 1, min(end, start + MAX_DATELINE_CHARACTERS)):
        found = read_opening_date(text, match.start())
        if found is not None:
            place = _DATELINE_PLACE.fullmatch(text, start, match.start())
            return found if place and _DATELINE_END.match(text, found.end, end) else None
    return None


def cut_tail(text: str, start: int, end: int, *, rules: DocumentRules) -> list[Draft]:
    """Return the blocks of what follows the last sentence of a report within its last paragraph, if anything."""
    # A tail is a tail: what stands in the first quarter of a paragraph, or opens it, cuts nothing off.
    low = max(start + (end - start) // 4, end - TAIL_CHARACTERS)
    found: list[Draft] = []
    at = low - 1
    # After the first of them no sentence of the report follows: the next may begin at any word.
    while at + 1 < end and (gap := (_ANY_GAP if found else _TAIL_GAP).search(text, at + 1, end)):
        at = gap.end()
        tail = _tail_at(text, at, end, rules)
        if tail is not None and (not found or found[-1].reason != tail.reason):
            found.append(Draft(start=at, end=end, kind=tail.kind, reason=tail.reason))
    if not found or _tail_at(text, start, end, rules) is not None:
        return []
    stops = [draft.start for draft in found[1:]] + [end]
    trimmed = [trim(text, draft.start, stop) for draft, stop in zip(found, stops, strict=True)]
    return [replace(draft, start=a, end=b) for draft, (a, b) in zip(found, trimmed, strict=True) if a < b]


def _tail_at(text: str, at: int, end: int, rules: DocumentRules) -> Rule | None:
    fitting = (tail for tail in rules.tails if any(pattern.match(text, at, end) for pattern in tail.patterns))
    return next(fitting, None)
