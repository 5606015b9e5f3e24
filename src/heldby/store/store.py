"""The archive's store: one schema in SQLite or PostgreSQL, opened by path or URL."""

from __future__ import annotations

import base64
import json
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from heldby.records import (
    CapturedItem,
    Claim,
    Document,
    Episode,
    Failure,
    Judgement,
    Lineage,
    Origin,
    Place,
    Quantity,
    Reading,
    Spell,
    Ties,
    TrackRecord,
)
from heldby.records.codec import from_json
from heldby.store import correcting, judging, news, origins, reading, tables, writing
from heldby.store.connect import as_store_error, open_engine
from heldby.store.derived import Derived, replace_derived
from heldby.store.gathered import Remembered, find_gathered, find_remembered
from heldby.store.learning import LearningRows, kinds_at, records_at
from heldby.store.news import Revision
from heldby.store.origins import OriginRows
from heldby.store.reading import ClaimFilter, SeenSource


@dataclass(frozen=True, slots=True)
class Added:
    """How many captured items were new, and how many the archive knew already."""

    new: int
    known: int


def open_store(location: str) -> Store:
    """Open the archive at a path (SQLite) or URL (PostgreSQL), made where it does not exist, its schema up to date.

    Raises StoreError for what is no archive, has a newer schema, or cannot be reached.
    """
    engine, where = open_engine(location)
    return Store(engine, where, location=location)


