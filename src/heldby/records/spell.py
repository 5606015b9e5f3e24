"""A spell of control: who held a place, from when to when, how surely, and on whose word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

SpellStatus = Literal["held", "contested", "unknown"]
Stance = Literal["gain", "loss", "neutral"]
Grade = Literal["", "confirmed", "fair", "weak", "contested"]


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
    of its claims became known. `credibility` is the Admiralty digit of the fact (1 to 6, 0 where not graded), `grade`
    how well it is established."""

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
    credibility: int = 0
    grade: Grade = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """How far a voice (or a kind of voice, as `kind:` and its name) was right before the month `epoch`.

    `stance`: of what serves its own side ("gain"), hurts it ("loss"), or neither. `claims` were judged by what others
    said of the same; `right` of `total` is the share, weighed by how surely they were read; `reliability` (0 to 1)
    sets it beside what is thought of voices of its kind.
    """

    epoch: str
    voice: str
    stance: Stance
    right: float
    total: float
    claims: int
    reliability: float
