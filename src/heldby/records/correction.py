"""What a person says of a claim in the place of what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from heldby.records.claim import Extent, Modality, Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The fields of a claim that a person has corrected; None leaves one as it was read.

    `actor` and `opponent` are ids of sides ("" for nobody), `place` a place's id, `when` an ISO day or
    "2016-12-10/2016-12-11" ("" where no time is told). `names` are the names of the sides as of the correction.
    """

    actor: str | tuple[str, ...] | None = None
    opponent: str | tuple[str, ...] | None = None
    place: str | None = None
    when: str | None = None
    relation: Relation | None = None
    modality: Modality | None = None
    extent: Extent | None = None
    names: Mapping[str, str] = field(default_factory=dict)


CORRECTED_FIELDS = ("actor", "opponent", "place", "when", "relation", "modality", "extent")


def side_ids(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids of the sides that a correction names."""
    return tuple(filter(None, (value,) if isinstance(value, str) else value))
