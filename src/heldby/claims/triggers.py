"""Triggers: the words of a sentence that may carry a claim, with their relation and the frame of their roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from spacy.tokens import Doc, Span, Token

from heldby.claims.lexicon import Entry, Lexicon, Light
from heldby.claims.tree import base_forms, cases, children, span_text
from heldby.records.claim import Relation

# What the shipped reading model calls its per-token relation scores; absent with another spaCy pipeline.
SCORES = "heldby.trigger"
SCORE_LABELS = "heldby.trigger_labels"
HYPHENS = "-–‑"
ACTS = frozenset({"VERB", "AUX"})
NOUNS = frozenset({"NOUN", "PROPN"})
GENERIC = {"VERB": "into", "AUX": "into", "ADJ": "by_state"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A word that may carry a claim: the token, the character span of the trigger, its entry and a score (0 to 1).

    `learned` is the reading model's own share of the score, 0 where it gives none.
    """

    token: int
    start: int
    end: int
    entry: Entry
    score: float
    kind: str
    governor: int = -1
    learned: float = 0.0


def find_triggers(sentence: Span, lexicon: Lexicon) -> list[Trigger]:
    """Return the triggers of a sentence in text order, at most one for a word and relation."""
    found = [*_phrases(sentence, lexicon), *_suffixes(sentence, lexicon)]
    used = {trigger.token for trigger in found}
    at_tokens = (_at_token(token, lexicon) for token in sentence if token.i not in used)
    found += [trigger for trigger in at_tokens if trigger is not None]
    consumed = {trigger.governor for trigger in found if trigger.governor >= 0}
    found = [trigger for trigger in found if trigger.token not in consumed or trigger.governor >= 0]
    found += _learned(sentence, known={trigger.token for trigger in found} | consumed)
    return sorted((_scored(trigger, sentence.doc) for trigger in found), key=lambda trigger: trigger.start)


def _scored(trigger: Trigger, doc: Doc) -> Trigger:
    score = learned_score(doc, trigger.token, trigger.entry.relation, governor=trigger.governor)
    if score is None or trigger.kind == "learned":
        return trigger
    other, other_score = _best_relation(doc, trigger.token)
    if other in EXCHANGEABLE.get(trigger.entry.relation, ()) and other_score > EXCHANGE and other_score > 2 * score:
        trigger = replace(trigger, entry=replace(trigger.entry, relation=other))
        score = other_score
    return replace(trigger, score=PRIOR_SHARE * trigger.entry.prior + (1 - PRIOR_SHARE) * score, learned=score)


def _best_relation(doc: Doc, token: int) -> tuple[Relation, float]:
    row, labels = doc.user_data[SCORES][token], doc.user_data[SCORE_LABELS]
    best = int(row.argmax())
    return labels[best], float(row[best])


def learned_score(doc: Doc, token: int, relation: Relation, *, governor: int = -1) -> float | None:
    """Return the reading model's score that a token triggers a relation, or None where the model gives none.

    A light construction counts with the better of its noun and its verb.
    """
    scores, labels = doc.user_data.get(SCORES), doc.user_data.get(SCORE_LABELS)
    if scores is None or labels is None or relation not in labels:
        return None
    column = list(labels).index(relation)
    values = [float(scores[i][column]) for i in (token, governor) if i >= 0]
    return max(values)


def _phrases(sentence: Span, lexicon: Lexicon) -> Iterator[Trigger]:
    text = span_text(sentence)
    for phrase in lexicon.phrases:
        for match in phrase.pattern.finditer(text):
            anchor = phrase.anchor.search(text, match.start(), match.end())
            span = anchor and sentence.doc.char_span(
                sentence.start_char + anchor.start(), sentence.start_char + anchor.end(), alignment_mode="expand"
            )
            if span is None:
                continue
            yield Trigger(
                token=span.root.i,
                start=sentence.start_char + match.start(),
                end=sentence.start_char + match.end(),
                entry=phrase.entry,
                score=phrase.entry.prior,
                kind="phrase",
            )


def _suffixes(sentence: Span, lexicon: Lexicon) -> Iterator[Trigger]:
    doc = sentence.doc
    text = span_text(sentence)
    if not any(hyphen in text for hyphen in HYPHENS):
        return
    for token in sentence:
        entry = lexicon.suffixes.get(token.lower_)
        if entry is None or token.i - 2 < sentence.start:
            continue
        hyphen, side = doc[token.i - 1], doc[token.i - 2]
        if hyphen.text not in HYPHENS or not side.text[0].isalpha() or not _touches(side, hyphen, token):
            continue
        yield Trigger(
            token=token.i,
            start=hyphen.idx,
            end=token.idx + len(token),
            entry=entry,
            score=entry.prior,
            kind="suffix",
        )


def _touches(*tokens: Token) -> bool:
    return all(a.idx + len(a) == b.idx for a, b in pairwise(tokens))


def _at_token(token: Token, lexicon: Lexicon) -> Trigger | None:
    light = _light(token, lexicon)
    if light is not None:
        return light
    entries: tuple[Entry, ...] = ()
    if token.pos_ == "ADJ" or token.dep_ == "amod":
        # "the occupied heights": a state, not the act of taking them
        entries = lexicon.adjectives.get(token.lower_, ()) or look_up(token, lexicon.verbs)
    elif token.pos_ in ACTS:
        entries = look_up(token, lexicon.verbs)
    elif token.pos_ in NOUNS:
        entries = look_up(token, lexicon.nouns)
    for entry in _fitting(token, entries):
        start, end = _extent(token, entry)
        return Trigger(token=token.i, start=start, end=end, entry=entry, score=entry.prior, kind=token.pos_.lower())
    return None


