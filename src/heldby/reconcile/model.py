"""How likely each state of a place is on each day: a hidden Markov chain over days.

The states are the blocs of sides that any claim names, `contested` and `unknown`. A state is left at random with the
half-life of its kind; what is said of a day multiplies the odds of its states (`messages.Message`). Days between
evidence are bridged by powers of the transition matrix, so that the cost grows with the number of days on which
something is said, not with the years between (forward-backward, Rabiner 1989). Invariant: the result depends on the
set of sayings, not on their order.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from heldby.reconcile.messages import CONTESTED, UNKNOWN, Message
from heldby.reconcile.weights import Weights

Array: TypeAlias = NDArray[np.float64]
LONGEST_GAP = 36_525
# So many days are worked out at once.
STRETCH = 4096
DECIMALS = 6
# No voice is right so surely that nothing could be said against it; nothing said makes a state quite impossible.
HIGHEST = 0.995
LEAST_NATS = -60.0
# The share and the reliability of what is not told.
NOTHING_TOLD = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Voiced:
    """One voice's word on one day: a message, the chance that it is right, and the share of its claim that falls on
    this day (a claim of many days is no more evidence than one of a day)."""

    day: date
    message: Message
    voice: str
    reliability: float
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Word:
    """What all voices together say with one message on a day."""

    message: Message
    reliability: float
    share: float


Said: TypeAlias = dict[date, list[Word]]


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain with its evidence worked in: `days` on which something is said, ascending, the filtered forward
    distribution and the backward message at each, and the powers of the transition matrix."""

    states: tuple[str, ...]
    days: tuple[date, ...]
    forward: Array
    backward: Array
    emission: Array
    turns: Mapping[date, Array]
    powers: Array
    prior: Array
    doubt: float
    unknown_factor: float
    least: float

    def likeliest(self, probabilities: Array) -> list[int]:
        """Return for each day the column of its likeliest state; not knowing wins unless another state is
        `unknown_factor` times as likely, and at least `least` likely."""
        favoured = probabilities.copy()
        favoured[:, -1] = np.maximum(favoured[:, -1] * self.unknown_factor, self.least)
        return [int(column) for column in favoured.argmax(axis=1)]

    def posterior(self, start: date, end: date) -> Array:
        """Return the probability of each state (columns, as `states`) on each day from start to end (rows)."""
        result = np.empty(((end - start).days + 1, len(self.states)))
        if not self.days:
            result[:] = self.prior
            return result
        for first in range(start.toordinal(), end.toordinal() + 1, STRETCH):
            days = np.arange(first, min(first + STRETCH, end.toordinal() + 1))
            result[days - start.toordinal()] = self._on(days)
        return np.asarray(np.round((1.0 - self.doubt) * result + self.doubt * self.prior, DECIMALS))

    def _on(self, days: NDArray[np.int64]) -> Array:
        """Return what the evidence says of each of some days (ordinals)."""
        known = np.array([day.toordinal() for day in self.days])
        before = np.searchsorted(known, days, side="right") - 1
        ahead = np.empty((len(days), len(self.states)))
        ahead[before < 0] = self.prior
        late = np.flatnonzero(before >= 0)
        gone = self._power(days[late] - known[before[late]])
        ahead[late] = np.einsum("ds,dst->dt", self.forward[before[late]], gone)
        behind = np.ones_like(ahead)
        early = np.flatnonzero(before + 1 < len(known))
        following = before[early] + 1
        message = self.emission[following] * self.backward[following]
        ways = self._power(known[following] - days[early])
        for n, turn in self._turning(following):
            # The day before such a day has evidence of its own (at least none), so it stands here alone.
            ways[n] = turn
        behind[early] = np.einsum("dst,dt->ds", ways, message)
        both = ahead * behind
        return np.asarray(both / both.sum(axis=1, keepdims=True))

    def _turning(self, following: NDArray[np.int64]) -> Iterator[tuple[int, Array]]:
        for n, position in enumerate(following.tolist()):
            turn = self.turns.get(self.days[position])
            if turn is not None:
                yield n, turn

    def _power(self, exponents: NDArray[np.int64]) -> Array:
        """Return powers of the transition matrix."""
        return np.asarray(self.powers[np.minimum(exponents, len(self.powers) - 1)])


