"""Who held a place: its spells, and its state on each day, from the claims about it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from heldby.reconcile.model import Chain, Voiced, build_chain
from heldby.reconcile.spells import Bearing, find_spells, status_of
from heldby.reconcile.weigh import CONTESTED, UNKNOWN, Testimony, weigh
from heldby.reconcile.weights import Weights
from heldby.records import Claim, DayControl, Spell


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is to be judged: claims, and for each its voice and the first claim of the statement that it repeats (as
    `relate` finds them; a claim that they lack stands for itself). Only claims known by `known_by` are heard."""

    claims: Sequence[Claim]
    voices: Mapping[str, str]
    statements: Mapping[str, str]
    known_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Hearing:
    """The evidence of one place: what each claim bears on, what the voices say together, and the sides' names."""

    place_id: str
    bearings: tuple[Bearing, ...]
    voiced: tuple[Voiced, ...]
    names: Mapping[str, str]


def find_control(place_id: str, *, case: Case, weights: Weights) -> tuple[Spell, ...]:
    """Return the spells of a place in order of time, from the claims about it.

    The last spell is open; how its certainty falls afterwards is told by `control_days`.
    """
    hearing = _hear(place_id, case, weights)
    if not hearing.voiced:
        return ()
    chain = build_chain(hearing.voiced, weights=weights)
    return find_spells(place_id, chain=chain, bearings=hearing.bearings, names=hearing.names, outside=weights.outside)


def control_days(place_id: str, *, start: date, end: date, case: Case, weights: Weights) -> tuple[DayControl, ...]:
    """Return who held a place on each day from `start` to `end` (both included), with the probability of each state.

    Without any evidence every day is unknown. The farther a day lies from any evidence, the less certain it is.
    """
    hearing = _hear(place_id, case, weights)
    days = [word.day for word in hearing.voiced] or [start]
    margin = max(abs((bound - day).days) for bound in (start, end) for day in (min(days), max(days)))
    chain = build_chain(hearing.voiced, weights=weights, margin=margin)
    probabilities = chain.posterior(start, end)
    likeliest = chain.likeliest(probabilities)
    return tuple(
        _day_control(hearing, date.fromordinal(start.toordinal() + n), chain, column, row.tolist())
        for n, (column, row) in enumerate(zip(likeliest, probabilities, strict=True))
    )


def _day_control(hearing: _Hearing, day: date, chain: Chain, column: int, row: Sequence[float]) -> DayControl:
    state = chain.states[column]
    held = state not in {CONTESTED, UNKNOWN}
    ranked = sorted(zip(chain.states, row, strict=True), key=lambda pair: (-pair[1], pair[0]))
    return DayControl(
        place_id=hearing.place_id,
        day=day,
        status=status_of(state),
        holder=state if held else "",
        holder_name=hearing.names.get(state, "") if held else "",
        probability=row[column],
        distribution=tuple(ranked),
    )


def _hear(place_id: str, case: Case, weights: Weights) -> _Hearing:
    """Weigh the claims; of the claims of one statement the weightiest speaks."""
    heard = [c for c in case.claims if c.place.place is not None and c.place.place.id == place_id]
    heard = [claim for claim in heard if case.known_by is None or claim.known_at <= case.known_by]
    heard = _lead_joint_sides(sorted(heard, key=lambda claim: (claim.known_at, claim.id)))
    sentences: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    for claim in heard:
        sentences[claim.document_id, claim.sentence.start].append(claim)
    told = [
        weigh(claim, weights=weights, beside=sentences[claim.document_id, claim.sentence.start]) for claim in heard
    ]
    speaks = _speakers(told, case.statements)
    bearings, voiced = [], []
    for testimony in told:
        id_ = testimony.claim.id
        voice, speaker = case.voices.get(id_, id_), speaks[case.statements.get(id_, id_)]
        bearings.append(Bearing(testimony, voice, "" if speaker == id_ else speaker))
        if speaker != id_:
            continue
        for said in testimony.sayings:
            voiced.append(Voiced(said.day, said.state, voice, weights.scale * testimony.weight * said.score))
    return _Hearing(place_id, tuple(bearings), tuple(voiced), _names(heard))


def _speakers(told: Sequence[Testimony], statements: Mapping[str, str]) -> dict[str, str]:
    """Return for each statement the claim that speaks for it: the weightiest, of equals the first known."""
    best: dict[str, Testimony] = {}
    for testimony in told:
        statement = statements.get(testimony.claim.id, testimony.claim.id)
        if statement not in best or testimony.weight > best[statement].weight:
            best[statement] = testimony
    return {statement: testimony.claim.id for statement, testimony in best.items()}


def _lead_joint_sides(claims: Sequence[Claim]) -> list[Claim]:
    """Put of joint sides first the one that is most told of at this place, so that it stands for all."""
    told = Counter(id_ for c in claims for party in (c.actor, c.opponent) for id_ in party.actor_ids)
    led = []
    for claim in claims:
        for name in ("actor", "opponent"):
            party = getattr(claim, name)
            if len(party.actor_ids) > 1:
                ids = tuple(sorted(party.actor_ids, key=lambda id_: -told[id_]))
                claim = replace(claim, **{name: replace(party, actor_ids=ids)})
        led.append(claim)
    return led


def _names(claims: Sequence[Claim]) -> dict[str, str]:
    """Return the name of each side, as the claims that name it alone give it."""
    names: dict[str, str] = {}
    for party in (party for claim in claims for party in (claim.actor, claim.opponent)):
        if len(party.actor_ids) == 1:
            names.setdefault(party.actor_ids[0], party.name)
        elif not party.actor_ids and party.name:
            names.setdefault(f"name:{party.name.casefold()}", party.name)
    for party in (party for claim in claims for party in (claim.actor, claim.opponent)):
        for id_ in party.actor_ids:
            names.setdefault(id_, id_)
    return names
