"""From the probabilities of each day to spells of control with uncertain bounds and the claims for and against."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import itemgetter
from typing import TypeAlias

import numpy as np

from heldby.reconcile.grades import grade_of
from heldby.reconcile.hearing import Bearing, Hearing
from heldby.reconcile.messages import CONTESTED, UNKNOWN, Favour, Saying
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
# The earliest (None: any time before) and the latest day on which a spell may have begun.
Start: TypeAlias = tuple[date | None, date]


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

    A spell is a run of days on which one state is the likeliest. The bounds of a change are ordered, hold the first
    day of the run that it begins, and lie beyond those of the change before. The first spell has no earliest start
    where nothing speaks against its having begun long before; the last is open.
    """
    start, end = chain.days[0], chain.days[-1]
    probabilities = chain.posterior(start, end)
    runs = find_runs(hearing, chain, probabilities)
    if runs and runs[0].state == UNKNOWN:
        runs = runs[1:]
    columns = (probabilities[:, chain.states.index(run.state)] for run in runs)
    courses = [
        _Course(run, column, start, hearing.weights.outside) for run, column in zip(runs, columns, strict=True)
    ]
    starts = _starts(courses)
    return tuple(
        _spell(course, begun, ended, hearing=hearing)
        for course, begun, ended in zip(courses, starts, _ends(courses, starts), strict=True)
    )


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


@dataclass(frozen=True, slots=True)
class _Course:
    """A run, and the probability of its state on each day of the evidence, from its first day `start`; all but a
    share `outside` of its best is as good as all."""

    run: Run
    column: Array
    start: date
    outside: float

    @property
    def peak(self) -> float:
        """The probability on the likeliest day of the run."""
        return float(self._within.max())

    def beginning(self) -> Start:
        """Return since when the state is at all likely, and from when it is as likely as it gets."""
        begin = (self.run.first - self.start).days
        if not begin:
            return None, self.start
        unlikely = np.flatnonzero(self.column[:begin] <= self.peak * self.outside)
        earliest = self.start + (int(unlikely[-1]) + 1) * DAY if unlikely.size else None
        return earliest, self.run.first + int(np.argmax(self._within >= self._full)) * DAY

    def ending(self) -> tuple[date, date]:
        """Return the first day from which the state is no longer as likely as it gets, and the first on which it is
        hardly likely any more."""
        finish = (self.run.last - self.start).days
        earliest = self.run.last + (1 - int(np.argmax(self._within[::-1] >= self._full))) * DAY
        later = self.column[finish + 1 :]
        unlikely = np.flatnonzero(later <= self.peak * self.outside)
        return earliest, self.run.last + (1 + (int(unlikely[0]) if unlikely.size else len(later))) * DAY

    @property
    def _within(self) -> Array:
        return self.column[(self.run.first - self.start).days : (self.run.last - self.start).days + 1]

    @property
    def _full(self) -> float:
        return self.peak * (1.0 - self.outside)


def _starts(courses: Sequence[_Course]) -> list[Start]:
    """Return between which days each run began, every start after that of the last run of a known state before it.

    What is likely now may have been likely under earlier runs too (a town that changes hands to and fro); the change
    that ended these is not the one that is looked for.
    """
    starts: list[Start] = []
    known: tuple[_Course, Start] | None = None
    for course in courses:
        floor = None
        if known is not None:
            before, begun = known
            floor = (before.run.last if before.run.state == course.run.state else begun[1]) + DAY
        starts.append(_start(course, floor=floor))
        if course.run.state != UNKNOWN:
            known = course, starts[-1]
    return starts


def _start(course: _Course, *, floor: date | None) -> Start:
    """Return between which days a run began: those that the claims of the change leave open, else those that the
    probabilities do; none before the floor, and the first day of the run always among them."""
    earliest, latest = course.beginning()
    if floor is not None:
        earliest = max(earliest or floor, floor)
    told = _told_start(course.run, earliest, latest=latest)
    if told is None:
        return earliest, latest
    first, last = told
    # Where the evidence begins with the run no change is seen, and the claims alone tell of it.
    if course.run.first > course.start:
        first, last = min(first, course.run.first), max(last, course.run.first)
    return max(first, floor or first), last


