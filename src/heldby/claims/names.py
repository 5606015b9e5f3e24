"""Where the name of a place begins and ends: cut from owners, kinds and what follows, parted from other names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Span, Token

from heldby.claims.lexicon import PlaceWords

EDGES = frozenset({"the", "a", "an", "of", "in", "'s", "’s", "-", "and", ",", "s", ".", "'", "’"})
OWNERS = frozenset({"'s", "’s"})
DASHES = frozenset({"-", "–", "—", "|"})


def names_in(
    doc: Doc, start: int, end: int, *, words: PlaceWords, nations: Collection[int], known: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield the names in words that were taken for one place, as tokens from the first to after the last.

    `nations`: tokens that name lands and peoples; `known`: known names in the document.
    """
    for first, last in _parted(doc, start, end, words=words, known=known):
        first = _after_owner(doc, first, last, nations=nations)
        first = _after_kind(doc, first, last)
        shaped = _shape(doc, first, _before_rest(doc, first, last, words=words, nations=nations), words=words)
        if shaped is not None:
            yield shaped


def _parted(
    doc: Doc, start: int, end: int, *, words: PlaceWords, known: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Part a stretch before a direction ("Jobar eastern Damascus") and between names that lost their comma."""
    for at in range(start + 1, end - 1):
        if doc[at].is_lower and doc[at].lower_ in words.directions and doc[at - 1].text[:1].isupper():
            return [(start, at), (at, end)]
    if start > 1 and doc[start - 1].lower_ == "of" and doc[start - 2].lower_ in words.several:
        return _listed(doc, start, end, words=words, known=known)
    inner = sorted(pair for pair in known if start <= pair[0] and pair[1] <= end and pair != (start, end))
    if not inner or inner[0][0] != start:
        return [(start, end)]
    whole = [doc[first:last] for first, last in inner]
    touching = all(one[1] == other[0] for one, other in pairwise(inner))
    single = any(_opens_name(one, words) for one in whole) or any(
        one[0].lower_ in words.particles for one in whole[1:]
    )
    if len(inner) > 1 and touching and inner[-1][1] == end and not single:
        return inner
    first = inner[0][1]
    if first - start > 1 and end - first > 1 and doc[first].lower_ in words.openings:
        return [inner[0], (first, end)]
    return [(start, end)]


def _listed(
    doc: Doc, start: int, end: int, *, words: PlaceWords, known: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Part what follows "the villages of" into names, where the commas of a list were lost.

    A name begins at a known one, at a word that opens names, and at an article ("al-Shaata") unless the word before
    opens a name ("Tayyibat al-Imam"); it is over after a known one and after a name with an article.
    """
    starts, stops = {first for first, _ in known}, {last for _, last in known}
    cuts = [start]
    for at in range(start + 1, end):
        if not doc[at - 1].whitespace_ or any(first < at < last for first, last in known):
            continue
        opened = doc[at - 1].lower_ in words.openings and cuts[-1] == at - 1
        article, opens = doc[at].lower_ in words.particles, doc[at].lower_ in words.openings
        whole = cuts[-1] < at - 1 and doc[at - 2].text == "-"
        # "Tam Hawa" is one name to the tree, though there is a village of Tam
        named = at in starts or (at in stops and doc[at].dep_ != "flat")
        if not opened and doc[at].text[:1].isalpha() and (article or opens or named or whole):
            cuts.append(at)
    return list(pairwise([*cuts, end]))


def _opens_name(span: Span, words: PlaceWords) -> bool:
    """Tell whether a word only opens names ("Tal" of "Tal Jamu"), or closes them ("Province")."""
    return len(span) == 1 and (
        span[0].lower_ in words.openings or span[0].lower_ in words.whole or span[0].lower_ in words.directions
    )


def _after_owner(doc: Doc, start: int, end: int, *, nations: Collection[int]) -> int:
    """Leave out the country that owns a place: "Syria's Hama", also where the apostrophe was stripped ("Syrias")."""
    for at in range(start, end - 1):
        owns = doc[at + 1].lower_ in OWNERS or (doc[at].lower_.endswith("s") and doc[at].dep_ != "flat")
        if at in nations and owns:
            return at + (2 if doc[at + 1].lower_ in OWNERS else 1)
    return start


def _after_kind(doc: Doc, start: int, end: int) -> int:
    """Leave out what a name is said to be: "northern city of Aleppo", "south of Iraq"."""
    for at in range(end - 2, start, -1):
        if doc[at].lower_ == "of" and doc[at].is_lower and doc[at - 1].is_lower:
            return at + 1
    return start


def _before_rest(doc: Doc, start: int, end: int, *, words: PlaceWords, nations: Collection[int]) -> int:
    """Return where a name ends: before what it owns, a distance, a dash, the next owner."""
    away = (words.partial_prepositions | {"on", "in", "at", "from"}) - words.directions
    for at in range(start + 1, end):
        spaced = doc[at - 1].whitespace_ != ""
        if doc[at].lower_ in OWNERS or (spaced and doc[at].text in DASHES):
            return at
        if spaced and doc[at].is_lower and doc[at].lower_ in away:
            return at
        if doc[at].like_num and at + 1 < len(doc) and doc[at + 1].is_lower and doc[at + 1].pos_ == "NOUN":
            return at
    owned = (
        end - 1 > start and end - 1 in nations and doc[end - 1].text.endswith("s") and doc[end - 2].pos_ == "PROPN"
    )
    return end - 1 if owned and end < len(doc) and doc[end].is_lower else end


def _shape(doc: Doc, start: int, end: int, *, words: PlaceWords) -> tuple[int, int] | None:
    """Trim determiners and dropped kinds ("the city of"), add directions ("northern") and kept kinds ("province")."""
    if _is_named_kind(doc, start, end, words):
        return start, end
    while start < end and (_is_edge(doc[start], words) or doc[start].is_space):
        start += 1
    while start < end - 1 and _is_common(doc[start], words) and doc[start].lower_ not in words.directions:
        start += 1
    while end > start and (_is_edge(doc[end - 1], words) or (end - 1 > start and _follows(doc[end - 1], words))):
        end -= 1
    if start >= end or not _names_something(doc[start:end], words):
        return None
    if all(_is_plain(token, words) for token in doc[start:end]):
        return None
    first = doc[start].sent.start
    while start > first and doc[start - 1].lower_ in words.directions:
        start -= 1
    if end < doc[start].sent.end and doc[end].lower_ in words.kinds_kept:
        end += 1
    return start, end


def _is_named_kind(doc: Doc, start: int, end: int, words: PlaceWords) -> bool:
    """Tell whether a stretch is a name made of a kind: "Old City"."""
    if end - start != 2 or not all(token.text[:1].isupper() and not token.is_upper for token in doc[start:end]):
        return False
    return doc[start].lower_ == "old" and doc[end - 1].lower_ in words.kinds_dropped


def _is_common(token: Token, words: PlaceWords) -> bool:
    """Tell whether a word is an ordinary one, not a small word of names ("al", "de") nor part of a compound."""
    joined = token.whitespace_ == "" or (token.i > 0 and token.nbor(-1).whitespace_ == "")
    return token.is_alpha and token.is_lower and not joined and token.lower_ not in words.particles


def _follows(token: Token, words: PlaceWords) -> bool:
    """Tell whether the last word of a stretch is no part of the name: "countryside", "Sunday", "falls"."""
    kinds = words.kinds_kept | words.lands
    return token.lower_ in words.trimmed or (_is_common(token, words) and token.lower_ not in kinds)


def _is_edge(token: Token, words: PlaceWords) -> bool:
    return token.lower_ in EDGES or token.lower_ in words.kinds_dropped


def _is_plain(token: Token, words: PlaceWords) -> bool:
    forms = {token.lower_, token.lemma_.lower()}
    listed = (words.directions, words.whole, words.part, words.nameless)
    return not all(forms.isdisjoint(some) for some in listed) or not any(sign.isalpha() for sign in token.text)


def _names_something(span: Span, words: PlaceWords) -> bool:
    """Tell whether a stretch holds a proper name, or a people's name before a word for land."""
    if span[-1].lower_ in words.lands:
        return any(token.text[:1].isupper() for token in span)
    return any(token.text[:1].isupper() and token.dep_ != "amod" for token in span)
