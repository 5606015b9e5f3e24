"""Whom the words for a claim's sides mean: names through the book of sides, common nouns through the document.

"The militants", "the army", "they" are resolved by what the document has named before, by the class of the noun, by
the country spoken of, and, for words such as "terrorists", by who is speaking. A claim's two parties are never one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from heldby.records import Claim, Party, Reading, Span
from heldby.resolve.actors import ActorBook
from heldby.resolve.opponents import implied_actor, implied_opponent
from heldby.resolve.phrases import PhraseHit, words_of
from heldby.resolve.scene import Scene, SideAt, class_of, read_scene
from heldby.resolve.side_phrases import class_of_phrase, split_joint, whole_phrase, without_dateline

# A country whose weight in the document is at least this share of the first one's is spoken of as well.
SPOKEN_OF = 0.5

# Classes of common nouns that a possessive takes up; a side named right before one is what both mean.
TAKEN_UP = frozenset({"jihadist", "militant", "terrorist", "rebel", "separatist", "state"})
ADJACENT = 30
ARTICLES = frozenset({"the", "a", "an"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is being resolved: the claim, where its words stand, whom they cannot mean, what came before, and the
    enemies of the sides named beside it, which a common noun does not mean."""

    claim: Claim
    start: int
    apart: frozenset[str]
    earlier: tuple[Claim, ...]
    foes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Found:
    actor_ids: tuple[str, ...]
    reason: str


def resolve_parties(
    reading: Reading, *, book: ActorBook, countries: Iterable[str] = (), scene: Scene | None = None
) -> Reading:
    """Return the reading with actor and opponent of every claim resolved, in text order.

    `countries` holds the country codes of the document's resolved places, one for each mention, where known. The
    speaker's side is read from the innermost link of a claim's chain, so sources should be resolved before. A party
    that cannot be resolved keeps its mention, without ids, and says so in its reason. `scene` may be handed in where
    it has been read before; `countries` then has no effect.
    """
    scene = read_scene(reading, book=book, countries=countries) if scene is None else scene
    done: list[Claim] = []
    for claim in reading.claims:
        done.append(_resolve_claim(claim, scene=scene, book=book, earlier=tuple(done)))
    return replace(reading, claims=tuple(_imply(claim, claims=tuple(done), scene=scene, book=book) for claim in done))


def _resolve_claim(claim: Claim, *, scene: Scene, book: ActorBook, earlier: tuple[Claim, ...]) -> Claim:
    """Resolve the party whose words say more first: a name before a common noun before a pronoun."""
    order = sorted(("actor", "opponent"), key=lambda role: _vagueness(getattr(claim, role), book=book))
    for role in order:
        party, other = (claim.actor, claim.opponent) if role == "actor" else (claim.opponent, claim.actor)
        if party.mention is None:
            continue
        asked = _Asked(claim=claim, start=party.mention.start, apart=frozenset(other.actor_ids), earlier=earlier)
        found = _resolve_party(party.mention, asked=asked, scene=scene, book=book)
        claim = replace(claim, actor=found) if role == "actor" else replace(claim, opponent=found)
    return claim


def _imply(claim: Claim, *, claims: tuple[Claim, ...], scene: Scene, book: ActorBook) -> Claim:
    if says_nobody(claim.actor, book=book):
        found = implied_actor(claim, claims=claims, scene=scene, book=book)
        claim = replace(claim, actor=_kept_words(claim.actor, found))
    if says_nobody(claim.opponent, book=book):
        found = implied_opponent(claim, claims=claims, scene=scene, book=book)
        claim = replace(claim, opponent=_kept_words(claim.opponent, found))
    return claim


def says_nobody(party: Party, *, book: ActorBook) -> bool:
    """Tell whether nothing, or only a pronoun, an article or a weapon without an owner, stands for a party."""
    if party.actor_ids or party.mention is None:
        return not party.actor_ids
    words = words_of(party.mention.text)
    weapon = class_of_phrase(party.mention.text, book=book) == "weapon"
    return weapon or all(word.folded in book.words.pronouns or word.folded in ARTICLES for word in words)


def _kept_words(told: Party, found: Party) -> Party:
    """Return the implied side with the words that were there; where none is implied, the party as told."""
    return replace(found, mention=told.mention) if found.actor_ids else told


