"""What stands around the name of a place: another name that it only helps to find, or a list told of elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from spacy.tokens import Doc, Span

from heldby.claims.lists import list_around, parts_of_list
from heldby.claims.scene import Scene
from heldby.claims.sites import Placed, Site

# "The villages" are looked for in this many sentences before, "the two villages" in all.
TOPIC_REACH = 3
# Between a name and the one that says where it lies stand at most so many words.
LONGEST_BETWEEN = 8
BETWEEN_TAGS = frozenset({"VERB", "AUX", "PRON", "SCONJ"})
OWNERS = frozenset({"'s", "’s", "s"})
# Between a preposition of a move and its name ("to the outskirts of X") stand at most so many words.
FURTHEST_CASE = 6
TO = frozenset({"to", "towards", "toward", "into", "for"})
FROM = "from"
CASE_APART = frozenset({"of", "the", "nearby", "neighbouring", "neighboring"})
AFTER_DATELINE = frozenset({"-", "–", "—", "(", ",", "/"})
CONTAINING = frozenset({"in", "of", "inside", "within"})
Standing = Literal["", "of a landmark", "of the area around", "of an owner"]


def standing(site: Site | None, scene: Scene) -> Standing:
    """Tell what a name is to the one beside it: "X, 12 km north of Y", "X in Y", "Y's X"; "" for any other name."""
    if site is None:
        return ""
    at = scene.sites.index(site)
    if at + 1 < len(scene.sites) and _owns(site, scene.sites[at + 1], scene.doc):
        return "of an owner"
    if at == 0:
        return ""
    between = scene.doc[scene.sites[at - 1].end : site.start]
    if not 0 < len(between) <= LONGEST_BETWEEN or any(token.pos_ in BETWEEN_TAGS for token in between):
        return ""
    words = [token.lower_ for token in between]
    if {",", "and", ".", ";", "to", "or"} & set(words[1:]) or words[0] in {"and", "or", "to"}:
        return ""
    away = scene.lexicon.place_words.partial_prepositions | {"from"}
    if away.intersection(words):
        return "of a landmark"
    return "of the area around" if CONTAINING.intersection(words) else ""


def course(site: Site | None, sentence: Span, scene: Scene) -> str:
    """Return whether a name, the first where a list has it, says where a move leads or begins: "to", "from", ""."""
    if site is None or not sentence.start <= site.start < sentence.end:
        return ""
    words = scene.lexicon.place_words
    for at in range(site.start - 1, max(sentence.start, site.start - FURTHEST_CASE) - 1, -1):
        word = scene.doc[at].lower_
        if word in TO or word == FROM:
            return "from" if word == FROM else "to"
        known = word in CASE_APART or word in words.directions or word.removesuffix("s") in words.whole | words.part
        if not known and scene.doc[at].pos_ not in {"DET", "ADJ"}:
            return ""
    return ""


def in_dateline(site: Site | None, sentence: Span, scene: Scene) -> bool:
    """Tell whether a name only says where a report was sent from: "BEIRUT - ...", "MOSCOW (Wire) ..."."""
    if site is None or site.end >= len(scene.doc) or not sentence.start <= site.start < sentence.end:
        return False
    return scene.doc[site.start : site.end].text.isupper() and scene.doc[site.end].text in AFTER_DATELINE


def _owns(site: Site, following: Site, doc: Doc) -> bool:
    between = [token.lower_ for token in doc[site.end : following.start]]
    return between in ([one] for one in OWNERS)


def listed_elsewhere(places: Sequence[Placed], sentence: Span, scene: Scene) -> tuple[tuple[Placed, ...], bool]:
    """Return the names that "the two towns" or "the villages" stand for, and whether there are as many as it says.

    They are those that a sentence before lists, or after where they are told of first ("two besieged towns"). ()
    where a place has its name or none lists any.
    """
    (placed, *others) = places
    span = scene.doc.char_span(placed.char_start, placed.char_end, alignment_mode="expand")
    if others or placed.named or span is None:
        return (), False
    words = [token.lower_ for token in span]
    table = scene.lexicon.place_words
    if table.several.isdisjoint(words):
        return (), False
    counted = next((table.numbers[word] for word in words if word in table.numbers), 0)
    before = [one for one in scene.sentences if one.start < sentence.start]
    reach = before if counted or not table.mentioned.isdisjoint(words) else before[-TOPIC_REACH:]
    after = [one for one in scene.sentences if one.start > sentence.start] if counted and words[0] != "the" else []
    lists = [one for other in (*reversed(reach), *after) for one in _lists_in(other, scene) if len(one) > 1]
    fitting = [one for one in lists if len(one) == counted] if counted else lists
    fitting.sort(key=lambda one: not _is_introduced(one[0], scene))
    chosen = next(iter(fitting), ())
    named = tuple(Placed(one.char_start, one.char_end, named=True, part=False) for one in chosen)
    return named, bool(counted)


def _is_introduced(first: Site, scene: Scene) -> bool:
    """Tell whether a list follows a noun for several places: "the villages of X, Y and Z"."""
    before = [token.lower_ for token in scene.doc[max(0, first.start - 2) : first.start]]
    return before[-1:] == ["of"] and before[0] in scene.lexicon.place_words.several


def _lists_in(sentence: Span, scene: Scene) -> list[tuple[Site, ...]]:
    """Return the lists of names of a sentence, what the tree joins and what the words join, the longest first."""
    here = [site for site in scene.sites if sentence.start <= site.start < sentence.end]
    found = {tuple(parts_of_list(here, scene)), *(list_around(site, sentence, scene) for site in here)}
    return sorted(found, key=lambda sites: (-len(sites), [site.start for site in sites]))
