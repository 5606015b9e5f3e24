"""The book of voices: the entries of `sources.toml`, and the words of `source_words.toml` for all others."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args

from heldby.errors import KnowledgeError
from heldby.records import Source
from heldby.records.source import SourceKind
from heldby.resolve.phrases import PhraseIndex, Word, phrase_key, words_of

Key = tuple[str, ...]

ACRONYM_LETTERS = 5

_FILE = "sources.toml"
_KINDS: frozenset[str] = frozenset(get_args(SourceKind))
_KNOWN = frozenset({"id", "name", "aliases", "kind", "side", "country", "owner", "carries", "since", "until"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHit:
    """Entry `source_id` is named in a phrase by its words `first` (included) to `last` (excluded)."""

    source_id: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWords:
    """Everything of `source_words.toml`, ready for look-up; `ranks` orders the kinds, the strongest first."""

    nouns: Mapping[Key, SourceKind]
    index: PhraseIndex
    ranks: Mapping[str, int]
    person_titles: frozenset[str]
    outlet_like: frozenset[str]
    linked: frozenset[str]
    nearest: frozenset[str]
    elsewhere: PhraseIndex
    takes_up: Mapping[str, frozenset[str]]
    pronouns: Mapping[str, str]
    aside: PhraseIndex
    helped: frozenset[str]
    clauses: frozenset[str]

    @classmethod
    def of(cls, tables: Mapping[str, Any]) -> SourceWords:
        """Build from the tables of `source_words.toml`; raises KnowledgeError for a kind that does not exist."""
        nouns: dict[Key, SourceKind] = {}
        ranks: dict[str, int] = {}
        for entry in tables.get("kind", ()):
            kind = _kind(entry.get("id", ""), where="source_words.toml")
            ranks[kind] = len(ranks)
            for noun in entry.get("nouns", ()):
                nouns.setdefault(phrase_key(noun), kind)
        voices = tables.get("voices", {})
        return cls(
            nouns=nouns,
            index=PhraseIndex(" ".join(key) for key in nouns),
            ranks=ranks,
            person_titles=frozenset(voices.get("person_titles", ())),
            outlet_like=frozenset(voices.get("outlet_like", ())),
            linked=frozenset(voices.get("linked", ())),
            nearest=frozenset(voices.get("nearest", ())),
            elsewhere=PhraseIndex(voices.get("elsewhere", ())),
            takes_up={noun: frozenset(kinds) for noun, kinds in tables.get("takes_up", {}).items()},
            pronouns={word: what for what, words in tables.get("pronouns", {}).items() for word in words},
            aside=PhraseIndex(voices.get("aside", ())),
            helped=frozenset(voices.get("helped", ())),
            clauses=frozenset(voices.get("clauses", ())),
        )

    def kinds(self, text: str) -> tuple[tuple[SourceKind, int], ...]:
        """Return the kinds that the nouns of a phrase tell, each with the number of its last word."""
        found = []
        for hit in self.index.hits(text):
            kind = self.nouns.get(hit.key) or self.nouns.get((*hit.key[:-1], hit.key[-1].removesuffix("s")))
            if kind:
                found.append((kind, hit.last - 1))
        return tuple(found)


class SourceBook:
    """All voices of `sources.toml`, with look-up by id and by name in a phrase."""

    def __init__(self, sources: Mapping[str, Source], *, owners: Mapping[str, str]) -> None:
        self._sources = dict(sources)
        self._owners = dict(owners)
        self._names: dict[Key, tuple[str, str]] = {}
        for source in self._sources.values():
            for name in (source.name, *source.aliases):
                taken = self._names.setdefault(phrase_key(name), (source.id, name))
                if taken[0] != source.id:
                    raise KnowledgeError(
                        f"The name {name!r} belongs to {taken[0]!r} too.",
                        where=f"{_FILE}: {source.id}",
                        remedy="Remove it from one of them.",
                    )
        self._index = PhraseIndex(" ".join(key) for key in self._names)

    @classmethod
    def of(cls, tables: Mapping[str, Any], *, actor_ids: Container[str]) -> SourceBook:
        """Build the book from the tables of `sources.toml`.

        Raises KnowledgeError, naming the entry, for a missing or doubled id, an unknown field or kind, a side or
        owner that is no actor, and a name that two entries share.
        """
        sources: dict[str, Source] = {}
        owners: dict[str, str] = {}
        for entry in tables.get("source", ()):
            source = _read_entry(entry, known=sources, actor_ids=actor_ids)
            sources[source.id] = source
            owners[source.id] = entry.get("owner", "")
        return cls(sources, owners=owners)

    @property
    def sources(self) -> Mapping[str, Source]:
        """Every voice by id."""
        return self._sources

    def owner(self, source_id: str) -> str:
        """Return the id of the state that owns a medium, "" where none does."""
        return self._owners.get(source_id, "")

    def hits(self, phrase: str) -> tuple[SourceHit, ...]:
        """Return the entries named in a phrase, in order; acronyms and proper names count only in their own case."""
        words = words_of(phrase)
        found = []
        for hit in self._index.hits(phrase):
            source_id, name = self._names[hit.key]
            if _fits_case(words[hit.first : hit.last], name) and not _goes_on(phrase, words, hit.last, name):
                found.append(SourceHit(source_id=source_id, first=hit.first, last=hit.last))
        return tuple(found)

    def state_media(self, country: str, *, tail: Key) -> Source | None:
        """Return the state medium of a country whose name ends as given ("state", "tv"), None where none does."""
        for key, (source_id, _) in self._names.items():
            source = self._sources[source_id]
            if source.kind == "state_media" and source.country == country and key[-len(tail) :] == tail:
                return source
        return None


def _read_entry(entry: Mapping[str, Any], *, known: Container[str], actor_ids: Container[str]) -> Source:
    source_id = entry.get("id", "")
    where = f"{_FILE}: {source_id or entry.get('name', 'an entry without id')}"
    if not source_id or not entry.get("name"):
        raise KnowledgeError("A source needs an id and a name.", where=where, remedy="Add what is missing.")
    if source_id in known:
        raise KnowledgeError("Two sources have this id.", where=where, remedy="Rename or merge one of them.")
    strange = sorted(set(entry) - _KNOWN)
    if strange:
        raise KnowledgeError(
            f"A source has no field {strange[0]!r}.", where=where, remedy=f"Valid: {', '.join(sorted(_KNOWN))}."
        )
    for role in ("side", "owner"):
        if entry.get(role) and entry[role] not in actor_ids:
            raise KnowledgeError(
                f"Its {role} {entry[role]!r} is no actor.", where=where, remedy="Use an id of actors.toml."
            )
    return Source(
        id=source_id,
        name=entry["name"],
        kind=_kind(entry.get("kind", ""), where=where),
        side=entry.get("side", ""),
        aliases=tuple(entry.get("aliases", ())),
        country=entry.get("country", ""),
        carries=entry.get("carries", ""),
        since=_day(entry.get("since"), where=where),
        until=_day(entry.get("until"), where=where),
    )


def _kind(value: str, *, where: str) -> SourceKind:
    for kind in get_args(SourceKind):
        if kind == value:
            found: SourceKind = kind
            return found
    raise KnowledgeError(f"{value!r} is no kind of source.", where=where, remedy=f"Use one of {sorted(_KINDS)}.")


def _day(value: object, *, where: str) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise KnowledgeError(f"{value!r} is no day.", where=where, remedy="Write it as 2015-10-10, without quotes.")


def _goes_on(phrase: str, words: tuple[Word, ...], last: int, name: str) -> bool:
    """Tell whether a name of "The" and one plain word is only the start of a longer one ("the National Front")."""
    if not name.lower().startswith("the ") or len(name.split()) != 2 or last >= len(words):
        return False
    return words[last].text[:1].isupper() and phrase[words[last - 1].end : words[last].start] == " "


def _fits_case(words: tuple[Word, ...], name: str) -> bool:
    """Tell whether the letters' case allows the name: an acronym in capitals, a name not all in small letters."""
    text = " ".join(word.text for word in words)
    bare = name.replace(".", "")
    if bare.isupper() and len(bare) <= ACRONYM_LETTERS:
        return text.replace(".", "").rstrip("s'’").isupper()
    return name == name.lower() or text != text.lower()
