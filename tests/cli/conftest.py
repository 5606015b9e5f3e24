"""One archive for the tests of the commands, read through the command line itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_shell import SAMPLES, Shell

HOSTILE = {
    "id": "hostile-1",
    "outlet": "=cmd|' /C calc'!A0",
    "published": "2016-12-12",
    "title": "\x1b]0;owned\x07\x1b[2JIslamic State holds Palmyra\u202e",
    "text": "-1+1 said on Monday that Islamic State controls Palmyra.\x9b31m\n\nIslamic State controls Palmyra.",
}
REPORTS = ("02-orontes-wire-2015-05-21.html", "11-orontes-wire-2016-12-11.html", "14-northern-ledger-2017-03-02.html")


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return a shell whose archive holds three samples, a hostile record and an empty file."""
    folder = tmp_path_factory.mktemp("cli")
    for name in REPORTS:
        (folder / name).write_bytes((SAMPLES / name).read_bytes())
    (folder / "hostile.jsonl").write_text(json.dumps(HOSTILE) + "\n", encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    shell = Shell(folder / "archive" / "test.heldby")
    shell.archive.parent.mkdir()
    names = [str(folder / name) for name in (*REPORTS, "hostile.jsonl", "empty.txt")]
    shell.run("read", *names)
    return shell


@pytest.fixture
def fresh_shell(tmp_path: Path) -> Callable[[], Shell]:
    """Return a maker of shells on an archive that is not there yet."""
    return lambda: Shell(tmp_path / "fresh.heldby")
