"""Arithmetic on days that stays inside the calendar: nothing here raises for an odd date, it clamps or is None."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from heldby.records.time import Precision

FIRST_YEAR, LAST_YEAR = 1900, 2099


@dataclass(frozen=True, slots=True)
class Interval:
    """Days `start` to `end` (None: open) with a precision, and the half sentence that explains them.

    `start_latest`/`end_earliest` bound an uncertain start and end where the whole interval is meant (`spans`).
    """

    start: date | None
    end: date | None
    precision: Precision
    why: str
    spans: bool = False
    start_latest: date | None = None
    end_earliest: date | None = None


def safe_day(year: int, month: int, day: int) -> date | None:
    """Return the day, or None where the calendar has no such day or the year is outside 1900 to 2099."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def shift(day: date, days: int) -> date:
    """Return the day so many days later (or earlier), not beyond the calendar's own ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def shift_months(day: date, months: int) -> date:
    """Return the same day so many months later (or earlier), or the month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return date.max if months > 0 else date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shift_units(day: date, count: int, unit: str) -> date:
    """Return the day so many units ("day", "week", "month", "year", ...) later, or earlier for a negative count."""
    months = {"month": 1, "year": 12, "decade": 120}
    if unit in months:
        return shift_months(day, count * months[unit])
    if unit in {"hour", "minute"}:
        hours = abs(count) / (1 if unit == "hour" else 60)
        days = round(hours / 24 + 0.49) if hours > 1 else 0
        return shift(day, days if count > 0 else -days)
    return shift(day, count * {"day": 1, "week": 7, "fortnight": 14}[unit])


def month_of(year: int, month: int) -> tuple[date, date]:
    """Return the first and the last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday and the Sunday of the day's week."""
    monday = shift(day, -day.weekday())
    return monday, shift(monday, 6)


def stage_of(span: tuple[date, date], stage: str) -> tuple[date, date]:
    """Return the part of a month, year or season that "early", "mid", "late", "the end of" or a half of it names.

    Thirds for a month; for longer spans "early" and "late" reach over four and three months, as readers of news
    take them; "the beginning of" and "the end of" cover the outer sixth of a year, a third of a month.
    """
    start, end = span
    words = stage.lower().split()
    days = (end - start).days + 1
    short = days <= 31
    if "half" in words:
        middle = shift(start, days // 2)
        return (start, shift(middle, -1)) if "first" in words else (middle, end)
    if "early" in words:
        return start, shift(start, 9 if short else days // 3)
    if "late" in words:
        return shift(end, -(9 if short else days // 4)), end
    if "beginning" in words or "start" in words:
        return start, shift(start, (days // 3 if short else days // 6) - 1)
    if "end" in words:
        return shift(end, -((days // 3 if short else days // 6) - 1)), end
    return shift(start, days // 3), shift(end, -(days // 3))


def until_anchor(interval: Interval, *, anchor: date | None, tense: str) -> Interval | None:
    """Cut an interval off at the anchor for what is told as past; None where all of it lies after the anchor."""
    if anchor is None or tense == "future" or interval.end is None or interval.end <= anchor:
        return interval
    if interval.start is not None and interval.start > anchor:
        return None
    return replace(interval, end=anchor)
