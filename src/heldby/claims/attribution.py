"""Attribution: who says so, as a chain from the outermost voice to the innermost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from spacy.tokens import Doc, Span, Token

from heldby.claims.lexicon import SpeechWords
from heldby.claims.linked import Linked
from heldby.claims.speakers import beside, owners, parted, says, speaker, speakers
from heldby.claims.tree import agent, ancestors, children, span_text, text_of
from heldby.claims.voices import ARTICLES, NOMINAL, REACH, Voice, side_by_side
from heldby.records.source import SourceLink

# How many words of a headline its voice may have.
HEADLINE_VOICE = 6
DASHES = frozenset({"-", "–", "—"})
# A voice that no verb of saying gives is dropped where the reading model finds it this likely that nobody says so,
# in a relative clause sooner.
NOBODY = 0.8
NOBODY_ASIDE = 0.7
# A voice that only the reading model sees is taken where nobody is at most this likely, and it at least that likely.
SOMEBODY = 0.2
CLEAR = 0.6


@dataclass(frozen=True, slots=True)
class Chain:
    """Voices of one statement, outermost first; `denied` where the innermost voice denies it.

    `presupposed`: the statement is taken for granted, nobody says it. `direct`: it is what a verb of saying governs,
    rather than what stands in the same sentence or quotation. `aside`: it stands in a relative clause, whose truth a
    sentence mostly takes for granted.
    """

    voices: tuple[Voice, ...] = ()
    denied: bool = False
    presupposed: bool = False
    direct: bool = False
    aside: bool = False

    def links(self) -> tuple[SourceLink, ...]:
        """Return the chain as records."""
        return tuple(voice.link() for voice in self.voices)


def find_chain(token: Token, words: SpeechWords) -> Chain:
    """Return who says the clause of a token, read off the tree of its sentence.

    A clause below a verb of saying belongs to that verb's subject; "X quoted Y as saying" gives X, then Y; "according
    to X", "reports of ..." and "the government's admission that ..." give one voice each.
    """
    if _is_taken_for_granted(token, words):
        return Chain(presupposed=True)
    inner_first: list[Voice] = []
    denied = False
    for voice in _climb(token, words):
        if all(voice.head.i != other.head.i for other in inner_first) and _can_speak(voice, words):
            inner_first.append(voice)
            denied = denied or voice.denies
    direct = bool(inner_first)
    aside = not direct and _is_told_aside(token)
    if not direct:
        inner_first = _in_sentence(token, words)
    expanded = [one for voice in reversed(_without_echoes(inner_first, words)) for one in side_by_side(voice)]
    return Chain(tuple(_once(expanded)), denied, direct=direct, aside=aside)


def _once(voices: Sequence[Voice]) -> Iterator[Voice]:
    seen: set[int] = set()
    for voice in voices:
        if voice.head.i not in seen:
            seen.add(voice.head.i)
            yield voice


def _without_echoes(voices: list[Voice], words: SpeechWords) -> list[Voice]:
    """Return voices without the pronouns and bare "reports" that take up another one ("X said they believed")."""
    names = [one for one in voices if one.head.lower_ not in words.pronouns and one.head.lower_ not in words.reports]
    return names or voices[:1]


def _can_speak(voice: Voice, words: SpeechWords) -> bool:
    head = voice.head
    if head.ent_type_ in {"DATE", "QUANTITY"} or head.pos_ not in {"NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET"}:
        return False
    impersonal = head.lower_ in {"it", "this", "that", "there"} and not voice.cue.lower_.endswith("s")
    passive = any(child.dep_ == "aux:pass" or child.lower_ in {"is", "was", "been"} for child in voice.cue.children)
    return not (impersonal and passive) and head.text not in words.voiceless and head.lower_ not in words.according


def _is_taken_for_granted(token: Token, words: SpeechWords) -> bool:
    """Tell whether a word presupposes what it tells: "their stronghold of Raqqa", "the besieged town"."""
    if token.lemma_.lower() in words.presupposing:
        return not children(token, "cop") and token.pos_ in NOMINAL and token.dep_ not in {"root", "ROOT"}
    doc, after = token.doc, token.i + 1
    before = token.i > token.sent.start and doc[token.i - 1].lower_ in ARTICLES
    described = before and after < token.sent.end and doc[after].pos_ == "NOUN"
    return token.lower_.endswith("ed") and (described or (token.dep_ == "amod" and token.i < token.head.i))


def _is_told_aside(token: Token) -> bool:
    """Tell whether a token stands in a relative clause, which tells what is presupposed."""
    return token.dep_ == "acl:relcl" or any(
        lower.dep_ == "acl:relcl" or upper.dep_ == "acl:relcl" for lower, upper in ancestors(token)
    )


def _climb(token: Token, words: SpeechWords) -> Iterator[Voice]:
    yield from beside(token, words)
    for lower, upper in ancestors(token):
        if parted(lower, upper):
            break
        if _is_said_by(lower, upper, words):
            speech = _later_speech(upper, lower, words)
            yield from speakers(speech, words)
            if speech.i != upper.i or (speech.dep_ == "conj" and not children(speech, "nsubj")):
                # a further verb of saying: what the first one does to its clause ("denied") is not done to this one
                break
        elif upper.lemma_.lower() in words.admissions and lower.dep_ in {"acl", "ccomp", "acl:relcl"}:
            # the owner of an admission says it, whatever the sentence around it is said by
            yield from owners(upper)
            break
        elif upper.lower_ in words.reports and lower.dep_ in {"nmod", "acl", "ccomp"}:
            whose = list(owners(upper))
            yield from whose or [Voice(upper, upper)]
        elif lower.dep_ == "ccomp" and children(upper, "obl", "obj"):
            # "comes amid reports that ...": the tree hangs the clause on the verb
            yield from (Voice(one, one) for one in children(upper, "obl", "obj") if _is_report(one, lower, words))
        if lower.dep_ == "acl:relcl":
            # what a relative clause tells is presupposed unless it is said inside it
            break
        yield from beside(upper, words)


def _is_report(noun: Token, clause: Token, words: SpeechWords) -> bool:
    marks = [one.i for one in children(clause, "mark")]
    return noun.lower_ in words.reports and noun.i + 1 in marks


def _is_said_by(lower: Token, upper: Token, words: SpeechWords) -> bool:
    if not says(upper, words) or _is_own_subject(lower, upper) or _is_quoting_frame(upper, words):
        return False
    if lower.dep_ in {"obl", "advcl", "nmod"} and upper.lemma_.lower() in words.speaking_of:
        marked = {one.lower_ for one in children(lower, "mark", "case")}
        return bool(marked & {"of", "for", "against", "about", "that"})
    return lower.dep_ in {"ccomp", "xcomp", "parataxis", "obj", "advcl", "dep", "nsubj:pass"}


def _later_speech(verb: Token, said: Token, words: SpeechWords) -> Token:
    """Return the verb of saying that stands between: in "denied X and said that Y" a tree may hang Y on "denied"."""
    later = [one for one in children(verb, "conj") if verb.i < one.i < said.i and says(one, words)]
    return later[-1] if later and not children(later[-1], "ccomp") else verb


def _is_own_subject(lower: Token, upper: Token) -> bool:
    """A speaker is not what is said; "the capture was announced by X" is."""
    return lower.dep_ == "nsubj" or (lower.dep_ == "nsubj:pass" and agent(upper) is None)


def _is_quoting_frame(verb: Token, words: SpeechWords) -> bool:
    """Tell whether a verb is the "saying" of "X quoted Y as saying", whose voices stand with "quoted"."""
    return (
        verb.dep_ in {"advcl", "obl", "xcomp"} and verb.head.lemma_.lower() in words.quoting and verb.head.i != verb.i
    )


def _in_sentence(token: Token, words: SpeechWords) -> list[Voice]:
    """Return the voice of a whole sentence, by its words alone: its tail, "according to X", or a headline's."""
    for look in (_trailing, _according, _headline):
        found = [voice for voice in look(token, words) if _can_speak(voice, words)]
        if found:
            return found
    return []


