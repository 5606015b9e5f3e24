"""Countries, first-level areas (ISO 3166-2) and continents as rows of the gazetteer.

GeoNames numbers first-level areas by its own codes, ISO by others, and no table at hand joins them. They are joined
here through the town that an area is named after: Homs lies in GeoNames' SY.11, and SY-HI is called Homs; what is
then left over on both sides of a country, if it is one each, belongs together. `areas` of the supplement corrects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from heldby.resolve.place_names import bare, bare_of, fold, likeness, sound


@dataclass(slots=True)
class Row:
    """A row of the index while it is made: a place and every name that it goes by, the main one first;
    `chosen` are folded names that a person gave it, which count as main ones too."""

    id: str
    name: str
    country: str
    latitude: float | None
    longitude: float | None
    precision: str
    area: str = ""
    population: int = 0
    part_of: str = ""
    seat: str = ""
    names: list[str] = field(default_factory=list)
    chosen: frozenset[str] = frozenset()


@dataclass(slots=True)
class Town:
    """What of a GeoNames town is needed to find its area."""

    id: str
    code: str
    latitude: float
    longitude: float
    population: int
    name: str
    keys: frozenset[str]


def country_rows(
    countries: Mapping[str, Mapping[str, Any]],
    table: Mapping[str, Mapping[str, Any]],
    *,
    towns: Mapping[str, list[Town]],
) -> list[Row]:
    """Return one row for each country: GeoNames' own, its capital as seat, with coordinates and further names."""
    rows = []
    for code in sorted(countries):
        extra = table.get(code, {})
        latitude, longitude = extra.get("at", (None, None))
        capital = bare(str(countries[code]["capital"]))
        seats = [town for town in towns.get(code, []) if capital in town.keys]
        row = Row(
            f"iso:{code}",
            str(countries[code]["name"]),
            code,
            latitude,
            longitude,
            "country",
            population=int(countries[code]["population"]),
            seat=max(seats, key=lambda town: (town.population, town.id)).id if seats else "",
            names=[str(countries[code]["name"]), *extra.get("names", [])],
        )
        rows.append(row)
    return rows


