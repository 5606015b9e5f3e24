"""How place names are compared: folded, without articles, and by the sound of their romanisation.

Three keys of one name, from strict to loose:

- `fold("Ar-Raqqah")` is "ar raqqah": letter case, diacritics, apostrophes and hyphens make no difference;
- `bare("Ar-Raqqah")` is "raqqah": the Arabic article (and "the") makes no difference;
- `sound("Raqqa") == sound("Ar-Raqqah")`: the consonants that romanisations of Arabic and Cyrillic agree on.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ə": "a",
        "ŀ": "l",
        "ħ": "h",
        "ŋ": "n",
    }
)
# Apostrophes, ayn, hamza, modifier letters, soft signs and the Arabic stretching mark vanish within a word.
_SILENT = re.compile("['’‘‛`´ʻʼʽʾʿˈʹʺ′″\"“”ʿʾـ]")
_BREAK = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"\b(?:the|al|el|ul|il|ad|ed|an|en|ar|er|as|es|ash|esh|at|et|ath|az|ez|adh|edh)\b(?= )")
# "Ezzor", "Assuwayda": the article written together with the doubled consonant after it.
_GLUED_ARTICLE = re.compile(r"\b[aeu]([bcdfghjklmnpqrstvwxz]h?)(?=\1)")
_GLUED_AL = re.compile(r"\b[ae]l(?=[a-z]{4})")
_CONSONANTS: tuple[tuple[str, str], ...] = (
    ("shch", "S"),
    ("sch", "S"),
    ("sh", "S"),
    ("tch", "C"),
    ("ch", "C"),
    ("dzh", "j"),
    ("dj", "j"),
    ("kh", "x"),
    ("gh", "g"),
    ("zh", "z"),
    ("dh", "d"),
    ("th", "t"),
    ("ph", "f"),
    ("ck", "k"),
    ("ts", "s"),
    ("tz", "s"),
    ("ks", "x"),
    ("q", "k"),
    ("c", "k"),
)
_VOWELS: tuple[tuple[str, str], ...] = (
    (r"a[wu]|o[uw]|oo|uw|u|o|w", "u"),
    (r"a[yi]|e[yi]|i[yi]|y[iy]?|ie|ee|e|i", "i"),
    (r"aa+", "a"),
)
_DOUBLED = re.compile(r"(.)\1+")
_FINAL_H = re.compile(r"(?<=[aeiou])[ht]\b")
_SOFT = re.compile(r"[aeiouwy]+")
_WORD = re.compile(r"[^\W_](?:[^\W_]|['’‘ʻʼʿʾ`]|[-‑](?=[^\W_])|\.(?=[^\W_]\.)|(?<=\.[^\W_])\.)*")


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """Return the name in lower case without diacritics, apostrophes and hyphens, words joined by one space.

    Folding a folded name changes nothing. Letters of every script are kept.
    """
    if name.isascii():
        folded = name.lower()
    else:
        folded = _strip_marks(unicodedata.normalize("NFKD", name.casefold()).translate(_LETTERS))
    if folded.replace(" ", "").isalpha():
        return " ".join(folded.split())
    return " ".join(_BREAK.sub(" ", _SILENT.sub("", folded)).split())


def _strip_marks(text: str) -> str:
    stripped = "".join(char for char in text if not unicodedata.combining(char))
    # A capital with a mark may fold only in a second step ("İ"), so fold again what is left.
    again = unicodedata.normalize("NFKD", stripped.casefold()).translate(_LETTERS)
    return "".join(char for char in again if not unicodedata.combining(char))


def bare(name: str) -> str:
    """Return the folded name without articles; a name of articles alone is kept as it is."""
    return bare_of(fold(name))


def bare_of(folded: str) -> str:
    """Return what is left of an already folded name when its articles are taken away."""
    if " " not in folded:
        return folded
    return " ".join(_ARTICLE.sub("", folded).split()) or folded


@lru_cache(maxsize=65536)
def sound(name: str) -> str:
    """Return the consonants of the name that its romanisations share; "" where there is none.

    "Deir al Zor", "Deir ez-Zor", "Deir Ezzor" and "Dayr az Zawr" give the same key.
    """
    return sound_of(bare(name))


def sound_of(key: str) -> str:
    """Return the sound of a name that is already folded and without articles."""
    words = []
    for word in _romanised(key).split():
        # Between vowels "w" and "y" are as often written as left out; at the start of a word they stay.
        words.append(word[0] * (word[0] in "wy") + _SOFT.sub("", word))
    return "".join(words)


def likeness(one: str, other: str) -> float:
    """Return how alike two names are when read aloud, 0 to 1 (1: the same but for habits of romanisation)."""
    left, right = spoken(one), spoken(other)
    if left == right:
        return 1.0
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


def may_be_alike(one: str, other: str, *, least: float) -> bool:
    """Tell from their lengths whether two names can be as alike as asked for; `likeness` costs much more to tell."""
    left, right = len(spoken(one)), len(spoken(other))
    return not left + right or 2.0 * min(left, right) / (left + right) >= least


@lru_cache(maxsize=65536)
def spoken(name: str) -> str:
    """Return the name with one letter for each sound, vowels included."""
    text = _romanised(bare(name))
    for pattern, letter in _VOWELS:
        text = re.sub(pattern, letter, text)
    return _DOUBLED.sub(r"\1", text.replace(" ", ""))


def _romanised(key: str) -> str:
    text = _GLUED_ARTICLE.sub("", key)
    text = _GLUED_AL.sub("", text) if " " not in text else text
    text = _FINAL_H.sub("", text)
    for letters, letter in _CONSONANTS:
        text = text.replace(letters, letter)
    return _DOUBLED.sub(r"\1", text)


def words_of(text: str) -> tuple[tuple[int, int], ...]:
    """Return start and end of every word in a text; an Arabic article stays with its noun ("al-Bab")."""
    return tuple(match.span() for match in _WORD.finditer(text))


def is_readable(name: str, *, romanised: bool) -> bool:
    """Tell names in Latin letters (and Cyrillic or Arabic ones at home) from codes ("PMS") and other scripts."""
    if name.isascii():
        return not (name.isupper() and len(name) <= 4)
    letter = next((char for char in name if char.isalpha()), "")
    return "" < letter < "\u0250" or (romanised and ("\u0400" <= letter < "\u0530" or "\u0600" <= letter < "\u0700"))
