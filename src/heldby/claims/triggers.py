"""Triggers: the words of a sentence that may carry a claim, with their relation and the frame of their roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from spacy.tokens import Doc, Span, Token

from heldby.claims.lexicon import Entry, Lexicon, Light
from heldby.claims.tree import base_forms, cases, children, span_text

# What the shipped reading model calls its per-token relation scores; absent with another spaCy pipeline.
SCORES = "heldby.trigger"
SCORE_LABELS = "heldby.trigger_labels"
HYPHENS = "-–‑"
ACTS = frozenset({"VERB", "AUX"})
FINITE = frozenset({"VBD", "VBP", "VBZ"})
NOUNS = frozenset({"NOUN", "PROPN"})
GENERIC = {"VERB": "into", "AUX": "into", "ADJ": "by_state"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A word that may carry a claim: the token, the character span of the trigger, and its entry.

    `learned` is the probability that the reading model gives the relation at these words, None where it gives none;
    `otherwise` that of the likeliest other relation; `read_at` the trigger's tokens, the likeliest first. `exchanged`
    tells that the relation is the reading model's and not that of the entry's words.
    """

    token: int
    start: int
    end: int
    entry: Entry
    kind: str
    governor: int = -1
    learned: float | None = None
    otherwise: float = 0.0
    read_at: tuple[int, ...] = ()
    exchanged: bool = False


def find_triggers(sentence: Span, lexicon: Lexicon) -> list[Trigger]:
    """Return the triggers of a sentence in text order.

    Where the reading model reads another relation in a trigger's words than its entry, both are triggers.
    """
    found = [*_phrases(sentence, lexicon), *_suffixes(sentence, lexicon)]
    used = {trigger.token for trigger in found}
    at_tokens = (_at_token(token, lexicon) for token in sentence if token.i not in used)
    found += [trigger for trigger in at_tokens if trigger is not None]
    consumed = {trigger.governor for trigger in found if trigger.governor >= 0}
    found = [trigger for trigger in found if trigger.token not in consumed or trigger.governor >= 0]
    if SCORES in sentence.doc.user_data and len(sentence.doc.user_data[SCORE_LABELS]):
        read = [_scored(trigger, sentence) for trigger in found]
        others = [other for trigger in read for other in _exchanged(trigger, sentence.doc)]
        found = [*read, *others, *_learned(sentence, known={i for trigger in read for i in trigger.read_at})]
    return sorted(found, key=lambda trigger: (trigger.start, trigger.exchanged))


def _scored(trigger: Trigger, sentence: Span) -> Trigger:
    doc = sentence.doc
    around = doc[max(sentence.start, trigger.token - READ_REACH) : min(sentence.end, trigger.token + READ_REACH)]
    inside = [token.i for token in around if token.idx < trigger.end and trigger.start < token.idx + len(token)]
    tokens = sorted({*inside, trigger.token, *([trigger.governor] if trigger.governor >= 0 else [])})
    scores = doc.user_data[SCORES][tokens]
    column = list(doc.user_data[SCORE_LABELS]).index(trigger.entry.relation)
    likely = scores.max(0)
    others = [float(value) for place, value in enumerate(likely) if place != column]
    order = sorted(range(len(tokens)), key=lambda place: (-float(scores[place][column]), place))
    return replace(
        trigger,
        learned=float(likely[column]),
        otherwise=max(others),
        read_at=tuple(tokens[place] for place in order),
    )


def _exchanged(trigger: Trigger, doc: Doc) -> Iterator[Trigger]:
    """Yield the trigger with the relation that the reading model reads in it, where that is another one."""
    if trigger.learned is None or trigger.otherwise < EXCHANGE or trigger.otherwise <= trigger.learned:
        return
    if trigger.entry.frame in CHANGING_HANDS:
        return
    labels = doc.user_data[SCORE_LABELS]
    scores = doc.user_data[SCORES][list(trigger.read_at)].max(0)
    relation = labels[int(scores.argmax())]
    order = sorted(trigger.read_at, key=lambda i: -float(doc.user_data[SCORES][i].max()))
    yield replace(
        trigger,
        entry=replace(trigger.entry, relation=relation),
        learned=trigger.otherwise,
        otherwise=trigger.learned,
        read_at=tuple(order),
        exchanged=True,
    )


