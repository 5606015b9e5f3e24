"""Who fills the roles of a claim, and whether a part is meant: the tree's word and the reading model's together."""

from __future__ import annotations

from dataclasses import replace
from math import log

from spacy.tokens import Token

from heldby.claims.candidates import Candidate
from heldby.claims.linked import Linked, Role, Run
from heldby.claims.parts import is_indefinite
from heldby.claims.scene import Scene
from heldby.claims.sides import can_be_side
from heldby.claims.sites import Placed
from heldby.claims.tree import HYPHENS, RELATIVES, bounds, phrase, run_around, text_of
from heldby.claims.triggers import CHANGING_HANDS
from heldby.records.actor import Party
from heldby.records.place import MayMean
from heldby.records.span import Span

# The reading model's words replace the tree's from the first share of a role on, if the tree's have at most the
# second; where the tree has none, its words stand from the third on.
SURE = 0.7
UNLIKELY = 0.1
SURE_ALONE = 0.5
# Where the reading model finds it this likely that nobody fills a role, and the tree's words have less than UNLIKELY.
NOBODY = 0.8
# From this share of no word on, a role is told as unsaid.
UNSAID = 0.5
# A name is told as one that a mention may mean from this share on.
LEAST_TOLD = 0.02
# The tree's word in log odds that a part is meant. A word that it found for a part is seldom wrong; where it found
# none, the reading model may know one from further off.
PART_FOUND = 5.0
NONE_FOUND = -3.2


def fill_actor(candidate: Candidate, scene: Scene) -> Party:
    """Return the words for who did it."""
    tokens = _short_of(candidate.trigger.token, _party_tokens(candidate.roles.actor, scene))
    if candidate.trigger.entry.frame in CHANGING_HANDS:
        return _party(tokens, scene)  # who lost it is no actor, however like a retreat it reads
    if tokens and candidate.trigger.kind == "suffix":
        return _party(tokens, scene)  # of "regime-held" and "rebel-held" side by side each has its own
    return _fill("actor", tokens, candidate, scene)


def fill_opponent(candidate: Candidate, scene: Scene) -> Party:
    """Return the words for whom it was done to."""
    return _party(_short_of(candidate.trigger.token, _party_tokens(candidate.roles.opponent, scene)), scene)


def unsaid_roles(candidate: Candidate) -> tuple[str, ...]:
    """Return the roles that no word around fills, as the reading model reads it."""
    link = candidate.link
    roles: tuple[Role, ...] = ("actor", "opponent")
    return tuple(role for role in roles if link is not None and link.none(role) >= UNSAID)


def may_mean(link: Linked | None, scene: Scene) -> tuple[MayMean, ...]:
    """Return the names that the reading model takes for a claim's place, each at its first mention."""
    if link is None:
        return ()
    shares = [(sites[0], link.share("place", scene.mentions(sites[0]))) for sites in scene.by_name.values()]
    text = text_of(scene.doc)
    return tuple(
        MayMean(name=Span.of(text, site.char_start, site.char_end), share=round(share, 4))
        for site, share in shares
        if share >= LEAST_TOLD
    )


def _fill(role: Role, tokens: list[Token], candidate: Candidate, scene: Scene) -> Party:
    """Return the words for a role, the tree's or the reading model's."""
    link = candidate.link
    if link is None:
        return _party(tokens, scene)
    share = link.share(role, [token.i for token in tokens])
    best = link.best(role)
    if best is not None and (_is_opponent(best, candidate) or _only_holds(best, candidate, scene)):
        best = None
    sure = SURE if tokens else SURE_ALONE
    if best is not None and best.share >= sure and share <= UNLIKELY:
        read = [scene.doc[i] for i in range(best.start, best.end)]
        return _party(read, scene)
    if tokens and share < UNLIKELY and link.none(role) >= NOBODY:
        return Party()
    return _party(tokens, scene)


def _is_opponent(run: Run, candidate: Candidate) -> bool:
    """Tell whether words surely are whom it is done to; of two that fight each other either is the actor."""
    opponent = candidate.roles.opponent
    mutual = candidate.trigger.entry.relation == "contests"
    if opponent is None or mutual:
        return False
    return any(run.start <= token.i < run.end for token in phrase(opponent, joined=False))


