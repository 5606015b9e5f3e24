"""What is said of a place: messages, of which states they are typical, on which days, on whose word."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from heldby.reconcile.weights import Typical
from heldby.records import Claim, Party, PlaceRef, When
from heldby.records.claim import Extent, Modality, Relation
from heldby.records.spell import Stance

CONTESTED = "contested"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Favour:
    """How typical a message is of one state, and of the best of the others."""

    state: float
    best: float

    def nats(self, reliability: float) -> float:
        """Return by how many nats it speaks for the state where it is right with this chance."""
        wrong = 1.0 - reliability
        return math.log(wrong + reliability * self.state) - math.log(wrong + reliability * self.best)


@dataclass(frozen=True, slots=True)
class Message:
    """What a claim says, whoever says it: of which states it is typical, for which blocs in which role. `aside` are
    blocs that share in it, about which it says nothing. `turn` tells, of a change on one day, of which states on the
    day before it is typical; `losers` are the opponents that it names as such. One that `fades` counts less when it
    is said again soon."""

    typical: Typical
    actors: tuple[str, ...] = ()
    opponents: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    turn: Typical | None = None
    losers: tuple[str, ...] = ()
    fades: bool = False

    def factor(self, state: str) -> float:
        """Return how typical it is of a state."""
        return self._role(self.typical, state, self.opponents)

    def turn_factor(self, before: str, state: str) -> float:
        """Return how typical it is of a state on the day, and another on the day before it: it says of a side that
        it came to hold the place on that day, not that it went on to."""
        factor = self.factor(state)
        if self.turn is None or factor <= 1.0:
            return factor
        # Where it names no loser, any other side may have lost it.
        loses = not self.losers and before not in {CONTESTED, UNKNOWN, *self.actors}
        return factor * (self.turn.opponent if loses else self._role(self.turn, before, self.losers))

    def _role(self, typical: Typical, state: str, opponents: tuple[str, ...]) -> float:
        if state == CONTESTED:
            return typical.contested
        if state == UNKNOWN:
            return typical.unknown
        if state in self.actors:
            return typical.actor
        if state in opponents:
            return typical.opponent
        # Where no doer is named, any side may have been it.
        return typical.other if self.actors and state not in self.aside else 1.0

    def nats(self, state: str, reliability: float) -> float:
        """Return the log-likelihood of a state under it, beside that of one of which it says nothing."""
        return math.log(1.0 - reliability + reliability * self.factor(state))

    def favour(self, state: str) -> Favour:
        """Return how it speaks for a state rather than for the best of the others."""
        # The best of the others is the one of the highest factor: of each role one has to be looked at.
        best = 1.0 if not self.actors or "" in self.aside else self.typical.other
        if state != CONTESTED:
            best = max(best, self.typical.contested)
        if self.actors and self.actors != (state,):
            best = max(best, self.typical.actor)
        if any(rival != state for rival in self.opponents):
            best = max(best, self.typical.opponent)
        return Favour(self.factor(state), best)


@dataclass(frozen=True, slots=True)
class Saying:
    """On `day` the claim carries the message, with this share of its weight; `listed` is False for what it only
    lets guess about the time before."""

    day: date
    message: Message
    share: float = 1.0
    listed: bool = True


class ShortClaim(NamedTuple):
    """What of a claim is still asked for when it has been weighed, named as there; a tuple, because for each new
    report it is made of every claim about a place."""

    id: str
    document_id: str
    relation: Relation
    modality: Modality
    extent: Extent
    known_at: datetime
    actor: Party
    opponent: Party
    when: When | None
    confidence: float
    place: PlaceRef


HeardClaim: TypeAlias = Claim | ShortClaim


@dataclass(frozen=True, slots=True)
class Testimony:
    """A claim, the chance from 0 to 1 that it is right, with the reasons, and what it says of which day. `stance`
    tells whether its voice tells its own side's gain or loss."""

    claim: HeardClaim
    weight: float
    reason: str
    sayings: tuple[Saying, ...]
    stance: Stance = "neutral"
