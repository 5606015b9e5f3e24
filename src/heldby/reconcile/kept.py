"""Claims that have been weighed, as short as they can be kept: all that is told from them later, and nothing of their
words but the reason for their weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from heldby.reconcile.messages import Message, Saying, ShortClaim, Testimony
from heldby.records import Party, Place, PlaceRef, Span, When
from heldby.records.claim import Extent, Modality, Relation
from heldby.records.spell import Stance

NO_WORDS = Span(start=0, end=0, text="")
# The ids of the sides, their name, and whether words of the report name them.
KeptParty: TypeAlias = tuple[tuple[str, ...], str, bool]
# The day (ordinal), the number of the message, its share, and whether it is listed.
KeptSaying: TypeAlias = tuple[int, int, float, bool]
# The claim's id, document, relation, modality and extent, when it became known, its actor and opponent, the first day
# that it means, how surely it was read; its weight with the reason, its stance, and the number of its sayings.
KeptClaim: TypeAlias = tuple[
    str, str, Relation, Modality, Extent, datetime, KeptParty, KeptParty, date | None, float, float, str, Stance, int
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Claims about one place that were weighed, and how blocs were joined there."""

    place: Place | None
    merged: Mapping[str, str]
    messages: list[Message]
    sayings: list[list[KeptSaying]]
    claims: list[KeptClaim]

    def told(self) -> list[Testimony]:
        """Return the claims as they were weighed, without what is not told from them any more."""
        place = PlaceRef(mention=NO_WORDS, name_text="", place=self.place)
        sayings = [
            tuple([Saying(date.fromordinal(day), self.messages[n], share, listed) for day, n, share, listed in each])
            for each in self.sayings
        ]
        # Few sides and days are named again and again.
        sides = {party: _side(party) for party in {party for kept in self.claims for party in kept[6:8]}}
        days = {kept[8] for kept in self.claims}
        whens = {day: When(earliest=day, latest=None) if day else None for day in days}
        return [_testimony(kept, place, sayings, sides=sides, whens=whens) for kept in self.claims]


def keep(told: Sequence[Testimony], *, merged: Mapping[str, str]) -> Kept:
    """Return claims about one place that were weighed as they are kept."""
    messages: dict[Message, int] = {}
    sayings: dict[tuple[KeptSaying, ...], int] = {}
    claims: list[KeptClaim] = []
    for testimony in told:
        said = tuple([
            (s.day.toordinal(), messages.setdefault(s.message, len(messages)), s.share, s.listed)
            for s in testimony.sayings
        ])  # fmt: skip
        claims.append(_kept(testimony, sayings.setdefault(said, len(sayings))))
    return Kept(
        place=told[0].claim.place.place if told else None,
        merged=merged,
        messages=list(messages),
        sayings=[list(each) for each in sayings],
        claims=claims,
    )


def _kept(testimony: Testimony, sayings: int) -> KeptClaim:
    claim = testimony.claim
    return (
        claim.id,
        claim.document_id,
        claim.relation,
        claim.modality,
        claim.extent,
        claim.known_at,
        _party(claim.actor),
        _party(claim.opponent),
        claim.when.earliest if claim.when else None,
        claim.confidence,
        testimony.weight,
        testimony.reason,
        testimony.stance,
        sayings,
    )


def _party(party: Party) -> KeptParty:
    return party.actor_ids, party.name, party.mention is not None


def _testimony(
    kept: KeptClaim,
    place: PlaceRef,
    sayings: Sequence[tuple[Saying, ...]],
    *,
    sides: Mapping[KeptParty, Party],
    whens: Mapping[date | None, When | None],
) -> Testimony:
    actor, opponent, day, confidence = kept[6:10]
    claim = ShortClaim(*kept[:6], sides[actor], sides[opponent], whens[day], confidence, place)
    weight, reason, stance, number = kept[10:]
    return Testimony(claim, weight, reason, sayings[number], stance)


def _side(kept: KeptParty) -> Party:
    ids, name, named = kept
    return Party(mention=NO_WORDS if named else None, actor_ids=ids, name=name)
