"""Whose word a claim is that names no voice: the outlet's that prints it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from heldby.records import Reading, Source
from heldby.records.ids import record_id
from heldby.resolve.actors import ActorBook
from heldby.resolve.phrases import words_of
from heldby.resolve.source_book import SourceBook

# Words of an outlet's name that say nothing of which outlet it is.
PLAIN_WORDS = frozenset({"the", "english", "online", "news", "www", "com", "org", "net", "tv", "channel", "website"})


def resolve_tellers(reading: Reading, *, book: SourceBook, actors: ActorBook) -> Reading:
    """Return the reading with the outlet of its document as the teller of every claim, where the document names
    one."""
    if not reading.claims:
        return reading
    day = reading.claims[0].known_at.date()
    teller = find_teller(reading.document.outlet, book=book, actors=actors, day=day)
    return replace(reading, claims=tuple(replace(claim, teller=teller) for claim in reading.claims))


def find_teller(outlet: str, *, book: SourceBook, actors: ActorBook, day: date) -> Source | None:
    """Return the voice of an outlet: the book's entry of that name, else the side whose name it is, else an outlet
    of no known side; None for no name."""
    listed = words_of(outlet)
    if not listed:
        return None
    hits = book.hits(outlet)
    if hits:
        best = max(hits, key=lambda hit: (hit.last - hit.first, -hit.first))
        others = [word for n, word in enumerate(listed) if not best.first <= n < best.last]
        if all(word.folded in PLAIN_WORDS for word in others):
            source = book.sources[best.source_id]
            out = (source.since and day < source.since) or (source.until and source.until < day)
            return replace(source, side="", aliases=()) if out else replace(source, aliases=())
    name = " ".join(outlet.split())
    own = {
        actor.id
        for actor in actors.actors.values()
        for form in actor.names
        if form.text.casefold() == name.casefold()
    }
    known = record_id("outlet", " ".join(word.folded for word in listed))
    return Source(id=known, name=name, kind="other" if own else "outlet", side=min(own, default=""))
