"""How far each voice has been right: its track record, learned from what other voices said of the same.

After Dawid and Skene (1979), online in the manner of Cappé and Moulines (2009): claims of who took or holds a place
are votes on its state in a stretch of days; what the others say of it tells how likely a vote is right, given how
reliable they are; and that, summed up, tells how reliable a voice is, apart for what serves its own side, what hurts
it, and all else. A voice heard seldom is thought of as its kind is, a kind as the weights say.

Invariant: the records of an epoch (a month) rest on claims known before it alone, in no order but that of months, so
that an answer as of a day never changes by what comes later.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from heldby.reconcile.blocs import Blocs
from heldby.reconcile.weigh import reliability_of, speaker_of, stance_of, states_of
from heldby.reconcile.weights import Weights
from heldby.records import Claim, TrackRecord
from heldby.records.spell import Stance

Item: TypeAlias = tuple[str, int]
Voice: TypeAlias = tuple[str, Stance]

TOLD = frozenset({"takes", "holds"})
# A vote that is less surely read than this says more of our reading than of the voice.
LEAST_CONFIDENCE = 0.5
# How many states a false vote may fall on.
OTHERS = 2.0
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Vote:
    """What a voice said of who held a place in a stretch of days, and how surely that was read."""

    month: str
    item: Item
    voice: str
    kind: str
    stance: Stance
    state: str
    confidence: float


@dataclass(slots=True)
class _Learner:
    """The votes seen so far, what each item's say of their voices, and the sums by voice and by kind."""

    weights: Weights
    votes: dict[Item, dict[str, Vote]] = field(default_factory=lambda: defaultdict(dict))
    judged: dict[Item, list[Judged]] = field(default_factory=dict)
    right: Counter[Voice] = field(default_factory=Counter)
    total: Counter[Voice] = field(default_factory=Counter)
    counts: Counter[Voice] = field(default_factory=Counter)
    kinds: dict[str, str] = field(default_factory=dict)
    by_kind: Counter[tuple[str, Stance, str]] = field(default_factory=Counter)

    def add(self, votes: Iterable[Vote]) -> None:
        """Take in the votes of a month, and judge anew what they bear on."""
        touched: set[Item] = set()
        for vote in votes:
            held = self.votes[vote.item].get(vote.voice)
            # The first word of a voice on an item counts; copies and repetitions change nothing.
            if held is None:
                self.votes[vote.item][vote.voice] = vote
                self.kinds.setdefault(vote.voice, vote.kind)
                touched.add(vote.item)
        known = {voice: self.reliability(*voice) for voice in self._voices(touched)}
        for item in sorted(touched):
            self._count(self.judged.pop(item, []), sign=-1)
            self.judged[item] = judge(list(self.votes[item].values()), known)
            self._count(self.judged[item], sign=1)

    def reliability(self, voice: str, stance: Stance) -> float:
        """Return how reliable a voice is, between what its record and its kind say."""
        kind = self.kinds.get(voice, voice.removeprefix("kind:"))
        record = self.weights.record
        thought = reliability_of(kind, stance, self.weights)
        kind_right, kind_total = (self.by_kind[kind, stance, what] for what in ("right", "total"))
        of_kind = (record.of_kind * thought + kind_right) / (record.of_kind + kind_total)
        key = (voice, stance)
        own = (record.of_voice * of_kind + self.right[key]) / (record.of_voice + self.total[key])
        return round(min(record.most, max(record.least, own)), DECIMALS)

    def snapshot(self, epoch: str) -> tuple[TrackRecord, ...]:
        """Return the records of every voice and kind that has been judged."""
        keys: dict[Voice, tuple[float, float, int]] = {
            key: (self.right[key], self.total[key], self.counts[key]) for key in self.total if self.counts[key] > 0
        }
        for kind, stance in {(kind, stance) for kind, stance, _ in self.by_kind}:
            sums = (self.by_kind[kind, stance, "right"], self.by_kind[kind, stance, "total"])
            keys[f"kind:{kind}", stance] = (*sums, int(self.by_kind[kind, stance, "count"]))
        return tuple(
            TrackRecord(
                epoch=epoch,
                voice=voice,
                stance=stance,
                right=round(right, DECIMALS),
                total=round(total, DECIMALS),
                claims=claims,
                reliability=self.reliability(voice, stance),
            )
            for (voice, stance), (right, total, claims) in sorted(keys.items())
            if claims
        )

    def _voices(self, items: Iterable[Item]) -> set[Voice]:
        return {(vote.voice, vote.stance) for item in items for vote in self.votes[item].values()}

    def _count(self, judged: Iterable[Judged], *, sign: int) -> None:
        for one in judged:
            key = (one.vote.voice, one.vote.stance)
            self.right[key] += sign * one.right  # type: ignore[assignment]
            self.total[key] += sign * one.read  # type: ignore[assignment]
            self.counts[key] += sign
            for what, value in (("right", one.right), ("total", one.read), ("count", 1.0)):
                self.by_kind[one.vote.kind, one.vote.stance, what] += sign * value  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Judged:
    """A vote as the votes on its item judge it: the chance that it was read rightly and is right, and the chance that
    it was read rightly. A vote that is wrong may be the voice's error or ours."""

    vote: Vote
    right: float
    read: float


