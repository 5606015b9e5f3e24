"""A spell of control: who held a place, from when to when, how surely, and on whose word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

SpellStatus = Literal["held", "contested", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedClaim:
    """A claim for or against a spell: its weight (0 to 1), the voice that it counts as, and why it weighs so."""

    claim_id: str
    voice: str
    weight: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """`holder` (an actor id, "" where contested or unknown) from `start_earliest`/`start_latest` to
    `end_earliest`/`end_latest` (None: open); `probability` at its best-founded day; `known_since` is when the first
    of its claims became known."""

    id: str
    place_id: str
    status: SpellStatus
    holder: str
    holder_name: str
    start_earliest: date | None
    start_latest: date | None
    end_earliest: date | None
    end_latest: date | None
    probability: float
    claims_for: tuple[WeighedClaim, ...] = ()
    claims_against: tuple[WeighedClaim, ...] = ()
    known_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayControl:
    """Who held a place on one day: `status`, holder and its probability, and that of every other state."""

    place_id: str
    day: date
    status: SpellStatus
    holder: str
    holder_name: str
    probability: float
    distribution: tuple[tuple[str, float], ...] = ()
