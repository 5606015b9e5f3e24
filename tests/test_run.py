"""A run goes from inputs to spells, loses nothing on the way, and takes up what an earlier run left."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from heldby.errors import HeldbyError
from heldby.pipeline import WAY, Step, check_way
from heldby.records import Hints
from heldby.run import Progress, RunReport, read
from heldby.store import Store, open_store
from small_stages import claims as make_claims
from small_stages import small_stages

NOW = datetime(2024, 1, 2, tzinfo=UTC)
LINE = "Observatory: Islamic State takes Palmyra 2016-12-11"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A fresh archive."""
    opened = open_store(str(tmp_path / "archive.heldby"))
    yield opened
    opened.close()


def write(folder: Path, *texts: str) -> list[str]:
    """Files with the texts."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{n:03}.txt" for n in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return [str(path) for path in paths]


def run(store: Store, inputs: list[str], stages: Any = None, **options: Any) -> RunReport:
    """A run with the small stages."""
    hints = options.pop("hints", Hints(published="2016-12-12", given_by="user"))
    return read(inputs, store=store, stages=stages or small_stages(), hints=hints, now=NOW, **options)


def test_a_run_goes_from_files_to_spells(store: Store, tmp_path: Path) -> None:
    """The report counts what was made, and the place has the spell that the report tells."""
    report = run(store, write(tmp_path / "in", LINE, "Nothing to see."))
    figures = (report.captured, report.known, report.documents, report.claims, report.places, report.failures)
    assert figures == (2, 0, 2, 1, 1, ())
    (spell,) = store.spells("place-palmyra")
    assert (spell.holder, str(spell.start_latest)) == ("islamic-state", "2016-12-11")


def test_reading_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    """The second run knows everything already and leaves the archive as it is."""
    inputs = write(tmp_path / "in", LINE, "EMPTY", "BROKEN", "government: Government holds Homs 2016-01-01")
    run(store, inputs)
    before = [line for line in store.dump() if not line.startswith("progress")]
    report = run(store, inputs)
    assert (report.captured, report.known, report.documents) == (0, 4, 0)
    assert [line for line in store.dump() if not line.startswith("progress")] == before


def test_the_order_of_reading_makes_no_difference(tmp_path: Path) -> None:
    """Two archives that read the same files in another order give the same answers."""
    inputs = write(
        tmp_path / "in",
        LINE,
        LINE + ".",
        "Government holds Palmyra 2016-06-01",
        "army: Army holds Palmyra 2016-05-01",
    )
    found = []
    for name, order in (("a", inputs), ("b", inputs[::-1])):
        store = open_store(str(tmp_path / name))
        for path in order:
            run(store, [path])
        found.append((store.spells("place-palmyra"), store.episodes("place-palmyra"), store.lineage("place-palmyra")))
        store.close()
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("word", "stage", "what", "remedy"),
    [
        ("EMPTY", "document", "There is nothing in it.", "Give something."),
        ("BROKEN", "document", "ZeroDivisionError: a stage divided by nothing", "report it"),
        ("MUDDLED", "claims", "ValueError: no claim can be made of this", "report it"),
        ("PUZZLING", "resolve", "LookupError: no place fits", "report it"),
    ],
)
def test_one_bad_item_spoils_no_batch(
    store: Store, tmp_path: Path, word: str, stage: str, what: str, remedy: str
) -> None:
    """The item on which a stage fails becomes a failure of that stage; the others of its batch are read."""
    report = run(store, write(tmp_path / "in", LINE, f"{LINE} {word}", "Government holds Homs 2016-01-01"))
    assert report.documents == 2
    (failure,) = report.failures
    assert (failure.stage, failure.what) == (stage, what) and remedy in failure.remedy
    assert list(store.failures()) == [failure]


def test_a_stage_that_loses_an_item_is_found_out(store: Store, tmp_path: Path) -> None:
    """A stage that gives fewer records than it was given leaves a failure, not a silent gap."""

    def lossy(pairs: Any) -> Any:
        return [reading for reading in make_claims(pairs) if reading.claims]

    report = run(store, write(tmp_path / "in", LINE, "Nothing."), small_stages(claims=lossy))
    assert report.documents == 1 and [f.stage for f in report.failures] == ["claims"]


def test_an_input_that_cannot_be_had_leaves_the_others(store: Store, tmp_path: Path) -> None:
    """A missing file is a failure, and is settled once the file is there."""
    inputs = write(tmp_path / "in", LINE)
    missing = str(tmp_path / "in" / "missing.txt")
    report = run(store, [missing, *inputs])
    assert report.documents == 1 and [f.where for f in report.failures] == [missing]
    Path(missing).write_text("Government holds Homs 2016-01-01")
    run(store, [missing])
    assert list(store.failures()) == []


def test_a_capture_that_breaks_off_keeps_what_came_before(store: Store) -> None:
    """Items captured before an input broke off are stored and read."""
    from record_maker import Make

    def breaking(inputs: Any, hints: Hints, now: datetime) -> Any:
        yield Make().item(LINE.encode())
        raise OSError("the line went dead")

    report = run(store, ["feed"], small_stages(capture=breaking))
    assert report.documents == 1
    assert [(f.stage, f.where) for f in report.failures] == [("capture", "feed")]


def test_a_date_given_later_takes_the_place_of_the_undated_reading(store: Store, tmp_path: Path) -> None:
    """Reading the same file again with its date replaces the claims of the undated reading."""
    inputs = write(tmp_path / "in", LINE)
    run(store, inputs, hints=Hints())
    run(store, inputs, hints=Hints(published="2016-12-12", given_by="user"))
    (claim,) = store.claims()
    assert str(claim.known_at.date()) == "2016-12-12"


def test_new_rules_read_the_archive_again(store: Store, tmp_path: Path) -> None:
    """With other rules every capture is read again, without its file, and the old claims give way."""
    (path,) = write(tmp_path / "in", LINE)
    run(store, [path])
    Path(path).unlink()

    def strict(pairs: Any) -> Any:
        from dataclasses import replace

        return [replace(reading, claims=()) for reading in make_claims(pairs)]

    report = run(store, [], small_stages(version="small-2", claims=strict))
    assert (report.captured, report.documents, report.places) == (0, 1, 1)
    assert list(store.claims()) == [] and store.spells("place-palmyra") == []


def test_progress_is_told_to_the_end(store: Store, tmp_path: Path) -> None:
    """Each stage's last word is that all is done."""
    told: list[Progress] = []
    run(store, write(tmp_path / "in", *[f"{LINE} {n}" for n in range(40)]), progress=told.append)
    last = {progress.stage: progress for progress in told}
    assert last["capture"].done == 40
    assert (last["claims"].done, last["claims"].total) == (40, 40)
    assert (last["reconcile"].done, last["reconcile"].total) == (1, 1)


