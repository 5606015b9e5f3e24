"""Who repeats whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

LineageKind = Literal[
    "identical",
    "near_copy",
    "same_sentence",
    "retold_in_copy",
    "same_statement",
    "same_speaker",
    "judged",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """Record `later_id` repeats record `earlier_id` (documents or claims), with a score and the reason for it.

    Of documents: `identical`, `near_copy`. Of claims: `same_sentence` (the sentence stood in an earlier report),
    `retold_in_copy` (what a copy says on its own word, or has the same voice say again, is its original's),
    `same_statement`, `same_speaker` (a new statement of a voice that has spoken of this time). `judged`: a person
    says so.
    """

    id: str
    kind: LineageKind
    earlier_id: str
    later_id: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a text (a document, or a sentence) comes from: its original (itself where it is no copy), with the link
    to it, and the voice of what the original tells without naming anybody, with the reason ("" for the report
    itself)."""

    text_id: str
    known_at: datetime
    original_id: str
    link: Lineage | None = None
    voice: str = ""
    reason: str = ""

    @property
    def moment(self) -> tuple[datetime, str]:
        """When the text became known, and its id: the order in which originals are found."""
        return self.known_at, self.text_id


@dataclass(frozen=True, slots=True)
class Ties:
    """What persons have said of pairs of records (documents, claims, voices): that they are one, or that they are
    not. Each pair is sorted."""

    merged: frozenset[tuple[str, str]] = frozenset()
    split: frozenset[tuple[str, str]] = frozenset()

    def are_one(self, one: str, other: str) -> bool:
        """Tell whether a person has said that two records are one."""
        return (min(one, other), max(one, other)) in self.merged

    def are_two(self, one: str, other: str) -> bool:
        """Tell whether a person has said that two records are not one."""
        return (min(one, other), max(one, other)) in self.split

    def partners(self, record_id: str) -> frozenset[str]:
        """Return the records that a person has tied to this one, in either way."""
        if not self.merged and not self.split:
            return frozenset()
        pairs = (pair for pair in self.merged | self.split if record_id in pair)
        return frozenset(id_ for pair in pairs for id_ in pair) - {record_id}
