"""Data files that a person can edit, and the one function that reads them."""

from __future__ import annotations

import csv
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from heldby.errors import KnowledgeError


def read_knowledge(name: str, *, folder: Path | None = None) -> dict[str, Any]:
    """Return the tables of one TOML file of this folder, or of another folder that takes its place.

    Where a CSV file of the same name stands beside it, its lines are the table of that name, each with its columns by
    their headings. Raises KnowledgeError, naming the file, where it is missing or cannot be read.
    """
    place = (folder if folder else files("heldby.knowledge")) / f"{name}.toml"
    rows = (folder if folder else files("heldby.knowledge")) / f"{name}.csv"
    try:
        tables = tomllib.loads(place.read_text("utf-8"))
        if rows.is_file():
            place = rows
            tables[name] = list(csv.DictReader(rows.read_text("utf-8").splitlines(), strict=True))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error) as error:
        raise KnowledgeError(
            f"The knowledge file cannot be read ({error}).", where=str(place), remedy="Correct or restore it."
        ) from error
    return tables