def _trailing(token: Token, words: SpeechWords) -> Iterator[Voice]:
    """Yield the voice of a sentence that ends in "X said", where stripped commas have misled the tree."""
    tail = islice((one for one in reversed(token.sent) if not one.is_punct), REACH)
    for one in tail:
        if not says(one, words) or one.i <= token.i or one.dep_ == "acl:relcl":
            continue
        later = [sub for sub in children(one, "ccomp", "xcomp", "obj") if sub.i > one.i]
        hearer = one.lemma_.lower() in words.telling
        if parted(one, token) or (later and not hearer) or children(one, "mark"):
            return
        who = speaker(one, words)
        if who is not None and who.i > token.i and abs(one.i - who.i) < REACH:
            yield Voice(who, one)
        return


def _according(token: Token, words: SpeechWords) -> Iterator[Voice]:
    """Yield the voice of a sentence that has "according to X", however the tree reads it."""
    sentence = token.sent
    at = next((one.i for one in sentence[:-2] if one.lower_ in words.according), None)
    if at is None or parted(token.doc[at], token):
        return
    for one in token.doc[at + 2 : min(at + 2 + REACH, sentence.end)]:
        following = one.doc[one.i + 1] if one.i + 1 < sentence.end else None
        if one.pos_ in NOMINAL and (following is None or following.pos_ not in NOMINAL) and one.dep_ != "nmod:poss":
            yield Voice(one, token.doc[at])
            return


