"""The gazetteer: which places go by a name, and what is known of a place.

Names come from GeoNames (settlements of 500 people and more), ISO 3166 (countries and their first-level areas), the
supplement in `knowledge/places.csv`, and the files that a person has added. Ids say where a place is from:
`gn:163808` GeoNames, `iso:SY` a country, `iso:SY-HI` an area, `hb:eastern-ghouta` the supplement, `own:1f0c...` a
person's table. A part of an area that no source lists is made from it: `iso:SY/north` is northern Syria.

What comes with heldby stands in one index, each added file in one of its own (`added`), all with the same tables. A
place that several know is what the first of them says; it has the names that any of them gives it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from heldby.records import Place
from heldby.records.place import PlacePrecision
from heldby.resolve.added_files import AddedFile, Progress
from heldby.resolve.added_index import Indexing, open_added
from heldby.resolve.gazetteer_index import SMALLEST_TOWN, index_key, neighbours, open_index
from heldby.resolve.place_names import bare, fold, likeness, may_be_alike, sound_of, words_of

LOOKUPS_KEPT = 50_000
TEXTS_KEPT = 256
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
_COLUMNS = "id, name, country, latitude, longitude, precision, area, population, part_of"
_LARGER = ("province", "region", "district", "town")


def _tell_nobody(what: str, done: int, total: int) -> None:
    """Keep quiet."""


@dataclass(frozen=True, slots=True)
class Homonym:
    """A place that goes by a name: `exactness` 1.0 as written, 0.95 but for the article, below that by sound;
    `main` where it is the first of the place's names or one that a person chose; `uncounted` where it is from an
    added list of every hamlet, hill and well, which knows no number of people for it."""

    place: Place
    exactness: float
    main: bool
    uncounted: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """The files of places that a person has added, the folder that they are kept in, and whom to tell how far it is
    where they have to be indexed first."""

    folder: Path
    files: tuple[AddedFile, ...]
    progress: Progress = _tell_nobody


class Gazetteer:
    """Look-ups in the index. Equal questions get equal answers, in the same order; nothing is ever written."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        romanised: frozenset[str] = frozenset(),
        added: Sequence[sqlite3.Connection] = (),
    ) -> None:
        self._connection = connection
        self._added = list(added)
        self._romanised = romanised
        self._neighbours = neighbours()
        self._codes = dict(connection.execute("SELECT code, area FROM code"))
        self._homonyms = lru_cache(maxsize=LOOKUPS_KEPT)(self._read_homonyms)
        self._sounding = lru_cache(maxsize=LOOKUPS_KEPT)(self._read_sounding)
        self._place = lru_cache(maxsize=LOOKUPS_KEPT)(self._read_place)
        self._known = lru_cache(maxsize=LOOKUPS_KEPT)(self._read_known)
        self._box = lru_cache(maxsize=1000)(self._read_box)
        self._names = lru_cache(maxsize=TEXTS_KEPT)(self._read_names)

    @classmethod
    def open(
        cls,
        cache_folder: Path,
        *,
        supplement: Mapping[str, Any],
        smallest_town: int = SMALLEST_TOWN,
        added: Added | None = None,
    ) -> Gazetteer:
        """Open the index in a folder, making it first where that is needed (some ten seconds, once).

        `supplement` holds the tables of `knowledge/places.toml` and `places.csv`. A folder that cannot be written,
        and an index that is damaged, are no errors: the index is made in a temporary file or made again.
        `smallest_town` leaves out towns with fewer people, as far as GeoNames' lists go (500, 1000, 5000, 15000).
        Raises KnowledgeError for a supplement, or a file of `added`, that cannot be used.
        """
        romanised = frozenset(str(code) for code in supplement.get("romanised", ()))
        base = open_index(cache_folder, supplement, smallest_town=smallest_town)
        gazetteer = cls(base, romanised=romanised)
        if added is None:
            return gazetteer
        indexing = indexing_for(
            gazetteer, added, cache_folder=cache_folder, supplement=supplement, smallest_town=smallest_town
        )
        # What the file of areas says must not depend on the other files, so all are opened before one is looked into.
        layers = [open_added(file, indexing) for file in added.files]
        return cls(base, romanised=romanised, added=layers)

    def close(self) -> None:
        """Close the index files."""
        for connection in (self._connection, *self._added):
            connection.close()

    def find_area(self, name: str, country: str) -> str:
        """Return the id of the area, or else the town, that has this id or goes by this name in a country; "" for
        none."""
        direct = self.by_id(name)
        if direct is not None:
            return direct.id
        found = [homonym.place for homonym in self.homonyms(name) if homonym.place.country == country]
        found = [place for place in found if place.precision in _LARGER]
        found.sort(key=lambda place: (_LARGER.index(place.precision), -place.population, place.id))
        return found[0].id if found else ""

    def find(self, name: str) -> tuple[Place, ...]:
        """Return every place that goes by the name, the most exact and most populous first; by sound if none does."""
        return tuple(homonym.place for homonym in self.homonyms(name) or self.sounding_like(name))

    def homonyms(self, name: str) -> tuple[Homonym, ...]:
        """Return the places that are written so, letter case, accents and Arabic articles apart."""
        folded = fold(name)
        return self._homonyms(folded) if folded else ()

    def sounding_like(self, name: str, *, countries: frozenset[str] = frozenset()) -> tuple[Homonym, ...]:
        """Return the places (of some countries, where given) whose name is another romanisation of this one."""
        return self._sounding(bare(name), countries or self._romanised) if name else ()

    def _read_sounding(self, key: str, countries: frozenset[str]) -> tuple[Homonym, ...]:
        heard = sound_of(key)
        if len(heard) < 2:
            return ()
        least = LEAST_LIKENESS_SHORT if len(key) <= SHORT_NAME else LEAST_LIKENESS
        found: dict[str, Homonym] = {}
        for other in self._heard(heard):
            if other == key or not may_be_alike(key, other, least=least):
                continue
            alike = likeness(key, other)
            if alike < least:
                continue
            for homonym in self._homonyms(other):
                rival = found.get(homonym.place.id)
                exactness = round(0.9 * alike, 4)
                at_hand = homonym.place.country in countries
                if at_hand and homonym.place.precision != "country" and (not rival or rival.exactness < exactness):
                    found[homonym.place.id] = replace(homonym, exactness=exactness)
        return tuple(sorted(found.values(), key=_rank))

    def _heard(self, heard: str) -> list[str]:
        query = "SELECT bare FROM sound WHERE sound = ?"
        return sorted({bare for each in self._layers() for (bare,) in each.execute(query, (heard,))})

    def _layers(self) -> tuple[sqlite3.Connection, ...]:
        return (self._connection, *self._added)

    def bordering(self, country: str) -> frozenset[str]:
        """Return the codes of the countries that a country borders on."""
        return self._neighbours.get(country, frozenset())

    def is_romanised(self, country: str) -> bool:
        """Tell whether the names of a country reach English from another script, so that few words look like one."""
        return country in self._romanised

    def by_id(self, place_id: str) -> Place | None:
        """Return the place with an id, also one made from another ("iso:SY/north"); None where there is none."""
        base, _, side = place_id.partition("/")
        known = self._place(base)
        if known is None or not side:
            return known[0] if known else None
        place = known[0]
        return self.side_of(place, side) if side in SIDES else None

    def capital(self, country: Place) -> Place | None:
        """Return the capital of a country, None where GeoNames knows none."""
        row = self._connection.execute("SELECT seat FROM place WHERE id = ?", (country.id,)).fetchone()
        return self.by_id(row[0]) if row and row[0] else None

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
        return self._names(text, ignored)

    def _read_names(self, text: str, ignored: frozenset[str]) -> tuple[tuple[int, int, str], ...]:
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
        furthest, limit = at + 1, min(len(words), at + LONGEST_NAME)
        while furthest < limit and text[words[furthest - 1][1] : words[furthest][0]] in {" ", "\n"}:
            furthest += 1
        for end in range(furthest, at, -1):
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
        if homonym.uncounted and place.precision != "town":
            return False  # A list of every hill and well has half of the words of a language.
        if short or place.precision != "town":
            return place.precision in {"country", "province"} or not short
        return place.country in self._romanised or place.population >= WELL_KNOWN

    def _read_known(self, key: str) -> bool:
        query = "SELECT id FROM name WHERE bare = ?"
        if self._connection.execute(query, (key,)).fetchone():
            return True
        # A list of names may name places that no list of places has.
        return any(self._place(row[0]) for each in self._added for row in each.execute(query, (key,)))

    def _read_homonyms(self, folded: str) -> tuple[Homonym, ...]:
        key = bare(folded)
        query = "SELECT id, folded, main FROM name WHERE bare = ? ORDER BY id, folded"
        found: dict[str, Homonym] = {}
        seats: list[Homonym] = []
        for place_id, written, main in (row for each in self._layers() for row in each.execute(query, (key,))):
            known = self._place(place_id)
            if known is None:
                continue
            place, uncounted = known
            homonym = Homonym(place, 1.0 if written == folded else 0.95, bool(main), uncounted)
            rival = found.get(place.id)
            if rival is None or (homonym.exactness, homonym.main) > (rival.exactness, rival.main):
                found[place.id] = homonym
                seats.append(homonym)
        for town in seats:
            for (area_id,) in self._connection.execute(
                "SELECT id FROM place WHERE seat = ? AND seat != '' AND precision != 'country' ORDER BY id",
                (town.place.id,),
            ):
                area = self.by_id(area_id)
                if area is not None:
                    found.setdefault(area.id, Homonym(area, town.exactness, False))
        return tuple(sorted(found.values(), key=_rank))

    def _read_place(self, place_id: str) -> tuple[Place, bool] | None:
        """Return a place, and whether it is from a list that does not know its people."""
        query = f"SELECT {_COLUMNS} FROM place WHERE id = ?"
        for each in self._layers():
            row = each.execute(query, (place_id,)).fetchone()
            if row:
                return self._as_place(row), row[7] < 0
        return None

    def _as_place(self, columns: Any) -> Place:
        place_id, name, country, latitude, longitude, precision, area, population, part_of = columns
        # The dumps of GeoNames have its own codes of areas.
        area = area if ":" in area else self._codes.get(area, "")
        above = self.by_id(area) if area else None
        return Place(
            id=place_id,
            name=name,
            country=country,
            latitude=latitude,
            longitude=longitude,
            precision=cast("PlacePrecision", precision),
            admin=(*above.admin, above.name) if above else (),
            population=max(0, population),
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


def indexing_for(
    gazetteer: Gazetteer,
    added: Added,
    *,
    cache_folder: Path,
    supplement: Mapping[str, Any],
    smallest_town: int = SMALLEST_TOWN,
) -> Indexing:
    """Return what is needed to index added files by the areas that a gazetteer without them knows."""
    return Indexing(
        folder=added.folder,
        cache_folder=cache_folder,
        tables=supplement,
        find_area=gazetteer.find_area,
        areas_key=index_key(supplement, smallest_town=smallest_town),
        progress=added.progress,
    )


_POSSESSIVE = re.compile(r"['’]s?$")
_ARABIC_ARTICLE = re.compile(r"(?:[ae][a-z]{1,2}|ul)-(?=[^\W_])", re.IGNORECASE)
_ENGLISH_ARTICLES = frozenset({"the", "an", "a", "in", "at", "as"})


def may_start_name(word: str) -> bool:
    """Tell whether a word is written as the first word of a name: a capital, also after an Arabic article."""
    if word[:1].isupper():
        return True
    article = _ARABIC_ARTICLE.match(word)
    return article is not None and word[article.end() :][:1].isupper()


def _rank(homonym: Homonym) -> tuple[float, int, str]:
    # An area has more people than the town that it is named after; the town is what a bare name means.
    place = homonym.place
    people = place.population // 4 if place.precision == "province" else place.population
    return (-homonym.exactness, -people, place.id)