CRASH = """
import os, sys
sys.path.insert(0, {tests!r})
from datetime import UTC, datetime
from small_stages import documents, small_stages
from heldby.records import Hints
from heldby.run import read
from heldby.store import open_store
def dying(items):
    for number, item in enumerate(items):
        if number == 3:
            os._exit(9)
        yield from documents([item])
import heldby.run
heldby.run.READ_BATCH = 5 if {second} else 32
calls = []
def dying_later(items):
    calls.append(1)
    return documents(items) if {second} and len(calls) == 1 else dying(items)
store = open_store({path!r})
now = datetime(2024, 1, 2, tzinfo=UTC)
print(read({inputs!r}, store=store, stages=small_stages(document=dying_later), hints=Hints(), now=now))
"""


@pytest.mark.parametrize("second", [False, True], ids=["first batch", "second batch"])
def test_a_run_that_was_killed_is_taken_on(tmp_path: Path, second: bool) -> None:
    """After a run died in the middle of reading, the next one ends where an undisturbed run would have ended."""
    inputs = write(tmp_path / "in", *[f"Voice {n}: Islamic State takes Palmyra 2016-12-11" for n in range(12)])
    path = str(tmp_path / "crashed")
    code = CRASH.format(tests=str(Path(__file__).parent), path=path, inputs=inputs, second=second)
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 9, done.stdout + done.stderr
    crashed, whole = open_store(path), open_store(str(tmp_path / "whole"))
    assert crashed.count_pending(version="small-1") == (7 if second else 12)
    report = run(crashed, [], hints=Hints())
    run(whole, inputs, hints=Hints())
    assert (report.captured, report.documents) == (0, 7 if second else 12)
    assert list(crashed.dump()) == list(whole.dump())
    crashed.close()
    whole.close()


def test_the_way_is_sound_and_an_unsound_one_is_refused() -> None:
    """The way of the data asks for nothing too early; one that does is refused before a run."""
    check_way(WAY)
    with pytest.raises(HeldbyError, match="no stage before it makes"):
        check_way((Step("claims", ("Document",), ("Claim",)),))
    with pytest.raises(HeldbyError, match="twice"):
        check_way((WAY[0], WAY[0]))
