"""Data files that a person can edit, and the one function that reads them."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from heldby.errors import KnowledgeError


def read_knowledge(name: str, *, folder: Path | None = None) -> dict[str, Any]:
    """Return the tables of one TOML file of this folder, or of another folder that takes its place.

    Raises KnowledgeError, naming the file, where it is missing or is no valid TOML.
    """
    place = (folder if folder else files("heldby.knowledge")) / f"{name}.toml"
    try:
        return tomllib.loads(place.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeError(
            f"The knowledge file cannot be read ({error}).", where=str(place), remedy="Correct or restore it."
        ) from error