def build_chain(voiced: Iterable[Voiced], *, weights: Weights, margin: int = 0) -> Chain:
    """Work evidence into a chain; `margin` is how many days before or beyond it will be asked for."""
    by_day = _fade(_pool(voiced, next_voice=weights.next_voice), weights=weights)
    said = {id(word.message): word.message for words in by_day.values() for word in words}
    sides = sorted(
        {state for m in said.values() for state in (*m.actors, *m.opponents, *m.aside)} - {CONTESTED, UNKNOWN}
    )
    states = (*sides, CONTESTED, UNKNOWN)
    turning = {day for day, words in by_day.items() if any(word.message.turn for word in words)}
    days = tuple(sorted({*by_day, *(day - timedelta(days=1) for day in turning)}))
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    step = _transition(states, weights)
    powers = _powers_of(step, min(LONGEST_GAP, max([margin, *gaps], default=0)))
    odds = _Odds(states)
    emission = odds.emission([by_day.get(day, ()) for day in days])
    turns = {day: step * odds.turn(by_day[day]) for day in sorted(turning)}
    prior = powers_limit(step)
    steps = [turns.get(day, powers[min(gap, len(powers) - 1)]) for day, gap in zip(days[1:], gaps, strict=True)]
    forward, backward = _pass(prior, emission, steps)
    return Chain(
        states,
        days,
        forward,
        backward,
        emission,
        turns,
        powers,
        prior,
        weights.doubt,
        weights.unknown_factor,
        weights.least_probability,
    )


def powers_limit(step: Array) -> Array:
    """Return the distribution to which the chain tends without evidence."""
    size = len(step)
    equations = np.vstack([step.T - np.eye(size), np.ones(size)])
    solution = np.linalg.lstsq(equations, np.append(np.zeros(size), 1.0), rcond=None)[0]
    return np.asarray(np.clip(solution, 0.0, 1.0) / np.clip(solution, 0.0, 1.0).sum())


def _pool(voiced: Iterable[Voiced], *, next_voice: float) -> Said:
    """Join voices: of one voice's words on a day the most reliable counts; that one voice or another of them is right
    is the more likely the more there are, each further one counting `next_voice` of the one before it."""
    most: dict[tuple[date, int], dict[str, tuple[float, float]]] = defaultdict(dict)
    # Messages are long to compare: each object is looked up once.
    numbers: dict[Message, int] = {}
    known: dict[int, int] = {}
    for word in [word for word in voiced if word.reliability > 0.0 and word.share > 0.0]:
        number = known.get(id(word.message))
        if number is None:
            number = known[id(word.message)] = numbers.setdefault(word.message, len(numbers))
        of_voice, told = most[word.day, number], (word.share, word.reliability)
        if told > of_voice.get(word.voice, NOTHING_TOLD):
            of_voice[word.voice] = told
    messages, by_day = list(numbers), defaultdict[date, list[Word]](list)
    for (day, number), of_voice in most.items():
        share = max(of_voice.values())[0]
        ranked = sorted([r * part / share for part, r in of_voice.values()], reverse=True)
        wrong = math.log(1.0 - min(ranked[0], HIGHEST))
        if len(ranked) > 1:
            further = [math.log(1.0 - min(r, HIGHEST)) * next_voice**n for n, r in enumerate(ranked[1:], start=1)]
            wrong = math.fsum([wrong, *further])
        by_day[day].append(Word(messages[number], 1.0 - math.exp(wrong), share))
    return by_day


def _fade(by_day: Said, *, weights: Weights) -> Said:
    """Let messages that fade and speak for one state count less and less within a day and the days that the weights
    give: they tell of the same fighting."""
    messages = {id(word.message): word.message for words in by_day.values() for word in words}
    strongest = {id_: message.typical.strongest for id_, message in messages.items()}
    keys = {id_: _spoken_for(message) for id_, message in messages.items() if message.fades}
    recent: dict[tuple[str, ...], deque[tuple[int, float]]] = defaultdict(deque)
    faded: Said = {}
    for day in sorted(by_day):
        faded[day], number = [], day.toordinal()
        for word in _ranked(by_day[day], strongest):
            key = keys.get(id(word.message))
            if key is None:
                faded[day].append(word)
                continue
            before = recent[key]
            while before and number - before[0][0] >= weights.repeat_days:
                before.popleft()
            # What itself counted little makes what comes after it count little less: otherwise a steady stream of
            # reports would fall silent for good.
            share = word.share * weights.repeat ** math.fsum([counted for _, counted in before])
            before.append((number, share))
            faded[day].append(Word(word.message, word.reliability, share))
    return faded


def _ranked(said: Sequence[Word], strongest: Mapping[int, float]) -> list[Word]:
    """Return what is said on a day, what could move most first, by how far each message (by `id`) could move
    anything; words decide between equals alone: they are long to write."""
    if len(said) == 1:
        return list(said)
    loud = [word.share * (strongest[id(word.message)] * word.reliability) for word in said]
    if len(set(loud)) == len(loud):
        order = sorted(range(len(said)), key=lambda n: -loud[n])
    else:
        order = sorted(range(len(said)), key=lambda n: (-loud[n], repr(said[n].message)))
    return [said[n] for n in order]


