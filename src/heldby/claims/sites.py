"""Places in a sentence: which words name one, and what a phrase says of it (the whole, a part, or "the city")."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from heldby.claims.lexicon import Lexicon, PlaceWords
from heldby.claims.tree import base_forms, bounds, cases, children, phrase, text_of

PLACE_LABEL = "PLACE"
PRONOUNS = frozenset({"it", "there", "here"})
EDGES = frozenset({"the", "a", "an", "of", "in", "'s", "’s", "-", "and", ",", "s", ".", "'", "’"})
DETERMINED = frozenset({"the", "this", "that", "its", "both", "these", "those", "entire"})


@dataclass(frozen=True, slots=True)
class Site:
    """A named place in a sentence: token indices in the Doc, `root` the token that the tree hangs it by."""

    start: int
    end: int
    root: int
    char_start: int
    char_end: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A place that fills a role: the words (a name, or "the city"), whole or part, and the words for the part."""

    char_start: int
    char_end: int
    named: bool
    part: bool
    part_start: int = -1
    part_end: int = -1


def find_sites(
    doc: Doc, lexicon: Lexicon, *, sides: Collection[int] = (), nations: Collection[int] = ()
) -> tuple[Site, ...]:
    """Return the named places of a document, in text order and without overlaps.

    `sides`, `nations`: indices of tokens that belong to names of sides, of lands and of peoples. Names come from the
    reading model's places and from the finder of known names; a name inside that of a side or a person is none.
    """
    blocked = {*_people_and_dates(doc), *sides}
    spans: list[tuple[int, int]] = []
    for start, end in lexicon.places(text_of(doc)):
        span = doc.char_span(start, end, alignment_mode="expand")
        # a small word may be the name of a village somewhere ("On"): only proper nouns count
        if span is not None and _is_proper(span) and not _in_longer_name(span, lexicon.place_words):
            spans.append((span.start, span.end))
    spans += [(ent.start, ent.end) for ent in doc.ents if ent.label_ == PLACE_LABEL]
    spans += _by_construction(doc, lexicon, blocked=blocked)
    taken: set[int] = set()
    sites = []
    for start, end in sorted(spans, key=lambda pair: (pair[0] - pair[1], pair[0])):
        start = _after_owner(doc, start, end, nations=nations)
        grown = _shape(doc, start, end, words=lexicon.place_words)
        if grown is None or any(i in taken or i in blocked for i in range(*grown)):
            continue
        taken.update(range(*grown))
        sites.append(_site(doc[grown[0] : grown[1]]))
    return tuple(sorted(sites, key=lambda site: site.start))


