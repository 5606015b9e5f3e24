"""Writes of the archive, each inside a transaction that the store has begun.

Invariant: writing the same records again changes nothing; nothing but derived rows of a place is ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from heldby.records import (
    Capture,
    CapturedItem,
    Claim,
    Document,
    Failure,
    Reading,
)
from heldby.store import rows, tables
from heldby.store.correcting import correct_all

FAILED = "failed"
READ = "read"
# So many keys are asked for in one statement.
KEYS = 500
READING_STAGES = ("document", "language", "claims", "resolve", "store")


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


def batches(keys: Iterable[str]) -> Iterator[list[str]]:
    """Yield the keys given, each once, in lists that fit one statement."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), KEYS):
        yield ordered[start : start + KEYS]


def add_captures(connection: Connection, items: Sequence[CapturedItem]) -> int:
    """Store captured items; return how many of them are new."""
    known = _same_bytes(connection, items)
    places: dict[tuple[str, str, str], int] = {}
    for item in items:
        places[_origin(item)] = places.get(_origin(item), 0) + 1
    plain = [item for item in items if places[_origin(item)] == 1 and _origin(item) not in known]
    add(connection, tables.ORIGINALS, values=[rows.original_row(item) for item in plain])
    add(connection, tables.CAPTURES, values=[rows.capture_row(item.capture) for item in plain])
    fresh = {item.capture.id for item in plain}
    others = [item for item in items if item.capture.id not in fresh]
    return len(plain) + sum([add_capture(connection, item) for item in others])


def _origin(item: CapturedItem) -> tuple[str, str, str]:
    capture = item.capture
    return capture.sha256, rows.column_text(capture.origin), rows.column_text(capture.pointer)


def _same_bytes(connection: Connection, items: Sequence[CapturedItem]) -> set[tuple[str, str, str]]:
    """Return bytes, origin and pointer of what is stored with the bytes of these items."""
    table, known = tables.CAPTURES, set[tuple[str, str, str]]()
    for keys in batches(item.capture.sha256 for item in items):
        query = select(table.c.sha256, table.c.origin, table.c.pointer).where(table.c.sha256.in_(keys))
        known.update((row.sha256, row.origin, row.pointer) for row in connection.execute(query))
    return known


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
    left = select(func.coalesce(func.max(table.c.version), "")).where(table.c.capture_id == capture_id)
    captures = tables.CAPTURES
    connection.execute(update(captures).where(captures.c.id == capture_id).values(read_with=left.scalar_subquery()))


def mark_progress(connection: Connection, capture_ids: Iterable[str], *, stage: str, version: str) -> None:
    """Record that captures have been taken through a stage with one version of the rules.

    Marks of other versions are taken away: who goes back to earlier rules wants what they say, not what the later
    ones left.
    """
    table, captures = tables.PROGRESS, tables.CAPTURES
    for keys in batches(capture_ids):
        connection.execute(delete(table).where(table.c.capture_id.in_(keys), table.c.version != version))
        add(connection, table, values=[{"capture_id": id_, "stage": stage, "version": version} for id_ in keys])
        connection.execute(update(captures).where(captures.c.id.in_(keys)).values(read_with=version))


def add_readings(connection: Connection, readings: Sequence[Reading], *, version: str) -> None:
    """Store documents with all that was read in them; what an earlier reading of a capture made is superseded.

    Many readings are written table by table, which is many times faster than one by one; readings that concern one
    document or capture come one after the other, as if each had been given alone.
    """
    for group in _apart(connection, readings):
        _add_group(connection, group, version=version)


def _apart(connection: Connection, readings: Sequence[Reading]) -> Iterator[list[Reading]]:
    """Yield the readings in their order, in groups in which no two concern one document or capture."""
    captures = tables.CAPTURES
    follows: dict[str, str] = {}
    for keys in batches(reading.document.capture_id for reading in readings):
        query = select(captures.c.id, captures.c.superseded_by).where(captures.c.id.in_(keys))
        follows.update((row.id, row.superseded_by) for row in connection.execute(query))
    group: list[Reading] = []
    taken: set[str] = set()
    for reading in readings:
        capture_id = reading.document.capture_id
        keys_of = {reading.document.id, capture_id, follows.get(capture_id, "")} - {""}
        if taken & keys_of:
            yield group
            group, taken = [], set()
        group.append(reading)
        taken |= keys_of
    if group:
        yield group


