"""What a document's candidates are made from: its sentences, the names of places and of sides in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from heldby.claims.lexicon import Lexicon
from heldby.claims.sites import Site


@dataclass(frozen=True, slots=True)
class Scene:
    """What a document's candidates are made from."""

    doc: Doc
    sentences: tuple[Span, ...]
    sites: tuple[Site, ...]
    side_tokens: frozenset[int]
    nations: frozenset[int]
    lexicon: Lexicon
    by_name: Mapping[str, tuple[Site, ...]]

    def name(self, site: Site) -> str:
        """Return a name as the document's other mentions of it are known by."""
        return plain_name(self.doc[site.start : site.end].text)

    def is_area(self, site: Site) -> bool:
        """Tell whether a name is that of a land or of an area that holds towns ("Aleppo province")."""
        tokens = [self.doc[i] for i in range(site.start, site.end)]
        named = [token for token in tokens if token.lower_ not in self.lexicon.place_words.directions]
        areas = self.lexicon.place_words.areas
        return bool(named) and (named[-1].lower_ in areas or all(token.i in self.nations for token in named))

    def mentions(self, site: Site) -> list[int]:
        """Return the tokens of every mention of a site's name."""
        return [i for one in self.by_name[self.name(site)] for i in range(one.start, one.end)]


def plain_name(text: str) -> str:
    """Return a name without case, hyphens and the ending of an owner."""
    return text.casefold().replace("-", " ").removesuffix("'s").removesuffix("’s").strip()


def sites_by_name(doc: Doc, sites: Sequence[Site]) -> dict[str, tuple[Site, ...]]:
    """Return the mentions of each name."""
    found: dict[str, tuple[Site, ...]] = {}
    for site in sites:
        name = plain_name(doc[site.start : site.end].text)
        found[name] = (*found.get(name, ()), site)
    return found
