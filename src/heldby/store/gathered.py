"""The claims about a place side by side, with how their documents stand, in the order in which they became known.

What is written depends on the claims alone: each row but the last holds the same number of them, so that later claims
change the last row only.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from heldby.records import Claim, Origin
from heldby.records.codec import from_json, to_json
from heldby.store import tables
from heldby.store.writing import add

IN_A_ROW = 128
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


def gather(claims: Sequence[Claim], *, origins: Mapping[str, Origin], since: int) -> Gathered:
    """Return the rows of claims given in the order in which they became known; those before number `since` are
    gathered already."""
    rows: dict[int, bytes] = {}
    for number in range(since // IN_A_ROW, -(-len(claims) // IN_A_ROW)):
        some = claims[number * IN_A_ROW : (number + 1) * IN_A_ROW]
        told = [GatheredClaim(claim, origins.get(claim.document_id)) for claim in some]
        rows[number] = zlib.compress(to_json(told), COMPRESSION)
    return Gathered(rows, -(-len(claims) // IN_A_ROW))


def put_gathered(connection: Connection, place_id: str, gathered: Gathered) -> None:
    """Store the rows of a place."""
    table = tables.GATHERED
    connection.execute(delete(table).where(table.c.place_id == place_id, table.c.number >= gathered.count))
    values = [{"place_id": place_id, "number": n, "payload": payload} for n, payload in gathered.rows.items()]
    add(connection, table, values=values, replace=True)


def find_gathered(connection: Connection, place_id: str) -> list[GatheredClaim]:
    """Return the claims of a place in the order in which they became known, as they were gathered."""
    table = tables.GATHERED
    rows = connection.scalars(select(table.c.payload).where(table.c.place_id == place_id).order_by(table.c.number))
    return [one for row in rows.all() for one in from_json(zlib.decompress(row), list[GatheredClaim])]
