"""Expressions that name a date by the calendar: days, months, seasons, years, and stretches of days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from re import Match

from heldby.dates.calendar import Interval, month_of, safe_day, shift, shift_months, stage_of, until_anchor
from heldby.dates.words import (
    DASH,
    DAY,
    FULL_MONTH,
    MONTH,
    ORDINALS,
    SEASONS,
    STAGE,
    WEEKDAY,
    YEAR,
    month_number,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression is resolved against: the anchor day, if known, and the clause's tense."""

    anchor: date | None
    tense: str = "past"

    @property
    def future(self) -> bool:
        """Tell whether the clause speaks of what is to come."""
        return self.tense == "future"


Resolve = Callable[[Match[str], Scope], Interval | None]


def _day(text: str) -> int:
    return int("".join(character for character in text if character.isdigit()))


def _year_for(month: int, day: int, scope: Scope) -> int | None:
    """Return the year that puts a month and day on the past (or, told as future, the coming) side of the anchor."""
    if scope.anchor is None:
        return None
    year = scope.anchor.year
    if scope.future:
        return year + 1 if (month, day) < (scope.anchor.month, scope.anchor.day) else year
    return year - 1 if (month, day) > (scope.anchor.month, scope.anchor.day) else year


def full_date(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve a day, month and year."""
    found = safe_day(int(match["year"]), month_number(match["month"]), _day(match["day"]))
    return Interval(found, found, "day", "is a date of the calendar") if found else None


def iso_date(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve year, month and day in figures, in this order."""
    found = safe_day(int(match["year"]), int(match["m"]), int(match["day"]))
    return Interval(found, found, "day", "is a date of the calendar") if found else None


def iso_month(match: Match[str], scope: Scope) -> Interval:
    """Resolve year and month in figures."""
    return Interval(*month_of(int(match["year"]), int(match["m"])), "month", "is a month of the calendar")


def numeric_date(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve two figures and a year; where both orders are possible, to the interval that holds both days."""
    first, second, year = int(match["a"]), int(match["b"]), int(match["year"])
    by_day, by_month = safe_day(year, second, first), safe_day(year, first, second)
    if match["sep"] == "." or by_month is None or by_day == by_month:
        return Interval(by_day, by_day, "day", "is a date, day first") if by_day else None
    if by_day is None:
        return Interval(by_month, by_month, "day", "is a date, month first")
    low, high = sorted((by_day, by_month))
    return Interval(low, high, "interval", "may be read day first or month first, so that it is one of two days")


def day_of_month(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve a month and a day by the anchor's year: the last such day, or the next one if told as future."""
    month, day = month_number(match["month"]), _day(match["day"])
    year = _year_for(month, day, scope)
    found = safe_day(year, month, day) if year else None
    side = "next" if scope.future else "last"
    return Interval(found, found, "day", f"is the {side} such day seen from {scope.anchor}") if found else None


def day_range(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve two days of one month, with or without the year."""
    month, first, last = month_number(match["month"]), _day(match["day"]), _day(match["last"])
    year = int(match["year"]) if match["year"] else _year_for(month, first, scope)
    start, end = (safe_day(year, month, first), safe_day(year, month, last)) if year else (None, None)
    if start is None or end is None or start > end:
        return None
    found = Interval(start, end, "interval", "names the first and the last day", True, start, end)
    return found if match["year"] else until_anchor(found, anchor=scope.anchor, tense=scope.tense)


def month_and_year(match: Match[str], scope: Scope) -> Interval:
    """Resolve a month of a year, or an early, middle or late part of it."""
    span = month_of(int(match["year"]), month_number(match["month"]))
    if match["stage"]:
        return Interval(*stage_of(span, match["stage"]), "interval", "is that part of the month")
    return Interval(*span, "month", "is a month of the calendar")


def month_alone(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve a month by the anchor: the last one that began, or the next one if told as future."""
    if scope.anchor is None:
        return None
    month, which = month_number(match["month"]), (match["which"] or "").lower()
    ahead = scope.future or which in {"next", "this coming"}
    year = _year_for(month, 31 if ahead else 1, Scope(scope.anchor, "future" if ahead else "past"))
    if year is None or not 2 <= year <= 9998:
        return None
    if which == "last" and (year, month) == (scope.anchor.year, scope.anchor.month):
        year -= 1
    span = month_of(year, month)
    stage = match["stage"]
    side = "next" if ahead else "last"
    why = f"is the {side} {match['month'].capitalize()} seen from {scope.anchor}"
    found = Interval(*stage_of(span, stage), "interval", why) if stage else Interval(*span, "month", why)
    if ahead:
        return found
    cut = until_anchor(found, anchor=scope.anchor, tense="past")
    # "late May", told on 3 May as past, can only be the year before.
    return cut or Interval(*stage_of(month_of(year - 1, month), stage), "interval", why)


def year_alone(match: Match[str], scope: Scope) -> Interval:
    """Resolve a year, or an early, middle or late part of it."""
    year = int(match["year"])
    span = date(year, 1, 1), date(year, 12, 31)
    if match["stage"]:
        return Interval(*stage_of(span, match["stage"]), "interval", "is that part of the year")
    return Interval(*span, "year", "is a year of the calendar")


def year_range(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve two years joined by a dash."""
    first, last = int(match["year"]), int(match["last"])
    if last < first:
        return None
    start, end = date(first, 1, 1), date(last, 12, 31)
    return Interval(start, end, "interval", "names two years", True, date(first, 12, 31), date(last, 1, 1))


def decade(match: Match[str], scope: Scope) -> Interval:
    """Resolve "the 1980s"."""
    year = int(match["year"])
    return Interval(date(year, 1, 1), date(year + 9, 12, 31), "interval", "is a decade")


def season_span(year: int, season: str) -> tuple[date, date]:
    """Return a northern season's first and last day; winter is that which begins in December of the year."""
    start = date(year, SEASONS[season], 1)
    return start, shift(shift_months(start, 3), -1)


def season_of_year(match: Match[str], scope: Scope) -> Interval:
    """Resolve a season of a year (northern half of the Earth); a winter may be the one on either side."""
    year, season = int(match["year"]), match["season"].lower()
    start, end = season_span(year, season)
    if season == "winter":
        start = date(year, 1, 1)
    if match["stage"]:
        return Interval(*stage_of((start, end), match["stage"]), "interval", "is that part of the season")
    return Interval(start, end, "season", "is a season, counted as on the northern half of the Earth")


def portion(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve a numbered week or quarter, or the first or last days, of a month or a year."""
    number, unit = ORDINALS[match["number"].lower()], match["unit"].lower().rstrip("s")
    year = int(match["year"]) if match["year"] else None
    if match["month"]:
        month = month_number(match["month"])
        year = year or _year_for(month, 1, scope)
        span = month_of(year, month) if year and 1 <= year <= 9999 else None
    else:
        span = (date(year, 1, 1), date(year, 12, 31)) if year else None
    if span is None:
        return None
    length = {"day": 5, "week": 7, "quarter": 91, "month": 30}[unit]
    start = shift(span[1], 1 - length) if number < 0 else shift(span[0], (number - 1) * length)
    end = min(span[1], shift(start, length - 1))
    if start > end:
        return None
    found = Interval(start, end, "week" if unit == "week" else "interval", f"is that {unit} of the month or year")
    return found if match["year"] else until_anchor(found, anchor=scope.anchor, tense=scope.tense)


def worded_day(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve "the first of April", "the last day of May 2015": a day told by its number in words."""
    month, number = month_number(match["month"]), ORDINALS[match["number"].lower()]
    year = int(match["year"]) if match["year"] else _year_for(month, max(1, number), scope)
    if year is None or not 1 <= year <= 9999:
        return None
    found = month_of(year, month)[1] if number < 0 else safe_day(year, month, number)
    return Interval(found, found, "day", "is that day of the month") if found else None


_WEEKDAY_BEFORE = rf"(?:{WEEKDAY},?\s+(?:the\s+)?)?"
_YEAR_FIRST = rf"(?P<year>{YEAR})(?P<sep>[-/.])(?P<m>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})"
_YEAR_LAST = rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<year>{YEAR})"
_STAGED = rf"(?:(?P<stage>{STAGE})[\s-]+)?"

# (name, kind, may be looked for in running text, pattern, how it is resolved)
ABSOLUTE: tuple[tuple[str, str, bool, str, Resolve], ...] = (
    (
        "iso date",
        "absolute",
        True,
        _YEAR_FIRST,
        iso_date,
    ),
    ("iso month", "absolute", False, rf"(?P<year>{YEAR})-(?P<m>0[1-9]|1[0-2])", iso_month),
    (
        "figures",
        "absolute",
        True,
        _YEAR_LAST,
        numeric_date,
    ),
    (
        "day month year",
        "absolute",
        True,
        rf"{_WEEKDAY_BEFORE}(?P<day>{DAY})(?:\s+of)?(?:\s+|{DASH})(?P<month>{MONTH}),?(?:\s+|{DASH})(?P<year>{YEAR})",
        full_date,
    ),
    (
        "month day year",
        "absolute",
        True,
        rf"{_WEEKDAY_BEFORE}(?P<month>{MONTH})\s+(?:the\s+)?(?P<day>{DAY}),?\s+(?P<year>{YEAR})",
        full_date,
    ),
    (
        "days of a month",
        "absolute",
        True,
        rf"(?P<month>{MONTH})\s+(?P<day>{DAY})\s*(?:{DASH}|to|and|or)\s*(?P<last>{DAY})(?:,?\s+(?P<year>{YEAR}))?",
        day_range,
    ),
    (
        "days before a month",
        "absolute",
        True,
        rf"(?P<day>{DAY})\s*(?:{DASH}|to|and|until|or)\s*(?P<last>{DAY})\s+(?P<month>{MONTH})(?:,?\s+(?P<year>{YEAR}))?",
        day_range,
    ),
    # Not after "in": commas may have been stripped from "in May, 10 people were killed".
    (
        "month day",
        "absolute",
        True,
        rf"(?<!in\s){_WEEKDAY_BEFORE}(?P<month>{MONTH})\s+(?:the\s+)?(?P<day>{DAY})(?![,.:]?\d)",
        day_of_month,
    ),
    (
        "day month",
        "absolute",
        True,
        rf"{_WEEKDAY_BEFORE}(?P<day>{DAY})(?:\s+of)?(?:\s+|{DASH})(?P<month>{MONTH})",
        day_of_month,
    ),
    (
        "worded day",
        "absolute",
        True,
        r"(?:the\s+)?(?P<number>first|second|third|fourth|last)(?:\s+day)?\s+of\s+"
        rf"(?P<month>{FULL_MONTH})(?:,?\s+(?P<year>{YEAR}))?",
        worded_day,
    ),
    ("month year", "absolute", True, rf"{_STAGED}(?P<month>{MONTH}),?\s+(?:of\s+)?(?P<year>{YEAR})", month_and_year),
    (
        "month",
        "absolute",
        True,
        rf"(?:(?P<which>last|this|next|this\s+past|this\s+coming)\s+)?{_STAGED}(?P<month>{FULL_MONTH})",
        month_alone,
    ),
    (
        "season of a year",
        "absolute",
        True,
        rf"{_STAGED}(?:the\s+)?(?P<season>spring|summer|autumn|fall|winter)(?:\s+of)?\s+(?P<year>{YEAR})",
        season_of_year,
    ),
    ("years", "absolute", True, rf"(?P<year>{YEAR}){DASH}(?P<last>{YEAR})", year_range),
    ("decade", "absolute", True, r"the\s+(?P<year>(?:19|20)\d0)['’]?s", decade),
    ("year", "absolute", True, rf"{_STAGED}(?P<year>{YEAR})", year_alone),
    (
        "portion",
        "absolute",
        True,
        r"(?:the\s+)?(?P<number>first|second|third|fourth|last|final)\s+(?:few\s+)?(?P<unit>days?|week|quarter|month)\s+of\s+"
        rf"(?={MONTH}|{YEAR})(?:(?P<month>{MONTH}),?)?(?:\s*(?P<year>{YEAR}))?",
        portion,
    ),
)
