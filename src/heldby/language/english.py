"""The word lists of english.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Returns one list in its order. Raises KeyError, naming the valid lists, for an unknown name."""
    tables = tomllib.loads((files("heldby.language") / "english.toml").read_text("utf-8"))
    if name not in tables:
        raise KeyError(f"There is no list {name!r}; valid names: {', '.join(sorted(tables))}.")
    return tuple(tables[name].split())
