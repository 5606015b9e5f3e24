"""Places around a trigger that its own slot does not name: on the word, below its aims, on what governs it."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from heldby.claims.lexicon import PlaceWords
from heldby.claims.sites import PRONOUNS, Placed, Site, place_phrase
from heldby.claims.tree import cases, children

# Between "of" and the noun that it brings in stand at most so many words, of these kinds.
LONGEST_PHRASE = 6
NAMING = frozenset({"NOUN", "PROPN"})
LEADING = NAMING | {"DET", "ADJ", "NUM", "ADV", "VERB"}
OBLIQUES = ("obl", "nmod", "obl:agent", "advmod", "obl:unmarked")
BELOW_NOUNS = frozenset({"nmod", "compound", "acl", "acl:relcl", "amod", "conj"})


def nearby_places(token: Token, used: set[int], *, sites: Sequence[Site], words: PlaceWords) -> list[Placed]:
    """Return the places of the clause: hanging on the trigger, below its aims, then on what governs it."""
    spoken: list[Placed] = []
    for level in (_hanging, _aims, _above):
        for nominal in level(token):
            if nominal.i in used:
                continue
            placed = place_phrase(nominal, sites, words=words)
            named = [one for one in placed if one.named]
            if named:
                return named
            if not spoken and nominal.lower_ not in PRONOUNS and (level is not _above or nominal.dep_ == "obj"):
                spoken = placed
    return spoken


def _hanging(token: Token) -> list[Token]:
    found = locatives(token)
    for child in children(token, "obj", "nsubj", "nsubj:pass", "conj", "xcomp"):
        if child.pos_ in {"NOUN", "PROPN"}:
            found += locatives(child)
    return found


def _aims(token: Token) -> list[Token]:
    found = []
    for child in children(token, "acl", "advcl", "xcomp", "acl:relcl", "ccomp"):
        found += [*children(child, "obj", "nsubj:pass"), *locatives(child)]
    return found


def _above(token: Token) -> list[Token]:
    found: list[Token] = []
    current = token
    for _step in range(4):
        above = current.head
        if above.i == current.i:
            break
        found += [other for other in locatives(above) if other.i != current.i]
        found += [other for other in children(above, "obj", "nsubj:pass", "nsubj") if other.i != current.i]
        if above.pos_ in {"NOUN", "PROPN"} and current.dep_ in BELOW_NOUNS:
            found.append(above)
        current = above
    return found


def locatives(token: Token) -> list[Token]:
    """Return the phrases of place that hang on a word: its obliques with a preposition that can locate."""
    return [
        child for child in children(token, *OBLIQUES) if cases(child)[:1] not in ((), ("by",), ("with",), ("like",))
    ]


def complement_by_words(noun: Token) -> list[Token]:
    """Return the noun that "of" or "over" right after a noun brings in, where the tree hangs it elsewhere.

    "established control over the villages": the tree may take "over" for a particle of the verb.
    """
    following = noun.doc[noun.i + 1 : min(noun.sent.end, noun.i + 2 + LONGEST_PHRASE)]
    if len(following) < 2 or following[0].lower_ not in {"of", "over"}:
        return []
    for token in following[1:]:
        last = token.i + 1 >= noun.sent.end or noun.doc[token.i + 1].pos_ not in NAMING
        if token.pos_ in NAMING and last:
            return [token]
        if token.pos_ not in LEADING:
            return []
    return []
