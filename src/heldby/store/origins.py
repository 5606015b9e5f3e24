"""How documents stand: which are originals, which repeat which, and the keys under which texts that are alike meet.

Invariant: a look-up goes by the keys of one text, so that its cost does not grow with the archive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection, delete, func, select, tuple_, update

from heldby.records import Document, Lineage, Origin, Ties
from heldby.records.codec import from_json
from heldby.store import rows, tables
from heldby.store.writing import add, batches, touch_places

Moment: TypeAlias = tuple[datetime, str]
# The lineage of documents holds for every place.
EVERY_PLACE = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that waits to be settled, and whether it has been settled before (it has changed since)."""

    moment: Moment
    settled: bool


class OriginRows:
    """The rows of how documents stand, inside a transaction that the store has begun."""

    def __init__(self, connection: Connection, *, version: str) -> None:
        self._connection = connection
        self._version = version

    def waiting(self, *, limit: int) -> list[Waiting]:
        """Return the documents that wait, those known first before the others.

        Where anything was settled with other rules, everything waits again.
        """
        table = tables.ORIGINS
        other = (table.c.version > "") & (table.c.version != self._version)
        if self._connection.scalar(select(table.c.document_id).where(other).limit(1)) is not None:
            self._reset()
        query = (
            select(table.c.document_id, table.c.known_at, table.c.original_id)
            .where(table.c.version == "")
            .order_by(table.c.known_at, table.c.document_id)
            .limit(limit)
        )
        return [
            Waiting((datetime.fromisoformat(row.known_at), row.document_id), row.original_id != "")
            for row in self._connection.execute(query)
        ]

    def _reset(self) -> None:
        self._connection.execute(update(tables.ORIGINS).values(version="", original_id=""))
        self._connection.execute(delete(tables.BANDS))
        self._connection.execute(delete(tables.LINEAGE).where(tables.LINEAGE.c.place_id == EVERY_PLACE))

    def document(self, document_id: str) -> Document | None:
        """Return a document in force."""
        table = tables.DOCUMENTS
        query = select(table.c.payload).where(table.c.id == document_id, table.c.superseded_by == "")
        payload = self._connection.scalar(query)
        return None if payload is None else from_json(payload, Document)

    def standing(self, document_id: str) -> Origin | None:
        """Return how a document stands, None where it has not been settled."""
        return find_origins(self._connection, [document_id], with_links=True).get(document_id)

    def originals_near(self, keys: Collection[int], *, before: Moment, limit: int) -> list[str]:
        """Return the originals known before a moment that have keys in common, those with the most first."""
        bands, origins = tables.BANDS, tables.ORIGINS
        query = (
            select(bands.c.document_id)
            .join(origins, origins.c.document_id == bands.c.document_id)
            .where(
                bands.c.key.in_(list(keys)),
                bands.c.original.is_(True),
                tuple_(origins.c.known_at, origins.c.document_id) < _bound(before),
            )
            .group_by(bands.c.document_id, origins.c.known_at)
            .order_by(func.count().desc(), origins.c.known_at, bands.c.document_id)
            .limit(limit)
        )
        return list(self._connection.scalars(query))

    def later_near(self, keys: Collection[int], *, after: Moment) -> list[Moment]:
        """Return the documents known after a moment that have keys in common."""
        bands, origins = tables.BANDS, tables.ORIGINS
        query = (
            select(origins.c.known_at, origins.c.document_id)
            .join(bands, bands.c.document_id == origins.c.document_id)
            .where(bands.c.key.in_(list(keys)), tuple_(origins.c.known_at, origins.c.document_id) > _bound(after))
            .distinct()
        )
        return [(datetime.fromisoformat(known_at), id_) for known_at, id_ in self._connection.execute(query)]

    def copies_of(self, document_id: str) -> list[Moment]:
        """Return the documents whose original is this one."""
        table = tables.ORIGINS
        query = select(table.c.known_at, table.c.document_id).where(
            table.c.original_id == document_id, table.c.document_id != document_id
        )
        return [(datetime.fromisoformat(known_at), id_) for known_at, id_ in self._connection.execute(query)]

    def put(self, origin: Origin, keys: Collection[int]) -> None:
        """Note how a document stands."""
        self._clear(origin.text_id)
        add(self._connection, tables.ORIGINS, values=[rows.origin_row(origin, version=self._version)], replace=True)
        original = origin.original_id == origin.text_id
        bands = [{"key": key, "original": original, "document_id": origin.text_id} for key in keys]
        add(self._connection, tables.BANDS, values=bands)
        links = [rows.lineage_row(origin.link, place_id=EVERY_PLACE)] if origin.link else []
        add(self._connection, tables.LINEAGE, values=links, replace=True)

    def remove(self, document_id: str) -> None:
        """Take a document away."""
        self._clear(document_id)
        self._connection.execute(delete(tables.ORIGINS).where(tables.ORIGINS.c.document_id == document_id))

    def _clear(self, document_id: str) -> None:
        lineage = tables.LINEAGE
        self._connection.execute(delete(tables.BANDS).where(tables.BANDS.c.document_id == document_id))
        of_it = (lineage.c.place_id == EVERY_PLACE) & (lineage.c.later_id == document_id)
        self._connection.execute(delete(lineage).where(of_it))

    def touch(self, document_ids: Iterable[str]) -> None:
        """Let the places of the claims of these documents wait to be derived again."""
        claims = tables.CLAIMS
        place_ids: set[str] = set()
        for keys in batches(document_ids):
            live = claims.c.document_id.in_(keys) & (claims.c.superseded_by == "")
            place_ids |= set(self._connection.scalars(select(claims.c.place_id).where(live).distinct()))
        touch_places(self._connection, place_ids - {""})

    def ties(self) -> Ties:
        """Return what persons have said of pairs of records."""
        return find_ties(self._connection)


