"""The weights of evidence, as read from the knowledge file and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import msgspec

from heldby.errors import KnowledgeError
from heldby.records.claim import Relation
from heldby.records.source import SourceKind
from heldby.records.time import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a claim says of a place, from -1 to 1: of its actor, its opponent and of its being contested, from the
    happening on and on the day before."""

    actor: float = 0.0
    opponent: float = 0.0
    contested: float = 0.0
    before_actor: float = 0.0
    before_opponent: float = 0.0
    before_contested: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLives:
    """Days after which a state that nobody reports is as likely gone as not."""

    held: float
    contested: float
    unknown: float
    to_unknown: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """The weight of a side that admits its own loss, and the factor for one that claims its own gain."""

    admission: float
    own_gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """All weights; `knowledge/weights.toml` explains each."""

    scale: float
    next_voice: float
    hedge: float
    same_sentence_withdrawal: float
    open_share: float
    open_days: int
    longest_fighting_days: int
    earlier_cues: tuple[str, ...]
    outside: float
    doubt: float
    unknown_factor: float
    least_probability: float
    half_life_days: HalfLives
    voices: Mapping[str, float]
    interest: Interest
    precision: Mapping[str, float]
    effects: Mapping[str, Effect]
    denied: Mapping[str, Effect]
    attempted: Mapping[str, Effect]
    possible: Mapping[str, float]
    part: Mapping[str, float]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Weights:
        """Return the weights of a knowledge table.

        Raises KnowledgeError for a missing or unknown name, a value of the wrong type, or one out of range.
        """
        _check_names(table)
        try:
            weights = msgspec.convert(table, cls, strict=False)
        except msgspec.ValidationError as error:
            raise KnowledgeError(f"A weight is wrong ({error}).", where="weights", remedy="Correct it.") from error
        _check_ranges(weights)
        return weights


def _check_names(table: Mapping[str, Any]) -> None:
    relations = set(get_args(Relation))
    valid = {
        "effects": relations,
        "denied": relations,
        "attempted": relations,
        "voices": {*get_args(SourceKind), "report"},
        "precision": {*get_args(Precision), "none"},
        "possible": {"factor"},
        "part": {"contested"},
    }
    complete = {"effects", "voices", "precision", "possible", "part"}
    for name, names in valid.items():
        given = set(table.get(name, {}))
        wrong = sorted(given - names) or (sorted(names - given) if name in complete else [])
        if wrong:
            raise KnowledgeError(
                f"The table [{name}] has an unknown name or lacks one: {wrong[0]!r}.",
                where="weights",
                remedy=f"Valid: {', '.join(sorted(names))}.",
            )


def _check_ranges(weights: Weights) -> None:
    shares = {
        "next_voice": weights.next_voice,
        "hedge": weights.hedge,
        "outside": weights.outside,
        "doubt": weights.doubt,
        "least_probability": weights.least_probability,
        "half_life_days.to_unknown": weights.half_life_days.to_unknown,
        **{f"voices.{kind}": value for kind, value in weights.voices.items()},
        "interest.admission": weights.interest.admission,
    }
    lives = weights.half_life_days
    wrong = [name for name, value in shares.items() if not 0.0 <= value <= 1.0]
    if min(lives.held, lives.contested, lives.unknown) < 1 or weights.scale <= 0:
        wrong.append("half_life_days or scale")
    if wrong:
        raise KnowledgeError(
            f"The weight {wrong[0]} is out of range.",
            where="weights",
            remedy="Shares lie from 0 to 1, half-lives at 1 day or more, the scale above 0.",
        )
