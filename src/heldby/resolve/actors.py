"""The book of sides: finds their names in a text, and tells which side a noun phrase names.

A country, its people, its capital and its leaders name a side only together with its forces ("Syrian troops",
"Kyiv's troops", "forces loyal to Assad") or alone, when they act ("Turkey launched ..."). A side that only helps
("US-backed rebels", "troops backed by Russia") is never the one that a phrase means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from heldby.records import Actor, ActorName, Relationship, Span
from heldby.resolve.actor_table import ActorTable, Form, NameForm, read_actor_table
from heldby.resolve.phrases import PhraseHit, PhraseIndex, Word, hyphen_after, joined, words_of
from heldby.resolve.side_words import SideWords

Stance = Literal["", "against", "friend", "helper", "leader", "holder", "seat"]

ACRONYM_LETTERS = 5
ANSWERS_KEPT = 1024
CONJUNCTIONS = frozenset({"and", "&", "or", "as", "with", "plus"})

OUTSIDE_ITS_TIME = -0.3
FIGHTS_THERE = 0.1
FIGHTS_ELSEWHERE = -0.2
BY_FORM: Mapping[str, float] = {"name": 0.9, "land": 0.75, "demonym": 0.85, "capital": 0.65, "leader": 0.75}
BY_STANCE: Mapping[str, float] = {"": 0.0, "friend": -0.2, "leader": -0.25}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorMention:
    """A side named in a text: `actor_ids` best first (more than one only where the name is shared), the form of
    the name, and its stance: "holder" in "X-held", "against" in "anti-X", "helper" in "X-backed", "friend" in
    "pro-X", "leader" in "X-led", "seat" in "X-based", else ""."""

    span: Span
    actor_ids: tuple[str, ...]
    form: Form
    stance: Stance = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorMatch:
    """A side that a phrase names: `score` between 0 and 1, one sentence of reason, `also` the ids that lost."""

    actor_id: str
    name: str
    score: float
    reason: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseSides:
    """What a noun phrase says of sides: those it means, in order, and ids of those that only help or are fought.

    `peoples` are ids of states whose land or people is named without their forces ("a Ukrainian counter-attack").
    """

    meant: tuple[ActorMatch, ...] = ()
    peoples: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    hit: PhraseHit
    forms: tuple[NameForm, ...]
    stance: Stance


class ActorBook:
    """All sides of `actors.toml`, with look-up by id, by name in a text, and by noun phrase."""

    def __init__(self, table: ActorTable, *, words: SideWords) -> None:
        self._table = table
        self._words = words
        generic = words.nouns
        self._forms = {
            key: forms
            for key, forms in table.forms.items()
            if key not in generic and (key[-1][-1:] != "s" or (*key[:-1], key[-1][:-1]) not in generic)
        }
        self._index = PhraseIndex(" ".join(key) for key in self._forms)
        # The same questions come for every claim of a report, and for every side that may be meant.
        self._mentions = lru_cache(maxsize=ANSWERS_KEPT)(self._find_mentions)
        self._phrases = lru_cache(maxsize=ANSWERS_KEPT)(self._read_phrase)
        self._enemies = lru_cache(maxsize=ANSWERS_KEPT)(self._find_enemies)
        self._friends = lru_cache(maxsize=ANSWERS_KEPT)(self._find_friends)
        self._states = lru_cache(maxsize=ANSWERS_KEPT)(self._find_state)

    @classmethod
    def of(cls, tables: Mapping[str, Any], *, words: SideWords) -> ActorBook:
        """Build the book from the tables of `actors.toml`; raises KnowledgeError naming the entry that is wrong."""
        return cls(read_actor_table(tables), words=words)

    @property
    def actors(self) -> Mapping[str, Actor]:
        """Every side by id."""
        return self._table.actors

    @property
    def words(self) -> SideWords:
        """The common nouns that the book was built with."""
        return self._words

    def name(self, actor_id: str) -> str:
        """Return the short plain name of a side, "" for an unknown id."""
        actor = self._table.actors.get(actor_id)
        return actor.name if actor else ""

    def classes(self, actor_id: str) -> frozenset[str]:
        """Return the classes of common nouns that can stand for a side."""
        return self._table.classes.get(actor_id, frozenset())

    def enemies(self, actor_id: str, *, on: date | None = None) -> frozenset[str]:
        """Return the ids of a side's enemies, and of the enemies of what it is part of, on a day (None: ever)."""
        return self._enemies(actor_id, on)

    def _find_enemies(self, actor_id: str, on: date | None) -> frozenset[str]:
        actor = self._table.actors.get(actor_id)
        if actor is None:
            return frozenset()
        wider = [self._table.actors[link.actor_id] for link in _on(actor.part_of, on)]
        return frozenset(link.actor_id for one in (actor, *wider) for link in _on(one.enemies, on)) - {actor_id}

    def friends(self, actor_id: str, *, on: date | None = None) -> frozenset[str]:
        """Return the ids of a side's allies, patrons and the larger sides that it is part of, on a day."""
        return self._friends(actor_id, on)

    def _find_friends(self, actor_id: str, on: date | None) -> frozenset[str]:
        actor = self._table.actors.get(actor_id)
        if actor is None:
            return frozenset()
        links = (*actor.allies, *actor.patrons, *actor.part_of)
        return frozenset(link.actor_id for link in _on(links, on))

    def state_of(self, country: str, *, on: date | None = None) -> str:
        """Return the id of the state forces of a country on a day, "" where the book has none."""
        return self._states(country, on)

    def _find_state(self, country: str, on: date | None) -> str:
        found = [actor for actor in self._table.actors.values() if actor.state and actor.country == country]
        fitting = [actor for actor in found if on is None or _in_time(actor.names[0], on)]
        return next((actor.id for actor in (*fitting, *found)), "")

    def mentions(self, text: str) -> tuple[ActorMention, ...]:
        """Return every side named in a text, in order, longest names first where they overlap."""
        return self._mentions(text)

    def _find_mentions(self, text: str) -> tuple[ActorMention, ...]:
        words = words_of(text)
        return tuple(
            ActorMention(
                span=Span.of(text, words[found.hit.first].start, words[found.hit.last - 1].end),
                actor_ids=tuple(dict.fromkeys(form.actor_id for form in found.forms)),
                form=found.forms[0].form,
                stance=found.stance,
            )
            for found in self._hits(text, words)
        )

    def find(
        self, words: str, *, on: date | None = None, countries: frozenset[str] = frozenset()
    ) -> tuple[ActorMatch, ...]:
        """Return the sides that a noun phrase means, in order; none where it names no side ("the militants").

        `on` prefers names in use on that day, `countries` (codes) sides that fight there; a name outside its time
        still matches, with a lower score.
        """
        return self.read_phrase(words, on=on, countries=countries).meant

    def read_phrase(
        self, words: str, *, on: date | None = None, countries: frozenset[str] = frozenset()
    ) -> PhraseSides:
        """Return the sides that a noun phrase means, those that only help them, and those that they are against."""
        return self._phrases(words, on, countries)

    def _read_phrase(self, words: str, on: date | None, countries: frozenset[str]) -> PhraseSides:
        listed = words_of(words)
        hits = self._hits(words, listed)
        cut = self._cut(words, listed)
        meant: dict[str, ActorMatch] = {}
        spare: dict[str, ActorMatch] = {}
        for at, found in enumerate(hits):
            if found.hit.first >= cut or not self._is_side(words, listed, hits=hits, at=at, cut=cut):
                continue
            match = self._match(found, on=on, countries=countries)
            (meant if not found.stance else spare).setdefault(match.actor_id, match)
        return PhraseSides(
            meant=tuple((meant or spare).values()),
            peoples=tuple(
                dict.fromkeys(
                    self._match(found, on=on, countries=countries).actor_id
                    for at, found in enumerate(hits)
                    if not found.stance
                    and found.hit.first < cut
                    and found.forms[0].form in {"land", "demonym"}
                    and not self._is_ground(listed, hits=hits, at=at)
                )
            ),
            helpers=tuple(
                dict.fromkeys(
                    found.forms[0].actor_id for found in hits if found.stance == "helper" or found.hit.first >= cut
                )
            ),
            against=tuple(dict.fromkeys(found.forms[0].actor_id for found in hits if found.stance == "against")),
        )

    def _hits(self, text: str, words: tuple[Word, ...]) -> list[_Hit]:
        found = []
        for hit in self._index.hits(text):
            surface = text[words[hit.first].start : words[hit.last - 1].end]
            forms = tuple(
                form for form in self._forms[hit.key] if _fits_case(surface[: len(surface) - len(hit.ending)], form)
            )
            if forms and not self._is_plain_word(text, words, hit=hit):
                found.append(_Hit(hit, forms, self._stance(text, words, hit=hit)))
        return found

    def _is_plain_word(self, text: str, words: tuple[Word, ...], *, hit: PhraseHit) -> bool:
        """Tell whether an acronym that is also a word ("IS") stands where everything is in capitals."""
        if len(hit.key) > 1 or hit.key[0] not in self._words.acronym_words:
            return False
        around = words[max(0, hit.first - 1) : hit.first] + words[hit.last : hit.last + 1]
        return bool(around) and all(word.text.isupper() and len(word.text) > 1 for word in around)

    def _stance(self, text: str, words: tuple[Word, ...], *, hit: PhraseHit) -> Stance:
        if hit.last < len(words) and joined(text, words, at=hit.last - 1):
            attached = self._words.attachments.get(words[hit.last].folded, "")
            by = hit.last + 1 < len(words) and words[hit.last + 1].folded == "by"
            if attached and (hyphen_after(text, words[hit.last - 1]) or (attached != "holder" and not by)):
                return _as_stance(attached)
        if hit.first and joined(text, words, at=hit.first - 1):
            return _as_stance(self._words.prefixes.get(words[hit.first - 1].folded, ""))
        return ""

    def _cut(self, text: str, words: tuple[Word, ...]) -> int:
        """Return the number of the first word that no longer belongs to the side meant ("... backed by Russia")."""
        return next((hit.first for hit in self._words.aside_index.hits(text) if hit.first), len(words))

    def _is_side(self, text: str, words: tuple[Word, ...], *, hits: list[_Hit], at: int, cut: int) -> bool:
        found = hits[at]
        if found.stance not in BY_STANCE:
            return False
        next_hit = hits[at + 1].hit if at + 1 < len(hits) else None
        if all(form.form == "name" for form in found.forms):
            return not (found.hit.ending and next_hit and not _parted(text, words, found.hit.last, next_hit.first))
        if self._is_ground(words, hits=hits, at=at):
            return False
        if found.stance:
            return True
        following = hits[at + 1].hit.first if at + 1 < len(hits) else len(words)
        return self._leads_forces(text, words, found=found, following=following, cut=cut)

    def _is_ground(self, words: tuple[Word, ...], *, hits: list[_Hit], at: int) -> bool:
        """Tell whether a country is where something is, not who acts: "in Iraq", "in Iraq and eastern Syria"."""
        first = hits[at].hit.first
        if first and words[first - 1].folded in CONJUNCTIONS and at and hits[at - 1].hit.last == first - 1:
            return self._is_ground(words, hits=hits, at=at - 1)
        while first and words[first - 1].folded in self._words.directions:
            first -= 1
        return bool(first) and words[first - 1].folded in self._words.place_prepositions

    def _leads_forces(self, text: str, words: tuple[Word, ...], *, found: _Hit, following: int, cut: int) -> bool:
        last = found.hit.last
        if last >= min(len(words), cut) or words[last].folded in CONJUNCTIONS or not _plain_gap(text, words, last):
            return True
        if any(form.form == "leader" for form in found.forms):
            return True
        for at in range(last, min(len(words), cut)):
            word = words[at].folded
            if at == following:
                return False
            if word in self._words.force_nouns:
                return True
            if (
                self._words.nouns.get((word,)) or self._words.nouns.get((word.removesuffix("s"),)) or "state"
            ) != "state":
                return False
            if word in CONJUNCTIONS or not _plain_gap(text, words, at + 1):
                break
        return any(form.form in {"land", "capital"} for form in found.forms) and not found.hit.ending

    def _match(self, found: _Hit, *, on: date | None, countries: frozenset[str]) -> ActorMatch:
        scored = sorted(
            ((self._score(form, on=on, countries=countries), -form.rank, form) for form in found.forms),
            key=lambda item: (-item[0], -item[1]),
        )
        score, _, form = scored[0]
        late = on is not None and not _in_time(form.name, on)
        reason = f"“{' '.join(found.hit.key)}” is a {form.form} of {self.name(form.actor_id)}"
        return ActorMatch(
            actor_id=form.actor_id,
            name=self.name(form.actor_id),
            score=round(max(0.05, min(1.0, score + BY_STANCE[found.stance])), 3),
            reason=reason + (", though not in use on that day." if late else "."),
            also=tuple(dict.fromkeys(other.actor_id for _, _, other in scored if other.actor_id != form.actor_id)),
        )

    def _score(self, form: NameForm, *, on: date | None, countries: frozenset[str]) -> float:
        score = BY_FORM[form.form]
        if on is not None and not _in_time(form.name, on):
            score += OUTSIDE_ITS_TIME
        if countries:
            fights = set(self._table.actors[form.actor_id].countries)
            score += FIGHTS_THERE if fights & countries else FIGHTS_ELSEWHERE
        return score


