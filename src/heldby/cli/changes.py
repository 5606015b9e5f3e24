"""`heldby changes`: what flipped, firmed up or was corrected since a time, and because of what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from heldby.changes import Change
from heldby.cli.opening import archive_words, open_to_view
from heldby.cli.options import ArchiveOption, JsonOption, parse_day, parse_moment
from heldby.cli.terminal import plain, standard_output, to_json, write_line
from heldby.cli.wording import between_in_words, count, day_in_words, moment_in_words, surety_in_words
from heldby.records import Spell

DAY_CHARACTERS: Final = len("2016-12-11")
STYLES: Final = {
    "flipped": "bold yellow", "appeared": "bold", "vanished": "bold red", "firmed": "green", "weakened": "red",
    "moved": "cyan",
}  # fmt: skip


def changes_command(
    since: Annotated[
        str,
        typer.Option("--since", metavar="TIME", help="From then on: YYYY-MM-DD (its beginning) or YYYY-MM-DDTHH:MM."),
    ],
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="Up to then: YYYY-MM-DD (to its end) or YYYY-MM-DDTHH:MM."),
    ] = None,
    place: Annotated[str, typer.Option("--place", metavar="NAME", help="Only this place.")] = "",
    country: Annotated[str, typer.Option("--country", metavar="CC", help="Only this country, as SY or UA.")] = "",
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what changed in the record since a time, each with the report, correction or rules that changed it."""
    start = parse_beginning(since, option="--since")
    end = parse_moment(until, option="--until")
    with open_to_view(archive) as opened:
        changes = opened.changes(since=start, until=end, place=place, country=country.upper())
    if as_json:
        write_line(to_json(changes))
        return
    print_changes(changes, since=start, console=standard_output(), archive=archive)


def parse_beginning(text: str, *, option: str) -> datetime:
    """Return an aware time in UTC, a bare day as its first moment; raises SettingsError."""
    stripped = text.strip()
    if len(stripped) <= DAY_CHARACTERS:
        day = parse_day(stripped, option=option)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    moment = parse_moment(stripped, option=option)
    return moment if moment is not None else datetime.min.replace(tzinfo=UTC)


def print_changes(changes: Sequence[Change], *, since: datetime, console: Console, archive: str | None) -> None:
    """Print the changes by the day on which they could be known, the newest last."""
    if not changes:
        console.print(f"Nothing changed since {moment_in_words(since)}.")
        return
    suffix = archive_words(archive)
    day: date | None = None
    for change in changes:
        if change.at.date() != day:
            day = change.at.date()
            console.print(Text(day_in_words(day), style="bold underline"))
        console.print(Text("  ").append_text(change_in_line(change, suffix=suffix)), soft_wrap=True)
    places = len({change.place.id for change in changes})
    console.print(f"{count(len(changes), 'change')} at {count(places, 'place')} since {moment_in_words(since)}.")


def change_in_line(change: Change, *, suffix: str = "") -> Text:
    """Return a change with the sentence of its main cause and what to look at next, as one line."""
    line = Text(plain(change.place.name), style="bold").append(": ", style="not bold")
    line.append(change_in_words(change), style=f"not bold {STYLES[change.kind]}")
    cause = change.causes[0]
    why = {"report": "", "correction": "corrected by ", "rules": "new rules, "}[cause.kind]
    said = f"“{plain(cause.words)}”" if cause.kind == "report" else plain(cause.words)
    line.append(f" · {why}{plain(cause.source)}: {said}", style="not bold default")
    more = len(change.causes) - 1
    line.append(f" (and {more} more)" if more else "", style="not bold bright_black")
    command = "place" if cause.record_id == change.place.id else "show"
    return line.append(f" · heldby {command} {cause.record_id}{suffix}", style="not bold bright_black")


def change_in_words(change: Change) -> str:
    """Return what changed, as `Islamic State instead of Syrian government, from 11 December 2016, likely (90%)`."""
    before, after = change.before, change.after
    if after is None:
        return f"no longer {_who(before)} from {_start(before)}"
    sure = surety_in_words(after.probability)
    if before is None:
        return f"newly told: {_who(after)} from {_start(after)}, {sure}"
    was = surety_in_words(before.probability)
    return {
        "flipped": f"{_who(after)} instead of {_who(before)}, from {_start(after)}, {sure}",
        "firmed": f"{_who(after)} from {_start(after)} firmed up from {was} to {sure}",
        "weakened": f"{_who(after)} from {_start(after)} weakened from {was} to {sure}",
        "moved": f"{_who(after)} from {_start(after)} and not from {_start(before)}, {sure}",
    }.get(change.kind, f"{_who(after)} from {_start(after)}, {sure}")


def _who(spell: Spell | None) -> str:
    if spell is None:
        return "nobody"
    states = {"contested": "contested", "unknown": "nobody knows who"}
    return plain(spell.holder_name or spell.holder) if spell.status == "held" else states[spell.status]


def _start(spell: Spell | None) -> str:
    return between_in_words(spell.start_earliest, spell.start_latest) if spell else ""
