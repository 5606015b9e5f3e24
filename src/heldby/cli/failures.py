"""`heldby failures`: what could not be read, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from heldby.cli.opening import open_to_view
from heldby.cli.options import ArchiveOption, JsonOption
from heldby.cli.terminal import plain, standard_output, to_json, write_line
from heldby.cli.wording import count, moment_in_words
from heldby.records import Failure


def failures_command(
    settled: Annotated[bool, typer.Option("--settled", help="Also those that a later run managed.")] = False,
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what could not be worked on, each with its reason and remedy."""
    with open_to_view(archive) as opened:
        failures = list(opened.failures(settled=settled))
    if as_json:
        write_line(to_json(failures))
        return
    console = standard_output()
    if not failures:
        console.print("Nothing failed.")
        return
    print_failures(failures, console=console)
    console.print(f"{count(len(failures), 'failure')}. Mend the cause, then read the item again.")


def print_failures(failures: Iterable[Failure], *, console: Console) -> None:
    """Print each failure by name, with its reason and its remedy."""
    for failure in failures:
        line = Text(plain(failure.where), style="bold").append(f": {plain(failure.what)}", style="not bold red")
        if failure.remedy:
            line.append(f" {plain(failure.remedy)}", style="not bold")
        line.append(f" ({failure.stage}, {moment_in_words(failure.failed_at)})", style="not bold bright_black")
        console.print(Padding(line, (0, 0, 0, 2)))
