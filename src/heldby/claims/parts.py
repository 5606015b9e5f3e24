"""Whether words around the name of a place mean the whole of it or a part ("areas in X", "most of X", "near X")."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from heldby.claims.lexicon import PlaceWords
from heldby.claims.tree import cases, children, phrase

STEPS = 50
SHARES = frozenset(
    {"most", "much", "part", "parts", "half", "third", "thirds", "quarter", "quarters", "%", "percent", "cent"}
)
JOINING = frozenset({"and", ",", "or", "&", "the"})
NAMING = frozenset({"compound", "appos", "flat", "nmod:desc"})


def find_part(
    doc: Doc, start: int, root: int, *, head: Token, words: PlaceWords, own_case: bool = True
) -> tuple[int, int] | None:
    """Return the tokens that mean a part of a named place, before the name; (start, start) for a part without words.

    `start`, `root`: the name's first token and the one that the tree hangs it by; `head`: of the phrase it stands in.
    `own_case` False leaves the phrase's own preposition out. None means the whole.
    """
    above, marked = _above(doc[root], head)
    if _is_example(doc, start, words):
        above, marked = [], []
    if not own_case:
        marked = [token for token in marked if token.i != head.i]
    marks = {word for token in marked for word in cases(token)}
    marks |= {child.lower_ for token in marked for child in children(token, "advmod") if child.i < start}
    kind = _kind_before(doc, start, words)
    nouns = [one for one in above if one.i != kind and _means_part(one, doc[root], words=words)]
    if not nouns and not marks & words.partial_prepositions and not _quantified(doc, start):
        return None
    first = min((one.i for one in phrase(nouns[-1], joined=False)), default=start) if nouns else -1
    if first < 0 or first >= start:
        first = max(head.sent.start, start - 1)
    # "the outskirts and X's castle": what only joins is no word for the part
    return (start, start) if doc[first:start].text.lower() in JOINING else (first, start)


def _above(token: Token, head: Token) -> tuple[list[Token], list[Token]]:
    """Return the words between a name and the head of its phrase, and those whose prepositions hold for the name.

    What stands beside a word in a list says nothing of it, but a list has its preposition on its first member.
    """
    above: list[Token] = []
    marked = [token]
    for _step in range(STEPS):
        if token.i == head.i or token.head.i == token.i:
            break
        joined, marked_itself = token.dep_ == "conj", bool(cases(token))
        token = token.head
        if not joined:
            above.append(token)
        if not (joined and marked_itself):
            marked.append(token)
    return above, marked


def _is_example(doc: Doc, start: int, words: PlaceWords) -> bool:
    """Tell whether a name is an example of what stands before it: "ten villages, including X", "towns such as X"."""
    before = [token.lower_ for token in doc[max(doc[start].sent.start, start - 2) : start]]
    return before[-1:] != [] and (before[-1] in words.examples or before == ["such", "as"])


def _kind_before(doc: Doc, start: int, words: PlaceWords) -> int:
    """Return the token of "village" in "the village of X", of "towns" in "the towns of X and Y"; -1 without one."""
    of = start - 1
    while of > doc[start].sent.start and (doc[of].dep_ in {"amod", "det"} or doc[of].lower_ in words.directions):
        of -= 1
    if of <= doc[start].sent.start or doc[of].lower_ != "of":
        return -1
    kind = doc[of - 1]
    named = kind.lower_ in words.several or (kind.lower_ in words.whole and not is_indefinite(kind))
    return kind.i if named else -1


def is_indefinite(noun: Token) -> bool:
    """Tell whether a noun is one of several: "a district of X" is a part of X, "the district of X" may be X."""
    return any(
        child.lower_ in {"a", "an", "another", "one", "some", "any"} for child in children(noun, "det", "nummod")
    )


def _quantified(doc: Doc, start: int) -> bool:
    """Tell whether a share stands before a name: "most of the", "20% of", "over a third of"."""
    at = start - 1
    while at > doc[start].sent.start and doc[at].dep_ in {"amod", "det"}:
        at -= 1
    return doc[at].lower_ == "of" and at > doc[start].sent.start and doc[at - 1].lower_ in SHARES


def _means_part(token: Token, root: Token, *, words: PlaceWords) -> bool:
    """Tell whether a common noun above a name means a part of the place rather than its kind."""
    if token.pos_ in {"VERB", "AUX", "ADP", "PRON"}:
        return False
    base = root
    while base.dep_ == "conj" and base.head.i != token.i:
        base = base.head
    linked = base.head.i == token.i and base.dep_ in NAMING
    of_it = base.head.i == token.i and "of" in cases(base)
    lemma = token.lemma_.lower()
    if lemma in words.whole and (linked or of_it):
        several = token.lower_.endswith("s") and token.lower_ not in words.several
        return not linked and (several or is_indefinite(token))
    if lemma in words.neutral:
        return False
    return token.lower_ in words.part or lemma in words.part or token.pos_ in {"NOUN", "NUM"}
