"""Which named place "the city", "the area" or "there" stands for: scored evidence over the names before it."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A mention that points back: where it stands, its kind and noun."""

    start: int
    sentence: int
    kind: str
    noun: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A named place before it: the number of its sentence, how often the report names it, whether the headline does
    and whether a claim is about it."""

    resolved: Resolved
    sentence: int
    share: float
    in_headline: bool
    in_claim: bool
    nearest: bool


def fits(place: Place, pointer: Pointer) -> bool:
    """Tell whether a place may be called so ("the village" is no city of a million, "the city" no country)."""
    if place.precision not in _FITTING.get(pointer.kind, _FITTING["any"]):
        return False
    if pointer.noun in {"village", "hamlet"}:
        return place.population <= _LARGEST_VILLAGE
    if pointer.noun == "city":
        return place.population == 0 or place.population >= _SMALLEST_CITY
    return True


def same_sentence(known: Known, pointer: Pointer) -> tuple[float, str]:
    """It is named in the same sentence."""
    return (1.0, "it is named in the same sentence") if known.sentence == pointer.sentence else (0.0, "")


def recent(known: Known, pointer: Pointer) -> tuple[float, str]:
    """It is named not long before."""
    gap = pointer.sentence - known.sentence
    return 1.0 / (1.0 + gap), f"it is named {gap} sentence(s) before" if gap else ""


def last_named(known: Known, pointer: Pointer) -> tuple[float, str]:
    """No other fitting place is named in between."""
    return (1.0, "no other fitting place is named in between") if known.nearest else (0.0, "")


def topic(known: Known, pointer: Pointer) -> tuple[float, str]:
    """The report names it often."""
    return known.share, "the report names it most" if known.share == 1.0 else ""


def headline(known: Known, pointer: Pointer) -> tuple[float, str]:
    """The headline names it."""
    return (1.0, "the headline names it") if known.in_headline else (0.0, "")


def claimed(known: Known, pointer: Pointer) -> tuple[float, str]:
    """A claim before is about it, so it is not only named in passing."""
    return (1.0, "an earlier claim is about it") if known.in_claim else (0.0, "")


EVIDENCE: tuple[tuple[Callable[[Known, Pointer], tuple[float, str]], float], ...] = (
    (same_sentence, 2.0),
    (recent, 2.0),
    (last_named, 1.0),
    (topic, 1.5),
    (headline, 1.0),
    (claimed, 1.0),
)


def best_antecedent(knowns: tuple[Known, ...], pointer: Pointer) -> tuple[Resolved, str] | None:
    """Return the named place that the mention stands for, with a sentence, or None where no place fits.

    `knowns` are the names before the mention; of equal ones the later is taken.
    """
    best: tuple[float, int, Resolved, str] | None = None
    for known in knowns:
        place = known.resolved.place
        if place is None or not fits(place, pointer):
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
