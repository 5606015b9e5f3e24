"""What names mean in one report, read together: each name's place helps to find the others'.

A name means one place throughout a report, unless the noun beside it says otherwise ("Homs", "Homs province").
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from heldby.records import Place
from heldby.resolve.gazetteer import Gazetteer, Homonym
from heldby.resolve.place_evidence import Neighbour, Score, Surroundings, areas_of, ranked
from heldby.resolve.place_names import fold
from heldby.resolve.place_phrases import Phrase, PlaceWords, parse_phrase

ROUNDS = 2
SHORTEST_LIST = 3
# A place in a country that the report does not speak of is only believed where it is large or said to be meant.
LARGE = 500_000
LEAST_SHARE = 0.12
LEAST_SHARE_BY_SOUND = 0.3
BY_ARTICLE = 0.95
# A small town's name says less about the country of a report: many villages bear it, or a word is taken for it.
KNOWN_TOWN = 10_000
# With less than this said about any country, nothing is known of the report's country.
CLEAR_WEIGHT = 2.0
# "American jets" says less of where a report is from than "America", and that less than "in America".
ADJECTIVE = 0.5
THERE = 2.0
_IN = re.compile(
    r"\b(?:in|into|inside|across|throughout|of|near|northern|southern|eastern|western|central)(?: the)? \Z"
)
UNCLEAR_SHARE = 0.5
# Two towns and more settle where a report is from.
SETTLED_SHARE = 0.9
WELL_KNOWN_TOWN = 50_000
SMALL_TOWN_TRUST = 0.4
SOUND_TRUST = 0.3
_COUNTRY = frozenset({"country"})
_COUNTRY_OR_AREA = frozenset({"country", "province"})
_FAMOUS = 100_000
_CONTEXT = 60
_REACH = 400.0
_WORD = re.compile(r"[A-Z][\w-]+(?: [A-Z][\w-]+)?|U\.S\.")
_CONTAINING = frozenset({"province", "district", "region"})


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a place where it stands in the text (-1: in no text), taken apart."""

    start: int
    end: int
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Resolved:
    """A name with its candidates, best first, or none; `place` None where none can be believed."""

    named: Named
    place: Place | None
    scores: tuple[Score, ...]
    countries: Mapping[str, float]
    containers: tuple[str, ...] = ()


def read_names(
    text: str,
    spans: Iterable[tuple[int, int]],
    *,
    without: Iterable[tuple[int, int]] = (),
    gazetteer: Gazetteer,
    words: PlaceWords,
) -> tuple[Named, ...]:
    """Return the names at the given spans and every other known name of the text, in order.

    `without` are spans in which no name is looked for (persons, organisations).
    """
    given = sorted(set(spans))
    taken = [*given, *without]
    found = [
        (start, end)
        for start, end, _ in gazetteer.names_in(text, ignored=words.not_places)
        if not any(start < stop and begin < end for begin, stop in taken) and not _is_part_of_name(text, start, end)
    ]
    named = []
    for start, end in sorted([*given, *found]):
        phrase = parse_phrase(
            text[start:end],
            before=text[max(0, start - _CONTEXT) : start],
            after=text[end : end + _CONTEXT],
            gazetteer=gazetteer,
            words=words,
        )
        named.append(Named(start, end, phrase))
    return tuple(named)


def _is_part_of_name(text: str, start: int, end: int) -> bool:
    """Tell "Homs" from the "Homs" of a capitalised name that is longer on its left ("Talal Homs")."""
    before = re.search(r"([A-Z][a-z]+) \Z", text[max(0, start - 30) : start])
    if not before or before.group(1) in {"The", "In", "At", "From", "Near", "Of", "To", "On"}:
        return False
    lead = text[: max(0, start - 30) + before.start()].rstrip()
    return bool(lead) and lead[-1] not in ".!?:;\"“”'’\n" and not re.search(r"[A-Z]\w* \Z", lead + " ")


