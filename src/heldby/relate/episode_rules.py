"""The settings of episodes, as `knowledge/episodes.toml` gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import msgspec

from heldby.errors import KnowledgeError
from heldby.records.claim import Relation
from heldby.records.place import PlacePrecision

FILE = "episodes.toml"
SCORED = frozenset({"place", "part", "sides", "relation", "time", "manner", "words", "speaker", "figures"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Relations that can tell one happening; the fields are explained in `knowledge/episodes.toml`."""

    relations: tuple[Relation, ...]
    apart_days: int
    mirrored: frozenset[Relation] = frozenset()
    symmetric: frozenset[Relation] = frozenset()
    state: bool = False
    recurs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRules:
    """Which shared words of two sentences tell that they are of one happening, and how many of them."""

    shortest: int
    common: frozenset[str]
    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRules:
    """Words of a part of a place that tell no part from another one."""

    empty: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeRules:
    """When claims tell one happening; `knowledge/episodes.toml` explains each field."""

    threshold: float
    floor: float
    stand_for: int
    bucket_days: int
    vague_days: int
    longest_days: int
    family: Mapping[str, Family]
    weight: Mapping[str, float]
    place: Mapping[str, float]
    relation: Mapping[str, float]
    words: WordRules
    part: PartRules

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> EpisodeRules:
        """Return the rules of a knowledge table; raises KnowledgeError for what is missing, unknown or out of
        range."""
        try:
            rules = msgspec.convert(dict(table), cls, strict=False)
        except msgspec.ValidationError as error:
            raise KnowledgeError(f"A rule is wrong ({error}).", where=FILE, remedy="Correct it.") from error
        _check(rules, table)
        return rules

    def family_of(self, relation: str) -> tuple[str, Family]:
        """Return the family of a relation, with its name."""
        return next((name, family) for name, family in self.family.items() if relation in family.relations)


def _check(rules: EpisodeRules, table: Mapping[str, Any]) -> None:
    named = sorted(relation for family in rules.family.values() for relation in family.relations)
    wrong = sorted(set(table) - set(EpisodeRules.__dataclass_fields__))
    if named != sorted(get_args(Relation)):
        wrong.append("family: each relation stands in one of them")
    wrong += [f"weight.{name}" for name in sorted(SCORED ^ set(rules.weight))]
    wrong += [f"place.{name}" for name in sorted(set(get_args(PlacePrecision)) ^ set(rules.place))]
    wrong += [f"relation.{name}" for name in sorted({"same", "mirrored", "family"} ^ set(rules.relation))]
    if min(rules.stand_for, rules.bucket_days) < 1 or not 0 <= rules.words.least < rules.words.most:
        wrong.append("stand_for, bucket_days or words")
    if wrong:
        raise KnowledgeError(f"A rule is wrong or missing: {wrong[0]}.", where=FILE, remedy="Correct it.")
