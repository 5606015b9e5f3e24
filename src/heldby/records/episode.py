"""A happening, as several claims tell it."""

from __future__ import annotations

from dataclasses import dataclass

from heldby.records.claim import Evidence
from heldby.records.time import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One value of what voices differ on (`field`), and who gives it: voices by their keys, and their claims."""

    field: str
    value: str
    voices: tuple[str, ...]
    claim_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How many are told of (`what`, as "killed"): the lowest and the highest bound that any voice names, and who
    names which."""

    what: str
    low: int
    high: int
    accounts: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Why a claim belongs to an episode: the earlier claim of it that it is most like, the score and what speaks for
    and against it; a join by a person or by lineage has the score that was needed."""

    claim_id: str
    to_id: str
    score: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Claims that tell one happening, the first known first; its id is made of the first one's.

    `voices` are those that tell it, copies not counted; `agree` and `differ` name fields and the values that stand
    side by side, `accounts` who gives which of the values that differ, `figures` how many were killed, captured and
    so on. `joins` say for each claim but the first why it belongs to it, `evidence` is the weakest of each kind.
    """

    id: str
    place_id: str
    relation: str
    actor_ids: tuple[str, ...]
    when: When
    claim_ids: tuple[str, ...]
    agree: tuple[str, ...] = ()
    differ: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    voices: tuple[str, ...] = ()
    accounts: tuple[Account, ...] = ()
    figures: tuple[Figure, ...] = ()
    joins: tuple[Join, ...] = ()
