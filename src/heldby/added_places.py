"""Files of places that a person adds to the gazetteer: add, list, remove.

They are kept in one folder for all archives of a user (the setting `gazetteer`). Which files are there is part of the
version of the rules, so that reports read without a file are read again with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from heldby.errors import KnowledgeError
from heldby.knowledge import read_knowledge
from heldby.resolve.added_files import AddedFile, Progress, drop_file, keep_file, list_added, note_file
from heldby.resolve.added_index import counted, open_added
from heldby.resolve.gazetteer import Added, Gazetteer, indexing_for
from heldby.resolve.gazetteer_index import SMALLEST_TOWN
from heldby.resolve.place_table import BadLine
from heldby.settings import Settings

__all__ = ["AddedFile", "BadLine", "NewPlaces", "add_places", "added_places", "remove_places"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlaces:
    """What became of a file: `known` where the same table had been added before; `bad_lines` the first of its bad
    lines, of which `file.bad` counts all."""

    file: AddedFile
    known: bool
    bad_lines: tuple[BadLine, ...]


def added_places(settings: Settings) -> tuple[AddedFile, ...]:
    """Return the files that have been added, by their ids. Raises KnowledgeError where one is damaged."""
    return list_added(settings.gazetteer_folder())


def add_places(
    path: Path, *, settings: Settings, now: datetime, progress: Progress, smallest_town: int = SMALLEST_TOWN
) -> NewPlaces:
    """Add a file: a GeoNames dump or its alternate names, plain or zipped, or a table of one's own places (CSV).

    `now` is an aware time; `smallest_town` is that of the gazetteer that knows the areas which a table names. A file
    none of whose lines can be used is not added. Raises KnowledgeError.
    """
    folder = settings.gazetteer_folder()
    file = keep_file(path, folder=folder, added_at=now.isoformat(timespec="seconds"), progress=progress)
    before = {each.id: each for each in list_added(folder)}
    try:
        whole, bad_lines = _index(file, settings=settings, progress=progress, smallest_town=smallest_town)
        if not whole.names:
            first = f" Line {bad_lines[0].line}: {bad_lines[0].what}." if bad_lines else ""
            raise KnowledgeError(f"No line of the file can be used.{first}", remedy="Correct it and add it again.")
    except KnowledgeError as error:
        if file.id not in before:
            _drop(file, settings)
        raise KnowledgeError(error.what, where=error.where or str(path), remedy=error.remedy) from error
    if file.id in before:
        return NewPlaces(file=before[file.id], known=True, bad_lines=bad_lines)
    note_file(whole, folder=folder)
    return NewPlaces(file=whole, known=False, bad_lines=bad_lines)


def _index(
    file: AddedFile, *, settings: Settings, progress: Progress, smallest_town: int
) -> tuple[AddedFile, tuple[BadLine, ...]]:
    """Make the index of a kept file and return the file with its counts, and the first of its bad lines."""
    tables, cache_folder = read_knowledge("places"), settings.cache_folder()
    added = Added(settings.gazetteer_folder(), (file,), progress)
    gazetteer = Gazetteer.open(cache_folder, supplement=tables, smallest_town=smallest_town)
    try:
        indexing = indexing_for(
            gazetteer, added, cache_folder=cache_folder, supplement=tables, smallest_town=smallest_town
        )
        connection = open_added(file, indexing)
        found = counted(file, connection)
        connection.close()
        return found
    finally:
        gazetteer.close()


def remove_places(name: str, *, settings: Settings) -> AddedFile:
    """Take out the file of this id, or the only one of this name. Raises KnowledgeError where there is none."""
    files = list_added(settings.gazetteer_folder())
    chosen = [file for file in files if file.id == name] or [file for file in files if file.name == name]
    if len(chosen) != 1:
        known = ", ".join(f"{file.id} ({file.name})" for file in files) or "none"
        raise KnowledgeError(
            f"{len(chosen) or 'No'} files of places have been added by this name.",
            where=name,
            remedy=f"Give one id of: {known}.",
        )
    _drop(chosen[0], settings)
    return chosen[0]


def _drop(file: AddedFile, settings: Settings) -> None:
    drop_file(file, folder=settings.gazetteer_folder())
    for path in settings.cache_folder().glob(f"places-{file.id}-*.sqlite"):
        path.unlink(missing_ok=True)