def _bound(moment: Moment) -> object:
    return tuple_(rows.moment_text(moment[0]), moment[1])


def find_origins(
    connection: Connection, document_ids: Iterable[str], *, with_links: bool = False
) -> dict[str, Origin]:
    """Return how documents stand, by id; those that have not been settled are left out."""
    table, lineage = tables.ORIGINS, tables.LINEAGE
    found: dict[str, Origin] = {}
    for keys in batches(document_ids):
        query = select(table).where(table.c.document_id.in_(keys), table.c.original_id != "")
        links: dict[str, Lineage] = {}
        if with_links:
            of_them = lineage.c.later_id.in_(keys) & (lineage.c.place_id == EVERY_PLACE)
            payloads = connection.scalars(select(lineage.c.payload).where(of_them))
            links = {link.later_id: link for link in (from_json(payload, Lineage) for payload in payloads)}
        for row in connection.execute(query):
            found[row.document_id] = Origin(
                text_id=row.document_id,
                known_at=datetime.fromisoformat(row.known_at),
                original_id=row.original_id,
                link=links.get(row.document_id),
                voice=row.voice,
                reason=row.reason,
            )
    return found


def find_ties(connection: Connection) -> Ties:
    """Return what persons have said of pairs of records, as the newest judgement on each pair has it."""
    table = tables.JUDGEMENTS
    query = select(table.c.record_id, table.c.other_id, table.c.decision).where(
        table.c.superseded_by == "", table.c.decision.in_(rows.TYING)
    )
    pairs: dict[str, set[tuple[str, str]]] = {decision: set() for decision in rows.TYING}
    for one, other, decision in connection.execute(query):
        pairs[decision].add((min(one, other), max(one, other)))
    return Ties(merged=frozenset(pairs["merge"]), split=frozenset(pairs["split"]))


def lineage_of(connection: Connection, record_id: str) -> list[Lineage]:
    """Return the lineage that a record has part in, by id."""
    table = tables.LINEAGE
    payloads = [
        *connection.scalars(select(table.c.payload).where(table.c.later_id == record_id)),
        *connection.scalars(select(table.c.payload).where(table.c.earlier_id == record_id)),
    ]
    found = {link.id: link for link in (from_json(payload, Lineage) for payload in payloads)}
    return [found[id_] for id_ in sorted(found)]


def knows_voice(connection: Connection, voice: str) -> bool:
    """Tell whether a voice is heard in any chain, or is any report's own."""
    heard, own = tables.CLAIM_SOURCES, tables.ORIGINS
    for query in (
        select(heard.c.claim_id).where(heard.c.source_id == voice),
        select(own.c.document_id).where(own.c.voice == voice),
    ):
        if connection.scalar(query.limit(1)) is not None:
            return True
    return False
