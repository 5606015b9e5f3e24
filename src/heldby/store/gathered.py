"""The claims about a place side by side, with how their documents stand, in the order in which they became known.

What is written depends on the claims alone: each row but the last holds the same number of them, so that later claims
change the last row only.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from heldby.records import Claim, Origin
from heldby.records.codec import from_json, to_json
from heldby.store import tables
from heldby.store.writing import add

IN_A_ROW = 32
# A row is written with each new report: little time for it is worth more than the last bytes.
COMPRESSION = 1


@dataclass(frozen=True, slots=True)
class GatheredClaim:
    """A claim with how its document stands, None where that has not been settled."""

    claim: Claim
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """Rows of a place's claims, by number, that are new or have changed, and how many rows there are."""

    rows: Mapping[int, bytes]
    count: int


@dataclass(frozen=True, slots=True)
class Remembered:
    """What must be known of the claims about a place that became known up to a moment, as it was stored."""

    found_to: datetime
    payload: bytes


def gather(
    claims: Sequence[Claim], *, origins: Mapping[str, Origin], since: int = 0, begun: bytes = b"[]"
) -> Gathered:
    """Return the rows of claims given in the order in which they became known, which come after the first `since` of
    their place; `begun` is the row, opened, that those have not filled."""
    rows: dict[int, bytes] = {}
    told = [GatheredClaim(claim, origins.get(claim.document_id)) for claim in claims]
    count, first, taken = since + len(claims), since // IN_A_ROW, since % IN_A_ROW
    for number in range(first, -(-count // IN_A_ROW) if told else first):
        start = number * IN_A_ROW - since
        row = to_json(told[max(start, 0) : start + IN_A_ROW])
        if number == first and taken:
            row = begun[:-1] + b"," + row[1:]
        rows[number] = zlib.compress(row, COMPRESSION)
    return Gathered(rows, -(-count // IN_A_ROW))


def in_row(number: int) -> tuple[int, int]:
    """Return the row of a place's claim by its number, and where it stands there."""
    return divmod(number, IN_A_ROW)


def put_gathered(connection: Connection, place_id: str, gathered: Gathered, *, anew: bool) -> None:
    """Store the rows of a place, `anew` where others may be there."""
    table = tables.GATHERED
    if anew:
        connection.execute(delete(table).where(table.c.place_id == place_id, table.c.number >= gathered.count))
    values = [{"place_id": place_id, "number": n, "payload": payload} for n, payload in gathered.rows.items()]
    add(connection, table, values=values, replace=True)


def find_gathered(connection: Connection, place_id: str, *, numbers: Sequence[int]) -> dict[int, bytes]:
    """Return rows of a place by number, opened."""
    table = tables.GATHERED
    query = select(table.c.number, table.c.payload).where(table.c.place_id == place_id, table.c.number.in_(numbers))
    return {row.number: zlib.decompress(row.payload) for row in connection.execute(query)}


def find_remembered(connection: Connection, place_id: str, *, version: str) -> Remembered | None:
    """Return what is remembered of a place, None where it does not hold with this version of what is derived."""
    done, table = tables.DERIVATIONS, tables.REMEMBERED
    query = select(done.c.found_to, table.c.payload).join(table, table.c.place_id == done.c.place_id)
    row = connection.execute(query.where(done.c.place_id == place_id, done.c.derived_with == version)).first()
    return Remembered(datetime.fromisoformat(row.found_to), row.payload) if row and row.found_to else None


def read_gathered(row: bytes) -> list[GatheredClaim]:
    """Return the claims of a row that has been opened."""
    return from_json(row, list[GatheredClaim])
