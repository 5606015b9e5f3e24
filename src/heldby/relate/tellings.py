"""Claims as they are compared: who does what to whom by them, of which days they speak, in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from heldby.records import Claim, Party, Quantity, Ties
from heldby.relate.episode_rules import EpisodeRules, Family
from heldby.relate.names import fold_name
from heldby.relate.statements import claim_days


def no_bloc(actor_id: str, day: date) -> str:
    """Return each side as its own bloc."""
    return actor_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is known around claims: the voice of each, for each claim of a copy the claim that it repeats, the
    quantities of each document, which bloc a side belongs to on a day, and what persons have said to be one."""

    voices: Mapping[str, str] = field(default_factory=dict)
    repeats: Mapping[str, str] = field(default_factory=dict)
    quantities: Mapping[str, Sequence[Quantity]] = field(default_factory=dict)
    bloc_of: Callable[[str, date], str] = no_bloc
    ties: Ties = field(default_factory=Ties)

    def voice(self, claim: Claim) -> str:
        """Return the voice that a claim counts as, that of its original where it stands in a copy."""
        first = self.repeats.get(claim.id, claim.id)
        return self.voices.get(first, f"report:{claim.document_id}")


@dataclass(frozen=True, slots=True)
class Side:
    """Who stands on one side of a happening: ids, the blocs that they belong to, and the name."""

    ids: frozenset[str]
    blocs: frozenset[str]
    name: str

    def __bool__(self) -> bool:
        return bool(self.ids or self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A claim as it is compared. `doer` and `other` are the sides of the happening, whichever way round the claim
    tells it; `first` and `last` are the days that it speaks of, `said_when` whether its own words say so; `timed` is
    False for history of no time."""

    claim: Claim
    family: str
    rules: Family
    voice: str
    doer: Side
    other: Side
    first: date
    last: date
    said_when: bool
    timed: bool
    part: frozenset[str]
    words: frozenset[str]
    counted: Mapping[str, tuple[int, int]]

    @property
    def days(self) -> int:
        """How many days lie between the first and the last one."""
        return (self.last - self.first).days


def tell(claim: Claim, *, rules: EpisodeRules, scene: Scene) -> Telling:
    """Return a claim as it is compared."""
    name, family = rules.family_of(claim.relation)
    actor, opponent = _side(claim.actor, claim, scene), _side(claim.opponent, claim, scene)
    if claim.relation in family.mirrored:
        actor, opponent = opponent, actor
    first, last = told_days(claim, family)
    return Telling(
        claim=claim,
        family=name,
        rules=family,
        voice=scene.voice(claim),
        doer=actor,
        other=opponent,
        first=first,
        last=last,
        said_when=claim.time_text is not None or bool(claim.when and claim.when.expression),
        timed=claim.when is not None or not claim.background,
        part=_part(claim, rules),
        words=_words(claim, rules),
        counted=counted_in(claim, scene.quantities.get(claim.document_id, ())),
    )


def counted_in(claim: Claim, quantities: Iterable[Quantity]) -> dict[str, tuple[int, int]]:
    """Return what a claim's sentence counts, with the lowest and highest bound that is said; of several numbers of
    one thing ("12 killed, 3 of them children") the one that stands first: the total is told before its parts."""
    found: dict[str, tuple[int, int]] = {}
    for quantity in sorted(quantities, key=lambda quantity: quantity.text.start):
        if not quantity.sentence.inside(claim.sentence.start, claim.sentence.end):
            continue
        bounds = [bound for bound in (quantity.low, quantity.high) if bound is not None]
        if bounds and quantity.what not in found:
            found[quantity.what] = min(bounds), max(bounds)
    return found


def _side(party: Party, claim: Claim, scene: Scene) -> Side:
    day = claim.known_at.date()
    blocs = frozenset(scene.bloc_of(id_, day) for id_ in party.actor_ids)
    return Side(frozenset(party.actor_ids), blocs, party.name)


def told_days(claim: Claim, family: Family) -> tuple[date, date]:
    """Return the days that a claim speaks of; of what goes on, the last of them."""
    first, last = claim_days(claim)
    going_on = claim.when is not None and claim.when.spans and last - first > timedelta(days=family.apart_days)
    return (last, last) if family.state and going_on else (first, last)


def _part(claim: Claim, rules: EpisodeRules) -> frozenset[str]:
    words = fold_name(claim.part.text).split() if claim.part else []
    named = set(fold_name(claim.place.name_text).split())
    found = {word for word in words if word not in rules.part.empty and word not in named}
    side = claim.place.side
    if side:
        found = {word for word in found if not word.startswith(side)} | {side}
    return frozenset(found)


def _words(claim: Claim, rules: EpisodeRules) -> frozenset[str]:
    mentions = (claim.trigger, claim.place.mention, claim.actor.mention, claim.opponent.mention)
    names = [span.text for span in mentions if span] + [claim.place.name_text, claim.actor.name, claim.opponent.name]
    left_out = {word for name in names for word in fold_name(name).split()} | rules.words.common
    words = set(fold_name(claim.sentence.text).split())
    return frozenset(word for word in words if len(word) >= rules.words.shortest and word not in left_out)