def resolve_names(
    text: str, names: tuple[Named, ...], *, gazetteer: Gazetteer, words: PlaceWords
) -> tuple[Resolved, ...]:
    """Return what each name means, in the same order; names without a name in them ("the city") stay unresolved."""
    said = _said_countries(text, names, gazetteer=gazetteer, words=words)
    groups = _group(names)
    runs = _runs(text, names)
    chosen: dict[tuple[str, str], tuple[Score, ...]] = {}
    for _ in range(ROUNDS):
        neighbours = _Neighbourhood(names, chosen)
        better = {}
        for key, members in groups.items():
            # A name is no evidence for itself, or the first guess would always be confirmed.
            countries = _country_shares(said, chosen, without=key[0])
            candidates = _candidates(names[members[0]].phrase, countries, gazetteer=gazetteer, words=words)
            around = Surroundings(
                countries=countries,
                containers=_containers(text, names, members, chosen, gazetteer=gazetteer),
                mates=_mates(members, runs, names, chosen),
                contents=_contents(key[0], names, chosen),
                kind=key[1],
                neighbours=neighbours.of(members),
            )
            better[key] = ranked(candidates, around)
        chosen = better
    resolved = []
    keys = [_key(named.phrase)[0] for named in names]
    shares = {key: [_country_shares(one, chosen, without=key) for one in (said, {})] for key in set(keys)}
    for number, named in enumerate(names):
        countries, settled = shares[keys[number]]
        containers = _containers(text, names, [number], chosen, gazetteer=gazetteer)
        scores = chosen.get(_key(named.phrase), ()) if named.phrase.name else ()
        place = _place_of(named.phrase, scores, (countries, settled), containers, gazetteer=gazetteer)
        resolved.append(Resolved(named, place, scores, countries, tuple(sorted(containers))))
    return tuple(resolved)


def _key(phrase: Phrase) -> tuple[str, str]:
    return fold(phrase.name), phrase.kind


def _group(names: tuple[Named, ...]) -> dict[tuple[str, str], list[int]]:
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, named in enumerate(names):
        if named.phrase.name:
            groups[_key(named.phrase)].append(number)
    return dict(sorted(groups.items()))


def _said_countries(
    text: str, names: tuple[Named, ...], *, gazetteer: Gazetteer, words: PlaceWords
) -> dict[str, dict[str, float]]:
    """Return for each folded name (under "": "Syrian" and its like) how often it speaks of which country."""
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for match in _WORD.finditer(text):
        for form in (match.group(0), match.group(0).split(" ")[0]):
            code = words.demonyms.get(fold(form.removesuffix("s"))) or words.demonyms.get(fold(form))
            if code:
                counts[""][code] += ADJECTIVE
                break
    for named in names:
        for name, precisions in ((named.phrase.name, _COUNTRY), (named.phrase.container, _COUNTRY_OR_AREA)):
            for homonym in gazetteer.homonyms(name):
                if homonym.place.precision in precisions:
                    counts[fold(name)][homonym.place.country] += (
                        THERE if _IN.search(text[: named.start][-20:]) else 1.0
                    )
    return {name: dict(counts[name]) for name in sorted(counts)}


def _country_shares(
    said: Mapping[str, Mapping[str, float]],
    chosen: Mapping[tuple[str, str], tuple[Score, ...]],
    *,
    without: str,
) -> dict[str, float]:
    """Return each country's weight in the report, 0 to 1, leaving one name out of account."""
    counts: dict[str, float] = defaultdict(float)
    for name, codes in said.items():
        for code, count in codes.items():
            counts[code] += count if name != without or not name else 0.0
    weights: dict[str, float] = defaultdict(float)
    for code in sorted(counts):
        weights[code] += math.sqrt(counts[code])
    for (name, _), scores in chosen.items():
        if not scores or name == without:
            continue
        likely = [math.exp(entry.total - scores[0].total) for entry in scores[:10]]
        for entry, weight in zip(scores, likely, strict=False):
            place = entry.homonym.place
            if place.country and place.precision != "country":
                trust = 1.0 if place.precision != "town" or place.population >= KNOWN_TOWN else SMALL_TOWN_TRUST
                trust *= 1.0 if entry.homonym.exactness >= BY_ARTICLE else SOUND_TRUST
                weights[place.country] += trust * weight / sum(likely)
    top = max(weights.values(), default=0.0)
    return {code: round(weights[code] / max(top, CLEAR_WEIGHT), 6) for code in sorted(weights)}


