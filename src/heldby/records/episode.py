"""A happening, as several claims tell it."""

from __future__ import annotations

from dataclasses import dataclass

from heldby.records.claim import Evidence
from heldby.records.time import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Claims that tell one happening; `agree` and `differ` name fields and the values that stand side by side."""

    id: str
    place_id: str
    relation: str
    actor_ids: tuple[str, ...]
    when: When
    claim_ids: tuple[str, ...]
    agree: tuple[str, ...] = ()
    differ: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
