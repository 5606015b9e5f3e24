"""Word pieces and letter case: what the encoder sees of a word. Training and reading share this file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from tokenizers import Tokenizer

PIECES_A_WORD = 8
START, END, UNKNOWN = 101, 102, 100
CASES = ("none", "lower", "title", "upper", "mixed")


def case_of(word: str) -> int:
    """Returns the letter case of a word as an index of CASES."""
    if word.islower():
        return 1
    if not any(letter.isupper() for letter in word):
        return 0
    if word[0].isupper() and (len(word) == 1 or word[1:].islower()):
        return 2
    return 3 if word.isupper() else 4


class Pieces:
    """Cuts words into word pieces of a given vocabulary."""

    def __init__(self, path: Path, *, cache: int = 50_000) -> None:
        """Reads a `tokenizers` JSON file; cache is the number of words remembered."""
        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.no_truncation()

        @lru_cache(maxsize=cache)
        def ids(word: str) -> tuple[int, ...]:
            found = tokenizer.encode(word[:200], add_special_tokens=False).ids
            return tuple(found[:PIECES_A_WORD]) or (UNKNOWN,)

        self._ids = ids

    def sentence(self, words: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
        """Returns piece ids and cases (both with the start and end piece) and each word's first piece."""
        ids, cases, first = [START], [0], []
        for word in words:
            pieces = self._ids(word)
            first.append(len(ids))
            ids.extend(pieces)
            cases.extend([case_of(word)] * len(pieces))
        return [*ids, END], [*cases, 0], first
