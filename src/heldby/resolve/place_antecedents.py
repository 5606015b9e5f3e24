"""Which named place "the city", "a Syrian town" or "there" stands for: scored evidence over the report's names.

The weights are those of a choice model (a logistic one over the names of a report), fitted on annotated reports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from heldby.records import Place
from heldby.resolve.place_context import Resolved
from heldby.resolve.place_names import fold

_LARGEST_VILLAGE = 30_000
_SMALLEST_CITY = 15_000
_FITTING: Mapping[str, frozenset[str]] = {
    "town": frozenset({"town"}),
    "area": frozenset({"province", "region", "district"}),
    "district": frozenset({"district", "part"}),
    "around": frozenset({"province", "district", "town"}),
    "part": frozenset({"part"}),
    "site": frozenset({"site"}),
    "country": frozenset({"country"}),
    "capital": frozenset({"country"}),
    "any": frozenset({"town", "site", "part", "district", "province", "region"}),
}
# What a place without an entry in the gazetteer may be, where nothing says what it is.
_UNLISTED = frozenset({"town", "part", "site", "around", "any"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A mention that means a place without its name: where it stands, its kind and noun, whether it tells of a place
    that the report has not named yet ("a town"), and the shares that the reading model gives to names."""

    start: int
    sentence: int
    kind: str
    noun: str
    new: bool = False
    read: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A named place of the report, at its mention nearest to the one that points: the number of that mention's
    sentence, whether it stands after, how often the report names the place, by which nouns it is called, whether
    the headline names it, whether a claim, and whether the last claim, is about it, and whether no other fitting
    name stands between, and whether it is only named in capitals."""

    resolved: Resolved
    sentence: int
    after: bool
    share: float
    nouns: frozenset[str]
    in_headline: bool
    in_claim: bool
    in_last_claim: bool
    nearest: bool
    in_capitals: bool


def fits(resolved: Resolved, pointer: Pointer) -> bool:
    """Tell whether a place may be called so ("the village" is no city of a million, "the city" no country)."""
    place = resolved.place
    if place is None:
        kind = resolved.named.phrase.kind
        return kind == pointer.kind or pointer.kind == "any" or (not kind and pointer.kind in _UNLISTED)
    return _may_be(place, pointer)


def _may_be(place: Place, pointer: Pointer) -> bool:
    if place.precision not in _FITTING.get(pointer.kind, _FITTING["any"]):
        return False
    if pointer.noun in {"village", "hamlet"}:
        return place.population <= _LARGEST_VILLAGE
    if pointer.noun == "city":
        return place.population == 0 or place.population >= _SMALLEST_CITY
    return True


def fitting(known: Known, pointer: Pointer) -> tuple[float, str]:
    """It is of the kind that the noun tells."""
    return float(fits(known.resolved, pointer) or pointer.noun in known.nouns), ""


def called(known: Known, pointer: Pointer) -> tuple[float, str]:
    """The report calls it by this noun."""
    said = bool(pointer.noun) and pointer.noun in known.nouns
    return (1.0, f"the report calls it a {pointer.noun}") if said else (0.0, "")


def unlisted(known: Known, _: Pointer) -> tuple[float, str]:
    """The gazetteer does not know it."""
    return float(known.resolved.place is None), ""


def same_sentence(known: Known, pointer: Pointer) -> tuple[float, str]:
    """It is named in the same sentence."""
    return (1.0, "it is named in the same sentence") if known.sentence == pointer.sentence else (0.0, "")


def recent(known: Known, pointer: Pointer) -> tuple[float, str]:
    """It is named not long before."""
    gap = abs(pointer.sentence - known.sentence)
    where = "after" if known.after else "before"
    return 1.0 / (1.0 + gap), f"it is named {gap} sentence(s) {where}" if gap else ""


def later(known: Known, _: Pointer) -> tuple[float, str]:
    """It is only named afterwards."""
    return float(known.after), ""


def last_named(known: Known, _: Pointer) -> tuple[float, str]:
    """No other fitting place is named in between."""
    return (1.0, "no other fitting place is named in between") if known.nearest else (0.0, "")


def topic(known: Known, _: Pointer) -> tuple[float, str]:
    """The report names it often."""
    return known.share, "the report names it most" if known.share == 1.0 else ""


def headline(known: Known, _: Pointer) -> tuple[float, str]:
    """The headline names it."""
    return (1.0, "the headline names it") if known.in_headline else (0.0, "")


def claimed(known: Known, _: Pointer) -> tuple[float, str]:
    """A claim before is about it, so it is not only named in passing."""
    return (1.0, "an earlier claim is about it") if known.in_claim else (0.0, "")


def claimed_last(known: Known, _: Pointer) -> tuple[float, str]:
    """The claim before is about it."""
    return (1.0, "the last claim is about it") if known.in_last_claim else (0.0, "")


def dateline(known: Known, _: Pointer) -> tuple[float, str]:
    """It is only named in capitals, where a report was sent from."""
    return float(known.in_capitals), ""


def read_so(known: Known, pointer: Pointer) -> tuple[float, str]:
    """The reading model takes it for the place of the claim."""
    share = pointer.read.get(name_key(known.resolved), 0.0)
    return share, "the reading model takes it for the place" if share >= 0.5 else ""


EVIDENCE: tuple[tuple[Callable[[Known, Pointer], tuple[float, str]], float], ...] = (
    (fitting, 1.0),
    (called, 2.2),
    (unlisted, -1.1),
    (same_sentence, 0.7),
    (recent, 1.9),
    (later, -0.4),
    (last_named, 0.5),
    (topic, 0.9),
    (headline, 1.4),
    (claimed, 0.5),
    (claimed_last, 0.3),
    (read_so, 1.9),
    (dateline, -0.6),
)


def best_antecedent(knowns: tuple[Known, ...], pointer: Pointer) -> tuple[Resolved, str] | None:
    """Return the named place that the mention stands for, with a sentence, or None where the report names none.

    A place of another kind than the noun tells is only less likely: what a report calls a town may be listed as a
    district. Only a country is of no other kind, and "a town" is no province. Of equal ones the later is taken.
    """
    best: tuple[float, int, Resolved, str] | None = None
    towns = pointer.new and pointer.kind == "town" and any(fits(known.resolved, pointer) for known in knowns)
    for known in knowns:
        place = known.resolved.place
        if place and place.precision == "country" and pointer.kind not in {"country", "capital"}:
            continue
        if pointer.kind == "country" and (place is None or place.precision != "country"):
            continue
        if towns and not fits(known.resolved, pointer):
            continue
        parts = [
            (weight * value, said) for evidence, weight in EVIDENCE for value, said in [evidence(known, pointer)]
        ]
        total = round(sum(part for part, _ in parts), 6)
        said = max((pair for pair in parts if pair[1]), default=(0.0, "it is the only fitting place"))[1]
        start = known.resolved.named.start
        if best is None or (total, start) > (best[0], best[1]):
            best = total, start, known.resolved, said
    return (best[2], best[3]) if best else None


def name_key(resolved: Resolved) -> str:
    """Return what two mentions of one named place have in common."""
    return resolved.place.id if resolved.place else fold(resolved.named.phrase.name)
