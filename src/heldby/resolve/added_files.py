"""The files of places that a person has added: kept whole, by the SHA-256 of what they say.

A folder holds two files for each: `ID.gz`, the table as it was given, and `ID.json`, what is known of it. The second
is written last, so that a file counts as added only when all of it is there. The same table, zipped or not, is one
file.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias, cast

from heldby.errors import KnowledgeError
from heldby.resolve.geonames_lines import ALTERNATE_COLUMNS, DUMP_COLUMNS

Kind = Literal["geonames", "alternate names", "table"]
# What is done, and how many bytes of how many (0: not known).
Progress: TypeAlias = Callable[[str, int, int], None]

ID_DIGITS = 16
CHUNK = 1 << 20
LONGEST_LINE = 1 << 20
TABLES = (".txt", ".csv", ".tsv")
# What stands beside the table in the archives that GeoNames gives out.
_BESIDE = frozenset({"readme.txt", "iso-languagecodes.txt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFile:
    """A file of places: its id (the start of its SHA-256), how it was called, what it is, its size in bytes, when it
    was added (UTC, ISO), and once it is indexed the number of its places and names, of lines that were `left_out` (no
    places that reports speak of) and of `bad` lines."""

    id: str
    name: str
    kind: Kind
    sha256: str
    size: int
    added_at: str
    places: int = 0
    names: int = 0
    left_out: int = 0
    bad: int = 0


def list_added(folder: Path) -> tuple[AddedFile, ...]:
    """Return the files added to a folder by their ids; () where there is no folder.

    Raises KnowledgeError where one of them is damaged.
    """
    return tuple(_read_note(path) for path in sorted(folder.glob("*.json"))) if folder.is_dir() else ()


def keep_file(path: Path, *, folder: Path, added_at: str, progress: Progress) -> AddedFile:
    """Copy a table into the folder, packed, and return what it is; it counts as added only after `note_file`.

    Raises KnowledgeError where it is no table of places, or the folder cannot be written.
    """
    part = folder / f"new-{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sha256, size = _pack(path, part, progress=progress)
        file = AddedFile(
            id=sha256[:ID_DIGITS], name=path.name, kind="table", sha256=sha256, size=size, added_at=added_at
        )
        with gzip.open(part, "rb") as stream:
            file = replace(file, kind=_kind(cast("BinaryIO", stream), path=path))
        part.replace(_packed(file, folder))
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        raise KnowledgeError(
            f"The file cannot be added ({error}).", where=str(path), remedy="Check the file, its rights and the disk."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return file


def _pack(path: Path, part: Path, *, progress: Progress) -> tuple[str, int]:
    """Write a table to `part`, packed, and return its SHA-256 and its size."""
    digest, done = hashlib.sha256(), 0
    # No name and no time, so that the same table is packed into the same bytes.
    with (
        open_table(path) as (stream, size),
        part.open("wb") as kept,
        gzip.GzipFile(filename="", mode="wb", fileobj=kept, mtime=0, compresslevel=3) as packed,
    ):
        while chunk := stream.read(CHUNK):
            done += len(chunk)
            digest.update(chunk)
            packed.write(chunk)
            progress("copying", done, size)
    if not done:
        raise EOFError("it is empty")
    return digest.hexdigest(), done


def note_file(file: AddedFile, *, folder: Path) -> None:
    """Make a kept file count as added."""
    part = folder / f"{file.id}.part"
    part.write_text(json.dumps(asdict(file), ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    part.replace(folder / f"{file.id}.json")


def drop_file(file: AddedFile, *, folder: Path) -> None:
    """Take a file out of the folder."""
    for path in (folder / f"{file.id}.json", _packed(file, folder)):
        path.unlink(missing_ok=True)


@contextmanager
def open_kept(file: AddedFile, folder: Path) -> Iterator[BinaryIO]:
    """Open a kept table to be read. Raises KnowledgeError where it is missing or damaged."""
    try:
        with gzip.open(_packed(file, folder), "rb") as stream:
            yield cast("BinaryIO", stream)
    except (OSError, EOFError, zlib.error) as error:
        raise KnowledgeError(
            f"The kept file of places cannot be read ({error}).",
            where=str(_packed(file, folder)),
            remedy=f"Take it out with `heldby gazetteer remove {file.id}` and add {file.name} again.",
        ) from error


def lines_of(stream: BinaryIO) -> Iterator[str]:
    """Yield the lines of a stream, bytes that are no UTF-8 as U+FFFD, and of a line too long only the beginning."""
    while line := stream.readline(LONGEST_LINE):
        yield line.decode("utf-8", errors="replace")
        while len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)


@contextmanager
def open_table(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Open a table, plain, in a .zip or a .gz, with its size in bytes (0: not known)."""
    if not path.is_file():
        raise KnowledgeError("There is no such file.", where=str(path), remedy="Check the path.")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            member = _member(archive, path=path)
            with archive.open(member) as stream:
                yield cast("BinaryIO", stream), member.file_size
    elif path.suffix.lower() == ".gz":
        with gzip.open(path, "rb") as unpacked:
            yield cast("BinaryIO", unpacked), 0
    else:
        with path.open("rb") as plain:
            yield plain, path.stat().st_size


def _member(archive: zipfile.ZipFile, *, path: Path) -> zipfile.ZipInfo:
    tables = [
        info
        for info in archive.infolist()
        if info.filename.lower().endswith(TABLES) and Path(info.filename).name.lower() not in _BESIDE
    ]
    if not tables:
        raise KnowledgeError(
            "The archive holds no table of places.",
            where=str(path),
            remedy=f"Give an archive with one file that ends in {', '.join(TABLES)}, or the file itself.",
        )
    return max(tables, key=lambda info: (info.file_size, info.filename))


def _kind(stream: BinaryIO, *, path: Path) -> Kind:
    """Tell what a table is by its first line that is not empty."""
    line = next((line for line in lines_of(stream) if line.strip()), "").rstrip("\r\n")
    cells = line.split("\t")
    if len(cells) == DUMP_COLUMNS and cells[0].removeprefix("\ufeff").isdecimal():
        return "geonames"
    if len(cells) in ALTERNATE_COLUMNS and cells[0].removeprefix("\ufeff").isdecimal() and cells[1].isdecimal():
        return "alternate names"
    if any("name" in cell.lower() for mark in ",;\t" for cell in line.split(mark)):
        return "table"
    raise KnowledgeError(
        "This is no file of places.",
        where=str(path),
        remedy="Give a GeoNames dump (SY.txt, SY.zip), its alternateNamesV2, or a CSV whose first line names its"
        " columns: name,lat,lon,country and more.",
    )


def _packed(file: AddedFile, folder: Path) -> Path:
    return folder / f"{file.id}.gz"


def _read_note(path: Path) -> AddedFile:
    try:
        return AddedFile(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise KnowledgeError(
            f"The note on a file of places cannot be read ({error}).",
            where=str(path),
            remedy="Delete it, and add the file of places again.",
        ) from error
