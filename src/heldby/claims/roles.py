"""Roles: who does it, to whom, and where, read off the tree by the frame of the trigger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from heldby.claims.lexicon import Lexicon
from heldby.claims.nearby import OBLIQUES, complement_by_words, locatives, nearby_places
from heldby.claims.sides import can_be_side, is_side_word
from heldby.claims.sites import Placed, Site, place_phrase
from heldby.claims.tree import agent, base_forms, cases, children, clause_head, is_passive, noun_actor, subject
from heldby.claims.triggers import Trigger

AGAINST = frozenset({"against", "with", "from", "between"})
CLOSING = frozenset({")", "]"})
MOVING = frozenset({"to", "into", "towards", "toward", "on", "onto", "in", "at", "near", "inside", "through"})


@dataclass(frozen=True, slots=True)
class Roles:
    """The heads of the phrases that fill the roles of one trigger, and the places it speaks of."""

    actor: Token | None
    opponent: Token | None
    places: tuple[Placed, ...]
    own_slot: bool


@dataclass(frozen=True, slots=True)
class _Setting:
    """What a frame is handed: the trigger's word, the sites of the document and the lexicon."""

    token: Token
    trigger: Trigger
    sites: Sequence[Site]
    lexicon: Lexicon
    sides: frozenset[int]


def find_roles(
    trigger: Trigger, token: Token, *, sites: Sequence[Site], lexicon: Lexicon, sides: frozenset[int]
) -> Roles:
    """Return the roles of a trigger; places come from its own slot first, then from its clause and sentence.

    `sides`: indices of tokens that belong to names of sides and nations.
    """
    setting = _Setting(token, trigger, sites, lexicon, sides)
    actor, opponent, slots = FRAMES[trigger.entry.frame](setting)
    words = lexicon.place_words
    own_case = trigger.entry.frame != "by_state"
    found = [one for slot in slots for one in place_phrase(slot, sites, words=words, own_case=own_case)]
    named = [placed for placed in found if placed.named]
    if named:
        partly = any(child.lower_ in words.partial_adverbs for child in children(token, "advmod"))
        return Roles(actor, opponent, tuple(replace(one, part=one.part or partly) for one in named), True)
    nearby = nearby_places(token, {slot.i for slot in slots}, sites=sites, words=words)
    if found and (not found[0].part or not nearby or _listed_before(found[0], nearby, setting)):
        return Roles(actor, opponent, tuple(found), True)
    if found:
        parts = tuple(_as_part(placed, found[0]) for placed in nearby)
        return Roles(actor, opponent, parts, True)
    return Roles(actor, opponent, tuple(nearby), False)


def _listed_before(placed: Placed, nearby: Sequence[Placed], setting: _Setting) -> bool:
    """Tell whether "the villages" are those of a list before: no name after the trigger says where they lie."""
    span = setting.token.doc.char_span(placed.char_start, placed.char_end, alignment_mode="expand")
    words = {token.lower_ for token in span} if span is not None else set()
    several = bool(words & setting.lexicon.place_words.several) and bool(words & {"the", "these", "those", "both"})
    return several and all(one.char_start < setting.token.idx for one in nearby)


def _as_part(placed: Placed, part: Placed) -> Placed:
    """A part noun in the slot ("a neighbourhood") with its place elsewhere in the clause ("in Aleppo")."""
    start, end = (part.part_start, part.part_end) if part.part_start >= 0 else (placed.part_start, placed.part_end)
    return Placed(placed.char_start, placed.char_end, named=placed.named, part=True, part_start=start, part_end=end)


def _doer(setting: _Setting) -> Token | None:
    verb = setting.token
    if is_passive(verb):
        return agent(verb)
    after = verb.doc[verb.i + 1] if verb.i + 1 < verb.sent.end else None
    if verb.lower_.endswith("ing") and after is not None and after.lower_ == "by" and after.dep_ == "case":
        return after.head  # "killed in shelling by insurgents"
    doer = _sided(subject(verb), setting)
    if doer is not None and doer.pos_ == "NOUN" and _is_action(doer, setting.lexicon):
        # "began an offensive to take X": who began it takes it
        return noun_actor(doer, doing=setting.lexicon.doing)
    return doer