def _candidates(
    phrase: Phrase, countries: Mapping[str, float], *, gazetteer: Gazetteer, words: PlaceWords
) -> tuple[Homonym, ...]:
    """Return the places that the name may mean; those that only sound alike where none is known, or none at hand."""
    demonym = words.demonyms.get(fold(phrase.name))
    if demonym and not gazetteer.is_name(phrase.name):
        country = gazetteer.by_id(f"iso:{demonym}")
        meant = gazetteer.capital(country) if country and phrase.kind == "capital" else country
        return (Homonym(meant, 1.0, True),) if meant else ()
    found = gazetteer.homonyms(phrase.name)
    if phrase.noun:
        found = _merge(gazetteer.homonyms(f"{phrase.name} {phrase.noun}"), found)
    if any(homonym.place.population >= _FAMOUS or homonym.place.precision != "town" for homonym in found):
        return found
    at_hand = frozenset(code for code, share in countries.items() if share >= 0.5)
    if not found:
        return gazetteer.sounding_like(phrase.name)
    if at_hand and not any(homonym.place.country in at_hand for homonym in found):
        return _merge(found, gazetteer.sounding_like(phrase.name, countries=at_hand))
    return found


def _merge(first: tuple[Homonym, ...], second: tuple[Homonym, ...]) -> tuple[Homonym, ...]:
    ids = {homonym.place.id for homonym in first}
    return (*first, *(homonym for homonym in second if homonym.place.id not in ids))


def _containers(
    text: str,
    names: tuple[Named, ...],
    members: list[int],
    chosen: Mapping[tuple[str, str], tuple[Score, ...]],
    *,
    gazetteer: Gazetteer,
) -> frozenset[str]:
    """Return the ids of the areas that the report says the name lies in, at any place where it stands."""
    found: set[str] = set()
    for number in members:
        named = names[number]
        for homonym in gazetteer.homonyms(named.phrase.container):
            if homonym.place.precision in {"country", *_CONTAINING}:
                found.add(homonym.place.id)
        for other in _linked(text, names, number):
            scores = chosen.get(_key(other.phrase), ())
            area = scores[0].homonym.place if scores else None
            if area and area.precision in _CONTAINING | {"country"} and _key(other.phrase) != _key(named.phrase):
                found.add(area.id)
    return frozenset(found)


_COMMA_OR_AND = re.compile(r"\A(?:, |,? and |,? or |; )(?:the )?\Z")


def _runs(text: str, names: tuple[Named, ...]) -> tuple[tuple[int, ...], ...]:
    """Return the lists of names ("Aleppo, Homs and Hama") as numbers of names, three and more together."""
    runs: list[list[int]] = []
    for number, named in enumerate(names):
        before = names[number - 1] if number else None
        if before and runs and _COMMA_OR_AND.match(text[before.end : named.start]):
            runs[-1].append(number)
        else:
            runs.append([number])
    return tuple(tuple(run) for run in runs if len(run) >= SHORTEST_LIST)


def _mates(
    members: list[int],
    runs: tuple[tuple[int, ...], ...],
    names: tuple[Named, ...],
    chosen: Mapping[tuple[str, str], tuple[Score, ...]],
) -> tuple[Place, ...]:
    """Return what the other names of the same lists were taken for."""
    listed = [
        names[other] for run in runs if not set(run).isdisjoint(members) for other in run if other not in members
    ]
    scores = [chosen.get(_key(named.phrase), ()) for named in listed]
    return tuple(entry[0].homonym.place for entry in scores if entry)


def _contents(
    name: str, names: tuple[Named, ...], chosen: Mapping[tuple[str, str], tuple[Score, ...]]
) -> tuple[Place, ...]:
    """Return every place that the report puts in an area of this name by a comma, as far as it was chosen before."""
    inside = {
        scores[0].homonym.place.id: scores[0].homonym.place
        for named in names
        if named.phrase.container and fold(named.phrase.container) == name
        for scores in [chosen.get(_key(named.phrase), ())]
        if scores
    }
    return tuple(inside[key] for key in sorted(inside))


