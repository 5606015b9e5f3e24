"""The gazetteer: which places go by a name, and what is known of a place.

Names come from GeoNames (settlements of 500 people and more), ISO 3166 (countries and their first-level areas) and
the supplement in `knowledge/places.toml`. Ids say where a place is from: `gn:163808` GeoNames, `iso:SY` a country,
`iso:SY-HI` an area, `hb:eastern-ghouta` the supplement. A part of an area that no source lists is made from it:
`iso:SY/north` is northern Syria.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from heldby.records import Place
from heldby.records.place import PlacePrecision
from heldby.resolve.gazetteer_index import SMALLEST_TOWN, neighbours, open_index
from heldby.resolve.place_names import bare, fold, likeness, sound, words_of

LOOKUPS_KEPT = 50_000
LONGEST_NAME = 6
# Romanisations of one name are at least so alike; the shorter the name, the less may differ.
LEAST_LIKENESS = 0.85
LEAST_LIKENESS_SHORT = 0.9
SHORT_NAME = 6
# Of towns in other countries, where names are also words (Page, March), only the larger ones are names by themselves.
WELL_KNOWN = 15_000
LONGEST_ABBREVIATION = 5
_DEGREES_FROM_MIDDLE = 0.25
_SIDES: Mapping[str, tuple[float, float]] = {
    "north": (1.0, 0.0),
    "south": (-1.0, 0.0),
    "east": (0.0, 1.0),
    "west": (0.0, -1.0),
    "northeast": (0.7, 0.7),
    "northwest": (0.7, -0.7),
    "southeast": (-0.7, 0.7),
    "southwest": (-0.7, -0.7),
    "central": (0.0, 0.0),
}
SIDES = frozenset(_SIDES)
_COLUMNS = "place.id, place.name, country, latitude, longitude, precision, area, population, part_of, seat"


@dataclass(frozen=True, slots=True)
class Homonym:
    """A place that goes by a name: `exactness` 1.0 as written, 0.95 but for the article, below that by sound;
    `main` where it is the first of the place's names or one that a person chose."""

    place: Place
    exactness: float
    main: bool


