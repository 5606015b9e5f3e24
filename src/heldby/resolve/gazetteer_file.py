"""An index of places in a file: made once, in one step, and only read afterwards.

It holds nothing that cannot be made again, so a file that is damaged, or was made from other data, is replaced.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

SCHEMA = """
CREATE TABLE place (id TEXT PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, latitude REAL, longitude REAL,
    precision TEXT NOT NULL, area TEXT NOT NULL, population INTEGER NOT NULL, part_of TEXT NOT NULL,
    seat TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE name (bare TEXT NOT NULL, id TEXT NOT NULL, folded TEXT NOT NULL, main INTEGER NOT NULL,
    PRIMARY KEY (bare, id, folded)) WITHOUT ROWID;
CREATE TABLE sound (sound TEXT NOT NULL, bare TEXT NOT NULL, PRIMARY KEY (sound, bare)) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

Fill: TypeAlias = Callable[[sqlite3.Connection], None]


def open_made(path: Path, *, key: str, fill: Fill) -> sqlite3.Connection:
    """Open the index, making it first where it is missing, damaged or has another key.

    `fill` writes the tables into an empty database, and `key` into its table `meta`. Where the folder cannot be
    written, the index is made in a temporary file that vanishes with the connection.
    """
    connection = open_existing(path, key=key)
    if connection is None:
        connection = _make_file(path, key=key, fill=fill)
    if connection is None:
        connection = sqlite3.connect("", check_same_thread=False)
        _fill(connection, fill)
    return connection


def open_existing(path: Path, *, key: str) -> sqlite3.Connection | None:
    """Open an index to be read; None where there is none, or a damaged one, or one with another key."""
    if not path.is_file():
        return None
    connection = None
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        values = dict(connection.execute("SELECT key, value FROM meta"))
        for table, column in (("place", "id"), ("name", "bare"), ("sound", "sound")):
            connection.execute(f"SELECT {column} FROM {table} ORDER BY {column} DESC LIMIT 1").fetchone()
        if values.get("key") == key:
            return connection
    except sqlite3.DatabaseError:
        pass  # Damaged: it is made again, in place of this one.
    if connection is not None:
        connection.close()
    return None


def _make_file(path: Path, *, key: str, fill: Fill) -> sqlite3.Connection | None:
    """Write the index beside its place, then move it there; None where the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=path.stem, suffix=".tmp", dir=path.parent)
        os.close(handle)
    except OSError:
        return None
    part = Path(name)
    connection = sqlite3.connect(part)
    try:
        _fill(connection, fill)
        connection.close()
        part.replace(path)
    except (OSError, sqlite3.OperationalError):
        return None
    finally:
        connection.close()
        part.unlink(missing_ok=True)
    return open_existing(path, key=key)


def _fill(connection: sqlite3.Connection, fill: Fill) -> None:
    # Nobody sees the file before it is whole, so that a journal would protect nothing.
    connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SCHEMA)
    fill(connection)
