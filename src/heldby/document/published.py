"""When a report was published: what was said about it, else its page, else its text, else bounds from the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from heldby.document.bounds import infer_bounds
from heldby.document.rules import DocumentRules
from heldby.document.written_date import WrittenDate, read_date, read_url_date
from heldby.records import Block, Capture, When
from heldby.records.document import DateFrom

EARLIEST = date(1900, 1, 1)
# Clocks differ by up to a day around the world: a report may bear tomorrow's date where it was captured.
CLOCK_SLACK = timedelta(days=1)
GIVERS: dict[str, str] = {"user": "the user", "record": "the record", "feed": "the feed"}


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date that was found, and where: `how` completes "the date is that of ..."."""

    written: WrittenDate | None
    origin: DateFrom
    how: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """The days of publication, how they were found, and the aware time where one was given."""

    when: When
    origin: DateFrom
    at: datetime | None


def find_published(
    capture: Capture,
    found: Iterable[DateFound],
    *,
    text: str,
    blocks: Sequence[Block],
    rules: DocumentRules,
) -> Published:
    """Return when a report was published.

    In this order: the hint of the user, record or feed; `found` (page, then text) in its order; the date in the
    address; bounds inferred from the text. A date that cannot be read or cannot be (before 1900, after the capture)
    is passed over, and the reason of the result says so. The capture's own day is never taken for the date.
    """
    captured = capture.fetched_at.astimezone(UTC).date()
    notes: list[str] = []
    usable: list[DateFound] = []
    for one in [*_hinted(capture), *found, *_addressed(capture)]:
        problem = _problem(one, captured)
        notes.extend([problem] if problem else [])
        usable.extend([one] if not problem and one.written is not None else [])
    if usable:
        return _settled(usable, captured, notes)
    when = infer_bounds(text, blocks, captured=captured, rules=rules)
    origin: DateFrom = "unknown" if when.earliest is None else "inferred"
    return Published(replace(when, reason=" ".join([*notes, when.reason])), origin, None)


def known_at(published: Published, capture: Capture) -> datetime:
    """Return from when a report could be known: its time or the end of its last day, never later than the capture.

    A report whose date is only inferred counts as known when it was captured.
    """
    fetched = capture.fetched_at.astimezone(UTC)
    if published.origin in {"inferred", "unknown"} or published.when.latest is None:
        return fetched
    end_of_day = datetime.combine(published.when.latest, time(23, 59, 59), UTC)
    return min((published.at or end_of_day).astimezone(UTC), fetched)


def _hinted(capture: Capture) -> list[DateFound]:
    given = capture.hints.published
    if not given:
        return []
    by = capture.hints.given_by
    origin = cast(DateFrom, by) if by in GIVERS else "record"
    return [DateFound(read_date(given), origin, GIVERS.get(by, "the record"), given)]


def _addressed(capture: Capture) -> list[DateFound]:
    url = capture.hints.url or capture.origin
    written = read_url_date(url) if "://" in url else None
    return [DateFound(written, "page", "the address of the page")] if written else []


def _problem(one: DateFound, captured: date) -> str:
    """Return why a date cannot be used, as a sentence for a reader, or ""."""
    if one.written is None:
        return f"The date “{one.raw[:60]}” given by {one.how} cannot be read and is not used." if one.raw else ""
    days = one.written.when
    shown = one.raw[:60] or days.expression or days.iso()
    if days.earliest is None or days.earliest > captured + CLOCK_SLACK:
        return f"The date “{shown}” of {one.how} lies after the capture and is not used."
    if days.earliest < EARLIEST:
        return f"The date “{shown}” of {one.how} is too early to be one of publication and is not used."
    return ""


def _settled(usable: Sequence[DateFound], captured: date, notes: list[str]) -> Published:
    """Take the first date; the others are only compared with it, and where one differs the reason says so."""
    best = usable[0]
    written = cast(WrittenDate, best.written)
    days = written.when
    latest = min(days.latest, captured + CLOCK_SLACK) if days.latest else captured
    others = [
        f"But {one.how} gives {one.written.when.iso()}." for one in usable[1:] if one.written and _differs(one, days)
    ]
    parts = [*notes, f"The date is that of {best.how}.", days.reason, *dict.fromkeys(others)]
    return Published(replace(days, latest=latest, reason=" ".join(filter(None, parts))), best.origin, written.at)


def _differs(one: DateFound, days: When) -> bool:
    """Tell whether two dates share no day, the day before and after counted in (clocks differ around the world)."""
    other = cast(WrittenDate, one.written).when
    if None in (other.earliest, other.latest, days.earliest, days.latest):
        return False
    first, last = cast(date, days.earliest), cast(date, days.latest)
    return cast(date, other.latest) + CLOCK_SLACK < first or last + CLOCK_SLACK < cast(date, other.earliest)