def _add_group(connection: Connection, readings: Sequence[Reading], *, version: str) -> None:
    claims = [claim for reading in readings for claim in reading.claims]
    capture_ids = [reading.document.capture_id for reading in readings]
    touched, reread = _supersede(connection, readings, version=version)
    add(connection, tables.DOCUMENTS, values=[rows.document_row(reading) for reading in readings], replace=True)
    unsettle(connection, [reading.document for reading in readings])
    places = {c.place.place.id: c.place.place for c in claims if c.place.place is not None}
    add(connection, tables.PLACES, values=[rows.place_row(place) for place in places.values()], replace=True)
    add(connection, tables.PLACE_NAMES, values=[row for claim in claims for row in rows.place_name_rows(claim)])
    judged = [record_id for claim in claims for record_id in (claim.id, claim.document_id)]
    rejected = rejected_ids(connection, judged)
    claim_rows = _claim_rows(connection, claims, rejected=rejected)
    add(connection, tables.CLAIMS, values=claim_rows, replace=True)
    for keys in batches(claim.id for claim in claims):
        connection.execute(delete(tables.CLAIM_SOURCES).where(tables.CLAIM_SOURCES.c.claim_id.in_(keys)))
    add(connection, tables.CLAIM_SOURCES, values=[row for claim in claims for row in rows.claim_source_rows(claim)])
    quantities = [rows.quantity_row(quantity) for reading in readings for quantity in reading.quantities]
    add(connection, tables.QUANTITIES, values=quantities, replace=True)
    placed = {row["place_id"] for row in claim_rows}
    touch_places(connection, touched | (set(places) - placed), reread=reread)
    touch_places_since(connection, ((row["place_id"], row["known_at"]) for row in claim_rows))
    mark_progress(connection, capture_ids, stage=READ, version=version)
    wheres = [*capture_ids, *(reading.document.id for reading in readings)]
    for keys in batches(capture_ids):
        wheres += connection.scalars(select(tables.CAPTURES.c.origin).where(tables.CAPTURES.c.id.in_(keys)))
    settle_failures(connection, wheres, stages=READING_STAGES)


def _claim_rows(connection: Connection, claims: Sequence[Claim], *, rejected: set[str]) -> list[rows.Row]:
    """Return the rows of claims: their columns are of the claims as corrected, their payload is as they were read."""
    corrected = correct_all(connection, claims)
    return [
        rows.claim_row(c, rejected=c.id in rejected or c.document_id in rejected, read_as=read)
        for c, read in zip(corrected, claims, strict=True)
    ]


def _supersede(connection: Connection, readings: Sequence[Reading], *, version: str) -> tuple[set[str], set[str]]:
    """Mark what these readings take the place of; return the places of those claims, and those of them where the
    same capture was read with other rules."""
    captures, documents = tables.CAPTURES, tables.DOCUMENTS
    ids = [reading.document.capture_id for reading in readings]
    now_by = {id_: id_ for id_ in ids}
    for keys in batches(ids):
        query = select(captures.c.id, captures.c.superseded_by).where(captures.c.superseded_by.in_(keys))
        now_by.update((row.id, row.superseded_by) for row in connection.execute(query))
    old: dict[str, list[str]] = {}
    same: set[str] = set()
    for keys in batches(now_by):
        query = select(documents.c.id, documents.c.capture_id).where(documents.c.capture_id.in_(keys))
        for row in connection.execute(query):
            old.setdefault(now_by[row.capture_id], []).append(row.id)
            same |= {row.id} if now_by[row.capture_id] == row.capture_id else set()
    touched, reread = set[str](), set[str]()
    for reading in readings:
        old_ids = old.get(reading.document.capture_id, [])
        if old_ids:
            places = _supersede_documents(connection, old_ids, by=reading.document.id, version=version)
            touched |= places
            reread |= places if same & set(old_ids) else set()
    return touched, reread


