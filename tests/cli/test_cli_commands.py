"""The commands as a user meets them: in a pipe, with slips of the pen, with hostile pages."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_shell import SAMPLES, Shell

COLUMNS = "place_id,place,country,latitude,longitude,date,holder,status,probability"
CLAIM = re.compile(r"clm_[0-9a-f]{16}")
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]")
VIEWS = (
    ("claims",),
    ("claims", "--format", "csv"),
    ("claims", "--format", "jsonl"),
    ("place", "Palmyra"),
    ("place", "Palmyra", "--on", "2016-12-12"),
    ("control", "--from", "2016-12-10", "--to", "2016-12-12"),
    ("sources",),
    ("failures",),
)


def first_claim(shell: Shell) -> str:
    """Return the id of one claim about Palmyra."""
    return str(json.loads(shell.run("claims", "--place", "Palmyra", "--json"))[0]["id"])


def test_reading_says_what_was_read_and_what_failed(fresh_shell: Callable[[], Shell], tmp_path: Path) -> None:
    """A run with one good and two bad items reads the good one and names each bad one with a remedy."""
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    done = fresh_shell().process(
        "read", str(SAMPLES / "03-levant-courier-2015-05-21.html"), str(empty), "/no/file.txt"
    )
    said = done.stdout.decode()
    assert done.returncode == 0
    assert "1 report read" in said
    assert "empty.txt" in said
    assert "/no/file.txt" in said
    assert "heldby place" in said
    assert b"Traceback" not in done.stderr


def test_nothing_readable_is_a_failure(fresh_shell: Callable[[], Shell]) -> None:
    """A shell script sees by the exit code that nothing was read."""
    assert "/no/file.txt" in fresh_shell().run("read", "/no/file.txt", code=1)


def test_reading_again_is_no_failure(shell: Shell) -> None:
    """A feed read every hour has nothing new most of the time; that is fine."""
    said = shell.run("read", str(shell.archive.parent.parent / "02-orontes-wire-2015-05-21.html"))
    assert "1 item had been read before" in said


def test_standard_input(fresh_shell: Callable[[], Shell]) -> None:
    """A report can be piped in, with its outlet and day."""
    shell = fresh_shell()
    text = b"Rebels captured the town of Azaz in northern Syria on Sunday, a rights monitor said."
    done = shell.process("read", "-", "--outlet", "Some Paper", "--published", "2013-06-02", stdin=text)
    assert done.returncode == 0, done.stderr
    claim = json.loads(shell.run("claims", "--json"))[0]
    assert claim["relation"] == "takes"
    assert claim["when"]["earliest"] == "2013-06-02"


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("read", "x.txt", "--published", "last Sunday"), "--published"),
        (("place", "Palmyra", "--on", "2016-13-01"), "--on"),
        (("place", "Palmyra", "--known-by", "noon"), "--known-by"),
        (("control", "--from", "2016", "--to", "2016-12-31"), "--from"),
        (("control", "--from", "2016-12-01", "--to", "x"), "--to"),
    ],
)
def test_a_bad_date_is_named(shell: Shell, words: tuple[str, ...], option: str) -> None:
    """The line says which option holds no date, and how to write one."""
    said = shell.run(*words, code=2)
    assert option in said
    assert "YYYY-MM-DD" in said or "2016-12-11" in said
    assert said.count("\n") == 1


def test_an_unknown_place_is_one_line(shell: Shell) -> None:
    """A place that no report names gives a line with a way on, not a traceback."""
    done = shell.process("place", "Xyzzyville")
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode().startswith("heldby: ")
    assert b"Traceback" not in done.stderr


def test_an_archive_that_is_not_there(fresh_shell: Callable[[], Shell]) -> None:
    """A slip in the path does not make an empty archive."""
    shell = fresh_shell()
    for words in VIEWS:
        assert "heldby read" in shell.run(*words, code=1)
    assert not shell.archive.exists()


def test_the_timeline_in_a_pipe(shell: Shell) -> None:
    """Piped output has no colour, draws a lane a holder, and quotes those who say so."""
    said = shell.process("place", "Palmyra").stdout.decode()
    assert "\x1b" not in said
    assert re.search(r"^ Islamic State .*█", said, flags=re.MULTILINE)
    assert re.search(r"^ Syrian government .*█", said, flags=re.MULTILINE)
    assert "Islamic State held Palmyra" in said
    assert re.search(r"for +Orontes Wire", said)
    assert "What is not known" in said
    assert "heldby show clm_" in said


@pytest.mark.parametrize("columns", ["20", "40", "200"])
def test_the_timeline_fits_the_terminal(shell: Shell, columns: str) -> None:
    """On a narrow and on a wide terminal the lanes keep to its width."""
    said = shell.run("place", "Palmyra", environ={"COLUMNS": columns})
    lanes = [line for line in said.splitlines() if line.startswith(" Islamic State ")]
    assert lanes
    assert all(len(line) <= max(int(columns), 40) for line in lanes)


def test_a_terminal_without_unicode(shell: Shell) -> None:
    """Where block characters cannot be written the timeline is drawn in ASCII, and nothing breaks."""
    done = shell.process("place", "Palmyra", environ={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert b"##" in done.stdout


def test_control_has_exactly_these_columns(shell: Shell) -> None:
    """A script that reads the table finds one row a day, numbers as numbers, and the holder in plain words."""
    text = shell.run("control", "--from", "2016-12-20", "--to", "2016-12-22", "--place", "Palmyra", "--format", "csv")
    assert text.splitlines()[0] == COLUMNS
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["date"] for row in rows] == ["2016-12-20", "2016-12-21", "2016-12-22"]
    assert {row["holder"] for row in rows} == {"Islamic State"}
    assert 34 < float(rows[0]["latitude"]) < 35
    assert 0 < float(rows[0]["probability"]) <= 1
    lines = shell.run(
        "control", "--from", "2016-12-20", "--to", "2016-12-22", "--place", "Palmyra", "--format", "jsonl"
    )
    assert [json.loads(line)["date"] for line in lines.splitlines()] == [row["date"] for row in rows]
    assert list(json.loads(lines.splitlines()[0])) == sorted(COLUMNS.split(","))


def test_the_second_clock(shell: Shell) -> None:
    """What was known by a time leaves out what was told later."""
    words = ("control", "--from", "2017-03-05", "--to", "2017-03-05", "--place", "Palmyra")
    after = list(csv.DictReader(io.StringIO(shell.run(*words))))
    before = list(csv.DictReader(io.StringIO(shell.run(*words, "--known-by", "2017-01-01"))))
    assert after[0]["holder"] == "Syrian government"
    assert [row["holder"] for row in before] != ["Syrian government"]


def test_claims_as_csv_and_lines_are_the_same(shell: Shell) -> None:
    """The formats hold the same claims in the same order."""
    rows = list(csv.DictReader(io.StringIO(shell.run("claims", "--format", "csv"))))
    lines = [json.loads(line) for line in shell.run("claims", "--format", "jsonl").splitlines()]
    assert [row["id"] for row in rows] == [line["id"] for line in lines]
    assert {"takes", "holds"} <= {row["relation"] for row in rows}
    assert all(row["sentence"] and row["trigger"] for row in rows)


@pytest.mark.parametrize("words", VIEWS[:5] + VIEWS[6:])
def test_hostile_text_commands_nothing(shell: Shell, words: tuple[str, ...]) -> None:
    """Escape sequences and reordering marks of a page reach neither the terminal nor a spreadsheet."""
    said = shell.run(*words)
    assert not UNSAFE.search(said)
    if "csv" in words:
        cells = [cell for row in csv.reader(io.StringIO(said)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("words", [w for w in VIEWS if "--format" not in w], ids=" ".join)
def test_json_is_one_document(shell: Shell, words: tuple[str, ...]) -> None:
    """Every view can be read by a program."""
    assert json.loads(shell.run(*words, "--json")) is not None


def test_a_claim_down_to_its_sentence(shell: Shell) -> None:
    """A claim shows its words, its voices, its reasons and the characters in the captured original."""
    claim_id = first_claim(shell)
    said = shell.run("show", claim_id)
    record = json.loads(shell.run("show", claim_id, "--json"))
    assert f"[trigger: {record['record']['trigger']['text']}]" in said
    assert "Who says so" in said
    assert record["capture"]["sha256"] in said
    assert re.search(r"characters +\d+ to \d+", said)
    assert record["record"]["place"]["reason"].split(".")[0].split()[0] in said


@pytest.mark.parametrize("kind", ["document_id", "capture_id", "spell"])
def test_any_record_can_be_shown(shell: Shell, kind: str) -> None:
    """Documents, captures and spells have ids too, and lead on to their claims."""
    claim = json.loads(shell.run("show", first_claim(shell), "--json"))
    spell = json.loads(shell.run("place", "Palmyra", "--json"))["spells"][0]
    ids = {
        "document_id": claim["document"]["id"],
        "capture_id": claim["capture"]["id"],
        "spell": spell["id"],
    }
    assert ids[kind].split("_")[1] in shell.run("show", ids[kind])


def test_an_unknown_id_is_one_line(shell: Shell) -> None:
    """A mistyped id gives a line, not a traceback."""
    assert shell.run("show", "clm_0000000000000000", code=1).startswith("heldby: ")


def test_failures_name_the_item_and_the_remedy(shell: Shell) -> None:
    """The empty file of the first run is still named later."""
    assert "empty.txt" in shell.run("failures")
    failure = next(f for f in json.loads(shell.run("failures", "--json")) if f["where"].endswith("empty.txt"))
    assert failure["remedy"]


def test_sources_show_kind_and_number(shell: Shell) -> None:
    """A reader sees which voices were heard, and how often."""
    said = shell.run("sources")
    assert "monitor" in said.lower()
    seen = json.loads(shell.run("sources", "--json"))
    assert all(heard["claims"] + heard["carried"] > 0 for heard in seen)


def test_a_rejected_claim_is_out_until_accepted(fresh_shell: Callable[[], Shell]) -> None:
    """A person's decision takes part in every later answer, and can be taken back."""
    shell = fresh_shell()
    shell.run("read", str(SAMPLES / "02-orontes-wire-2015-05-21.html"))
    claim_id = first_claim(shell)
    shell.run("judge", claim_id, "reject", "--reason", "read wrongly", "--author", "a tester")
    assert claim_id not in shell.run("claims", "--json")
    assert "read wrongly" in shell.run("show", claim_id)
    shell.run("judge", claim_id, "accept", "--reason", "right after all", "--author", "a tester")
    assert claim_id in shell.run("claims", "--json")


def test_a_reader_that_goes_away(shell: Shell) -> None:
    """`heldby claims | head -1` ends without a traceback."""
    command = (
        f"{sys.executable} -c 'from heldby.cli import main; main()' claims --format jsonl --archive {shell.archive}"
    )
    done = subprocess.run(f"{command} | head -c 1", shell=True, capture_output=True, check=False, timeout=60)
    assert done.stdout == b"{"
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr
