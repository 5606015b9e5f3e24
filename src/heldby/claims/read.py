"""The claims stage: a parsed report in, its claims and quantities out, as spans not yet resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from heldby.claims.attribution import Chain, carry_quotes, find_chain, with_read
from heldby.claims.candidates import Candidate, Offer, find_candidates
from heldby.claims.confidence import Confidence, Scale
from heldby.claims.filling import fill_actor, fill_opponent, fill_part, may_mean, unsaid_roles
from heldby.claims.lexicon import Lexicon
from heldby.claims.linked import LINKS
from heldby.claims.modality import find_hedges, find_modality, find_tense
from heldby.claims.quantities import find_quantities
from heldby.claims.scene import Scene, plain_name, sites_by_name
from heldby.claims.sites import find_sites
from heldby.claims.timing import choose_time, expressions_of
from heldby.claims.tree import span_text, text_of
from heldby.claims.triggers import SCORE_LABELS, SCORES
from heldby.dates import TimeExpression
from heldby.records.claim import Claim, Evidence, Mention, MentionKind, Reading
from heldby.records.document import Document
from heldby.records.ids import record_id
from heldby.records.place import PlaceRef
from heldby.records.source import SourceLink
from heldby.records.span import Span as TextSpan

RULES_VERSION = "claims-2"
MENTION_KINDS: dict[str, MentionKind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "PLACE": "place",
    "DATE": "date",
    "QUANTITY": "quantity",
    "WEAPON": "weapon",
}
PRESUPPOSED = frozenset({"suffix"})
# Words this near that tell the same of the same place tell it once.
TOLD_TWICE = 5


@dataclass(frozen=True, slots=True)
class _Page:
    """A document with what is computed once for all of its sentences."""

    document: Document
    scene: Scene
    expressions: tuple[TimeExpression, ...]

    @property
    def doc(self) -> Doc:
        return self.scene.doc

    @property
    def lexicon(self) -> Lexicon:
        return self.scene.lexicon


@dataclass(frozen=True, slots=True)
class _Draft:
    """An accepted candidate with one of its places, its probability and chain, before it becomes a claim."""

    sentence: Span
    candidate: Candidate
    offer: Offer
    probability: float
    evidence: tuple[Evidence, ...]
    chain: Chain
    rivals: tuple[Token, ...]


def read_claims(pairs: Iterable[tuple[Document, Doc]], *, lexicon: Lexicon) -> Iterator[Reading]:
    """Yield the reading of each document: sentences, mentions, claims in text order, and quantities.

    Parties, places, times and voices are spans of the document's text; `resolve` says whom and where they mean.
    """
    for document, doc in pairs:
        yield _read(_page(document, doc, lexicon))


def candidates_of(document: Document, doc: Doc, *, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield every candidate of a document, likely or not; from these the weights of the evidence are fitted."""
    page = _page(document, doc, lexicon)
    for sentence in page.scene.sentences:
        yield from find_candidates(sentence, page.scene)


def silence(doc: Doc) -> None:
    """Take away what the claim heads said, so that only the tree and the lexicon speak."""
    for name in (SCORES, SCORE_LABELS, LINKS):
        doc.user_data.pop(name, None)


def _page(document: Document, doc: Doc, lexicon: Lexicon) -> _Page:
    body = [(block.start, block.end) for block in document.body()]
    sentences = tuple(
        sentence
        for sentence in doc.sents
        if span_text(sentence).strip()
        and any(s <= sentence.start_char and sentence.end_char <= e + 1 for s, e in body)
    )
    named, nations = (_tokens_of(doc, spans) for spans in lexicon.sides(text_of(doc)))
    sites = find_sites(doc, lexicon, sides=named, nations=nations)
    scene = Scene(doc, sentences, sites, named | nations, nations, lexicon, sites_by_name(doc, sites))
    return _Page(document, scene, expressions_of(doc))


def _tokens_of(doc: Doc, spans: Iterable[tuple[int, int]]) -> frozenset[int]:
    found: set[int] = set()
    for start, end in spans:
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is not None:
            found.update(range(span.start, span.end))
    return frozenset(found)


