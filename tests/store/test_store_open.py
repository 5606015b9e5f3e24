"""Opening what is no archive tells what is wrong and what to do."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from heldby.errors import StoreError
from heldby.store import open_store


def test_parent_folders_are_made(tmp_path: Path) -> None:
    """A path in folders that do not exist yet becomes an archive."""
    open_store(str(tmp_path / "a" / "b" / "archive.heldby")).close()
    assert (tmp_path / "a" / "b" / "archive.heldby").is_file()


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    """A text file given as archive is left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("These are notes.\n" * 100)
    with pytest.raises(StoreError) as caught:
        open_store(str(path))
    assert caught.value.where == str(path) and "new file" in caught.value.remedy
    assert path.read_text() == "These are notes.\n" * 100


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    """No table is added to another program's database."""
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    with pytest.raises(StoreError, match="something else"):
        open_store(str(path))


@pytest.mark.parametrize(
    "location", ["mysql://user@host/name", "://", "postgresql://nobody:secret@127.0.0.1:1/none", "/dev/null/x"]
)
def test_a_location_that_cannot_be_opened_says_so(location: str) -> None:
    """Every such error has a remedy, and none shows a password."""
    with pytest.raises(StoreError) as caught:
        open_store(location)
    assert caught.value.remedy and "secret" not in str(caught.value)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A folder given as archive is named as one."""
    with pytest.raises(StoreError, match="folder"):
        open_store(str(tmp_path))


def test_two_writers_wait_for_each_other(tmp_path: Path, make: Any) -> None:
    """Two programs that capture into one file at once lose nothing and do not fail."""
    path = str(tmp_path / "archive.heldby")

    def capture(start: int) -> None:
        store = open_store(path)
        for n in range(start, start + 20):
            store.add_captures([make.item(b"%d" % n, origin=f"{n}.txt")])
        store.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(capture, (0, 100, 200, 300)))
    store = open_store(path)
    assert store.count_pending(version="1") == 80
    store.close()


CRASH = """
import os, sys
sys.path.insert(0, {tests!r})
from record_maker import Make
from heldby.store import open_store
from heldby.store import writing
make = Make()
store = open_store({path!r})
store.add_captures([make.item(b"kept", origin="kept.txt")])
print("acknowledged", flush=True)
real = writing.add_captures
def die(connection, items):
    real(connection, items)
    os._exit(9)
writing.add_captures = die
store.add_captures([make.item(b"lost", origin="lost.txt")])
"""


def test_what_was_acknowledged_survives_a_crash_in_the_middle_of_a_write(tmp_path: Path) -> None:
    """A process that dies within a transaction leaves all earlier captures, and nothing by halves."""
    path = str(tmp_path / "archive.heldby")
    code = CRASH.format(tests=str(Path(__file__).parents[1]), path=path)
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 9 and done.stdout == "acknowledged\n", done.stderr
    store = open_store(path)
    assert [i.data for i in store.pending_captures(version="1", limit=9)] == [b"kept"]
    store.close()