def _ends(courses: Sequence[_Course], starts: Sequence[Start]) -> list[tuple[date | None, date | None]]:
    """Return between which days each run ended: those between which the next began, or, where nothing is known
    after it, those in which its own probability falls; the last is open."""
    ends: list[tuple[date | None, date | None]] = []
    for n, later in enumerate(courses[1:], start=1):
        earliest, latest = courses[n - 1].ending()
        if later.run.state != UNKNOWN:
            earliest, latest = starts[n][0] or earliest, starts[n][1]
        elif n + 1 < len(starts):
            latest = min(latest, starts[n + 1][1])
        # A run has not ended before it had surely begun.
        ends.append((max(earliest, starts[n - 1][1] + DAY), latest))
    return [*ends, (None, None)] if courses else []


def _told_start(run: Run, earliest: date | None, *, latest: date) -> tuple[date, date] | None:
    """Return the days that the claims of a change leave open for the start of a run, which by the probabilities lies
    between these bounds; the weightiest is heard first, and one that leaves no day of those left is passed over."""
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
        return None
    return found[0], min(found[1], run.last)


def _window(heard: Heard, state: str) -> tuple[date, date] | None:
    """Return the days between which a claim puts the beginning of a state, None where it tells none."""
    claim, sayings = heard.bearing.testimony.claim, heard.bearing.testimony.sayings
    now = [saying for saying in sayings if saying.listed]
    when, tells = claim.when, len(sayings) > len(now)
    if not tells or when is None or when.earliest is None or state not in now[0].message.actors:
        return None
    return when.earliest, max(when.earliest, min(saying.day for saying in now))


def _spell(course: _Course, begun: Start, ended: tuple[date | None, date | None], *, hearing: Hearing) -> Spell:
    run, probability = course.run, course.peak
    status, (holder, name) = status_of(run.state), run.holder
    claims_for = tuple(heard.weighed for heard in run.claims_for)
    claims_against = tuple(heard.weighed for heard in run.claims_against)
    credibility, grade = grade_of(probability, run.claims_for, run.claims_against)
    return Spell(
        id=record_id("spell", hearing.place_id, status, run.state, *begun),
        place_id=hearing.place_id,
        status=status,
        holder=holder,
        holder_name=name,
        start_earliest=begun[0],
        start_latest=begun[1],
        end_earliest=ended[0],
        end_latest=ended[1],
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
        said = [(s.day, n, s) for n, b in enumerate(bearings) for s in b.testimony.sayings]
        self._said = sorted(said, key=itemgetter(0))
        self._days = [day for day, _, _ in self._said]

    def between(self, first: date, last: date) -> Iterator[tuple[Bearing, list[Saying]]]:
        """Yield the claims that say anything of days from `first` to `last`, by the first of these days on which they
        do, with what they say."""
        within: dict[int, list[Saying]] = defaultdict(list)
        for _, number, saying in self._said[bisect_left(self._days, first) : bisect_right(self._days, last)]:
            within[number].append(saying)
        for number, said in within.items():
            yield self._bearings[number], said


def _sort_claims(state: str, first: date, last: date, *, told: _Told) -> tuple[tuple[Heard, ...], tuple[Heard, ...]]:
    """Return the claims that speak for the state on a day of the spell, and those that speak against it.

    Where none speaks for it outright, those that imply it do ("took it from the army").
    """
    for_it: list[Heard] = []
    against_it: list[Heard] = []
    implied: list[Heard] = []
    favours: dict[int, Favour] = {}
    for bearing, said in told.between(first, last):
        weight = bearing.testimony.weight
        most, least, guessed = 0.0, 0.0, 0.0
        # Most sayings of a claim carry the same message.
        for message, listed in {(id(s.message), s.listed): (s.message, s.listed) for s in said}.values():
            favour = favours.get(id(message))
            if favour is None:
                favour = favours[id(message)] = message.favour(state)
            nats = favour.nats(weight)
            if listed:
                most, least = max(most, nats), min(least, nats)
            else:
                guessed = max(guessed, nats)
        if most > SILENT and most >= -least:
            for_it.append(_weighed(bearing, most))
        elif least < -SILENT:
            against_it.append(_weighed(bearing, -least))
        elif guessed > SILENT:
            implied.append(_weighed(bearing, guessed))
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