def _read(page: _Page) -> Reading:
    drafts: list[tuple[int, _Draft]] = []
    chains: dict[int, Chain] = {}
    for index, sentence in enumerate(page.scene.sentences):
        for draft in _drafts(sentence, page):
            drafts.append((index, draft))
        chain = find_chain(_deepest(sentence), page.lexicon.speech)
        if chain.voices:
            chains[index] = chain
    carried = carry_quotes(page.doc, page.scene.sentences, chains, page.lexicon.speech)
    claims: dict[str, Claim] = {}
    for index, draft in drafts:
        chain = _chain(draft, page, carried=carried.get(index))
        claim = _claim(draft, chain, page)
        claims.setdefault(claim.id, claim)
    tables = page.lexicon.counted
    return Reading(
        document=page.document,
        sentences=tuple(_text_span(sentence) for sentence in page.scene.sentences),
        mentions=tuple(_mentions(page)),
        claims=tuple(claims.values()),
        quantities=tuple(
            quantity
            for sentence in page.scene.sentences
            for quantity in find_quantities(sentence, document_id=page.document.id, tables=tables)
        ),
    )


def _chain(draft: _Draft, page: _Page, *, carried: Chain | None) -> Chain:
    """Return who says it: nobody for what is presupposed, else what the tree and the reading model give."""
    if _presupposes(draft):
        return Chain()
    return with_read(draft.chain, draft.candidate.link, page.doc, words=page.lexicon.speech, carried=carried)


def _presupposes(draft: _Draft) -> bool:
    return draft.candidate.trigger.kind in PRESUPPOSED


def _deepest(sentence: Span) -> Token:
    """Return a token of what the sentence says rather than of who says it: the lowest complement clause's head."""
    token = sentence.root
    for _step in range(5):
        below = [child for child in token.children if child.dep_ in {"ccomp", "xcomp"}]
        if not below:
            break
        token = below[0]
    return token


def _mentions(page: _Page) -> Iterator[Mention]:
    for ent in page.doc.ents:
        kind = MENTION_KINDS.get(ent.label_)
        if kind is not None and kind != "place":
            yield Mention(kind=kind, span=TextSpan.of(text_of(page.doc), ent.start_char, ent.end_char))
    for site in page.scene.sites:
        yield Mention(kind="place", span=TextSpan.of(text_of(page.doc), site.char_start, site.char_end))


def _drafts(sentence: Span, page: _Page) -> Iterator[_Draft]:
    """Yield what is accepted, in text order: of a word's relations, for each place the likeliest."""
    best: dict[tuple[int, int, int], tuple[float, Candidate, Offer]] = {}
    for candidate in find_candidates(sentence, page.scene):
        for probability, offer in accepted(candidate, page.lexicon.confidence):
            key = (candidate.trigger.token, offer.placed.char_start, offer.placed.part_start)
            if key not in best or probability > best[key][0]:
                best[key] = (probability, candidate, offer)
    kept = list(_told_once(best.values(), page.scene))
    tokens = tuple(page.doc[i] for i in sorted({candidate.trigger.token for _, candidate, _ in kept}))
    for probability, candidate, offer in kept:
        trigger = candidate.trigger
        chain = Chain() if trigger.kind in PRESUPPOSED else find_chain(page.doc[trigger.token], page.lexicon.speech)
        reasons = _reasons(candidate, offer, page.lexicon.confidence)
        yield _Draft(sentence, candidate, offer, probability, reasons, chain, tokens)


def _told_once(
    found: Iterable[tuple[float, Candidate, Offer]], scene: Scene
) -> Iterator[tuple[float, Candidate, Offer]]:
    """Leave out what other words of a sentence tell a second time ("air strikes hit X")."""
    listed = list(found)
    for one in listed:
        probability, candidate, _ = one
        rivals = [other for other in listed if other is not one and _tells_same(one, other, scene)]
        if all((probability, -candidate.trigger.start) > (p, -c.trigger.start) for p, c, _ in rivals):
            yield one


def _tells_same(one: tuple[float, Candidate, Offer], other: tuple[float, Candidate, Offer], scene: Scene) -> bool:
    (_, first, here), (_, second, there) = one, other
    if first.trigger.entry.relation != second.trigger.entry.relation or first.trigger.token == second.trigger.token:
        return False
    pointing = not (here.placed.named and there.placed.named)
    near = abs(first.trigger.token - second.trigger.token) <= TOLD_TWICE
    if plain_name(here.text) != plain_name(there.text) and not (pointing and near):
        return False
    if PRESUPPOSED & {first.trigger.kind, second.trigger.kind}:
        return False
    actors = {party.mention for party in (fill_actor(first, scene), fill_actor(second, scene)) if party.mention}
    if len(actors) > 1 and not _overlap(*actors):
        return False
    a, b = scene.doc[first.trigger.token], scene.doc[second.trigger.token]
    # "is conducting airstrikes, artillery fire": one verb has both
    beside = a.head.i == b.head.i and a.dep_ == b.dep_ == "obj"
    if near or beside or a.head.i == b.i or b.head.i == a.i:
        return True
    return here.placed.part == there.placed.part and bool(actors)


