"""Places, and what a mention of one was resolved to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from heldby.records.span import Span

PlacePrecision = Literal["part", "site", "town", "district", "province", "region", "country", "unresolved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of the gazetteer; coordinates in WGS84 degrees; `admin` from the country's first level downward."""

    id: str
    name: str
    country: str
    latitude: float | None = None
    longitude: float | None = None
    precision: PlacePrecision = "town"
    admin: tuple[str, ...] = ()
    population: int = 0
    part_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a mention might have meant, its score, and why it got it."""

    place_id: str
    label: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MayMean:
    """A name in the text that the reading model takes for what a mention without a name means, and its share
    (0 to 1)."""

    name: Span
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRef:
    """What a claim's place was resolved to.

    `mention`: the words in the claim's sentence ("the city"); `name_text`: the document's own name for it
    ("Palmyra"); `place`: None where unresolved; `side`: the quarter of it that the words name ("east" of "eastern
    Aleppo"), "" for the whole; `within`: id of the smallest area known where unresolved; `candidates`: those that
    lost, best first; `reason`: one sentence. `may_mean`: until it is resolved, what the reading model takes a mention
    without a name for.
    """

    mention: Span
    name_text: str
    place: Place | None = None
    side: str = ""
    within: str = ""
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""
    may_mean: tuple[MayMean, ...] = ()