def _sided(found: Token | None, setting: _Setting) -> Token | None:
    """Return the subject found or, where that can be no side, the side just before the verb or of its main clause.

    Trees of news text lose subjects to datelines, hang participles on the nearest noun, and take what a preposition
    brings in ("Despite the army's gains rebels hold ...") for a subject.
    """
    if found is not None and found.dep_ == "nsubj" and found.pos_ in {"NOUN", "PROPN"} and cases(found):
        found = None
    if found is not None and can_be_side(found, setting.lexicon, sides=setting.sides):
        return found
    verb = setting.token
    between = {"ADV", "AUX", "PART"}
    before = [
        one for one in verb.doc[verb.sent.start : verb.i] if one.pos_ not in between and one.text not in CLOSING
    ]
    others = [before[-1]] if before else []
    if verb.dep_ in {"acl", "advcl", "xcomp"} and verb.head.i != verb.i:
        above = subject(clause_head(verb.head))
        others += [above] if above is not None else []
    fitting = [one for one in others if one.pos_ in {"NOUN", "PROPN"}]
    return next((one for one in fitting if can_be_side(one, setting.lexicon, sides=setting.sides)), found)


def _is_action(noun: Token, lexicon: Lexicon) -> bool:
    lemma = noun.lemma_.lower()
    return lemma in lexicon.nouns or any(lemma in words.nouns for words in lexicon.modality.values())


def _undergoer(setting: _Setting) -> list[Token]:
    """Return what a verb is done to: its object, or the subject or noun of a passive."""
    verb = setting.token
    if is_passive(verb):
        found = subject(verb)
        return [found] if found is not None else []
    objects = children(verb, "obj")
    doer = subject(verb)
    if not objects and verb.dep_ == "acl:relcl" and (doer is None or doer.i != verb.head.i):
        return [verb.head]
    if not objects and verb.dep_ == "conj":
        shared = children(verb.head, "obj")
        return [one for one in shared if one.i > verb.i]
    if objects and objects[0].lower_ in {"which", "that"} and verb.dep_ == "acl:relcl":
        return [verb.head]
    return [*objects, *(joined for one in objects for joined in children(one, "conj"))]


def _with_case(token: Token, wanted: frozenset[str]) -> list[Token]:
    return [child for child in children(token, *OBLIQUES) if set(cases(child)) & wanted]


def _first(tokens: Sequence[Token]) -> Token | None:
    return tokens[0] if tokens else None


Frame = tuple[Token | None, Token | None, list[Token]]


def _object(setting: _Setting) -> Frame:
    opponent = _first(_with_case(setting.token, frozenset({"from"})))
    return _doer(setting), opponent, _undergoer(setting)


def _into(setting: _Setting) -> Frame:
    targets = [one for one in _with_case(setting.token, MOVING) if one.dep_ != "obl:agent"]
    return _doer(setting), None, [*_undergoer(setting), *targets]


def _toward(setting: _Setting) -> Frame:
    against = [one for one in _with_case(setting.token, AGAINST) if not _is_place(one, setting)]
    places = [one for one in locatives(setting.token) if one not in against]
    objects = children(setting.token, "obj")
    opponent = _first(against) or _first([one for one in objects if not _is_place(one, setting)])
    return _doer(setting), opponent, [*places, *(one for one in objects if _is_place(one, setting))]


def _is_place(token: Token, setting: _Setting) -> bool:
    return any(site.start <= token.i < site.end for site in setting.sites)


def _from(setting: _Setting) -> Frame:
    sources = _with_case(setting.token, frozenset({"from", "of", "out"}))
    opponent = _first([one for one in _with_case(setting.token, frozenset({"to"})) if not _is_place(one, setting)])
    around = _with_case(setting.token, frozenset({"around", "inside", "in"})) if not sources else []
    actor = subject(setting.token)
    by = agent(setting.token) if is_passive(setting.token) else None
    if by is not None:
        return by, opponent, [*sources, *([actor] if actor is not None else [])]
    if is_passive(setting.token) and agent(setting.token) is None and actor is not None and _is_place(actor, setting):
        return None, opponent, [actor]
    return actor, opponent, [*sources, *_undergoer_if_active(setting), *around]


