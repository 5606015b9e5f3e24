"""Attribution: who says so, as a chain from the outermost voice to the innermost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from spacy.tokens import Doc, Span, Token

from heldby.claims.lexicon import SpeechWords
from heldby.claims.tree import (
    agent,
    ancestors,
    bounds,
    cases,
    children,
    is_passive,
    phrase,
    span_text,
    subject,
    text_of,
    within,
)
from heldby.records.source import SourceLink
from heldby.records.span import Span as TextSpan

TRAILING = 12


@dataclass(frozen=True, slots=True)
class Voice:
    """One link before it becomes a record: the head of the phrase and the cue that introduced it."""

    head: Token
    cue: Token
    denies: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """Voices of one statement, outermost first; `denied` where the innermost voice denies it."""

    voices: tuple[Voice, ...] = ()
    denied: bool = False

    def links(self) -> tuple[SourceLink, ...]:
        """Return the chain as records."""
        return tuple(_link(voice) for voice in self.voices)


def _link(voice: Voice) -> SourceLink:
    doc = voice.head.doc
    # "reports of heavy fighting": the voice is the reports, not what they tell
    own = [one for one in _voice_tokens(voice.head) if voice.cue.i != voice.head.i or one.i <= voice.head.i]
    start, end = bounds(own if voice.cue.pos_ == "NOUN" else _voice_tokens(voice.head))
    cue = TextSpan.of(text_of(doc), voice.cue.idx, voice.cue.idx + len(voice.cue))
    return SourceLink(mention=TextSpan.of(text_of(doc), start, end), cue=cue)


def _voice_tokens(head: Token) -> list[Token]:
    """Return the words of a voice: its phrase, cut before a comma and what follows it."""
    kept: list[Token] = []
    for token in phrase(head, joined=False):
        if token.i > head.i and token.text in {",", ";", ":", "—", "–"}:
            break
        if token.i > head.i and token.dep_ in {"obl", "advmod"}:
            continue
        kept.append(token)
    return kept or [head]


def find_chain(token: Token, words: SpeechWords) -> Chain:
    """Return who says the clause of a token, read off the tree of its sentence.

    A clause below a verb of saying belongs to that verb's subject; "X quoted Y as saying" gives X, then Y; "according
    to X", "reports of ..." and "the government's admission that ..." give one voice each.
    """
    inner_first: list[Voice] = []
    denied = False
    for voice in _climb(token, words):
        if all(voice.head.i != other.head.i for other in inner_first):
            inner_first.append(voice)
            denied = denied or voice.denies
    if not inner_first:
        inner_first = list(_trailing(token, words)) or list(_leading(token, words))
    expanded = [one for voice in reversed(inner_first) for one in _side_by_side(voice)]
    return Chain(tuple(expanded), denied)


def _side_by_side(voice: Voice) -> Iterator[Voice]:
    """Yield two voices that say the same together ("rights monitors and the Russian authorities said")."""
    yield voice
    for other in children(voice.head, "conj"):
        if other.pos_ in {"NOUN", "PROPN"}:
            yield Voice(other, voice.cue, voice.denies)


def _climb(token: Token, words: SpeechWords) -> Iterator[Voice]:
    yield from _beside(token, words)
    for lower, upper in ancestors(token):
        if _is_said_by(lower, upper, words):
            speech = _later_speech(upper, lower, words)
            yield from _speakers(speech, words)
            if speech.i != upper.i or (speech.dep_ == "conj" and not children(speech, "nsubj")):
                # a further verb of saying: what the first one does to its clause ("denied") is not done to this one
                break
        elif upper.lemma_.lower() in words.admissions and lower.dep_ in {"acl", "ccomp", "acl:relcl"}:
            # the owner of an admission says it, whatever the sentence around it is said by
            yield from _owners(upper)
            break
        elif upper.lower_ in words.reports and lower.dep_ in {"nmod", "acl", "ccomp"}:
            owners = list(_owners(upper))
            yield from owners or [Voice(upper, upper)]
        if lower.dep_ == "acl:relcl":
            # what a relative clause tells is presupposed unless it is said inside it
            break
        yield from _beside(upper, words)


def _is_said_by(lower: Token, upper: Token, words: SpeechWords) -> bool:
    if not _says(upper, words) or _is_own_subject(lower, upper) or _is_quoting_frame(upper, words):
        return False
    return lower.dep_ in {"ccomp", "xcomp", "parataxis", "obj", "advcl", "dep", "nsubj:pass"}


def _later_speech(verb: Token, said: Token, words: SpeechWords) -> Token:
    """Return the verb of saying that stands between: in "denied X and said that Y" a tree may hang Y on "denied"."""
    later = [one for one in children(verb, "conj") if verb.i < one.i < said.i and _says(one, words)]
    return later[-1] if later and not children(later[-1], "ccomp") else verb


def _is_own_subject(lower: Token, upper: Token) -> bool:
    """A speaker is not what is said; "the capture was announced by X" is."""
    return lower.dep_ == "nsubj" or (lower.dep_ == "nsubj:pass" and agent(upper) is None)


def _is_quoting_frame(verb: Token, words: SpeechWords) -> bool:
    """Tell whether a verb is the "saying" of "X quoted Y as saying", whose voices stand with "quoted"."""
    return (
        verb.dep_ in {"advcl", "obl", "xcomp"} and verb.head.lemma_.lower() in words.quoting and verb.head.i != verb.i
    )


def _says(token: Token, words: SpeechWords) -> bool:
    return token.pos_ in {"VERB", "AUX"} and token.lemma_.lower() in words.verbs


def _stands_beside(verb: Token) -> bool:
    return verb.dep_ in {"parataxis", "dep"} or (verb.dep_ in {"advcl", "acl", "ccomp", "conj"} and _is_tail(verb))


def _is_tail(verb: Token) -> bool:
    """Tell whether a verb of saying closes its sentence right after its speaker ("..., X reported.")."""
    rest = [one for one in verb.doc[verb.i + 1 : verb.sent.end] if not one.is_punct]
    unmarked = not children(verb, "mark", "aux", "obj", "ccomp")
    return unmarked and len(rest) <= 3 and _neighbour(verb) is not None


def _neighbour(verb: Token) -> Token | None:
    """Return the noun directly before a verb, or before the apposition there ("the Monitor, a local group, said").

    It is the speaker where the tree has lost it; a day ("on Friday said a group") is none.
    """
    first = min([verb.i, *(child.i for child in children(verb, "aux", "aux:pass", "advmod"))])
    if first <= verb.sent.start:
        return None
    before = verb.doc[first - 1]
    if before.text == ",":
        inside = verb.doc[max(verb.sent.start, before.i - TRAILING) : before.i]
        commas = [one.i for one in inside if one.text == ","]
        if not commas or commas[-1] <= verb.sent.start:
            return None
        if any(_is_predicate(one) for one in verb.doc[commas[-1] : before.i]):
            return None
        before = verb.doc[commas[-1] - 1]
    if before.pos_ not in {"NOUN", "PROPN", "PRON"} or before.ent_type_ == "DATE":
        return None
    return _top_of_name(before)


def _top_of_name(noun: Token) -> Token:
    """Return the head of the phrase that a noun closes ("Rights" of "the Observatory for Human Rights")."""
    top = noun
    while top.dep_ in {"nmod", "compound", "flat"} and noun.i - TRAILING < top.head.i < top.i:
        top = top.head
    return top


def _is_predicate(token: Token) -> bool:
    return token.pos_ in {"VERB", "AUX"} and token.dep_ not in {"amod", "compound", "acl"}


def _owners(noun: Token) -> Iterator[Voice]:
    for owner in children(noun, "nmod:poss", "nmod"):
        if owner.dep_ == "nmod:poss" or cases(owner)[:1] in {("by",), ("from",)}:
            yield Voice(owner, noun)


def _beside(token: Token, words: SpeechWords) -> Iterator[Voice]:
    """Yield voices that stand beside a clause: "..., X said", "according to X", "citing X"."""
    for child in token.children:
        if _says(child, words) and _stands_beside(child):
            yield from _speakers(child, words)
        elif child.dep_ == "advcl" and child.lemma_.lower() in words.quoting:
            yield from _quoted(child, words)
        elif child.dep_ in {"obl", "nmod", "advmod"} and cases(child)[:1] and cases(child)[0] in words.according:
            yield Voice(child, child)
        elif child.lower_ in words.according:
            yield from (Voice(one, child) for one in children(child, "obl", "nmod", "obj", "pobj"))


def _quoted(verb: Token, words: SpeechWords) -> Iterator[Voice]:
    by = agent(verb)
    if by is not None:
        yield Voice(by, verb)
        return
    yield from (Voice(one, verb) for one in children(verb, "obj"))


def _speakers(verb: Token, words: SpeechWords) -> Iterator[Voice]:
    """Yield the voices of a verb of saying, the inner one first."""
    lemma = verb.lemma_.lower()
    denies = lemma in words.denying
    speaker = _speaker(verb, words)
    if lemma in words.quoting and not is_passive(verb):
        yield from (Voice(one, verb) for one in children(verb, "obj") or _quoted_after(verb))
        if speaker is not None:
            yield Voice(speaker, verb)
        return
    if is_passive(verb):
        yield from _passive(verb, words)
        return
    if speaker is None:
        return
    yield Voice(speaker, verb, denies)
    yield from (Voice(one, child) for child in children(verb, "advcl") for one in _cited(child, words))


def _quoted_after(verb: Token) -> list[Token]:
    """Return who is quoted in "quoted X as saying", read off the order of words where the tree has no object."""
    following = verb.doc[verb.i + 1 : min(verb.i + TRAILING, verb.sent.end)]
    end = next((one.i for one in following if one.lower_ == "as"), verb.i + 1)
    nouns = [one for one in verb.doc[verb.i + 1 : end] if one.pos_ in {"NOUN", "PROPN"}]
    return nouns[-1:]


def _speaker(verb: Token, words: SpeechWords) -> Token | None:
    """Return who says it: the subject, unless a noun that is no part of it stands directly before the verb.

    A second verb of saying without a subject of its own ("denied that ... and said that ...") shares the first one's,
    also where the tree has joined it to what the first one says.
    """
    own = children(verb, "nsubj", "nsubj:pass")
    neighbour = _neighbour(verb)
    if neighbour is not None and not (own and _belongs(neighbour, own[0])):
        return neighbour.head if neighbour.dep_ == "conj" else neighbour
    if not own and verb.dep_ == "conj":
        first = verb.head if _says(verb.head, words) else verb.head.head
        if _says(first, words) and first.i != verb.i:
            return _speaker(first, words)
    return subject(verb)


def _belongs(noun: Token, own: Token) -> bool:
    """Tell whether a noun is part of a subject; what follows a dateline as its apposition is not."""
    if not within(noun, own):
        return False
    between = noun.doc[own.i + 1 : noun.i]
    return not (noun.dep_ == "appos" and any(one.text in {"-", "–", "—"} for one in between))


def _cited(child: Token, words: SpeechWords) -> list[Token]:
    if child.lemma_.lower() not in words.quoting:
        return []
    by = agent(child)
    return [by] if by is not None else []


def _passive(verb: Token, words: SpeechWords) -> Iterator[Voice]:
    lemma = verb.lemma_.lower()
    by = agent(verb)
    speaker = _speaker(verb, words) if lemma in words.quoting else subject(verb)
    spoken = lemma in words.quoting or lemma in words.impersonal
    if speaker is not None and spoken and _is_voice(speaker, lemma, words):
        yield Voice(speaker, verb)
    if by is not None:
        yield Voice(by, verb)
        return
    for carrier in children(verb, "obl"):
        if cases(carrier)[:1] in {("on",), ("in",), ("via",)} and _is_medium(carrier, words):
            yield Voice(carrier, verb)


def _is_voice(speaker: Token, lemma: str, words: SpeechWords) -> bool:
    """A passive's subject speaks where it is quoted, or is a person's pronoun ("he was reported to have said")."""
    if speaker.lower_ in {"it", "that", "which"}:
        return False
    return lemma in words.quoting or speaker.lower_ in words.pronouns


def _is_medium(token: Token, words: SpeechWords) -> bool:
    return any(
        one.lower_ in words.media or (one.text.isupper() and len(one) > 2) for one in phrase(token, joined=False)
    )


def _trailing(token: Token, words: SpeechWords) -> Iterator[Voice]:
    """Yield the voice of a sentence that ends in "X said", where stripped commas have misled the tree."""
    sentence = token.sent
    tail = islice((one for one in reversed(sentence) if not one.is_punct), TRAILING)
    for one in tail:
        if not _says(one, words) or one.i <= token.i:
            continue
        speaker = _speaker(one, words)
        if speaker is not None and speaker.i > token.i and one.i - speaker.i < TRAILING:
            yield Voice(speaker, one)
        return


def _leading(token: Token, words: SpeechWords) -> Iterator[Voice]:
    """Yield the voice of a sentence that begins with "According to X", however the tree reads it."""
    sentence = token.sent
    if len(sentence) < 4 or sentence[0].lower_ not in words.according:
        return
    nouns = [one for one in sentence[2 : 2 + TRAILING] if one.pos_ in {"NOUN", "PROPN"}]
    for one in nouns:
        following = one.doc[one.i + 1]
        if one.i < token.i and following.pos_ not in {"NOUN", "PROPN"} and following.lower_ not in {"of", "for"}:
            yield Voice(one, sentence[0])
            return


def carry_quotes(
    doc: Doc, sentences: Sequence[Span], chains: dict[int, Chain], words: SpeechWords
) -> dict[int, Chain]:
    """Return, for sentences wholly inside a quotation, the chain of the sentence that names the speaker.

    `chains` maps the index of a sentence to a chain found in it; the result has only what is carried over. The
    speaker is sought before the sentence first, then after it, at most three sentences away.
    """
    carried: dict[int, Chain] = {}
    quoted = _quoted_sentences(doc, sentences, words)
    continued = {index for index, sentence in enumerate(sentences) if _continues(sentence)}
    for index in sorted(continued - quoted):
        earlier = chains.get(index - 1) or carried.get(index - 1)
        if index not in chains and earlier is not None and _same_block(doc, sentences[index - 1], sentences[index]):
            carried[index] = earlier
    for index in sorted(quoted):
        if index in chains and chains[index].voices:
            continue
        for step in (-1, 1, -2, 2, -3, 3):
            chain = chains.get(index + step)
            if chain is not None and chain.voices:
                carried[index] = chain
                break
    return carried


def _continues(sentence: Span) -> bool:
    """Tell whether a sentence goes on about the side of the one before: "They were redeploying ..."."""
    return sentence[0].lower_ in {"they", "it"} and sentence[0].dep_ in {"nsubj", "nsubj:pass"}


def _same_block(doc: Doc, earlier: Span, later: Span) -> bool:
    return "\n" not in text_of(doc)[earlier.end_char - 1 : later.start_char]


def _quoted_sentences(doc: Doc, sentences: Sequence[Span], words: SpeechWords) -> set[int]:
    quoted: set[int] = set()
    inside = False
    for index, sentence in enumerate(sentences):
        text = span_text(sentence).strip()
        starts = text[:1] in words.open_quotes
        opened = sum(text.count(mark) for mark in words.open_quotes if mark not in words.close_quotes)
        closed = sum(text.count(mark) for mark in words.close_quotes if mark not in words.open_quotes)
        straight = text.count('"')
        if inside or starts:
            quoted.add(index)
        if opened or closed:
            inside = opened > closed or (inside and closed == 0)
        elif straight:
            inside = (straight % 2 == 1) != inside
    return quoted