def _vagueness(party: Party, *, book: ActorBook) -> int:
    if party.mention is None:
        return 3
    words = words_of(party.mention.text)
    if any(word.folded in book.words.pronouns for word in words[:1]):
        return 2
    return 0 if book.find(party.mention.text) else 1


def _resolve_party(mention: Span, *, asked: _Asked, scene: Scene, book: ActorBook) -> Party:
    found: dict[str, str] = {}
    phrase = whole_phrase(without_dateline(mention), sentence=asked.claim.sentence, book=book)
    start = phrase.start
    for part in split_joint(phrase.text, book=book):
        at = phrase.text.find(part, max(0, start - phrase.start)) + phrase.start
        one = _resolve_part(part, asked=replace(asked, start=at), scene=scene, book=book)
        start = at
        for actor_id in one.actor_ids:
            found.setdefault(actor_id, one.reason)
        foes = (book.enemies(actor_id, on=scene.day) for actor_id in one.actor_ids)
        asked = replace(asked, apart=asked.apart | set(one.actor_ids), foes=asked.foes.union(*foes))
    if not found and class_of_phrase(mention.text, book=book) == "rebel":
        return Party(mention=mention, name="rebels", reason="No country tells which rebels these are.")
    if not found:
        return Party(mention=mention, reason=f"Nothing in the document says whom “{mention.text}” means.")
    return Party(
        mention=mention,
        actor_ids=tuple(found),
        name=" and ".join(book.name(actor_id) for actor_id in found),
        reason=" ".join(dict.fromkeys(found.values())),
    )


def _resolve_part(part: str, *, asked: _Asked, scene: Scene, book: ActorBook) -> _Found:
    ground = asked.claim.place.place
    countries = frozenset({ground.country} if ground and ground.country else scene.countries[:2])
    sides = book.read_phrase(part, on=scene.day, countries=countries)
    words = words_of(part)
    nouns = _nouns(part, book=book)
    if sides.meant:
        return _Found(tuple(match.actor_id for match in sides.meant), " ".join(match.reason for match in sides.meant))
    if words and words[0].folded in book.words.pronouns and not nouns:
        return _pronoun(words[0].folded, asked=asked, scene=scene, book=book)
    if sides.helpers and nouns:
        helped = _helped(sides.helpers, nouns[-1], asked=asked, scene=scene, book=book)
        if helped.actor_ids:
            return helped
    if nouns:
        return _noun(nouns, asked=asked, scene=scene, book=book, owner=words[0].folded if words else "")
    if sides.peoples:
        return _Found(sides.peoples, f"“{part}” speaks of {book.name(sides.peoples[0])} by its land or people.")
    return _Found((), "")


def _nouns(part: str, *, book: ActorBook) -> list[PhraseHit]:
    """Return the common nouns for sides in a phrase; of "warplanes of the coalition" the owner, not what is owned."""
    words = words_of(part)
    nouns = [hit for hit in book.words.noun_index.hits(part) if hit.first < _cut(part, book=book)]
    if len(nouns) > 1 and nouns[0].last < len(words) and words[nouns[0].last].folded == "of":
        return nouns[1:]
    return nouns


def _cut(part: str, *, book: ActorBook) -> int:
    hits = book.words.aside_index.hits(part)
    return next((hit.first for hit in hits if hit.first), len(words_of(part)))


def _helped(helpers: tuple[str, ...], noun: PhraseHit, *, asked: _Asked, scene: Scene, book: ActorBook) -> _Found:
    """Resolve "US-backed forces": the named side in the document under that patronage."""
    wanted = set(helpers)
    for side in _nearest(asked, scene=scene):
        patrons = {link.actor_id for link in book.actors[side.actor_id].patrons}
        if patrons & wanted and side.actor_id not in asked.apart and not side.stance:
            return _Found(
                (side.actor_id,),
                f"{book.name(side.actor_id)} is the side in the document that {book.name(helpers[0])} backs.",
            )
    return _Found((), "")


