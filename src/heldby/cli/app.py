"""The command line as one literal table of commands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from heldby.cli.changes import changes_command
from heldby.cli.claims import claims_command
from heldby.cli.control import control_command
from heldby.cli.failures import failures_command
from heldby.cli.gazetteer import add_command, list_command, remove_command
from heldby.cli.judge import judge_command
from heldby.cli.place import place_command
from heldby.cli.read import read_command
from heldby.cli.show import show_command
from heldby.cli.sources import sources_command
from heldby.cli.terminal import print_error, survive_narrow_encodings
from heldby.errors import HeldbyError, SettingsError
from heldby.version import __version__

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2

COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "read": read_command,
    "place": place_command,
    "claims": claims_command,
    "control": control_command,
    "changes": changes_command,
    "sources": sources_command,
    "show": show_command,
    "failures": failures_command,
    "judge": judge_command,
}
# Commands of a second word: `heldby gazetteer add`.
GROUPS: Final[dict[str, tuple[str, dict[str, Callable[..., None]]]]] = {
    "gazetteer": (
        "Files of places that are used beside those that come with heldby.",
        {"add": add_command, "list": list_command, "remove": remove_command},
    ),
}


class _Group(TyperGroup):
    """Turns heldby's own errors into one line on standard error and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            print_error(error)
            raise typer.Exit(EXIT_USAGE) from error
        except HeldbyError as error:
            print_error(error)
            raise typer.Exit(EXIT_FAILED) from error


def build_app() -> typer.Typer:
    """Return the command line as a Typer app."""
    app = typer.Typer(
        name="heldby",
        cls=_Group,
        help="Who holds which place, when, and according to whom.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_general)
    for name, command in COMMANDS.items():
        app.command(name)(command)
    for name, (words, commands) in GROUPS.items():
        group = typer.Typer(name=name, help=words, no_args_is_help=True, rich_markup_mode=None)
        for second, command in commands.items():
            group.command(second)(command)
        app.add_typer(group)
    return app


def run_app() -> None:
    """Run the command that was called."""
    survive_narrow_encodings()
    build_app()(prog_name="heldby")


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"heldby {__version__}\n")
        raise typer.Exit


def _general(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Who holds which place, when, and according to whom.

    Read reports with `heldby read`, then ask with `heldby place NAME`.
    """
