"""Reads of the archive; every list comes in an order that does not depend on the order of writing."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, case, func, select, tuple_

from heldby.records import (
    Capture,
    CapturedItem,
    Claim,
    Document,
    Episode,
    Failure,
    Judgement,
    Lineage,
    Mention,
    Place,
    Quantity,
    Reading,
    Source,
    Span,
    Spell,
)
from heldby.records.codec import from_json
from heldby.store import tables
from heldby.store.correcting import correct_all, has_corrections
from heldby.store.rows import moment_text, name_key

Record = TypeVar("Record")
# Begins to read.
Connect: TypeAlias = Callable[[], AbstractContextManager[Connection]]
PAGE = 500
KEYS = 500

RECORD_TABLES: dict[str, tuple[Any, type[Any]]] = {
    "claim": (tables.CLAIMS, Claim),
    "document": (tables.DOCUMENTS, Document),
    "capture": (tables.CAPTURES, Capture),
    "quantity": (tables.QUANTITIES, Quantity),
    "spell": (tables.SPELLS, Spell),
    "episode": (tables.EPISODES, Episode),
    "lineage": (tables.LINEAGE, Lineage),
    "judgement": (tables.JUDGEMENTS, Judgement),
    "failure": (tables.FAILURES, Failure),
    "place": (tables.PLACES, Place),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFilter:
    """Which claims to list; "" and None leave a field open.

    Superseded claims are never listed, rejected ones only with `rejected`. `known_from` and `known_by` are included,
    `known_after` is not.
    Claims come as persons have corrected them, unless `as_read` asks for them as they were read (the filter still
    goes by what they were corrected to).
    """

    place_id: str = ""
    document_id: str = ""
    relation: str = ""
    known_by: datetime | None = None
    known_from: datetime | None = None
    known_after: datetime | None = None
    rejected: bool = False
    as_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSource:
    """A voice with the claims that end with it, those that pass through it, and when the first and last of them
    became known (fixed-width text in UTC)."""

    source: Source
    claims: int
    carried: int
    first: str
    last: str


def pages(connect: Connect, query: Select[Any], *, order: tuple[ColumnElement[Any], ...]) -> Iterator[Any]:
    """Yield the rows of a query page by page, so that no transaction stays open while the reader works.

    The query's last columns must be those of `order`, which must name each row.
    """
    last: tuple[Any, ...] | None = None
    while True:
        page = query.order_by(*order).limit(PAGE)
        if last is not None:
            page = page.where(tuple_(*order) > tuple_(*last))
        with connect() as connection:
            found = connection.execute(page).all()
        yield from found
        if len(found) < PAGE:
            return
        last = tuple(found[-1])[-len(order) :]


def iter_claims(connect: Connect, wanted: ClaimFilter) -> Iterator[Claim]:
    """Yield claims in the order in which they became known."""
    table = tables.CLAIMS
    order = (table.c.known_at, table.c.document_id, table.c.position, table.c.id)
    query = select(table.c.payload, *order).where(table.c.superseded_by == "")
    if not wanted.rejected:
        query = query.where(table.c.rejected.is_(False))
    if wanted.known_from is not None:
        query = query.where(table.c.known_at >= moment_text(wanted.known_from))
    if wanted.known_after is not None:
        query = query.where(table.c.known_at > moment_text(wanted.known_after))
    if wanted.place_id:
        query = query.where(table.c.place_id == wanted.place_id)
    if wanted.document_id:
        query = query.where(table.c.document_id == wanted.document_id)
    if wanted.relation:
        query = query.where(table.c.relation == wanted.relation)
    if wanted.known_by is not None:
        query = query.where(table.c.known_at <= moment_text(wanted.known_by))
    with connect() as connection:
        corrected = not wanted.as_read and has_corrections(connection)
    rows = pages(connect, query, order=order)
    while page := list(islice(rows, PAGE)):
        claims = [from_json(row[0], Claim) for row in page]
        if corrected:
            with connect() as connection:
                claims = correct_all(connection, claims)
        yield from claims


def iter_documents(connect: Connect) -> Iterator[Document]:
    """Yield the documents that take part in answers, in the order in which they became known."""
    table = tables.DOCUMENTS
    order = (table.c.known_at, table.c.id)
    query = select(table.c.payload, *order).where(table.c.superseded_by == "")
    for row in pages(connect, query, order=order):
        yield from_json(row[0], Document)


def iter_failures(connect: Connect, *, settled: bool) -> Iterator[Failure]:
    """Yield failures, oldest first; with `settled` also those that a later run managed."""
    table = tables.FAILURES
    order = (table.c.failed_at, table.c.id)
    query = select(table.c.payload, *order)
    if not settled:
        query = query.where(table.c.settled.is_(False))
    for row in pages(connect, query, order=order):
        yield from_json(row[0], Failure)


def find_documents(connection: Connection, ids: Iterable[str]) -> dict[str, Document]:
    """Return the documents of the ids given, superseded ones too."""
    wanted, found = sorted(set(ids)), dict[str, Document]()
    for start in range(0, len(wanted), KEYS):
        keys = wanted[start : start + KEYS]
        rows = connection.execute(select(tables.DOCUMENTS.c.payload).where(tables.DOCUMENTS.c.id.in_(keys)))
        for (payload,) in rows:
            document = from_json(payload, Document)
            found[document.id] = document
    return found


def find_quantities(connection: Connection, document_ids: Iterable[str]) -> dict[str, tuple[Quantity, ...]]:
    """Return the quantities in force of the documents given, by document, in the order in which they stand."""
    table, wanted = tables.QUANTITIES, sorted(set(document_ids))
    found: dict[str, list[Quantity]] = {}
    for start in range(0, len(wanted), KEYS):
        live = table.c.document_id.in_(wanted[start : start + KEYS]) & (table.c.superseded_by == "")
        query = select(table.c.document_id, table.c.payload).where(live).order_by(table.c.position, table.c.id)
        for document_id, payload in connection.execute(query):
            found.setdefault(document_id, []).append(from_json(payload, Quantity))
    return {document_id: tuple(quantities) for document_id, quantities in found.items()}


def count_claims(connection: Connection, place_id: str, *, until: datetime) -> int:
    """Return how many claims about a place in force became known up to a moment."""
    table = tables.CLAIMS
    live = (table.c.superseded_by == "") & table.c.rejected.is_(False)
    known = (table.c.place_id == place_id) & (table.c.known_at <= moment_text(until))
    return int(connection.scalar(select(func.count()).select_from(table).where(known, live)) or 0)


def find_episodes(connection: Connection, ids: Iterable[str]) -> dict[str, Episode]:
    """Return episodes by id."""
    table, wanted, found = tables.EPISODES, sorted(set(ids)), dict[str, Episode]()
    for start in range(0, len(wanted), KEYS):
        payloads = connection.scalars(select(table.c.payload).where(table.c.id.in_(wanted[start : start + KEYS])))
        found |= {episode.id: episode for episode in (from_json(payload, Episode) for payload in payloads)}
    return found


def pending_captures(
    connection: Connection, *, version: str, limit: int, after: CapturedItem | None = None
) -> list[CapturedItem]:
    """Return captures that no run has taken to the end with this version of the rules, with their bytes, in the
    order of their capture, beginning behind one of them.

    They are asked for by the version with which they were last read, so that captures that are done cost nothing.
    """
    captures, originals = tables.CAPTURES, tables.ORIGINALS
    order = (captures.c.fetched_at, captures.c.id)
    last = (moment_text(after.capture.fetched_at), after.capture.id) if after else None
    waiting: list[tuple[str, str]] = []
    for earlier in _other_versions(connection, captures.c.read_with, version):
        query = select(*order).where(captures.c.superseded_by == "", captures.c.read_with == earlier)
        query = query.order_by(*order).limit(limit)
        if last is not None:
            query = query.where(tuple_(*order) > tuple_(*last))
        waiting += [(row.fetched_at, row.id) for row in connection.execute(query)]
    ids = [id_ for _, id_ in sorted(waiting)[:limit]]
    with_bytes = (
        select(captures.c.payload, originals.c.data)
        .join(originals, originals.c.sha256 == captures.c.sha256)
        .where(captures.c.id.in_(ids))
        .order_by(*order)
    )
    return [CapturedItem(from_json(r[0], Capture), zlib.decompress(r[1])) for r in connection.execute(with_bytes)]


def count_pending(connection: Connection, *, version: str) -> int:
    """Return how many captures wait to be read with this version of the rules."""
    captures = tables.CAPTURES
    query = select(func.count()).select_from(captures).where(captures.c.superseded_by == "")
    ranges = (captures.c.read_with < version, captures.c.read_with > version)
    return sum(int(connection.scalar(query.where(each)) or 0) for each in ranges)


def _other_versions(connection: Connection, column: ColumnElement[str], version: str) -> list[str]:
    """Return the values of an indexed column but one, by going from each to the next in the index."""
    found: list[str] = []
    live = tables.CAPTURES.c.superseded_by == ""
    value = connection.scalar(select(func.min(column)).where(live))
    while value is not None:
        found += [value] if value != version else []
        value = connection.scalar(select(func.min(column)).where(live, column > value))
    return found


def pending_places(connection: Connection, *, version: str) -> list[str]:
    """Return the ids of the places whose derivation has another version, sorted."""
    table = tables.DERIVATIONS
    ranges = (table.c.version < version, table.c.version > version)
    return sorted(id_ for each in ranges for id_ in connection.scalars(select(table.c.place_id).where(each)))


def find_record(connection: Connection, record_id: str) -> tuple[str, Any] | None:
    """Return the kind and the record of an id, a claim as it is corrected; None where there is none."""
    for kind, (table, record_type) in RECORD_TABLES.items():
        payload = connection.scalar(select(table.c.payload).where(table.c.id == record_id).limit(1))
        if payload is not None:
            record = from_json(payload, record_type)
            return kind, correct_all(connection, [record])[0] if kind == "claim" else record
    return None


def claims_as_read(connection: Connection, ids: Iterable[str]) -> dict[str, Claim]:
    """Return the claims in force of the ids given, rejected ones too, as they were read."""
    table, wanted, found = tables.CLAIMS, sorted(set(ids)), dict[str, Claim]()
    for start in range(0, len(wanted), KEYS):
        live = table.c.id.in_(wanted[start : start + KEYS]) & (table.c.superseded_by == "")
        claims = (from_json(payload, Claim) for payload in connection.scalars(select(table.c.payload).where(live)))
        found |= {claim.id: claim for claim in claims}
    return found


def find_reading(connection: Connection, document_id: str) -> Reading | None:
    """Return a document with its sentences, mentions, claims and quantities as last read, None where unknown."""
    table, claims, quantities = tables.DOCUMENTS, tables.CLAIMS, tables.QUANTITIES
    row = connection.execute(
        select(table.c.payload, table.c.sentences, table.c.mentions).where(table.c.id == document_id)
    ).first()
    if row is None:
        return None
    claim_rows = connection.scalars(
        select(claims.c.payload)
        .where(claims.c.document_id == document_id, claims.c.superseded_by == "")
        .order_by(claims.c.position, claims.c.id)
    )
    quantity_rows = connection.scalars(
        select(quantities.c.payload)
        .where(quantities.c.document_id == document_id, quantities.c.superseded_by == "")
        .order_by(quantities.c.position, quantities.c.id)
    )
    return Reading(
        document=from_json(row[0], Document),
        sentences=from_json(row[1], tuple[Span, ...]),
        mentions=from_json(row[2], tuple[Mention, ...]),
        claims=tuple(from_json(payload, Claim) for payload in claim_rows),
        quantities=tuple(from_json(payload, Quantity) for payload in quantity_rows),
    )


def list_places(
    connection: Connection, *, country: str = "", ids: Sequence[str] | None = None
) -> list[tuple[Place, int]]:
    """Return the places that have claims in force, with their number, by name and id; of one country, or among the
    ids given."""
    places, claims = tables.PLACES, tables.CLAIMS
    counted = (
        select(claims.c.place_id, func.count().label("number"))
        .where(claims.c.superseded_by == "", claims.c.rejected.is_(False), claims.c.place_id != "")
        .group_by(claims.c.place_id)
    )
    if ids is not None:
        counted = counted.where(claims.c.place_id.in_(ids))
    numbers = counted.subquery()
    query = select(places.c.payload, numbers.c.number).join(numbers, numbers.c.place_id == places.c.id)
    if country:
        query = query.where(places.c.country == country.upper())
    found = [(from_json(payload, Place), int(count)) for payload, count in connection.execute(query)]
    return sorted(found, key=lambda pair: (pair[0].name, pair[0].id))


def find_place_ids(connection: Connection, name: str) -> list[str]:
    """Return the ids of the places that go by a name in this archive, or have it as their id."""
    names = tables.PLACE_NAMES
    found = connection.scalars(select(names.c.place_id).where(names.c.name == name_key(name)))
    exact = connection.scalars(select(tables.PLACES.c.id).where(tables.PLACES.c.id == name))
    return sorted({*found, *exact})


def list_place_names(connection: Connection) -> list[tuple[str, str]]:
    """Return every name key with the id of its place."""
    names = tables.PLACE_NAMES
    return sorted((str(name), str(place_id)) for name, place_id in connection.execute(select(names)))


def list_sources(connection: Connection) -> list[SeenSource]:
    """Return each voice that claims in force end with or pass through, the most heard first."""
    voices, claims = tables.CLAIM_SOURCES, tables.CLAIMS
    who = (voices.c.source_id, voices.c.name, voices.c.kind, voices.c.side)
    query = (
        select(
            *who,
            func.count().label("heard"),
            func.sum(case((voices.c.position == -1, 1), else_=0)).label("spoken"),
            func.min(claims.c.known_at).label("first"),
            func.max(claims.c.known_at).label("last"),
        )
        .join(claims, claims.c.id == voices.c.claim_id)
        .where(claims.c.superseded_by == "", claims.c.rejected.is_(False))
        .group_by(*who)
    )
    heard: dict[str, list[Any]] = {}
    for row in connection.execute(query):
        heard.setdefault(row.source_id or f"name:{name_key(row.name)}", []).append(row)
    seen = [_seen_source(key, found) for key, found in heard.items()]
    return sorted(seen, key=lambda s: (-s.claims, -s.carried, s.source.id))


def _seen_source(key: str, found: list[Any]) -> SeenSource:
    """Join what was heard of one voice; it goes by the name under which it was heard first."""
    first = min(found, key=lambda row: (row.first, row.name, row.kind, row.side))
    spoken = sum(int(row.spoken) for row in found)
    return SeenSource(
        source=Source(id=key, name=first.name, kind=first.kind or "other", side=first.side),
        claims=spoken,
        carried=sum(int(row.heard) for row in found) - spoken,
        first=first.first,
        last=max(row.last for row in found),
    )
