"""Sides that a claim only implies: whom it is done to, or who does it, where the text leaves no doubt.

Every side that the document names is a candidate. Small pieces of evidence, each with a weight, say for or against
it; the best one is taken if it is well enough founded and clearly better than the next. A state of control ("held
by") implies no opponent.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from heldby.records import Claim, Party
from heldby.resolve.actors import ActorBook
from heldby.resolve.phrases import words_of
from heldby.resolve.scene import Scene, SideAt

# Relations that imply no other side: a state of affairs.
ONE_SIDED = frozenset({"holds"})
# Classes of nouns that speak of a foe without naming him.
NAMELESS = frozenset({"terrorist", "militant", "jihadist"})
NEAR = 60
# Relations that a side can only be in where it comes to the place; those told without a doer; those of affairs.
MOVES = frozenset({"takes", "attacks", "advances", "enters", "besieges", "strikes", "contests"})
LOOSE = frozenset({"strikes", "contests"})
STANDING = frozenset({"holds", "withdraws"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A claim, the ids of the side known in it (none where neither is), and an id that may be the other side."""

    claim: Claim
    claims: tuple[Claim, ...]
    known: frozenset[str]
    candidate: str
    scene: Scene
    book: ActorBook

    @property
    def sentence(self) -> int:
        """The number of the sentence of the claim's trigger."""
        return self.scene.sentence_at(self.claim.trigger.start)

    def sides(self) -> tuple[SideAt, ...]:
        """Return where the candidate is named."""
        return self.scene.of(self.candidate)


def _is_enemy(case: Case) -> float:
    foes = (case.book.enemies(actor_id, on=case.scene.day) for actor_id in case.known)
    return float(any(case.candidate in some for some in foes))


def _is_friend(case: Case) -> float:
    book, day = case.book, case.scene.day
    return float(
        any(
            case.candidate in book.friends(one, on=day) or one in book.friends(case.candidate, on=day)
            for one in case.known
        )
        and not _is_enemy(case)
    )


def _in_sentence(case: Case) -> float:
    span = case.claim.sentence
    return float(any(span.start <= side.start < span.end for side in case.sides()))


def _close_by(case: Case) -> float:
    """The words for it stand within a few words of the trigger, or between it and the place."""
    span, first = case.claim.sentence, min(case.claim.trigger.start, case.claim.place.mention.start)
    last = max(case.claim.trigger.end, case.claim.place.mention.end)
    return float(
        any(
            span.start <= side.start < span.end and first - NEAR / 2 <= side.start < last + NEAR
            for side in case.sides()
        )
    )


def _sentence_before(case: Case) -> float:
    return float(any(side.sentence == case.sentence - 1 for side in case.sides()))


def _sentence_after(case: Case) -> float:
    return float(any(side.sentence == case.sentence + 1 for side in case.sides()))


def _holds_place(case: Case) -> float:
    """Another claim says that it holds, or took, the same place ("the ISIL-held town")."""
    return float(
        any(
            case.candidate in other.actor.actor_ids and other.relation == "holds" and _same_place(other, case.claim)
            for other in case.claims
        )
    )


def _acts_there(case: Case) -> float:
    return float(
        any(
            case.candidate in (*other.actor.actor_ids, *other.opponent.actor_ids)
            and other.relation != "holds"
            and _same_place(other, case.claim)
            and other is not case.claim
            for other in case.claims
        )
    )


def _share(case: Case) -> float:
    """Its share of all mentions of sides other than the known one."""
    known = sum(len(case.scene.of(actor_id)) for actor_id in case.known)
    total = len(case.scene.sides) - known
    return len(case.sides()) / total if total else 0.0


def _against(case: Case) -> float:
    """The sentence has "anti-X", or "against X", "from X", "with X", "X positions"."""
    span = case.claim.sentence
    text = span.text
    for side in case.sides():
        if span.start <= side.start < span.end:
            before = text[max(0, side.start - span.start - 24) : side.start - span.start]
            if side.stance == "against" or _TOWARDS.search(before):
                return 1.0
    return 0.0