def _supersede_documents(connection: Connection, old_ids: Sequence[str], *, by: str, version: str) -> set[str]:
    """Mark documents with their claims and quantities as superseded; return the places of those claims."""
    claims, documents = tables.CLAIMS, tables.DOCUMENTS
    live = claims.c.document_id.in_(old_ids) & (claims.c.superseded_by == "")
    touched = set(connection.scalars(select(claims.c.place_id).where(live).distinct()))
    for table in (claims, tables.QUANTITIES):
        connection.execute(
            update(table)
            .where(table.c.document_id.in_(old_ids), table.c.superseded_by == "")
            .values(superseded_by=func.substr(f"{by} {version}", 1, 64))
        )
    connection.execute(
        update(documents).where(documents.c.id.in_(old_ids), documents.c.superseded_by == "").values(superseded_by=by)
    )
    wait_again(connection, old_ids)
    return touched - {""}


def unsettle(connection: Connection, documents: Sequence[Document]) -> None:
    """Note documents whose lineage must be found (again)."""
    add(connection, tables.ORIGINS, values=[rows.waiting_row(document) for document in documents])
    wait_again(connection, [document.id for document in documents])


def wait_again(connection: Connection, document_ids: Iterable[str]) -> None:
    """Let documents that have been settled wait to be settled again."""
    for keys in batches(document_ids):
        table = tables.ORIGINS
        connection.execute(update(table).where(table.c.document_id.in_(keys)).values(version=""))


def touch_places(connection: Connection, place_ids: Iterable[str], *, reread: Iterable[str] = ()) -> None:
    """Note places whose spells must be derived again, and those of them that other rules have read again."""
    table = tables.DERIVATIONS
    again = set(reread)
    for keys in batches(place_ids):
        add(connection, table, values=[_waiting_place(id_) for id_ in keys])
        connection.execute(update(table).where(table.c.place_id.in_(keys)).values(version="", found_to=""))
    for keys in batches(again):
        connection.execute(update(table).where(table.c.place_id.in_(keys)).values(reread=True))


def touch_places_since(connection: Connection, known: Iterable[tuple[str, str]]) -> None:
    """Note places of claims that are new or stand otherwise, each with when one of them became known: what was found
    there among claims of before that time still holds. Claims without a place touch none."""
    table, since = tables.DERIVATIONS, dict[str, str]()
    for place_id, known_at in known:
        since[place_id] = min(known_at, since.get(place_id, known_at))
    since.pop("", None)
    for keys in batches(since):
        add(connection, table, values=[_waiting_place(id_) for id_ in keys])
        connection.execute(update(table).where(table.c.place_id.in_(keys)).values(version=""))
    for moment in sorted(set(since.values())):
        for keys in batches(id_ for id_, first in since.items() if first == moment):
            no_more = table.c.place_id.in_(keys) & (table.c.found_to >= moment)
            connection.execute(update(table).where(no_more).values(found_to=""))


def _waiting_place(place_id: str) -> rows.Row:
    return {"place_id": place_id, "version": "", "derived_with": "", "reread": False, "found_to": ""}


def add_failures(connection: Connection, failures: Sequence[Failure]) -> None:
    """Store failures; the first time that something failed so is kept."""
    table = tables.FAILURES
    add(connection, table, values=[rows.failure_row(failure) for failure in failures])
    for ids in batches(failure.id for failure in failures):
        connection.execute(update(table).where(table.c.id.in_(ids), table.c.settled).values(settled=False))


def settle_failures(connection: Connection, wheres: Sequence[str], *, stages: Sequence[str]) -> None:
    """Mark the failures of items that have now been worked on."""
    table = tables.FAILURES
    if connection.scalar(select(table.c.id).where(table.c.settled.is_(False)).limit(1)) is None:
        return
    for keys in batches(rows.column_text(where) for where in wheres):
        connection.execute(
            update(table)
            .where(table.c.where.in_(keys), table.c.stage.in_(stages), table.c.settled.is_(False))
            .values(settled=True)
        )


def rejected_ids(connection: Connection, record_ids: Sequence[str]) -> set[str]:
    """Return those of the records whose newest judgement rejects them."""
    table = tables.JUDGEMENTS
    standing = (table.c.superseded_by == "") & (table.c.decision == "reject")
    rejected: set[str] = set()
    for keys in batches(record_ids):
        rejected |= set(connection.scalars(select(table.c.record_id).where(standing, table.c.record_id.in_(keys))))
    return rejected
