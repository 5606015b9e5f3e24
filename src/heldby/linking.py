"""Lineage of an archive: settles how its documents stand, and relates the claims about a place by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from heldby.archive_shelf import ArchiveShelf
from heldby.collecting import no_collection
from heldby.knowledge import read_knowledge
from heldby.records import Claim, Lineage, Origin, Spell, Ties, WeighedClaim
from heldby.records.ids import record_id
from heldby.relate import (
    DocumentSigner,
    LineageRules,
    Related,
    find_origins,
    relate,
    related_by,
    settle,
)
from heldby.store import Store, Waiting

SETTLE_BATCH = 2000
SETTLE_DAYS = timedelta(days=60)


@lru_cache(maxsize=1)
def lineage_rules() -> LineageRules:
    """Return the rules of lineage as the knowledge files give them, read once a process."""
    return LineageRules.from_tables(read_knowledge("lineage"), sources=read_knowledge("sources"))


@lru_cache(maxsize=1)
def lineage_version() -> str:
    """Return the version of the rules of lineage: what the knowledge files say."""
    return record_id("lineage", read_knowledge("lineage"), read_knowledge("sources"))


@no_collection()
def link_documents(store: Store) -> int:
    """Settle how the documents that wait for it stand; return how many stand otherwise than before.

    The places of their claims wait to be derived again. What comes out depends on the documents alone, not on the
    order or the grouping in which they came in.
    """
    changed = 0
    while True:
        with store.settling(version=lineage_version()) as rows:
            found = rows.waiting(limit=SETTLE_BATCH)
            if not found:
                return changed
            waiting = _first_days(found)
            shelf = ArchiveShelf(rows, signer=_signer(), likeness=lineage_rules().documents)
            shelf.load(one.moment[1] for one in waiting)
            changed_ids = settle(
                [one.moment for one in waiting],
                shelf=shelf,
                likeness=lineage_rules().documents,
                ties=rows.ties(),
                gone=[one.moment[1] for one in waiting if one.settled or shelf.open(one.moment[1]) is None],
            )
            shelf.write()
            rows.touch(changed_ids)
            changed += len(changed_ids)
        if len(waiting) == len(found) < SETTLE_BATCH:
            return changed


def _first_days(waiting: Sequence[Waiting]) -> list[Waiting]:
    """Return those that became known within some weeks of the first, so that few others are near to any of them."""
    return [one for one in waiting if one.moment[0] - waiting[0].moment[0] <= SETTLE_DAYS]


def relate_claims(store: Store, claims: Sequence[Claim], *, ties: Ties | None = None) -> Related:
    """Return who repeats whom among claims, by how the documents that they stand in are known to stand.

    `ties` take the place of what persons have said by now, to know how it would be without some of it.
    """
    origins = store.origins(claim.document_id for claim in claims)
    if ties is None:
        return relate(claims, origins=origins, rules=lineage_rules(), ties=store.ties())
    origins |= _other_origins(store, origins, ties)
    return relate(claims, origins=origins, rules=lineage_rules(), ties=ties)


def _other_origins(store: Store, origins: Mapping[str, Origin], ties: Ties) -> dict[str, Origin]:
    """Return how those documents would stand of which other ties speak than those that hold now."""
    now = store.ties()
    pairs = (now.merged ^ ties.merged) | (now.split ^ ties.split)
    tied = {id_ for pair in pairs for id_ in pair if id_ in origins}
    families = {origins[id_].original_id for id_ in tied} | tied
    near = [id_ for id_, origin in origins.items() if {id_, origin.original_id} & families]
    if not tied:
        return {}
    return dict(find_origins(store.find_documents(near).values(), rules=lineage_rules(), ties=ties))


def related_claims(store: Store, claims: Sequence[Claim], *, lineage: Sequence[Lineage]) -> Related:
    """Return the same as `relate_claims` from lineage that it has found among these claims and later ones."""
    origins = store.origins(claim.document_id for claim in claims)
    return related_by(claims, lineage=lineage, origins=origins, rules=lineage_rules(), ties=store.ties())


def add_echoes(spells: Iterable[Spell], related: Related) -> tuple[Spell, ...]:
    """Return spells with the claims of copies listed beside the claims that they repeat, without any weight."""
    echoes: dict[str, list[str]] = {}
    for claim_id in sorted(related.echoes):
        echoes.setdefault(related.statements[claim_id], []).append(claim_id)
    return tuple(
        replace(
            spell,
            claims_for=_with_echoes(spell.claims_for, related, echoes),
            claims_against=_with_echoes(spell.claims_against, related, echoes),
        )
        for spell in spells
    )


def without_echoes(spells: Iterable[Spell], related: Related) -> tuple[Spell, ...]:
    """Return spells without the claims of copies: they have no weight of their own."""
    return tuple(
        replace(
            spell,
            claims_for=tuple(one for one in spell.claims_for if one.claim_id not in related.echoes),
            claims_against=tuple(one for one in spell.claims_against if one.claim_id not in related.echoes),
        )
        for spell in spells
    )


def _with_echoes(
    weighed: Sequence[WeighedClaim], related: Related, echoes: Mapping[str, Sequence[str]]
) -> tuple[WeighedClaim, ...]:
    listed: list[WeighedClaim] = []
    seen: set[str] = set()
    for one in weighed:
        listed.append(one)
        statement = related.statements.get(one.claim_id, one.claim_id)
        reason = f"a copy says again what stands in {one.claim_id}, which counts for it"
        new = () if statement in seen else echoes.get(statement, ())
        listed += [WeighedClaim(claim_id=id_, voice=one.voice, weight=0.0, reason=reason) for id_ in new]
        seen.add(statement)
    return tuple(listed)


@lru_cache(maxsize=1)
def _signer() -> DocumentSigner:
    return DocumentSigner(lineage_rules())