def _phrases(sentence: Span, lexicon: Lexicon) -> Iterator[Trigger]:
    text = span_text(sentence)
    for phrase in lexicon.phrases:
        for match in phrase.pattern.finditer(text):
            anchor = phrase.anchor.search(text, match.start(), match.end())
            span = anchor and sentence.doc.char_span(
                sentence.start_char + anchor.start(), sentence.start_char + anchor.end(), alignment_mode="expand"
            )
            if span is None or _spans_verb(sentence, sentence.start_char + match.start(), span.start_char):
                continue
            yield Trigger(
                token=span.root.i,
                start=sentence.start_char + match.start(),
                end=sentence.start_char + match.end(),
                entry=phrase.entry,
                kind="phrase",
            )


def _spans_verb(sentence: Span, start: int, end: int) -> bool:
    """Tell whether a finite verb stands between: "under air cover established control" is no being under control."""
    return any(start < token.idx < end and token.tag_ in FINITE for token in sentence)


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
        if not entries and token.pos_ == "PROPN" and _is_headline(token.sent):
            # "Army Encircles Daesh": in a headline verbs have capitals and are taken for names
            entries = look_up(token, lexicon.verbs)
    for entry in _fitting(token, entries):
        start, end = _extent(token, entry)
        return Trigger(token=token.i, start=start, end=end, entry=entry, kind=token.pos_.lower())
    return None


def _is_headline(sentence: Span) -> bool:
    """Tell whether nearly all longer words of a sentence begin with a capital."""
    longer = [token.text for token in sentence if len(token) > 3 and token.is_alpha]
    return sum(word[0].isupper() for word in longer) >= HEADLINE * len(longer)


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
    if token.dep_ in {"compound", "amod", "xcomp"}:
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
    """Yield what only the reading model sees: runs of words of no entry where a relation is likely enough."""
    doc = sentence.doc
    scores, labels = doc.user_data[SCORES], doc.user_data[SCORE_LABELS]
    for run in _runs(sentence):
        if any(i + step in known for i in run for step in (-1, 0, 1)):
            continue
        likely = scores[list(run)].max(0)
        column = int(likely.argmax())
        order = sorted(run, key=lambda i: (-float(scores[i][column]), i))
        token = doc[order[0]]
        likeliest = float(likely[column])
        others = [float(value) for place, value in enumerate(likely) if place != column]
        frame = GENERIC.get(token.pos_, "of")
        yield Trigger(
            token=token.i,
            start=doc[run[0]].idx,
            end=doc[run[-1]].idx + len(doc[run[-1]]),
            entry=Entry(relation=labels[column], frame=frame, prior=likeliest, place_needed=True),
            kind="learned",
            learned=likeliest,
            otherwise=max(others),
            read_at=tuple(order),
        )


def _runs(sentence: Span) -> Iterator[tuple[int, ...]]:
    """Yield runs of words with a likely relation, one word apart at most."""
    highest = sentence.doc.user_data[SCORES][sentence.start : sentence.end].max(1).tolist()
    run: list[int] = []
    for place, score in enumerate(highest, start=sentence.start):
        if score < LEARNED_ALONE or sentence.doc[place].is_punct:
            continue
        if run and place - run[-1] > 2:
            yield tuple(run)
            run = []
        run.append(place)
    if run:
        yield tuple(run)


# "Driven out of X by Y", "lost X to Y", "X fell": the place changes hands, however like a retreat it reads.
CHANGING_HANDS = frozenset({"expel", "fall", "lose", "lose_noun"})
# From this probability on the reading model's own relation is a candidate beside that of an entry.
EXCHANGE = 0.25
# A trigger's words lie within this many words of its token.
READ_REACH = 12
HEADLINE = 0.8
# A light verb further than this from its noun does not stand in the trigger's words.
LIGHT_REACH = 5
# From this probability on a word without any entry in the lexicon is a candidate.
LEARNED_ALONE = 0.25
