"""Dates as publishers write them: beside a report, at its head, in its page and its address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

from heldby.dates.words import MONTHS, WEEKDAYS
from heldby.records import When

MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}
_MONTH = "(?P<mon>" + "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True)) + ")"
_WEEKDAY = (
    "(?:(?:" + "|".join(sorted((n for names in WEEKDAYS for n in names), key=len, reverse=True)) + r")[.,]?\s+)?"
)
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<y>(?:19|20|21)\d\d)(?!\d)"

_FORMS = tuple(
    re.compile(_WEEKDAY + form, re.IGNORECASE)
    for form in (
        rf"(?P<y>\d{{4}})-(?P<m>\d\d)-{_DAY}(?!\d)",
        rf"(?P<y>\d{{4}})/(?P<m>\d\d?)/{_DAY}(?!\d)",
        rf"{_DAY}(?:\s+of)?[\s-]+{_MONTH}\.?,?[\s-]+{_YEAR}",
        rf"{_MONTH}\.?\s*{_DAY}(?:,\s*|\s+){_YEAR}",
        rf"{_MONTH}\.?\s(?P<d>\d\d){_YEAR}",
        rf"{_DAY}(?P<sep>[./-])(?P<m>\d\d?)(?P=sep){_YEAR}",
    )
)
_MONTH_YEAR = re.compile(rf"{_MONTH}\.?,?\s+{_YEAR}", re.IGNORECASE)
_ISO_MONTH = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)")
_ISO_YEAR = re.compile(r"(?P<y>\d{4})")
_ZONE = r"(?P<zone>Z|(?:UTC|GMT)(?:\s?[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d\d:?\d\d)\b"
# Four digits without a colon are a time only after "at" or before a zone: "7 December 2016 1350 civilians" is none.
_TIMES = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:\s*[,|–-]\s*|\s+(?:at\s+)?|T)(?P<h>\d{{1,2}})[:.](?P<min>\d\d)(?::\d\d)?(?!\d)"
        rf"(?:\s*(?P<half>[ap]\.?m)\b\.?)?(?:\s*{_ZONE})?",
        rf"\s+at\s+(?P<h>\d\d)(?P<min>\d\d)(?!\d)(?P<half>)(?:\s*{_ZONE})?",
        rf"[\s,]+(?P<h>\d\d)(?P<min>\d\d)(?P<half>)\s*{_ZONE}",
    )
)
_URL_DATE = re.compile(r"/(?P<y>(?:19|20)\d\d)(?P<sep>[/-]?)(?P<m>\d\d)(?P=sep)(?P<d>\d\d)(?=[/_.-]|$)")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """The days that a written date names, the aware time where one was given, and where the words end."""

    when: When
    at: datetime | None = None
    end: int = 0


def read_date(text: str) -> WrittenDate | None:
    """Return what a whole string names as a date or date-time, or None: ISO, RFC 822 and the usual written forms."""
    words = " ".join(text.split())
    return _machine(words) or _written(words) or _coarse(words)


def read_opening_date(text: str, start: int) -> WrittenDate | None:
    """Return the full date that stands at an offset of a text, a time of day after it included, or None."""
    for form in _FORMS:
        match = form.match(text, start)
        when = _days(match) if match else None
        if match and when:
            return _with_time(text, match.end(), when)
    return None


def read_url_date(url: str) -> WrittenDate | None:
    """Return the day in the path of an address (`/2016/12/11/`, `/20161211-`), or None."""
    match = _URL_DATE.search(url.partition("?")[0])
    when = _days(match) if match else None
    return WrittenDate(when) if when else None


def _machine(words: str) -> WrittenDate | None:
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        found = None
    if found is None and re.match(r"(?:\w{3},\s*)?\d{1,2}\s\w{3}\s\d{4}\s\d", words):
        try:
            found = parsedate_to_datetime(words)
        except ValueError:
            return None
    if found is None:
        return None
    return WrittenDate(_day(found.date(), words), found if found.tzinfo else None, len(words))


def _written(words: str) -> WrittenDate | None:
    found = read_opening_date(words, 0)
    return found if found and not words[found.end :].strip(" .") else None


def _coarse(words: str) -> WrittenDate | None:
    month = _ISO_MONTH.fullmatch(words) or _MONTH_YEAR.fullmatch(words)
    year = _ISO_YEAR.fullmatch(words)
    try:
        if month:
            first = date(int(month["y"]), _month_number(month), 1)
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            return WrittenDate(
                When(earliest=first, latest=last, precision="month", expression=words), None, len(words)
            )
        if year:
            first, last = date(int(year["y"]), 1, 1), date(int(year["y"]), 12, 31)
            return WrittenDate(
                When(earliest=first, latest=last, precision="year", expression=words), None, len(words)
            )
    except (ValueError, OverflowError):
        return None
    return None


def _month_number(match: re.Match[str]) -> int:
    named = match.groupdict().get("mon")
    return MONTH_NUMBERS[named.lower()] if named else int(match["m"])


def _days(match: re.Match[str]) -> When | None:
    """Return the day of a match; where day and month cannot be told apart, the interval from one to the other."""
    year, month, day = int(match["y"]), _month_number(match), int(match["d"])
    expression = match.group().strip("/")
    if match.groupdict().get("sep") != "/" or match.re is _URL_DATE:
        found = _safe(year, month, day)
        return _day(found, expression) if found else None
    readings = sorted({d for d in (_safe(year, month, day), _safe(year, day, month)) if d})
    if len(readings) < 2:
        return _day(readings[0], expression) if readings else None
    reason = f"“{expression}” may be read day first or month first."
    return When(earliest=readings[0], latest=readings[1], precision="interval", expression=expression, reason=reason)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(day: date, expression: str) -> When:
    return When(earliest=day, latest=day, expression=expression)


def _with_time(text: str, end: int, when: When) -> WrittenDate:
    match = next(filter(None, (form.match(text, end) for form in _TIMES)), None)
    hour = _hour(match) if match else None
    if match is None or hour is None or int(match["min"]) > 59:
        return WrittenDate(when, None, end)
    zone = _zone(match["zone"])
    if zone is None or when.earliest is None or when.precision != "day":
        return WrittenDate(when, None, match.end())
    return WrittenDate(when, datetime.combine(when.earliest, time(hour, int(match["min"])), zone), match.end())


def _hour(match: re.Match[str]) -> int | None:
    hour = int(match["h"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    return hour if hour < 24 else None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    match = re.search(r"([+-])(\d{1,2}):?(\d\d)?", text)
    if not match:
        return timezone(timedelta())
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(-offset if match[1] == "-" else offset) if offset < timedelta(hours=24) else None
