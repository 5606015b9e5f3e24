"""Hostile text never commands the terminal, and JSON keeps it exactly."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.cli.terminal import plain, print_error, to_json
from heldby.errors import StoreError

COMMANDING = [chr(n) for n in (*range(0x20), 0x7F, *range(0x80, 0xA0), 0x202E, 0x2066, 0x2028)]


@given(st.text(st.characters(), max_size=60))
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    """A page title with escape sequences or reordering marks is shown as harmless words on one line."""
    shown = plain(text)
    assert not set(shown) & set(COMMANDING)
    shown.encode("utf-8")


def test_an_escape_sequence_is_shown_as_text() -> None:
    """The words around a terminal command survive it."""
    assert plain("Palmyra\x1b[2J falls\r\nagain") == "Palmyra [2J falls again"


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_json_is_exact_and_harmless(text: str) -> None:
    """A program reads back the same text, while nothing in the line can command a terminal."""
    line = to_json({"text": text})
    assert json.loads(line) == {"text": text}
    assert not set(line) & set(COMMANDING)


def test_an_error_is_one_line_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    """A user reads what happened, to what, and what to do next, and nothing else."""
    print_error(StoreError("It is no archive.", where="a\x1b[31mb", remedy="Give another path."))
    shown = capsys.readouterr()
    assert shown.err == "heldby: a [31mb: It is no archive. Give another path.\n"
    assert shown.out == ""