def _only_holds(run: Run, candidate: Candidate, scene: Scene) -> bool:
    """Tell whether a side is named as the holder only: "besieged rebel-held Douma" is not besieged by rebels."""
    after = [token.lower_ for token in scene.doc[run.end : run.end + 2]]
    entry = scene.lexicon.suffixes.get(after[1]) if len(after) == 2 and after[0] in HYPHENS else None
    relation = candidate.trigger.entry.relation
    return entry is not None and entry.relation == "holds" and relation != "holds"


def _party_tokens(head: Token | None, scene: Scene) -> list[Token]:
    """Return the words of a phrase that can be a side; none for "shells", "fierce", "dozens of people"."""
    if head is None or head.lower_ in RELATIVES:
        return []
    if not can_be_side(head, scene.lexicon, sides=scene.side_tokens):
        return []
    kept = []
    for token in phrase(head):
        if token.i > head.i and token.dep_ in {"obl", "advmod"}:
            break
        kept.append(token)
    return run_around(kept, head)


def _short_of(trigger: int, tokens: list[Token]) -> list[Token]:
    """Return the words of a side before the word that tells what it does: its clause is no part of a name."""
    before = [token for token in tokens if token.i < trigger]
    return before if before and len(before) < len(tokens) and tokens[0].i < trigger <= tokens[-1].i else tokens


def _party(tokens: list[Token], scene: Scene) -> Party:
    if not tokens:
        return Party()
    start, end = bounds(tokens)
    return Party(mention=Span.of(text_of(scene.doc), start, end))


def fill_part(placed: Placed, candidate: Candidate, scene: Scene) -> Placed:
    """Return the place with whether the whole of it or a part is meant, and the words for the part."""
    adverbs = _partial_adverbs(candidate, scene)
    if adverbs:
        start, end = bounds(adverbs) if placed.part_start < 0 else (placed.part_start, placed.part_end)
        return replace(placed, part=True, part_start=start, part_end=end)
    if _is_one_in_it(placed, scene):
        return placed
    link = candidate.link
    span = scene.doc.char_span(placed.char_start, placed.char_end, alignment_mode="expand")
    partly = link.partly(range(span.start, span.end)) if link is not None and span is not None else None
    if partly is None or link is None:
        return placed
    odds = log((partly + 1e-6) / (1 - partly + 1e-6))
    part = odds + (PART_FOUND if placed.part else NONE_FOUND) >= 0
    if part == placed.part:
        return placed
    if not part:
        return replace(placed, part=False, part_start=-1, part_end=-1)
    words = link.best("part")
    if words is None or words.share < link.none("part"):
        return replace(placed, part=True)
    if candidate.trigger.entry.relation == "strikes" and _is_aim(scene.doc[words.end - 1], scene):
        return placed
    start, end = bounds([scene.doc[i] for i in range(words.start, words.end)])
    return replace(placed, part=True, part_start=start, part_end=end)


def _is_one_in_it(placed: Placed, scene: Scene) -> bool:
    """Tell whether the words for the part are another place inside: "a rebel-held town in X" is not X."""
    span = scene.doc.char_span(placed.part_start, placed.part_end) if placed.part_start >= 0 else None
    if not placed.part or span is None or span.root.lemma_.lower() not in scene.lexicon.place_words.kinds_dropped:
        return False
    return is_indefinite(span.root)


def _partial_adverbs(candidate: Candidate, scene: Scene) -> list[Token]:
    """Return the adverbs right before a word of holding that leave a rest: "mainly controlled", "almost all held"."""
    trigger = candidate.trigger
    span = scene.doc.char_span(trigger.start, trigger.end, alignment_mode="expand")
    if trigger.entry.relation != "holds" or span is None:
        return []
    first = span.start
    while first > span.sent.start and scene.doc[first - 1].pos_ == "ADV":
        first -= 1
    adverbs = list(scene.doc[first : span.start])
    leaving = scene.lexicon.place_words.partial_adverbs
    return adverbs if any(token.lower_ in leaving for token in adverbs) else []


def _is_aim(noun: Token, scene: Scene) -> bool:
    """Tell whether a noun is what a strike is aimed at: "positions in Hama" are no part of Hama."""
    after = noun.doc[noun.i + 1].lower_ if noun.i + 1 < len(noun.doc) else ""
    return noun.lemma_.lower() in scene.lexicon.place_words.aims and after in {"in", "inside"}
