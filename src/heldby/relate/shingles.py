"""Texts as sets of word sequences, and the keys under which texts that are alike meet (MinHash with LSH).

Invariant: keys depend on the words and the settings alone, on every machine.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from heldby.records import Document
from heldby.relate.rules import Likeness


@dataclass(frozen=True, slots=True)
class Signed:
    """A text ready to be compared: the key of its exact words, its word sequences, and the keys (64 bits, signed)
    under which it meets texts that are alike. A text without words has no keys."""

    words_key: int
    shingles: frozenset[int]
    keys: tuple[int, ...]


class Signer:
    """Signs texts with the permutations of one seed."""

    def __init__(self, likeness: Likeness, *, seed: int) -> None:
        from datasketch import MinHash

        self._likeness = likeness
        self._seed = seed
        self._empty = MinHash(num_perm=likeness.permutations, seed=seed, hashfunc=int, scheme="affine32")

    def sign(self, words: Sequence[str]) -> Signed:
        """Return the text of these words, signed."""
        words_key = _key(b"words", " ".join(words).encode("utf-8", "surrogatepass"))
        if not words:
            return Signed(words_key, frozenset(), ())
        shingles = cut_shingles(words[: self._likeness.longest_words], length=self._likeness.shingle_words)
        if len(shingles) < self._likeness.fewest_shingles:
            return Signed(words_key, shingles, (words_key,))
        return Signed(words_key, shingles, (words_key, *self._band_keys(shingles)))

    def _band_keys(self, shingles: frozenset[int]) -> tuple[int, ...]:
        sketch = self._empty.copy()
        sketch.update_batch(shingles)
        data = sketch.hashvalues.astype("<u4").tobytes()
        width = len(data) // self._likeness.bands
        return tuple(
            _key(b"band %d" % band, data[band * width : (band + 1) * width]) for band in range(self._likeness.bands)
        )


def normal_words(text: str) -> list[str]:
    """Return the words of a text without case and punctuation."""
    return "".join(c if c.isalnum() else " " for c in text.casefold()).split()


def document_words(document: Document) -> list[str]:
    """Return the words of a document's headline and paragraphs, of its whole text where it has neither."""
    body = document.body()
    return normal_words(" ".join(document.text[b.start : b.end] for b in body) if body else document.text)


def cut_shingles(words: Sequence[str], *, length: int) -> frozenset[int]:
    """Return the set of the hashes of all sequences of `length` words."""
    joined = (" ".join(words[n : n + length]) for n in range(len(words) - length + 1))
    return frozenset(zlib.crc32(shingle.encode("utf-8", "surrogatepass")) for shingle in joined)


def _key(name: bytes, data: bytes) -> int:
    digest = hashlib.blake2b(data, digest_size=8, person=name).digest()
    return int.from_bytes(digest, "little", signed=True)
