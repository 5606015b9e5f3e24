"""CSV cells are safe in a spreadsheet and numbers stay numbers."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.cli.tables import cell, write_csv


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("-held", "'-held"),
        ("@cmd", "'@cmd"),
        ("\t=1+1", "'=1+1"),
        (-72.5, "-72.5"),
        (None, ""),
        ("Deir ez-Zor", "Deir ez-Zor"),
    ],
)
def test_no_cell_is_a_formula(value: object, expected: str) -> None:
    """A sentence that begins like a formula is text, a negative longitude stays a number."""
    assert cell(value) == expected


@given(st.lists(st.text(max_size=20), min_size=2, max_size=2))
def test_rows_stay_rows(texts: list[str]) -> None:
    """Quotes, commas and line breaks in a text never make another cell or row."""
    with pytest.MonkeyPatch.context() as patched:
        stream = io.StringIO(newline="")
        patched.setattr("sys.stdout", stream)
        write_csv([{"a": texts[0], "b": texts[1]}], columns=("a", "b"))
    rows = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    assert len(rows) == 2
    assert rows[1] == [cell(texts[0]), cell(texts[1])]