def _speaks(case: Case) -> float:
    """In the sentence it is named only as the voice that speaks."""
    span = case.claim.sentence
    here = [side for side in case.sides() if span.start <= side.start < span.end]
    return float(
        bool(here)
        and all(
            any(link.mention.start <= side.start < link.mention.end for link in case.claim.chain) for side in here
        )
    )


_TOWARDS = re.compile(r"\b(?:against|from|with|by|between)\s+(?:the\s+|several\s+|advancing\s+)?(?:\w+\s+)?$", re.I)


def _foreign(case: Case) -> float:
    """It is a foreign state or its coalition, which seldom is the one that ground is taken from."""
    actor = case.book.actors[case.candidate]
    return float(actor.kind == "foreign_state" or (actor.kind == "coalition" and not actor.country))


def _nameless_foe(case: Case) -> float:
    """The sentence has a foe without a name ("terrorist groups", "Takfiri militants") and does not name this side."""
    if _in_sentence(case):
        return 0.0
    words = case.book.words
    span = case.claim.sentence
    listed = words_of(span.text)
    for hit in words.noun_index.hits(span.text):
        kind = words.nouns.get(hit.key) or words.nouns.get((*hit.key[:-1], hit.key[-1].removesuffix("s")))
        definite = any(word.folded in {"the", "these", "those"} for word in listed[max(0, hit.first - 2) : hit.first])
        start, end = span.start + listed[hit.first].start, span.start + listed[hit.last - 1].end
        own = case.claim.actor.mention
        if kind in NAMELESS and not definite and not (own and own.start < end and start < own.end):
            return 1.0
    return 0.0


def _civilians_hit(case: Case) -> float:
    """The act struck civilians, in a sentence that does not name this side."""
    words = {word.folded for word in words_of(case.claim.sentence.text)}
    struck = case.claim.relation == "strikes" and bool(words & case.book.words.civilian_words)
    return float(struck and not _in_sentence(case))


def _cannot_fly(case: Case) -> float:
    """The act is one of aircraft, and the side is no state and no coalition of states."""
    trigger = {word.folded for word in words_of(case.claim.trigger.text)}
    actor = case.book.actors[case.candidate]
    flies = actor.state or "air" in case.book.classes(case.candidate)
    return float(bool(trigger & case.book.words.air_words) and not flies)


def _does_same(case: Case) -> float:
    return float(any(case.candidate in other.actor.actor_ids for other in _alike(case)))


def _does_same_nearby(case: Case) -> float:
    near = case.scene.sentence_at
    return float(
        any(
            case.candidate in other.actor.actor_ids and abs(near(other.trigger.start) - case.sentence) <= 1
            for other in _alike(case)
        )
    )


def _leaves(case: Case) -> float:
    """It withdraws from the place or loses it in the same sentence or beside it, so that another takes it."""
    near = case.scene.sentence_at
    return float(
        case.claim.relation == "takes"
        and any(
            other is not case.claim
            and _same_place(other, case.claim)
            and abs(near(other.trigger.start) - case.sentence) <= 1
            and (
                (other.relation == "withdraws" and case.candidate in other.actor.actor_ids)
                or (other.relation == "takes" and case.candidate in other.opponent.actor_ids)
            )
            for other in case.claims
        )
    )


def _acts(case: Case) -> float:
    return float(any(case.candidate in other.actor.actor_ids for other in _others(case)))


def _moves_there(case: Case) -> float:
    return float(
        any(
            case.candidate in other.actor.actor_ids and other.relation in MOVES and _same_place(other, case.claim)
            for other in _others(case)
        )
    )


def _undergoes_same(case: Case) -> float:
    return float(any(case.candidate in other.opponent.actor_ids for other in _alike(case)))


