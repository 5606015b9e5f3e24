"""How likely each state of a place is on each day: a hidden Markov chain over days.

The states are the sides that any claim names, `contested` and `unknown`. A state is left at random with the half-life
of its kind; evidence of a day multiplies the odds of its states. Days between evidence are bridged by powers of the
transition matrix, so that the cost grows with the number of days on which something is said, not with the years
between (forward-backward, Rabiner 1989). Invariant: the result depends on the set of sayings, not on their order.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from heldby.reconcile.weigh import CONTESTED, UNKNOWN
from heldby.reconcile.weights import Weights

Array: TypeAlias = NDArray[np.float64]
LONGEST_GAP = 36_525
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Voiced:
    """One voice's word on one day: log-odds for or against a state."""

    day: date
    state: str
    voice: str
    nats: float


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain with its evidence worked in: `days` on which something is said, ascending, the filtered forward
    distribution and the backward message at each, and the powers of the transition matrix."""

    states: tuple[str, ...]
    days: tuple[date, ...]
    forward: Array
    backward: Array
    emission: Array
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
        bounds = [start - timedelta(days=1), *(d for d in self.days if start <= d <= end)]
        for n, day in enumerate(bounds):
            last = bounds[n + 1] - timedelta(days=1) if n + 1 < len(bounds) else end
            first = max(day, start)
            if first <= last:
                result[(first - start).days : (last - start).days + 1] = self._between(first, last)
        return np.asarray(np.round((1.0 - self.doubt) * result + self.doubt * self.prior, DECIMALS))

    def _between(self, first: date, last: date) -> Array:
        """Return the posterior of days without evidence between them, but for the first, which may have some."""
        position = bisect_right(self.days, first) - 1
        count = (last - first).days + 1
        ahead = np.broadcast_to(self.prior, (count, len(self.states)))
        if position >= 0:
            gone = (first - self.days[position]).days
            ahead = self.forward[position] @ self._powers(gone, count)
        behind = np.ones((count, len(self.states)))
        if position + 1 < len(self.days):
            message = self.emission[position + 1] * self.backward[position + 1]
            left = (self.days[position + 1] - last).days
            behind = (self._powers(left, count) @ message)[::-1]
        both = ahead * behind
        return np.asarray(both / both.sum(axis=1, keepdims=True))

    def _powers(self, first: int, count: int) -> Array:
        """Return `count` powers of the transition matrix, from the exponent `first` on."""
        exponents = np.minimum(np.arange(first, first + count), len(self.powers) - 1)
        return np.asarray(self.powers[exponents])


def build_chain(voiced: Iterable[Voiced], *, weights: Weights, margin: int = 0) -> Chain:
    """Work evidence into a chain; `margin` is how many days before or beyond it will be asked for."""
    by_day = _pool(voiced, next_voice=weights.next_voice)
    sides = sorted({state for states in by_day.values() for state in states} - {CONTESTED, UNKNOWN})
    states = (*sides, CONTESTED, UNKNOWN)
    days = tuple(sorted(by_day))
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    step = _transition(states, weights)
    powers = _powers_of(step, min(LONGEST_GAP, max([margin, *gaps], default=0)))
    emission = np.array([_emission(by_day[day], states) for day in days]).reshape(len(days), len(states))
    prior = powers_limit(step)
    forward, backward = _pass(prior, emission, powers, gaps)
    return Chain(
        states,
        days,
        forward,
        backward,
        emission,
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


def _pool(voiced: Iterable[Voiced], *, next_voice: float) -> dict[date, dict[str, float]]:
    """Join voices: of one voice's words on a day and state the strongest for and the strongest against count, and
    each further voice counts `next_voice` of the one before it."""
    strongest: dict[tuple[date, str, bool], dict[str, float]] = defaultdict(dict)
    for word in voiced:
        of_voice = strongest[word.day, word.state, word.nats > 0]
        of_voice[word.voice] = max(abs(word.nats), of_voice.get(word.voice, 0.0))
    by_day: dict[date, dict[str, float]] = defaultdict(dict)
    for (day, state, is_for), of_voice in sorted(strongest.items()):
        ranked = sorted(of_voice.values(), reverse=True)
        total = math.fsum(nats * next_voice**n for n, nats in enumerate(ranked))
        by_day[day][state] = by_day[day].get(state, 0.0) + (total if is_for else -total)
    return by_day


def _emission(scores: Mapping[str, float], states: Sequence[str]) -> Array:
    nats = np.array([scores.get(state, 0.0) for state in states])
    return np.asarray(np.exp(nats - nats.max()))


def _transition(states: Sequence[str], weights: Weights) -> Array:
    lives = weights.half_life_days
    size = len(states)
    unknown = size - 1
    step = np.zeros((size, size))
    for n, state in enumerate(states):
        life = {CONTESTED: lives.contested, UNKNOWN: lives.unknown}.get(state, lives.held)
        leave = 1.0 - 0.5 ** (1.0 / life)
        others = [m for m in range(size) if m not in {n, unknown}]
        to_unknown = 0.0 if n == unknown else lives.to_unknown if others else 1.0
        step[n, n] = 1.0 - leave
        step[n, unknown] += leave * to_unknown
        for m in others:
            step[n, m] += leave * (1.0 - to_unknown) / len(others)
    return step


def _powers_of(step: Array, highest: int) -> Array:
    """Return the powers 0 to `highest` of a matrix, doubling the stack until it is long enough."""
    stack = np.stack([np.eye(len(step)), step])
    while len(stack) <= highest:
        stack = np.concatenate([stack, stack @ (stack[-1] @ step)])
    return np.asarray(stack[: highest + 1])


def _pass(prior: Array, emission: Array, powers: Array, gaps: Sequence[int]) -> tuple[Array, Array]:
    """Return the filtered forward distributions and the scaled backward messages."""
    forward, backward = np.empty_like(emission), np.ones_like(emission)
    ahead = prior
    for n in range(len(emission)):
        if n:
            ahead = forward[n - 1] @ powers[min(gaps[n - 1], len(powers) - 1)]
        joint = ahead * emission[n]
        forward[n] = joint / joint.sum()
    for n in range(len(emission) - 2, -1, -1):
        message = powers[min(gaps[n], len(powers) - 1)] @ (emission[n + 1] * backward[n + 1])
        backward[n] = message / message.sum()
    return forward, backward
