"""Candidates for claims: each trigger with each place that the tree, the sentence or the reading model offers it.

Every candidate carries its evidence as named numbers; `confidence` weighs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import log

from spacy.tokens import Span, Token

from heldby.claims.lexicon import Lexicon
from heldby.claims.linked import Linked, linked
from heldby.claims.lists import list_around
from heldby.claims.roles import Roles, find_roles
from heldby.claims.scene import Scene
from heldby.claims.sides import can_be_side
from heldby.claims.sites import Placed, Site
from heldby.claims.surroundings import course, in_dateline, listed_elsewhere, standing
from heldby.claims.tree import children, phrase, subject, text_of
from heldby.claims.triggers import Trigger, find_triggers

TOPIC_REACH = 3
# A place that only the reading model gives a trigger is a candidate from this share on.
LEAST_SHARE = 0.12
# A mention this many words after the trigger counts as later than any before it.
LATER_REACH = 40
# Ways in which several places of one list come to a trigger.
LISTED = frozenset({"own slot", "clause", "list"})
# Of these no word of the sentence bears a name; only how they were found tells how likely they are.
ELSEWHERE = frozenset({"list elsewhere", "counted list"})
# Relations whose doer moves or frees.
MOVING = frozenset({"enters", "withdraws", "takes", "advances"})
# Of a retreat the goal is not the place of the claim, of a strike or a move the start is not.
COURSES = {"withdraws": "retreating", "strikes": "striking", "enters": "moving", "advances": "moving"}
# A bomb is told of this many words around.
BOMB_REACH = 3
# Log odds of probabilities are cut at this size.
CERTAIN = 4.6


@dataclass(frozen=True, slots=True)
class Offer:
    """A place offered to a trigger: by its own slot, its clause, as the nearest name, as the topic, or only read."""

    placed: Placed
    way: str
    site: Site | None
    text: str = ""
    features: dict[str, float] = field(default_factory=dict)
    listed: tuple[Site, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trigger with its roles and the places offered; evidence that it tells a claim, and of each place that it is
    the claim's."""

    trigger: Trigger
    roles: Roles
    link: Linked | None
    offers: tuple[Offer, ...]
    features: dict[str, float]


def find_candidates(sentence: Span, scene: Scene) -> Iterator[Candidate]:
    """Yield the candidates of a sentence in the order of their triggers."""
    sites = [site for site in scene.sites if sentence.start <= site.start and site.end <= sentence.end]
    for trigger in find_triggers(sentence, scene.lexicon):
        token = scene.doc[trigger.token]
        outside = [site for site in sites if not _in_brackets(site, trigger.token, sentence)]
        roles = find_roles(trigger, token, sites=outside, lexicon=scene.lexicon, sides=scene.side_tokens)
        trigger = _from_the_air(trigger, roles, scene.lexicon)
        if _is_bomb_of_nobody(trigger, roles, scene) or _is_of_civilians(trigger, scene):
            continue
        link = linked(scene.doc, [*trigger.read_at, trigger.token, trigger.governor])
        offers = _with_read(
            list(_offers(trigger, roles, sites, sentence=sentence, scene=scene)), link, scene, trigger=trigger
        )
        offers = [
            replace(offer, listed=list_around(offer.site, sentence, scene) if offer.site else ())
            for offer in _with_listed(offers, scene, trigger=trigger, sentence=sentence)
        ]
        if offers:
            known = [
                replace(
                    offer,
                    text=text_of(scene.doc)[offer.placed.char_start : offer.placed.char_end],
                    features=_place_features(offer, offers, trigger, link, sentence=sentence, scene=scene),
                )
                for offer in offers
            ]
            features = _trigger_features(trigger, roles, known, link, scene)
            yield Candidate(trigger, roles, link, tuple(known), features)


def _offers(
    trigger: Trigger, roles: Roles, sites: Sequence[Site], *, sentence: Span, scene: Scene
) -> Iterator[Offer]:
    """Yield the places that the tree gives; without any, the nearest name; without a name, the topic."""
    if roles.places:
        way = "own slot" if roles.own_slot else "clause"
        listed, counted = listed_elsewhere(roles.places, sentence, scene)
        if listed:
            way = "counted list" if counted else "list elsewhere"
        for placed in listed or roles.places:
            yield Offer(placed, way, _site_of(placed, scene))
        return
    named = [site for site in sites if site.start > trigger.token or site.end <= trigger.token]
    if named:
        nearest = min(
            named, key=lambda site: abs(site.start - trigger.token) + (0 if site.start < trigger.token else 3)
        )
        yield Offer(_whole(nearest), "nearest", nearest)
        return
    before = [one for one in scene.sentences if one.start < sentence.start][-TOPIC_REACH:]
    for earlier in reversed(before):
        found = [site for site in scene.sites if earlier.start <= site.start < earlier.end]
        if found:
            yield Offer(_whole(found[0]), "topic", found[0])
            return


