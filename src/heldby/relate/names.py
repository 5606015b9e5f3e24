"""Names without accents, case, doubled letters and the Arabic article, so that spellings of one name are equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
DROPPED = {ord(c): None for c in ".'’‘`"}
ARTICLES = frozenset({"al", "el", "ad", "as", "ash", "ar", "at", "an", "az"})


@lru_cache(maxsize=16_384)
def fold_name(name: str) -> str:
    """Return a name's words in lower case without accents, hyphens, apostrophes and dots."""
    plain = name if name.isascii() else _without_accents(name)
    return " ".join(WORD.findall(plain.casefold().translate(DROPPED)))


def _without_accents(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def fold_person(words: list[str]) -> tuple[str, ...]:
    """Return the words of a person's name as keys: no Arabic article, no doubled letters ("al-Barrazi", "Barazi")."""
    kept = [word for word in words if word not in ARTICLES or len(words) == 1]
    return tuple("".join(c for n, c in enumerate(word) if n == 0 or c != word[n - 1]) for word in kept)
