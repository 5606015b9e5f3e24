"""Writes of the archive, each inside a transaction that the store has begun.

Invariant: writing the same records again changes nothing; nothing but derived rows of a place is ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from heldby.records import Capture, CapturedItem, Claim, Episode, Failure, Judgement, Lineage, Reading, Spell
from heldby.store import rows, tables

FAILED = "failed"
READ = "read"
READING_STAGES = ("document", "language", "claims", "resolve", "store")


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What is derived for one place from its claims, with one version of rules and weights; it is replaced as a
    whole."""

    place_id: str
    version: str
    lineage: tuple[Lineage, ...]
    episodes: tuple[Episode, ...]
    spells: tuple[Spell, ...]


def add(connection: Connection, table: Table, *, values: Sequence[rows.Row], replace: bool = False) -> None:
    """Insert rows; one whose key is there already is left alone, or replaced where that is asked for."""
    if not values:
        return
    keys = [column.name for column in table.primary_key.columns]
    # One row a key: PostgreSQL refuses to touch the same row twice in one statement.
    unique = list({tuple(row[key] for key in keys): row for row in values}.values())
    insert: Any = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    statement = insert(table)
    if replace:
        changed = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, unique)


def add_capture(connection: Connection, item: CapturedItem) -> bool:
    """Store a captured item; True where it is new.

    The same bytes from the same origin with other hints take the place of the earlier capture; without any hint
    they say nothing new.
    """
    capture, table = item.capture, tables.CAPTURES
    same = connection.execute(
        select(table.c.id, table.c.superseded_by).where(
            table.c.sha256 == capture.sha256,
            table.c.origin == rows.column_text(capture.origin),
            table.c.pointer == rows.column_text(capture.pointer),
        )
    ).all()
    active = next((row.id for row in same if not row.superseded_by), None)
    if active is not None and (active == capture.id or not _says_anything(capture)):
        _forget_progress(connection, active, stage=FAILED)
        return False
    add(connection, tables.ORIGINALS, values=[rows.original_row(item)])
    add(connection, table, values=[rows.capture_row(capture)])
    connection.execute(update(table).where(table.c.id == capture.id).values(superseded_by=""))
    _forget_progress(connection, capture.id, stage=READ)
    others = [row.id for row in same if row.id != capture.id]
    if others:
        connection.execute(update(table).where(table.c.id.in_(others)).values(superseded_by=capture.id))
    return True


def _says_anything(capture: Capture) -> bool:
    hints = capture.hints
    return any((hints.outlet, hints.url, hints.published, hints.title, hints.item_id))


def _forget_progress(connection: Connection, capture_id: str, *, stage: str) -> None:
    table = tables.PROGRESS
    connection.execute(delete(table).where(table.c.capture_id == capture_id, table.c.stage == stage))


def mark_progress(connection: Connection, capture_ids: Iterable[str], *, stage: str, version: str) -> None:
    """Record that captures have been taken through a stage with one version of the rules.

    Marks of other versions are taken away: who goes back to earlier rules wants what they say, not what the later
    ones left.
    """
    values = [{"capture_id": id_, "stage": stage, "version": version} for id_ in capture_ids]
    table = tables.PROGRESS
    for value in values:
        of_others = (table.c.capture_id == value["capture_id"]) & (table.c.version != version)
        connection.execute(delete(table).where(of_others))
    add(connection, table, values=values)


def add_reading(connection: Connection, reading: Reading, *, version: str) -> None:
    """Store a document with all that was read in it; what an earlier reading of its capture made is superseded."""
    document = reading.document
    touched = _supersede(connection, reading, version=version)
    add(connection, tables.DOCUMENTS, values=[rows.document_row(reading)], replace=True)
    places = {c.place.place.id: c.place.place for c in reading.claims if c.place.place is not None}
    add(connection, tables.PLACES, values=[rows.place_row(place) for place in places.values()], replace=True)
    names = [row for claim in reading.claims for row in rows.place_name_rows(claim)]
    add(connection, tables.PLACE_NAMES, values=names)
    rejected = rejected_ids(connection, [document.id, *(claim.id for claim in reading.claims)])
    add(connection, tables.CLAIMS, values=_claim_rows(reading.claims, rejected=rejected), replace=True)
    ids = [claim.id for claim in reading.claims]
    connection.execute(delete(tables.CLAIM_SOURCES).where(tables.CLAIM_SOURCES.c.claim_id.in_(ids)))
    voices = [row for claim in reading.claims for row in rows.claim_source_rows(claim)]
    add(connection, tables.CLAIM_SOURCES, values=voices)
    add(connection, tables.QUANTITIES, values=[rows.quantity_row(q) for q in reading.quantities], replace=True)
    touch_places(connection, touched | set(places))
    mark_progress(connection, [document.capture_id], stage=READ, version=version)
    origins = select(tables.CAPTURES.c.origin).where(tables.CAPTURES.c.id == document.capture_id)
    settle_failures(
        connection, [document.capture_id, document.id, *connection.scalars(origins)], stages=READING_STAGES
    )


