"""Sides that a sentence names together and that act each on its own: a claim for each of them.

Two air forces that struck a town each struck it, and of two sides at war with one another each holds, besieges or
shells for itself. Sides that fight on one side share one claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from heldby.records import Claim, Party, Reading
from heldby.records.ids import record_id
from heldby.resolve.actors import ActorBook
from heldby.resolve.side_phrases import split_joint


def tell_apart(reading: Reading, *, book: ActorBook) -> Reading:
    """Return the reading with a claim for each side where the sides named together act each on its own."""
    told = {_fact(claim) for claim in reading.claims}
    return replace(reading, claims=tuple(one for claim in reading.claims for one in _each(claim, told, book=book)))


def _each(claim: Claim, told: set[tuple[object, ...]], *, book: ActorBook) -> Iterator[Claim]:
    if not _act_apart(claim, book=book):
        yield claim
        return
    for number, actor_id in enumerate(claim.actor.actor_ids):
        party = _one_of(claim.actor, actor_id, book=book)
        one = replace(claim, id=claim.id if number == 0 else record_id("clm", claim.id, actor_id), actor=party)
        if _fact(one) not in told:
            told.add(_fact(one))
            yield one


def _fact(claim: Claim) -> tuple[object, ...]:
    return (claim.relation, claim.trigger.start, claim.place.mention.start, claim.actor.actor_ids)


def _act_apart(claim: Claim, *, book: ActorBook) -> bool:
    ids, mention = claim.actor.actor_ids, claim.actor.mention
    if len(ids) < 2 or mention is None:
        return False
    if claim.relation in book.words.each_alone:
        return True
    fought = {id_: book.enemies(id_) for id_ in ids}
    foes = any(two in fought[one] for one, two in combinations(ids, 2))
    return foes and claim.relation in book.words.foes_alone and len(split_joint(mention.text, book=book)) > 1


def _one_of(party: Party, actor_id: str, *, book: ActorBook) -> Party:
    name = book.name(actor_id)
    return replace(party, actor_ids=(actor_id,), name=name, reason=f"{party.reason} Each side acts on its own.")
