"""Why a name means this place and not another of the same name: scored evidence, each with its sentence.

Every function looks at one candidate in the light of the report and returns a score between -1 and 1 and a sentence;
`EVIDENCE` lists them with their weights. The candidate with the greatest weighted sum is meant.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from heldby.records import Place
from heldby.resolve.gazetteer import Homonym

_EARTH_RADIUS_KM = 6371.0
_SMALLEST_TOWN = 1_000
_SEAT_OF_DISTRICT = 10_000
_LARGEST_TOWN = 10_000_000
# What has no inhabitants of its own but stands in the gazetteer, because reports name it.
_NAMED_IN_REPORTS: Mapping[str, float] = {"region": 0.8, "district": 0.5, "site": 0.4, "part": 0.3, "province": 0.5}
_CLOSE_KM = 150.0
_FITTING: Mapping[str, tuple[str, ...]] = {
    "town": ("town", "part", "site"),
    "area": ("province", "region", "district"),
    "district": ("district", "town", "province", "region"),
    "around": ("province", "district", "region", "town"),
    "part": ("part", "district", "town"),
    "site": ("site", "region"),
    "country": ("country",),
    "capital": ("town", "country"),
}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A place that another name of the report means, and how near to the mention that name stands, 0 to 1."""

    place: Place
    nearness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a report says around one name: the share that each country has in it, the areas (`containers`) that the
    name is said to lie in, the places (`contents`) said to lie in it, its `mates` in lists, the kind that the noun
    beside it says, and the places that stand around it."""

    countries: Mapping[str, float] = field(default_factory=dict)
    containers: frozenset[str] = frozenset()
    contents: tuple[Place, ...] = ()
    mates: tuple[Place, ...] = ()
    kind: str = ""
    neighbours: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """A candidate's weighted sum and the sentences for it, the weightiest first."""

    homonym: Homonym
    total: float
    reasons: tuple[str, ...]


def exact_name(homonym: Homonym, around: Surroundings) -> tuple[float, str]:
    """The candidate's name is written as in the report; one that only sounds alike counts less."""
    if homonym.exactness >= 1.0:
        return 1.0, "its name is written so"
    if homonym.exactness >= 0.95:
        return 0.9, "its name is written so but for the article"
    return 2 * homonym.exactness - 1.2, "its name sounds alike"


def main_name(homonym: Homonym, around: Surroundings) -> tuple[float, str]:
    """The name is the first of the candidate's names, not one of many others."""
    return (1.0, "it is its first name") if homonym.main else (0.0, "")


def population(homonym: Homonym, around: Surroundings) -> tuple[float, str]:
    """A place with more people is meant more often; countries and areas stand above towns of their name."""
    place = homonym.place
    if place.precision == "country":
        return 1.5, "it is a country"
    if homonym.uncounted:
        return 0.0, ""
    if not place.population and place.precision in _NAMED_IN_REPORTS:
        return _NAMED_IN_REPORTS[place.precision], "it is named in reports"
    # GeoNames' towns of unknown population are the seat of some district; others were listed by hand.
    people = max(place.population or _SEAT_OF_DISTRICT, _SMALLEST_TOWN) // (2 if place.precision == "province" else 1)
    size = math.log10(people / _SMALLEST_TOWN) / math.log10(_LARGEST_TOWN / _SMALLEST_TOWN)
    listed = "it is the seat of a district" if place.id.startswith("gn:") else "it was listed by hand"
    said = f"{place.population:,} people live there" if place.population else listed
    return round(max(0.0, min(1.0, size)), 6), said


def fitting_kind(homonym: Homonym, around: Surroundings) -> tuple[float, str]:
    """The noun beside the name says what kind of place is meant; without one a town rather than its province."""
    precision = homonym.place.precision
    if not around.kind or around.kind == "any":
        named_after_town = precision == "province" and not homonym.main
        return (-0.4, "the report does not call it a province") if named_after_town else (0.0, "")
    fitting = _FITTING[around.kind]
    if precision in fitting:
        return 1.0 - 0.3 * fitting.index(precision), f"the report calls it a {around.kind}"
    return -0.8, f"the report calls it a {around.kind}, which it is not"


