"""What the words of a mention say: the name in it, the kind of place, the side of it, or no name at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from heldby.errors import KnowledgeError
from heldby.resolve.gazetteer import SIDES, Gazetteer, may_start_name
from heldby.resolve.place_names import fold, words_of

KINDS = frozenset({"town", "area", "district", "part", "around", "site", "country", "capital", "any"})
_POSSESSIVE = re.compile(r"['’]s?$")
_NEXT_WORD = re.compile(r"\A\s+([a-z-]+)\b", re.IGNORECASE)
_WORDS_BEFORE = re.compile(r"([a-z-]+) of (?:the )?\Z", re.IGNORECASE)
_END = re.compile(
    r"\A(?:\Z|[,.;:)\n]| (?:province|governorate|oblast|state|region|and|in|on|at|after|where|was|were)\b)"
)
_COMMA = re.compile(r"\A,\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWords:
    """The tables of `knowledge/place_words.toml`, folded."""

    nouns: Mapping[str, str]
    leading: frozenset[str]
    pronouns: frozenset[str]
    sides: Mapping[str, str]
    not_places: frozenset[str]
    demonyms: Mapping[str, str]
    openings: Mapping[str, str]
    indefinite: frozenset[str]
    reference: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A mention taken apart: `name` ("" where it only points back), `kind` of the noun beside it ("" without one),
    that `noun`, `side` of the area, `container`, the name of the area that it is said to lie in, and whether the noun
    stands `beside` the mention, not in it."""

    name: str
    kind: str = ""
    noun: str = ""
    side: str = ""
    container: str = ""
    beside: bool = False


def read_place_words(tables: Mapping[str, Any]) -> PlaceWords:
    """Return the words of `knowledge/place_words.toml`; raises KnowledgeError for an unknown kind or side."""
    nouns = {fold(noun): str(kind) for noun, kind in tables.get("nouns", {}).items()}
    sides = {fold(word): str(side) for word, side in tables.get("sides", {}).items()}
    for table, given, valid in (("nouns", nouns, KINDS), ("sides", sides, SIDES)):
        for word, value in given.items():
            if value not in valid:
                raise KnowledgeError(
                    f"{word!r} stands for the unknown {value!r}.",
                    where=f"place_words.toml, {table}",
                    remedy=f"Valid: {', '.join(sorted(valid))}.",
                )
    demonyms = {fold(word): code for code, words in tables.get("demonyms", {}).items() for word in words}
    return PlaceWords(
        nouns=nouns,
        leading=frozenset(map(fold, tables.get("leading", ()))),
        pronouns=frozenset(map(fold, tables.get("pronouns", ()))),
        sides=sides,
        not_places=frozenset(map(fold, tables.get("not_places", ()))),
        demonyms=demonyms,
        openings={fold(word): str(noun) for word, noun in tables.get("openings", {}).items()},
        indefinite=frozenset(map(fold, tables.get("indefinite", ()))),
        reference=frozenset(map(fold, tables.get("reference", ()))),
    )


def parse_phrase(
    mention: str, *, before: str = "", after: str = "", gazetteer: Gazetteer, words: PlaceWords
) -> Phrase:
    """Take a mention apart; `before` and `after` are the words around it in the document."""
    container = _container(after, gazetteer=gazetteer, words=words)
    head, comma, tail = mention.partition(", ")
    if comma and may_start_name(tail) and not gazetteer.is_name(mention):
        mention, container = head, tail
    parts = [(mention[start:end], start, end) for start, end in words_of(mention)]
    first, side, kind, noun = _skip_left(mention, parts, gazetteer=gazetteer, words=words)
    last, kind, noun = _skip_right(mention, parts, first, (kind, noun), gazetteer=gazetteer, words=words)
    if first >= last:
        return Phrase(name="", kind=kind or _kind_of_pronoun(parts, words), noun=noun, side=side, container=container)
    name = _POSSESSIVE.sub("", mention[parts[first][1] : parts[last - 1][2]])
    if not any(may_start_name(word) for word, _, _ in parts[first:last]):
        return Phrase(name="", kind=kind or "any", noun=noun, side=side, container=container)
    beside = not kind
    if beside:
        kind, noun = _kind_around(before, after, words=words)
    inner = _known_within(name, gazetteer=gazetteer, words=words)
    return Phrase(name=inner or name, kind=kind, noun=noun, side=side, container=container, beside=beside)


