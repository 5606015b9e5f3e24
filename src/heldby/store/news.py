"""What is new in an archive between two moments: claims, judgements, and what other rules replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from heldby.records import Correction, Judgement, Place, Spell
from heldby.records.codec import from_json
from heldby.store import tables
from heldby.store.judging import places_of_voices
from heldby.store.reading import claims_as_read
from heldby.store.rows import TYING, moment_text
from heldby.store.writing import batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The spells of a place that one version of the rules and weights had found, until another replaced them."""

    place_id: str
    replaced_at: datetime
    version: str
    replaced_by: str
    spells: tuple[Spell, ...]


def places_heard_of(connection: Connection, since: datetime, until: datetime) -> list[str]:
    """Return the ids of the places with claims, rejected ones too, that became known between two moments."""
    claims = tables.CLAIMS
    within = claims.c.known_at.between(moment_text(since), moment_text(until))
    query = select(claims.c.place_id).where(within, claims.c.superseded_by == "", claims.c.place_id != "")
    return sorted(connection.scalars(query.distinct()))


def places_judged(connection: Connection, since: datetime, until: datetime) -> list[str]:
    """Return the ids of the places of claims that were judged, or whose document or voice was, between two moments;
    of a corrected claim also the places that it was of before."""
    claims = tables.CLAIMS
    judgements = judgements_between(connection, since, until)
    tied = [id_ for one in judgements if one.decision in TYING for id_ in (one.record_id, one.value)]
    found: set[str] = set()
    for keys in batches([*tied, *(judgement.record_id for judgement in judgements)]):
        about = claims.c.id.in_(keys) | claims.c.document_id.in_(keys)
        found |= set(connection.scalars(select(claims.c.place_id).where(about).distinct()))
    voices = [id_ for id_ in tied if not _is_record(connection, id_)]
    found |= places_of_voices(connection, voices) if voices else set()
    corrected = [judgement.record_id for judgement in judgements if judgement.decision == "correct"]
    return sorted((found | _places_before(connection, corrected)) - {""})


def _is_record(connection: Connection, record_id: str) -> bool:
    about = ((table, table.c.id == record_id) for table in (tables.CLAIMS, tables.DOCUMENTS))
    return any(connection.scalar(select(table.c.id).where(same)) is not None for table, same in about)


def _places_before(connection: Connection, claim_ids: Iterable[str]) -> set[str]:
    """Return the places that claims are of as they were read, and by all their corrections."""
    ids = list(claim_ids)
    read = claims_as_read(connection, ids).values()
    found = {claim.place.place.id for claim in read if claim.place.place}
    made = (one for judgements in judgements_on(connection, ids).values() for one in judgements)
    corrections = (from_json(one.value, Correction) for one in made if one.decision == "correct")
    return found | {correction.place for correction in corrections if correction.place}


def find_places(connection: Connection, ids: Iterable[str], *, country: str = "") -> list[Place]:
    """Return places by id, in order of their names."""
    table, found = tables.PLACES, list[Place]()
    for keys in batches(ids):
        query = select(table.c.payload).where(table.c.id.in_(keys))
        if country:
            query = query.where(table.c.country == country.upper())
        found += [from_json(payload, Place) for payload in connection.scalars(query)]
    return sorted(found, key=lambda place: (place.name, place.id))


def judgements_on(connection: Connection, record_ids: Iterable[str]) -> dict[str, list[Judgement]]:
    """Return the judgements on each of the records that has any, oldest first."""
    table, found = tables.JUDGEMENTS, dict[str, list[Judgement]]()
    for keys in batches(record_ids):
        query = select(table.c.payload).where(table.c.record_id.in_(keys)).order_by(table.c.made_at, table.c.id)
        for payload in connection.scalars(query):
            judgement = from_json(payload, Judgement)
            found.setdefault(judgement.record_id, []).append(judgement)
    return found


def judgements_between(connection: Connection, since: datetime, until: datetime) -> list[Judgement]:
    """Return the judgements made between two moments, oldest first."""
    table = tables.JUDGEMENTS
    within = table.c.made_at.between(moment_text(since), moment_text(until))
    query = select(table.c.payload).where(within).order_by(table.c.made_at, table.c.id)
    return [from_json(payload, Judgement) for payload in connection.scalars(query)]


def revisions(connection: Connection, since: datetime, until: datetime, *, place_id: str = "") -> list[Revision]:
    """Return the spells that were replaced between two moments, oldest first."""
    table = tables.REVISIONS
    query = select(table).where(table.c.replaced_at.between(moment_text(since), moment_text(until)))
    if place_id:
        query = query.where(table.c.place_id == place_id)
    return [
        Revision(
            place_id=row.place_id,
            replaced_at=datetime.fromisoformat(row.replaced_at),
            version=row.version,
            replaced_by=row.replaced_by,
            spells=from_json(row.payload, tuple[Spell, ...]),
        )
        for row in connection.execute(query.order_by(table.c.replaced_at, table.c.place_id))
    ]
