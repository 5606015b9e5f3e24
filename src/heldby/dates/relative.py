"""Expressions that name a day by its distance from another one: the anchor, mostly the day of the report."""

from __future__ import annotations

from datetime import date
from re import Match

from heldby.dates.absolute import Resolve, Scope, season_span
from heldby.dates.calendar import Interval, month_of, shift, shift_units, stage_of, week_of
from heldby.dates.words import (
    APPROXIMATELY,
    COUNT,
    DAY_PART,
    FULL_WEEKDAY,
    UNIT,
    count_of,
    weekday_number,
)

# How many days back "recent days", "recent weeks" and so on reach.
RECENT_DAYS = {"hour": 1, "day": 3, "week": 28, "month": 120, "year": 1095, "": 30}
_STEPS = (
    ("before yesterday", -2),
    ("yesterday", -1),
    ("last night", -1),
    ("last evening", -1),
    ("after tomorrow", 2),
    ("tomorrow", 1),
)


def weekday(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve a weekday: the last such day on or before the anchor, or the next one if told as future."""
    if scope.anchor is None:
        return None
    which, number = " ".join((match["which"] or "").lower().split()), weekday_number(match["weekday"])
    back = (scope.anchor.weekday() - number) % 7
    name = match["weekday"].capitalize()
    if (which in {"next", "this coming", "the coming"}) or (scope.future and "last" not in which):
        ahead = -back % 7
        found = shift(scope.anchor, ahead or (7 if which == "next" else 0))
        return Interval(found, found, "day", f"is the next {name} seen from {scope.anchor}")
    if back == 0 and ("last" in which or "previous" in which):
        back = 7
    found = shift(scope.anchor, -back)
    end = shift(found, 1) if (match["part"] or "").lower() == "overnight" and back else found
    return Interval(found, end, "day", f"is the last {name} on or before {scope.anchor}")


def named_day(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve today, yesterday, tomorrow, last night and their parts."""
    if scope.anchor is None:
        return None
    word = " ".join(match[0].lower().split())
    steps = (
        ("before yesterday", -2),
        ("yesterday", -1),
        ("last night", -1),
        ("last evening", -1),
        ("after tomorrow", 2),
    )
    step = next((days for cue, days in (*steps, ("tomorrow", 1)) if cue in word), 0)
    found = shift(scope.anchor, step)
    side = (
        "that day itself"
        if step == 0
        else f"{abs(step)} day{'s' * (abs(step) > 1)} {'before' if step < 0 else 'after'}"
    )
    return Interval(found, found, "day", f"is {side}, seen from {scope.anchor}")


def overnight(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve "overnight": the night that ended on the anchor's day."""
    if scope.anchor is None:
        return None
    return Interval(shift(scope.anchor, -1), scope.anchor, "day", f"is the night before {scope.anchor}")


def _calendar_unit(day: date, unit: str, step: int) -> tuple[date, date]:
    """Return the calendar's week, month, year or weekend so many steps from the one that holds the day."""
    if unit == "weekend":
        saturday = shift(day, -((day.weekday() - 5) % 7) + 7 * step)
        return saturday, shift(saturday, 1)
    moved = shift_units(day, step, unit)
    if unit == "week":
        return week_of(moved)
    if unit == "month":
        return month_of(moved.year, moved.month)
    if unit == "decade":
        return date(max(1, moved.year - moved.year % 10), 1, 1), date(
            min(9999, moved.year - moved.year % 10 + 9), 12, 31
        )
    return date(moved.year, 1, 1), date(moved.year, 12, 31)


def this_unit(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve this, last or next week, month, year or weekend, or an early, middle or late part of it."""
    if scope.anchor is None:
        return None
    which, unit, stage = (
        " ".join(match["which"].lower().split()),
        match["unit"].lower(),
        (match["stage"] or "").lower(),
    )
    back = which in {"last", "this past", "the previous", "the prior", "the preceding", "previous"}
    ahead = which in {"next", "the following", "the next", "the coming", "this coming"}
    current = which in {"this", "the same", "the current", "the", "that"}
    if unit == "weekend" and (back or (current and not scope.future)):
        span = _calendar_unit(scope.anchor, unit, -1 if back and scope.anchor.weekday() > 4 else 0)
    elif current and unit == "week" and not scope.future and scope.anchor.weekday() == 0:
        # A Monday's report of "this week" looks back on the days just past.
        span = shift(scope.anchor, -6), scope.anchor
    else:
        span = _calendar_unit(scope.anchor, unit, -1 if back else int(ahead))
    why = f"is the {unit} {'before that of' if back else 'after that of' if ahead else 'of'} {scope.anchor}"
    if stage not in {"", "earlier", "later"}:
        span = stage_of(span, stage)
    if current and not scope.future and stage != "later":
        span = min(span[0], scope.anchor), min(span[1], scope.anchor)
    if current and stage == "later":
        span = max(span[0], scope.anchor), span[1]
    precision = {"week": "week", "month": "month", "year": "year"}.get(unit, "interval")
    if stage or precision not in {"week", "month", "year"}:
        return Interval(*span, "interval", why)
    return Interval(*span, "week" if unit == "week" else "month" if unit == "month" else "year", why)


def _around(day: date, unit: str, fewest: int, most: int) -> tuple[date, date]:
    """Return the days that "N units" before or after may mean: exact for days, looser for longer units."""
    slack = {"week": 3, "fortnight": 3, "month": 15, "year": 182, "decade": 1826}.get(unit, 0)
    ends = shift_units(day, fewest, unit), shift_units(day, most, unit)
    return shift(min(ends), -slack), shift(max(ends), slack)


def ago(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve "two days ago": exact for days, with half a unit's slack for months and years."""
    if scope.anchor is None:
        return None
    unit = match["unit"].lower()
    fewest, most = count_of(match["count"] or "")
    start, end = _around(scope.anchor, unit, -fewest, -most)
    end = min(end, scope.anchor)
    words = " ".join(match[0].lower().split())
    return Interval(start, end, "day" if start == end else "interval", f"counts “{words}” back from {scope.anchor}")


def offset(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve "two days later", "a week earlier": counted from the anchor, which is then the other event's day."""
    if scope.anchor is None:
        return None
    unit, side = match["unit"].lower(), match["side"].lower()
    fewest, most = count_of(match["count"] or "")
    sign = -1 if side in {"earlier", "before", "previously"} else 1
    if not match["count"] and not match[0].lower().startswith("the "):
        fewest, most = 2, 8
    elif not match["count"]:
        fewest, most = 1, 1
    if unit == "hour":
        # Hours lead at most into the day beside it.
        low, high = sorted((scope.anchor, shift(scope.anchor, sign)))
        return Interval(low, high, "interval", f"counts hours from {scope.anchor}")
    start, end = _around(scope.anchor, unit, sign * fewest, sign * most)
    start, end = (start, min(end, scope.anchor)) if sign < 0 else (max(start, scope.anchor), end)
    return Interval(start, end, "day" if start == end else "interval", f"counts from {scope.anchor}")


def next_unit(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve "the next day", "the day before", "the following night": counted from the anchor."""
    if scope.anchor is None:
        return None
    words = match[0].lower().split()
    back = bool({"previous", "prior", "preceding", "before", "earlier"} & set(words))
    found = shift(scope.anchor, -1 if back else 1)
    return Interval(found, found, "day", f"is the day {'before' if back else 'after'} {scope.anchor}")


def recent(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve "in recent days" and "recently" to the stretch that a reader takes them for."""
    if scope.anchor is None:
        return None
    unit = (match.groupdict().get("unit") or "").lower()
    start = shift(scope.anchor, -RECENT_DAYS[unit])
    return Interval(start, scope.anchor, "interval", f"is taken as the stretch up to {scope.anchor}")


def past_stretch(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve "the past two weeks" to the stretch that ends on the anchor's day."""
    if scope.anchor is None:
        return None
    unit = match["unit"].lower()
    groups = match.groupdict()
    if groups.get("count"):
        most = count_of(groups["count"])[1]
    else:
        most = 3 if groups.get("plural") else 1
    if (match["ahead"] or "").lower() in {"next", "coming"}:
        end = shift_units(scope.anchor, most, unit)
        return Interval(scope.anchor, end, "interval", f"is the stretch that begins on {scope.anchor}")
    start = shift_units(scope.anchor, -most, unit)
    return Interval(start, scope.anchor, "interval", f"is the stretch that ends on {scope.anchor}")


def duration(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve "for 10 months" to the whole stretch of that length that ends on the anchor's day.

    Vague lengths ("for months") get the longest reading as `earliest` and the shortest as `start_latest`.
    """
    if scope.anchor is None:
        return None
    unit = match["unit"].lower()
    fewest, most = duration_bounds(match)
    longest, shortest = shift_units(scope.anchor, -most, unit), shift_units(scope.anchor, -fewest, unit)
    if scope.future:
        end = shift_units(scope.anchor, most, unit)
        return Interval(scope.anchor, end, "interval", f"is the stretch that begins on {scope.anchor}", True)
    why = f"is the stretch of that length that ends on {scope.anchor}"
    return Interval(longest, scope.anchor, "interval", why, True, shortest, scope.anchor)


def duration_bounds(match: Match[str]) -> tuple[int, int]:
    """Return the fewest and the most units that a duration stands for; vague plurals count as two to four."""
    count = match.groupdict().get("count")
    return count_of(count) if count else (2, 4)


def season_alone(match: Match[str], scope: Scope) -> Interval | None:
    """Resolve "last summer", "this spring" by the anchor."""
    if scope.anchor is None or not 3 <= scope.anchor.year <= 9990:
        return None
    which, season = " ".join(match["which"].lower().split()), match["season"].lower()
    ahead = which == "next" or scope.future
    spans = [season_span(year, season) for year in range(scope.anchor.year - 2, scope.anchor.year + 2)]
    if ahead:
        found = next(span for span in spans if span[1] >= scope.anchor)
        return Interval(*found, "season", f"is the next {season} seen from {scope.anchor}")
    begun = [span for span in spans if span[0] <= scope.anchor]
    running = begun[-1][1] >= scope.anchor
    found = begun[-2] if which == "last" and running else begun[-1]
    return Interval(found[0], min(found[1], scope.anchor), "season", f"is the last {season} seen from {scope.anchor}")


def no_time(match: Match[str], scope: Scope) -> None:
    """Resolve nothing: a recurring time is no interval."""


_LENGTH = rf"(?:{APPROXIMATELY}\s+)?(?:the\s+)?(?P<count>{COUNT})(?:\s+more)?(?:\s+|-)(?P<unit>{UNIT})s?(?:['’])?"
_EDGE = r"(?:(?:early|earlier|late|later)\s+(?:on\s+|in\s+)?)?"
_WHICH_DAY = r"last|this\s+past|this\s+coming|this|next|the\s+coming|the\s+previous|previous"
_WHICH_UNIT = (
    r"last|this\s+past|this\s+coming|this|next|the\s+previous|the\s+prior|the\s+preceding|the\s+following|the\s+next|"
    r"the\s+same|the\s+current|the\s+coming"
)
_STAGE_UNIT = (
    r"(?:(?P<stage>early|earlier|late|later|mid|the\s+end\s+of|the\s+start\s+of|the\s+beginning\s+of)[\s-]+)?"
)

RELATIVE: tuple[tuple[str, str, bool, str, Resolve], ...] = (
    (
        "weekday",
        "relative",
        True,
        rf"{_EDGE}(?:(?P<which>{_WHICH_DAY})\s+)?(?P<weekday>{FULL_WEEKDAY})s?(?:\s+(?P<part>{DAY_PART}))?(?:\s+last\s+week)?",
        weekday,
    ),
    (
        "named day",
        "relative",
        True,
        rf"{_EDGE}(?:the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow|today|tonight|"
        rf"(?:yesterday|tomorrow)s?(?:\s+{DAY_PART})?|this\s+(?:morning|afternoon|evening)|last\s+(?:night|evening))",
        named_day,
    ),
    (
        "that day",
        "relative",
        True,
        r"(?:earlier|later)\s+(?:in|that|on\s+that|in\s+the|the\s+same)\s+(?:the\s+)?(?:same\s+)?day|"
        r"(?:the|that)\s+same\s+day|that\s+day|during\s+the\s+day",
        named_day,
    ),
    ("overnight", "relative", True, r"overnight", overnight),
    (
        "this unit",
        "relative",
        True,
        rf"{_STAGE_UNIT}(?P<which>{_WHICH_UNIT})\s+(?P<unit>week|month|year|weekend|decade)(?![\s-]+old)",
        this_unit,
    ),
    ("weekend", "relative", True, rf"{_STAGE_UNIT}(?P<which>the)\s+(?P<unit>weekend)", this_unit),
    (
        "ago",
        "relative",
        True,
        rf"(?:{APPROXIMATELY}\s+)?(?:(?P<count>{COUNT})(?:\s+|-))?(?P<unit>{UNIT})s?\s+ago",
        ago,
    ),
    # Not after "for": "held it for 10 months before it fell" gives a length.
    (
        "offset",
        "relative",
        True,
        rf"(?<!for\s)(?:{APPROXIMATELY}\s+)?(?P<count>{COUNT})\s+(?P<unit>{UNIT})s?\s+(?P<side>later|earlier|afterwards?|after|before|previously)",
        offset,
    ),
    # "Days after losing it", "the month before": no count is said.
    (
        "vague offset",
        "relative",
        True,
        r"(?<![\w-]\s)(?P<count>)(?P<unit>hour|day|week|month|year|decade)s\s+"
        r"(?P<side>later|earlier|afterwards?|after|before|previously)",
        offset,
    ),
    (
        "unit before",
        "relative",
        True,
        r"the\s+(?P<count>)(?P<unit>week|month|year)\s+(?P<side>earlier|before)",
        offset,
    ),
    (
        "next day",
        "relative",
        True,
        r"(?:the\s+)?(?:next|following|previous|prior|preceding)\s+(?:day|morning|afternoon|evening|night)|"
        r"the\s+(?:day|night)\s+(?:before|after|earlier)",
        next_unit,
    ),
    ("recent", "relative", True, r"(?:these\s+)?recent\s+(?P<unit>hour|day|week|month|year)s", recent),
    ("recently", "relative", True, r"(?:just\s+|most\s+|more\s+)?recently|lately", recent),
    (
        "past stretch",
        "relative",
        True,
        rf"(?:the\s+|these\s+)?(?P<ahead>past|last|next|coming|preceding|previous)\s+(?:{APPROXIMATELY}\s+)?"
        rf"(?:(?P<count>{COUNT})\s+)?(?P<unit>hour|day|week|month|year|decade)(?P<plural>s)",
        past_stretch,
    ),
    (
        "past unit",
        "relative",
        True,
        r"(?:(?:over|during|in|within|for|throughout)\s+the\s+(?P<ahead>past|last)|the\s+past)\s+"
        r"(?P<unit>hour|day|week|month|year)",
        past_stretch,
    ),
    (
        "vague duration",
        "duration",
        True,
        r"for\s+(?:(?:many|some|about|nearly|almost|over)\s+)?(?P<unit>hour|day|week|month|year|decade)s",
        duration,
    ),
    ("duration", "duration", True, rf"(?:for\s+|in\s+|within\s+)?{_LENGTH}", duration),
    (
        "season",
        "relative",
        True,
        r"(?P<which>last|this|next|the\s+past|this\s+past|the\s+previous|in\s+the|(?<=since\s)the)\s+(?P<season>spring|summer|autumn|winter)",
        season_alone,
    ),
    ("the season", "relative", False, r"(?P<which>the)\s+(?P<season>spring|summer|autumn|winter)", season_alone),
    ("since then", "relative", True, r"since\s+then", no_time),
    (
        "recurring",
        "recurring",
        True,
        rf"(?:every|each)\s+(?:other\s+)?(?:{FULL_WEEKDAY}|day|night|morning|evening|week|month|year|few\s+{UNIT}s)|"
        rf"on\s+{FULL_WEEKDAY}s|daily|nightly|weekly|monthly|yearly|annually",
        no_time,
    ),
)
