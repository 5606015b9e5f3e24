"""Records as CSV that a spreadsheet can open without harm."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from heldby.cli.terminal import plain

_FORMULA_SIGNS: Final = ("=", "+", "-", "@")


def write_csv(rows: Iterable[Mapping[str, Any]], *, columns: Sequence[str]) -> None:
    """Write rows to standard output as CSV (RFC 4180, `\\n` line ends) with a header."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row[column]) for column in columns])


def cell(value: Any) -> str:
    """Return a value as a cell; text that a spreadsheet would take for a formula gets an apostrophe in front.

    Numbers stay as they are, None is empty. Control characters become spaces. The JSON formats keep text exactly.
    Source: OWASP, "CSV Injection".
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    text = plain(value)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