def _undergoer_if_active(setting: _Setting) -> list[Token]:
    return [] if is_passive(setting.token) else _undergoer(setting)


def _expel(setting: _Setting) -> Frame:
    places = _with_case(setting.token, frozenset({"from", "of", "out"}))
    undergoer = _first(_undergoer(setting))
    if undergoer is not None and _is_place(undergoer, setting):
        return _doer(setting), None, [undergoer]
    return _doer(setting), undergoer, places or ([undergoer] if undergoer is not None else [])


def _fall(setting: _Setting) -> Frame:
    place = subject(setting.token)
    to = _with_case(setting.token, frozenset({"to", "into", "under"}))
    actor = _first([_owner(one, setting) or one for one in to if not _is_place(one, setting)])
    return actor, None, [place] if place is not None else []


def _owner(noun: Token, setting: _Setting) -> Token | None:
    """Return the side behind the noun in "fell into rebel hands", "under the control of X"."""
    if noun.lemma_.lower() not in setting.lexicon.place_words.holding:
        return None
    owners = [*children(noun, "nmod:poss"), *_with_case(noun, frozenset({"of"})), *children(noun, "compound", "amod")]
    return _first(owners)


def _lose(setting: _Setting) -> Frame:
    to = _first(_with_case(setting.token, frozenset({"to"})))
    if is_passive(setting.token):
        return to, agent(setting.token), _undergoer(setting)
    return to, _sided(subject(setting.token), setting), _undergoer(setting)


def _lose_noun(setting: _Setting) -> Frame:
    verb = setting.token.doc[setting.trigger.governor]
    to = _first([*_with_case(verb, frozenset({"to"})), *_with_case(setting.token, frozenset({"to"}))])
    return to, subject(verb), _with_case(setting.token, frozenset({"of", "over"}))


def _defend(setting: _Setting) -> Frame:
    verb = setting.token
    against = _with_case(verb, frozenset({"against", "by", "from"}))
    undergoer = _undergoer(setting)
    opponent = _first(against)
    places = [*undergoer, *[one for one in locatives(verb) if one not in against]]
    for noun in undergoer:
        opponent = opponent or _attacker(noun)
    return _doer(setting), opponent, places


def _attacker(noun: Token) -> Token | None:
    """Return whose attack it is that was beaten off ("the rebels' attack", "an attack by rebels")."""
    found = noun_actor(noun, doing=frozenset())
    own = found is not None and found.i != noun.i and noun.pos_ == "NOUN" and found.head.i == noun.i
    return found if own else None


def _of(setting: _Setting) -> Frame:
    noun = setting.token
    verb = noun.doc[setting.trigger.governor] if setting.trigger.governor >= 0 else None
    actor = noun_actor(noun, doing=setting.lexicon.doing) if verb is None else subject(verb)
    if verb is not None and is_passive(verb):
        actor = agent(verb)
    if actor is None or not can_be_side(actor, setting.lexicon, sides=setting.sides):
        # "heavy Russian air strikes", "regime bombardment": the side before the noun
        before = [one for one in children(noun, "compound", "amod") if one.i < noun.i]
        actor = next((one for one in before if can_be_side(one, setting.lexicon, sides=setting.sides)), actor)
    between = _with_case(noun, frozenset({"between"}))
    against = [one for one in _with_case(noun, frozenset({"against", "with", "from"})) if not _is_place(one, setting)]
    if between:
        sides = [between[0], *children(between[0], "conj")]
        actor, against = sides[0], sides[1:]
    breaker = _breaker(setting)
    if breaker is not None:
        actor, against = None, [breaker]
    places = [one for one in children(noun, *OBLIQUES, "nmod:poss", "compound") if _may_locate(one, setting)]
    places = places or complement_by_words(noun)
    if verb is not None and not places:
        places = [one for one in locatives(verb) if one.i != noun.i]
    if actor is not None and any(actor.i == one.i for one in places) and _is_place(actor, setting):
        actor = None
    return actor, _first(against), places


