"""Who repeats whom around one record: what it repeats, who repeats it, and which voice it counts as and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from heldby.records import Claim, Document, Lineage, Origin
from heldby.relate import Related
from heldby.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageNode:
    """A document or claim at the other end of a link: where it stands, since when it is known, its headline or
    sentence, and the kind of the link with its score and reason."""

    record_id: str
    document_id: str
    outlet: str
    known_at: datetime | None
    words: str
    kind: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageGraph:
    """One record's place in the lineage: the voice that it counts as, with the reason ("" where it is known by no
    claim), what it repeats and what repeats it, the first known first."""

    record_id: str
    voice: str = ""
    reason: str = ""
    repeats: tuple[LineageNode, ...] = ()
    repeated_by: tuple[LineageNode, ...] = ()


def document_graph(store: Store, document: Document) -> LineageGraph:
    """Return a document's place: its original, or its copies."""
    links = store.lineage_of(document.id)
    others = {_other(link, document.id) for link in links}
    documents = store.find_documents(others)
    origin = store.origins([document.id]).get(document.id)
    return LineageGraph(
        record_id=document.id,
        voice=_own_voice(origin),
        reason=origin.reason if origin else "",
        repeats=_nodes(links, document.id, later=True, documents=documents),
        repeated_by=_nodes(links, document.id, later=False, documents=documents),
    )


def claim_graphs(
    store: Store, claims: Sequence[Claim], *, around: Iterable[Claim], related: Related
) -> tuple[LineageGraph, ...]:
    """Return the places of claims in the lineage that was found among the claims around them."""
    wanted = {claim.id for claim in claims}
    links = [link for link in related.lineage if {link.earlier_id, link.later_id} & wanted]
    ends = {id_ for link in links for id_ in (link.earlier_id, link.later_id)}
    by_id = {claim.id: claim for claim in around if claim.id in ends}
    documents = store.find_documents({claim.document_id for claim in by_id.values()})
    return tuple(
        LineageGraph(
            record_id=claim.id,
            voice=related.voices.get(claim.id, ""),
            reason=related.reasons.get(claim.id, ""),
            repeats=_nodes(links, claim.id, later=True, documents=documents, claims=by_id),
            repeated_by=_nodes(links, claim.id, later=False, documents=documents, claims=by_id),
        )
        for claim in claims
    )


def _own_voice(origin: Origin | None) -> str:
    if origin is None:
        return ""
    return origin.voice or f"report:{origin.original_id}"


def _other(link: Lineage, record_id: str) -> str:
    return link.earlier_id if link.later_id == record_id else link.later_id


def _nodes(
    links: Iterable[Lineage],
    record_id: str,
    *,
    later: bool,
    documents: Mapping[str, Document],
    claims: Mapping[str, Claim] | None = None,
) -> tuple[LineageNode, ...]:
    """Return the other ends of the links of which a record is the later (or the earlier) end."""
    of_it = [link for link in links if (link.later_id if later else link.earlier_id) == record_id]
    found = [_node(link, _other(link, record_id), documents=documents, claims=claims or {}) for link in of_it]
    return tuple(sorted(found, key=lambda node: (str(node.known_at), node.record_id, node.kind)))


def _node(
    link: Lineage, record_id: str, *, documents: Mapping[str, Document], claims: Mapping[str, Claim]
) -> LineageNode:
    claim = claims.get(record_id)
    document = documents.get(claim.document_id if claim else record_id)
    words = claim.sentence.text if claim else document.title or document.text[:200] if document else ""
    return LineageNode(
        record_id=record_id,
        document_id=document.id if document else "",
        outlet=document.outlet if document else "",
        known_at=document.known_at if document else None,
        words=words,
        kind=link.kind,
        score=link.score,
        reason=link.reason,
    )
