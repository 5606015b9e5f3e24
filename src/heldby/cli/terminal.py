"""What reaches a terminal. Page text is hostile: every string from an archive goes through `plain` or `to_json`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from heldby.errors import HeldbyError
from heldby.records.codec import to_builtins

# Control characters (terminal commands) and those that reorder text; joiners stay, some scripts need them.
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]+")
_UNSAFE_IN_JSON: Final = re.compile(r"[\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")


def plain(text: str) -> str:
    """Return text as one line without control characters, so that it can command no terminal."""
    return " ".join(_SURROGATES.sub("\ufffd", _UNSAFE.sub(" ", text)).split(" ")).strip()


def to_json(value: Any) -> str:
    """Return records as JSON with sorted keys; characters that could command a terminal are written as \\uXXXX."""
    text = json.dumps(to_builtins(value), ensure_ascii=False, sort_keys=True)
    text = _UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
    return _SURROGATES.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def standard_output() -> Console:
    """Return the console for results: colour only on a terminal, nothing interpreted in what is printed."""
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=False)


def standard_error() -> Console:
    """Return the console for progress and for errors."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def write_line(text: str) -> None:
    """Write one line to standard output as it is, neither wrapped nor coloured."""
    sys.stdout.write(text + "\n")


def write_json_lines(records: Iterable[Any]) -> None:
    """Write one JSON object a line."""
    for record in records:
        write_line(to_json(record))


def print_error(error: HeldbyError) -> None:
    """Say on standard error, in one line, what happened, to what, and what to do next."""
    line = Text("heldby: ", style="bold red")
    line.append(plain(f"{error.where}: {error.what}" if error.where else error.what), style="not bold")
    if error.remedy:
        line.append(f" {plain(error.remedy)}", style="not bold cyan")
    standard_error().print(line, soft_wrap=True)


def survive_narrow_encodings() -> None:
    """Let standard output and error replace what the terminal's encoding lacks, rather than stop in the middle."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def can_draw(console: Console) -> bool:
    """Tell whether block characters can be written in the console's encoding."""
    try:
        "█▓▒░│·“”".encode(console.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