def _by_construction(doc: Doc, lexicon: Lexicon, *, blocked: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield proper nouns that a construction makes places of: "captured X", "the village of X"."""
    for token in doc:
        if token.pos_ != "PROPN" or token.i in blocked or token.ent_type_ in {"PERSON", "DATE"}:
            continue
        base = token
        while base.dep_ == "conj" and base.head.i != base.i and base.head.pos_ in {"PROPN", "NOUN"}:
            base = base.head
        if _is_taken(base, lexicon) or _is_of_kind(token, lexicon.place_words):
            yield _run(token)


def _is_taken(token: Token, lexicon: Lexicon) -> bool:
    if token.dep_ not in {"obj", "nsubj:pass"}:
        return False
    entries = [entry for form in base_forms(token.head) for entry in lexicon.verbs.get(form, ())]
    return any(entry.frame == "object" and entry.relation == "takes" and not entry.needs for entry in entries)


def _is_of_kind(token: Token, words: PlaceWords) -> bool:
    """Tell whether a name hangs on a noun for a kind of place, as in "the village of X" or "the town X"."""
    base = token
    while base.dep_ == "conj" and base.head.i != base.i:
        base = base.head
    kind = base.head.lemma_.lower() in words.kinds_dropped or base.head.lower_ in words.kinds_dropped
    if base.dep_ == "nmod":
        return kind and cases(base)[:1] == ("of",)
    return kind and base.dep_ in {"appos", "flat", "nmod:desc"}


def _run(token: Token) -> tuple[int, int]:
    """Return the unbroken run of proper nouns and hyphens around a token, within its sentence."""
    doc, sentence = token.doc, token.sent
    start, end = token.i, token.i + 1
    while start > sentence.start and (doc[start - 1].pos_ == "PROPN" or doc[start - 1].text in {"-", "’", "'"}):
        start -= 1
    while end < sentence.end and (doc[end].pos_ == "PROPN" or doc[end].text in {"-", "’", "'"}):
        end += 1
    return start, end


def _people_and_dates(doc: Doc) -> Iterator[int]:
    """A single word tagged as a person may still be a known place."""
    for ent in doc.ents:
        if ent.label_ == "DATE" or (ent.label_ == "PERSON" and len(ent) > 1):
            yield from range(ent.start, ent.end)


def _is_proper(span: Span) -> bool:
    return span.root.pos_ in {"PROPN", "X"} or any(sign.isdigit() for sign in span.text)


def _in_longer_name(span: Span, words: PlaceWords) -> bool:
    """Tell whether a name is only the first part of another ("Badia Monitor", "Aleppo Media Centre")."""
    head = span.root.head
    follows = span.root.dep_ in {"compound", "flat"} and head.i >= span.end and head.pos_ == "PROPN"
    kinds = words.kinds_kept | words.kinds_dropped | words.whole | words.part
    return follows and head.i - span.end < 3 and head.lower_ not in kinds


def _after_owner(doc: Doc, start: int, end: int, *, nations: Collection[int]) -> int:
    """Leave out the country that owns a place: "Syria's Hama", also where the apostrophe was stripped ("Syrias")."""
    for at in range(start, end - 1):
        owns = doc[at + 1].lower_ in {"'s", "’s"} or (doc[at].lower_.endswith("s") and doc[at].dep_ != "flat")
        if at in nations and owns:
            return at + (2 if doc[at + 1].lower_ in {"'s", "’s"} else 1)
    return start


def _shape(doc: Doc, start: int, end: int, *, words: PlaceWords) -> tuple[int, int] | None:
    """Trim determiners and dropped kinds ("the city of"), add directions ("northern") and kept kinds ("province")."""
    while start < end and (_is_edge(doc[start], words) or doc[start].is_space):
        start += 1
    while end > start and (
        _is_edge(doc[end - 1], words) or (end - 1 > start and doc[end - 1].lower_ in words.trimmed)
    ):
        end -= 1
    if start >= end or not _names_something(doc[start:end], words):
        return None
    if all(_is_plain(token, words) for token in doc[start:end]):
        return None
    while (
        start > 0 and doc[start - 1].lower_ in words.directions and doc[start - 1].sent.start == doc[start].sent.start
    ):
        start -= 1
    limit = doc[start].sent.end
    if end < limit and doc[end].lower_ in words.kinds_kept:
        end += 1
    return start, end


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


def _site(span: Span) -> Site:
    return Site(span.start, span.end, span.root.i, span.start_char, span.end_char)


def place_phrase(head: Token, sites: Sequence[Site], *, words: PlaceWords, own_case: bool = True) -> list[Placed]:
    """Return the places that a noun phrase speaks of.

    A name gives itself; "areas outside X" gives X in part; "the villages of X and Y" gives both; "the city" without
    a name gives the phrase itself, to be resolved through the document; an ordinary noun gives nothing. `own_case`
    False leaves the phrase's own preposition out ("near rebel-held X": all of X is held).
    """
    tokens = phrase(head)
    indices = {token.i for token in tokens}
    inside = [
        site for site in sites if site.root in indices or any(i in indices for i in range(site.start, site.end))
    ]
    if not inside:
        return _anaphor(head, words=words)
    nearest = _nearest(head, inside)
    return [_placed(site, head, words=words, own_case=own_case) for site in nearest]


def _depth(token: Token, head: Token) -> int:
    steps = 0
    while token.i != head.i and token.head.i != token.i and steps < 50:
        if token.dep_ != "conj":
            steps += 1
        token = token.head
    return steps


def _nearest(head: Token, inside: Sequence[Site]) -> list[Site]:
    doc = head.doc
    depths = {site: _depth(doc[site.root], head) for site in inside}
    least = min(depths.values())
    near = _without_owners([site for site in inside if depths[site] == least], doc)
    coordinated = [site for site in inside if depths[site] == least + 1 and _joins(site, near, doc)]
    return near + [site for site in coordinated if site not in near]


def _without_owners(near: list[Site], doc: Doc) -> list[Site]:
    """Of "the Damascus suburb of Daraya" keep Daraya: a name before the noun only says whose it is."""
    named = {
        doc[site.root].head.i
        for site in near
        if "of" in cases(doc[site.root]) or doc[site.root].dep_ in {"appos", "flat", "nmod:desc"}
    }
    owners = {"compound", "nmod:poss", "amod", "nmod"}
    kept = [
        site
        for site in near
        if not (
            doc[site.root].head.i in named
            and doc[site.root].dep_ in owners
            and "of" not in cases(doc[site.root])
            and site.start < doc[site.root].head.i
        )
    ]
    return kept or near


def _joins(site: Site, near: Sequence[Site], doc: Doc) -> bool:
    return (
        doc[site.root].dep_ in {"appos", "list"}
        and any(doc[site.root].head.i == other.root for other in near)
        and (any(token.lower_ in {"and", ","} for token in doc[near[-1].end : site.start]))
    )


def _path(token: Token, head: Token) -> list[Token]:
    path = [token]
    while token.i != head.i and token.head.i != token.i and len(path) < 50:
        token = token.head
        path.append(token)
    return path


def _placed(site: Site, head: Token, *, words: PlaceWords, own_case: bool) -> Placed:
    doc = head.doc
    path = _path(doc[site.root], head)
    # prepositions of the phrase's own head belong to the role ("in X"), unless they mean a part ("near X")
    marked = path if own_case or len(path) > 1 else []
    marked = marked if own_case else marked[:-1]
    marks = {word for token in marked for word in cases(token)}
    marks |= {child.lower_ for token in marked for child in children(token, "advmod") if child.i < site.start}
    above = [token for token in path if not site.start <= token.i < site.end]
    part_words = [token for token in above if _means_part(token, site, words=words)]
    is_part = bool(marks & words.partial_prepositions) or bool(part_words) or _quantified(site, doc)
    if not is_part:
        return Placed(site.char_start, site.char_end, named=True, part=False)
    start = min((token.i for token in phrase(part_words[-1], joined=False)), default=site.start) if part_words else -1
    if start < 0 or start >= site.start:
        start = max(head.sent.start, site.start - 1)
    piece = doc[start : site.start]
    text_end = piece.end_char if len(piece) else site.char_start
    text_start = piece.start_char if len(piece) else site.char_start
    return Placed(site.char_start, site.char_end, named=True, part=True, part_start=text_start, part_end=text_end)


def _quantified(site: Site, doc: Doc) -> bool:
    before = doc[max(0, site.start - 3) : site.start].text.lower()
    return before.endswith(("most of", "much of", "parts of", "half of", "% of", "percent of"))


def _means_part(token: Token, site: Site, *, words: PlaceWords) -> bool:
    """Tell whether a common noun above a name means a part of the place rather than its kind."""
    if token.pos_ in {"VERB", "AUX", "ADP", "PRON"}:
        return False
    base = token.doc[site.root]
    while base.dep_ == "conj" and base.head.i != token.i:
        base = base.head
    linked = base.head.i == token.i and base.dep_ in {"compound", "appos", "flat", "nmod:desc"}
    of_it = base.head.i == token.i and "of" in cases(base)
    lemma = token.lemma_.lower()
    if lemma in words.whole and (linked or of_it):
        return token.lower_.endswith("s") and token.lower_ not in words.several and not linked
    if lemma in words.neutral:
        return False
    return token.lower_ in words.part or lemma in words.part or token.pos_ in {"NOUN", "ADJ", "NUM"}


def _anaphor(head: Token, *, words: PlaceWords) -> list[Placed]:
    lemma = head.lemma_.lower()
    if head.lower_ in PRONOUNS:
        return [Placed(head.idx, head.idx + len(head), named=False, part=False)]
    if head.pos_ not in {"NOUN", "PROPN"} or (lemma not in words.whole and head.lower_ not in words.part):
        return []
    start, end = bounds(phrase(head, joined=False))
    determined = any(child.lower_ in DETERMINED for child in children(head, "det", "nmod:poss"))
    whole = lemma in words.whole and determined and not head.lower_.endswith("s")
    if whole:
        return [Placed(start, end, named=False, part=False)]
    return [Placed(start, end, named=False, part=True, part_start=start, part_end=end)]