def _opposed(case: Case) -> float:
    """Another claim tells of the side and the known one as doer and done to, either way round."""
    pairs = ((set(other.actor.actor_ids), set(other.opponent.actor_ids)) for other in _others(case))
    return float(
        any(
            (case.candidate in one and other & case.known) or (case.candidate in other and one & case.known)
            for one, other in pairs
        )
    )


def _leads(case: Case) -> float:
    """It does the first act that the document tells."""
    acts = [other for other in case.claims if other.actor.actor_ids and other.relation not in ONE_SIDED]
    first = min(acts, key=lambda other: other.trigger.start, default=None)
    return float(first is not None and case.candidate in first.actor.actor_ids)


def _most_named(case: Case) -> float:
    counts = [len(sides) for actor_id, sides in case.scene.by_actor.items() if actor_id not in case.known]
    return float(bool(counts) and len(case.sides()) == max(counts))


def _restores(case: Case) -> float:
    """The word is one for taking back what was one's own, and the side is a state fighting at home."""
    actor = case.book.actors[case.candidate]
    words = {word.folded for word in words_of(case.claim.trigger.text)}
    return float(bool(words & case.book.words.restore_words) and actor.state and actor.kind != "foreign_state")


def _state_strikes(case: Case) -> float:
    return float(case.book.actors[case.candidate].state and case.claim.relation == "strikes")


def _others(case: Case) -> list[Claim]:
    return [other for other in case.claims if other.id != case.claim.id]


def _unsaid(claim: Claim) -> bool:
    return "actor" in claim.unsaid


def _alike(case: Case) -> list[Claim]:
    return [other for other in case.claims if other.relation == case.claim.relation and other.id != case.claim.id]


Evidence = tuple[str, float, Callable[[Case], float]]

# Weights chosen on annotated reports; a claim whose doer is unknown too asks for less, as fewer sides remain.
ENOUGH_FOR_OPPONENT = 2.25
ENOUGH_ALONE = 0.75
OPPONENT_EVIDENCE: tuple[Evidence, ...] = (
    ("an enemy of the other side", 2.5, _is_enemy),
    ("a friend of the other side", -1.0, _is_friend),
    ("named in the same sentence", 1.0, _in_sentence),
    ("named close to the act", 0.5, _close_by),
    ("named in the sentence after", 0.25, _sentence_after),
    ("the one that holds the place", 1.25, _holds_place),
    ("one that acts at the same place", 1.0, _acts_there),
    ("one that fights the other side elsewhere", 0.5, _opposed),
    ("one that the same is done to elsewhere", 0.5, _undergoes_same),
    ("named often", 1.25, _share),
    ("fought against in the sentence", 1.0, _against),
    ("only a speaker", -0.5, _speaks),
    ("a foreign state", -1.0, _foreign),
    ("not the nameless foe of the sentence", -1.75, _nameless_foe),
    ("not named where civilians are struck", -1.25, _civilians_hit),
)

# Weights fitted by training/implied.py.
ACTOR_EVIDENCE: tuple[Evidence, ...] = (
    ("one that does the same elsewhere", 0.64, _does_same),
    ("one that does the same nearby in the text", 0.21, _does_same_nearby),
    ("one that does something else", 0.35, _acts),
    ("one that moves on the same place", 0.62, _moves_there),
    ("not the one that the same is done to", -0.11, _undergoes_same),
    ("the one that leaves the place", -0.64, _leaves),
    ("an enemy of the other side", 0.72, _is_enemy),
    ("named in the same sentence", 0.46, _in_sentence),
    ("named in the sentence before", 0.61, _sentence_before),
    ("named often", -0.15, _share),
    ("fought against in the sentence", 0.22, _against),
    ("the first that the report tells of", 0.67, _leads),
    ("the state whose ground is restored", 1.1, _restores),
    ("a state, with the means to strike", 0.6, _state_strikes),
    ("without aircraft", -0.49, _cannot_fly),
    ("a foreign state", -0.11, _foreign),
    ("not named where civilians are struck", -0.75, _civilians_hit),
    ("a speaker", 0.6, _speaks),
)

