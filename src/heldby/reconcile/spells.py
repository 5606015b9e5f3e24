"""From the probabilities of each day to spells of control with uncertain bounds and the claims for and against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from heldby.reconcile.model import Array, Chain
from heldby.reconcile.weigh import CONTESTED, UNKNOWN, Testimony, strength
from heldby.records import Spell, WeighedClaim
from heldby.records.ids import record_id
from heldby.records.spell import SpellStatus

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bearing:
    """A claim's testimony, the voice that it counts as, and the claim that speaks in its place ("" itself)."""

    testimony: Testimony
    voice: str
    repeats: str


@dataclass(frozen=True, slots=True)
class _Run:
    """Rows `first` to `last` of the days' probabilities, in which one state is the likeliest."""

    state: int
    first: int
    last: int


def find_spells(
    place_id: str, *, chain: Chain, bearings: Sequence[Bearing], names: Mapping[str, str], outside: float
) -> tuple[Spell, ...]:
    """Return the spells between the first and the last day of evidence.

    A spell is a run of days on which one state is the likeliest. Its bounds are the days between which the share
    `outside` to 1 - `outside` of its best probability is reached. The first spell has no earliest start where nothing
    speaks against its having begun long before; the last is open.
    """
    start, end = chain.days[0], chain.days[-1]
    probabilities = chain.posterior(start, end)
    runs = _founded(_runs(chain.likeliest(probabilities)), chain, bearings)
    if runs and chain.states[runs[0].state] == UNKNOWN:
        runs = runs[1:]
    spells = []
    for run in runs:
        bounds = _bounds(run, probabilities, start, outside)
        spells.append(_spell(place_id, run, chain, probabilities, bounds, bearings, names))
    return tuple(spells)


def status_of(state: str) -> SpellStatus:
    """Return the status that a state of the chain stands for."""
    if state == CONTESTED:
        return "contested"
    return "unknown" if state == UNKNOWN else "held"


def _runs(likeliest: Sequence[int]) -> list[_Run]:
    runs: list[_Run] = []
    for row, state in enumerate(likeliest):
        if runs and runs[-1].state == state:
            runs[-1] = _Run(state, runs[-1].first, row)
        else:
            runs.append(_Run(state, row, row))
    return runs


def _founded(runs: Sequence[_Run], chain: Chain, bearings: Sequence[Bearing]) -> list[_Run]:
    """Return the runs with those that no claim speaks for given as unknown: a side that is only left over when the
    others are ruled out is not known to hold a place."""
    unknown = len(chain.states) - 1
    likeliest: list[int] = []
    for run in runs:
        first, last = chain.days[0] + run.first * DAY, chain.days[0] + run.last * DAY
        claims_for, _ = _sort_claims(chain.states[run.state], first, last, bearings)
        likeliest += [run.state if claims_for else unknown] * (run.last - run.first + 1)
    return _runs(likeliest)


def _bounds(
    run: _Run, probabilities: Array, start: date, outside: float
) -> tuple[date | None, date | None, date | None, date | None]:
    """Return earliest and latest start and earliest and latest end; an end is the first day no longer held."""
    column = probabilities[:, run.state]
    peak = float(column[run.first : run.last + 1].max())
    low, high = peak * outside, peak * (1.0 - outside)
    first, full = run.first, run.first
    while first > 0 and column[first - 1] > low:
        first -= 1
    while full < run.last and column[full] < high:
        full += 1
    start_earliest = start + first * DAY if first > 0 else None
    start_latest = start + full * DAY if run.first > 0 else start
    if run.last == len(column) - 1:
        return start_earliest, start_latest, None, None
    last, sure = run.last, run.last
    while last < len(column) - 1 and column[last + 1] > low:
        last += 1
    while sure > run.first and column[sure] < high:
        sure -= 1
    return start_earliest, start_latest, start + (sure + 1) * DAY, start + (last + 1) * DAY


def _spell(
    place_id: str,
    run: _Run,
    chain: Chain,
    probabilities: Array,
    bounds: tuple[date | None, date | None, date | None, date | None],
    bearings: Sequence[Bearing],
    names: Mapping[str, str],
) -> Spell:
    state = chain.states[run.state]
    held = state not in {CONTESTED, UNKNOWN}
    first, last = chain.days[0] + run.first * DAY, chain.days[0] + run.last * DAY
    claims_for, claims_against = _sort_claims(state, first, last, bearings)
    ids = {claim.claim_id for claim in claims_for}
    known = [b.testimony.claim.known_at for b in bearings if b.testimony.claim.id in ids]
    status = status_of(state)
    return Spell(
        id=record_id("spell", place_id, status, state, bounds[0], bounds[1]),
        place_id=place_id,
        status=status,
        holder=state if held else "",
        holder_name=names.get(state, "") if held else "",
        start_earliest=bounds[0],
        start_latest=bounds[1],
        end_earliest=bounds[2],
        end_latest=bounds[3],
        probability=float(probabilities[run.first : run.last + 1, run.state].max()),
        claims_for=claims_for,
        claims_against=claims_against,
        known_since=min(known, default=None),
    )


def _sort_claims(
    state: str, first: date, last: date, bearings: Sequence[Bearing]
) -> tuple[tuple[WeighedClaim, ...], tuple[WeighedClaim, ...]]:
    """Return the claims that speak for the state on a day of the spell, and those that speak against it.

    Where none speaks for it outright, those that imply it do ("took it from the army").
    """
    for_it, against_it, implied = [], [], []
    for bearing in bearings:
        said = [s for s in bearing.testimony.sayings if first <= s.day <= last]
        support = max((s.score for s in said if s.state == state and s.listed), default=0.0)
        doubt = max((s.score if s.state != state else -s.score for s in said if s.listed), default=0.0)
        guess = max((s.score for s in said if s.state == state and not s.listed), default=0.0)
        if support > 0.0 and support >= doubt:
            for_it.append(_weighed(bearing, support))
        elif doubt > 0.0:
            against_it.append(_weighed(bearing, doubt))
        elif guess > 0.0:
            implied.append(_weighed(bearing, guess))
    return tuple(sorted(for_it or implied, key=_by_weight)), tuple(sorted(against_it, key=_by_weight))


def _by_weight(claim: WeighedClaim) -> tuple[float, str]:
    return -claim.weight, claim.claim_id


def _weighed(bearing: Bearing, score: float) -> WeighedClaim:
    testimony = bearing.testimony
    if bearing.repeats:
        reason = f"repeats what this voice says in {bearing.repeats}, which counts for it"
        return WeighedClaim(claim_id=testimony.claim.id, voice=bearing.voice, weight=0.0, reason=reason)
    weight = round(testimony.weight * min(1.0, score), 4)
    reason = f"{testimony.reason}: {strength(weight)}"
    return WeighedClaim(claim_id=testimony.claim.id, voice=bearing.voice, weight=weight, reason=reason)
