"""Which sentences can carry a claim or a count: a cheap look before the full reading.

The words themselves are data of the caller; this module only inflects and compiles them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Carries = Callable[[str], bool]
Irregular = Mapping[str, frozenset[str]]

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d")
_VOWELS = "aeiou"
_PREFIXES = ("re", "over", "with", "under", "out", "counter")
_RELATION_KEYS = frozenset({"lemmas", "nouns", "holds", "besieges"})
_NUMBER_TABLES = ("words", "products", "multiples", "cardinals")
_THING_TABLES = ("what", "toll", "taken", "things", "people")


def carries(lemmas: Iterable[str], *, patterns: Iterable[str] = (), irregular: Irregular | None = None) -> Carries:
    """Compiles base forms (with all their inflections) and regular expressions into one test of a sentence.

    A lemma of several words needs all of them somewhere in the sentence. Letter case does not matter; patterns are
    searched as they stand, without regard to case. irregular: further forms by lemma, as `irregular_forms` gives
    them. Raises ValueError if nothing is given, re.error for a malformed pattern.
    """
    singles: set[str] = set()
    groups: list[list[frozenset[str]]] = []
    for lemma in lemmas:
        parts = [frozenset(inflections(part, irregular or {})) for part in _WORD.findall(lemma.lower())]
        if len(parts) == 1:
            singles |= parts[0]
        elif parts:
            groups.append(parts)
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    if not (singles or groups or joined):
        raise ValueError("A filter needs at least one lemma or pattern.")
    search = re.compile(joined, re.IGNORECASE).search if joined else None

    def test(sentence: str) -> bool:
        words = frozenset(_WORD.findall(sentence.lower()))
        if not singles.isdisjoint(words):
            return True
        if any(all(not forms.isdisjoint(words) for forms in parts) for parts in groups):
            return True
        return search is not None and search(sentence) is not None

    return test


def any_of(*tests: Carries) -> Carries:
    """Returns a test that is true where one of the tests is."""
    return lambda sentence: any(test(sentence) for test in tests)


def all_of(*tests: Carries) -> Carries:
    """Returns a test that is true where all tests are."""
    return lambda sentence: all(test(sentence) for test in tests)


def claim_filter(relations: Mapping[str, Any], quantities: Mapping[str, Any], *, irregular: Irregular) -> Carries:
    """Returns the test for sentences that can carry a claim, or a number of something counted.

    relations, quantities: the tables of the knowledge files of these names.
    """
    claims = carries(
        _strings(relations, _RELATION_KEYS),
        patterns=[row["pattern"] for row in relations["phrase"]],
        irregular=irregular,
    )
    numbers = carries(
        [word for name in _NUMBER_TABLES for word in quantities.get(name, {})],
        patterns=[_NUMBER.pattern],
        irregular=irregular,
    )
    things = carries(_things(quantities), irregular=irregular)
    return any_of(claims, all_of(numbers, things))


def irregular_forms(lemmas: Mapping[str, Mapping[str, str]]) -> dict[str, frozenset[str]]:
    """Turns the reading model's lemma table round: the forms of each verb and noun that rules do not find."""
    found: dict[str, set[str]] = {}
    for tag in ("VERB", "NOUN"):
        for key, lemma in lemmas.get(tag, {}).items():
            found.setdefault(lemma, set()).add(key.split(" ")[0])
    return {lemma: frozenset(forms) for lemma, forms in found.items()}


def inflections(lemma: str, irregular: Irregular) -> Iterator[str]:
    """Yields a lemma's possible forms; forms that do not exist do no harm here."""
    yield lemma
    yield from irregular.get(lemma, ())
    for prefix in _PREFIXES:
        if lemma.startswith(prefix):
            yield from (prefix + form for form in irregular.get(lemma.removeprefix(prefix), ()))
    yield from (lemma + ending for ending in ("s", "es", "ed", "ing"))
    if lemma.endswith("e"):
        yield from (lemma + "d", lemma[:-1] + "ing")
    if lemma.endswith("y"):
        yield from (lemma[:-1] + "ies", lemma[:-1] + "ied")
    if len(lemma) > 2 and lemma[-1] not in _VOWELS and lemma[-2] in _VOWELS:
        yield from (lemma + lemma[-1] + ending for ending in ("ed", "ing"))


def _strings(tables: Any, keys: frozenset[str], *, inside: bool = False) -> Iterator[str]:
    """Yields every string of every list that stands under one of the keys, at any depth."""
    if isinstance(tables, Mapping):
        for key, value in tables.items():
            yield from _strings(value, keys, inside=key in keys)
    elif isinstance(tables, list):
        for value in tables:
            if inside and isinstance(value, str):
                yield value
            elif not isinstance(value, str):
                yield from _strings(value, keys)


def _things(quantities: Mapping[str, Any]) -> Iterator[str]:
    """Yields the words for what is counted: list entries, and the keys of tables that map a word to a plain one."""
    for name in _THING_TABLES:
        for key, value in quantities.get(name, {}).items():
            if isinstance(value, str):
                yield key
            else:
                yield from value