def _with_listed(offers: Sequence[Offer], scene: Scene, *, trigger: Trigger, sentence: Span) -> list[Offer]:
    """Add the names that a list joins to a place offered; "X-held" tells only of what follows it."""
    kept = list(offers)
    offered = {offer.site for offer in offers}
    for offer in offers:
        for site in list_around(offer.site, sentence, scene) if offer.site else ():
            before = trigger.kind == "suffix" and site.start < trigger.token
            if site not in offered and not before and not site.start <= trigger.token < site.end:
                offered.add(site)
                kept.append(Offer(replace(_whole(site), part=offer.placed.part), "list", site))
    return kept


def _with_read(offers: list[Offer], link: Linked | None, scene: Scene, *, trigger: Trigger) -> list[Offer]:
    """Add the places that only the reading model gives; what "the city" means is found later."""
    if link is None or any(not offer.placed.named or offer.way in ELSEWHERE for offer in offers):
        return offers
    offered = {scene.name(offer.site) for offer in offers if offer.site}
    read: dict[str, Site] = {}
    for site in scene.sites:
        name = scene.name(site)
        if name in offered or link.share("place", scene.mentions(site)) < LEAST_SHARE:
            continue
        read[name] = min(read.get(name, site), site, key=lambda one: _reach(one, trigger))
    return [*offers, *(Offer(_whole(site), "read", site) for site in read.values())]


def _reach(site: Site, trigger: Trigger) -> tuple[bool, int]:
    """Nearer mentions first, those after the trigger's neighbourhood last."""
    return site.start > trigger.token + LATER_REACH, abs(site.start - trigger.token)


def _share(offer: Offer, link: Linked, scene: Scene) -> float:
    return link.share("place", scene.mentions(offer.site)) if offer.site else 0.0


def _share_of(sites: Sequence[Site], link: Linked, scene: Scene) -> float:
    """Return the share of all names of a list together."""
    return link.share("place", sorted({i for site in sites for i in scene.mentions(site)}))


def _whole(site: Site) -> Placed:
    return Placed(site.char_start, site.char_end, named=True, part=False)


def _site_of(placed: Placed, scene: Scene) -> Site | None:
    found = (
        site for site in scene.sites if site.char_start == placed.char_start and site.char_end == placed.char_end
    )
    return next(found, None)


def _trigger_features(
    trigger: Trigger, roles: Roles, offers: Sequence[Offer], link: Linked | None, scene: Scene
) -> dict[str, float]:
    entry = trigger.entry
    has_side = _is_side(roles.actor, scene)
    needs_side = entry.side_subject or trigger.kind == "suffix"
    lost = entry.frame in {"lose", "expel"} and not has_side and not _is_side(roles.opponent, scene)
    ways = {offer.way for offer in offers}
    best = max(offers, key=lambda offer: offer.features.get("place read", -CERTAIN))
    features = {
        "words": 0.0 if trigger.kind == "learned" or trigger.exchanged else entry.prior,
        "words of another relation": entry.prior if trigger.exchanged else 0.0,
        "no entry": float(trigger.kind == "learned"),
        "suffix": float(trigger.kind == "suffix"),
        "phrase": float(trigger.kind in {"phrase", "light"}),
        "noun": float(trigger.kind in {"noun", "propn"}),
        "side": float(has_side),
        "no side": float(needs_side and not has_side),
        "no loser": float(lost),
        "no slot": float(entry.place_needed and not roles.own_slot),
        "place in its slot": float("own slot" in ways),
        "no place near": float(not ways & {"own slot", "clause"}),
        "place only of the topic": float(ways <= {"topic", "read"} and "topic" in ways),
        "land": min(offer.features.get("name of a land", 0.0) for offer in offers),
        "unknown name": min(offer.features.get("name not known", 0.0) for offer in offers),
        f"tells {entry.relation}": 1.0,
        f"{entry.relation} without a side": float(not has_side),
    }
    if trigger.learned is not None:
        features |= {"read": _odds(trigger.learned), "read otherwise": _odds(trigger.otherwise) + CERTAIN}
    if link is not None:
        features |= {
            "a place read": best.features.get("place read", -CERTAIN),
            "no place read": link.none("place"),
            "no side read": link.none("actor"),
        }
    return {name: round(value, 6) for name, value in features.items() if value}