def continent_rows(continents: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """Return one row for each continent, of precision "region" and of no country."""
    rows = []
    for code in sorted(continents):
        entry = continents[code]
        latitude, longitude = float(entry["lat"]), float(entry["lng"])
        names = [str(entry["name"])]
        population = int(entry["population"])
        rows.append(
            Row(f"gn:{entry['geonameId']}", names[0], "", latitude, longitude, "region", "", population, names=names)
        )
    return rows


def area_rows(
    subdivisions: Iterable[Any],
    towns: Mapping[str, list[Town]],
    *,
    table: Mapping[str, Mapping[str, Any]],
    type_words: frozenset[str],
) -> tuple[list[Row], dict[tuple[str, str], str]]:
    """Return a row for each first-level area, and the area's id for each GeoNames (country, admin1 code)."""
    by_country: dict[str, list[Any]] = defaultdict(list)
    for subdivision in subdivisions:
        by_country[subdivision.country_code].append(subdivision)
    rows: list[Row] = []
    codes: dict[tuple[str, str], str] = {}
    for country in sorted(by_country):
        entries = sorted(by_country[country], key=lambda entry: str(entry.code))
        joined = _join(entries, towns.get(country, []), table=table, type_words=type_words)
        codes |= {(country, code): f"iso:{entry.code}" for entry, code, _ in joined if code}
        for entry, code, seat in joined:
            inside = [town for town in towns.get(country, []) if code and town.code == code]
            rows.append(_area_row(entry, inside, seat, table.get(entry.code, {}), type_words=type_words))
    return rows, codes


def _area_row(
    entry: Any, inside: list[Town], seat: Town | None, extra: Mapping[str, Any], *, type_words: frozenset[str]
) -> Row:
    given = list(extra.get("names", ()))
    stems = [_stem(name, type_words) for name in [entry.name, *given]]
    named_after = seat is not None and max(likeness(name, seat.name) for name in stems) > 0.6
    main = given[0] if given else entry.name
    if seat is not None and named_after and not given:
        main = f"{seat.name} {entry.type}" if fold(entry.type) in type_words else seat.name
    called = given + ([seat.name] if seat is not None and named_after else [])
    middle = _middle(inside) or ((seat.latitude, seat.longitude) if seat else (None, None))
    middle = tuple(extra["at"]) if "at" in extra else middle
    parent = entry.parent_code if getattr(entry, "parent_code", None) else entry.country_code
    return Row(
        f"iso:{entry.code}",
        main,
        entry.country_code,
        middle[0],
        middle[1],
        "province",
        population=sum(town.population for town in inside),
        part_of=f"iso:{parent}",
        seat=seat.id if seat is not None and named_after else "",
        names=list(dict.fromkeys([main, entry.name, *called, *stems])),
    )


def _middle(towns: list[Town]) -> tuple[float, float] | None:
    # The middle between the outermost towns lies nearer to the middle of an area than their mean does, which
    # follows the cities; the outermost fiftieth is left out, against misplaced entries.
    if not towns:
        return None
    cut = len(towns) // 50
    middles = []
    for values in (sorted(town.latitude for town in towns), sorted(town.longitude for town in towns)):
        kept = values[cut : len(values) - cut]
        middles.append(round((kept[0] + kept[-1]) / 2, 4))
    return middles[0], middles[1]


def _join(
    entries: list[Any],
    towns: list[Town],
    *,
    table: Mapping[str, Mapping[str, Any]],
    type_words: frozenset[str],
) -> list[tuple[Any, str, Town | None]]:
    every_code = {town.code for town in towns if town.code not in {"", "00"}}
    by_key: dict[str, Town] = {}
    for town in sorted(towns, key=lambda town: (-town.population, town.id)):
        for key in sorted(town.keys):
            by_key.setdefault(key, town)
    sure: dict[str, tuple[str, Town | None]] = {}
    guessed: dict[str, tuple[str, Town | None]] = {}
    for entry in entries:
        number = str(entry.code).split("-", 1)[1]
        given = by_key.get(bare(str(table.get(entry.code, {}).get("seat", ""))))
        seat = _seat(_stem(entry.name, type_words), by_key)
        if given and entry.parent_code is None:
            sure[entry.code] = (given.code, given)
        elif number in every_code and not number.isdigit():
            sure[entry.code] = (number, None)
        elif given or seat:
            nearest = given or seat
            guessed[entry.code] = (nearest.code if nearest else "", nearest)
    top = {entry.code for entry in entries if entry.parent_code is None}
    found = sure | _one_each(guessed, taken={code for code, _ in sure.values()}, top=top)
    missing = sorted(top - set(found))
    left = sorted(every_code - {code for code, _ in found.values()})
    if len(missing) == len(left) == 1:
        found[missing[0]] = (left[0], None)
    # An area below the first level has no code of its own; its town still says where it lies.
    return [(entry, *found.get(entry.code, ("", guessed.get(entry.code, ("", None))[1]))) for entry in entries]


def _one_each(
    guessed: Mapping[str, tuple[str, Town | None]], *, taken: set[str], top: set[str]
) -> dict[str, tuple[str, Town | None]]:
    """Keep one subdivision for each code not taken: one of the first level, then the one with the larger town."""
    best: dict[str, str] = {}
    for code in sorted(guessed):
        number, seat = guessed[code]
        rank = (code in top, seat.population if seat else 0)
        rival = best.get(number)
        if number not in taken and (rival is None or rank > (rival in top, _population(guessed[rival][1]))):
            best[number] = code
    return {code: guessed[code] for code in best.values()}


def _population(town: Town | None) -> int:
    return town.population if town else 0


def _seat(stem: str, by_key: Mapping[str, Town]) -> Town | None:
    key = bare(stem)
    slavic = [key[: -len(end)] + new for end, new in _ADJECTIVES if key.endswith(end) and len(key) > len(end) + 2]
    for name in (key, *slavic):
        if name in by_key:
            return by_key[name]
    heard = by_key.get("~" + sound(stem))
    return heard if heard and likeness(stem, heard.name) > 0.9 else None


_ADJECTIVES = (("ska", "sk"), ("ska", ""), ("ka", ""), ("skaya", "sk"), ("skaya", ""), ("ske", "sk"), ("ska", "s"))


def _stem(name: str, type_words: frozenset[str]) -> str:
    words = [word for word in name.split() if fold(word) not in type_words]
    return " ".join(words) or name


def town_keys(names: list[str]) -> frozenset[str]:
    """Return the keys by which a town of these folded names can be a seat: bare, and the first's sound after "~"."""
    bares = {bare_of(name) for name in names} | {"~" + sound(names[0])}
    return frozenset(bares - {"", "~"})
