"""The claims of one place as they are heard: each weighed, of each statement one, with the names of the sides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from heldby.reconcile.blocs import Blocs, find_blocs
from heldby.reconcile.messages import HeardClaim, Testimony
from heldby.reconcile.model import Voiced
from heldby.reconcile.weigh import Ear, states_of, weigh
from heldby.reconcile.weights import Weights
from heldby.records import Claim, Party
from heldby.records.spell import Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is to be judged: claims, and for each its voice and the first claim of the statement that it repeats (as
    `relate` finds them; a claim that they lack stands for itself). Only claims known by `known_by` are heard.
    `records` holds the learned reliability of voices by stance, as they were known then."""

    claims: Sequence[Claim]
    voices: Mapping[str, str]
    statements: Mapping[str, str]
    known_by: datetime | None = None
    records: Mapping[tuple[str, Stance], float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bearing:
    """A claim's testimony, the voice that it counts as, and the claim that speaks in its place ("" itself)."""

    testimony: Testimony
    voice: str
    repeats: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """The evidence of one place: what each claim bears on, and what the voices say together."""

    place_id: str
    bearings: tuple[Bearing, ...]
    voiced: tuple[Voiced, ...]
    blocs: Blocs
    weights: Weights

    def holder(self, state: str, bearings: Iterable[Bearing] = ()) -> tuple[str, str]:
        """Return the id and name of the side that stands for a bloc: the member that most of the weight of these
        claims (of all, where none is given) names. A side from abroad gives way to one of the country."""
        told: dict[str, float] = defaultdict(float)
        names: dict[str, str] = {}
        # A side has one bloc all through a month.
        members: dict[tuple[object, ...], list[tuple[str, str]]] = {}
        for bearing in list(bearings) or self.bearings:
            claim = bearing.testimony.claim
            known, weight = claim.known_at, 0.0 if bearing.repeats else max(bearing.testimony.weight, 0.001)
            for party in (claim.actor, claim.opponent):
                key = (party.actor_ids, party.name, known.year, known.month)
                if key not in members:
                    members[key] = _members(party, state, claim, self.blocs)
                for id_, name in members[key]:
                    told[id_] += weight
                    if len(party.actor_ids) < 2:
                        names.setdefault(id_, name)
        if not told:
            return state, self._name(state, names)
        most = max(told.values())
        local = [id_ for id_ in told if not self.blocs.is_foreign(id_)]
        local = [id_ for id_ in local if told[id_] >= self.weights.local_share * most]
        best = min(local or told, key=lambda id_: (-told[id_], id_))
        return best, self._name(best, names)

    def _name(self, id_: str, names: Mapping[str, str]) -> str:
        known = self.weights.sides.get(id_)
        return names.get(id_) or (known.name if known else id_.removeprefix("name:"))


@dataclass(frozen=True, slots=True)
class Weighed:
    """The claims about a place, each weighed by itself, in the order in which they became known; the blocs of its
    sides; and whether any claim names joint sides, whose order follows from all claims."""

    told: tuple[Testimony, ...]
    blocs: Blocs
    joint: bool


def hear(place_id: str, case: Case, weights: Weights) -> Hearing:
    """Weigh the claims about a place; of the claims of one statement the weightiest speaks."""
    return hear_weighed(place_id, weigh_claims(place_id, case, weights), case, weights)


def weigh_claims(place_id: str, case: Case, weights: Weights) -> Weighed:
    """Weigh the claims about a place, each by itself."""
    heard = _about(place_id, case)
    blocs = _blocs(heard, case, weights)
    joint = _name_joint_sides(heard)
    return Weighed(
        _weigh_each(_lead_joint_sides(heard, blocs) if joint else heard, case, blocs, weights), blocs, joint
    )


def weigh_more(
    place_id: str, case: Case, weights: Weights, *, before: Sequence[Testimony], merged: Mapping[str, str]
) -> Weighed | None:
    """Return what `weigh_claims` gives for the claims of a case and others, which became known before all of them in
    other reports; `before` is what it gave for these with the same track records, and `merged` how it joined blocs.

    None where the new claims change how the others weigh, because they join blocs otherwise or name joint sides.
    """
    new = _about(place_id, case)
    blocs = _blocs([*(testimony.claim for testimony in before), *new], case, weights)
    if blocs.merged != merged or _name_joint_sides(new):
        return None
    return Weighed((*before, *_weigh_each(new, case, blocs, weights)), blocs, joint=False)


def _about(place_id: str, case: Case) -> list[Claim]:
    heard = [c for c in case.claims if c.place.place is not None and c.place.place.id == place_id]
    heard = [claim for claim in heard if case.known_by is None or claim.known_at <= case.known_by]
    return sorted(heard, key=lambda claim: (claim.known_at, claim.id))


def _blocs(heard: Sequence[HeardClaim], case: Case, weights: Weights) -> Blocs:
    country = heard[0].place.place.country if heard and heard[0].place.place else ""
    return find_blocs(heard, actors=weights.sides, country=country, voices=case.voices, apart=weights.apart)


def _weigh_each(heard: Sequence[Claim], case: Case, blocs: Blocs, weights: Weights) -> tuple[Testimony, ...]:
    within: dict[str, list[Claim]] = defaultdict(list)
    for claim in heard:
        within[claim.document_id].append(claim)
    ear = Ear(blocs=blocs, records=case.records)
    return tuple([
        weigh(
            claim,
            weights=weights,
            voice=case.voices.get(claim.id, claim.id),
            ear=ear,
            within=within[claim.document_id],
        )
        for claim in heard
    ])  # fmt: skip


def hear_weighed(place_id: str, weighed: Weighed, case: Case, weights: Weights) -> Hearing:
    """Return what claims that have been weighed bear on; of the claims of one statement the weightiest speaks."""
    told = _overtake(weighed.told, weights)
    speaks = _speakers(told, case.statements)
    told = _first_told(told, case.statements)
    bearings, voiced = [], []
    for testimony in told:
        id_ = testimony.claim.id
        voice, speaker = case.voices.get(id_, id_), speaks[case.statements.get(id_, id_)]
        bearings.append(Bearing(testimony, voice, "" if speaker == id_ else speaker))
        if speaker == id_:
            voiced += [
                Voiced(s.day, s.message, voice, testimony.weight * s.share) for s in testimony.sayings if s.share
            ]
    return Hearing(place_id, tuple(bearings), tuple(voiced), weighed.blocs, weights)


def _name_joint_sides(claims: Sequence[Claim]) -> bool:
    return any(len(party.actor_ids) > 1 for claim in claims for party in (claim.actor, claim.opponent))


def _members(party: Party, state: str, claim: HeardClaim, blocs: Blocs) -> list[tuple[str, str]]:
    """Return the sides of a party that belong to a bloc, with the party's name."""
    day = claim.known_at.date()
    if not party.actor_ids:
        named = f"name:{party.name.casefold()}" if party.name else ""
        return [(named, party.name)] if named and named == state else []
    return [(id_, party.name) for id_ in party.actor_ids if blocs.of(id_, day) == state]


def _speakers(told: Sequence[Testimony], statements: Mapping[str, str]) -> dict[str, str]:
    """Return for each statement the claim that speaks for it: the weightiest, of equals the first known."""
    best: dict[str, Testimony] = {}
    for testimony in told:
        statement = statements.get(testimony.claim.id, testimony.claim.id)
        if statement not in best or testimony.weight > best[statement].weight:
            best[statement] = testimony
    return {statement: testimony.claim.id for statement, testimony in best.items()}


def _first_told(told: Sequence[Testimony], statements: Mapping[str, str]) -> list[Testimony]:
    """Let every claim of a statement speak of the days of which the first of them to be known speaks.

    Who says a thing again on the next day does not say that it happened then.
    """
    firsts: dict[tuple[object, ...], Testimony] = {}
    led = []
    for testimony in told:
        if testimony.sayings:
            first = firsts.setdefault(_said(testimony.claim, statements), testimony)
            # Most claims are the first of their statement.
            testimony = testimony if first is testimony else replace(testimony, sayings=first.sayings)
        led.append(testimony)
    return led


def _said(claim: HeardClaim, statements: Mapping[str, str]) -> tuple[object, ...]:
    """Return the statement of a claim and what it says: a person may have said that two claims are one which do not
    say the same."""
    statement = statements.get(claim.id, claim.id)
    return statement, claim.relation, claim.modality, claim.extent, claim.actor.actor_ids or claim.actor.name


def _lead_joint_sides(claims: Sequence[Claim], blocs: Blocs) -> list[Claim]:
    """Put of joint sides first those of the bloc that is most told of at this place, so that it stands for all."""
    told: Counter[str] = Counter()
    for claim in claims:
        for party in (claim.actor, claim.opponent):
            told.update(states_of(party, blocs=blocs, day=claim.known_at.date()))
    led = []
    for claim in claims:
        day = claim.known_at.date()
        for name in ("actor", "opponent"):
            party = getattr(claim, name)
            if len(party.actor_ids) > 1:
                ids = tuple(sorted(party.actor_ids, key=lambda id_: -told[blocs.of(id_, day)]))
                claim = replace(claim, **{name: replace(party, actor_ids=ids)})
        led.append(claim)
    return led


def _overtake(told: Sequence[Testimony], weights: Weights) -> list[Testimony]:
    """Let a change of hands count less that a report of a later hour of the same day goes beyond."""
    last: dict[date, Testimony] = {}
    for testimony in told:
        day = _day_of_change(testimony)
        if day is not None and (day not in last or testimony.claim.known_at > last[day].claim.known_at):
            last[day] = testimony
    return [_overtaken(testimony, last, weights) for testimony in told]


def _overtaken(testimony: Testimony, last: Mapping[date, Testimony], weights: Weights) -> Testimony:
    day = _day_of_change(testimony)
    if day is None:
        return testimony
    claim, later = testimony.claim, last[day]
    same_day = claim.known_at.date() == later.claim.known_at.date() and claim.known_at < later.claim.known_at
    if not same_day or _winners(testimony) == _winners(later):
        return testimony
    reason = f"{testimony.reason}; a later report of that day goes beyond it"
    return replace(testimony, weight=round(testimony.weight * weights.overtaken, 4), reason=reason)


def _day_of_change(testimony: Testimony) -> date | None:
    claim = testimony.claim
    if claim.relation != "takes" or claim.modality != "asserted" or claim.extent != "whole":
        return None
    days = [saying.day for saying in testimony.sayings if saying.listed]
    return days[0] if days and days[0] == claim.known_at.date() else None


def _winners(testimony: Testimony) -> tuple[str, ...]:
    return testimony.sayings[-1].message.actors
