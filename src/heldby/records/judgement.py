"""A decision on a record, appended with who, when and why; superseded, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Decision = Literal["accept", "reject", "correct", "merge", "split"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """`decision` on `record_id` by `author` (a person or a rule); `value` holds a correction as JSON."""

    id: str
    record_id: str
    decision: Decision
    author: str
    made_at: datetime
    reason: str
    value: str = ""
    supersedes: str = ""
