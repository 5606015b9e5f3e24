"""How documents stand: which are originals, which repeat which, and the keys under which texts that are alike meet.

Invariant: a look-up goes by the keys of some texts and the days around them, so that its cost does not grow with the
archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, bindparam, delete, literal, select, update

from heldby.records import Document, Lineage, Origin, Ties
from heldby.records.codec import from_json
from heldby.store import rows, tables
from heldby.store.writing import KEYS, add, batches, touch_places_since

Moment: TypeAlias = tuple[datetime, str]
# The lineage of documents holds for every place.
EVERY_PLACE = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that waits to be settled, and whether it has been settled before (it has changed since)."""

    moment: Moment
    settled: bool


@dataclass(frozen=True, slots=True)
class Stood:
    """How a document stands, as its row has it, with the sketch of its text, and the link to its original where that
    was asked for."""

    text_id: str
    known_at: str
    original_id: str
    voice: str
    reason: str
    sketch: bytes
    link: Lineage | None = None

    def origin(self) -> Origin:
        """Return it as a record."""
        return Origin(
            text_id=self.text_id,
            known_at=datetime.fromisoformat(self.known_at),
            original_id=self.original_id,
            link=self.link,
            voice=self.voice,
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document is to stand, with the sketch of its text and the keys under which others find it."""

    origin: Origin
    sketch: bytes
    keys: tuple[int, ...]


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
        # Two ranges, which the index answers; "other than" it does not.
        others = (table.c.version > self._version, (table.c.version > "") & (table.c.version < self._version))
        if any(self._connection.scalar(select(table.c.document_id).where(other).limit(1)) for other in others):
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

    def documents(self, document_ids: Iterable[str]) -> dict[str, Document]:
        """Return those of some documents that are in force."""
        table, found = tables.DOCUMENTS, dict[str, Document]()
        for keys in batches(document_ids):
            query = select(table.c.payload).where(table.c.id.in_(keys), table.c.superseded_by == "")
            for payload in self._connection.scalars(query):
                document = from_json(payload, Document)
                found[document.id] = document
        return found

    def standings(self, document_ids: Iterable[str]) -> list[Stood]:
        """Return how documents stand, with their links; those that have not been settled are left out."""
        found: list[Stood] = []
        for keys in batches(document_ids):
            links = _links(self._connection, keys)
            rows_of = self._stood(tables.ORIGINS.c.document_id.in_(keys))
            found += [replace(one, link=links.get(one.text_id)) for one in rows_of]
        return found

    def settled(self, document_ids: Sequence[str]) -> list[Stood]:
        """Return how documents stand, without their links; those that have not been settled are left out."""
        return self._stood(tables.ORIGINS.c.document_id.in_(document_ids), with_sketch=False)

    def between(self, first: datetime, last: datetime, *, copies_from: datetime) -> list[Stood]:
        """Return the settled documents that became known between two moments, both included, copies only from a third
        one on. Their links are left out."""
        table = tables.ORIGINS
        within = table.c.known_at.between(rows.moment_text(first), rows.moment_text(last))
        wanted = (table.c.original_id == table.c.document_id) | (table.c.known_at >= rows.moment_text(copies_from))
        return self._stood(within & wanted)

    def sharing(self, keys: Iterable[int]) -> list[Stood]:
        """Return the settled documents with any of these keys. Their links are left out."""
        ordered, ids, bands = sorted(set(keys)), set[str](), tables.BANDS
        for start in range(0, len(ordered), KEYS):
            query = select(bands.c.document_id).where(bands.c.key.in_(ordered[start : start + KEYS])).distinct()
            ids |= set(self._connection.scalars(query))
        table, found = tables.ORIGINS, list[Stood]()
        for some in batches(ids):
            found += self._stood(table.c.document_id.in_(some))
        return found

    def copies_of(self, document_id: str) -> list[Stood]:
        """Return the documents whose original is this one. Their links are left out."""
        table = tables.ORIGINS
        return self._stood((table.c.original_id == document_id) & (table.c.document_id != document_id))

    def _stood(self, which: ColumnElement[bool], *, with_sketch: bool = True) -> list[Stood]:
        table = tables.ORIGINS
        columns = (table.c.document_id, table.c.known_at, table.c.original_id, table.c.voice, table.c.reason)
        sketch = table.c.sketch if with_sketch else literal(b"")
        query = select(*columns, sketch).where(which, table.c.original_id != "")
        return [
            Stood(id_, known_at, original_id, voice, reason, sketch or b"")
            for id_, known_at, original_id, voice, reason, sketch in self._connection.execute(query).all()
        ]

    def write(self, put: Sequence[Standing], *, cleared: Sequence[Standing]) -> None:
        """Note how documents stand; `cleared` are those of them, and others, as they stood before."""
        connection, lineage, bands = self._connection, tables.LINEAGE, tables.BANDS
        if cleared:
            by_key = delete(bands).where(
                bands.c.key == bindparam("k"),
                bands.c.original == bindparam("o"),
                bands.c.document_id == bindparam("d"),
            )
            old = [{"k": row["key"], "o": row["original"], "d": row["document_id"]} for row in _band_rows(cleared)]
            if old:
                connection.execute(by_key, old)
        for ids in batches(each.origin.text_id for each in cleared):
            connection.execute(delete(lineage).where(lineage.c.place_id == EVERY_PLACE, lineage.c.later_id.in_(ids)))
        self.drop({each.origin.text_id for each in cleared} - {each.origin.text_id for each in put})
        origins = [rows.origin_row(each.origin, version=self._version, sketch=each.sketch) for each in put]
        add(connection, tables.ORIGINS, values=origins, replace=True)
        add(connection, bands, values=_band_rows(put))
        links = [rows.lineage_row(each.origin.link, place_id=EVERY_PLACE) for each in put if each.origin.link]
        add(connection, lineage, values=links, replace=True)

    def drop(self, document_ids: Iterable[str]) -> None:
        """Take away the rows of documents that take part no more."""
        table = tables.ORIGINS
        for ids in batches(document_ids):
            self._connection.execute(delete(table).where(table.c.document_id.in_(ids)))

    def touch(self, document_ids: Iterable[str]) -> None:
        """Let the places of the claims of these documents wait to be derived again."""
        claims, known = tables.CLAIMS, list[tuple[str, str]]()
        for keys in batches(document_ids):
            live = claims.c.document_id.in_(keys) & (claims.c.superseded_by == "")
            query = select(claims.c.place_id, claims.c.known_at).where(live).distinct()
            known += [(row.place_id, row.known_at) for row in self._connection.execute(query)]
        touch_places_since(self._connection, known)

    def ties(self) -> Ties:
        """Return what persons have said of pairs of records."""
        return find_ties(self._connection)


def _band_rows(standings: Iterable[Standing]) -> list[rows.Row]:
    """Return the rows of keys in the order of the keys, in which they are written fastest."""
    found = [
        {"key": key, "original": each.origin.original_id == each.origin.text_id, "document_id": each.origin.text_id}
        for each in standings
        for key in each.keys
    ]
    return sorted(found, key=lambda row: (row["key"], row["document_id"]))


def _links(connection: Connection, document_ids: Sequence[str]) -> dict[str, Lineage]:
    lineage = tables.LINEAGE
    of_them = lineage.c.later_id.in_(document_ids) & (lineage.c.place_id == EVERY_PLACE)
    payloads = connection.scalars(select(lineage.c.payload).where(of_them))
    return {link.later_id: link for link in (from_json(payload, Lineage) for payload in payloads)}


def find_origins(connection: Connection, document_ids: Iterable[str]) -> dict[str, Origin]:
    """Return how documents stand, by id, without their links; those that have not been settled are left out."""
    rows_of = OriginRows(connection, version="")
    return {one.text_id: one.origin() for keys in batches(document_ids) for one in rows_of.settled(keys)}


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
