"""The documents of an archive as texts that may be copies of each other: what is near to those that are to be settled
is read at once, and what has changed is written at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from heldby.records import Origin
from heldby.relate import (
    NONE_MET,
    DocumentSigner,
    Likeness,
    Meeting,
    MemoryShelf,
    Moment,
    Shelved,
    Signed,
    Sketches,
    far_keys,
    microseconds,
)
from heldby.store import OriginRows, Standing, Stood

WORDS_BYTES, BAND_BYTES = 8, 4
LAST_MOMENT = (datetime.max.replace(tzinfo=UTC), "")
NO_TEXT = Signed(0, frozenset(), np.empty(0, dtype=np.uint32), empty=True)


class ArchiveShelf(MemoryShelf):
    """The shelf of one transaction; `write` notes what was put there."""

    def __init__(self, rows: OriginRows, *, signer: DocumentSigner, likeness: Likeness) -> None:
        super().__init__({})
        self._sketches = Sketches(likeness)
        self._rows = rows
        self._signer = signer
        self._likeness = likeness
        self._opened: dict[str, Shelved | None] = {}
        self._glanced: dict[str, Shelved | None] = {}
        # How documents stood in the archive, None for those that have not been settled.
        self._stored: dict[str, Stood | None] = {}
        self._changed: dict[str, Signed | None] = {}
        self._meetings: dict[str, Meeting] = {}

    def load(self, text_ids: Iterable[str]) -> None:
        """Read documents that are to be settled, and all that they may meet."""
        ids = [id_ for id_ in text_ids if id_ not in self._opened]
        documents = self._rows.documents(ids)
        texts = {id_: self._signer.shelve(document) for id_, document in documents.items()}
        self._opened.update((id_, texts.get(id_)) for id_ in ids)
        self._load_standings(ids)
        if not texts:
            return
        known = [text.known_at for text in texts.values()]
        days = timedelta(days=self._likeness.days)
        self._know(self._rows.between(min(known) - days, max(known) + days, copies_from=min(known)))
        keys = {key for text in texts.values() for key in self._keys(text.signed)}
        self._know(self._rows.sharing(keys))
        self._sketches.put([(id_, microseconds(text.known_at), text.signed) for id_, text in texts.items()])
        limit = self._likeness.candidates
        self._glance({near for id_ in texts for near in self.originals_near(id_, before=LAST_MOMENT, limit=limit)})

    def _load_standings(self, ids: Iterable[str]) -> None:
        """Read how documents stand, with their links."""
        wanted = [id_ for id_ in ids if id_ not in self._changed]
        for id_ in wanted:
            self._stored.setdefault(id_, None)
        found = self._rows.standings(wanted)
        self._stored.update((stood.text_id, stood) for stood in found)
        for stood in found:
            super().put(stood.origin(), NO_TEXT)
        self._put_sketches(found)

    def _know(self, found: Iterable[Stood]) -> None:
        new = [stood for stood in found if stood.text_id not in self._stored]
        self._stored.update((stood.text_id, stood) for stood in new)
        self._put_sketches(new)

    def _put_sketches(self, found: Sequence[Stood]) -> None:
        times = np.array([stood.known_at[:-1] for stood in found], dtype="datetime64[us]").astype(np.int64).tolist()
        size = WORDS_BYTES + BAND_BYTES * self._likeness.bands
        told = list(zip(found, times, strict=True))
        # Nearly all are whole: thousands of them are taken as one array.
        whole = [(stood, at) for stood, at in told if len(stood.sketch) == size]
        words, bands = _arrays([stood.sketch for stood, _ in whole], size=size)
        self._sketches.put_whole([s.text_id for s, _ in whole], [at for _, at in whole], words=words, bands=bands)
        self._sketches.put([(s.text_id, at, _signed(s.sketch)) for s, at in told if len(s.sketch) != size])
        self._sketches.stand_all(
            [stood.text_id for stood in found], original=[stood.original_id == stood.text_id for stood in found]
        )

    def originals_near(self, text_id: str, *, before: Moment, limit: int) -> list[str]:
        """Return the earlier originals with the most keys in common."""
        at = (microseconds(before[0]), before[1])
        return self._sketches.best_originals(self._meeting_of(text_id), before=at, limit=limit)

    def later_near(self, text_id: str, *, after: Moment) -> list[Moment]:
        """Return the later texts with keys in common."""
        later = self._sketches.later(self._meeting_of(text_id), after=(microseconds(after[0]), after[1]))
        return sorted(one.moment for one in map(self.standing, later) if one is not None)

    def _meeting_of(self, text_id: str) -> Meeting:
        """Return the texts that a text meets: all of them are at hand once it has been opened."""
        text = self._opened[text_id]
        if text is None:
            return NONE_MET
        if text_id not in self._meetings:
            self._meetings[text_id] = self._sketches.meeting(text.signed, at=microseconds(text.known_at))
        return self._meetings[text_id]

    def _keys(self, signed: Signed) -> tuple[int, ...]:
        if signed.empty:
            return ()
        return signed.words_key, *far_keys(signed.bands, count=self._likeness.far_bands).tolist()

    def _glance(self, text_ids: Iterable[str]) -> None:
        missing = [id_ for id_ in text_ids if id_ not in self._opened and id_ not in self._glanced]
        if missing:
            documents = self._rows.documents(missing)
            self._glanced.update((id_, None) for id_ in missing)
            self._glanced.update((id_, self._signer.glance(document)) for id_, document in documents.items())

    def open(self, text_id: str) -> Shelved | None:
        """Return a document in force, with all that it may meet at hand."""
        if text_id not in self._opened:
            self.load([text_id])
        return self._opened[text_id]

    def texts(self, text_ids: Iterable[str]) -> Mapping[str, Shelved]:
        """Return documents in force, to be compared with others."""
        ids = list(text_ids)
        self._glance(ids)
        found = {id_: self._opened.get(id_) or self._glanced.get(id_) for id_ in ids}
        return {id_: text for id_, text in found.items() if text is not None}

    def standing(self, text_id: str) -> Origin | None:
        """Return how a document stands."""
        known = super().standing(text_id)
        if known is not None or text_id in self._changed:
            return known
        stood = self._stored.get(text_id)
        if stood is not None:
            super().put(stood.origin(), NO_TEXT)
        elif text_id not in self._stored:
            self._load_standings([text_id])
        return super().standing(text_id)

    def copies_of(self, text_id: str) -> list[Moment]:
        """Return the documents whose original is this one."""
        if self._stored.get(text_id) is not None:
            copies = self._rows.copies_of(text_id)
            self._know(copies)
            for stood in copies:
                self.standing(stood.text_id)
        return super().copies_of(text_id)

    def put(self, standing: Origin, signed: Signed) -> None:
        """Note how a document stands."""
        super().put(standing, signed)
        self._sketches.stand(standing.text_id, original=standing.original_id == standing.text_id)
        self._changed[standing.text_id] = signed

    def remove(self, text_id: str) -> None:
        """Take a document away."""
        if self.standing(text_id) is not None:
            self._sketches.stand(text_id, original=None)
        super().remove(text_id)
        self._changed[text_id] = None

    def write(self) -> None:
        """Write what has changed."""
        put, cleared = [], []
        for id_, signed in self._changed.items():
            stood = self._stored.get(id_)
            if stood is not None:
                cleared.append(self._as_written(stood.origin(), _signed(stood.sketch)))
            standing = super().standing(id_)
            if signed is not None and standing is not None:
                put.append(self._as_written(standing, signed))
        self._rows.write(put, cleared=cleared)
        self._rows.drop(id_ for id_, signed in self._changed.items() if signed is None)

    def _as_written(self, origin: Origin, signed: Signed) -> Standing:
        return Standing(origin, _sketch(signed), self._keys(signed))


def _sketch(signed: Signed) -> bytes:
    if signed.empty:
        return b""
    return signed.words_key.to_bytes(WORDS_BYTES, "little", signed=True) + signed.bands.astype("<u4").tobytes()


def _arrays(sketches: Sequence[bytes], *, size: int) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Return the keys of the words, and the bands (one row each), of sketches of this many bytes."""
    rows = np.frombuffer(b"".join(sketches), dtype=np.uint8).reshape(-1, size)
    words = np.ascontiguousarray(rows[:, :WORDS_BYTES]).view("<i8").astype(np.int64, copy=False)
    bands = np.ascontiguousarray(rows[:, WORDS_BYTES:]).view("<u4").astype(np.uint32, copy=False)
    return words.ravel(), bands


def _signed(sketch: bytes) -> Signed:
    words_key = int.from_bytes(sketch[:WORDS_BYTES], "little", signed=True)
    bands = np.frombuffer(sketch, dtype="<u4", offset=min(len(sketch), WORDS_BYTES)).astype(np.uint32, copy=False)
    return Signed(words_key, frozenset(), bands, empty=not sketch)
