"""Which language a text is in, told by its commonest function words."""

from __future__ import annotations

import re
from collections.abc import Mapping

MAX_WORDS = 2_000
MIN_WORDS = 25
MIN_SHARE = 0.12

_WORD = re.compile(r"[^\W\d_]+")


def guess_language(text: str, *, languages: Mapping[str, frozenset[str]]) -> str:
    """Return the ISO 639 code of the language whose function words make up most of the text, "" where none does.

    A text of fewer than MIN_WORDS words counts as English unless another language's words are more: short reports
    are often names and verbs only.
    """
    words = [match.group().casefold() for match in _WORD.finditer(text[: MAX_WORDS * 12])][:MAX_WORDS]
    if not words:
        return ""
    shares = {code: sum(word in known for word in words) / len(words) for code, known in languages.items()}
    best = max(shares, key=lambda code: (shares[code], code == "en"))
    if shares[best] >= MIN_SHARE:
        return best
    short = len(words) < MIN_WORDS and shares[best] == shares.get("en", 0.0)
    return "en" if short and text.isascii() else ""
