"""Places in a sentence: which words name one, and what a phrase says of it (the whole, a part, or "the city")."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from heldby.claims.lexicon import Lexicon, PlaceWords
from heldby.claims.names import names_in
from heldby.claims.parts import find_part
from heldby.claims.tree import base_forms, bounds, cases, children, phrase, text_of

PLACE_LABEL = "PLACE"
CAPITAL = "capital"
LOCATING = frozenset(
    {"in", "at", "of", "to", "from", "into", "towards", "toward", "near", "outside", "on", "between"}
)
PRONOUNS = frozenset({"it", "there", "here"})
DETERMINED = frozenset({"the", "this", "that", "its", "both", "these", "those", "entire"})


@dataclass(frozen=True, slots=True)
class Site:
    """A named place in a sentence: token indices in the Doc, `root` the token that the tree hangs it by.

    `known`: the gazetteer knows the name.
    """

    start: int
    end: int
    root: int
    char_start: int
    char_end: int
    known: bool = False


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
    words = lexicon.place_words
    # a small word may be the name of a village somewhere ("On"): only proper nouns count
    found = [doc.char_span(start, end, alignment_mode="expand") for start, end in lexicon.places(text_of(doc))]
    read = {ent.text.lower() for ent in doc.ents if ent.label_ == PLACE_LABEL}
    known: list[tuple[int, int]] = []
    for one in found:
        listed = one is not None and bool(known) and known[-1][1] == one.start - 1
        if one and _is_proper(one, read, listed=listed) and not _in_longer_name(one, words):
            known.append((one.start, one.end))
    spans = [*known, *((ent.start, ent.end) for ent in doc.ents if ent.label_ == PLACE_LABEL)]
    spans += _by_construction(doc, lexicon, blocked=blocked)
    spans += _capitals(doc, nations)
    in_known = {i for start, end in known for i in range(start, end)}
    # a side's name may stand in that of a place ("Lake Assad")
    blocked -= {i for start, end in known if start not in blocked and doc[start].pos_ for i in range(start, end)}
    taken: set[int] = set()
    sites = []
    for first, last in sorted(spans, key=lambda pair: (pair[0] - pair[1], pair[0])):
        for start, end in names_in(doc, first, last, words=words, nations=nations, known=known):
            if any(i in taken or i in blocked for i in range(start, end)):
                continue
            if end - start == 1 and start in nations and start not in in_known and doc[start].lower_.endswith("s"):
                # "Syrias largest city": the owner without its apostrophe
                continue
            taken.update(range(start, end))
            sites.append(_site(doc[start:end], known=any(i in in_known for i in range(start, end))))
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


def _capitals(doc: Doc, nations: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield "the Syrian capital": a city named by its land."""
    for token in doc[1:]:
        if token.lower_ == CAPITAL and token.i - 1 in nations:
            yield token.i - 1, token.i + 1


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
        if ent.label_ == "DATE" or (ent.label_ == "PERSON" and " " in ent.text):
            # "an army brigadier in Samarra"
            at = next((token.i for token in ent if token.dep_ == "case" and token.i > ent.start), ent.end)
            yield from range(ent.start, at)


def _is_proper(span: Span, doc_names: Collection[str], *, listed: bool) -> bool:
    if span.root.pos_:
        return span.root.pos_ in {"PROPN", "X"} or any(sign.isdigit() for sign in span.text)
    # A sentence that the reading model passed over: the words around tell a name from a longer one and from "Nov".
    sentence, first, last = span.sent, span[0], span[-1]
    before = span.doc[span.start - 1] if span.start > sentence.start else None
    after = span.doc[span.end] if span.end < sentence.end else None
    if not last.text[:1].isupper() or any(one is not None and one.text[:1].isupper() for one in (before, after)):
        return False
    before_it = LOCATING | {"and", ","} if listed else LOCATING
    located = before is not None and before.lower_ in before_it and first.text != "I"
    return located or len(span) > 1 or span.text.lower() in doc_names


def _in_longer_name(span: Span, words: PlaceWords) -> bool:
    """Tell whether a name is only the first part of another ("Badia Monitor", "Aleppo Media Centre")."""
    head = span.root.head
    follows = span.root.dep_ in {"compound", "flat"} and head.i >= span.end and head.pos_ == "PROPN"
    kinds = words.kinds_kept | words.kinds_dropped | words.whole | words.part
    return follows and head.i - span.end < 3 and head.lower_ not in kinds


def _site(span: Span, *, known: bool) -> Site:
    # a tree may hang each word of a name on what follows it: its last proper noun stands for it
    outer = [token for token in span if not span.start <= token.head.i < span.end or token.head.i == token.i]
    proper = [token for token in outer if token.pos_ == "PROPN"]
    root = proper[-1] if proper and span.root.pos_ != "PROPN" else span.root
    return Site(span.start, span.end, root.i, span.start_char, span.end_char, known)


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
    ends = {site.end for site in near}
    coordinated = [
        site for site in inside if depths[site] == least + 1 and (_joins(site, near, doc) or site.start in ends)
    ]
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


def _placed(site: Site, head: Token, *, words: PlaceWords, own_case: bool) -> Placed:
    part = find_part(head.doc, site.start, site.root, head=head, words=words, own_case=own_case)
    if part is None:
        return Placed(site.char_start, site.char_end, named=True, part=False)
    piece = head.doc[part[0] : part[1]]
    start, end = (piece.start_char, piece.end_char) if len(piece) else (site.char_start, site.char_start)
    return Placed(site.char_start, site.char_end, named=True, part=True, part_start=start, part_end=end)


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