_LINK = re.compile(r"\A[^.;!?\n]{0,25}?\b(?:in|of)(?: the)?(?: [a-z-]+){0,3} \Z")


def _linked(text: str, names: tuple[Named, ...], number: int) -> tuple[Named, ...]:
    """Return the next name where "in" or "of" leads from this one to it ("Saraqib in Idlib province")."""
    if number + 1 >= len(names):
        return ()
    named, following = names[number], names[number + 1]
    between = text[named.end : following.start] if named.end <= following.start else ""
    return (following,) if _LINK.match(between) else ()


class _Neighbourhood:
    """The places chosen so far, as seen from each name: the nearer in the text, the more they say."""

    def __init__(self, names: tuple[Named, ...], chosen: Mapping[tuple[str, str], tuple[Score, ...]]) -> None:
        self._names = names
        self._places = []
        for named in names:
            scores = chosen.get(_key(named.phrase), ()) if named.phrase.name else ()
            clear = len(scores) == 1 or (len(scores) > 1 and scores[0].total - scores[1].total > 1.0)
            if scores and clear and scores[0].homonym.place.precision not in {"country", "region"}:
                self._places.append((named, scores[0].homonym.place))

    def of(self, members: list[int]) -> tuple[Neighbour, ...]:
        best: dict[str, Neighbour] = {}
        own = {_key(self._names[number].phrase)[0] for number in members}
        for other, place in self._places:
            if _key(other.phrase)[0] in own:
                continue
            gap = min(abs(self._names[number].start - other.start) for number in members)
            nearness = round(math.exp(-gap / _REACH), 6)
            if place.id not in best or nearness > best[place.id].nearness:
                best[place.id] = Neighbour(place, nearness)
        return tuple(best[key] for key in sorted(best))


_NAMESAKES: Mapping[str, frozenset[str]] = {
    "site": frozenset({"town", "province", "country"}),
    "area": frozenset({"town", "part"}),
}


def _place_of(
    phrase: Phrase,
    scores: tuple[Score, ...],
    countries: tuple[Mapping[str, float], Mapping[str, float]],
    containers: frozenset[str],
    *,
    gazetteer: Gazetteer,
) -> Place | None:
    if not scores or not _believable(scores, countries, containers, gazetteer=gazetteer):
        return None
    place = scores[0].homonym.place
    if not phrase.beside and place.precision in _NAMESAKES.get(phrase.kind, ()):
        return None  # A base, field or county that no source lists is not the town that it is named after.
    if phrase.side and place.precision in {"country", "province"}:
        return gazetteer.side_of(place, phrase.side)
    return place


def _believable(
    scores: tuple[Score, ...],
    countries: tuple[Mapping[str, float], Mapping[str, float]],
    containers: frozenset[str],
    *,
    gazetteer: Gazetteer,
) -> bool:
    """Tell whether the best candidate may be meant, or only is the least unlikely of strangers.

    `countries` are the shares that the countries have in the report, and in its names of places alone: a report may
    speak of American air strikes without any place in America.
    """
    best = scores[0].homonym
    place = best.place
    said, settled = countries
    share = said.get(place.country, 0.0)
    if containers & areas_of(place):
        return True
    if best.exactness < BY_ARTICLE:
        return share >= LEAST_SHARE_BY_SOUND
    known = max(said.values(), default=0.0) >= UNCLEAR_SHARE
    if not known or not place.country or place.precision == "country" or share >= LEAST_SHARE:
        return True
    if place.population >= LARGE * (4 if place.precision == "province" else 1) and (
        best.main or best.exactness == 1.0
    ):
        return True
    # A name that only one country has says by itself which country is spoken of, were it next door.
    rivals = [entry.homonym for entry in scores if entry.homonym.exactness == 1.0]
    rivals = [homonym for homonym in rivals if homonym.main] or rivals
    only_there = best in rivals and all(homonym.place.country == place.country for homonym in rivals)
    at_hand = {code for code, part in settled.items() if part >= SETTLED_SHARE}
    near = not at_hand or bool(gazetteer.bordering(place.country) & at_hand)
    known_town = place.population >= WELL_KNOWN_TOWN and best.main
    return only_there and (near or known_town) and gazetteer.is_romanised(place.country)
