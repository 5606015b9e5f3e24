"""Which of some texts, in order of time, are alike: compared exactly, a stretch of time at once.

For the sentences of one place, which are few in any month; the reports of a month are too many for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from heldby.relate.rules import Likeness
from heldby.relate.shingles import Signed

# So many texts are compared with all others of their time at once.
BLOCK = 128


def find_alike(texts: Sequence[Signed], times: Sequence[int], *, likeness: Likeness, within: int) -> list[list[int]]:
    """Return for each text (given in order of time) the earlier ones, known at most `within` before it, of which it
    may be a copy: those of the same words, and those that share enough of their sequences."""
    size, at = len(texts), np.array(times, dtype=np.int64)
    words = np.array([text.words_key for text in texts], dtype=np.int64)
    lengths = np.array([len(text.shingles) for text in texts], dtype=np.int64)
    ends = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    shingles = np.fromiter(chain.from_iterable(text.shingles for text in texts), dtype=np.int64, count=int(ends[-1]))
    found: list[list[int]] = [[] for _ in texts]
    for start in range(0, size, BLOCK):
        stop = min(start + BLOCK, size)
        first = int(np.searchsorted(at, at[start] - within))
        common = _count_common(shingles, ends, block=(start, stop), first=first)
        own, theirs = lengths[start:stop, None], lengths[None, first:stop]
        fewest = np.minimum(own, theirs)
        alike = (common >= likeness.share * fewest) & (common >= likeness.own_share * own)
        alike &= fewest >= likeness.fewest_shingles
        alike |= words[start:stop, None] == words[None, first:stop]
        alike &= at[start:stop, None] - at[None, first:stop] <= within
        # Of the rows of the block only those before each one.
        alike &= np.arange(first, stop)[None, :] < np.arange(start, stop)[:, None]
        for one, other in zip(*(where.tolist() for where in np.nonzero(alike)), strict=True):
            found[start + one].append(first + other)
    return found


def _count_common(
    shingles: NDArray[np.int64], ends: NDArray[np.int64], *, block: tuple[int, int], first: int
) -> NDArray[np.int64]:
    """Return how many sequences each text of a block (rows) has in common with each from `first` to its end.

    Each text is a row of bits, one for every sequence of the block's texts: small numbers of them are counted faster
    so than by a product of matrices, whose threads wait for each other.
    """
    start, stop = block
    known = np.unique(shingles[ends[start] : ends[stop]])
    common = np.zeros((stop - start, stop - first), dtype=np.int64)
    if not len(known):
        return common
    told = shingles[ends[first] : ends[stop]]
    columns = np.minimum(np.searchsorted(known, told), len(known) - 1)
    here = known[columns] == told
    rows = np.repeat(np.arange(stop - first), np.diff(ends[first : stop + 1]))
    present = np.zeros((stop - first, -(-len(known) // 64) * 64), dtype=bool)
    present[rows[here], columns[here]] = True
    for word in np.packbits(present, axis=1).view(np.uint64).T:
        common += np.bitwise_count(word[start - first :, None] & word[None, :])
    return common
