"""The index of a file of places that a person has added: as large as the file, made in bounded memory.

The lines go into unsorted tables first, and from there in order into the index; SQLite sorts on disk what does not
fit into memory.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from heldby.errors import KnowledgeError
from heldby.resolve.added_files import AddedFile, Progress, lines_of, open_kept
from heldby.resolve.gazetteer_file import SCHEMA, open_made
from heldby.resolve.geonames_lines import Features, alternate_name, dump_place
from heldby.resolve.place_names import bare_of, fold, sound_of
from heldby.resolve.place_table import KNOWN_IDS, BadLine, TablePlace, read_table, within_id

INDEX_VERSION = "1"
BATCH = 5_000
BAD_LINES_KEPT = 20

_STAGE = """
ATTACH '' AS stage;
CREATE TABLE stage.place AS SELECT * FROM main.place;
CREATE TABLE stage.name AS SELECT * FROM main.name;
CREATE TABLE stage.heard (bare TEXT NOT NULL);
CREATE TABLE bad (line INTEGER PRIMARY KEY, what TEXT NOT NULL);
"""
# The order decides which of two lines with one id is kept: the first of the file.
_SORT = """
INSERT OR IGNORE INTO main.place SELECT * FROM stage.place ORDER BY id, rowid;
INSERT OR IGNORE INTO main.name SELECT bare, id, folded, max(main) FROM stage.name GROUP BY bare, id, folded;
INSERT INTO main.sound SELECT sound, bare FROM (
    SELECT sound_of(bare) AS sound, bare FROM (SELECT DISTINCT bare FROM stage.heard)
) WHERE length(sound) > 1 ORDER BY sound, bare;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexing:
    """What is needed to index added files: the folder that they are kept in and the one for indexes, the tables of
    `knowledge/places.toml`, a function from an area's name and country to its id, the key of the index that knows
    these areas, and whom to tell how far it is."""

    folder: Path
    cache_folder: Path
    tables: Mapping[str, Any]
    find_area: Callable[[str, str], str]
    areas_key: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class Made:
    """What a line gives to the index: a place's row, names as (id, folded, main), and names compared by sound."""

    row: tuple[Any, ...] | None = None
    names: tuple[tuple[str, str, int], ...] = ()
    heard: bool = False


@dataclass(slots=True)
class _Count:
    """What became of the lines so far."""

    left_out: int = 0
    bad: int = 0
    lines: list[BadLine] = field(default_factory=list)


def index_path(file: AddedFile, indexing: Indexing) -> Path:
    """Return where the index of an added file is kept; its name changes with all that the index follows from."""
    features = [indexing.tables.get(name) for name in ("features", "codes_not_names", "romanised")]
    # Only a table of one's own names areas; a large dump need not be indexed anew when the supplement changes.
    areas = indexing.areas_key if file.kind == "table" else ""
    parts = (INDEX_VERSION, SCHEMA, _STAGE, file.sha256, file.kind, features, areas, sqlite3.sqlite_version)
    key = hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8")).hexdigest()[:16]
    return indexing.cache_folder / f"places-{file.id}-{key}.sqlite"


def open_added(file: AddedFile, indexing: Indexing) -> sqlite3.Connection:
    """Open the index of an added file, making it first where that is needed."""
    path = index_path(file, indexing)
    return open_made(path, key=path.stem, fill=partial(_fill, file=file, indexing=indexing, key=path.stem))


def counted(file: AddedFile, connection: sqlite3.Connection) -> tuple[AddedFile, tuple[BadLine, ...]]:
    """Return the file with the counts of its index, and the first of its bad lines."""
    values = dict(connection.execute("SELECT key, value FROM meta"))
    lines = tuple(BadLine(*row) for row in connection.execute("SELECT line, what FROM bad ORDER BY line"))
    places, names, left_out, bad = (int(values[name]) for name in ("places", "names", "left_out", "bad"))
    return replace(file, places=places, names=names, left_out=left_out, bad=bad), lines


