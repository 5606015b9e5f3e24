"""What heldby answers about a place and a day, as it is and with parts of it taken out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from _control_sides import NO_ANSWER, Answer, Sides
from _control_truth import Change, Pair, TruePlace
from heldby import Archive
from heldby.archive import end_of_day
from heldby.reconcile import Case, Weights, control_days
from heldby.records import Claim, DayControl, Place
from heldby.records.spell import Stance
from heldby.resolve import Resolver
from heldby.resolve.places import resolve_place_name

LARGE = frozenset({"country", "province", "region"})
NEAR_DAYS = 60
HELDBY = "heldby"
# Parts of heldby that can be taken out, and the switch of the weights for each; one that is not there is left out.
SWITCHES: Mapping[str, str] = {"without interest": "with_interest", "without track record": "with_records"}


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive knows of a place of the truth file: the place, None where no name leads to one, and the claims
    about it."""

    name: str
    country: str
    place: Place | None
    claims: tuple[Claim, ...]


def know(place: TruePlace, *, archive: Archive, resolver: Resolver, counts: Mapping[str, int]) -> Known:
    """Look a place up as a person would, by its name in its country. Of places of one name the likeliest that has
    claims is meant, whole provinces apart. `counts`: claims by place id."""
    found = [
        candidate
        for name in (place.name, *place.other_names)
        for candidate in resolve_place_name(
            name, gazetteer=resolver.gazetteer, words=resolver.place_words, country=place.country
        )
        if candidate.country == place.country
    ]
    told = [one for one in found if counts.get(one.id) and (one is found[0] or one.precision not in LARGE)]
    meant = next(iter((*told, *found)), None)
    claims = tuple(archive.claims(place=meant.id)) if meant and counts.get(meant.id) else ()
    return Known(place.name, place.country, meant, claims)


@dataclass(frozen=True, slots=True)
class Variant:
    """heldby with all its parts, or without one: its weights, and whether copies count as one voice."""

    weights: Weights
    lineage: bool = True

    def control(
        self, place: Place, case: Case, *, claims: Sequence[Claim], start: date, end: date
    ) -> tuple[DayControl, ...]:
        """Return who held a place on each day from `start` to `end`; `claims` are all about it, of copies too."""
        if not self.lineage:
            case = _without_lineage(case, claims)
        return control_days(place.id, start=start, end=end, case=case, weights=self.weights)


def _without_lineage(case: Case, claims: Sequence[Claim]) -> Case:
    """Return a case in which each claim, of a copy too, is a voice of its own; track records stay, so that nothing
    but lineage is taken out."""
    of_voice: dict[str, list[tuple[Stance, float]]] = defaultdict(list)
    for (voice, stance), reliability in case.records.items():
        of_voice[voice].append((stance, reliability))
    records = {
        (claim.id, stance): reliability
        for claim in claims
        for stance, reliability in of_voice[case.voices.get(claim.id, claim.id)]
    }
    return replace(case, claims=claims, voices={}, statements={}, records={**case.records, **records})


def variants(weights: Weights) -> dict[str, Variant]:
    """Return heldby and what is left of it without each of its parts."""
    found = {HELDBY: Variant(weights), "without lineage": Variant(weights, lineage=False)}
    present = {field.name for field in fields(weights)}
    for name, switch in SWITCHES.items():
        if switch in present:
            off: dict[str, Any] = {switch: False}
            found[name] = Variant(replace(weights, **off))
    return found


