"""The sides of one document: where each is named, which countries it speaks of, and what its claims already tell."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from heldby.records import Reading, When
from heldby.resolve.actors import ActorBook, ActorMention
from heldby.resolve.phrases import words_of

# How much a mention says about the country that a document speaks of: a land or its people more than a side, which
# may fight in several.
LAND_WEIGHT = 1.0
SIDE_WEIGHT = 0.5
PLACE_WEIGHT = 1.0
REACH = 3


@dataclass(frozen=True, slots=True)
class SideAt:
    """A side named at an offset, in a sentence (its number); `stance` as in ActorMention; `general` where a common
    noun ("the rebels") stands for it."""

    start: int
    end: int
    actor_id: str
    sentence: int
    stance: str = ""
    general: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a document says of sides: all mentions in order, countries by weight (heaviest first), its day."""

    sides: tuple[SideAt, ...]
    countries: tuple[str, ...]
    weights: Mapping[str, float]
    day: date | None
    starts: tuple[int, ...]
    by_actor: Mapping[str, tuple[SideAt, ...]] = field(default_factory=dict)

    @property
    def country(self) -> str:
        """The code of the country that the document speaks of most, "" where it names none."""
        return self.countries[0] if self.countries else ""

    def sentence_at(self, offset: int) -> int:
        """Return the number of the sentence in which an offset lies."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def of(self, actor_id: str) -> tuple[SideAt, ...]:
        """Return where a side is named."""
        return self.by_actor.get(actor_id, ())


def _day_of(published: When | None) -> date | None:
    """Return the report's day; of bounds only the first is sound, for the last may be the day of the capture."""
    if published is None:
        return None
    return (
        published.earliest
        if published.precision in {"interval", "unknown"}
        else published.latest or published.earliest
    )


def read_scene(reading: Reading, *, book: ActorBook, countries: Iterable[str] = ()) -> Scene:
    """Return the scene of a reading; `countries` are codes of the places it names, one for each mention, if known."""
    text = reading.document.text
    published = reading.document.published
    day = _day_of(published)
    starts = tuple(sorted(sentence.start for sentence in reading.sentences)) or (0,)
    mentions = book.mentions(text)
    weights = _countries((*book.mentions(reading.document.title), *mentions), book=book, given=countries)
    ranked = tuple(weights)
    scene = Scene(sides=(), countries=ranked, weights=weights, day=day, starts=starts)
    named = [side for mention in mentions for side in _side(mention, text=text, book=book, scene=scene)]
    general = _general_sides(text, named=named, book=book, scene=scene)
    sides = tuple(sorted((*named, *general), key=lambda side: side.start))
    by_actor: dict[str, list[SideAt]] = {}
    for side in sides:
        by_actor.setdefault(side.actor_id, []).append(side)
    return replace(scene, sides=sides, by_actor={one: tuple(found) for one, found in by_actor.items()})


def _countries(mentions: tuple[ActorMention, ...], *, book: ActorBook, given: Iterable[str]) -> dict[str, float]:
    weights: defaultdict[str, float] = defaultdict(float)
    for code in given:
        weights[code] += PLACE_WEIGHT
    for mention in mentions:
        actor = book.actors[mention.actor_ids[0]]
        grounds = actor.countries or ((actor.country,) if actor.country else ())
        if mention.form in {"land", "demonym", "capital"}:
            at_home = not grounds or grounds[0] == actor.country
            weights[actor.country if at_home else ""] += LAND_WEIGHT
        for rank, code in enumerate(grounds[:REACH]):
            weights[code] += SIDE_WEIGHT / (rank + 1)
    return {code: weight for code, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])) if code}


def _side(mention: ActorMention, *, text: str, book: ActorBook, scene: Scene) -> Iterable[SideAt]:
    """Yield the side that a mention names, if it stands for forces there and not for a land or a people."""
    start, end = mention.span.start, mention.span.end
    after = words_of(text[end : end + 24])[:1]
    if after and after[0].folded in book.words.civilian_words and not text[end:].startswith("."):
        return  # "Kurdish civilians"
    if mention.form != "name":
        ahead = " ".join(word.text for word in words_of(text[end : end + 40])[:REACH])
        phrase = f"{mention.span.text} {ahead.split('.')[0]}"
        if mention.form in {"land", "capital"} and not mention.stance:
            return
        if not mention.stance and not any(
            word.folded in book.words.force_nouns for word in words_of(phrase)[1 : 1 + REACH]
        ):
            return
    found = _best(mention, book=book, scene=scene)
    yield SideAt(start, end, found, scene.sentence_at(start), mention.stance)


def _best(mention: ActorMention, *, book: ActorBook, scene: Scene) -> str:
    if len(mention.actor_ids) == 1:
        return mention.actor_ids[0]
    matches = book.find(mention.span.text, on=scene.day, countries=frozenset(scene.countries[:1]))
    return matches[0].actor_id if matches else mention.actor_ids[0]


def _general_sides(text: str, *, named: list[SideAt], book: ActorBook, scene: Scene) -> Iterable[SideAt]:
    """Yield what common nouns with one meaning in the document's country stand for: "regime forces", "the rebels"."""
    words = words_of(text)
    taken = [(side.start, side.end) for side in named]
    for hit in book.words.noun_index.hits(text):
        start, end = words[hit.first].start, words[hit.last - 1].end
        before = next((side for side in reversed(named) if side.end <= start), None)
        if any(one < end and start < other for one, other in taken):
            continue
        if before and not before.stance and start - before.end < 2 + 12 and "." not in text[before.end : start]:
            continue
        actor_id = plain_meaning(hit.key, ending=hit.ending, book=book, scene=scene)
        if actor_id:
            yield SideAt(start, end, actor_id, scene.sentence_at(start), "", True)


def class_of(key: tuple[str, ...], *, book: ActorBook) -> str:
    """Return the class of a common noun, also in its plural, "" for any other word."""
    nouns = book.words.nouns
    return nouns.get(key) or nouns.get((*key[:-1], key[-1].removesuffix("s")), "")


def plain_meaning(key: tuple[str, ...], *, ending: str, book: ActorBook, scene: Scene) -> str:
    """Return the id that a common noun has in the document's country without any earlier mention, else ""."""
    name = class_of(key, book=book)
    if name == "state":
        return book.state_of(scene.country, on=scene.day)
    if name in {"rebel", "separatist", "coalition"}:
        return book.words.classes[name].default.get(scene.country, "")
    return ""
