"""The lexicon of claims: how reports say who did what to which place, and who says so, read from tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, cast, get_args

from heldby.claims.confidence import Confidence
from heldby.errors import KnowledgeError
from heldby.records.claim import Relation

Table = Mapping[str, Any]
Spans = Sequence[tuple[int, int]]
SpanFinder = Callable[[str], Spans]
SideFinder = Callable[[str], tuple[Spans, Spans]]

_ACTING = ("object", "into", "toward", "from", "expel", "fall", "lose", "defend")
_STANDING = ("of", "by_state", "in_state", "lose_noun", "title")
FRAMES = frozenset((*_ACTING, *_STANDING))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One way of saying a relation; the fields are described at the head of `knowledge/relations.toml`."""

    relation: Relation
    frame: str
    prior: float
    needs: frozenset[str] = frozenset()
    place_needed: bool = False
    side_subject: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A fixed phrase: its pattern over the sentence's text and the word in it that carries the relation."""

    entry: Entry
    pattern: re.Pattern[str]
    anchor: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Light:
    """A noun whose relation comes from the verb above it ("took control of")."""

    entry: Entry
    nouns: frozenset[str]
    verbs: frozenset[str]


@dataclass(frozen=True, slots=True)
class ModalityWords:
    """Words that make a claim denied, attempted, planned or possible."""

    governors: frozenset[str]
    nouns: frozenset[str]
    marks: frozenset[str]
    auxiliaries: frozenset[str]
    adverbs: frozenset[str]
    failing: frozenset[str]
    verdicts: frozenset[str]
    idioms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Common nouns, adjectives and prepositions of places."""

    whole: frozenset[str]
    part: frozenset[str]
    partial_prepositions: frozenset[str]
    directions: frozenset[str]
    kinds_kept: frozenset[str]
    kinds_dropped: frozenset[str]
    neutral: frozenset[str]
    aims: frozenset[str]
    partial_adverbs: frozenset[str]
    trimmed: frozenset[str]
    lands: frozenset[str]
    several: frozenset[str]
    mentioned: frozenset[str]
    nameless: frozenset[str]
    holding: frozenset[str]
    openings: frozenset[str]
    particles: frozenset[str]
    examples: frozenset[str]
    areas: frozenset[str]
    between: frozenset[str]
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """Words of attribution; the fields are described in `knowledge/attribution.toml`."""

    verbs: frozenset[str]
    quoting: frozenset[str]
    denying: frozenset[str]
    impersonal: frozenset[str]
    according: frozenset[str]
    reports: frozenset[str]
    admissions: frozenset[str]
    media: frozenset[str]
    open_quotes: frozenset[str]
    close_quotes: frozenset[str]
    pronouns: frozenset[str]
    speaking_of: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()
    carrying: frozenset[str] = frozenset()
    hearers: frozenset[str] = frozenset()
    presupposing: frozenset[str] = frozenset()
    voiceless: frozenset[str] = frozenset()
    voices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Everything that `claims` knows of language, and two finders of names that it is handed.

    Each takes a text and gives character spans: `places` known names of places; `sides` names that only a side bears
    ("Islamic State"), and beside them names of countries, peoples and capitals that can stand for a side.
    """

    verbs: Mapping[str, tuple[Entry, ...]]
    nouns: Mapping[str, tuple[Entry, ...]]
    adjectives: Mapping[str, tuple[Entry, ...]]
    suffixes: Mapping[str, Entry]
    phrases: tuple[Phrase, ...]
    lights: tuple[Light, ...]
    modality: Mapping[str, ModalityWords]
    hedges: frozenset[str]
    place_words: PlaceWords
    side_heads: frozenset[str]
    doing: frozenset[str]
    breaking: frozenset[str]
    flying: frozenset[str]
    bombs: frozenset[str]
    civilians: frozenset[str]
    counts: frozenset[str]
    speech: SpeechWords
    counted: Table
    confidence: Confidence
    places: SpanFinder
    sides: SideFinder

    @classmethod
    def from_tables(
        cls,
        relations: Table,
        attribution: Table,
        *,
        confidence: Table,
        quantities: Table | None = None,
        places: SpanFinder | None = None,
        sides: SideFinder | None = None,
    ) -> Lexicon:
        """Build the lexicon from the tables of relations.toml, attribution.toml, confidence.toml and quantities.toml.

        Raises KnowledgeError, naming the entry, for an unknown relation or frame or a pattern that does not compile.
        """
        return cls(
            verbs=_by_lemma(relations.get("verb", ())),
            nouns=_by_lemma(relations.get("noun", ())),
            adjectives=_by_lemma(relations.get("adjective", ())),
            suffixes=_suffixes(relations.get("suffix", {})),
            phrases=tuple(_phrase(row) for row in relations.get("phrase", ())),
            lights=tuple(_light(row) for row in relations.get("light", ())),
            modality={name: _modality(row) for name, row in relations.get("modality", {}).items()},
            hedges=frozenset(relations.get("hedges", {}).get("words", ())),
            place_words=_place_words(relations.get("place_nouns", {})),
            side_heads=frozenset(relations.get("sides", {}).get("heads", ())),
            doing=frozenset(relations.get("doing", {}).get("verbs", ())),
            breaking=frozenset(relations.get("doing", {}).get("breaking", ())),
            flying=frozenset(relations.get("sides", {}).get("flying", ())),
            bombs=frozenset(relations.get("sides", {}).get("bombs", ())),
            civilians=frozenset(relations.get("sides", {}).get("civilians", ())),
            counts=frozenset(relations.get("sides", {}).get("counts", ())),
            speech=_speech(attribution),
            counted=quantities or {},
            confidence=Confidence.from_table(confidence),
            places=places or _no_spans,
            sides=sides or _no_sides,
        )


