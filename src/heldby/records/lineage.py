"""Who repeats whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LineageKind = Literal["identical", "near_copy", "same_statement", "same_speaker"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """Record `later_id` repeats record `earlier_id` (documents or claims), with a score and the reason for it."""

    id: str
    kind: LineageKind
    earlier_id: str
    later_id: str
    score: float
    reason: str
