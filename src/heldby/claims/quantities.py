"""Numbers of people, losses, strikes and settlements, with their bounds as said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Span, Token

from heldby.claims.tree import ancestors, base_forms, children, text_of
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
    text = TextSpan.of(text_of(sentence.doc), sentence.start_char, sentence.end_char)
    for number in _numbers(sentence, tables):
        what = _counted(number, sentence, tables)
        if what is None:
            continue
        low, high, start = _bounds(number, sentence, tables)
        end = sentence.doc[number.end - 1]
        span = TextSpan.of(text_of(sentence.doc), start, end.idx + len(end))
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
    words = [token.lower_ for token in sentence]
    position = sentence.start
    while position < sentence.end:
        if not _may_be_number(words[position - sentence.start], tables):
            position += 1
            continue
        number = _number_at(sentence, position, tables)
        if number is None:
            position += 1
            continue
        yield number
        position = number.end


def _may_be_number(word: str, tables: Mapping[str, Any]) -> bool:
    """Tell at a glance what can be no number, which most words cannot."""
    return word in tables["words"] or word[:1].isdigit() or word in tables["cardinals"] or "-" in word


def _number_at(sentence: Span, position: int, tables: Mapping[str, Any]) -> _Number | None:
    doc = sentence.doc
    token = doc[position]
    word = token.lower_
    if word in tables["words"]:
        return _open_number(sentence, position, tables)
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


def _open_number(sentence: Span, position: int, tables: Mapping[str, Any]) -> _Number:
    """Read "several", "dozens", "several hundred", "hundreds of thousands"."""
    doc = sentence.doc
    low = int(tables["words"][doc[position].lower_])
    rest = [token.lower_ for token in doc[position + 1 : min(position + 3, sentence.end)]]
    if rest and rest[0] in tables["multiples"]:
        return _Number(position, position + 2, low * int(tables["multiples"][rest[0]]), True)
    if len(rest) == 2 and rest[0] == "of" and rest[1] in tables["products"]:
        return _Number(position, position + 3, low * int(tables["products"][rest[1]]), True)
    return _Number(position, position + 1, low, True)


def _value(word: str, tables: Mapping[str, Any]) -> int | None:
    if word[:1].isdigit() and DIGITS.match(word) and len(word) < 15:
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
    before = text_of(doc)[max(sentence.start_char, first.idx - 40) : first.idx].lower().rstrip()
    for kind, phrases in tables["bounds"].items():
        for words in phrases:
            if before.endswith(words) and not before[: -len(words)][-1:].isalnum():
                start = first.idx - (
                    len(text_of(doc)[max(sentence.start_char, first.idx - 40) : first.idx]) - len(before)
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
    forms = base_forms(noun) if noun is not None else ()
    if any(form in tables["never"]["words"] for form in forms) or token.ent_type_ == "DATE":
        return None
    people = noun is None or any(form in tables["people"]["words"] for form in forms) or noun.i == token.i
    thing = next((str(tables["things"][form]) for form in forms if form in tables["things"]), None)
    if people:
        named = noun if noun is not None else token
        fate = _fate(named, tables) or _fate_in_words(number, named, sentence, tables)
        return fate or thing
    if noun is not None and any(form in tables["taken"]["words"] for form in forms):
        return thing if _is_taken(noun, tables) else None
    return thing


def _is_taken(noun: Token, tables: Mapping[str, Any]) -> bool:
    """Settlements count only where they change hands: two villages taken, not an attack on two villages."""
    governors = set(tables["taken"]["governors"])
    for lower, upper in ancestors(noun):
        if governors.intersection(base_forms(upper)):
            return lower.dep_ in {"obj", "nsubj:pass", "conj", "nmod", "acl", "compound", "nsubj"}
        if upper.pos_ in {"VERB", "AUX"}:
            return False
    return any(governors.intersection(base_forms(child)) for child in children(noun, "acl", "amod", "acl:relcl"))


def _fate_in_words(number: _Number, named: Token, sentence: Span, tables: Mapping[str, Any]) -> str | None:
    """Return the fate that the words around a number tell where the tree does not ("a toll of", "N dead")."""
    doc = sentence.doc
    words = [token.lower_ for token in sentence]
    if tables["toll"]["nouns"] and any(word in words for word in tables["toll"]["nouns"]):
        governor = {form for _lower, upper in ancestors(doc[number.end - 1]) for form in base_forms(upper)}
        if governor.intersection(tables["toll"]["verbs"]):
            return "killed"
    fates = _fates(tables)
    after = doc[named.i + 1 : min(named.i + 4, sentence.end)]
    for token in after:
        found = next((fates[form] for form in base_forms(token) if form in fates), None)
        if found is not None:
            return found
        if token.pos_ not in {"ADJ", "ADV", "NOUN", "PROPN", "AUX"}:
            break
    return _fate_before(number, sentence, tables)


def _fate_before(number: _Number, sentence: Span, tables: Mapping[str, Any]) -> str | None:
    """Read "kills 21 civilians", "killed 15 people and 27 fighters", "112 dead, including 60 children"."""
    doc = sentence.doc
    fates = _fates(tables)
    linking = set(tables["toll"]["linking"])
    for token in reversed(doc[max(sentence.start, number.start - FATE_REACH) : number.start]):
        found = next((fates[form] for form in base_forms(token) if form in fates), None)
        if found is not None:
            return found
        if token.pos_ in {"VERB", "SCONJ"} and token.lower_ not in linking:
            return None
    return None


FATE_REACH = 9


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
    fates = _fates(tables)
    below = [child for child in token.children if child.dep_ in {"amod", "acl", "acl:relcl"}]
    for near in (*below, token):
        found = next((fates[form] for form in base_forms(near) if form in fates), None)
        if found is not None:
            return found
    for steps, (_lower, upper) in enumerate(ancestors(token)):
        found = next((fates[form] for form in base_forms(upper) if form in fates), None)
        if found is not None and upper.pos_ in {"VERB", "ADJ", "NOUN", "PROPN"}:
            return found
        if upper.pos_ in {"VERB", "AUX"} or steps > 3:
            break
    return None


def _fates(tables: Mapping[str, Any]) -> dict[str, str]:
    return {lemma: name for name, lemmas in tables["what"].items() for lemma in lemmas}
