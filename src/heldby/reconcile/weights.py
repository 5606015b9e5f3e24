"""The weights of evidence, as read from the knowledge file and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args

import msgspec

from heldby.errors import KnowledgeError
from heldby.records import Actor
from heldby.records.claim import Relation
from heldby.records.source import SourceKind
from heldby.records.time import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical:
    """How many times as often as by mistake a claim is made of a place that its actor, its opponent or another side
    holds, that is contested, or of which nobody knows."""

    actor: float = 1.0
    opponent: float = 1.0
    contested: float = 1.0
    other: float = 1.0
    unknown: float = 1.0

    @property
    def strongest(self) -> float:
        """The state of which it is most typical, as a factor."""
        return max(self.actor, self.opponent, self.contested, self.other, self.unknown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaks:
    """Of which states a claim is typical from its happening on, and on the day before it (None: of none)."""

    on: Typical
    before: Typical | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLives:
    """Days after which a state that nobody reports is as likely gone as not."""

    held: float
    contested: float
    unknown: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The shares of the ways out of a side's hands that lead to nobody knows and to contested."""

    to_unknown: float
    to_contested: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """The reliability of a side that admits its own loss, the factor for one that tells its own gain, and the factor
    for the odds that an admission was read rightly."""

    admission: float
    own_gain: float
    admission_read: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWeights:
    """How a voice's record is learned: the weight of what is thought of it before, the days that count as one
    state of a place, and the bounds of what can be learned."""

    of_voice: float
    of_kind: float
    days: int
    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """All weights; `knowledge/weights.toml` explains each. `sides` are the sides of the knowledge file, whose
    alliances tell which count as one. The switches at the end serve to measure what each part is worth."""

    next_voice: float
    repeat_days: int
    repeat: float
    hedge: float
    same_sentence: float
    again_words: tuple[str, ...]
    implied: float
    needs_doer: frozenset[str]
    overtaken: float
    open_share: float
    open_days: int
    longest_fighting_days: int
    earlier_cues: tuple[str, ...]
    around_words: frozenset[str]
    divided_words: tuple[str, ...]
    around: float
    outside: float
    doubt: float
    unknown_factor: float
    least_probability: float
    local_share: float
    apart: float
    half_life_days: HalfLives
    leaving: Leaving
    reliability: Mapping[str, float]
    interest: Interest
    record: RecordWeights
    precision: Mapping[str, float]
    typical: Mapping[str, Speaks]
    denied: Mapping[str, Speaks]
    attempted: Mapping[str, Speaks]
    part: Mapping[str, Speaks]
    divided: Mapping[str, Speaks]
    possible: Mapping[str, float]
    sides: Mapping[str, Actor] = field(default_factory=dict)
    with_interest: bool = True
    with_records: bool = True

    @classmethod
    def from_table(cls, table: Mapping[str, Any], *, sides: Mapping[str, Actor] | None = None) -> Weights:
        """Return the weights of a knowledge table, with the sides whose alliances count.

        Raises KnowledgeError for a missing or unknown name, a value of the wrong type, or one out of range.
        """
        _check_names(table)
        try:
            weights = msgspec.convert(dict(table), cls, strict=False)
        except msgspec.ValidationError as error:
            raise KnowledgeError(f"A weight is wrong ({error}).", where="weights", remedy="Correct it.") from error
        _check_ranges(weights)
        return replace(weights, sides=dict(sides or {}))


def _check_names(table: Mapping[str, Any]) -> None:
    relations = set(get_args(Relation))
    valid = {
        "typical": relations,
        "denied": relations,
        "attempted": relations,
        "part": relations,
        "divided": {"holds"},
        "reliability": {*get_args(SourceKind), "report"},
        "precision": {*get_args(Precision), "none"},
        "possible": {"factor"},
    }
    complete = {"typical", "divided", "reliability", "precision", "possible"}
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
    leaving, record = weights.leaving, weights.record
    shares = {
        **{name: getattr(weights, name) for name in ("next_voice", "repeat", "hedge", "outside", "doubt")},
        **{
            name: getattr(weights, name)
            for name in ("least_probability", "overtaken", "local_share", "apart", "around", "implied")
        },
        "leaving": leaving.to_unknown + leaving.to_contested,
        **{f"reliability.{kind}": value for kind, value in weights.reliability.items()},
        **{f"precision.{name}": value for name, value in weights.precision.items()},
        "interest.admission": weights.interest.admission,
        "interest.admission_read": weights.interest.admission_read,
        "record.least": record.least,
        "record.most": record.most,
        "possible.factor": weights.possible["factor"],
    }
    lives = weights.half_life_days
    wrong = [name for name, value in shares.items() if not 0.0 <= value <= 1.0]
    if min(lives.held, lives.contested, lives.unknown, record.days) < 1 or min(record.of_voice, record.of_kind) <= 0:
        wrong.append("half_life_days or record")
    speaks = [
        s
        for table in (weights.typical, weights.denied, weights.attempted, weights.part, weights.divided)
        for s in table.values()
    ]
    factors = [each for s in speaks for each in (s.on, s.before or s.on)]
    if any(min(t.actor, t.opponent, t.contested, t.other, t.unknown) <= 0 for t in factors):
        wrong.append("typical: a factor")
    if wrong:
        raise KnowledgeError(
            f"The weight {wrong[0]} is out of range.",
            where="weights",
            remedy="Shares lie from 0 to 1, half-lives at 1 day or more, factors above 0.",
        )
