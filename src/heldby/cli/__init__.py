"""The command line: views on an archive for people and for shells."""

from __future__ import annotations


def main() -> None:
    """Run the `heldby` command; a reader that goes away, or Ctrl-C, ends it without a traceback."""
    import os
    import sys

    from heldby.cli.app import run_app

    try:
        run_app()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain once more when it flushes standard output at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


__all__ = ["main"]