def _breaker(setting: _Setting) -> Token | None:
    """Return who breaks a siege: whoever lays it is the other side."""
    noun = setting.token
    if setting.trigger.entry.relation != "besieges" or noun.dep_ not in {"obj", "nsubj:pass"}:
        return None
    if not setting.lexicon.breaking.intersection(base_forms(noun.head)):
        return None
    return agent(noun.head) if is_passive(noun.head) else subject(noun.head)


def _may_locate(child: Token, setting: _Setting) -> bool:
    case = cases(child)[:1]
    if child.dep_ in {"nmod:poss", "compound"}:
        return _is_place(child, setting)
    return case not in ((), ("by",), ("between",), ("with",), ("since",), ("after",), ("before",), ("during",))


def _by_state(setting: _Setting) -> Frame:
    if setting.trigger.kind == "suffix":
        return _suffix(setting)
    token = setting.token
    owners = [
        *children(token, "nmod:poss"),
        *_with_case(token, frozenset({"of", "by"})),
        *children(token, "compound"),
    ]
    owners += [one for one in children(token, "amod") if one.pos_ == "PROPN" or one.text[0].isupper()]
    by = agent(token) or (agent(token.head) if token.head.i != token.i else None)
    owner = _first(owners) or by
    if token.dep_ in {"nmod", "amod", "acl", "compound"}:
        return owner, None, [token.head]
    found = subject(token) or (subject(token.head) if token.dep_ in {"obl", "xcomp", "obj"} else None)
    verb = token.head
    if token.dep_ == "obl" and children(verb, "obj"):
        return owner or subject(verb), None, children(verb, "obj")
    if token.dep_ == "obl" and verb.dep_ in {"acl", "acl:relcl"}:
        found = verb.head
    return owner, None, [found] if found is not None else []


def _suffix(setting: _Setting) -> Frame:
    """ "rebel-held Idlib": the side stands before the hyphen, the place is what the word modifies."""
    token = setting.token
    side = token.doc[token.i - 2]
    above = token
    for _step in range(4):
        if above.dep_ in {"amod", "compound", "acl", "nmod", "advmod"} and above.head.i > token.i:
            above = above.head
            continue
        break
    if above.i == token.i:
        following = [one for one in token.doc[token.i + 1 : token.sent.end] if one.pos_ in {"NOUN", "PROPN"}]
        return side, None, following[:1]
    return side, None, [above, *children(above, "conj")]


def _title(setting: _Setting) -> Frame:
    """Read "Eastern Ghouta, the largest rebel bastion": the place bears the title, or stands below it."""
    noun = setting.token
    modifiers = [one for one in children(noun, "compound", "amod") if one.i < noun.i]
    sides = [one for one in modifiers if is_side_word(one, setting.lexicon) and not _is_place(one, setting)]
    owners = [one for one in children(noun, "nmod:poss") if one.pos_ == "PRON" or not _is_place(one, setting)]
    owner = _first([*owners, *sides])
    bearer = noun.head if noun.dep_ in {"appos", "nmod:desc"} else None
    if bearer is None and children(noun, "cop"):
        bearer = _first(children(noun, "nsubj"))
    below = _with_case(noun, frozenset({"of", "in", "near", "outside", "at"}))
    if bearer is not None and _is_place(bearer, setting):
        return owner, None, [bearer]
    compounds = [one for one in children(noun, "compound", "nmod:poss") if _is_place(one, setting)]
    return owner, None, [*below, *compounds] if below or compounds else [noun]


def _in_state(setting: _Setting) -> Frame:
    token = setting.token
    holder = subject(token) or (subject(token.head) if token.dep_ in {"obl", "xcomp", "obj"} else None)
    if token.dep_ in {"nmod", "acl"} and holder is None:
        holder = token.head
    return holder, None, _with_case(token, frozenset({"of", "over", "in"})) or complement_by_words(token)


FRAMES: Mapping[str, Callable[[_Setting], Frame]] = {
    "object": _object,
    "into": _into,
    "toward": _toward,
    "from": _from,
    "expel": _expel,
    "fall": _fall,
    "lose": _lose,
    "lose_noun": _lose_noun,
    "defend": _defend,
    "of": _of,
    "by_state": _by_state,
    "in_state": _in_state,
    "title": _title,
}
