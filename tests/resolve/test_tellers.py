"""A report that names no voice speaks for its outlet, with the outlet's kind and side."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from heldby.knowledge import read_knowledge
from heldby.resolve.actors import ActorBook
from heldby.resolve.side_words import SideWords
from heldby.resolve.source_book import SourceBook
from heldby.resolve.tellers import find_teller, resolve_tellers

DAY = date(2016, 12, 11)


@pytest.fixture(scope="module")
def books() -> tuple[SourceBook, ActorBook]:
    """The voices and sides of the knowledge files."""
    actors = ActorBook.of(read_knowledge("actors"), words=SideWords.of(read_knowledge("side_words")))
    return SourceBook.of(read_knowledge("sources"), actor_ids=actors.actors), actors


@pytest.mark.parametrize(
    ("outlet", "kind", "side"),
    [
        ("SANA", "state_media", "syrian-government"),
        ("Reuters", "news_agency", ""),
        ("The Evening Lamp of Nowhere", "outlet", ""),
        ("France 24", "outlet", ""),
    ],
)
def test_an_outlet_is_known_by_its_name(
    books: tuple[SourceBook, ActorBook], outlet: str, kind: str, side: str
) -> None:
    """State media share their state's side; an outlet that nobody knows has none, whatever land it is named after."""
    found = find_teller(outlet, book=books[0], actors=books[1], day=DAY)
    assert found is not None and (found.kind, found.side) == (kind, side)


def test_a_name_inside_a_longer_one_is_another_outlet(books: tuple[SourceBook, ActorBook]) -> None:
    """A paper that has an agency's name in its own is not that agency."""
    found = find_teller("Friends of Reuters Gazette", book=books[0], actors=books[1], day=DAY)
    assert found is not None and found.id != "reuters" and found.kind == "outlet"


def test_claims_get_the_outlet_of_their_document(books: tuple[SourceBook, ActorBook], make: Any) -> None:
    """Every claim of a document has its outlet as teller, and none where the document names none."""
    claim = make.claim("takes", "Army", when="2016-12-11")
    told = resolve_tellers(
        make.reading(make.document("Army took it.", outlet="SANA"), claim), book=books[0], actors=books[1]
    )
    assert told.claims[0].teller is not None and told.claims[0].teller.id == "sana"
    untold = resolve_tellers(make.reading(make.document("Army took it."), claim), book=books[0], actors=books[1])
    assert untold.claims[0].teller is None
