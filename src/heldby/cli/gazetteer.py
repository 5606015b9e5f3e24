"""`heldby gazetteer`: files of places that are used beside those that come with heldby."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, SpinnerColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from heldby.added_places import NewPlaces, add_places, added_places, remove_places
from heldby.cli.options import JsonOption
from heldby.cli.terminal import plain, print_error, standard_error, standard_output, to_json, write_line
from heldby.cli.wording import count
from heldby.errors import HeldbyError
from heldby.settings import load_settings

Tell = Callable[[str, int, int], None]

KINDS: Final = {
    "geonames": "GeoNames dump",
    "alternate names": "GeoNames alternate names",
    "table": "own table",
}


def add_command(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="GeoNames dumps or alternate names (.txt, .zip), or CSV tables."),
    ],
    as_json: JsonOption = False,
) -> None:
    """Add files of places. The next `heldby read` uses them, and reads again what was read without them.

    A bad line is named and left out, the others are kept. The exit code is 1 where a file could not be added.
    """
    settings = load_settings()
    done: list[NewPlaces] = []
    failed = False
    for path in files:
        try:
            with _progress(path) as tell:
                new = add_places(path, settings=settings, now=datetime.now(UTC), progress=tell)
        except HeldbyError as error:
            print_error(error)
            failed = True
            continue
        done.append(new)
        if not as_json:
            print_new(new)
    if as_json:
        write_line(to_json(done))
    if failed:
        raise typer.Exit(1)


def list_command(as_json: JsonOption = False) -> None:
    """List the files of places that have been added."""
    settings = load_settings()
    files = added_places(settings)
    if as_json:
        write_line(to_json(files))
        return
    console = standard_output()
    if not files:
        console.print("No file of places has been added. Add one: heldby gazetteer add FILE", soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "file", "what it is"):
        table.add_column(name, overflow="fold")
    for name in ("places", "names", "bad lines"):
        table.add_column(name, justify="right")
    table.add_column("added")
    for file in files:
        counts = (f"{number:,}" for number in (file.places, file.names, file.bad))
        table.add_row(file.id, plain(file.name), KINDS[file.kind], *counts, file.added_at[:10])
    console.print(table)
    console.print(f"{count(len(files), 'file')}, kept in {plain(str(settings.gazetteer_folder()))}", soft_wrap=True)


def remove_command(
    name: Annotated[str, typer.Argument(metavar="ID|NAME", help="The file's id or name, as `list` shows it.")],
    as_json: JsonOption = False,
) -> None:
    """Take a file of places out again."""
    file = remove_places(name, settings=load_settings())
    if as_json:
        write_line(to_json(file))
        return
    console = standard_output()
    console.print(f"{plain(file.name)} ({file.id}) is not used any more.", soft_wrap=True)
    console.print("The next `heldby read` reads again what was read with it.")


def print_new(new: NewPlaces) -> None:
    """Print what a file brought, and which of its lines are bad."""
    console, file = standard_output(), new.file
    line = Text(plain(file.name), style="bold")
    if new.known:
        console.print(line.append(f" had been added before ({file.id}).", style="not bold"), soft_wrap=True)
        return
    words = f": {KINDS[file.kind]}, {_number(file.places, 'place')} with {_number(file.names, 'name')} ({file.id})"
    console.print(line.append(words, style="not bold"), soft_wrap=True)
    if file.left_out:
        console.print(f"  {_number(file.left_out, 'line')} left out: no places or names that reports use")
    if file.bad:
        console.print(Text(f"  {_number(file.bad, 'bad line')} left out:", style="bold red"))
        for bad in new.bad_lines:
            console.print(f"    line {bad.line}: {plain(bad.what)}", soft_wrap=True)
        if file.bad > len(new.bad_lines):
            console.print(f"    and {file.bad - len(new.bad_lines):,} more")


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"


@contextmanager
def _progress(path: Path) -> Iterator[Tell]:
    """Yield a function that shows how far a file is, on standard error, only where that is a terminal."""
    console = standard_error()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(f"{what} {plain(path.name)}", total=total or None)
            bars.update(tasks[what], completed=done)

        yield tell
