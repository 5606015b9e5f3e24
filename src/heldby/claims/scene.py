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
