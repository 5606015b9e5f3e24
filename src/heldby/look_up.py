"""Find in an archive what a person names: a record by its id, a place by one of its names."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from heldby.errors import ResolveError
from heldby.lineage_view import LineageGraph
from heldby.records import Candidate, Capture, Claim, Document, Judgement, Place, Quantity, Span
from heldby.store import ClaimFilter, Store, name_key

CONTEXT_CHARACTERS = 240
NEAR_NAMES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRecord:
    """A record and the way back to the bytes that it rests on.

    `kind` names the record ("claim", "document", "capture", "quantity", "spell", "episode", "lineage", "judgement",
    "failure"). For a claim or a quantity `sentence` is its sentence and `before`/`after` the text around it;
    `source_start`/`source_end` are the sentence's offsets in the captured text (-1 where it was not found there).
    `claims` are those of a document, spell or episode; `judgements` those on this record, newest last; `lineage` says
    of a claim, a document or the claims of a spell which voice they count as, and who repeats whom.
    """

    kind: str
    record: Any
    document: Document | None = None
    capture: Capture | None = None
    sentence: Span | None = None
    before: str = ""
    after: str = ""
    source_start: int = -1
    source_end: int = -1
    claims: tuple[Claim, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    lineage: tuple[LineageGraph, ...] = ()


def find_record(store: Store, record_id: str) -> tuple[str, Any]:
    """Return the kind and the record of an id; raises ResolveError where the archive has none."""
    found = store.find_record(record_id)
    if found is None:
        raise ResolveError("The archive has no record of this id.", where=record_id, remedy="Copy the id in full.")
    return found


def show_record(store: Store, record_id: str) -> ShownRecord:
    """Return a record with the way back to its bytes; raises ResolveError where the archive has none of that id."""
    kind, record = find_record(store, record_id)
    judgements = tuple(store.judgements(record_id))
    if kind in {"claim", "quantity"}:
        return _show_sentence(store, kind, record, judgements)
    if kind == "document":
        claims = tuple(store.claims(ClaimFilter(document_id=record.id)))
        capture = _capture(store, record.capture_id)
        return ShownRecord(
            kind=kind, record=record, document=record, capture=capture, claims=claims, judgements=judgements
        )
    claim_ids = _claim_ids(kind, record)
    capture = record if kind == "capture" else None
    claims = store.find_claims(claim_ids)
    return ShownRecord(kind=kind, record=record, capture=capture, claims=claims, judgements=judgements)


def _claim_ids(kind: str, record: Any) -> tuple[str, ...]:
    if kind == "spell":
        return tuple(weighed.claim_id for weighed in (*record.claims_for, *record.claims_against))
    if kind == "episode":
        return tuple(record.claim_ids)
    return (record.earlier_id, record.later_id) if kind == "lineage" else ()


def _show_sentence(
    store: Store, kind: str, record: Claim | Quantity, judgements: tuple[Judgement, ...]
) -> ShownRecord:
    document = store.find_documents([record.document_id]).get(record.document_id)
    if document is None:
        return ShownRecord(kind=kind, record=record, sentence=record.sentence, judgements=judgements)
    sentence, text = record.sentence, document.text
    source_start, source_end = _source_offsets(document, sentence)
    return ShownRecord(
        kind=kind,
        record=record,
        document=document,
        capture=_capture(store, document.capture_id),
        sentence=sentence,
        before=text[max(0, sentence.start - CONTEXT_CHARACTERS) : sentence.start],
        after=text[sentence.end : sentence.end + CONTEXT_CHARACTERS],
        source_start=source_start,
        source_end=source_end,
        judgements=judgements,
    )


def _source_offsets(document: Document, sentence: Span) -> tuple[int, int]:
    """Return where a sentence stands in the captured text: exactly where its block is there word for word, else the
    bounds of the block, -1 where the block was not found there."""
    for block in document.blocks:
        if not sentence.inside(block.start, block.end) or block.source_start < 0:
            continue
        if block.source_end - block.source_start != block.end - block.start:
            return block.source_start, block.source_end
        shift = block.source_start - block.start
        return sentence.start + shift, sentence.end + shift
    return -1, -1


def _capture(store: Store, capture_id: str) -> Capture | None:
    found = store.find_record(capture_id)
    return found[1] if found and isinstance(found[1], Capture) else None


def find_place(
    store: Store, name: str, *, aliases: Callable[[str], Sequence[Place]]
) -> tuple[Place, tuple[Candidate, ...]]:
    """Return the place that a name means here, and the other places that it might mean.

    Of several places of the name the one with the most claims is meant. `aliases` (a gazetteer) is asked only where
    no report uses the name. Raises ResolveError, listing near names, where no claim tells of a place of that name.
    """
    named = store.places(ids=store.find_place_ids(name))
    if not named:
        named = store.places(ids=[place.id for place in aliases(name)])
    named.sort(key=lambda found: (-found[1], found[0].id))
    if not named:
        near = _near_names(store, name, {place.id: place.name for place, _ in store.places()})
        remedy = f"Near names: {', '.join(near)}." if near else "List what is told with `heldby claims`."
        raise ResolveError("No claim tells of a place of this name.", where=name, remedy=remedy)
    others = tuple(
        Candidate(
            place_id=place.id,
            label=", ".join((place.name, *place.admin, place.country)),
            score=float(number),
            reason=f"{number} claims tell of it.",
        )
        for place, number in named[1:]
    )
    return named[0][0], others


def _near_names(store: Store, name: str, names: dict[str, str]) -> list[str]:
    by_key: dict[str, list[str]] = {}
    for key, place_id in store.place_names():
        if place_id in names:
            by_key.setdefault(key, []).append(names[place_id])
    near = difflib.get_close_matches(name_key(name), sorted(by_key), n=NEAR_NAMES, cutoff=0.6)
    return list(dict.fromkeys(place_name for key in near for place_name in by_key[key]))
