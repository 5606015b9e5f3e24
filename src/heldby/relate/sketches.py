"""The keys of many texts at once, so that those that one text may repeat are found among them.

Texts that became known within some days of one another meet where they have any band in common; others where they have
a far key in common, or the same words. So a text meets few of a long time, and the cost of a look-up does not grow with
the archive.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldby.relate.rules import Likeness
from heldby.relate.shingles import Bands, Signed, far_keys

SMALLEST = 64
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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

    def put(self, text_id: str, *, known_at: datetime, signed: Signed) -> None:
        """Take in a text, or other keys of one that is there."""
        row = self._rows.setdefault(text_id, len(self._ids))
        if row == len(self._ids):
            self._ids.append(text_id)
            self._grow(row + 1)
        count = len(signed.bands)
        self._times[row] = (known_at - EPOCH) // MICROSECOND
        self._words[row], self._has_words[row] = signed.words_key, not signed.empty
        self._has_bands[row] = count > 0
        if count:
            self._bands[row] = signed.bands
            self._far[row] = far_keys(signed.bands, count=self._likeness.far_bands)

    def __contains__(self, text_id: str) -> bool:
        return text_id in self._rows

    def remove(self, text_id: str) -> None:
        """Let a text be found no more."""
        row = self._rows.get(text_id)
        if row is not None:
            self._has_words[row] = self._has_bands[row] = False

    def meeting(self, signed: Signed, *, known_at: datetime) -> list[tuple[str, int]]:
        """Return the texts that one meets, in no order, each with how many keys they have in common."""
        size = len(self._ids)
        if signed.empty or not size:
            return []
        same = self._has_words[:size] & (self._words[:size] == signed.words_key)
        common = same.astype(np.int64)
        if len(signed.bands):
            at = (known_at - EPOCH) // MICROSECOND
            near = self._has_bands[:size] & (np.abs(self._times[:size] - at) <= self._days)
            found = np.flatnonzero(near)
            common[found] += self._common(found, signed.bands)
            if self._likeness.far_bands:
                common += self._common_far(np.flatnonzero(self._has_bands[:size] & ~near), signed.bands)
        return [(self._ids[row], int(common[row])) for row in np.flatnonzero(common).tolist()]

    def _common(self, rows: NDArray[Any], bands: Bands) -> NDArray[np.int64]:
        """Return how many bands each of some rows has in common with a text."""
        if not len(rows):
            return np.zeros(0, dtype=np.int64)
        first, last = int(rows[0]), int(rows[-1]) + 1
        # Rows mostly follow one another: a slice is not copied.
        stretch = self._bands[first:last] if last - first == len(rows) else self._bands[rows]
        hits = np.flatnonzero(stretch == bands) // self._likeness.bands
        return np.bincount(hits, minlength=len(rows))

    def _common_far(self, rows: NDArray[Any], bands: Bands) -> NDArray[np.int64]:
        """Return how many bands each row of all has in common that is one of `rows` and meets by a far key."""
        common = np.zeros(len(self._ids), dtype=np.int64)
        if not len(rows):
            return common
        keys = far_keys(bands, count=self._likeness.far_bands)
        hits = np.unique(np.flatnonzero(self._far[rows] == keys) // self._likeness.far_bands)
        common[rows[hits]] = self._common(rows[hits], bands)
        return common

    def _grow(self, size: int) -> None:
        room = len(self._times)
        if size <= room:
            return
        more = max(SMALLEST, room)
        self._times, self._words = _longer(self._times, more), _longer(self._words, more)
        self._has_words, self._has_bands = _longer(self._has_words, more), _longer(self._has_bands, more)
        self._bands, self._far = _longer(self._bands, more), _longer(self._far, more)


def _longer(array: NDArray[Any], more: int) -> NDArray[Any]:
    return np.concatenate([array, np.zeros((more, *array.shape[1:]), dtype=array.dtype)])
