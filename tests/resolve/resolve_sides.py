"""The shipped books and small readings for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

from heldby.knowledge import read_knowledge
from heldby.records import (
    Block,
    Claim,
    Document,
    Mention,
    Party,
    PlaceRef,
    Reading,
    SourceLink,
    Span,
    When,
)
from heldby.records.claim import Relation
from heldby.resolve.actors import ActorBook
from heldby.resolve.side_words import SideWords
from heldby.resolve.source_book import SourceBook, SourceWords

KNOWN_AT = datetime(2017, 1, 1, tzinfo=UTC)


@cache
def actor_book() -> ActorBook:
    """The book of sides as shipped."""
    words = SideWords.of(read_knowledge("side_words"))
    return ActorBook.of(read_knowledge("actors"), words=words)


@cache
def source_book() -> SourceBook:
    """The book of voices as shipped."""
    return SourceBook.of(read_knowledge("sources"), actor_ids=actor_book().actors)


@cache
def source_words() -> SourceWords:
    """The words for voices as shipped."""
    return SourceWords.of(read_knowledge("source_words"))


def span(text: str, words: str, *, after: int = 0) -> Span:
    """The first place of some words in a text."""
    start = text.index(words, after)
    return Span(start, start + len(words), words)


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a plain text, each ended by a full stop and a blank."""
    found, start = [], 0
    for part in text.split(". "):
        found.append(Span.of(text, start, start + len(part)))
        start += len(part) + 2
    return tuple(found)


def claim(
    text: str,
    *,
    trigger: str,
    place: str,
    relation: Relation = "takes",
    actor: str | None = None,
    opponent: str | None = None,
    chain: tuple[str, ...] = (),
    within: str = "",
) -> Claim:
    """A claim whose spans are the first such words in the sentence that begins with `within` (or the text)."""
    start = text.index(within)
    sentence = next(s for s in sentences(text) if s.start <= start < s.end)
    at = sentence.start
    return Claim(
        id=f"claim-{trigger}-{place}-{start}",
        document_id="document",
        sentence=sentence,
        trigger=span(text, trigger, after=at),
        relation=relation,
        actor=Party(mention=span(text, actor, after=at) if actor else None),
        opponent=Party(mention=span(text, opponent, after=at) if opponent else None),
        place=PlaceRef(mention=span(text, place), name_text=place),
        chain=tuple(SourceLink(mention=span(text, words, after=at)) for words in chain),
        known_at=KNOWN_AT,
    )


def reading(
    text: str, *claims: Claim, day: date | None = date(2016, 12, 11), people: tuple[str, ...] = ()
) -> Reading:
    """A reading of a text with the claims given."""
    document = Document(
        id="document",
        capture_id="capture",
        text=text,
        blocks=(Block(kind="paragraph", start=0, end=len(text)),),
        published=When(earliest=day, latest=day) if day else None,
        known_at=KNOWN_AT,
    )
    mentions = tuple(Mention(kind="person", span=span(text, name)) for name in people)
    return Reading(document=document, sentences=sentences(text), mentions=mentions, claims=claims, quantities=())