def _may_be_light_noun(token: Token) -> bool:
    """A noun, or a word taken for a verb that has neither subject nor object of its own ("took control of")."""
    if token.pos_ in NOUNS:
        return True
    return token.pos_ == "VERB" and token.dep_ != "conj" and not children(token, "nsubj", "obj", "aux", "mark")


def look_up(token: Token, table: Mapping[str, tuple[Entry, ...]]) -> tuple[Entry, ...]:
    """Return the entries of a word by its lemma, or by a base form that its ending suggests.

    The second way serves words that a pipeline has no lemma for ("re-captured").
    """
    for form in base_forms(token):
        if form in table:
            return table[form]
    return ()


def _fitting(token: Token, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries whose needed words hang on the token, the more demanding ones first."""
    if not any(entry.needs for entry in entries):
        return list(entries)
    around = _words_on(token)
    fitting = [entry for entry in entries if not entry.needs or entry.needs & around]
    return sorted(fitting, key=lambda entry: not entry.needs)


def _words_on(token: Token) -> frozenset[str]:
    words: set[str] = set()
    for child in token.children:
        words.update((child.lower_, child.lemma_.lower(), *cases(child)))
        below = {"compound", "amod", "nmod", "case", "mark"}
        words.update(sub.lemma_.lower() for sub in child.children if sub.dep_ in below)
    if token.dep_ in {"compound", "amod"}:
        words.add(token.head.lemma_.lower())
    nearby = token.doc[token.i + 1 : min(token.i + 2, token.sent.end)]
    words.update(next_token.lower_ for next_token in nearby)
    return frozenset(words)


def _extent(token: Token, entry: Entry) -> tuple[int, int]:
    """Return the trigger's characters: the word, and a particle or preposition that follows it directly."""
    end = token.idx + len(token)
    for other in token.doc[token.i + 1 : min(token.i + 3, token.sent.end)]:
        if other.lower_ not in entry.needs or other.pos_ not in {"ADP", "ADV", "PART", "SCONJ"}:
            break
        end = other.idx + len(other)
    return token.idx, end


def _light(token: Token, lexicon: Lexicon) -> Trigger | None:
    lemma = token.lemma_.lower()
    lights = [light for light in lexicon.lights if lemma in light.nouns]
    if not lights or not _may_be_light_noun(token):
        return None
    for light in lights:
        verb = _light_verb(token, light)
        if verb is not None:
            start, end = token.idx, token.idx + len(token)
            if abs(verb.i - token.i) <= LIGHT_REACH:
                start, end = min(verb.idx, start), max(verb.idx + len(verb), end)
            return Trigger(
                token=token.i,
                start=start,
                end=end,
                entry=light.entry,
                score=light.entry.prior,
                kind="light",
                governor=verb.i,
            )
    return None


def _light_verb(noun: Token, light: Light) -> Token | None:
    above = noun.head.head if noun.dep_ == "conj" else noun.head
    governed = noun.dep_ in {"obj", "nsubj:pass", "conj", "obl", "acl", "nmod", "xcomp", "ccomp"}
    if governed and above.i != noun.i and light.verbs.intersection(base_forms(above)):
        return above
    verbs = [child for child in children(noun, "acl", "amod") if light.verbs.intersection(base_forms(child))]
    return verbs[0] if verbs else None


def _learned(sentence: Span, *, known: set[int]) -> Iterator[Trigger]:
    """Yield what only the reading model sees: words of no entry, where its score is high."""
    doc = sentence.doc
    scores, labels = doc.user_data.get(SCORES), doc.user_data.get(SCORE_LABELS)
    if scores is None or labels is None:
        return
    neighbours = {i + step for i in known for step in (-2, -1, 0, 1, 2)}
    previous = -9
    if not scores.shape[1]:
        return
    highest = scores[sentence.start : sentence.end].max(1).tolist()
    for place in (place for place, score in enumerate(highest, start=sentence.start) if score >= LEARNED_ALONE):
        token, row = doc[place], scores[place]
        best = int(row.argmax())
        if token.i in neighbours or token.i - previous <= 2 or token.pos_ not in {"VERB", "NOUN", "ADJ", "PROPN"}:
            continue
        previous = token.i
        entry = Entry(
            relation=labels[best], frame=GENERIC.get(token.pos_, "of"), prior=float(row[best]), place_needed=True
        )
        yield Trigger(
            token=token.i,
            start=token.idx,
            end=token.idx + len(token),
            entry=entry,
            score=float(row[best]),
            kind="learned",
        )


# Relations that the same word often carries ("attack", "advance", "hold"): the reading model chooses between them.
EXCHANGEABLE: Mapping[Relation, tuple[Relation, ...]] = {
    "attacks": ("strikes", "advances"),
    "strikes": ("attacks",),
    "advances": ("enters", "attacks"),
    "enters": ("advances", "attacks", "withdraws"),
    "withdraws": ("enters",),
    "contests": ("repels", "attacks"),
    "repels": ("contests",),
}
EXCHANGE = 0.4
# A light verb further than this from its noun does not stand in the trigger's words.
LIGHT_REACH = 5
# How much of a trigger's score is the lexicon's, the rest being the reading model's.
PRIOR_SHARE = 0.5
# Above this score a word without any entry in the lexicon counts as a trigger.
LEARNED_ALONE = 0.6
