"""From the probabilities of each day to spells of control with uncertain bounds and the claims for and against."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TypeAlias

from heldby.reconcile.grades import grade_of
from heldby.reconcile.hearing import Bearing, Hearing
from heldby.reconcile.messages import CONTESTED, UNKNOWN, Saying
from heldby.reconcile.model import Array, Chain
from heldby.reconcile.wording import strength
from heldby.records import Spell, WeighedClaim
from heldby.records.ids import record_id
from heldby.records.spell import SpellStatus

DAY = timedelta(days=1)
# What lies nearer to nought, in nats, speaks neither for nor against; so many are all that a weight can show.
SILENT = 0.25
LOUD = 3.0
# A claim of a change that lies so near to the start that the days' probabilities give is taken to tell that start.
NEAR = timedelta(days=31)
Bounds: TypeAlias = tuple[date | None, date | None, date | None, date | None]


@dataclass(frozen=True, slots=True)
class Heard:
    """A claim that bears on a spell, with its weight there."""

    bearing: Bearing
    weighed: WeighedClaim


@dataclass(frozen=True, slots=True)
class Run:
    """Days `first` to `last` on which one state is the likeliest, the side that stands for it, and the claims for
    and against it."""

    state: str
    first: date
    last: date
    is_last: bool
    holder: tuple[str, str] = ("", "")
    claims_for: tuple[Heard, ...] = field(default=(), repr=False)
    claims_against: tuple[Heard, ...] = field(default=(), repr=False)


def make_spells(hearing: Hearing, chain: Chain) -> tuple[Spell, ...]:
    """Return the spells between the first and the last day of evidence.

    A spell is a run of days on which one state is the likeliest. Its bounds are the days between which all but a
    share of its best probability is reached. The first spell has no earliest start where nothing speaks against its
    having begun long before; the last is open.
    """
    start, end = chain.days[0], chain.days[-1]
    probabilities = chain.posterior(start, end)
    runs = find_runs(hearing, chain, probabilities)
    if runs and runs[0].state == UNKNOWN:
        runs = runs[1:]
    spells = [_spell(run, hearing, chain, probabilities) for run in runs]
    ended = [_ended(spell, later) for spell, later in pairwise(spells)]
    return (*ended, *spells[-1:])


def status_of(state: str) -> SpellStatus:
    """Return the status that a state of the chain stands for."""
    if state == CONTESTED:
        return "contested"
    return "unknown" if state == UNKNOWN else "held"


def find_runs(hearing: Hearing, chain: Chain, probabilities: Array) -> list[Run]:
    """Return the runs of days on which one state is the likeliest, in order of time, from the probabilities of each
    day from the first to the last of the evidence.

    One that no claim speaks for is given as unknown: a side that is only left over when the others are ruled out is
    not known to hold a place.
    """
    start, end = chain.days[0], chain.days[-1]
    likeliest = [chain.states[column] for column in chain.likeliest(probabilities)]
    told = _Told(hearing.bearings)
    founded: list[str] = []
    sorted_claims: dict[tuple[str, date, date], tuple[tuple[Heard, ...], tuple[Heard, ...]]] = {}
    for state, first, last in _stretches(likeliest):
        key = (state, start + first * DAY, start + last * DAY)
        sorted_claims[key] = _sort_claims(*key, told=told)
        claims_for, _ = sorted_claims[key]
        founded += [state if claims_for else UNKNOWN] * (last - first + 1)
    runs = []
    for state, first, last in _stretches(founded):
        begin, finish = start + first * DAY, start + last * DAY
        key = (state, begin, finish)
        # Most runs are what they were before those without any claim were given as unknown.
        claims_for, claims_against = sorted_claims.get(key) or _sort_claims(*key, told=told)
        held = state not in {CONTESTED, UNKNOWN}
        holder = hearing.holder(state, [heard.bearing for heard in claims_for]) if held else ("", "")
        runs.append(Run(state, begin, finish, finish == end, holder, claims_for, claims_against))
    return runs


def _stretches(states: Sequence[str]) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    for row, state in enumerate(states):
        if found and found[-1][0] == state:
            found[-1] = (state, found[-1][1], row)
        else:
            found.append((state, row, row))
    return found


def _bounds(run: Run, column: Array, start: date, outside: float) -> Bounds:
    """Return earliest and latest start and earliest and latest end; an end is the first day no longer held."""
    begin, finish = (run.first - start).days, (run.last - start).days
    peak = float(column[begin : finish + 1].max())
    low, high = peak * outside, peak * (1.0 - outside)
    first, full = begin, begin
    while first > 0 and column[first - 1] > low:
        first -= 1
    while full < finish and column[full] < high:
        full += 1
    start_earliest = start + first * DAY if first > 0 else None
    start_latest = start + full * DAY if begin > 0 else start
    if run.is_last:
        return start_earliest, start_latest, None, None
    last, sure = finish, finish
    while last < len(column) - 1 and column[last + 1] > low:
        last += 1
    while sure > begin and column[sure] < high:
        sure -= 1
    return start_earliest, start_latest, start + (sure + 1) * DAY, start + (last + 1) * DAY


def _told_start(run: Run, bounds: Bounds) -> Bounds:
    """Narrow the bounds of a start to the days that the claims of the change leave open for it, the weightiest
    first; a claim that leaves none of those left is passed over."""
    earliest, latest, end_earliest, end_latest = bounds
    if latest is None:
        return bounds
    # A first spell may have begun at any time before it is first told of.
    latest = run.last if earliest is None else latest
    found: tuple[date, date] | None = None
    for heard in run.claims_for:
        window = _window(heard, run.state)
        if window is None or window[0] > latest + NEAR or (earliest is not None and window[1] < earliest - NEAR):
            continue
        first, last = window if found is None else (max(found[0], window[0]), min(found[1], window[1]))
        found = (first, last) if first <= last else found
    if found is None or found[0] > run.last:
        return bounds
    return found[0], min(found[1], run.last), end_earliest, end_latest


def _window(heard: Heard, state: str) -> tuple[date, date] | None:
    """Return the days between which a claim puts the beginning of a state, None where it tells none."""
    claim, sayings = heard.bearing.testimony.claim, heard.bearing.testimony.sayings
    now = [saying for saying in sayings if saying.listed]
    when, tells = claim.when, len(sayings) > len(now)
    if not tells or when is None or when.earliest is None or state not in now[0].message.actors:
        return None
    return when.earliest, max(when.earliest, min(saying.day for saying in now))


def _ended(spell: Spell, later: Spell) -> Spell:
    """Let a spell end where the next begins."""
    if spell.end_latest is None or later.status == "unknown":
        return spell
    earliest = later.start_earliest or spell.end_earliest
    return replace(spell, end_earliest=earliest, end_latest=max(filter(None, (earliest, later.start_latest))))


def _spell(run: Run, hearing: Hearing, chain: Chain, probabilities: Array) -> Spell:
    start = chain.days[0]
    column = probabilities[:, chain.states.index(run.state)]
    bounds = _told_start(run, _bounds(run, column, start, hearing.weights.outside))
    status, (holder, name) = status_of(run.state), run.holder
    first, last = (run.first - start).days, (run.last - start).days
    probability = float(column[first : last + 1].max())
    claims_for = tuple(heard.weighed for heard in run.claims_for)
    claims_against = tuple(heard.weighed for heard in run.claims_against)
    credibility, grade = grade_of(probability, run.claims_for, run.claims_against)
    return Spell(
        id=record_id("spell", hearing.place_id, status, run.state, bounds[0], bounds[1]),
        place_id=hearing.place_id,
        status=status,
        holder=holder,
        holder_name=name,
        start_earliest=bounds[0],
        start_latest=bounds[1],
        end_earliest=bounds[2],
        end_latest=bounds[3],
        probability=probability,
        claims_for=claims_for,
        claims_against=claims_against,
        known_since=min((heard.bearing.testimony.claim.known_at for heard in run.claims_for), default=None),
        credibility=credibility,
        grade=grade,
    )


class _Told:
    """What claims say, in order of the days of which they say it."""

    def __init__(self, bearings: Sequence[Bearing]) -> None:
        self._bearings = bearings
        said = [(s.day, n, m) for n, b in enumerate(bearings) for m, s in enumerate(b.testimony.sayings)]
        self._said = sorted(said)
        self._days = [day for day, _, _ in self._said]

    def between(self, first: date, last: date) -> Iterator[tuple[Bearing, list[Saying]]]:
        """Yield the claims that say anything of days from `first` to `last`, in their order, with what they say."""
        within = self._said[bisect_left(self._days, first) : bisect_right(self._days, last)]
        for number, group in groupby(sorted((n, m) for _, n, m in within), key=itemgetter(0)):
            bearing = self._bearings[number]
            yield bearing, [bearing.testimony.sayings[m] for _, m in group]


def _sort_claims(state: str, first: date, last: date, *, told: _Told) -> tuple[tuple[Heard, ...], tuple[Heard, ...]]:
    """Return the claims that speak for the state on a day of the spell, and those that speak against it.

    Where none speaks for it outright, those that imply it do ("took it from the army").
    """
    for_it, against_it, implied = [], [], []
    for bearing, said in told.between(first, last):
        weight = bearing.testimony.weight
        # Most sayings of a claim carry the same message.
        favours = {id(s.message): s.message.favour(state, weight) for s in said}
        outright = [favours[id(s.message)] for s in said if s.listed]
        guessed = [favours[id(s.message)] for s in said if not s.listed]
        most, least = max(outright, default=0.0), min(outright, default=0.0)
        if most > SILENT and most >= -least:
            for_it.append(_weighed(bearing, most))
        elif least < -SILENT:
            against_it.append(_weighed(bearing, -least))
        elif max(guessed, default=0.0) > SILENT:
            implied.append(_weighed(bearing, max(guessed)))
    return tuple(sorted(for_it or implied, key=_by_weight)), tuple(sorted(against_it, key=_by_weight))


def _by_weight(heard: Heard) -> tuple[float, str]:
    return -heard.weighed.weight, heard.weighed.claim_id


def _weighed(bearing: Bearing, nats: float) -> Heard:
    testimony = bearing.testimony
    weight = round(testimony.weight * min(1.0, nats / LOUD), 4)
    reason = f"{testimony.reason}: {strength(weight)}"
    if bearing.repeats:
        weight, reason = 0.0, f"repeats what this voice says in {bearing.repeats}, which counts for it"
    weighed = WeighedClaim(claim_id=testimony.claim.id, voice=bearing.voice, weight=weight, reason=reason)
    return Heard(bearing, weighed)
