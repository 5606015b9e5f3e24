"""What the track records of voices are learned from, and the records themselves, each inside a transaction that the
store has begun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, update

from heldby.records import TrackRecord
from heldby.records.codec import from_json, to_json
from heldby.store import tables, writing

# The row of an epoch that says with which version of the rules it was learned.
MARK = ""
# How the names of kinds of voices begin, and what comes after all of them.
KIND, AFTER_KIND = "kind:", "kind;"


@dataclass(frozen=True, slots=True)
class LearningRows:
    """The votes of an archive and the track records learned from them, read and written in one transaction."""

    _connection: Connection

    def put_votes(self, place_id: str, votes: Mapping[str, str], *, since: str = "") -> str:
        """Store a place's votes by month ("2016-12") in the place of those before; with `since`, of that month and
        later ones alone.

        Returns the first month that differs, "" for none.
        """
        table = tables.VOTES
        known = select(table.c.month, table.c.payload).where(table.c.place_id == place_id, table.c.month >= since)
        before = {row.month: row.payload for row in self._connection.execute(known)}
        changed = sorted(month for month in {*before, *votes} if before.get(month) != votes.get(month))
        gone = [month for month in changed if month not in votes]
        if gone:
            self._connection.execute(delete(table).where(table.c.place_id == place_id, table.c.month.in_(gone)))
        values = [
            {"place_id": place_id, "month": month, "payload": votes[month]} for month in changed if month in votes
        ]
        writing.add(self._connection, table, values=values, replace=True)
        return changed[0] if changed else ""

    def votes(self, *, before: str) -> list[tuple[str, str]]:
        """Return the votes of each place known before a month, with the place's id, in order."""
        table = tables.VOTES
        query = select(table.c.place_id, table.c.payload).where(table.c.month < before)
        return [
            (row.place_id, row.payload)
            for row in self._connection.execute(query.order_by(table.c.month, table.c.place_id))
        ]

    def first_and_last_month(self) -> tuple[str, str]:
        """Return the first and last month with votes, "" where there are none."""
        month = tables.VOTES.c.month
        # Asked for one by one, each is read from the end of the index.
        first, last = (self._connection.scalar(select(end(month))) for end in (func.min, func.max))
        return first or "", last or ""

    def newest_month(self) -> str:
        """Return the month in which the newest report became known, "" for an empty archive."""
        newest = self._connection.scalar(select(func.max(tables.DOCUMENTS.c.known_at)))
        return str(newest or "")[:7]

    def learned_epochs(self, *, version: str) -> set[str]:
        """Return the epochs that have been learned with a version of the rules; those of others are taken away."""
        table = tables.TRACK_RECORDS
        query = select(table.c.epoch, table.c.payload).where(table.c.epoch.in_(_epochs()), table.c.voice == MARK)
        marks = self._connection.execute(query).all()
        stale = [row.epoch for row in marks if row.payload != version]
        if stale:
            self._connection.execute(delete(table).where(table.c.epoch.in_(stale)))
        return {row.epoch for row in marks} - set(stale)

    def forget_after(self, month: str) -> None:
        """Take away the records of every epoch that rests on claims known in a month."""
        self._connection.execute(delete(tables.TRACK_RECORDS).where(tables.TRACK_RECORDS.c.epoch > month))

    def put_epoch(self, epoch: str, records: Sequence[TrackRecord], *, version: str) -> None:
        """Store the records of an epoch."""
        self._connection.execute(delete(tables.TRACK_RECORDS).where(tables.TRACK_RECORDS.c.epoch == epoch))
        values = [
            {"epoch": epoch, "voice": one.voice, "stance": one.stance, "payload": to_json(one).decode()}
            for one in records
        ]
        values.append({"epoch": epoch, "voice": MARK, "stance": MARK, "payload": version})
        writing.add(self._connection, tables.TRACK_RECORDS, values=values)

    def touch_newest_from(self, epoch: str) -> None:
        """Let the places wait for deriving of which the newest claim became known in an epoch or later."""
        claims = tables.CLAIMS
        live = (claims.c.superseded_by == "", claims.c.rejected.is_(False), claims.c.place_id != "")
        newest = select(claims.c.place_id).where(*live).group_by(claims.c.place_id)
        ids = newest.having(func.max(claims.c.known_at) >= epoch)
        table = tables.DERIVATIONS
        self._connection.execute(update(table).where(table.c.place_id.in_(ids)).values(version=""))


def _epochs() -> Select[Any]:
    """Return a query of the epochs that have any rows, which goes from each to the next in the index."""
    table = tables.TRACK_RECORDS
    epochs = select(func.min(table.c.epoch).label("epoch")).cte("epochs", recursive=True)
    following = select(func.min(table.c.epoch)).where(table.c.epoch > epochs.c.epoch).correlate(epochs)
    epochs = epochs.union_all(select(following.scalar_subquery()).where(epochs.c.epoch.is_not(None)))
    return select(epochs.c.epoch).where(epochs.c.epoch.is_not(None))


def records_at(connection: Connection, epoch: str, *, voices: Iterable[str] | None = None) -> list[TrackRecord]:
    """Return the records of an epoch, or of the last one before it that has any; of some voices, without those of
    kinds, where voices are given."""
    table, query = tables.TRACK_RECORDS, _records(epoch)
    if voices is None:
        return _read(connection, query)
    named = [voice for voice in voices if not voice.startswith(KIND)]
    return [one for some in writing.batches(named) for one in _read(connection, query.where(table.c.voice.in_(some)))]


def kinds_at(connection: Connection, epoch: str) -> list[TrackRecord]:
    """Return the records of all kinds of voices of an epoch, or of the last one before it that has any."""
    voice = tables.TRACK_RECORDS.c.voice
    return _read(connection, _records(epoch).where(voice >= KIND, voice < AFTER_KIND))


def _records(epoch: str) -> Select[Any]:
    table = tables.TRACK_RECORDS
    last = select(func.max(table.c.epoch)).where(table.c.epoch <= epoch).scalar_subquery()
    query = select(table.c.payload).where(table.c.epoch == last, table.c.voice != MARK)
    return query.order_by(table.c.voice, table.c.stance)


def _read(connection: Connection, query: Select[Any]) -> list[TrackRecord]:
    return [from_json(payload, TrackRecord) for payload in connection.scalars(query)]