def _no_spans(text: str) -> Spans:
    return ()


def _no_sides(text: str) -> tuple[Spans, Spans]:
    return (), ()


def _entry(row: Table) -> Entry:
    relation, frame = row.get("relation"), row.get("frame")
    if relation not in get_args(Relation) or frame not in FRAMES:
        raise KnowledgeError(
            f"Relation {relation!r} with frame {frame!r} is not known.",
            where="relations.toml",
            remedy=f"Relations: {', '.join(get_args(Relation))}; frames: {', '.join(sorted(FRAMES))}.",
        )
    return Entry(
        relation=cast("Relation", relation),
        frame=str(frame),
        prior=float(row.get("prior", 0.5)),
        needs=frozenset(row.get("needs", ())),
        place_needed=bool(row.get("place_needed", False)),
        side_subject=bool(row.get("side_subject", False)),
    )


def _by_lemma(rows: Sequence[Table]) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, tuple[Entry, ...]] = {}
    for row in rows:
        entry = _entry(row)
        for lemma in row["lemmas"]:
            found[lemma] = (*found.get(lemma, ()), entry)
    return found


def _suffixes(row: Table) -> dict[str, Entry]:
    prior = float(row.get("prior", 0.9))
    pairs = [(word, name) for name in ("holds", "besieges") for word in row.get(name, ())]
    return {word: Entry(relation=cast("Relation", name), frame="by_state", prior=prior) for word, name in pairs}


def _phrase(row: Table) -> Phrase:
    try:
        pattern = re.compile(row["pattern"], re.IGNORECASE)
        anchor = re.compile(rf"\b(?:{row['anchor']})\b", re.IGNORECASE)
    except re.error as error:
        raise KnowledgeError(
            f"The pattern {row.get('pattern')!r} does not compile ({error}).", where="relations.toml"
        ) from error
    return Phrase(entry=_entry(row), pattern=pattern, anchor=anchor)


def _light(row: Table) -> Light:
    return Light(_entry(row), frozenset(row["nouns"]), frozenset(row["verbs"]))


def _modality(row: Table) -> ModalityWords:
    return ModalityWords(
        governors=frozenset(row.get("governors", ())),
        nouns=frozenset(row.get("nouns", ())),
        marks=frozenset(row.get("marks", ())),
        auxiliaries=frozenset(row.get("auxiliaries", ())),
        adverbs=frozenset(row.get("adverbs", ())),
        failing=frozenset(row.get("failing", ())),
        verdicts=frozenset(row.get("verdicts", ())),
        idioms=tuple(row.get("idioms", ())),
    )


def _place_words(row: Table) -> PlaceWords:
    sets = {field.name: frozenset(row.get(field.name, ())) for field in fields(PlaceWords) if field.name != "numbers"}
    return PlaceWords(numbers=dict(row.get("numbers", {})), **sets)


def _speech(tables: Table) -> SpeechWords:
    speech, nouns = tables.get("speech", {}), tables.get("nouns", {})
    return SpeechWords(
        verbs=frozenset(speech.get("verbs", ())),
        quoting=frozenset(speech.get("quoting", ())),
        denying=frozenset(speech.get("denying", ())),
        impersonal=frozenset(speech.get("impersonal", ())),
        according=frozenset(tables.get("prepositions", {}).get("according", ())),
        reports=frozenset(nouns.get("reports", ())),
        admissions=frozenset(nouns.get("admissions", ())),
        media=frozenset(nouns.get("media", ())),
        open_quotes=frozenset(tables.get("quotes", {}).get("open", ())),
        close_quotes=frozenset(tables.get("quotes", {}).get("close", ())),
        pronouns=frozenset(tables.get("pronouns", {}).get("voices", ())),
        speaking_of=frozenset(speech.get("speaking_of", ())),
        telling=frozenset(speech.get("telling", ())),
        carrying=frozenset(speech.get("carrying", ())),
        hearers=frozenset(nouns.get("hearers", ())),
        presupposing=frozenset(nouns.get("presupposing", ())),
        voiceless=frozenset(nouns.get("voiceless", ())),
        voices=frozenset((*nouns.get("voices", ()), *nouns.get("titles", ()), *nouns.get("media", ()))),
    )