def _fits_case(surface: str, form: NameForm) -> bool:
    """Tell whether the letters' case allows the name: acronyms as they are, proper names not all in small letters."""
    name = form.name.text
    if form.form == "capital" and surface.isupper() and not name.isupper():
        return False  # A capital in capitals is the dateline of a report.
    bare = name.replace(".", "")
    if bare.isupper() and len(bare) <= ACRONYM_LETTERS:
        return surface.replace(".", "").isupper()
    return name == name.lower() or surface != surface.lower()


def _plain_gap(text: str, words: tuple[Word, ...], at: int) -> bool:
    """Tell whether no comma, bracket or other mark parts word `at` from the one before it."""
    return at >= len(words) or at == 0 or joined(text, words, at=at - 1)


def _parted(text: str, words: tuple[Word, ...], first: int, last: int) -> bool:
    """Tell whether a mark or a joining word stands between two words."""
    between = any(word.folded in CONJUNCTIONS for word in words[first:last])
    return between or not all(_plain_gap(text, words, at) for at in range(first, last + 1))


def _as_stance(word: str) -> Stance:
    stances: Mapping[str, Stance] = {
        "against": "against",
        "friend": "friend",
        "helper": "helper",
        "leader": "leader",
        "holder": "holder",
        "seat": "seat",
    }
    return stances.get(word, "")


def _in_time(name: ActorName, day: date) -> bool:
    return (name.since is None or name.since <= day) and (name.until is None or day <= name.until)


def _on(links: Iterable[Relationship], day: date | None) -> tuple[Relationship, ...]:
    return tuple(
        link
        for link in links
        if day is None or ((link.since is None or link.since <= day) and (link.until is None or day <= link.until))
    )
