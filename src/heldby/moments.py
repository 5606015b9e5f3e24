"""The moments in UTC that a day or a time stands for."""

from __future__ import annotations

from datetime import UTC, date, datetime

from heldby.errors import ResolveError


def start_of_day(moment: date | datetime) -> datetime:
    """Return the moment in UTC that a date (its beginning) or an aware date-time stands for.

    Raises ResolveError for a date-time without a time zone.
    """
    if isinstance(moment, datetime):
        return end_of_day(moment) or moment
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)


def end_of_day(moment: date | datetime | None) -> datetime | None:
    """Return the moment in UTC that a date (its end) or an aware date-time stands for.

    Raises ResolveError for a date-time without a time zone.
    """
    if moment is None:
        return None
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ResolveError(f"{moment} has no time zone.", remedy="Give an aware time, or a date.")
        return moment.astimezone(UTC)
    return datetime(moment.year, moment.month, moment.day, 23, 59, 59, 999999, tzinfo=UTC)
