"""Numbers as said, with their bounds."""

from __future__ import annotations

from dataclasses import dataclass

from heldby.records.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """`text` counts `what` in one or two plain words; `low` and `high` are the bounds as said, None where open."""

    id: str
    document_id: str
    sentence: Span
    text: Span
    what: str
    low: int | None
    high: int | None