def _spoken_for(message: Message) -> tuple[str, ...]:
    """Return the state for which a message speaks most, its sides where that is none of those it names."""
    states = (CONTESTED, *message.actors, *message.opponents, "")
    best = max(states, key=message.factor)
    return (best,) if best else ("", *message.actors, *message.opponents)


class _Odds:
    """How likely each state is by what is said on days; how typical a message is of the states is worked out once."""

    def __init__(self, states: Sequence[str]) -> None:
        self._states = states
        self._factors: dict[int, list[float]] = {}
        self._turns: dict[int, list[float]] = {}

    def emission(self, said: Sequence[Sequence[Word]]) -> Array:
        """Return for each of some days (rows) how likely what is said on it is in each state."""
        nats = np.array([self._nats(words) for words in said]).reshape(len(said), len(self._states))
        return np.asarray(np.exp(np.maximum(nats - nats.max(axis=1, keepdims=True), LEAST_NATS)))

    def turn(self, words: Iterable[Word]) -> Array:
        """Return by how much what is said of changes on a day multiplies each way from the day before (rows)."""
        said = [word for word in words if word.message.turn is not None]
        told = [_weighted(word, self._turn_factors(word.message)) for word in said]
        nats = np.array(_sums(told, size=len(self._states) ** 2)).reshape(len(self._states), -1)
        return np.asarray(np.exp(np.maximum(nats - nats.max(), LEAST_NATS)))

    def _nats(self, words: Iterable[Word]) -> list[float]:
        said = [word for word in words if word.message.turn is None]
        told = [_weighted(word, self._state_factors(word.message)) for word in said]
        return _sums(told, size=len(self._states))

    def _state_factors(self, message: Message) -> list[float]:
        if id(message) not in self._factors:
            self._factors[id(message)] = [message.factor(state) for state in self._states]
        return self._factors[id(message)]

    def _turn_factors(self, message: Message) -> list[float]:
        if id(message) not in self._turns:
            pairs = product(self._states, repeat=2)
            self._turns[id(message)] = [message.turn_factor(before, state) for before, state in pairs]
        return self._turns[id(message)]


def _weighted(word: Word, factors: Sequence[float]) -> list[float]:
    """Return the log-likelihoods of what is typical by these factors under a word (as `Message.nats`), weighed."""
    share, right, wrong = word.share, word.reliability, 1.0 - word.reliability
    return [share * math.log(wrong + right * factor) for factor in factors]


def _sums(told: Sequence[Sequence[float]], *, size: int) -> list[float]:
    if len(told) < 2:
        return list(told[0]) if told else [0.0] * size
    if len(told) == 2:
        # Two numbers need no care to be summed exactly.
        return [one + other for one, other in zip(*told, strict=True)]
    return [math.fsum(each) for each in zip(*told, strict=True)]


def _transition(states: Sequence[str], weights: Weights) -> Array:
    lives, leaving = weights.half_life_days, weights.leaving
    size = len(states)
    contested, unknown = size - 2, size - 1
    step = np.zeros((size, size))
    for n, state in enumerate(states):
        life = {CONTESTED: lives.contested, UNKNOWN: lives.unknown}.get(state, lives.held)
        leave = 1.0 - 0.5 ** (1.0 / life)
        shares = np.zeros(size)
        sides = [m for m in range(contested) if m != n]
        shares[unknown] = 0.0 if n == unknown else leaving.to_unknown
        shares[contested] = 0.0 if n == contested else leaving.to_contested
        if sides:
            shares[sides] = (1.0 - shares.sum()) / len(sides)
        step[n] = leave * shares / shares.sum()
        step[n, n] = 1.0 - leave
    return step


def _powers_of(step: Array, highest: int) -> Array:
    """Return the powers 0 to `highest` of a matrix, doubling the stack until it is long enough."""
    stack = np.stack([np.eye(len(step)), step])
    while len(stack) <= highest:
        stack = np.concatenate([stack, stack @ (stack[-1] @ step)])
    return np.asarray(stack[: highest + 1])


def _pass(prior: Array, emission: Array, steps: Sequence[Array]) -> tuple[Array, Array]:
    """Return the filtered forward distributions and the scaled backward messages; `steps` lead from day to day."""
    forward, backward = np.empty_like(emission), np.ones_like(emission)
    ahead = prior
    for n in range(len(emission)):
        if n:
            ahead = forward[n - 1] @ steps[n - 1]
        joint = ahead * emission[n]
        forward[n] = joint / joint.sum()
    for n in range(len(emission) - 2, -1, -1):
        message = steps[n] @ (emission[n + 1] * backward[n + 1])
        backward[n] = message / message.sum()
    return forward, backward
