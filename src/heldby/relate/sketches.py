"""The keys of many texts at once, so that those that one text may repeat are found among them.

Texts that became known within some days of one another meet where they have any band in common; others where they
have a far key in common, or the same words. So a text meets few of a long time, and the cost of a look-up does not
grow with the archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from heldby.relate.rules import Likeness
from heldby.relate.shingles import Bands, Signed, far_keys

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# So many texts are compared with all others at once.
BLOCK = 64
# A text that is met, and how many keys the two have in common.
Met: TypeAlias = tuple[str, int]
# The same of many texts: their rows, and the numbers.
Meeting: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]


class Sketches:
    """Texts by row, in the order in which they were put in; a row can be turned off."""

    def __init__(self, likeness: Likeness) -> None:
        self._likeness = likeness
        self._days = timedelta(days=likeness.days) // MICROSECOND
        self._rows: dict[str, int] = {}
        self._ids: list[str] = []
        self._times = np.empty(0, dtype=np.int64)
        self._words = np.empty(0, dtype=np.int64)
        self._has_words = np.empty(0, dtype=bool)
        self._has_bands = np.empty(0, dtype=bool)
        self._bands: Bands = np.empty((0, likeness.bands), dtype=np.uint32)
        self._far = np.empty((0, likeness.far_bands), dtype=np.int64)
        self._stands = np.empty(0, dtype=bool)
        self._original = np.empty(0, dtype=bool)

    def put(self, texts: Sequence[tuple[str, int, Signed]]) -> None:
        """Take in texts, or other keys of some that are there, each with the time at which it became known
        (`microseconds`)."""
        if not texts:
            return
        words = np.array([signed.words_key for _, _, signed in texts], dtype=np.int64)
        rows = self._place([id_ for id_, _, _ in texts], [at for _, at, _ in texts], words)
        self._has_words[rows] = [not signed.empty for _, _, signed in texts]
        self._has_bands[rows] = [len(signed.bands) > 0 for _, _, signed in texts]
        long = [
            (row, signed.bands) for row, (_, _, signed) in zip(rows.tolist(), texts, strict=True) if len(signed.bands)
        ]
        if long:
            bands = np.concatenate([bands for _, bands in long]).reshape(len(long), -1)
            self._band(np.array([row for row, _ in long]), bands)

    def put_whole(self, ids: Sequence[str], times: Sequence[int], *, words: NDArray[np.int64], bands: Bands) -> None:
        """Take in texts that all have words and bands (one row each), as `put` does."""
        if not ids:
            return
        rows = self._place(ids, times, words)
        self._has_words[rows] = self._has_bands[rows] = True
        self._band(rows, bands)

    def _place(self, ids: Sequence[str], times: Sequence[int], words: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of texts, with their times and the keys of their words noted."""
        rows = np.array([self._rows.setdefault(text_id, len(self._rows)) for text_id in ids])
        self._ids += list(islice(self._rows, len(self._ids), None))
        self._grow(len(self._ids))
        self._times[rows] = times
        self._words[rows] = words
        return rows

    def _band(self, rows: NDArray[np.int64], bands: Bands) -> None:
        self._bands[rows] = bands
        self._far[rows] = far_keys(bands, count=self._likeness.far_bands)

    def remove(self, text_id: str) -> None:
        """Let a text be found no more."""
        row = self._rows.get(text_id)
        if row is not None:
            self._has_words[row] = self._has_bands[row] = False

    def stand(self, text_id: str, *, original: bool | None) -> None:
        """Note whether a text is an original; None where it stands no more."""
        row = self._rows[text_id]
        self._stands[row], self._original[row] = original is not None, bool(original)

    def stand_all(self, text_ids: Sequence[str], *, original: Sequence[bool]) -> None:
        """Note of texts that stand whether each is an original."""
        rows = np.array([self._rows[text_id] for text_id in text_ids], dtype=np.int64)
        self._stands[rows] = True
        self._original[rows] = original

    def meeting(self, signed: Signed, *, at: int) -> Meeting:
        """Return the texts that one meets, each with how many keys they have in common."""
        size = len(self._ids)
        if signed.empty or not size:
            return NONE_MET
        same = self._has_words[:size] & (self._words[:size] == signed.words_key)
        common = same.astype(np.int64)
        if len(signed.bands):
            near = self._has_bands[:size] & (np.abs(self._times[:size] - at) <= self._days)
            rows = np.flatnonzero(near)
            common[rows] += self._common(rows, signed.bands)
            keys = far_keys(signed.bands, count=self._likeness.far_bands)
            hits = np.flatnonzero(self._far[:size] == keys)
            if len(hits):
                met = np.unique(hits // self._likeness.far_bands)
                met = met[self._has_bands[met] & ~near[met]]
                common[met] += self._common(met, signed.bands)
        rows = np.flatnonzero(common)
        return rows, common[rows]

    def ids(self, rows: NDArray[np.int64]) -> list[str]:
        """Return the texts in some rows."""
        return [self._ids[row] for row in rows.tolist()]

    def best_originals(self, meeting: Meeting, *, before: tuple[int, str], limit: int) -> list[str]:
        """Return of the texts met those that are originals and were known before a moment, those with the most keys
        in common first (of equals the earliest), at most `limit`."""
        rows, common = meeting
        wanted = self._original[rows] & (self._times[rows] <= before[0])
        rows, common = rows[wanted], common[wanted]
        if len(rows) > limit:
            # Those that may be among the first: at least as many in common as the last of them.
            enough = common >= np.partition(common, len(common) - limit)[len(common) - limit]
            rows, common = rows[enough], common[enough]
        ranked = sorted(
            (-number, at, text_id)
            for number, at, text_id in zip(common.tolist(), self._times[rows].tolist(), self.ids(rows), strict=True)
            if (at, text_id) < before
        )
        return [text_id for _, _, text_id in ranked[:limit]]

    def later(self, meeting: Meeting, *, after: tuple[int, str]) -> list[str]:
        """Return of the texts met those that stand and were known after a moment, in no order."""
        rows, _ = meeting
        rows = rows[self._stands[rows] & (self._times[rows] >= after[0])]
        times = self._times[rows].tolist()
        return [id_ for id_, at in zip(self.ids(rows), times, strict=True) if (at, id_) > after]

    def _common(self, rows: NDArray[Any], bands: Bands) -> NDArray[np.int64]:
        """Return how many bands each of some rows has in common with a text."""
        if not len(rows):
            return np.zeros(0, dtype=np.int64)
        first, last = int(rows[0]), int(rows[-1]) + 1
        # Rows mostly follow one another: a slice is not copied.
        stretch = self._bands[first:last] if last - first == len(rows) else self._bands[rows]
        hits = np.flatnonzero(stretch == bands) // self._likeness.bands
        return np.bincount(hits, minlength=len(rows))

    def meet_all(self) -> dict[str, list[Met]]:
        """Return for each text those that it meets, as `meeting` does, block by block."""
        size = len(self._ids)
        order = np.argsort(self._times[:size], kind="stable")
        times, words, bands, far = self._times[order], self._words[order], self._bands[order], self._far[order]
        has_words, has_bands = self._has_words[order], self._has_bands[order]
        ids = [self._ids[row] for row in order.tolist()]
        found: dict[str, list[Met]] = {id_: [] for id_ in ids}
        for start in range(0, size, BLOCK):
            block = slice(start, min(start + BLOCK, size))
            common = (has_words & has_words[block, None] & (words == words[block, None])).astype(np.int64)
            first, last = np.searchsorted(times, [times[block][0] - self._days, times[block][-1] + self._days + 1])
            near = np.abs(times[first:last] - times[block, None]) <= self._days
            near &= has_bands[first:last] & has_bands[block, None]
            for column in range(bands.shape[1]):
                common[:, first:last] += near & (bands[first:last, column] == bands[block, None, column])
            for one, other in _meeting_far(far, block, has_bands):
                if not (first <= other < last and near[one, other - first]):
                    common[one, other] += np.count_nonzero(bands[start + one] == bands[other])
            for one, other in zip(*(where.tolist() for where in np.nonzero(common)), strict=True):
                if start + one != other:
                    found[ids[start + one]].append((ids[other], int(common[one, other])))
        return found

    def _grow(self, size: int) -> None:
        more = max(size, 2 * len(self._times)) - len(self._times)
        if size <= len(self._times):
            return
        self._times, self._words = _longer(self._times, more), _longer(self._words, more)
        self._has_words, self._has_bands = _longer(self._has_words, more), _longer(self._has_bands, more)
        self._bands, self._far = _longer(self._bands, more), _longer(self._far, more)
        self._stands, self._original = _longer(self._stands, more), _longer(self._original, more)


NONE_MET: Meeting = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def microseconds(moment: datetime) -> int:
    """Return an aware time as a number."""
    return (moment - EPOCH) // MICROSECOND


def _meeting_far(far: NDArray[np.int64], block: slice, has_bands: NDArray[np.bool_]) -> Iterable[tuple[int, int]]:
    """Return the pairs of a row of a block (counted from its beginning) and any row that have a far key in common."""
    equal = np.zeros((block.stop - block.start, len(far)), dtype=bool)
    for column in range(far.shape[1]):
        equal |= far[:, column] == far[block, None, column]
    equal &= has_bands & has_bands[block, None]
    return zip(*(where.tolist() for where in np.nonzero(equal)), strict=True)


def _longer(array: NDArray[Any], more: int) -> NDArray[Any]:
    return np.concatenate([array, np.zeros((more, *array.shape[1:]), dtype=array.dtype)])
