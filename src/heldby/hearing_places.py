"""The claims about places and who repeats whom among them, of old claims as little as new ones ask for."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from heldby.collecting import no_collection
from heldby.linking import lineage_rules
from heldby.records import Claim, Origin, Ties
from heldby.records.codec import from_json, to_json
from heldby.relate import Past, PastEpisodes, Related, relate, relate_onward, remember
from heldby.store import ClaimFilter, GatheredClaim, Store, in_row, read_gathered

# Written with each new report: little time for it is worth more than the last bytes.
COMPRESSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered of a place: what was told, the episodes of it, the epoch of the track records with which the
    voices were weighed, and a hash of those records."""

    past: Past
    episodes: PastEpisodes
    epoch: str
    records: str

    def packed(self) -> bytes:
        """Return it as it is stored."""
        return zlib.compress(to_json(self), COMPRESSION)


class GatheredClaims:
    """The claims of a place that are gathered in rows, each of which is read when it is asked for."""

    def __init__(self, store: Store, place_id: str, *, count: int) -> None:
        self._store = store
        self._place_id = place_id
        self._count = count
        self._rows: dict[int, bytes] = {}
        self._read: dict[int, list[GatheredClaim]] = {}

    def __len__(self) -> int:
        return self._count

    def open(self, numbers: Iterable[int]) -> dict[int, tuple[Claim, Origin | None]]:
        """Return claims by number, each with how its document stands."""
        places = {number: in_row(number) for number in numbers}
        self._fetch({row for row, _ in places.values()})
        for row in {row for row, _ in places.values()} - self._read.keys():
            self._read[row] = read_gathered(self._rows[row])
        found = {number: self._read[row][at] for number, (row, at) in places.items()}
        return {number: (one.claim, one.origin) for number, one in found.items()}

    def claims(self) -> list[Claim]:
        """Return all claims, in the order in which they became known."""
        return [claim for claim, _ in self.open(range(self._count)).values()]

    def begun(self) -> bytes:
        """Return the row that is not full, opened."""
        row, at = in_row(self._count)
        if not at:
            return b"[]"
        self._fetch({row})
        return self._rows[row]

    def _fetch(self, rows: Iterable[int]) -> None:
        missing = sorted(row for row in rows if row not in self._rows)
        if missing:
            self._rows |= self._store.gathered(self._place_id, numbers=missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The claims about a place that are `new`, in the order in which they became known, how all are related, and how
    the documents of the new ones stand. `past` is what is to be remembered of all; `before` and `gathered` are what
    was remembered of those before the new ones and these claims themselves, None where all are taken as new."""

    new: Sequence[Claim]
    related: Related
    origins: Mapping[str, Origin]
    past: Past
    ties: Ties
    before: Memory | None = None
    gathered: GatheredClaims | None = None

    @property
    def since(self) -> int:
        """The number of the first new claim."""
        return len(self.past) - len(self.new)

    def claims(self) -> list[Claim]:
        """Return all claims about the place, in the order in which they became known."""
        return [*(self.gathered.claims() if self.gathered else ()), *self.new]

    def some(self, numbers: Iterable[int]) -> list[Claim]:
        """Return claims that are not new by their numbers, in the order of these."""
        if self.gathered is None:
            return []
        return [claim for claim, _ in self.gathered.open(numbers).values()]


class PlaceReader:
    """Reads the claims about places and who repeats whom among them; of a few places both are kept, for one who asks
    for them again before anything is written.

    Where all that is new at a place became known after what is remembered of it, with the same `version` of what is
    derived, only the new claims are related to the others: the result is that of relating all of them.
    """

    def __init__(self, store: Store, *, keep: int, version: str) -> None:
        self._store = store
        self._keep = keep
        self._version = version
        self._kept: dict[str, Heard] = {}
        self._ties: Ties | None = None

    @no_collection()
    def read(self, place_id: str) -> Heard:
        """Return the claims about a place, and how they are related."""
        if place_id in self._kept:
            return self._kept[place_id]
        found = self._onward(place_id) or self._anew(place_id)
        if len(self._kept) < self._keep:
            self._kept[place_id] = found
        return found

    def _said(self) -> Ties:
        """Return what persons have said to be one and two, which is asked for once."""
        if self._ties is None:
            self._ties = self._store.ties()
        return self._ties

    def _anew(self, place_id: str) -> Heard:
        store, ties = self._store, self._said()
        claims = sorted(store.claims(ClaimFilter(place_id=place_id)), key=lambda claim: (claim.known_at, claim.id))
        origins = store.origins(claim.document_id for claim in claims)
        related = relate(claims, origins=origins, rules=lineage_rules(), ties=ties)
        past = remember(claims, related, origins=origins)
        return Heard(new=claims, related=related, origins=origins, past=past, ties=ties)

    def _onward(self, place_id: str) -> Heard | None:
        store, ties = self._store, self._said()
        stored = store.remembered(place_id, version=self._version)
        if stored is None:
            return None
        before = from_json(zlib.decompress(stored.payload), Memory)
        if len(before.past) != store.count_claims(place_id, until=stored.found_to):
            return None
        new = list(store.claims(ClaimFilter(place_id=place_id, known_after=stored.found_to)))
        new.sort(key=lambda claim: (claim.known_at, claim.id))
        origins = store.origins(claim.document_id for claim in new)
        gathered = GatheredClaims(store, place_id, count=len(before.past))
        found = relate_onward(
            new, past=before.past, open_=gathered.open, origins=origins, rules=lineage_rules(), ties=ties
        )
        if found is None:
            return None
        related, past = found
        return Heard(
            new=new, related=related, origins=origins, past=past, ties=ties, before=before, gathered=gathered
        )
