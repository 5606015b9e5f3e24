"""Voices: the words of a noun phrase that says something, and those who say it together with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from heldby.claims.tree import children, phrase, text_of
from heldby.records.source import SourceLink
from heldby.records.span import Span as TextSpan

# How many words a voice may be away from its verb, and how many an apposition may have.
REACH = 12
NOMINAL = frozenset({"NOUN", "PROPN"})
ENDS = frozenset({",", ";", ":", "—", "–", "-"})
SIDE_BY_SIDE = frozenset({"and", "or"})
ARTICLES = frozenset({"the", "a", "an"})


@dataclass(frozen=True, slots=True)
class Voice:
    """One link before it becomes a record: the head of the phrase and the cue that introduced it.

    `named` is the head of the name that a pronoun stands for, where the reading model knows it.
    """

    head: Token
    cue: Token
    denies: bool = False
    named: Token | None = None

    def link(self) -> SourceLink:
        """Return the voice as a record."""
        doc = self.head.doc
        start, end = self.span()
        mention = TextSpan.of(text_of(doc), doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))
        cue = TextSpan.of(text_of(doc), self.cue.idx, self.cue.idx + len(self.cue))
        name = Voice(self.named, self.named).link().mention.text if self.named is not None else ""
        return SourceLink(mention=mention, cue=cue, name_text=name)

    def span(self) -> tuple[int, int]:
        """Return the words of the voice, from the first to before the end, with the name or title beside it."""
        kept = _voice_tokens(self.head)
        if self.cue.pos_ == "NOUN" and self.cue.i == self.head.i:
            # "reports of heavy fighting": the voice is the reports, not what they tell
            kept = [one for one in kept if one.i <= self.head.i]
        start, end = _run(kept, self.head)
        start = _opening(start, self)
        if self.cue.pos_ == "NOUN" and self.cue.i == self.head.i:
            return start, end
        return start, _named_beside(_closing(end, self), self)


def _voice_tokens(head: Token) -> list[Token]:
    """Return the words of a voice: its phrase, cut before a comma and what follows it."""
    kept: list[Token] = []
    for token in phrase(head, joined=False):
        if token.i > head.i and token.text in ENDS - {"-"}:
            break
        if token.i > head.i and token.dep_ in {"obl", "advmod"}:
            continue
        kept.append(token)
    return kept or [head]


def _run(tokens: list[Token], head: Token) -> tuple[int, int]:
    """Return the unbroken run of words around the head, without what opens or closes it from outside."""
    places = {token.i for token in tokens} | {head.i}
    doc = head.doc
    first, end = head.i, head.i + 1
    while first - 1 in places or (first - 2 in places and doc[first - 1].text == "-"):
        first -= 1
    while end in places or (end + 1 in places and doc[end].text == "-"):
        end += 1
    while first < head.i and doc[first].dep_ in {"case", "cc", "punct", "fixed", "mark"} and doc[first].text != "(":
        first += 1
    while end > head.i + 1 and (
        (doc[end - 1].is_punct and doc[end - 1].text != ")") or doc[end - 1].text in {"'s", "’s"}
    ):
        end -= 1
    return first, end


def _opening(start: int, voice: Voice) -> int:
    """Return where a voice begins whose article or first words the tree has hung on the verb of saying."""
    doc, first = voice.head.doc, start
    known = set(range(start, voice.head.i + 1)) | {voice.cue.i}
    while first > voice.head.sent.start and doc[first].lower_ not in ARTICLES:
        before = doc[first - 1]
        loose = before.pos_ in {"DET", "ADJ", "NOUN", "PROPN", "NUM"} and before.dep_ in {
            "det",
            "amod",
            "compound",
            "nsubj",
        }
        if (
            not loose
            or before.head.i not in known | {child.i for child in doc[first].children}
            or before.ent_type_ == "DATE"
        ):
            break
        known.add(before.i)
        first -= 1
    return first if doc[first].lower_ in ARTICLES else start


def _closing(end: int, voice: Voice) -> int:
    """Return the end of a voice with an "of ..." that the tree has hung elsewhere ("a commander of the brigade")."""
    doc, last = voice.head.doc, voice.head.sent.end
    if end + 1 >= last or doc[end].lower_ != "of" or voice.cue.i == end - 1:
        return end
    after = end + 1
    while after < last and doc[after].pos_ in {"DET", "ADJ", "NOUN", "PROPN", "NUM"} and after != voice.cue.i:
        after += 1
    return after if doc[after - 1].pos_ in NOMINAL else end


def _named_beside(end: int, voice: Voice) -> int:
    """Return the end of a voice with the name after its title or the title after its name.

    "Kirkuk's police chief, Brigadier Omer, said": whoever reads only half of it loses the person or the office.
    """
    doc, head = voice.head.doc, voice.head
    last = head.sent.end
    if end + 1 >= last or doc[end].text != "," or head.pos_ not in NOMINAL or voice.cue.i in range(head.i + 1, end):
        return end
    inside: list[Token] = []
    for token in doc[end + 1 : min(last, end + 1 + REACH)]:
        if token.text in ENDS - {"-"} or token.i == voice.cue.i or token.text in '.”"':
            break
        inside.append(token)
    closed = end + 1 + len(inside) < last and (
        doc[end + 1 + len(inside)].text in {",", ".", ";", ":"} or doc[end + 1 + len(inside)].i == voice.cue.i
    )
    if not inside or not closed or any(one.pos_ in {"VERB", "AUX", "CCONJ", "SCONJ", "PRON"} for one in inside[:6]):
        return end
    one_named = {_is_person(head), any(_is_person(one) for one in inside[:5])} == {True, False}
    beside = inside[0].pos_ in {"DET", "PROPN", "NOUN", "ADJ", "PRON"} or inside[0].lower_ == "of"
    return inside[-1].i + 1 if one_named and beside and inside[0].ent_type_ not in {"DATE", "PLACE"} else end


def _is_person(token: Token) -> bool:
    """Tell whether a word is part of a person's name rather than of the title before it."""
    names = [one for one in (token, *children(token, "flat")) if one.ent_type_ == "PERSON" and one.text[:1].isupper()]
    return any(one.pos_ == "PROPN" for one in names)


def side_by_side(voice: Voice) -> Iterator[Voice]:
    """Yield the voices that say the same together ("rights monitors and the Russian authorities said")."""
    joined = [one for one in children(voice.head, "conj") if one.pos_ in NOMINAL and one.i > voice.head.i]
    before = None if joined else _joined_before(voice)
    if before is not None:
        yield Voice(before, voice.cue, voice.denies)
    yield voice
    for other in joined:
        if other.i < voice.cue.i or voice.cue.i < voice.head.i:
            yield Voice(other, voice.cue, voice.denies)


def _joined_before(voice: Voice) -> Token | None:
    """Return the other voice of "a war monitor and a resident said" that the tree has joined elsewhere."""
    doc, (start, _end) = voice.head.doc, voice.span()
    if voice.cue.i < start or start - 2 <= voice.head.sent.start or doc[start - 1].lower_ not in SIDE_BY_SIDE:
        return None
    first = start - 2
    while first > voice.head.sent.start and doc[first].pos_ in {"NOUN", "PROPN", "ADJ", "DET", "NUM"}:
        first -= 1
    opens = doc[first].text == "," or first == voice.head.sent.start
    last = doc[start - 2]
    if not opens or last.pos_ not in NOMINAL or last.ent_type_ in {"DATE", "PLACE"} or start - 2 - first > 6:
        return None
    return last