class Gazetteer:
    """Look-ups in the index. Equal questions get equal answers, in the same order; nothing is ever written."""

    def __init__(self, connection: sqlite3.Connection, *, romanised: frozenset[str] = frozenset()) -> None:
        self._connection = connection
        self._romanised = romanised
        self._neighbours = neighbours()
        self._homonyms = lru_cache(maxsize=LOOKUPS_KEPT)(self._read_homonyms)
        self._place = lru_cache(maxsize=LOOKUPS_KEPT)(self._read_place)
        self._known = lru_cache(maxsize=LOOKUPS_KEPT)(self._read_known)
        self._box = lru_cache(maxsize=1000)(self._read_box)

    @classmethod
    def open(
        cls, cache_folder: Path, *, supplement: Mapping[str, Any], smallest_town: int = SMALLEST_TOWN
    ) -> Gazetteer:
        """Open the index in a folder, making it first where that is needed (some ten seconds, once).

        `supplement` holds the tables of `knowledge/places.toml`. A folder that cannot be written, and an index that
        is damaged, are no errors: the index is made in memory or made again. `smallest_town` leaves out towns with
        fewer people, as far as GeoNames' lists go (500, 1000, 5000, 15000). Raises KnowledgeError for a supplement
        that cannot be used.
        """
        romanised = frozenset(str(code) for code in supplement.get("romanised", ()))
        return cls(open_index(cache_folder, supplement, smallest_town=smallest_town), romanised=romanised)

    def close(self) -> None:
        """Close the index file."""
        self._connection.close()

    def find(self, name: str) -> tuple[Place, ...]:
        """Return every place that goes by the name, the most exact and most populous first; by sound if none does."""
        return tuple(homonym.place for homonym in self.homonyms(name) or self.sounding_like(name))

    def homonyms(self, name: str) -> tuple[Homonym, ...]:
        """Return the places that are written so, letter case, accents and Arabic articles apart."""
        folded = fold(name)
        return self._homonyms(folded) if folded else ()

    def sounding_like(self, name: str, *, countries: frozenset[str] = frozenset()) -> tuple[Homonym, ...]:
        """Return the places (of some countries, where given) whose name is another romanisation of this one."""
        key = bare(name)
        heard = sound(name)
        if len(heard) < 2:
            return ()
        least = LEAST_LIKENESS_SHORT if len(key) <= SHORT_NAME else LEAST_LIKENESS
        found: dict[str, Homonym] = {}
        for (other,) in self._connection.execute("SELECT bare FROM sound WHERE sound = ? ORDER BY bare", (heard,)):
            alike = likeness(key, other)
            if other == key or alike < least:
                continue
            for homonym in self._homonyms(other):
                rival = found.get(homonym.place.id)
                exactness = round(0.9 * alike, 4)
                at_hand = homonym.place.country in (countries or self._romanised)
                if at_hand and homonym.place.precision != "country" and (not rival or rival.exactness < exactness):
                    found[homonym.place.id] = replace(homonym, exactness=exactness)
        return tuple(sorted(found.values(), key=_rank))

    def bordering(self, country: str) -> frozenset[str]:
        """Return the codes of the countries that a country borders on."""
        return self._neighbours.get(country, frozenset())

    def is_romanised(self, country: str) -> bool:
        """Tell whether the names of a country reach English from another script, so that few words look like one."""
        return country in self._romanised

    def by_id(self, place_id: str) -> Place | None:
        """Return the place with an id, also one made from another ("iso:SY/north"); None where there is none."""
        base, _, side = place_id.partition("/")
        place = self._place(base)
        if place is None or not side:
            return place
        return self.side_of(place, side) if side in SIDES else None

    def capital(self, country: Place) -> Place | None:
        """Return the capital of a country, None where GeoNames knows none."""
        row = self._connection.execute("SELECT seat FROM place WHERE id = ?", (country.id,)).fetchone()
        return self._place(row[0]) if row and row[0] else None

    def is_name(self, words: str) -> bool:
        """Tell whether some place is written so."""
        folded = fold(words)
        return bool(folded) and self._known(bare(folded))

    def side_of(self, place: Place, side: str, *, name: str = "") -> Place:
        """Return the northern, central... part of a country or area as a place of precision "region".

        Its point lies a quarter of the area's height or width from the middle. Raises KeyError for another side.
        """
        north, east = _SIDES[side]
        height, width = self._box(place.id)
        latitude, longitude = place.latitude, place.longitude
        if latitude is not None and longitude is not None:
            latitude = round(latitude + north * height * _DEGREES_FROM_MIDDLE, 4)
            longitude = round(longitude + east * width * _DEGREES_FROM_MIDDLE, 4)
        adjective = side if side == "central" else f"{side}ern"
        return replace(
            place,
            id=f"{place.id}/{side}",
            name=name or f"{adjective} {place.name}",
            latitude=latitude,
            longitude=longitude,
            precision="region",
            admin=place.admin if place.precision == "country" else (*place.admin, place.name),
            population=0,
            part_of=place.id,
        )

    def names_in(self, text: str, *, ignored: frozenset[str] = frozenset()) -> tuple[tuple[int, int, str], ...]:
        """Return the capitalised stretches that are names of places as (start, end, name), the longest at each spot.

        `ignored` holds folded words that are no names of places although a village somewhere is called so. Whether
        "Washington" is a person here is for the caller to tell.
        """
        words = words_of(text)
        found: list[tuple[int, int, str]] = []
        at = 0
        while at < len(words):
            end, stop = self._longest_from(text, words, at, ignored=ignored)
            if end > at:
                found.append((words[at][0], stop, text[words[at][0] : stop]))
            at = max(end, at + 1)
        return tuple(found)

    def _longest_from(
        self, text: str, words: tuple[tuple[int, int], ...], at: int, *, ignored: frozenset[str]
    ) -> tuple[int, int]:
        start = words[at][0]
        first = text[start : words[at][1]]
        if not may_start_name(first) or fold(first) in _ENGLISH_ARTICLES:
            return at, start
        for end in range(min(len(words), at + LONGEST_NAME), at, -1):
            gaps = (text[words[i][1] : words[i + 1][0]] for i in range(at, end - 1))
            if any(gap not in {" ", "\n"} for gap in gaps):
                continue
            last = text[words[end - 1][0] : words[end - 1][1]]
            name = _POSSESSIVE.sub("", text[start : words[end - 1][1]])
            if (last[:1].isupper() or last[:1].isdigit() or "-" in last) and self._fires(name, ignored=ignored):
                return end, start + len(name)
        return at, start

    def _fires(self, name: str, *, ignored: frozenset[str]) -> bool:
        """Tell whether a stretch is known well enough as a place to be taken for one without any context."""
        folded = fold(name)
        if folded in ignored:
            return False
        # Capitals alone are an abbreviation, of a state ("UAE", "DRC") or of an army.
        short = name.isupper() and len(folded) <= LONGEST_ABBREVIATION
        return any(self._is_known_well(homonym, folded, short=short) for homonym in self.homonyms(name))

    def _is_known_well(self, homonym: Homonym, folded: str, *, short: bool) -> bool:
        place = homonym.place
        if homonym.exactness < 1.0 and bare(folded) == folded:
            return False
        if short or place.precision != "town":
            return place.precision in {"country", "province"} or not short
        return place.country in self._romanised or place.population >= WELL_KNOWN

    def _read_known(self, key: str) -> bool:
        row = self._connection.execute("SELECT 1 FROM name WHERE bare = ? LIMIT 1", (key,)).fetchone()
        return row is not None

    def _read_homonyms(self, folded: str) -> tuple[Homonym, ...]:
        key = bare(folded)
        query = f"SELECT folded, main, {_COLUMNS} FROM name JOIN place ON place.id = name.id WHERE bare = ?"
        found: dict[str, Homonym] = {}
        seats: list[Homonym] = []
        for written, main, *columns in self._connection.execute(query, (key,)):
            homonym = Homonym(self._as_place(columns), 1.0 if written == folded else 0.95, bool(main))
            rival = found.get(homonym.place.id)
            if rival is None or (homonym.exactness, homonym.main) > (rival.exactness, rival.main):
                found[homonym.place.id] = homonym
                seats.append(homonym)
        for town in seats:
            for columns in self._connection.execute(
                f"SELECT {_COLUMNS} FROM place WHERE seat = ? AND seat != '' AND precision != 'country'",
                (town.place.id,),
            ):
                area = self._as_place(columns)
                found.setdefault(area.id, Homonym(area, town.exactness, False))
        return tuple(sorted(found.values(), key=_rank))

    def _read_place(self, place_id: str) -> Place | None:
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM place WHERE id = ?", (place_id,)).fetchone()
        return self._as_place(row) if row else None

    def _as_place(self, columns: Any) -> Place:
        place_id, name, country, latitude, longitude, precision, area, population, part_of, _seat = columns
        above = self._place(area) if area else None
        return Place(
            id=place_id,
            name=name,
            country=country,
            latitude=latitude,
            longitude=longitude,
            precision=cast("PlacePrecision", precision),
            admin=(*above.admin, above.name) if above else (),
            population=population,
            part_of=part_of or area or (f"iso:{country}" if country and place_id != f"iso:{country}" else ""),
        )

    def _read_box(self, place_id: str) -> tuple[float, float]:
        """Return height and width in degrees of the box around an area's towns."""
        where = "area = ?" if "-" in place_id else "country = ?"
        row = self._connection.execute(
            f"SELECT max(latitude) - min(latitude), max(longitude) - min(longitude) FROM place"
            f" WHERE {where} AND precision = 'town'",
            (place_id.removeprefix("iso:") if where.startswith("country") else place_id,),
        ).fetchone()
        return (row[0] or 0.0, row[1] or 0.0) if row else (0.0, 0.0)


_POSSESSIVE = re.compile(r"['’]s?$")
_ARABIC_ARTICLE = re.compile(r"(?:[ae][a-z]{1,2}|ul)-(?=[^\W_])", re.IGNORECASE)
_ENGLISH_ARTICLES = frozenset({"the", "an", "a", "in", "at", "as"})


def may_start_name(word: str) -> bool:
    """Tell whether a word is written as the first word of a name: a capital, also after an Arabic article."""
    article = _ARABIC_ARTICLE.match(word)
    return word[article.end() if article else 0 :][:1].isupper() or word[:1].isupper()


def _rank(homonym: Homonym) -> tuple[float, int, str]:
    # An area has more people than the town that it is named after; the town is what a bare name means.
    place = homonym.place
    people = place.population // 4 if place.precision == "province" else place.population
    return (-homonym.exactness, -people, place.id)
