"""Places as a table that a person writes, one place a line: `knowledge/places.csv`, and files of one's own.

A line with the id of a place that is known already ("gn:163808") gives that place further names and needs no
coordinates. Every other line is a place of its own; without an id it gets one that follows from what it says.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from heldby.errors import KnowledgeError
from heldby.records.ids import record_id
from heldby.resolve.place_names import fold

PRECISIONS = frozenset({"part", "site", "town", "district", "province", "region", "country"})
# Each column with the headings that it may have, the first being the usual one.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "name": ("name",),
    "aliases": ("aliases", "alternatenames", "other_names"),
    "country": ("country", "country_code", "iso2"),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "lng", "long", "longitude"),
    "kind": ("kind", "type"),
    "within": ("within", "admin", "admin1"),
    "exact_km": ("exact_km", "precision_km"),
    "source": ("source",),
}
NEEDED = ("name", "lat", "lon", "country")
USUAL_KIND = "town"
KNOWN_IDS = ("gn:", "hb:", "iso:")
_ID = re.compile(r"[a-z]{2,8}:[\w./-]{1,60}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_BETWEEN_NAMES = re.compile(r"[;|]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlace:
    """A line of the table: `latitude` None where it only gives further names to the place with that id; `within` as
    written (an id, an ISO 3166-2 code or a name); `exact_km` how far off the coordinates may be, None: unknown."""

    id: str
    names: tuple[str, ...]
    country: str
    latitude: float | None
    longitude: float | None
    kind: str
    within: str
    exact_km: float | None
    source: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used, by its number in the file, and why."""

    line: int
    what: str


def read_table(lines: Iterable[str]) -> Iterator[tuple[int, TablePlace | BadLine]]:
    """Yield each line of a CSV with its number, as a place or with what is wrong with it.

    Comma, semicolon and tab are understood between columns. Raises KnowledgeError where the first line does not name
    the columns that are needed.
    """
    rest = iter(lines)
    first = next(rest, "").removeprefix("\ufeff")
    mark = max(",;\t", key=first.count)
    headings = [heading.strip().lower() for heading in next(csv.reader([first], delimiter=mark), [])]
    at = {name: n for name, known in COLUMNS.items() for n, heading in enumerate(headings) if heading in known}
    missing = [name for name in NEEDED if name not in at]
    if missing:
        raise KnowledgeError(
            f"The first line does not name the column{'s' * (len(missing) > 1)} {', '.join(missing)}.",
            remedy=f"Write the names of the columns in the first line: {', '.join(COLUMNS)}.",
        )
    for number, line in enumerate(rest, start=2):
        if not line.strip():
            continue
        try:
            # Each line alone, so that a quotation mark too many spoils no more than its own line.
            cells = next(csv.reader([line], delimiter=mark, strict=True), [])
        except csv.Error as error:
            yield number, BadLine(number, f"it cannot be taken apart ({error})")
            continue
        if any(cell.strip() for cell in cells):
            row = {name: cells[n].strip() if n < len(cells) else "" for name, n in at.items()}
            yield number, _place_or_bad(row, line=number)


def _place_or_bad(row: Mapping[str, str], *, line: int) -> TablePlace | BadLine:
    try:
        return table_place(row)
    except KnowledgeError as error:
        return BadLine(line, error.what)


def table_place(row: Mapping[str, str]) -> TablePlace:
    """Return a line as a place; raises KnowledgeError, saying what is wrong with it."""
    name, country, kind = row["name"], row["country"].upper(), row.get("kind") or USUAL_KIND
    checks = (
        (bool(fold(name)), "it has no name"),
        ("\ufffd" not in "".join(row.values()), "it is not UTF-8"),
        (not country or bool(_COUNTRY.fullmatch(country)), f"{country!r} is no ISO 3166 code of two letters"),
        (kind in PRECISIONS, f"{kind!r} is no kind of place (valid: {', '.join(sorted(PRECISIONS))})"),
        (not row.get("id") or bool(_ID.fullmatch(row["id"])), f"{row.get('id')!r} is no id, such as my:tell-new"),
    )
    for good, what in checks:
        if not good:
            raise KnowledgeError(what)
    names = [name, *(part.strip() for part in _BETWEEN_NAMES.split(row.get("aliases", "")))]
    only_names = row.get("id", "").startswith(KNOWN_IDS) and not row["lat"] and not row["lon"]
    latitude = None if only_names else _degrees(row["lat"], most=90, called="latitude")
    longitude = None if only_names else _degrees(row["lon"], most=180, called="longitude")
    return TablePlace(
        id=row.get("id") or record_id("own", name, country, latitude, longitude).replace("_", ":", 1),
        names=tuple(dict.fromkeys(part for part in names if fold(part))),
        country=country,
        latitude=latitude,
        longitude=longitude,
        kind=kind,
        within=row.get("within", ""),
        exact_km=_degrees(row["exact_km"], most=1000, called="exactness") if row.get("exact_km") else None,
        source=row.get("source", ""),
    )


def _degrees(text: str, *, most: float, called: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise KnowledgeError(f"its {called} {text!r} is no number") from error
    if not -most <= number <= most:  # Also false for "nan".
        raise KnowledgeError(f"its {called} {text} is not between -{most:g} and {most:g}")
    return number


def within_id(within: str, country: str, *, find_area: Callable[[str, str], str]) -> str:
    """Return the id of the area that a line puts its place in; raises KnowledgeError where there is none.

    `find_area(name, country)` returns the id of an area by its name, "" for none.
    """
    if not within or ":" in within:
        return within
    code = f"iso:{within.upper()}"
    found = find_area(code, country) or find_area(within, country)
    if not found:
        raise KnowledgeError(f"there is no area called {within!r} in {country or 'the gazetteer'}")
    return found