def _overlap(one: TextSpan, other: TextSpan) -> bool:
    return one.start < other.end and other.start < one.end


def _scale(candidate: Candidate, confidence: Confidence) -> Scale:
    return confidence.unread if candidate.trigger.learned is None else confidence.read


def accepted(candidate: Candidate, confidence: Confidence) -> Iterator[tuple[float, Offer]]:
    """Yield the places of a candidate that is likely enough a claim, with the probability of the whole.

    The likeliest place is taken even where it is doubtful, further ones only where they are likely.
    """
    scale = _scale(candidate, confidence)
    told = scale.claim.probability(candidate.features)
    if told < scale.least:
        return
    chances = _chances(candidate, scale)
    top = max(chances)
    for chance, offer in zip(chances, candidate.offers, strict=True):
        wanted = scale.least_place if chance == top else scale.further_place
        if chance >= wanted and told * chance >= scale.least_both:
            yield told * chance, offer


def _chances(candidate: Candidate, scale: Scale) -> list[float]:
    """Return the probability of each place offered; names of one list share theirs, for what is told of one is told
    of all."""
    offers = candidate.offers
    alone = {id(offer): scale.place.probability(offer.features) for offer in offers}
    together = [[one for one in offers if one.site in offer.listed] or [offer] for offer in offers]
    return [sum(alone[id(one)] for one in same) / len(same) for same in together]


def _reasons(candidate: Candidate, offer: Offer, confidence: Confidence) -> tuple[Evidence, ...]:
    scale = _scale(candidate, confidence)
    return (
        *confidence.evidence(scale.claim, candidate.features),
        *confidence.evidence(scale.place, offer.features),
    )


def _claim(draft: _Draft, chain: Chain, page: _Page) -> Claim:
    candidate, text = draft.candidate, text_of(page.doc)
    trigger, placed = candidate.trigger, fill_part(draft.offer.placed, candidate, page.scene)
    token = page.doc[trigger.token]
    presupposed = _presupposes(draft)
    words = TextSpan.of(text, trigger.start, trigger.end)
    mention = TextSpan.of(text, placed.char_start, placed.char_end)
    part = TextSpan.of(text, placed.part_start, placed.part_end) if placed.part_end > placed.part_start else None
    relation = trigger.entry.relation
    return Claim(
        id=record_id("clm", page.document.id, relation, words.start, mention.start,
                     part.start if part else -1, RULES_VERSION),
        document_id=page.document.id,
        sentence=_text_span(draft.sentence),
        trigger=words,
        relation=relation,
        actor=fill_actor(candidate, page.scene),
        opponent=fill_opponent(candidate, page.scene),
        place=PlaceRef(
            mention=mention,
            name_text=mention.text if placed.named else "",
            may_mean=() if placed.named else may_mean(candidate.link, page.scene),
        ),
        extent="part" if placed.part else "whole",
        part=part,
        modality="asserted" if presupposed else find_modality(token, page.lexicon, denied=chain.denied),
        hedges=find_hedges(token, page.lexicon),
        chain=_without_outlet(chain.links(), page.document.outlet),
        time_text=choose_time(token, page.expressions, speech=page.lexicon.speech, rivals=draft.rivals),
        tense=find_tense(token),
        historic="presupposed" if presupposed else "",
        told_before=round(candidate.link.background, 4) if candidate.link else None,
        unsaid=unsaid_roles(candidate),
        reported=page.document.published,
        known_at=page.document.known_at,
        confidence=round(min(0.99, max(0.01, draft.probability)), 4),
        evidence=draft.evidence,
        version=RULES_VERSION,
    )  # fmt: skip


def _without_outlet(links: tuple[SourceLink, ...], outlet: str) -> tuple[SourceLink, ...]:
    """The outlet is never a link of its own chain."""
    return tuple(link for link in links if not outlet or link.mention.text.casefold() != outlet.casefold())


def _text_span(sentence: Span) -> TextSpan:
    text = span_text(sentence)
    start = sentence.start_char + len(text) - len(text.lstrip())
    return TextSpan.of(text_of(sentence.doc), start, start + len(text.strip()))