def _place_features(
    offer: Offer, offers: Sequence[Offer], trigger: Trigger, link: Linked | None, *, sentence: Span, scene: Scene
) -> dict[str, float]:
    site = offer.site
    if offer.way in ELSEWHERE:
        return {f"place by {offer.way}": 1.0}
    start, end = (site.start, site.end) if site else (trigger.token, trigger.token)
    listed = offer.listed
    others = [one.site for one in offers if one.site and one.site not in listed]
    away = min(abs(start - trigger.token), abs(end - 1 - trigger.token)) if site else 0
    features = {
        f"place by {offer.way}": 1.0,
        "place in another sentence": float(site is not None and not sentence.start <= start < sentence.end),
        "place without a name": float(not offer.placed.named),
        "name of a land": float(site is not None and all(i in scene.nations for i in range(start, end))),
        "name not known": float(site is not None and not site.known),
        "distance": log(1 + min(away, 60)),
        "name before": float(site is not None and start < trigger.token),
        f"name {standing(site, scene)}": float(site is not None),
        "name of a dateline": float(in_dateline(site, sentence, scene)),
        "area beside a place": float(
            site is not None and scene.is_area(site) and not all(map(scene.is_area, others))
        ),
        "in a list": float(len(listed) > 1),
    }
    way = course(listed[0] if listed else site, sentence, scene)
    if way:
        features[f"{way} there, {COURSES.get(trigger.entry.relation, 'otherwise')}"] = 1.0
    if link is not None:
        share = _share(offer, link, scene)
        best = max(_share(one, link, scene) for one in offers)
        features |= {
            "place read": _odds(share),
            "place level with the likeliest": share / best if best > 0 else 0.0,
            "level and listed": share / best if best > 0 and offer.way in LISTED and len(offers) > 1 else 0.0,
            "list read": _odds(_share_of(listed, link, scene)) if len(listed) > 1 else 0.0,
            "other place read": max(0.0, best - share),
            "no place read": link.none("place"),
        }
    return {name: round(value, 6) for name, value in features.items() if value and name != "name "}


def _odds(probability: float) -> float:
    cut = min(max(probability, 1e-6), 1 - 1e-6)
    return max(-CERTAIN, min(CERTAIN, log(cut / (1 - cut))))


def _is_side(head: Token | None, scene: Scene) -> bool:
    return head is not None and can_be_side(head, scene.lexicon, sides=scene.side_tokens)


def _in_brackets(site: Site, trigger: int, sentence: Span) -> bool:
    """Tell whether a name stands in brackets that the trigger is not in ("(Qaeda's branch in the Levant)")."""
    doc = sentence.doc

    def open_at(index: int) -> int:
        before = [token.text for token in doc[sentence.start : index]]
        return before.count("(") - before.count(")")

    return open_at(site.start) > 0 and open_at(trigger) <= 0


def _from_the_air(trigger: Trigger, roles: Roles, lexicon: Lexicon) -> Trigger:
    """What aircraft do to a place is a strike, whatever the word ("carried out raids")."""
    if trigger.entry.relation != "attacks" or roles.actor is None:
        return trigger
    words = {form for token in phrase(roles.actor) for form in (token.lower_, token.lemma_.lower())}
    if not words & lexicon.flying:
        return trigger
    return replace(trigger, entry=replace(trigger.entry, relation="strikes"))


def _is_bomb_of_nobody(trigger: Trigger, roles: Roles, scene: Scene) -> bool:
    """Tell whether the words are of a bomb in a car or on a man that no side is said to have sent: no strike."""
    if trigger.entry.relation not in {"strikes", "attacks"} or _is_side(roles.actor, scene):
        return False
    near = scene.doc[max(0, trigger.token - BOMB_REACH) : trigger.token + BOMB_REACH + 1]
    words = [token.lower_ for token in near]
    return not scene.lexicon.bombs.isdisjoint([*words, *map(" ".join, pairwise(words))])


def _is_of_civilians(trigger: Trigger, scene: Scene) -> bool:
    """Tell whether civilians enter, leave or are freed: "residents fled X", "ten families were freed"."""
    verb = scene.doc[trigger.token]
    if trigger.entry.relation not in MOVING or verb.pos_ not in {"VERB", "AUX"}:
        return False
    doer = subject(verb)
    if verb.i > verb.sent.start + 1 and verb.nbor(-1).lower_ == "to" and verb.nbor(-2).pos_ == "NOUN":
        doer = verb.nbor(-2)  # "forced residents to flee", which trees read in many ways
    about = [doer, *(child for child in children(verb, "obj") if trigger.entry.relation == "takes")]
    return any(_are_civilians(one, scene) for one in about if one is not None)


def _are_civilians(noun: Token, scene: Scene) -> bool:
    counted = [*children(noun, "nmod")] if noun.lower_ in scene.lexicon.counts or noun.pos_ == "NUM" else []
    named = {token.lemma_.lower() for token in (noun, *counted)}
    return not scene.lexicon.civilians.isdisjoint(named)
