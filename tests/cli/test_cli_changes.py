"""`heldby changes`: what a person sees of what is new, in a terminal and in a program."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from cli_shell import SAMPLES, Shell

UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]")


def test_what_flipped_is_one_line_with_its_sentence_and_the_next_step(shell: Shell) -> None:
    """A reader sees by day which place changed hands, on whose words, and the command that shows the claim."""
    said = shell.process("changes", "--since", "2017-03-01").stdout.decode()
    head, line, *_, last = said.splitlines()
    assert head == "2 March 2017"
    assert re.match(r"  (Palmyra|Tadmur): Syrian government instead of Islamic State, from ", line), said
    assert "Northern Ledger" in line and "“" in line
    assert re.search(r"heldby show clm_[0-9a-f]{16} --archive \S+$", line)
    assert "since 1 Mar 2017" in last


def test_the_command_named_shows_the_cause(shell: Shell) -> None:
    """The claim that is named can be shown, and JSON holds the same with its causes."""
    changes = json.loads(shell.run("changes", "--since", "2016-12-01", "--json"))
    assert changes == sorted(changes, key=lambda change: change["at"])
    cause = next(change for change in changes if change["kind"] == "flipped")["causes"][0]
    assert (
        cause["kind"] == "report"
        and cause["words"] in json.loads(shell.run("show", cause["record_id"], "--json"))["sentence"]["text"]
    )


def test_nothing_new_is_said_so(shell: Shell) -> None:
    """A time without news is no error and no empty page."""
    assert "Nothing changed since" in shell.run("changes", "--since", "2030-01-01")
    assert json.loads(shell.run("changes", "--since", "2030-01-01", "--json")) == []
    assert "Nothing changed" in shell.run("changes", "--since", "2016-01-01", "--country", "UA")


def test_times_and_places_that_are_none_are_named(shell: Shell) -> None:
    """A bad time names its option, a place that no report tells of and an end before the beginning are errors."""
    assert "--since" in shell.run("changes", "--since", "yesterday", code=2)
    assert "--until" in shell.run("changes", "--since", "2016-01-01", "--until", "x", code=2)
    assert "Xyzzyville" in shell.run("changes", "--since", "2016-01-01", "--place", "Xyzzyville", code=1)
    assert "before" in shell.run("changes", "--since", "2016-01-02", "--until", "2016-01-01", code=1)


def test_hostile_pages_cannot_command_the_terminal(shell: Shell) -> None:
    """Sentences of a hostile page come as harmless words."""
    assert not UNSAFE.search(shell.run("changes", "--since", "2010-01-01"))


def test_a_rejection_is_told_with_its_author(fresh_shell: Callable[[], Shell]) -> None:
    """Who corrected what, and why, stands in the line of what it changed."""
    shell = fresh_shell()
    shell.run("read", str(SAMPLES / "02-orontes-wire-2015-05-21.html"))
    for claim in json.loads(shell.run("claims", "--place", "Palmyra", "--json")):
        shell.run("judge", claim["id"], "reject", "--reason", "read wrongly", "--author", "a tester")
    said = " ".join(shell.run("changes", "--since", "2020-01-01").split())
    assert "no longer" in said and "corrected by a tester: reject: read wrongly" in said