def _claim_rows(claims: Sequence[Claim], *, rejected: set[str]) -> list[rows.Row]:
    return [rows.claim_row(c, rejected=c.id in rejected or c.document_id in rejected) for c in claims]


def _supersede(connection: Connection, reading: Reading, *, version: str) -> set[str]:
    """Mark what this reading takes the place of, and return the places of those claims."""
    document, claims, documents = reading.document, tables.CLAIMS, tables.DOCUMENTS
    captures = tables.CAPTURES
    earlier_captures = select(captures.c.id).where(captures.c.superseded_by == document.capture_id)
    old = connection.scalars(
        select(documents.c.id).where(
            (documents.c.capture_id == document.capture_id) | documents.c.capture_id.in_(earlier_captures)
        )
    ).all()
    old_ids = [*old] if old else []
    live = (claims.c.document_id.in_(old_ids)) & (claims.c.superseded_by == "")
    touched = set(connection.scalars(select(claims.c.place_id).where(live).distinct()))
    for table in (claims, tables.QUANTITIES):
        connection.execute(
            update(table)
            .where(table.c.document_id.in_(old_ids), table.c.superseded_by == "")
            .values(superseded_by=func.substr(f"{document.id} {version}", 1, 64))
        )
    connection.execute(
        update(documents)
        .where(documents.c.id.in_(old_ids), documents.c.superseded_by == "")
        .values(superseded_by=document.id)
    )
    return touched - {""}


def touch_places(connection: Connection, place_ids: Iterable[str]) -> None:
    """Note places whose spells must be derived again."""
    values = [{"place_id": place_id, "version": ""} for place_id in sorted(place_ids)]
    add(connection, tables.DERIVATIONS, values=values, replace=True)


def replace_derived(connection: Connection, derived: Derived) -> None:
    """Put what was derived for a place in the place of what was derived for it before."""
    for table in (tables.LINEAGE, tables.EPISODES, tables.SPELLS):
        connection.execute(delete(table).where(table.c.place_id == derived.place_id))
    lineage = [rows.lineage_row(lineage, place_id=derived.place_id) for lineage in derived.lineage]
    add(connection, tables.LINEAGE, values=lineage)
    episodes = [rows.episode_row(episode, position=n) for n, episode in enumerate(derived.episodes)]
    add(connection, tables.EPISODES, values=episodes)
    spells = [rows.spell_row(spell, position=n) for n, spell in enumerate(derived.spells)]
    add(connection, tables.SPELLS, values=spells)
    done = {"place_id": derived.place_id, "version": derived.version}
    add(connection, tables.DERIVATIONS, values=[done], replace=True)


def add_failures(connection: Connection, failures: Sequence[Failure]) -> None:
    """Store failures; the first time that something failed so is kept."""
    table = tables.FAILURES
    add(connection, table, values=[rows.failure_row(failure) for failure in failures])
    ids = [failure.id for failure in failures]
    connection.execute(update(table).where(table.c.id.in_(ids), table.c.settled).values(settled=False))


def settle_failures(connection: Connection, wheres: Sequence[str], *, stages: Sequence[str]) -> None:
    """Mark the failures of items that have now been worked on."""
    table = tables.FAILURES
    keys = [rows.column_text(where) for where in wheres]
    connection.execute(
        update(table)
        .where(table.c.where.in_(keys), table.c.stage.in_(stages), table.c.settled.is_(False))
        .values(settled=True)
    )


def add_judgement(connection: Connection, judgement: Judgement) -> None:
    """Append a judgement; the one before it on the same record is marked, never changed."""
    table, claims = tables.JUDGEMENTS, tables.CLAIMS
    connection.execute(
        update(table)
        .where(table.c.record_id == judgement.record_id, table.c.superseded_by == "", table.c.id != judgement.id)
        .values(superseded_by=judgement.id)
    )
    add(connection, table, values=[rows.judgement_row(judgement)])
    about = (claims.c.id == judgement.record_id) | (claims.c.document_id == judgement.record_id)
    found = connection.execute(select(claims.c.id, claims.c.document_id, claims.c.place_id).where(about)).all()
    rejected = rejected_ids(connection, [id_ for row in found for id_ in (row.id, row.document_id)])
    for row in found:
        is_rejected = row.id in rejected or row.document_id in rejected
        connection.execute(update(claims).where(claims.c.id == row.id).values(rejected=is_rejected))
    touch_places(connection, {row.place_id for row in found} - {""})


def rejected_ids(connection: Connection, record_ids: Sequence[str]) -> set[str]:
    """Return those of the records whose newest judgement rejects them."""
    table = tables.JUDGEMENTS
    standing = (table.c.superseded_by == "") & (table.c.decision == "reject")
    return set(connection.scalars(select(table.c.record_id).where(standing, table.c.record_id.in_(record_ids))))
