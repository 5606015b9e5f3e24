"""The resolve stage: from the words of claims to places, voices, sides and days.

The order matters: places tell the countries that a report is about, voices tell whose enemy "the terrorists" are, and
sides and times need neither of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heldby.records import Place, Reading
from heldby.resolve.actors import ActorBook
from heldby.resolve.apart import tell_apart
from heldby.resolve.gazetteer import Added, Gazetteer
from heldby.resolve.parties import resolve_parties
from heldby.resolve.place_phrases import PlaceWords, read_place_words
from heldby.resolve.places import resolve_place_name, resolve_places
from heldby.resolve.scene import read_scene
from heldby.resolve.side_words import SideWords
from heldby.resolve.source_book import SourceBook, SourceWords
from heldby.resolve.sources import resolve_sources
from heldby.resolve.tellers import resolve_tellers
from heldby.resolve.times import TimeWords, resolve_times, time_words

Tables = Mapping[str, Any]

RULES_VERSION = "resolve-2"
# The forms of a side's name that belong to nothing but a side; the others are also names of lands and people.
NAMES_OF_SIDES = frozenset({"name", "leader"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolverTables:
    """The knowledge files that the resolver is built from, as tables."""

    actors: Tables
    side_words: Tables
    sources: Tables
    source_words: Tables
    places: Tables
    place_words: Tables
    time_words: Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """All that resolution knows: the gazetteer, the sides, the voices, and the words that point to them."""

    gazetteer: Gazetteer
    actors: ActorBook
    sources: SourceBook
    place_words: PlaceWords
    source_words: SourceWords
    times: TimeWords

    @classmethod
    def open(cls, cache_folder: Path, *, tables: ResolverTables, added: Added | None = None) -> Resolver:
        """Build the resolver; `cache_folder` keeps the gazetteer's index, `added` says which files of places are used
        beside it. Raises KnowledgeError for a bad table."""
        actors = ActorBook.of(tables.actors, words=SideWords.of(tables.side_words))
        return cls(
            gazetteer=Gazetteer.open(cache_folder, supplement=tables.places, added=added),
            actors=actors,
            sources=SourceBook.of(tables.sources, actor_ids=actors.actors),
            place_words=read_place_words(tables.place_words),
            source_words=SourceWords.of(tables.source_words),
            times=time_words(tables.time_words),
        )

    def place_spans(self, text: str) -> list[tuple[int, int]]:
        """Return where a text has known names of places."""
        found = self.gazetteer.names_in(text, ignored=self.place_words.not_places)
        return [(start, end) for start, end, _name in found]

    def side_spans(self, text: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Return where a text has names that only a side bears, and names of lands that can stand for a side."""
        found = self.actors.mentions(text)
        own = [(m.span.start, m.span.end) for m in found if m.form in NAMES_OF_SIDES]
        return own, [(m.span.start, m.span.end) for m in found if m.form not in NAMES_OF_SIDES]

    def find_places(self, name: str) -> tuple[Place, ...]:
        """Return the places that a person may mean by a name, the likeliest first."""
        return resolve_place_name(name, gazetteer=self.gazetteer, words=self.place_words)


def resolve_readings(readings: Iterable[Reading], *, resolver: Resolver) -> Iterator[Reading]:
    """Yield each reading with the places, voices, sides and times of its claims resolved."""
    for reading in readings:
        placed = resolve_places(reading, gazetteer=resolver.gazetteer, words=resolver.place_words)
        countries = tuple(claim.place.place.country for claim in placed.claims if claim.place.place is not None)
        scene = read_scene(placed, book=resolver.actors, countries=countries)
        voiced = resolve_sources(
            placed, book=resolver.sources, actors=resolver.actors, words=resolver.source_words, scene=scene
        )
        told = resolve_tellers(voiced, book=resolver.sources, actors=resolver.actors)
        sided = tell_apart(resolve_parties(told, book=resolver.actors, scene=scene), book=resolver.actors)
        yield resolve_times(sided, words=resolver.times)