def country_of_report(homonym: Homonym, around: Surroundings) -> tuple[float, str]:
    """The country is one that the report is about."""
    share = around.countries.get(homonym.place.country, 0.0)
    if homonym.place.precision == "country":
        return max(0.6, share), ""
    return share, f"the report is about {homonym.place.country}" if share >= 0.3 else ""


def said_container(homonym: Homonym, around: Surroundings) -> tuple[float, str]:
    """The report says that it lies in an area; a candidate outside of it is not meant."""
    if not around.containers:
        return 0.0, ""
    if around.containers & areas_of(homonym.place):
        return 1.0, "it lies in the area that the report names beside it"
    return -0.5, "it lies outside of the area that the report names beside it"


def said_contents(homonym: Homonym, around: Surroundings) -> tuple[float, str]:
    """The report says that a place lies in it ("Toronto, Ontario")."""
    inside = [place for place in around.contents if homonym.place.id in areas_of(place) - {place.id}]
    if inside:
        return 1.0, f"the report puts {inside[0].name} in it"
    return (-0.3, "") if around.contents else (0.0, "")


def like_its_list(homonym: Homonym, around: Surroundings) -> tuple[float, str]:
    """Names in one list mean places of one kind in one country."""
    if not around.mates:
        return 0.0, ""
    place = homonym.place
    alike = sum(
        (1.0 if mate.precision == place.precision else 0.3) for mate in around.mates if mate.country == place.country
    )
    return round(alike / len(around.mates), 6), "the places listed with it are of its kind and country"


def near_neighbours(homonym: Homonym, around: Surroundings) -> tuple[float, str]:
    """Names that stand together in a report mean places that lie together."""
    closest: tuple[float, str] = (0.0, "")
    for neighbour in around.neighbours:
        kilometres = distance(homonym.place, neighbour.place)
        if kilometres is None or neighbour.place.id == homonym.place.id:
            continue
        closeness = round(neighbour.nearness * math.exp(-kilometres / _CLOSE_KM), 6)
        if closeness > closest[0]:
            closest = closeness, f"{neighbour.place.name}, named beside it, is {kilometres:.0f} km away"
    return closest


Evidence = Callable[[Homonym, Surroundings], tuple[float, str]]
EVIDENCE: tuple[tuple[Evidence, float], ...] = (
    (country_of_report, 4.0),
    (exact_name, 3.0),
    (said_container, 3.0),
    (said_contents, 3.0),
    (like_its_list, 3.0),
    (fitting_kind, 2.5),
    (population, 5.0),
    (near_neighbours, 3.0),
    (main_name, 2.0),
)


def score(homonym: Homonym, around: Surroundings) -> Score:
    """Return the candidate's score with the sentences that explain it."""
    parts = [
        (weight * value, reason) for evidence, weight in EVIDENCE for value, reason in [evidence(homonym, around)]
    ]
    reasons = sorted(((abs(part), reason) for part, reason in parts if reason and part), key=lambda pair: -pair[0])
    return Score(homonym, round(sum(part for part, _ in parts), 6), tuple(reason for _, reason in reasons))


def ranked(homonyms: tuple[Homonym, ...], around: Surroundings) -> tuple[Score, ...]:
    """Return the candidates with their scores, best first; equal ones in the order of their ids."""
    scores = [score(homonym, around) for homonym in homonyms]
    return tuple(sorted(scores, key=lambda entry: (-entry.total, entry.homonym.place.id)))


def areas_of(place: Place) -> frozenset[str]:
    """Return the ids of the country and of the areas that a place lies in, its own id included."""
    ids = {place.id, place.part_of, f"iso:{place.country}"}
    return frozenset(ids - {"", "iso:"})


def distance(one: Place, other: Place) -> float | None:
    """Return the great-circle distance in kilometres, None where a place has no coordinates (haversine formula)."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north = math.radians(other.latitude - one.latitude)
    east = math.radians(other.longitude - one.longitude)
    chord = (
        math.sin(north / 2) ** 2
        + math.cos(math.radians(one.latitude)) * math.cos(math.radians(other.latitude)) * math.sin(east / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))
