"""Base forms: a table made from treebanks first, then spelling rules."""

from __future__ import annotations

from collections.abc import Mapping

from heldby.language.english import word_list

_VOWELS = "aeiou"
_UNCHANGED = ("ss", "us", "is")
_NOUNS_IN_S = ("NNS", "NNPS")
_DOUBLED_STAYS = ("ll", "ss", "zz", "ff")
_SILENT = (*word_list("silent"), *word_list("silent_words"))
_SILENT_AFTER_ONE_VOWEL = frozenset(word_list("silent_after_one_vowel"))
_NOT_SILENT = word_list("not_silent")
_DOUBLE_L = frozenset(word_list("double_l"))
_PREFIXES = word_list("verb_prefixes")


def lemma(word: str, *, tag: str, fine: str, table: Mapping[str, Mapping[str, str]]) -> str:
    """Returns the base form of a word with its universal and fine tag; proper names stay as they are."""
    if tag in ("PROPN", "X", "SYM", "NUM", "PUNCT"):
        return word
    form = word.lower().replace("\u2019", "'")
    entries = table.get(tag, {})
    known = entries.get(f"{form} {fine}")
    if known is None and fine in ("VBD", "VBN"):
        known = _prefixed(form, fine=fine, entries=entries)
    return known if known is not None else by_rule(form, tag=tag, fine=fine)


def _prefixed(form: str, *, fine: str, entries: Mapping[str, str]) -> str | None:
    """Finds "retaken" by "taken"."""
    for prefix in _PREFIXES:
        inner = entries.get(f"{form.removeprefix(prefix)} {fine}") if form.startswith(prefix) else None
        if inner is not None:
            return prefix + inner
    return None


def by_rule(form: str, *, tag: str, fine: str) -> str:
    """Returns the base form of a lower-case word by spelling alone."""
    if tag == "NOUN" and fine in _NOUNS_IN_S:
        return _singular(form)
    if tag in ("VERB", "AUX"):
        return _verb(form, fine)
    if tag in ("ADJ", "ADV") and fine in ("JJR", "RBR") and form.endswith("er"):
        return _stem(form[:-2])
    if tag in ("ADJ", "ADV") and fine in ("JJS", "RBS") and form.endswith("est"):
        return _stem(form[:-3])
    return form


def _singular(form: str) -> str:
    if form in ("series", "species"):
        return form
    if form.endswith("ies") and len(form) > 4:
        return form[:-3] + "y"
    if form.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return form[:-2]
    if form.endswith("men"):
        return form[:-3] + "man"
    if form.endswith("s") and not form.endswith(_UNCHANGED) and len(form) > 2:
        return form[:-1]
    return form


def _verb(form: str, fine: str) -> str:
    if fine == "VBZ":
        return _third_person(form)
    if fine in ("VBD", "VBN") and form.endswith("ed") and len(form) > 3:
        return form[:-3] + "y" if form.endswith("ied") and len(form) > 4 else _stem(form[:-2])
    if fine == "VBG" and form.endswith("ing") and len(form) > 4:
        return _stem(form[:-3])
    return form


def _third_person(form: str) -> str:
    if form.endswith("ies") and len(form) > 4:
        return form[:-3] + "y"
    if form.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return form[:-2]
    return form[:-1] if form.endswith("s") and not form.endswith("ss") else form


def _stem(stem: str) -> str:
    """Undoes doubling, or gives back a silent e, after -ed, -ing, -er and -est."""
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
        return stem if _stays_double(stem) else stem[:-1]
    return stem + "e" if _lost_e(stem) else stem


def _stays_double(stem: str) -> bool:
    """Tells "shell" and "install" from "repel" and "control", which double their l."""
    if stem.endswith("ll") and stem not in _DOUBLE_L:
        before = stem[:-2].rstrip(_VOWELS)
        return not any(letter in _VOWELS for letter in before)
    return stem.endswith(_DOUBLED_STAYS)


def _lost_e(stem: str) -> bool:
    if stem.endswith(_NOT_SILENT):
        return False
    if stem.endswith(_SILENT):
        return True
    if len(stem) < 2 or stem[-1] in _VOWELS or stem[-2] not in _VOWELS:
        return False
    before = stem[-3:-2]
    single = before not in tuple(_VOWELS) or stem[-4:-2] == "qu" or before == ""
    return single and (stem[-2:] in _SILENT_AFTER_ONE_VOWEL or (len(stem) <= 3 and stem[-1] not in "wxy"))