def _headline(token: Token, words: SpeechWords) -> Iterator[Voice]:
    """Yield the voice of a headline: "Monitor: rebels take town", "Rebels take town - state media"."""
    sentence = [one for one in token.sent if not one.is_space]
    colon = next((at for at, one in enumerate(sentence[: HEADLINE_VOICE + 2]) if one.text == ":" and at), 0)
    head, tail = sentence[:colon], []
    for at in range(len(sentence) - 2, max(0, len(sentence) - HEADLINE_VOICE - 2), -1):
        if sentence[at].text in DASHES and sentence[at - 1].whitespace_ and sentence[at].whitespace_:
            tail = sentence[at + 1 :]
            break
    for part, outside in ((head, bool(colon) and token.i > sentence[colon].i), (tail, bool(tail))):
        named = [one for one in part if not one.is_punct and one.text not in DASHES]
        inside = not outside or any(one.i == token.i or one.pos_ in {"VERB", "AUX"} for one in named)
        if inside or not named or len(named) > HEADLINE_VOICE or (part is tail and named[0].i <= token.i):
            continue
        voices = [one for one in named if one.lower_ in words.voices or one.ent_type_ == "PERSON"]
        if voices and named[-1].pos_ in NOMINAL:
            yield Voice(voices[-1], part[-1])
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


def with_read(
    chain: Chain, link: Linked | None, doc: Doc, *, words: SpeechWords, carried: Chain | None = None
) -> Chain:
    """Return a chain with what the reading model says of the innermost voice of the statement.

    A voice that a verb of saying gives stays; one that only stands near is dropped where the model sees nobody. Where
    there is none, the one that it is sure of is taken, and a pronoun is given the name that it stands for. `carried`
    is the chain of the quotation around, if any.
    """
    if not chain.voices and not chain.presupposed and carried is not None:
        chain = replace(carried, direct=False, aside=chain.aside)
    if chain.presupposed or (link is None and chain.aside):
        return Chain(presupposed=True)
    if link is None:
        return chain
    nobody, best = link.none("source"), link.best("source")
    if not chain.direct and nobody >= (NOBODY_ASIDE if chain.aside else NOBODY):
        return Chain(presupposed=True)
    if best is None or best.share < CLEAR:
        return chain
    read = doc[best.start : best.end].root
    if read.pos_ not in NOMINAL:
        return chain
    if not chain.voices:
        return Chain((Voice(read, read),)) if nobody <= SOMEBODY else chain
    inner = chain.voices[-1]
    if inner.head.lower_ in words.pronouns and read.i < inner.head.i:
        return replace(chain, voices=(*chain.voices[:-1], replace(inner, named=read)))
    return chain