# What speaks for leaving the doer open: the same scale as the evidence for a side. Fitted as well; the
# first is 0.15 lower, as the fit leaves open more than some annotators do.
OPEN_ACTOR: tuple[tuple[float, Callable[[Claim], bool]], ...] = (
    (0.67, lambda claim: True),
    (-0.09, _unsaid),
    (1.19, lambda claim: claim.relation in LOOSE),
    (1.27, lambda claim: _unsaid(claim) and claim.relation == "strikes"),
    (0.66, lambda claim: _unsaid(claim) and claim.relation == "contests"),
    (0.55, lambda claim: _unsaid(claim) and claim.relation == "takes"),
    (0.66, lambda claim: _unsaid(claim) and claim.relation == "besieges"),
    (-0.15, lambda claim: claim.actor.mention is not None),
    (-0.36, lambda claim: not claim.opponent.actor_ids),
    (-0.08, lambda claim: claim.modality != "asserted"),
    (-0.18, lambda claim: claim.relation in STANDING),
)


def implied_opponent(claim: Claim, *, claims: tuple[Claim, ...], scene: Scene, book: ActorBook) -> Party:
    """Return the side that it is done to: empty for a state of control, and where no candidate is clear."""
    if claim.relation in ONE_SIDED:
        return Party()
    known = frozenset(claim.actor.actor_ids)
    candidates = set(scene.by_actor) - known
    cases = [
        Case(claim=claim, claims=claims, known=known, candidate=one, scene=scene, book=book) for one in candidates
    ]
    return _best(cases, evidence=OPPONENT_EVIDENCE, enough=ENOUGH_FOR_OPPONENT if known else ENOUGH_ALONE)


def implied_actor(claim: Claim, *, claims: tuple[Claim, ...], scene: Scene, book: ActorBook) -> Party:
    """Return who does what a claim tells without words for the doer, from the claims around it."""
    cases = actor_cases(claim, claims=claims, scene=scene, book=book)
    return _best(cases, evidence=ACTOR_EVIDENCE, enough=sum(weight for weight, holds in OPEN_ACTOR if holds(claim)))


def actor_cases(claim: Claim, *, claims: tuple[Claim, ...], scene: Scene, book: ActorBook) -> list[Case]:
    """Return the sides that may do what a claim tells: all that the document names but the one it is done to."""
    known = frozenset(claim.opponent.actor_ids)
    candidates = {*scene.by_actor, *(one for other in claims for one in other.actor.actor_ids)} - known
    return [
        Case(claim=claim, claims=claims, known=known, candidate=one, scene=scene, book=book)
        for one in sorted(candidates)
    ]


def _best(cases: list[Case], *, evidence: tuple[Evidence, ...], enough: float) -> Party:
    """Return the candidate with the most evidence, an empty party where it is not enough."""
    ranked: list[tuple[float, str, Case]] = []
    for case in cases:
        score = sum(weight * measure(case) for _, weight, measure in evidence)
        ranked.append((-score, case.candidate, case))
    ranked.sort(key=lambda item: item[:2])
    if not ranked or -ranked[0][0] < enough:
        return Party()
    _, candidate, case = ranked[0]
    names = [name for name, weight, measure in evidence if weight > 0 and measure(case) > 0]
    plain = case.book.name(candidate)
    return Party(actor_ids=(candidate,), name=plain, reason=f"Implied: {plain} is {', '.join(names)}.")


def _same_place(one: Claim, other: Claim) -> bool:
    first, second = one.place, other.place
    if first.place and second.place:
        return first.place.id == second.place.id
    return (first.name_text or first.mention.text).lower() == (second.name_text or second.mention.text).lower()
