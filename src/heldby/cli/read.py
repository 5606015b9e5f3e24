"""`heldby read`: reports in, claims and spells out."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.text import Text

from heldby.archive import Archive
from heldby.cli.failures import print_failures
from heldby.cli.opening import archive_words, open_archive
from heldby.cli.options import ArchiveOption, JsonOption
from heldby.cli.terminal import plain, standard_error, standard_output, to_json, write_line
from heldby.cli.wording import count
from heldby.errors import SettingsError
from heldby.progress import Progress, RunReport
from heldby.records import Place
from heldby.settings import load_settings

FAILURES_SHOWN: Final = 20
CLAIMS_COUNTED: Final = 50
STAGE_WORDS: Final = {
    "capture": "capturing",
    "document": "finding the text",
    "language": "reading",
    "claims": "reading",
    "resolve": "resolving names and times",
    "relate": "finding copies",
    "reconcile": "weighing claims",
}


def read_command(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH|URL|-...", help="Files, folders, web pages, feeds, JSON lines; - is standard input."
        ),
    ],
    outlet: Annotated[str, typer.Option("--outlet", metavar="NAME", help="Who published them.")] = "",
    published: Annotated[
        str, typer.Option("--published", metavar="DATE", help="When: YYYY-MM-DD, or with a time.")
    ] = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="The headline.")] = "",
    spacy_pipeline: Annotated[
        str | None,
        typer.Option(
            "--spacy-pipeline", metavar="NAME", help="Read with this spaCy pipeline instead of the own model."
        ),
    ] = None,
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read reports into the archive; what was read before is not read twice.

    The exit code is 0 where something was read, 1 where nothing could be, 2 for wrong usage.
    """
    _check_published(published)
    settings = load_settings(archive=archive, spacy_pipeline=spacy_pipeline)
    with open_archive(settings) as opened:
        with _progress_bars() as progress:
            report = opened.read(inputs, outlet=outlet, published=published, title=title, progress=progress)
        if as_json:
            write_line(to_json(report))
        else:
            print_report(report, archive=opened, console=standard_output(), location=archive)
    if not something_read(report):
        raise typer.Exit(1)


def something_read(report: RunReport) -> bool:
    """Tell whether a run read a report, or found at least one that had been read before."""
    return report.documents > 0 or report.known > len(report.failures)


def print_report(report: RunReport, *, archive: Archive, console: Console, location: str | None) -> None:
    """Print what was read, what failed and how to mend it, and what to try next."""
    words = f"{count(report.documents, 'report')} read, {count(report.claims, 'claim')} found"
    line = Text(words, style="bold").append(f" about {count(report.places, 'place')}", style="not bold")
    line.append(f" in {report.seconds:.1f} s, kept in {plain(archive.location)}", style="not bold")
    console.print(line, soft_wrap=True)
    if report.known:
        console.print(f"{count(report.known, 'item')} had been read before.")
    if report.failures:
        console.print(Text(f"{count(len(report.failures), 'item')} could not be read:", style="bold red"))
        print_failures(report.failures[:FAILURES_SHOWN], console=console)
        if report.failures[FAILURES_SHOWN:]:
            rest = len(report.failures) - FAILURES_SHOWN
            console.print(f"  and {rest} more: heldby failures{archive_words(location)}", soft_wrap=True)
    _print_next(archive, console=console, location=location)


def _print_next(archive: Archive, *, console: Console, location: str | None) -> None:
    suffix = archive_words(location)
    most_told = next((place for place, _ in archive.places()), None)
    console.print(Text("Next:", style="bold"))
    if most_told is None:
        console.print(f"  heldby failures{suffix}   (no claim about a place that could be found)", soft_wrap=True)
        return
    quoted = shlex.quote(_told_name(archive, most_told))
    console.print(f"  heldby place {quoted}{suffix}", soft_wrap=True)
    console.print(f"  heldby claims --place {quoted}{suffix}", soft_wrap=True)


def _told_name(archive: Archive, place: Place) -> str:
    """Return the name by which reports call a place most often, which need not be the gazetteer's."""
    names = Counter(plain(claim.place.name_text) for claim in archive.claims(place=place.id, limit=CLAIMS_COUNTED))
    names.pop("", None)
    return names.most_common(1)[0][0] if names else plain(place.name)


def _check_published(published: str) -> None:
    if not published:
        return
    try:
        date.fromisoformat(published)
    except ValueError:
        try:
            datetime.fromisoformat(published)
        except ValueError as error:
            raise SettingsError(
                f"{published!r} is no date.",
                where="--published",
                remedy="Write it as YYYY-MM-DD, such as 2016-12-11.",
            ) from error


@contextmanager
def _progress_bars() -> Iterator[Callable[[Progress], None]]:
    """Yield a function that shows how far a run is, on standard error, only where that is a terminal."""
    console = standard_error()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(progress: Progress) -> None:
            words = STAGE_WORDS.get(progress.stage, progress.stage)
            task = tasks.get(words)
            if task is None:
                task = tasks[words] = bars.add_task(words, total=progress.total)
            bars.update(task, completed=progress.done, total=progress.total)

        yield show
