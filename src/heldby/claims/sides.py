"""Which words can name a side."""

from __future__ import annotations

from spacy.tokens import Token

from heldby.claims.lexicon import Lexicon
from heldby.claims.tree import cases, children


def is_side_word(token: Token, lexicon: Lexicon) -> bool:
    """Tell whether a single word can name a side: a noun for armed people, or a capitalised name or nationality."""
    return bool({token.lower_, token.lemma_.lower()} & lexicon.side_heads) or (
        token.text[:1].isupper()
        and token.lower_ not in lexicon.place_words.directions
        and token.i != token.sent.start
    )


def can_be_side(head: Token, lexicon: Lexicon, *, sides: frozenset[int]) -> bool:
    """Tell whether a phrase can name a side: it holds the name of one, or a noun for armed or governing people.

    Only the head, its modifiers and what it is made of count ("units of the army"), not where it is.
    """
    core = [head, *children(head, "compound", "amod", "nmod:poss", "flat", "appos", "conj", "nmod:desc")]
    core += [one for one in children(head, "nmod") if cases(one)[:1] in {("of",), ("from",)}]
    return any(
        token.i in sides or token.lower_ in lexicon.side_heads or token.lemma_.lower() in lexicon.side_heads
        for token in core
    )
