"""Who speaks around one word of saying: its subject, whom it quotes, the medium that hands it on."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from heldby.claims.lexicon import SpeechWords
from heldby.claims.tree import agent, cases, children, is_passive, phrase, subject, within
from heldby.claims.voices import ARTICLES, NOMINAL, REACH, Voice

OWN = frozenset({"this", "our", "us", "my"})


def says(token: Token, words: SpeechWords) -> bool:
    """Tell whether a word is a verb of saying."""
    if token.pos_ not in {"VERB", "AUX"} or token.lemma_.lower() not in words.verbs:
        return False
    # "the so-called counter-offensive", "jets thought to belong to the army"
    hyphened = token.i > token.sent.start and token.doc[token.i - 1].text == "-"
    participle = token.dep_ in {"acl", "amod"} and not token.lower_.endswith("ing") and agent(token) is None
    return not hyphened and not (participle and not children(token, "nsubj", "ccomp", "obl"))


def parted(one: Token, other: Token) -> bool:
    """Tell whether a semicolon stands between two words: what is said on one side is not said on the other."""
    first, last = sorted((one.i, other.i))
    inside = [token.text for token in one.doc[first:last]]
    # within a quotation that ends before the other word, a semicolon parts nothing
    return ";" in inside and not any(mark in inside[inside.index(";") :] for mark in ('"', "”", "»"))


def owners(noun: Token) -> Iterator[Voice]:
    """Yield whose claim, report or admission it is."""
    for owner in children(noun, "nmod:poss", "nmod"):
        if owner.dep_ == "nmod:poss" or cases(owner)[:1] in {("by",), ("from",)}:
            yield Voice(owner, noun)


def beside(token: Token, words: SpeechWords) -> Iterator[Voice]:
    """Yield voices that stand beside a clause: "..., X said", "according to X", "citing X"."""
    # who is quoted stands inside of who says so: "..., the radio added, quoting a soldier"
    for child in sorted(token.children, key=lambda one: one.lemma_.lower() not in words.quoting):
        if parted(child, token):
            continue
        if says(child, words) and _stands_beside(child):
            yield from speakers(child, words)
        elif child.dep_ == "advcl" and child.lemma_.lower() in words.quoting:
            yield from _quoted(child, words)
        elif child.dep_ in {"obl", "nmod", "advmod"} and cases(child)[:1] and cases(child)[0] in words.according:
            yield Voice(child, children(child, "case")[0])
        elif child.lower_ in words.according:
            yield from (Voice(one, child) for one in children(child, "obl", "nmod", "obj", "pobj"))


def _stands_beside(verb: Token) -> bool:
    own = [one for one in children(verb, "ccomp", "xcomp") if one.i > verb.i and not parted(one, verb)]
    if own or children(verb, "mark"):
        # it has something of its own to say
        return False
    if verb.dep_ in {"parataxis", "dep"}:
        return True
    return verb.dep_ in {"advcl", "acl", "ccomp", "conj"} and _is_tail(verb)


def _is_tail(verb: Token) -> bool:
    """Tell whether a verb of saying closes its sentence right after its speaker ("..., X reported.")."""
    rest = [one for one in verb.doc[verb.i + 1 : verb.sent.end] if not one.is_punct]
    unmarked = not children(verb, "mark", "aux", "obj", "ccomp")
    return unmarked and len(rest) <= 3 and _neighbour(verb) is not None


def _neighbour(verb: Token) -> Token | None:
    """Return the noun directly before a verb, or before the apposition there ("the Monitor, a local group, said").

    It is the speaker where the tree has lost it; a day ("on Friday said a group"), the noun of a preposition ("seized
    by gunmen said a group") and whatever stands before a participle are none.
    """
    first, close = verb.i, {child.i for child in children(verb, "aux", "aux:pass", "advmod")}
    while first - 1 in close:
        first -= 1
    if first <= verb.sent.start or verb.lower_.endswith("ing"):
        return None
    before = verb.doc[first - 1]
    if before.text == ",":
        inside = verb.doc[max(verb.sent.start, before.i - REACH) : before.i]
        commas = [one.i for one in inside if one.text == ","]
        if not commas or commas[-1] <= verb.sent.start:
            return None
        if any(_is_predicate(one) for one in verb.doc[commas[-1] : before.i]):
            return None
        before = verb.doc[commas[-1] - 1]
    if before.pos_ not in {"NOUN", "PROPN", "PRON"} or before.ent_type_ == "DATE":
        return None
    top = _top_of_name(before)
    return None if _after_preposition(top) else top


def _after_preposition(noun: Token) -> bool:
    """Tell whether a preposition stands right before a noun's phrase, as in "by the terrorists", "from the US"."""
    first = noun.i
    while first > noun.sent.start and noun.doc[first].lower_ not in ARTICLES and noun.doc[first - 1].pos_ in {
        "DET", "ADJ", "NOUN", "PROPN", "NUM",
    }:  # fmt: skip
        first -= 1
    return first > noun.sent.start and noun.doc[first - 1].pos_ == "ADP"


def _top_of_name(noun: Token) -> Token:
    """Return the head of the phrase that a noun closes ("Rights" of "the Observatory for Human Rights")."""
    top = noun
    while top.dep_ in {"nmod", "compound", "flat"} and noun.i - REACH < top.head.i < top.i:
        top = top.head
    return top


def _is_predicate(token: Token) -> bool:
    return token.pos_ in {"VERB", "AUX"} and token.dep_ not in {"amod", "compound", "acl"}


def _quoted(verb: Token, words: SpeechWords) -> Iterator[Voice]:
    by = agent(verb)
    if by is not None:
        yield Voice(by, verb)
        return
    yield from (Voice(one, verb) for one in children(verb, "obj"))


def speakers(verb: Token, words: SpeechWords) -> Iterator[Voice]:
    """Yield the voices of a verb of saying, the inner one first."""
    lemma = verb.lemma_.lower()
    denies = lemma in words.denying
    who = speaker(verb, words)
    if lemma in words.quoting and not is_passive(verb):
        yield from (Voice(one, verb) for one in children(verb, "obj") or _quoted_after(verb))
        if who is not None:
            yield Voice(who, verb)
        return
    if is_passive(verb) and not (who is not None and who.dep_ == "nsubj" and not children(verb, "aux:pass")):
        yield from _passive(verb, words)
        return
    if who is None:
        return
    for child in children(verb, "advcl"):
        if child.lemma_.lower() in words.quoting:
            yield from (Voice(one, child) for one in children(child, "obj"))
    yield Voice(who, verb, denies)
    yield from _carriers(verb, who, words)


def _carriers(verb: Token, who: Token, words: SpeechWords) -> Iterator[Voice]:
    """Yield the medium that hands on what a voice says: "told CNN", "on state radio", "quoted by a newspaper"."""
    for child in children(verb, "advcl", "obl", "obj", "iobj", "xcomp"):
        if child.dep_ == "advcl" and child.lemma_.lower() in words.quoting:
            by = agent(child)
        elif child.dep_ in {"obj", "iobj"} or cases(child)[:1] in {("to",), ("on",)}:
            by = child if verb.lemma_.lower() in words.telling and _is_named_medium(child, words) else None
        else:
            by = _carrier_below(child, words)
        if by is not None:
            yield Voice(by, verb)
    by = _carrier_below(who, words)
    if by is not None:
        yield Voice(by, verb)


def _carrier_below(noun: Token, words: SpeechWords) -> Token | None:
    """Return who carries a statement or quotes a voice: "in a statement carried by X", "an official, quoted by X"."""
    for child in children(noun, "acl", "acl:relcl", "advcl"):
        if child.lemma_.lower() in words.carrying:
            by = agent(child)
            if by is not None and not by.is_punct:
                return by
    return None


def _quoted_after(verb: Token) -> list[Token]:
    """Return who is quoted in "quoted X as saying", read off the order of words where the tree has no object."""
    following = verb.doc[verb.i + 1 : min(verb.i + REACH, verb.sent.end)]
    end = next((one.i for one in following if one.lower_ in {"as", "that"}), verb.i + 1)
    nouns = [one for one in verb.doc[verb.i + 1 : end] if one.pos_ in NOMINAL]
    return nouns[-1:]


def speaker(verb: Token, words: SpeechWords) -> Token | None:
    """Return who says it: the subject, unless a noun that is no part of it stands directly before the verb.

    A second verb of saying without a subject of its own ("denied that ... and said that ...") shares the first one's,
    also where the tree has joined it to what the first one says.
    """
    own = [one for one in children(verb, "nsubj", "nsubj:pass") if one.ent_type_ != "DATE"]
    after = [one for one in own if one.i > verb.i]
    if after and _neighbour(verb) is None:
        return after[0]
    if own and _after_preposition(own[0]):
        # "X, a group that lives off money from the US, claims": the tree has taken the nearest noun
        if verb.dep_ == "parataxis" and verb.head.pos_ in NOMINAL:
            return verb.head
        own = [] if _after_verb(verb) is not None else own
    if len(own) > 1 and own[0].i < own[1].i and own[1].dep_ == "nsubj" and _neighbour(verb) is None:
        return own[-1]
    neighbour = _neighbour(verb)
    if neighbour is not None and not (own and _belongs(neighbour, own[0])):
        return neighbour.head if neighbour.dep_ == "conj" and neighbour.head.pos_ in NOMINAL else neighbour
    if not own and verb.dep_ == "conj":
        first = verb.head if says(verb.head, words) else verb.head.head
        if says(first, words) and first.i != verb.i:
            return speaker(first, words)
    return (None if own else _after_verb(verb)) or subject(verb)


def _after_verb(verb: Token) -> Token | None:
    """Return the noun that closes the sentence after a verb: "... said the Britain-based group"."""
    rest = [one for one in verb.doc[verb.i + 1 : verb.sent.end] if not one.is_punct]
    if not rest or len(rest) > REACH or rest[0].pos_ not in {"DET", "NOUN", "PROPN", "ADJ"}:
        return None
    if verb.lower_.endswith("ing") or any(one.pos_ in {"VERB", "AUX", "SCONJ"} for one in rest):
        return None
    return next((one for one in rest if one.pos_ in NOMINAL and one.dep_ not in {"compound", "amod"}), None)


def _belongs(noun: Token, own: Token) -> bool:
    """Tell whether a noun is part of a subject; what follows a dateline as its apposition is not."""
    if not within(noun, own):
        return False
    between = noun.doc[own.i + 1 : noun.i]
    return not (noun.dep_ == "appos" and any(one.text in {"-", "–", "—"} for one in between))


def _passive(verb: Token, words: SpeechWords) -> Iterator[Voice]:
    lemma = verb.lemma_.lower()
    for other in reversed(children(verb, "conj")):
        by = agent(other)
        if by is not None and says(other, words) and is_passive(other) and by.pos_ in NOMINAL:
            # "announced by X and confirmed by Y"
            yield Voice(by, other)
    by = agent(verb)
    who = speaker(verb, words) if lemma in words.quoting else subject(verb)
    spoken = lemma in words.quoting or lemma in words.impersonal
    if who is not None and spoken and _is_voice(who, lemma, words):
        yield Voice(who, verb)
    if by is not None:
        yield Voice(by, verb)
        return
    for carrier in children(verb, "obl"):
        if cases(carrier)[:1] in {("on",), ("in",), ("via",)} and is_medium(carrier, words):
            yield Voice(carrier, verb)


def _is_voice(who: Token, lemma: str, words: SpeechWords) -> bool:
    """A passive's subject speaks where it is quoted, or is a person's pronoun ("he was reported to have said")."""
    if who.lower_ in {"it", "that", "which"}:
        return False
    return lemma in words.quoting or who.lower_ in words.pronouns


def is_medium(token: Token, words: SpeechWords) -> bool:
    """Tell whether a noun phrase is a medium: it says so, or is an acronym."""
    return any(
        one.lower_ in words.media or (one.text.isupper() and len(one) > 2) for one in phrase(token, joined=False)
    )


def _is_named_medium(token: Token, words: SpeechWords) -> bool:
    """A medium that is told something is a voice of its own, unless it is the one read: "told the agency"."""
    own = {one.lower_ for one in phrase(token, joined=False) if one.i <= token.i} - ARTICLES
    if token.pos_ == "NOUN" and token.lower_ not in words.media:
        return False
    return is_medium(token, words) and not own <= words.hearers and not own & (words.pronouns | OWN)
