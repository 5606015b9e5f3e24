"""Numbers of people, losses, strikes and settlements, with their bounds as said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Span, Token

from heldby.claims.tree import ancestors, children
from heldby.records.ids import record_id
from heldby.records.quantity import Quantity
from heldby.records.span import Span as TextSpan

DIGITS = re.compile(r"^\d{1,3}(?:[,.]\d{3})+$|^\d+$")
YEARS = range(1900, 2101)
LARGEST = 10**9


@dataclass(frozen=True, slots=True)
class _Number:
    """A number in a sentence: its tokens, its value, and whether the word itself leaves the top open."""

    start: int
    end: int
    low: int
    open_top: bool


def find_quantities(sentence: Span, *, document_id: str, tables: Mapping[str, Any]) -> Iterator[Quantity]:
    """Yield the quantities of a sentence: what is counted, and the bounds.

    Ages, dates, distances, shares and durations are left out.
    """
    if not tables:
        return
    text = TextSpan.of(sentence.doc.text, sentence.start_char, sentence.end_char)
    for number in _numbers(sentence, tables):
        what = _counted(number, sentence, tables)
        if what is None:
            continue
        low, high, start = _bounds(number, sentence, tables)
        end = sentence.doc[number.end - 1]
        span = TextSpan.of(sentence.doc.text, start, end.idx + len(end))
        yield Quantity(
            id=record_id("qty", document_id, span.start, span.end, what),
            document_id=document_id,
            sentence=text,
            text=span,
            what=what,
            low=low,
            high=high,
        )


def _numbers(sentence: Span, tables: Mapping[str, Any]) -> Iterator[_Number]:
    position = sentence.start
    while position < sentence.end:
        number = _number_at(sentence, position, tables)
        if number is None:
            position += 1
            continue
        yield number
        position = number.end


def _number_at(sentence: Span, position: int, tables: Mapping[str, Any]) -> _Number | None:
    doc = sentence.doc
    token = doc[position]
    word = token.lower_
    if word in tables["words"]:
        low, _high = tables["words"][word]
        following = doc[position + 1] if position + 1 < sentence.end else None
        if following is not None and following.lower_ in tables["multiples"]:
            multiple = tables["multiples"][following.lower_]
            return _Number(position, position + 2, low * multiple, True)
        return _Number(position, position + 1, low, True)
    value = _value(word, tables)
    if value is None:
        return None
    end = position + 1
    while end < sentence.end and doc[end].lower_ in tables["multiples"]:
        value *= tables["multiples"][doc[end].lower_]
        end += 1
    # "200 000": a thousands group that lost its comma
    while end < sentence.end and re.fullmatch(r"000", doc[end].text) and value < LARGEST:
        value *= 1000
        end += 1
    return _Number(position, end, min(value, LARGEST), False)


def _value(word: str, tables: Mapping[str, Any]) -> int | None:
    if DIGITS.match(word) and len(word) < 15:
        return int(re.sub(r"\D", "", word))
    cardinal = tables["cardinals"].get(word)
    if cardinal is not None:
        return int(cardinal)
    tens, _, ones = word.partition("-")
    if ones and tens in tables["cardinals"] and ones in tables["cardinals"]:
        return int(tables["cardinals"][tens]) + int(tables["cardinals"][ones])
    return None


def _bounds(number: _Number, sentence: Span, tables: Mapping[str, Any]) -> tuple[int | None, int | None, int]:
    """Return low, high and the character at which the expression starts, with its bounding words."""
    doc = sentence.doc
    first = doc[number.start]
    before = doc.text[max(sentence.start_char, first.idx - 40) : first.idx].lower().rstrip()
    for kind, phrases in tables["bounds"].items():
        for words in phrases:
            if before.endswith(words) and not before[: -len(words)][-1:].isalnum():
                start = first.idx - (
                    len(doc.text[max(sentence.start_char, first.idx - 40) : first.idx]) - len(before)
                )
                return (*_bounded(kind, number), start - len(words))
    if number.open_top:
        return number.low, None, first.idx
    return number.low, number.low, first.idx


def _bounded(kind: str, number: _Number) -> tuple[int | None, int | None]:
    if kind == "above":
        return (number.low if number.open_top else number.low + 1), None
    if kind == "at_least":
        return number.low, None
    if kind == "up_to":
        return None, number.low
    if kind == "below":
        return None, number.low - 1
    return number.low, (None if number.open_top else number.low)


def _counted(number: _Number, sentence: Span, tables: Mapping[str, Any]) -> str | None:
    """Return what is counted in plain words, or None where the number counts nothing of a conflict."""
    doc = sentence.doc
    token = doc[number.end - 1]
    if _excluded(number, sentence, tables):
        return None
    noun = _noun_of(number, sentence)
    lemma = noun.lemma_.lower() if noun is not None else ""
    if lemma in tables["never"]["words"] or token.ent_type_ == "DATE":
        return None
    people = noun is None or lemma in tables["people"]["words"] or noun.i == token.i
    fate = _fate(noun if noun is not None else token, tables) if people else None
    if fate is not None:
        return fate
    if lemma in tables["things"]:
        return str(tables["things"][lemma])
    return None


def _excluded(number: _Number, sentence: Span, tables: Mapping[str, Any]) -> bool:
    doc = sentence.doc
    following = doc[number.end] if number.end < sentence.end else None
    previous = doc[number.start - 1] if number.start > sentence.start else None
    if following is not None and (following.lower_ in tables["never"]["words"] or following.text in {"-", "%", "/"}):
        return True
    if previous is not None and previous.text in {"$", "€", "£", "#", "-", "/", ":"}:
        return True
    if doc[number.start].lower_ == "one" and (following is None or following.lower_ == "of"):
        return True
    plain = doc[number.start].text
    year = plain.isdigit() and len(plain) == 4 and int(plain) in YEARS
    return year and (previous is not None and previous.pos_ in {"ADP", "PROPN"})


def _noun_of(number: _Number, sentence: Span) -> Token | None:
    """Return the counted noun: what the number modifies, through "of" ("hundreds of fighters")."""
    token = sentence.doc[number.end - 1]
    if token.dep_ in {"nummod", "amod", "det", "compound", "nmod"} and token.head.i > token.i:
        return token.head
    for child in children(token, "nmod"):
        if any(case.lower_ == "of" for case in children(child, "case")):
            return child
    following = sentence.doc[number.end : min(number.end + 4, sentence.end)]
    for one in following:
        if one.pos_ in {"NOUN", "PROPN"} and one.dep_ != "compound":
            return one
        if one.pos_ not in {"ADJ", "NOUN", "PROPN", "NUM", "PUNCT"} and one.lower_ != "of":
            break
    return None


def _fate(token: Token, tables: Mapping[str, Any]) -> str | None:
    fates: dict[str, str] = {lemma: name for name, lemmas in tables["what"].items() for lemma in lemmas}
    for child in token.children:
        if child.dep_ in {"amod", "acl", "acl:relcl"} and child.lemma_.lower() in fates:
            return fates[child.lemma_.lower()]
    if token.lemma_.lower() in fates:
        return fates[token.lemma_.lower()]
    for steps, (_lower, upper) in enumerate(ancestors(token)):
        lemma = upper.lemma_.lower()
        if lemma in fates and upper.pos_ in {"VERB", "ADJ", "NOUN"}:
            return fates[lemma]
        if upper.pos_ in {"VERB", "AUX"} or steps > 3:
            break
    return None
