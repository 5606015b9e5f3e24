"""Judgements, appended and never changed, with what follows from them at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select, update

from heldby.records import Claim, Judgement, Place
from heldby.records.codec import from_json
from heldby.store import rows, tables
from heldby.store.correcting import correct_all
from heldby.store.writing import add, rejected_ids, touch_places, wait_again

CORRECTED_COLUMNS = ("place_id", "relation", "modality", "when_earliest", "when_latest")


def add_judgement(connection: Connection, judgement: Judgement, *, place: Place | None = None) -> None:
    """Append a judgement; the one before it on the same record (or pair of records) is marked, never changed.

    `place` is the one that a correction names, where no claim has told of it yet.
    """
    table, claims = tables.JUDGEMENTS, tables.CLAIMS
    before = _same_question(judgement) & (table.c.superseded_by == "") & (table.c.id != judgement.id)
    connection.execute(update(table).where(before).values(superseded_by=judgement.id))
    add(connection, table, values=[rows.judgement_row(judgement)])
    tied = (judgement.value,) if judgement.decision in rows.TYING else ()
    ids = [judgement.record_id, *tied]
    wait_again(connection, ids)
    about = claims.c.id.in_(ids) | claims.c.document_id.in_(ids)
    found = connection.execute(select(claims.c.id, claims.c.document_id, claims.c.place_id).where(about)).all()
    rejected = rejected_ids(connection, [id_ for row in found for id_ in (row.id, row.document_id)])
    for row in found:
        is_rejected = row.id in rejected or row.document_id in rejected
        connection.execute(update(claims).where(claims.c.id == row.id).values(rejected=is_rejected))
    places = {row.place_id for row in found}
    if judgement.decision == "correct":
        places |= _correct_row(connection, judgement.record_id, place)
    if tied and not places:
        places = places_of_voices(connection, ids)
    touch_places(connection, places - {""})


def _same_question(judgement: Judgement) -> ColumnElement[bool]:
    """Return which judgements answer the question that this one answers."""
    table = tables.JUDGEMENTS
    ties = table.c.decision.in_(rows.TYING)
    one, other = judgement.record_id, judgement.value
    if judgement.decision == "correct":
        return (table.c.record_id == one) & (table.c.decision == "correct")
    if judgement.decision not in rows.TYING:
        return (table.c.record_id == one) & ~ties & (table.c.decision != "correct")
    straight = (table.c.record_id == one) & (table.c.other_id == other)
    turned = (table.c.record_id == other) & (table.c.other_id == one)
    return ties & (straight | turned)


def _correct_row(connection: Connection, claim_id: str, place: Place | None) -> set[str]:
    """Bring the columns of a claim's row to what it is corrected to; return the places that it speaks of by now."""
    if place is not None:
        add(connection, tables.PLACES, values=[rows.place_row(place)])
        add(connection, tables.PLACE_NAMES, values=[{"name": rows.name_key(place.name), "place_id": place.id}])
    table = tables.CLAIMS
    payload = connection.scalar(select(table.c.payload).where(table.c.id == claim_id))
    if payload is None:
        return set()
    read = from_json(payload, Claim)
    (corrected,) = correct_all(connection, [read])
    row = rows.claim_row(corrected, rejected=False, read_as=read)
    kept = {name: row[name] for name in CORRECTED_COLUMNS}
    connection.execute(update(table).where(table.c.id == claim_id).values(**kept))
    return {row["place_id"]}


def places_of_voices(connection: Connection, voices: Sequence[str]) -> set[str]:
    """Return the places where voices are heard: by their ids, or all places where a name may be any voice's."""
    claims, heard = tables.CLAIMS, tables.CLAIM_SOURCES
    query = select(claims.c.place_id).where(claims.c.superseded_by == "").distinct()
    if not any(":" in voice for voice in voices):
        speaks = select(heard.c.claim_id).where(heard.c.source_id.in_(voices))
        # The own word of an agency's or outlet's reports is its voice too, and in no chain.
        own = select(tables.ORIGINS.c.document_id).where(tables.ORIGINS.c.voice.in_(voices))
        query = query.where(claims.c.id.in_(speaks) | claims.c.document_id.in_(own))
    return set(connection.scalars(query))
