"""Lists of names: which places of a sentence are told of together ("X, Y as well as the village of Z")."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Span

from heldby.claims.scene import Scene
from heldby.claims.sites import LOCATING, Site

JOINING = frozenset({",", "and", "&", "or", ";", "as"})
# Between two names of a list stand at most so many words.
LONGEST_JOINT = 7


def list_around(site: Site, sentence: Span, scene: Scene) -> tuple[Site, ...]:
    """Return the names of a sentence that a list joins to one, that one included, in text order."""
    here = [one for one in scene.sites if sentence.start <= one.start and one.end <= sentence.end]
    if site not in here:
        return ()
    first = last = here.index(site)
    while first > 0 and _joined(here[first - 1], here[first], scene):
        first -= 1
    while last + 1 < len(here) and _joined(here[last], here[last + 1], scene):
        last += 1
    return tuple(here[first : last + 1])


def _joined(one: Site, other: Site, scene: Scene) -> bool:
    """Tell whether a comma or "and" joins two names, or nothing stands between two towns: their comma was lost."""
    between = [token.lower_ for token in scene.doc[one.end : other.start]]
    if not between:
        return not scene.is_area(one) and not scene.is_area(other)
    if len(between) > LONGEST_JOINT or JOINING.isdisjoint(between):
        return False
    joint = next(place for place, word in enumerate(between) if word in JOINING)
    kinds = scene.lexicon.place_words.whole
    alone = between[joint] == "as" and between[joint + 1 : joint + 3] != ["well", "as"]
    if alone or any(word.removesuffix("s") not in kinds for word in between[:joint]):
        return False
    last = max(place for place, word in enumerate(between) if word in JOINING)
    after = between[last + 1 :]
    if between[last] in {",", ";"} and after and after[-1] != "of":
        return False  # "took X, the Y Monitor said", "X, in the region of the lakes, Y"
    return all(_may_stand(i, scene) for i in range(one.end + joint, other.start))


def _may_stand(at: int, scene: Scene) -> bool:
    """Tell whether a word may stand between the names of a list: "and in the nearby village of"."""
    words = scene.lexicon.place_words
    word = scene.doc[at].lower_
    known = JOINING | LOCATING | words.between | words.directions
    return word in known or at in scene.nations or bool({word, word.removesuffix("s")} & (words.whole | words.part))


def parts_of_list(sites: Sequence[Site], scene: Scene) -> list[Site]:
    """Return those of a sentence's names that the tree joins to another one."""
    return [site for site in sites if _is_joined_by_tree(site, sites, scene)]


def _is_joined_by_tree(site: Site, sites: Sequence[Site], scene: Scene) -> bool:
    doc = scene.doc
    roots = {one.root for one in sites if one is not site}
    joined = doc[site.root].dep_ == "conj" and doc[site.root].head.i in roots
    return joined or any(doc[root].dep_ == "conj" and doc[root].head.i == site.root for root in roots)
