"""Sides of a conflict, with their names over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from heldby.records.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorName:
    """A name of a side, with the days between which it was used (None: open)."""

    text: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """The actor is an ally of, under the patronage of, part of, or an enemy of another one, for a time."""

    actor_id: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A side. `names[0]` is its short plain name; `country` is an ISO 3166 alpha-2 code or ""; `kind` is one of
    government, military, rebel, militia, coalition, foreign_state."""

    id: str
    names: tuple[ActorName, ...]
    country: str = ""
    kind: str = ""
    countries: tuple[str, ...] = ()
    part_of: tuple[Relationship, ...] = ()
    allies: tuple[Relationship, ...] = ()
    patrons: tuple[Relationship, ...] = ()
    enemies: tuple[Relationship, ...] = ()
    state: bool = False

    @property
    def name(self) -> str:
        """The short plain name."""
        return self.names[0].text


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A side in a claim: the words, if any, and whom they stand for.

    `mention` is None where the side is only implied. `actor_ids` holds more than one for joint sides. `name` is the
    short plain name (joined by " and "); `reason` says how it was resolved.
    """

    mention: Span | None = None
    actor_ids: tuple[str, ...] = ()
    name: str = ""
    reason: str = ""
