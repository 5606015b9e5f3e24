"""The claims stage: a parsed report in, its claims and quantities out, as spans not yet resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from heldby.claims.attribution import Chain, carry_quotes, find_chain
from heldby.claims.lexicon import Lexicon
from heldby.claims.modality import find_hedges, find_modality, find_tense
from heldby.claims.quantities import find_quantities
from heldby.claims.roles import Roles, find_roles
from heldby.claims.sides import can_be_side
from heldby.claims.sites import Placed, Site, find_sites
from heldby.claims.timing import choose_time, expressions_of
from heldby.claims.tree import RELATIVES, bounds, phrase, span_text, text_of
from heldby.claims.triggers import Trigger, find_triggers
from heldby.dates import TimeExpression
from heldby.records.actor import Party
from heldby.records.claim import Claim, Evidence, Mention, MentionKind, Reading
from heldby.records.document import Document
from heldby.records.ids import record_id
from heldby.records.place import PlaceRef
from heldby.records.source import SourceLink
from heldby.records.span import Span as TextSpan

RULES_VERSION = "claims-1"
MENTION_KINDS: dict[str, MentionKind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "PLACE": "place",
    "DATE": "date",
    "QUANTITY": "quantity",
    "WEAPON": "weapon",
}
PRESUPPOSED = frozenset({"suffix"})


@dataclass(frozen=True, slots=True)
class _Page:
    """A document with what is computed once for all of its sentences."""

    document: Document
    doc: Doc
    sentences: tuple[Span, ...]
    sites: tuple[Site, ...]
    side_tokens: frozenset[int]
    expressions: tuple[TimeExpression, ...]
    lexicon: Lexicon


@dataclass(frozen=True, slots=True)
class _Draft:
    """A trigger with its roles and chain, before it becomes claims."""

    sentence: Span
    trigger: Trigger
    roles: Roles
    chain: Chain
    rivals: tuple[Token, ...]


def read_claims(pairs: Iterable[tuple[Document, Doc]], *, lexicon: Lexicon) -> Iterator[Reading]:
    """Yield the reading of each document: sentences, mentions, claims in text order, and quantities.

    Parties, places, times and voices are spans of the document's text; `resolve` says whom and where they mean.
    """
    for document, doc in pairs:
        yield _read(_page(document, doc, lexicon))


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
    side_tokens = named | nations
    return _Page(document, doc, sentences, sites, side_tokens, expressions_of(doc), lexicon)


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
    for index, sentence in enumerate(page.sentences):
        for draft in _drafts(sentence, page):
            drafts.append((index, draft))
        chain = find_chain(_deepest(sentence), page.lexicon.speech)
        if chain.voices:
            chains[index] = chain
    carried = carry_quotes(page.doc, page.sentences, chains, page.lexicon.speech)
    claims: dict[str, Claim] = {}
    for index, draft in drafts:
        chain = draft.chain if draft.chain.voices or _presupposes(draft) else carried.get(index, Chain())
        for claim in _claims(draft, chain, page):
            claims.setdefault(claim.id, claim)
    tables = page.lexicon.counted
    return Reading(
        document=page.document,
        sentences=tuple(_text_span(sentence) for sentence in page.sentences),
        mentions=tuple(_mentions(page)),
        claims=tuple(claims.values()),
        quantities=tuple(
            quantity
            for sentence in page.sentences
            for quantity in find_quantities(sentence, document_id=page.document.id, tables=tables)
        ),
    )


def _presupposes(draft: _Draft) -> bool:
    return draft.trigger.kind in PRESUPPOSED


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
    for site in page.sites:
        yield Mention(kind="place", span=TextSpan.of(text_of(page.doc), site.char_start, site.char_end))


def _drafts(sentence: Span, page: _Page) -> Iterator[_Draft]:
    triggers = find_triggers(sentence, page.lexicon)
    sites = [site for site in page.sites if sentence.start <= site.start and site.end <= sentence.end]
    tokens = tuple(page.doc[trigger.token] for trigger in triggers)
    for trigger in triggers:
        token = page.doc[trigger.token]
        outside = [site for site in sites if not _in_brackets(site, trigger.token, sentence)]
        roles = find_roles(trigger, token, sites=outside, lexicon=page.lexicon, sides=page.side_tokens)
        trigger = _from_the_air(trigger, roles, page.lexicon)
        if not accepts(trigger, roles, page):
            continue
        if not roles.places:
            roles = _with_nearest(trigger, roles, sites)
        if not roles.places and trigger.score >= ACCEPTED_WITHOUT_PLACE:
            roles = _with_topic(roles, sentence, page)
        if roles.places:
            roles = _with_all_of(roles, sentence, page)
            chain = Chain() if trigger.kind in PRESUPPOSED else find_chain(token, page.lexicon.speech)
            yield _Draft(sentence, trigger, roles, chain, tokens)


def _in_brackets(site: Site, trigger: int, sentence: Span) -> bool:
    """Tell whether a name stands in brackets that the trigger is not in ("(Qaeda's branch in the Levant)")."""
    doc = sentence.doc
    if "(" not in span_text(sentence):
        return False

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


def accepts(trigger: Trigger, roles: Roles, page: _Page) -> bool:
    """Tell whether a trigger with its roles is a claim: a score high enough, and the place and side it asks for.

    Where the reading model is sure of the word, the place may stand elsewhere in the clause.
    """
    entry = trigger.entry
    actor_is_side = _is_side(roles.actor, page)
    if entry.place_needed and not roles.own_slot and trigger.learned < SURE:
        return False
    if (entry.side_subject or trigger.kind == "suffix") and not actor_is_side:
        return False
    if entry.frame in {"lose", "expel"} and not actor_is_side and not _is_side(roles.opponent, page):
        # "the arch is lost", "clear mines from the road"
        return False
    return trigger.score >= ACCEPTED


def _is_side(head: Token | None, page: _Page) -> bool:
    return head is not None and can_be_side(head, page.lexicon, sides=page.side_tokens)


ACCEPTED = 0.35
SURE = 0.5
# A sentence that names no place continues the last one only where its trigger is this sure.
ACCEPTED_WITHOUT_PLACE = 0.6
TOPIC_REACH = 3


def _with_all_of(roles: Roles, sentence: Span, page: _Page) -> Roles:
    """Let "the two towns" or "the villages" stand for each place that a sentence shortly before lists."""
    (placed, *others) = roles.places
    span = page.doc.char_span(placed.char_start, placed.char_end, alignment_mode="expand")
    words = page.lexicon.place_words
    if others or placed.named or span is None or not words.several.intersection(one.lower_ for one in span):
        return roles
    before = [one for one in page.sentences if one.start < sentence.start][-TOPIC_REACH:]
    for earlier in reversed(before):
        sites = [site for site in page.sites if earlier.start <= site.start < earlier.end]
        listed = [site for site in sites if _is_listed(site, sites, page.doc)]
        if len(listed) > 1:
            whole = tuple(Placed(one.char_start, one.char_end, named=True, part=False) for one in listed)
            return Roles(roles.actor, roles.opponent, whole, True)
    return roles


def _is_listed(site: Site, sites: Sequence[Site], doc: Doc) -> bool:
    """Tell whether a name stands in a list with another one."""
    roots = {one.root for one in sites if one is not site}
    joined = doc[site.root].dep_ == "conj" and doc[site.root].head.i in roots
    return joined or any(doc[root].dep_ == "conj" and doc[root].head.i == site.root for root in roots)


def _with_topic(roles: Roles, sentence: Span, page: _Page) -> Roles:
    """Take the place that the sentences just before speak of, where a sentence names none itself."""
    before = [one for one in page.sentences if one.start < sentence.start][-TOPIC_REACH:]
    for earlier in reversed(before):
        sites = [site for site in page.sites if earlier.start <= site.start < earlier.end]
        if sites:
            placed = Placed(sites[0].char_start, sites[0].char_end, named=True, part=False)
            return Roles(roles.actor, roles.opponent, (placed,), False)
    return roles


def _with_nearest(trigger: Trigger, roles: Roles, sites: Sequence[Site]) -> Roles:
    """Take the nearest name of the sentence where the tree gives no place, earlier names before later ones."""
    named = [site for site in sites if site.start > trigger.token or site.end <= trigger.token]
    if not named:
        return roles
    nearest = min(named, key=lambda site: abs(site.start - trigger.token) + (0 if site.start < trigger.token else 3))
    placed = Placed(nearest.char_start, nearest.char_end, named=True, part=False)
    return Roles(roles.actor, roles.opponent, (placed,), False)


def _claims(draft: _Draft, chain: Chain, page: _Page) -> Iterator[Claim]:
    token = page.doc[draft.trigger.token]
    text = text_of(page.doc)
    when = choose_time(token, page.expressions, speech=page.lexicon.speech, rivals=draft.rivals)
    presupposed = _presupposes(draft)
    modality = "asserted" if presupposed else find_modality(token, page.lexicon, denied=chain.denied)
    sentence = _text_span(draft.sentence)
    trigger = TextSpan.of(text, draft.trigger.start, draft.trigger.end)
    for placed in draft.roles.places:
        mention = TextSpan.of(text, placed.char_start, placed.char_end)
        part = TextSpan.of(text, placed.part_start, placed.part_end) if placed.part_end > placed.part_start else None
        yield Claim(
            id=record_id("clm", page.document.id, draft.trigger.entry.relation, trigger.start, mention.start,
                         part.start if part else -1, RULES_VERSION),
            document_id=page.document.id,
            sentence=sentence,
            trigger=trigger,
            relation=draft.trigger.entry.relation,
            actor=_side(draft.roles.actor, page),
            opponent=_side(draft.roles.opponent, page),
            place=PlaceRef(mention=mention, name_text=mention.text if placed.named else ""),
            extent="part" if placed.part else "whole",
            part=part,
            modality=modality,
            hedges=find_hedges(token, page.lexicon),
            chain=_without_outlet(chain.links(), page.document.outlet),
            time_text=when,
            tense=find_tense(token),
            historic="presupposed" if presupposed else "",
            reported=page.document.published,
            known_at=page.document.known_at,
            confidence=round(min(0.99, max(0.01, draft.trigger.score)), 4),
            evidence=(_evidence(draft),),
            version=RULES_VERSION,
        )  # fmt: skip


def _evidence(draft: _Draft) -> Evidence:
    where = "in the place that its construction gives it" if draft.roles.own_slot else "elsewhere in its sentence"
    word = draft.sentence.doc[draft.trigger.token].text
    return Evidence(
        name=f"trigger/{draft.trigger.kind}",
        weight=round(draft.trigger.score, 4),
        reason=f"“{word}” tells “{draft.trigger.entry.relation}”, with its place {where}.",
    )


def _side(head: Token | None, page: _Page) -> Party:
    """Return the party of a role, empty where the words cannot be a side ("shells", "fierce", "dozens of people")."""
    return _party(head, page) if _is_side(head, page) else Party()


def _party(head: Token | None, page: _Page) -> Party:
    if head is None or head.lower_ in RELATIVES:
        return Party()
    start, end = bounds(_without_clauses(head))
    return Party(mention=TextSpan.of(text_of(page.doc), start, end))


def _without_clauses(head: Token) -> list[Token]:
    kept = []
    for token in phrase(head):
        if token.i > head.i and token.dep_ in {"obl", "advmod"}:
            break
        kept.append(token)
    return kept


def _without_outlet(links: tuple[SourceLink, ...], outlet: str) -> tuple[SourceLink, ...]:
    """The outlet is never a link of its own chain."""
    return tuple(link for link in links if not outlet or link.mention.text.casefold() != outlet.casefold())


def _text_span(sentence: Span) -> TextSpan:
    text = span_text(sentence)
    start = sentence.start_char + len(text) - len(text.lstrip())
    return TextSpan.of(text_of(sentence.doc), start, start + len(text.strip()))