def _noun(nouns: list[PhraseHit], *, asked: _Asked, scene: Scene, book: ActorBook, owner: str) -> _Found:
    """Resolve a common noun: the first one of a clear class, else the last."""
    classed = [(class_of(hit.key, book=book), hit) for hit in nouns]
    clear = next((pair for pair in classed if pair[0] not in {"any", "ally", "fighters", "group"}), classed[-1])
    name, hit = clear
    words = " ".join(hit.key)
    if owner in book.words.pronouns and name in {"any", "fighters", "state", "weapon"}:
        owned = _pronoun(owner, asked=asked, scene=scene, book=book)
        if owned.actor_ids or name in {"any", "fighters"}:
            return owned
    if name == "weapon":
        return _Found((), "")
    if name in {"state", "rebel", "coalition", "separatist", "tribal", "militia"}:
        actor_id = _by_country(name, asked=asked, scene=scene, book=book)
        if actor_id:
            return _Found((actor_id,), f"“{words}” means {book.name(actor_id)} in a document on {scene.country}.")
    return _earlier_side(name, words=words, asked=asked, scene=scene, book=book)


def _by_country(name: str, *, asked: _Asked, scene: Scene, book: ActorBook) -> str:
    """Return the side that a noun means by the country spoken of; for a state, the one named nearest before wins
    where the document is on several countries."""
    ground = asked.claim.place.place.country if asked.claim.place.place else ""
    if name == "state":
        found = _state_meant(ground, asked=asked, scene=scene, book=book)
    else:
        default = book.words.classes[name].default
        found = default.get(ground, "") or default.get(scene.country, "")
    return "" if found in asked.apart | asked.foes else found


def _state_meant(ground: str, *, asked: _Asked, scene: Scene, book: ActorBook) -> str:
    """Return the state that "the army" means: the nearest in the sentence, else that of the ground."""
    here = scene.sentence_at(asked.start)
    near = [
        side
        for side in _nearest(asked, scene=scene)
        if side.start < asked.start and not side.general and _is_home_state(side.actor_id, scene=scene, book=book)
    ]
    if near and near[0].sentence == here:
        return near[0].actor_id
    own = book.state_of(ground, on=scene.day)
    if own and _is_home_state(own, scene=scene, book=book):
        return own
    return near[0].actor_id if near else book.state_of(scene.country, on=scene.day)


def _is_home_state(actor_id: str, *, scene: Scene, book: ActorBook) -> bool:
    actor = book.actors[actor_id]
    return (
        actor.state
        and bool(actor.countries)
        and actor.country == actor.countries[0]
        and (scene.weights.get(actor.country, 0.0) >= SPOKEN_OF * scene.weights.get(scene.country, 0.0))
    )


def _earlier_side(name: str, *, words: str, asked: _Asked, scene: Scene, book: ActorBook) -> _Found:
    """Return the nearest side of the class, before the words, else after them, else the country's default."""
    enemy_word = book.words.classes[name].enemy if name in book.words.classes else False
    speaker = asked.claim.chain[-1].side if asked.claim.chain else ""
    hostile = frozenset[str]()
    if enemy_word or (name == "defender" and asked.apart):
        sayers = [*sorted(asked.apart), book.state_of(scene.country, on=scene.day)]
        sayers = [speaker, *sayers] if enemy_word else sayers
        hostile = next((foes for foes in (book.enemies(one, on=scene.day) for one in sayers) if foes), hostile)
    for side in _nearest(asked, scene=scene):
        actor = book.actors[side.actor_id]
        if side.actor_id in asked.apart | asked.foes or side.stance in {"helper", "friend"}:
            continue
        if (hostile and side.actor_id not in hostile) or (name == "ally" and not _helps(side.actor_id, asked, book)):
            continue
        if _stands_for(name, classes=book.classes(side.actor_id), state=actor.state):
            return _Found((side.actor_id,), f"“{words}” takes up {actor.name}, named nearest to it.")
    word_class = book.words.classes.get(name)
    default = {**word_class.fallback, **word_class.default}.get(scene.country, "") if word_class else ""
    if default and default not in asked.apart | asked.foes:
        return _Found((default,), f"“{words}” usually means {book.name(default)} in {scene.country}.")
    return _Found((), "")


def _helps(actor_id: str, asked: _Asked, book: ActorBook) -> bool:
    """Tell whether a side is an ally of one that is named beside it, or nobody is."""
    beside = asked.apart
    return not beside or bool(beside & book.friends(actor_id)) or any(actor_id in book.friends(one) for one in beside)


