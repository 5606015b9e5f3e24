"""The common nouns, pronouns and joining words that stand around or in place of the names of sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from heldby.errors import KnowledgeError
from heldby.resolve.phrases import PhraseIndex, phrase_key

Key = tuple[str, ...]

_FILE = "side_words.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordClass:
    """A class of common nouns: `default` maps a country code to the side that they mean there; `enemy` marks words
    that a speaker uses for the other side only; `fallback` is a default that any side named before outweighs."""

    id: str
    number: str
    default: Mapping[str, str]
    enemy: bool = False
    fallback: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideWords:
    """Everything of `side_words.toml`, ready for look-up."""

    classes: Mapping[str, WordClass]
    nouns: Mapping[Key, str]
    noun_index: PhraseIndex
    force_nouns: frozenset[str]
    aside_index: PhraseIndex
    attachments: Mapping[str, str]
    prefixes: Mapping[str, str]
    place_prepositions: frozenset[str] = frozenset()
    directions: frozenset[str] = frozenset()
    acronym_words: frozenset[str] = frozenset()
    air_words: frozenset[str] = frozenset()
    civilian_words: frozenset[str] = frozenset()
    restore_words: frozenset[str] = frozenset()
    each_alone: frozenset[str] = frozenset()
    foes_alone: frozenset[str] = frozenset()
    pronouns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> SideWords:
        """Build from the tables of `side_words.toml`; raises KnowledgeError for a noun in two classes."""
        nouns: dict[Key, str] = {}
        classes: dict[str, WordClass] = {}
        for entry in tables.get("class", ()):
            word_class = WordClass(
                id=entry["id"],
                number=entry.get("number", "any"),
                default=dict(entry.get("default", {})),
                enemy=bool(entry.get("enemy", False)),
                fallback=dict(entry.get("fallback", {})),
            )
            classes[word_class.id] = word_class
            for noun in entry.get("nouns", ()):
                key = phrase_key(noun)
                if nouns.setdefault(key, word_class.id) != word_class.id:
                    raise KnowledgeError(
                        f"The noun {noun!r} is in two classes.",
                        where=f"{_FILE}: {word_class.id}",
                        remedy=f"Keep it in one of {nouns[key]!r} and {word_class.id!r}.",
                    )
        return cls(
            classes=classes,
            nouns=nouns,
            noun_index=PhraseIndex(" ".join(key) for key in nouns),
            force_nouns=frozenset(word.lower() for word in tables.get("force_nouns", ())),
            aside_index=PhraseIndex(tables.get("aside", ())),
            attachments=dict(tables.get("attachments", {})),
            prefixes=dict(tables.get("prefixes", {})),
            place_prepositions=frozenset(tables.get("place_prepositions", ())),
            directions=frozenset(tables.get("directions", ())),
            acronym_words=frozenset(tables.get("acronym_words", ())),
            air_words=frozenset(tables.get("air_words", ())),
            civilian_words=frozenset(tables.get("civilian_words", ())),
            restore_words=frozenset(tables.get("restore_words", ())),
            each_alone=frozenset(tables.get("each_alone", ())),
            foes_alone=frozenset(tables.get("foes_alone", ())),
            pronouns={word: number for number, words in tables.get("pronouns", {}).items() for word in words},
        )
