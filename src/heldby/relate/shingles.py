"""Texts as sets of word sequences, and the keys under which texts that are alike meet (MinHash with LSH).

Invariant: keys depend on the words and the settings alone, on every machine.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from heldby.records import Document
from heldby.relate.rules import Likeness

if TYPE_CHECKING:
    from datasketch import MinHash

Bands: TypeAlias = NDArray[np.uint32]
Keys: TypeAlias = NDArray[np.int64]

WORD = re.compile(r"[^\W_]+")
# Odd factors near 2^64 divided by the golden ratio (Knuth's multiplicative hashing) and of splitmix64.
MIX, MIX_AGAIN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True, eq=False)
class Signed:
    """A text ready to be compared: the key (64 bits, signed) of its exact words, its word sequences, and its bands
    (32 bits each, none for a short text): two texts of much the same sequences have some of them in common, each in
    its place. A text without words is met by no other (`empty`)."""

    words_key: int
    shingles: frozenset[int]
    bands: Bands
    empty: bool = False


class Signer:
    """Signs texts with the permutations of one seed."""

    def __init__(self, likeness: Likeness, *, seed: int) -> None:
        self._likeness = likeness
        self._seed = seed

    def sign(self, words: Sequence[str], *, bands: bool = True) -> Signed:
        """Return the text of these words, signed; without its `bands` it can be compared, but not be found."""
        words_key = _key(b"words", " ".join(words).encode("utf-8", "surrogatepass"))
        if not words:
            return Signed(words_key, frozenset(), NO_BANDS, empty=True)
        shingles = cut_shingles(words[: self._likeness.longest_words], length=self._likeness.shingle_words)
        if len(shingles) < self._likeness.fewest_shingles or not bands:
            return Signed(words_key, shingles, NO_BANDS)
        return Signed(words_key, shingles, self._bands(shingles))

    @cached_property
    def _empty(self) -> MinHash:
        """The sketch of no sequences; its permutations take a while, and sentences need none."""
        from datasketch import MinHash

        return MinHash(num_perm=self._likeness.permutations, seed=self._seed, hashfunc=int, scheme="affine32")

    def _bands(self, shingles: frozenset[int]) -> Bands:
        sketch = self._empty.copy()
        sketch.update_batch(shingles)
        folded = np.zeros(self._likeness.bands, dtype=np.uint64)
        for column in sketch.hashvalues.astype(np.uint64).reshape(self._likeness.bands, -1).T:
            folded = (folded ^ column) * MIX
        return (folded >> np.uint64(32)).astype(np.uint32)


NO_BANDS: Bands = np.empty(0, dtype=np.uint32)


def far_keys(bands: Bands, *, count: int) -> Keys:
    """Return `count` keys, each of two bands side by side, under which texts meet however far apart in time they are;
    none for a text without bands. `bands` may be those of many texts (rows)."""
    pairs = bands[..., : 2 * count].astype(np.uint64)
    numbers = np.arange(pairs.shape[-1] // 2, dtype=np.uint64)
    mixed = ((pairs[..., ::2] << np.uint64(32)) ^ pairs[..., 1::2] ^ (numbers * MIX)) * MIX_AGAIN
    return np.asarray((mixed ^ (mixed >> np.uint64(31))).view(np.int64))


def normal_words(text: str) -> list[str]:
    """Return the words of a text without case and punctuation."""
    return WORD.findall(text.casefold())


def document_words(document: Document) -> list[str]:
    """Return the words of a document's headline and paragraphs, of its whole text where it has neither."""
    body = document.body()
    return normal_words(" ".join(document.text[b.start : b.end] for b in body) if body else document.text)


def cut_shingles(words: Sequence[str], *, length: int) -> frozenset[int]:
    """Return the set of the hashes of all sequences of `length` words."""
    coded = [word.encode("utf-8", "surrogatepass") for word in words]
    starts = list(accumulate((len(word) + 1 for word in coded), initial=0))
    data = b" ".join(coded)
    bounds = zip(starts, starts[length:], strict=False)
    return frozenset([zlib.crc32(data[start : end - 1]) for start, end in bounds])


def _key(name: bytes, data: bytes) -> int:
    digest = hashlib.blake2b(data, digest_size=8, person=name).digest()
    return int.from_bytes(digest, "little", signed=True)
