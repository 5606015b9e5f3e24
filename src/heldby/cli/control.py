"""`heldby control`: who held each place on each day, as CSV or JSON lines."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from heldby.archive import PlaceDay
from heldby.cli.opening import open_to_view
from heldby.cli.options import ArchiveOption, JsonOption, KnownByOption, parse_day, parse_moment
from heldby.cli.tables import write_csv
from heldby.cli.terminal import to_json, write_json_lines, write_line

COLUMNS: Final = (
    "place_id", "place", "country", "latitude", "longitude", "date", "holder", "status", "probability",
)  # fmt: skip


class ControlFormat(StrEnum):
    """How the days are written."""

    CSV = "csv"
    JSONL = "jsonl"


def control_command(
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day, YYYY-MM-DD.")],
    end: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day, YYYY-MM-DD.")],
    country: Annotated[str, typer.Option("--country", metavar="CC", help="Only this country, as SY or UA.")] = "",
    place: Annotated[str, typer.Option("--place", metavar="NAME", help="Only this place.")] = "",
    known_by: KnownByOption = None,
    form: Annotated[ControlFormat, typer.Option("--format", help="How to write it.")] = ControlFormat.CSV,
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write who held each place on each day, one row for a place and a day."""
    first, last = parse_day(start, option="--from"), parse_day(end, option="--to")
    moment = parse_moment(known_by, option="--known-by")
    with open_to_view(archive) as opened:
        days = opened.control(start=first, end=last, country=country.upper(), place=place, known_by=moment)
        rows = (control_row(day) for day in days)
        if as_json:
            write_line(to_json(list(rows)))
        elif form is ControlFormat.JSONL:
            write_json_lines(rows)
        else:
            write_csv(rows, columns=COLUMNS)


def control_row(day: PlaceDay) -> dict[str, Any]:
    """Return a place's day with exactly the columns of this command; the holder is empty unless it is held."""
    place, control = day.place, day.control
    return {
        "place_id": place.id,
        "place": place.name,
        "country": place.country,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "date": control.day.isoformat(),
        "holder": control.holder_name or control.holder,
        "status": control.status,
        "probability": round(control.probability, 4),
    }