def _stands_for(name: str, *, classes: frozenset[str], state: bool) -> bool:
    if name in {"any", "ally", "foe", "defender"}:
        return True
    if name == "terrorist":
        return not state and bool(classes & {"jihadist", "rebel", "fighters"})
    if name == "rebel":
        return not state and bool(classes & {"rebel", "jihadist"})
    if name == "militant":
        return not state and "fighters" in classes and "kurdish" not in classes
    return name in classes


def _pronoun(word: str, *, asked: _Asked, scene: Scene, book: ActorBook) -> _Found:
    """Resolve a pronoun: the speaker's side for "we", else the side that a claim or the text named last."""
    number = book.words.pronouns[word]
    if number == "speaker":
        chain = asked.claim.chain
        if chain and chain[-1].side:
            return _Found((chain[-1].side,), f"“{word}” is the side of the speaker, {chain[-1].mention.text}.")
        said = book.find(chain[-1].mention.text, on=scene.day) if chain else ()
        if said:
            return _Found((said[0].actor_id,), f"“{word}” is the side of the speaker, {chain[-1].mention.text}.")
    here = scene.sentence_at(asked.start)
    if number == "possessive":
        owner = _noun_before(asked, scene=scene, book=book)
        if owner.actor_ids:
            return owner
        near = next((side for side in _nearest(asked, scene=scene) if _can_own(side, asked=asked, here=here)), None)
        if near:
            return _Found((near.actor_id,), f"“{word}” takes up {book.name(near.actor_id)}, named right before it.")
    previous = [
        claim.actor
        for claim in asked.earlier
        if claim.actor.mention and claim.actor.actor_ids and claim.actor.mention.start < asked.start
    ]
    same = [p for p in previous if p.mention and scene.sentence_at(p.mention.start) == here]
    for party in same[-1:]:
        if not set(party.actor_ids) & asked.apart:
            return _Found(party.actor_ids, f"“{word}” takes up {party.name}, the actor told of just before.")
    if not any(side.sentence == here and side.start < asked.start for side in scene.sides):
        told = [p for p in previous if p.mention and scene.sentence_at(p.mention.start) == here - 1]
        for party in told[:1]:
            if not set(party.actor_ids) & asked.apart:
                return _Found(party.actor_ids, f"“{word}” takes up {party.name}, who acts in the sentence before.")
    for side in _nearest(asked, scene=scene):
        if side.start < asked.start and side.actor_id not in asked.apart and side.stance in {"", "leader"}:
            return _Found((side.actor_id,), f"“{word}” takes up {book.name(side.actor_id)}, named last before it.")
    return _Found((), "")


def _noun_before(asked: _Asked, *, scene: Scene, book: ActorBook) -> _Found:
    """Resolve the common noun nearest before a possessive in its sentence ("the militants ... areas under their
    control"), where no named side stands nearer."""
    sentence = asked.claim.sentence
    before = sentence.text[: max(0, asked.start - sentence.start)]
    words = words_of(before)
    hits = [hit for hit in book.words.noun_index.hits(before) if class_of(hit.key, book=book) in TAKEN_UP]
    if not hits:
        return _Found((), "")
    start = sentence.start + words[hits[-1].first].start
    if any(start - ADJACENT <= side.start < asked.start and sentence.start <= side.start for side in scene.sides):
        return _Found((), "")
    return _noun(hits[-1:], asked=replace(asked, start=start), scene=scene, book=book, owner="")


def _can_own(side: SideAt, *, asked: _Asked, here: int) -> bool:
    """Tell whether a side named in the same sentence before a possessive can be the one that it takes up."""
    return (
        side.start < asked.start
        and side.sentence == here
        and side.actor_id not in asked.apart
        and side.stance in {"", "leader"}
    )


def _nearest(asked: _Asked, *, scene: Scene) -> Iterable[SideAt]:
    """Yield the sides of the document: those before the words, nearest sentence first and in a sentence the first
    named first (its subject), then those after."""
    here = scene.sentence_at(asked.start)
    before = [side for side in scene.sides if side.end <= asked.start]
    after = [side for side in scene.sides if side.start > asked.start]
    own = [side for side in before if side.sentence == here]
    yield from reversed(own)
    yield from sorted((s for s in before if s.sentence != here), key=lambda s: (-s.sentence, s.start))
    yield from after