def judge(votes: Iterable[Vote], reliability: Mapping[Voice, float]) -> list[Judged]:
    """Return for each vote on an item how likely it is right; nothing for one alone.

    Every vote counts as far as its voice is reliable as known so far, and as it was surely read: others who say
    nothing sure leave a record as it is.
    """
    heard = sorted(votes, key=lambda vote: vote.voice)
    if len(heard) < 2:
        return []
    nats: dict[str, float] = defaultdict(float)
    for vote in heard:
        rely = reliability[vote.voice, vote.stance] * vote.confidence
        nats[vote.state] += math.log(max(rely, 0.05)) - math.log((1.0 - rely) / OTHERS)
    # A false vote may have fallen on a state that nobody names.
    unnamed = max(0.0, OTHERS + 1.0 - len(nats))
    odds = {state: math.exp(value) for state, value in nats.items()}
    total = math.fsum(sorted(odds.values())) + unnamed
    judged = []
    for vote in heard:
        right, reliable = odds[vote.state] / total, reliability[vote.voice, vote.stance]
        erred = vote.confidence * (1.0 - reliable)
        judged.append(Judged(vote, right, right + (1.0 - right) * erred / (1.0 - vote.confidence * reliable)))
    return judged


def learn_records(votes: Iterable[Vote], *, weights: Weights) -> Iterator[tuple[str, tuple[TrackRecord, ...]]]:
    """Yield each epoch after the first month with votes, with its records; the votes may come in any order.

    The last epoch is the month after the last vote's; a month without votes has the records of the one before it.
    """
    by_month: dict[str, list[Vote]] = defaultdict(list)
    for vote in votes:
        by_month[vote.month].append(vote)
    learner = _Learner(weights)
    month, last = min(by_month, default=""), max(by_month, default="")
    while month and month <= last:
        learner.add(sorted(by_month.get(month, ()), key=_order))
        month = next_month(month)
        yield month, learner.snapshot(month)


def vote_of(claim: Claim, *, voice: str, weights: Weights) -> Vote | None:
    """Return a claim's vote, None where it tells no holder of a whole place on known days, or is read unsurely."""
    place, when = claim.place.place, claim.when
    if place is None or claim.relation not in TOLD or claim.modality != "asserted" or claim.extent != "whole":
        return None
    if when is None or claim.background or claim.confidence < LEAST_CONFIDENCE:
        return None
    known = claim.known_at.date()
    day = min(when.latest or known, known)
    blocs = Blocs(weights.sides, place.country)
    states = states_of(claim.actor, blocs=blocs, day=day)
    if len(states) != 1 or states[0].startswith("name:"):
        return None
    kind, side = speaker_of(claim)
    return Vote(
        month=month_of(claim.known_at),
        item=(place.id, day.toordinal() // weights.record.days),
        voice=voice,
        kind=kind,
        stance=stance_of(claim, side=side, blocs=blocs),
        state=states[0],
        confidence=round(claim.confidence, DECIMALS),
    )


def month_of(moment: datetime | date) -> str:
    """Return the epoch of a moment: its year and month, as in 2016-12."""
    return f"{moment.year:04}-{moment.month:02}"


def next_month(month: str) -> str:
    """Return the month after a month."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _order(vote: Vote) -> tuple[str, Item, str, str, float]:
    return vote.voice, vote.item, vote.stance, vote.state, -vote.confidence