class Store:
    """Reads and writes of one archive; each write is one transaction, and writing twice changes nothing.

    Every method raises StoreError, with a remedy, where the database fails.
    """

    def __init__(self, engine: Engine, where: str, *, location: str = "") -> None:
        self._engine = engine
        # With any password: for other processes of this run, never to be shown.
        self.location = location or where
        self._writer = engine.execution_options(heldby_writes=True)
        self._repeatable = engine.execution_options(heldby_writes=True, heldby_repeatable=True)
        self.where = where
        self._views = threading.local()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _write(self, *, repeatable: bool = False) -> Iterator[Connection]:
        """Begin a transaction. What is `repeatable`, another run would make again from what is stored: nobody waits
        for the disk, and a loss of power soon after may undo it."""
        with as_store_error(self.where), (self._repeatable if repeatable else self._writer).begin() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        viewed: Connection | None = getattr(self._views, "connection", None)
        if viewed is not None:
            with as_store_error(self.where):
                yield viewed
            return
        with as_store_error(self.where), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def view(self) -> Iterator[None]:
        """Let all that this thread reads inside the block be read in one transaction, of one moment: to begin one for
        each question takes as long as most answers. Nothing may be written inside."""
        if getattr(self._views, "connection", None) is not None:
            yield
            return
        with as_store_error(self.where), self._engine.connect() as connection:
            self._views.connection = connection
            try:
                yield
            finally:
                self._views.connection = None

    # -- writing -------------------------------------------------------------------------------------------------

    def add_captures(self, items: Sequence[CapturedItem]) -> Added:
        """Store captured items with their bytes; once this returns they survive any crash."""
        with self._write() as connection:
            new = writing.add_captures(connection, items)
        return Added(new, len(items) - new)

    def add_readings(self, readings: Sequence[Reading], *, version: str) -> None:
        """Store documents with what was read in them and mark their captures as read with these rules."""
        with self._write(repeatable=True) as connection:
            writing.add_readings(connection, readings, version=version)

    def add_failures(
        self, failures: Sequence[Failure], *, capture_ids: Iterable[str] = (), version: str = ""
    ) -> None:
        """Store failures; the captures named are not tried again with these rules until they are read in anew."""
        with self._write() as connection:
            writing.add_failures(connection, failures)
            writing.mark_progress(connection, capture_ids, stage=writing.FAILED, version=version)

    def settle_failures(self, wheres: Sequence[str], *, stages: Sequence[str]) -> None:
        """Mark the failures of these origins or ids in these stages as managed since."""
        with self._write() as connection:
            writing.settle_failures(connection, wheres, stages=stages)

    def replace_derived(self, derived: Sequence[Derived], *, now: datetime) -> None:
        """Put the lineage, episodes and spells of places in the place of those before, and mark what failed there
        earlier as managed; what another version of the rules or weights made is kept as a revision of `now`."""
        with self._write(repeatable=True) as connection:
            replace_derived(connection, derived, now=now)
            writing.settle_failures(connection, [each.place_id for each in derived], stages=["reconcile"])

    @contextmanager
    def settling(self, *, version: str) -> Iterator[OriginRows]:
        """Give the rows of how documents stand, in one transaction."""
        with self._write(repeatable=True) as connection:
            yield OriginRows(connection, version=version)

    @contextmanager
    def learning(self) -> Iterator[LearningRows]:
        """Begin a transaction in which votes are stored and track records learned."""
        with self._write(repeatable=True) as connection:
            yield LearningRows(connection)

    def track_records(self, epoch: str, *, voices: Iterable[str] | None = None) -> list[TrackRecord]:
        """Return the track records of an epoch ("2016-12") by voice and stance, or of the last one before it; where
        voices are given, those of these voices alone."""
        with self._read() as connection:
            return records_at(connection, epoch, voices=voices)

    def kind_records(self, epoch: str) -> list[TrackRecord]:
        """Return the track records of all kinds of voices of an epoch, or of the last one before it."""
        with self._read() as connection:
            return kinds_at(connection, epoch)

    def add_judgement(self, judgement: Judgement, *, place: Place | None = None) -> None:
        """Append a judgement; the places of its claims wait to be derived again. `place` is the one that a correction
        names."""
        with self._write() as connection:
            judging.add_judgement(connection, judgement, place=place)

    # -- what waits ----------------------------------------------------------------------------------------------

    def pending_captures(self, *, version: str, limit: int, after: CapturedItem | None = None) -> list[CapturedItem]:
        """Return captures, oldest first, that have not been taken to the end with these rules, and that come
        behind one of them where it is given."""
        with self._read() as connection:
            return reading.pending_captures(connection, version=version, limit=limit, after=after)

    def count_pending(self, *, version: str) -> int:
        """Return how many captures wait to be read with these rules."""
        with self._read() as connection:
            return reading.count_pending(connection, version=version)

    def pending_places(self, *, version: str) -> list[str]:
        """Return the ids of the places whose spells must be derived (again) with these rules and weights, sorted."""
        with self._read() as connection:
            return reading.pending_places(connection, version=version)

    def is_derived(self, place_id: str, *, version: str) -> bool:
        """Tell whether what is stored for a place follows from its present claims, these rules and weights."""
        with self._read() as connection:
            table = tables.DERIVATIONS
            query = select(table.c.version).where(table.c.place_id == place_id)
            return connection.scalar(query) == version

    # -- reading -------------------------------------------------------------------------------------------------

    def claims(self, wanted: ClaimFilter | None = None) -> Iterator[Claim]:
        """Yield claims in force in the order in which they became known."""
        with as_store_error(self.where):
            yield from reading.iter_claims(self._read, wanted or ClaimFilter())

    def documents(self) -> Iterator[Document]:
        """Yield documents in force in the order in which they became known."""
        with as_store_error(self.where):
            yield from reading.iter_documents(self._read)

    def failures(self, *, settled: bool = False) -> Iterator[Failure]:
        """Yield failures, oldest first."""
        with as_store_error(self.where):
            yield from reading.iter_failures(self._read, settled=settled)

    def find_documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """Return documents by id, superseded ones too; unknown ids are left out."""
        with self._read() as connection:
            return reading.find_documents(connection, ids)

    def find_record(self, record_id: str) -> tuple[str, Any] | None:
        """Return the kind and record of an id, None where the archive has none."""
        with self._read() as connection:
            return reading.find_record(connection, record_id)

    def find_reading(self, document_id: str) -> Reading | None:
        """Return a document with all that was read in it, None where it is unknown."""
        with self._read() as connection:
            return reading.find_reading(connection, document_id)

    def find_claims(self, ids: Sequence[str]) -> tuple[Claim, ...]:
        """Return claims in the order of their ids given, superseded ones too; unknown ids are left out."""
        with self._read() as connection:
            found = [reading.find_record(connection, id_) for id_ in ids]
        return tuple(record for kind, record in filter(None, found) if kind == "claim")

    def claims_as_read(self, ids: Iterable[str]) -> dict[str, Claim]:
        """Return claims in force by id, rejected ones too, without what persons have corrected in them."""
        with self._read() as connection:
            return reading.claims_as_read(connection, ids)

    def correct(self, claims: Sequence[Claim], judgements: Mapping[str, Judgement]) -> list[Claim]:
        """Return claims as these judgements, by the ids of claims, correct them, whatever holds now."""
        with self._read() as connection:
            made = correcting.with_places(connection, judgements)
        return [correcting.correct_claim(claim, made.get(claim.id)) for claim in claims]

    def quantities(self, document_ids: Iterable[str]) -> dict[str, tuple[Quantity, ...]]:
        """Return the quantities in force of documents, by document; those that count nothing are left out."""
        with self._read() as connection:
            return reading.find_quantities(connection, document_ids)

    def original(self, sha256: str) -> bytes | None:
        """Return captured bytes, None where the archive does not hold them."""
        with self._read() as connection:
            table = tables.ORIGINALS
            data = connection.scalar(select(table.c.data).where(table.c.sha256 == sha256))
        return None if data is None else zlib.decompress(data)

    def places(self, *, country: str = "", ids: Sequence[str] | None = None) -> list[tuple[Place, int]]:
        """Return the places with claims in force and their number, by name; of a country, or of the ids given."""
        with self._read() as connection:
            return reading.list_places(connection, country=country, ids=ids)

    def find_place_ids(self, name: str) -> list[str]:
        """Return the ids of the places that reports call by a name."""
        with self._read() as connection:
            return reading.find_place_ids(connection, name)

    def place_names(self) -> list[tuple[str, str]]:
        """Return every name under which a place can be looked up, with the place's id."""
        with self._read() as connection:
            return reading.list_place_names(connection)

    def sources(self) -> list[SeenSource]:
        """Return each voice heard, the most heard first."""
        with self._read() as connection:
            return reading.list_sources(connection)

    def spells(self, place_id: str) -> list[Spell]:
        """Return the spells last derived for a place, in order of time."""
        with self._read() as connection:
            table = tables.SPELLS
            query = select(table.c.payload).where(table.c.place_id == place_id).order_by(table.c.position)
            return [from_json(payload, Spell) for payload in connection.scalars(query)]

    def episodes(self, place_id: str) -> list[Episode]:
        """Return the episodes last derived for a place, in order of time."""
        with self._read() as connection:
            table = tables.EPISODES
            query = select(table.c.payload).where(table.c.place_id == place_id).order_by(table.c.position)
            return [from_json(payload, Episode) for payload in connection.scalars(query)]

    def remembered(self, place_id: str, *, version: str) -> Remembered | None:
        """Return what is remembered of the claims about a place, and up to when these became known, with this version
        of the rules and weights; None where it does not hold any more."""
        with self._read() as connection:
            return find_remembered(connection, place_id, version=version)

    def weighed(self, place_id: str) -> bytes | None:
        """Return the evidence about a place as it was weighed, None where there is none stored."""
        with self._read() as connection:
            table = tables.WEIGHED
            return connection.scalar(select(table.c.payload).where(table.c.place_id == place_id))

    def count_claims(self, place_id: str, *, until: datetime) -> int:
        """Return how many claims about a place in force became known up to a moment."""
        with self._read() as connection:
            return reading.count_claims(connection, place_id, until=until)

    def gathered(self, place_id: str, *, numbers: Sequence[int]) -> dict[int, bytes]:
        """Return rows of the claims about a place as they were gathered, by number and opened."""
        with self._read() as connection:
            return find_gathered(connection, place_id, numbers=numbers)

    def find_episodes(self, ids: Iterable[str]) -> dict[str, Episode]:
        """Return episodes by id; unknown ids are left out."""
        with self._read() as connection:
            return reading.find_episodes(connection, ids)

    def lineage(self, place_id: str) -> list[Lineage]:
        """Return which documents and claims of a place repeat which, by id."""
        with self._read() as connection:
            table = tables.LINEAGE
            payloads = connection.scalars(select(table.c.payload).where(table.c.place_id == place_id)).all()
            return sorted((from_json(payload, Lineage) for payload in payloads), key=lambda found: found.id)

    def origins(self, document_ids: Iterable[str]) -> dict[str, Origin]:
        """Return how documents stand, by id and without links; those not settled yet are left out."""
        with self._read() as connection:
            return origins.find_origins(connection, document_ids)

    def lineage_of(self, record_id: str) -> list[Lineage]:
        """Return the lineage that a document or claim has part in, by id."""
        with self._read() as connection:
            return origins.lineage_of(connection, record_id)

    def knows_voice(self, voice: str) -> bool:
        """Tell whether any claim or report comes from a voice of this id."""
        with self._read() as connection:
            return origins.knows_voice(connection, voice)

    def ties(self) -> Ties:
        """Return what persons have said of pairs of records."""
        with self._read() as connection:
            return origins.find_ties(connection)

    def judgements(self, record_id: str) -> list[Judgement]:
        """Return the judgements on a record, oldest first."""
        with self._read() as connection:
            table = tables.JUDGEMENTS
            query = select(table.c.payload).where((table.c.record_id == record_id) | (table.c.other_id == record_id))
            found = [from_json(payload, Judgement) for payload in connection.scalars(query)]
        return sorted(found, key=lambda judgement: (judgement.made_at, judgement.id))

    # -- what is new ---------------------------------------------------------------------------------------------

    def places_heard_of(self, since: datetime, until: datetime) -> list[str]:
        """Return the ids of the places with claims that became known from `since` to `until`, sorted."""
        with self._read() as connection:
            return news.places_heard_of(connection, since, until)

    def places_judged(self, since: datetime, until: datetime) -> list[str]:
        """Return the ids of the places with claims that were judged, or whose document was, from `since` to `until`,
        sorted."""
        with self._read() as connection:
            return news.places_judged(connection, since, until)

    def find_places(self, ids: Iterable[str], *, country: str = "") -> list[Place]:
        """Return places by id, with claims in force or without, by name; of one country where given."""
        with self._read() as connection:
            return news.find_places(connection, ids, country=country)

    def judgements_on(self, record_ids: Iterable[str]) -> dict[str, list[Judgement]]:
        """Return the judgements on each of many records that has any, oldest first."""
        with self._read() as connection:
            return news.judgements_on(connection, record_ids)

    def judgements_between(self, since: datetime, until: datetime) -> list[Judgement]:
        """Return the judgements made from `since` to `until`, oldest first."""
        with self._read() as connection:
            return news.judgements_between(connection, since, until)

    def revisions(self, since: datetime, until: datetime, *, place_id: str = "") -> list[Revision]:
        """Return what other rules or weights replaced between two moments, oldest first; of one place if given."""
        with self._read() as connection:
            return news.revisions(connection, since, until, place_id=place_id)

    def dump(self) -> Iterator[str]:
        """Yield every row as one line of JSON, table by table, sorted: equal archives give equal lines."""
        for table in sorted(tables.METADATA.tables.values(), key=lambda t: t.name):
            with self._read() as connection:
                found = [dict(row._mapping) for row in connection.execute(select(table))]
            lines = [json.dumps(row, sort_keys=True, default=_as_base64) for row in found]
            yield from (f"{table.name} {line}" for line in sorted(lines))


def _as_base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
