"""The options that several commands share, and how their values are read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated

import typer

from heldby.errors import SettingsError

ArchiveOption = Annotated[
    str | None,
    typer.Option(
        "--archive",
        metavar="PATH",
        help="The archive: a file, or an SQLAlchemy URL. Default: HELDBY_ARCHIVE, or the user's data folder.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
KnownByOption = Annotated[
    str | None,
    typer.Option(
        "--known-by",
        metavar="TIME",
        help="Use only what was known by then: YYYY-MM-DD (to the end of that day, UTC) or YYYY-MM-DDTHH:MM.",
    ),
]


def parse_day(text: str, *, option: str) -> date:
    """Return the day; raises SettingsError, naming the option, for anything but YYYY-MM-DD."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise SettingsError(
            f"{text!r} is no date.", where=option, remedy="Write it as YYYY-MM-DD, such as 2016-12-11."
        ) from error


def parse_moment(text: str | None, *, option: str) -> datetime | None:
    """Return an aware time in UTC (a bare day means its last moment), None for None; raises SettingsError."""
    if text is None:
        return None
    stripped = text.strip()
    try:
        if len(stripped) <= len("2016-12-11"):
            return datetime.combine(date.fromisoformat(stripped), time.max, tzinfo=UTC)
        moment = datetime.fromisoformat(stripped)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise SettingsError(
            f"{text!r} is no date or time.",
            where=option,
            remedy="Write it as 2016-12-11 or 2016-12-11T12:00 (UTC unless an offset is given).",
        ) from error
