"""What persons had decided by a moment: which claims were in force, as corrected, and which records were one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from heldby.records import Claim, Correction, Judgement, Place, Ties
from heldby.records.codec import from_json
from heldby.store import ClaimFilter, Store

TYING = ("merge", "split")
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)


def find_judged(store: Store, place: Place, *, since: datetime, until: datetime) -> list[Judgement]:
    """Return the judgements of that time that may have changed what is known of a place, oldest first: on claims
    about it, their documents, and on voices, which may be heard there."""
    judgements = store.judgements_between(since, until)
    if not judgements:
        return []
    about = {id_ for claim in _told(store, place) for id_ in (claim.id, claim.document_id)}
    return [judgement for judgement in judgements if _concerns(store, judgement, about)]


def _concerns(store: Store, judgement: Judgement, about: set[str]) -> bool:
    ends = {judgement.record_id, judgement.value} if judgement.decision in TYING else {judgement.record_id}
    return bool(ends & about) or (judgement.decision in TYING and store.find_record(judgement.record_id) is None)


def in_force(
    store: Store, place: Place, judged: Sequence[Judgement], *, moment: datetime, known_by: datetime | None
) -> list[Claim]:
    """Return the claims about a place that were in force at a moment, as they were corrected then, by the judgements
    made until then; those not among `judged` hold as they do now."""
    told = [claim for claim in _told(store, place) if known_by is None or claim.known_at <= known_by]
    ids = {judgement.record_id for judgement in judged}
    made = store.judgements_on(id_ for claim in told for id_ in (claim.id, claim.document_id))
    by_then = {
        id_: [one for one in found if one.made_at <= (moment if id_ in ids else END_OF_TIME)]
        for id_, found in made.items()
    }
    out = {id_ for id_, found in by_then.items() if _rejected(found)}
    corrections = {id_: found[-1] for id_, all_ in by_then.items() if (found := _corrections(all_))}
    heard = [claim for claim in told if claim.id not in out and claim.document_id not in out]
    corrected = store.correct(heard, corrections)
    return [claim for claim in corrected if claim.place.place is not None and claim.place.place.id == place.id]


def ties_at(store: Store, judged: Sequence[Judgement], *, moment: datetime) -> Ties | None:
    """Return which records persons had said to be one, or not one, by a moment; None where that is as it is now."""
    if not any(judgement.decision in TYING for judgement in judged):
        return None
    newest: dict[tuple[str, str], str] = {}
    for one in store.judgements_between(BEGINNING, moment):
        if one.decision in TYING:
            newest[min(one.record_id, one.value), max(one.record_id, one.value)] = one.decision
    return Ties(
        merged=frozenset(pair for pair, decision in newest.items() if decision == "merge"),
        split=frozenset(pair for pair, decision in newest.items() if decision == "split"),
    )


def _told(store: Store, place: Place) -> list[Claim]:
    """Return the claims that are about a place, or were by some correction or by their words, as they were read; in
    the order in which they became known."""
    told = {claim.id: claim for claim in store.claims(ClaimFilter(place_id=place.id, rejected=True, as_read=True))}
    corrections = _corrections(store.judgements_between(BEGINNING, END_OF_TIME))
    moved = {one.record_id for one in corrections if from_json(one.value, Correction).place}
    for claim in store.claims_as_read(moved - set(told)).values():
        places = {from_json(one.value, Correction).place for one in corrections if one.record_id == claim.id}
        places |= {claim.place.place.id} if claim.place.place else set()
        if place.id in places:
            told[claim.id] = claim
    return sorted(told.values(), key=lambda claim: (claim.known_at, claim.document_id, claim.trigger.start, claim.id))


def _corrections(judgements: Sequence[Judgement]) -> list[Judgement]:
    return [one for one in judgements if one.decision == "correct"]


def _rejected(judgements: Sequence[Judgement]) -> bool:
    made = [one for one in judgements if one.decision in {"accept", "reject"}]
    return bool(made) and made[-1].decision == "reject"