def _skip_left(
    mention: str, parts: list[tuple[str, int, int]], *, gazetteer: Gazetteer, words: PlaceWords
) -> tuple[int, str, str, str]:
    """Return the first word of the name, and the side, kind and noun that stand before it."""
    first, side, kind, noun = 0, "", "", ""
    while first < len(parts):
        word = fold(parts[first][0])
        rest = mention[parts[first][1] :]
        named = may_start_name(parts[first][0]) or word in words.sides
        if word in words.leading and first + 1 < len(parts):
            # "The city" at the start of a sentence is no town called The City
            named = parts[first + 1][0][:1].isupper()
        if first + 1 < len(parts) and named and fold(rest) not in words.not_places and gazetteer.is_name(rest):
            break
        if word in words.sides:
            side = side or words.sides[word]
        elif word in words.nouns and not _begins_name(parts, first, words=words):
            kind, noun = words.nouns[word], word
        elif word not in words.leading and word not in words.pronouns:
            break
        first += 1
    return first, side, kind, noun


def _begins_name(parts: list[tuple[str, int, int]], at: int, *, words: PlaceWords) -> bool:
    """Tell "Lake Assad" and "Camp Speicher", whose noun belongs to the name, from "city of Palmyra"."""
    following = parts[at + 1][0] if at + 1 < len(parts) else ""
    return parts[at][0][:1].isupper() and following[:1].isupper() and fold(following) not in words.nouns


def _skip_right(
    mention: str,
    parts: list[tuple[str, int, int]],
    first: int,
    found: tuple[str, str],
    *,
    gazetteer: Gazetteer,
    words: PlaceWords,
) -> tuple[int, str, str]:
    """Return the word after the name, and the kind and noun that stand after it."""
    last = len(parts)
    kind, noun = found
    while last > first:
        word = fold(_POSSESSIVE.sub("", parts[last - 1][0]))
        if word in words.nouns and (not kind or noun in _VAGUE):
            kind, noun = words.nouns[word], word
        name = _POSSESSIVE.sub("", mention[parts[first][1] : parts[last - 1][2]])
        if last - first > 1 and fold(name) not in words.not_places and gazetteer.is_name(name):
            break
        if word not in words.nouns and word not in words.leading and not word.isdigit():
            break
        if last - first == 1 and parts[first][0][:1].isupper() and first > 0 and word not in words.nouns:
            break
        last -= 1
    return last, kind, noun


_VAGUE = frozenset({"area", "areas", "border", "territory", "territories"})


def _kind_of_pronoun(parts: list[tuple[str, int, int]], words: PlaceWords) -> str:
    return "any" if any(fold(word) in words.pronouns for word, _, _ in parts) else ""


def _kind_around(before: str, after: str, *, words: PlaceWords) -> tuple[str, str]:
    """Return the kind and noun that the document puts beside the mention ("Homs" in "Homs province")."""
    following = _NEXT_WORD.match(after)
    if following:
        noun = fold(following.group(1))
        if words.nouns.get(noun) in {"town", "area", "district"}:
            return words.nouns[noun], noun
    leading = _WORDS_BEFORE.search(before)
    if leading and words.nouns.get(fold(leading.group(1))) in {"town", "area", "district", "capital"}:
        noun = fold(leading.group(1))
        # "the capital of Syria" is another place, "the capital Damascus" and "the city of Homs" are the named one.
        return ("", "") if words.nouns[noun] == "capital" else (words.nouns[noun], noun)
    return "", ""


def _container(after: str, *, gazetteer: Gazetteer, words: PlaceWords) -> str:
    """Return the name after a comma ("Palmyra, Syria"), where it is one of a larger place."""
    comma = _COMMA.match(after)
    if not comma:
        return ""
    rest = after[comma.end() : comma.end() + 60]
    names = gazetteer.names_in(rest, ignored=words.not_places)
    if not names or names[0][0] != 0:
        return ""
    homonyms = gazetteer.homonyms(names[0][2])
    precisions = {homonym.place.precision for homonym in homonyms}
    # "Palmyra, Homs governor confirms" puts nothing in Homs: an area's name must end the apposition.
    ends = _END.match(rest[names[0][1] :]) is not None
    return names[0][2] if "country" in precisions or (ends and precisions & {"province", "region"}) else ""


def _known_within(name: str, *, gazetteer: Gazetteer, words: PlaceWords) -> str:
    """Return the first known name in words that are not one as a whole ("Homs and Deir ez-Zor")."""
    if gazetteer.is_name(name) or gazetteer.sounding_like(name) or fold(name) in words.demonyms:
        return ""
    names = gazetteer.names_in(name, ignored=words.not_places)
    lower = [word for word in name.split() if word[:1].islower() and "-" not in word]
    return names[0][2] if names and lower else ""
