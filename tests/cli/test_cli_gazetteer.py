"""`heldby gazetteer`: what a person sees, and that reading uses what was added."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from heldby.cli.app import build_app

REPORT = (
    "DAMASCUS, 3 May 2016 - Syrian government forces captured the village of Zorgabad in Hama province on Monday, "
    "state media said.\n"
)
TABLE = "name,lat,lon,country,kind,within\nZorgabad,35.2,37.1,SY,town,SY-HM\nBad,95,37,SY,town,\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a report and a table, and an empty one for added files."""
    monkeypatch.setenv("HELDBY_GAZETTEER", str(tmp_path / "gazetteer"))
    (tmp_path / "report.txt").write_text(REPORT, "utf-8")
    (tmp_path / "own.csv").write_text(TABLE, "utf-8")
    return tmp_path


def run(*words: str) -> Result:
    """What a command prints, and its exit code."""
    return CliRunner().invoke(build_app(), list(words))


def places_of(archive: Path) -> list[tuple[str, str]]:
    """The (id of the place or "", area where unresolved) of each claim that stands."""
    lines = run("claims", "--format", "jsonl", "--archive", str(archive)).stdout.splitlines()
    refs = [json.loads(line)["place"] for line in lines]
    return [((ref["place"] or {}).get("id", ""), ref["within"]) for ref in refs]


def test_reading_uses_what_was_added(folder: Path) -> None:
    """A village that no list has stays unresolved in its province; once added it is found, and removed it is not."""
    archive = folder / "a.heldby"
    read = ("read", str(folder / "report.txt"), "--archive", str(archive))
    assert run(*read).exit_code == 0
    assert places_of(archive) == [("", "iso:SY-HM")]
    added = run("gazetteer", "add", str(folder / "own.csv"))
    assert added.exit_code == 0 and "1 bad line left out" in added.stdout and "line 3" in added.stdout
    assert run(*read).exit_code == 0
    ((place_id, within),) = places_of(archive)
    assert place_id.startswith("own:") and within == ""
    (file,) = json.loads(run("gazetteer", "list", "--json").stdout)
    assert (file["name"], file["places"], file["bad"]) == ("own.csv", 1, 1)
    assert run("gazetteer", "remove", file["id"]).exit_code == 0
    assert run(*read).exit_code == 0
    assert places_of(archive) == [("", "iso:SY-HM")]


def test_equal_files_give_equal_claims(folder: Path) -> None:
    """Two archives read with the same added files have the same claims, whatever the files were called."""
    run("gazetteer", "add", str(folder / "own.csv"))
    first, second = folder / "a.heldby", folder / "b.heldby"
    run("read", str(folder / "report.txt"), "--archive", str(first))
    run("gazetteer", "remove", "own.csv")
    (folder / "renamed.csv").write_text(TABLE, "utf-8")
    run("gazetteer", "add", str(folder / "renamed.csv"))
    run("read", str(folder / "report.txt"), "--archive", str(second))
    found = [run("claims", "--format", "jsonl", "--archive", str(archive)).stdout for archive in (first, second)]
    assert [json.loads(line)["id"] for line in found[0].splitlines()] == [
        json.loads(line)["id"] for line in found[1].splitlines()
    ]
    assert places_of(first) == places_of(second) and places_of(first)[0][0].startswith("own:")


def test_one_file_that_cannot_be_added_does_not_stop_the_others(folder: Path) -> None:
    """The exit code says that a file failed; the error names it with what to do; the other file is there."""
    result = run("gazetteer", "add", str(folder / "missing.txt"), str(folder / "own.csv"))
    assert result.exit_code == 1 and "missing.txt: There is no such file. Check the path." in result.output
    assert "own.csv" in run("gazetteer", "list").stdout
    assert "had been added before" in run("gazetteer", "add", str(folder / "own.csv")).stdout


def test_with_nothing_added_the_list_says_how(folder: Path) -> None:
    """An empty list leads on."""
    assert "heldby gazetteer add FILE" in run("gazetteer", "list").stdout
    result = run("gazetteer", "remove", "own.csv")
    assert result.exit_code == 1 and "Give one id of: none." in result.output
