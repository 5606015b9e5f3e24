"""Words of a text, folded for comparison, and an index that finds listed phrases in them.

Folding forgives what reports do to names: letter case, accents, hyphens for blanks, lost or curly apostrophes.
Offsets always point into the text as it was given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

# The same sentences and phrases are asked for again and again while a report is resolved.
TEXTS_KEPT = 1024
WORDS_KEPT = 65536

_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|\w+(?:['’‘`ʼʻ]\w+)*|&")
_APOSTROPHES = str.maketrans("", "", "'’‘`ʼʻ.")
_POSSESSIVE = re.compile(r"['’‘`ʼʻ]s?$", re.IGNORECASE)
_GAP = re.compile(r"[\s\-‐-―]{1,3}|\.\s")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its characters, and its folded form (lower case, no accents, no apostrophes)."""

    start: int
    end: int
    text: str
    folded: str


@dataclass(frozen=True, slots=True)
class PhraseHit:
    """Words `first` (included) to `last` (excluded) are the phrase with the given key; `ending` was cut off."""

    first: int
    last: int
    key: tuple[str, ...]
    ending: str = ""


def fold(text: str) -> str:
    """Return a word in lower case without accents and apostrophes."""
    if text.isascii():
        return text.translate(_APOSTROPHES).lower()
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


_fold_word = lru_cache(maxsize=WORDS_KEPT)(fold)


@lru_cache(maxsize=TEXTS_KEPT)
def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a text; hyphens part words, "U.S." is one word, a final 's stays with its word."""
    found = ((match.start(), match.end(), match.group()) for match in _WORD.finditer(text))
    return tuple(Word(start, end, word, _fold_word(word)) for start, end, word in found)


def phrase_key(text: str) -> tuple[str, ...]:
    """Return the folded words of a phrase, as keys of a PhraseIndex are written."""
    return tuple(word.folded for word in words_of(text))


def joined(text: str, words: tuple[Word, ...], *, at: int) -> bool:
    """Tell whether only blanks or a hyphen stand between word `at` and the one after it."""
    return bool(_GAP.fullmatch(text[words[at].end : words[at + 1].start]))


def hyphen_after(text: str, word: Word) -> bool:
    """Tell whether a hyphen follows the word at once."""
    return text[word.end : word.end + 1] in {"-", "‐", "‑", "–"}


class PhraseIndex:
    """Finds the longest listed phrases in a text, left to right, without overlap."""

    def __init__(self, phrases: Iterable[str]) -> None:
        by_first: dict[str, list[tuple[str, ...]]] = {}
        for key in sorted({phrase_key(phrase) for phrase in phrases} - {()}):
            by_first.setdefault(key[0], []).append(key)
        self._by_first: Mapping[str, tuple[tuple[str, ...], ...]] = {
            first: tuple(sorted(keys, key=len, reverse=True)) for first, keys in by_first.items()
        }
        self._hits = lru_cache(maxsize=TEXTS_KEPT)(self._find_hits)

    def hits(self, text: str) -> tuple[PhraseHit, ...]:
        """Return every hit; a possessive ending ("Assad's", "Assads") on a phrase's last word is forgiven."""
        return self._hits(text)

    def _find_hits(self, text: str) -> tuple[PhraseHit, ...]:
        words = words_of(text)
        found: list[PhraseHit] = []
        at = 0
        while at < len(words):
            hit = self._at(text, words, at)
            if hit:
                found.append(hit)
            at = hit.last if hit else at + 1
        return tuple(found)

    def _at(self, text: str, words: tuple[Word, ...], at: int) -> PhraseHit | None:
        best: PhraseHit | None = None
        for stem, ending in _stems(words[at]):
            for key in self._by_first.get(stem, ()):
                if best and len(key) <= best.last - best.first:
                    break
                if ending and len(key) > 1:
                    continue
                hit = self._fits(text, words, at, key=key)
                if hit:
                    best = hit
                    break
        return best

    def _fits(self, text: str, words: tuple[Word, ...], at: int, *, key: tuple[str, ...]) -> PhraseHit | None:
        last = at + len(key)
        if last > len(words):
            return None
        for offset, part in enumerate(key[:-1]):
            if words[at + offset].folded != part or not joined(text, words, at=at + offset):
                return None
        for stem, ending in _stems(words[last - 1]):
            if stem == key[-1]:
                return PhraseHit(at, last, key, ending)
        return None


def _stems(word: Word) -> tuple[tuple[str, str], ...]:
    """Return the folded word, then the word without a possessive ending where it could carry one."""
    return _stems_of(word.text, word.folded)


@lru_cache(maxsize=WORDS_KEPT)
def _stems_of(text: str, folded: str) -> tuple[tuple[str, str], ...]:
    found = _POSSESSIVE.search(text)
    if found:
        return ((folded, ""), (fold(text[: found.start()]), found.group()))
    if text.endswith("s") and len(text) > 2:
        return ((folded, ""), (folded[:-1], "s"))
    return ((folded, ""),)