def _fill(connection: sqlite3.Connection, *, file: AddedFile, indexing: Indexing, key: str) -> None:
    connection.executescript(_STAGE)
    connection.create_function("sound_of", 1, sound_of, deterministic=True)
    count = _Count()
    with open_kept(file, indexing.folder) as stream:
        made = _read_lines(_told(lines_of(stream), file=file, progress=indexing.progress), file, indexing, count)
        while batch := list(islice(made, BATCH)):
            _stage(connection, batch)
    with connection:
        indexing.progress("sorting", file.size, file.size)
        connection.executescript("BEGIN;" + _SORT)
        connection.executemany("INSERT INTO bad VALUES (?,?)", ((bad.line, bad.what) for bad in count.lines))
        meta = {"left_out": count.left_out, "bad": count.bad, "key": key}
        for table in ("place", "name"):
            meta[f"{table}s"] = connection.execute(f"SELECT count(*) FROM main.{table}").fetchone()[0]
        connection.executemany("INSERT INTO meta VALUES (?,?)", ((name, str(meta[name])) for name in sorted(meta)))
    connection.execute("DETACH stage")


def _stage(connection: sqlite3.Connection, batch: list[Made]) -> None:
    rows = [made.row for made in batch if made.row]
    names = [(bare_of(folded), *name) for made in batch for name in made.names for folded in name[1:2]]
    bares = {bare_of(name[1]) for made in batch if made.heard for name in made.names}
    with connection:
        connection.executemany("INSERT INTO stage.place VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
        connection.executemany("INSERT INTO stage.name VALUES (?,?,?,?)", names)
        connection.executemany("INSERT INTO stage.heard VALUES (?)", ((bare,) for bare in bares if bare.isascii()))


def _told(lines: Iterator[str], *, file: AddedFile, progress: Progress) -> Iterator[str]:
    """Yield the lines and tell now and then how many bytes (about: characters) of the table are done."""
    done = told = 0
    for line in lines:
        done += len(line)
        if done - told >= file.size // 200 + BATCH:
            told = done
            progress("indexing", done, file.size)
        yield line


def _read_lines(lines: Iterator[str], file: AddedFile, indexing: Indexing, count: _Count) -> Iterator[Made]:
    """Yield what each good line gives, and count the others."""
    features = Features.of(indexing.tables)
    if file.kind == "table":
        read = ((number, partial(_table_line, entry, indexing)) for number, entry in read_table(lines))
    else:
        line_of = _dump_line if file.kind == "geonames" else _alternate_line
        read = (
            (number, partial(line_of, line.removeprefix("\ufeff"), features))
            for number, line in enumerate(lines, start=1)
            if line.strip()
        )
    for number, line in read:
        try:
            made = line()
        except KnowledgeError as error:
            count.bad += 1
            if len(count.lines) < BAD_LINES_KEPT:
                count.lines.append(BadLine(number, error.what))
            continue
        if made is None:
            count.left_out += 1
        else:
            yield made


def _dump_line(line: str, features: Features) -> Made | None:
    place = dump_place(line, features=features)
    if place is None:
        return None
    names = tuple((place.row[0], name, int(n == 0)) for n, name in enumerate(place.names))
    return Made(place.row, names, heard=place.row[2] in features.romanised)


def _alternate_line(line: str, features: Features) -> Made | None:
    found = alternate_name(line, features=features)
    return Made(None, ((*found, 0),)) if found else None


def _table_line(entry: TablePlace | BadLine, indexing: Indexing) -> Made | None:
    if isinstance(entry, BadLine):
        raise KnowledgeError(entry.what)
    names = tuple((entry.id, fold(name), 1) for name in entry.names)
    if entry.id.startswith(KNOWN_IDS):
        return Made(None, names, heard=True)
    within = within_id(entry.within, entry.country, find_area=indexing.find_area)
    area = within if within.startswith("iso:") and "-" in within else ""
    at = (entry.latitude, entry.longitude)
    return Made((entry.id, entry.names[0], entry.country, *at, entry.kind, area, 0, within, ""), names, heard=True)
