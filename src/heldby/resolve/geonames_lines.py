"""The lines of GeoNames' own files: country dumps ("SY.txt", "allCountries.txt") and alternate names.

The columns are those of https://download.geonames.org/export/dump/readme.txt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from heldby.errors import KnowledgeError
from heldby.resolve.place_names import bare_of, fold, is_readable

DUMP_COLUMNS = 19
ALTERNATE_COLUMNS = range(4, 11)
# First-level areas and countries are known from ISO 3166 already, with names and extent.
LEFT_OUT = ""
_SEATS = ("PPLA", "PPLC", "PPLG")
_NO_CODE = {"", "00"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What kind of place a GeoNames feature is, by class ("S") or class and code ("S.AIRB"), "" for one that is left
    out; `codes` are the languages of the alternate names that are no names (links, postal codes)."""

    kinds: Mapping[str, str]
    codes: frozenset[str]
    romanised: frozenset[str]

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> Features:
        """Read the tables of `knowledge/places.toml`."""
        kinds = {str(key): str(kind) for key, kind in tables.get("features", {}).items()}
        codes = frozenset(map(str, tables.get("codes_not_names", ())))
        return cls(kinds=kinds, codes=codes, romanised=frozenset(map(str, tables.get("romanised", ()))))

    def kind(self, feature_class: str, code: str) -> str:
        """Return the kind of a feature, "" for one that is left out."""
        return self.kinds.get(f"{feature_class}.{code}", self.kinds.get(feature_class, LEFT_OUT))


@dataclass(frozen=True, slots=True)
class DumpPlace:
    """A line of a dump: the place's row as the index keeps it, and its folded names, the first one main."""

    row: tuple[str, str, str, float, float, str, str, int, str, str]
    names: tuple[str, ...]


def dump_place(line: str, *, features: Features) -> DumpPlace | None:
    """Return a line of a dump as a place, None for what is left out; raises KnowledgeError for a bad line.

    The population is -1 where GeoNames knows none of a place that is no seat of an area.
    """
    cells = line.rstrip("\r\n").split("\t")
    if len(cells) != DUMP_COLUMNS:
        raise KnowledgeError(f"it has {len(cells)} columns where a GeoNames dump has {DUMP_COLUMNS}")
    number, name, ascii_name, others, latitude, longitude, feature_class, code, country = cells[:9]
    if not number.isdecimal() or not fold(name):
        raise KnowledgeError("it has no number" if fold(name) else "it has no name")
    if country and not re.fullmatch("[A-Z]{2}", country):
        raise KnowledgeError(f"{country!r} is no ISO 3166 code of two letters")
    at = (_degrees(latitude, 90, "latitude"), _degrees(longitude, 180, "longitude"))
    kind = features.kind(feature_class, code)
    if kind == LEFT_OUT:
        return None
    at_home = country in features.romanised
    readable = [other for other in others.split(",") if other and is_readable(other, romanised=at_home)]
    area = f"{country}.{cells[10]}" if country and cells[10] not in _NO_CODE else ""
    people = _people(cells[14]) or (0 if code.startswith(_SEATS) else -1)
    row = (f"gn:{number}", name, country, *at, kind, area, people, "", "")
    return DumpPlace(row, tuple(dict.fromkeys(filter(None, map(fold, (name, ascii_name, *readable))))))


def alternate_name(line: str, *, features: Features) -> tuple[str, str] | None:
    """Return a line of the alternate names as (id of the place, folded name), None for what is no name to read.

    Raises KnowledgeError for a bad line.
    """
    cells = line.rstrip("\r\n").split("\t")
    if len(cells) not in ALTERNATE_COLUMNS or not cells[1].isdecimal():
        raise KnowledgeError("it is no line of GeoNames' alternate names (number, number, language, name ...)")
    language, name = cells[2], cells[3]
    if language in features.codes or "\ufffd" in name or not is_readable(name, romanised=True):
        return None
    folded = fold(name)
    return (f"gn:{cells[1]}", folded) if bare_of(folded) else None


def _degrees(text: str, most: int, called: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise KnowledgeError(f"its {called} {text!r} is no number") from error
    if not -most <= number <= most:
        raise KnowledgeError(f"its {called} {text} is not between -{most} and {most}")
    return number


def _people(text: str) -> int:
    if text and not text.lstrip("-").isdecimal():
        raise KnowledgeError(f"its population {text!r} is no number")
    return max(0, int(text or 0))