class Asker:
    """Asks an archive about places and days, every variant about the same reports."""

    def __init__(self, archive: Archive, *, known: Sequence[Known], sides: Sides) -> None:
        self._archive = archive
        self._known = {one.name: one for one in known}
        self._sides = sides
        self._whole: dict[str, Case] = {}

    def answers(
        self, pairs: Sequence[Pair], asked: Mapping[str, Variant], *, as_known: bool
    ) -> dict[str, list[Answer]]:
        """Return each variant's answer to each pair, with all reports heard or only those known by the pair's day."""
        found: dict[tuple[str, Pair], Answer] = {}
        for place in sorted({pair.place for pair in pairs}):
            own = [pair for pair in pairs if pair.place == place]
            # In hindsight the same reports are heard for every day, so that one question serves for all of them.
            for asked_at_once in [[pair] for pair in own] if as_known else [own]:
                cut = end_of_day(asked_at_once[0].day) if as_known else None
                case = self._case(self._known[place].place, cut)
                for name, variant in asked.items():
                    answers = self._answer(asked_at_once, self._known[place], case, variant)
                    found |= {(name, pair): answer for pair, answer in zip(asked_at_once, answers, strict=True)}
        return {name: [found[name, pair] for pair in pairs] for name in asked}

    def _answer(self, pairs: Sequence[Pair], known: Known, case: Case | None, variant: Variant) -> list[Answer]:
        """Return the answers to pairs of one place, all from the same reports."""
        if known.place is None or case is None:
            return [NO_ANSWER for _ in pairs]
        first, last = min(pair.day for pair in pairs), max(pair.day for pair in pairs)
        controls = variant.control(known.place, case, claims=known.claims, start=first, end=last)
        return [self._read(controls[(pair.day - first).days], known.country, pair.holder) for pair in pairs]

    def _case(self, place: Place | None, cut: datetime | None) -> Case | None:
        """Return the claims about a place as the archive itself judges them; those of all reports are kept."""
        if place is None:
            return None
        if cut is not None:
            return self._archive._case(place, cut)[0]
        if place.id not in self._whole:
            self._whole[place.id] = self._archive._case(place, None)[0]
        return self._whole[place.id]

    def _read(self, control: DayControl, country: str, truth: str) -> Answer:
        state = control.holder if control.status == "held" else control.status
        return Answer(
            self._sides.holder(state, country=country, day=control.day, truth=truth),
            self._sides.shares(control.distribution, country=country, day=control.day, truth=truth),
        )

    def days_off(self, changes: Sequence[Change], variant: Variant) -> list[int | None]:
        """Return for each change of hands how many days off a variant has it, None where it lacks it."""
        return [self._off(change, variant) for change in changes]

    def _off(self, change: Change, variant: Variant) -> int | None:
        known = self._known[change.place]
        case = self._case(known.place, None)
        if known.place is None or case is None:
            return None
        days = days_around(change.day)
        controls = variant.control(known.place, case, claims=known.claims, start=days[0], end=days[-1])
        return nearest_start([self._read(one, known.country, change.holder).holder for one in controls], change)


# -- changes of hands ----------------------------------------------------------------------------------------------


def told_changes(places: Sequence[TruePlace], known: Sequence[Known]) -> list[Change]:
    """Return the changes of hands of the truth file within 60 days of which some claim speaks of the place."""
    claims = {one.name: one.claims for one in known}
    return [
        change
        for place in places
        for change in place.changes()
        if any(abs((event_day(claim) - change.day).days) <= NEAR_DAYS for claim in claims[place.name])
    ]


def event_day(claim: Claim) -> date:
    """Return the last day that a claim speaks of, or that of its report where it gives none or a later one."""
    known = claim.known_at.date()
    return min(claim.when.latest, known) if claim.when and claim.when.latest else known


def days_around(day: date) -> list[date]:
    """Return the days on which a change of hands is looked for, and one before them."""
    return [day + timedelta(days=n) for n in range(-NEAR_DAYS - 1, NEAR_DAYS + 1)]


def nearest_start(holders: Sequence[str], change: Change) -> int | None:
    """Return how far from the change, at the nearest, the new holder begins to hold; `holders` are those of the days
    that `days_around` gives."""
    starts = [
        abs(n - 1 - NEAR_DAYS)
        for n in range(1, len(holders))
        if holders[n] == change.holder and holders[n - 1] != change.holder
    ]
    return min(starts, default=None)
