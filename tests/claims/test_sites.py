"""Names of places in trees written out by hand, and whether a phrase means the whole of one or a part."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from spacy.lang.en import English
from spacy.tokens import Doc, Span

from heldby.claims.lexicon import Lexicon
from heldby.claims.sites import find_sites, place_phrase
from heldby.knowledge import read_knowledge

NAMES = ("Hama", "Homs", "Aleppo", "Sarmin", "Saraqib", "Kafr Zita", "Tal", "Jamu", "Damascus", "Lake Assad", "Nov")


def known_places(text: str) -> Sequence[tuple[int, int]]:
    """Find the names above, the longest first."""
    found: list[tuple[int, int]] = []
    for name in sorted(NAMES, key=len, reverse=True):
        start = text.find(name)
        if start >= 0 and not any(first < start + len(name) and start < last for first, last in found):
            found.append((start, start + len(name)))
    return sorted(found)


VOCAB = English().vocab
LEXICON = Lexicon.from_tables(
    read_knowledge("relations"),
    read_knowledge("attribution"),
    confidence=read_knowledge("confidence"),
    places=known_places,
)


def tree(text: str, *, places: Sequence[tuple[int, int]] = ()) -> Doc:
    """Make a Doc from items "word/part of speech/label/head", the head counted from 0."""
    rows = [item.rsplit("/", 3) for item in text.split()]
    spaces = [not (at + 1 < len(rows) and _joined(rows[at][0], rows[at + 1][0])) for at in range(len(rows))]
    words, tags, labels, heads = zip(*rows, strict=True)
    doc = Doc(
        VOCAB,
        words=list(words),
        spaces=spaces,
        pos=list(tags),
        deps=list(labels),
        heads=[int(head) for head in heads],
        lemmas=[word.removesuffix("s") if tag == "NOUN" else word for word, tag in zip(words, tags, strict=True)],
    )
    doc.ents = tuple(Span(doc, start, end, label="PLACE") for start, end in places)
    return doc


def _joined(word: str, following: str) -> bool:
    return "-" in {word, following} or following == "'s"


def names(doc: Doc, *, sides: Sequence[int] = (), nations: Sequence[int] = ()) -> list[str]:
    """Return the texts of the sites of a Doc."""
    return [doc[site.start : site.end].text for site in find_sites(doc, LEXICON, sides=sides, nations=nations)]


def parts(doc: Doc, head: int) -> dict[str, bool]:
    """Return for each name in a phrase whether a part of it is meant."""
    placed = place_phrase(doc[head], find_sites(doc, LEXICON), words=LEXICON.place_words)
    return {doc.text[one.char_start : one.char_end]: one.part for one in placed}


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        # two names that lost their comma
        ("in/ADP/case/1 Saraqib/PROPN/root/1 Sarmin/PROPN/flat/1", [(1, 3)], ["Saraqib", "Sarmin"]),
        # a word that only opens names does not part one
        ("in/ADP/case/1 Tal/PROPN/root/1 Jamu/PROPN/flat/1", [(1, 3)], ["Tal Jamu"]),
        ("Rastan/PROPN/root/0 northern/ADJ/amod/2 Homs/PROPN/flat/0", [(0, 3)], ["Rastan", "northern Homs"]),
        # what the name is said to be, a distance, a day and a property are not of the name
        ("old/ADJ/amod/1 town/NOUN/root/1 of/ADP/case/3 Rastan/PROPN/nmod/1", [(0, 4)], ["Rastan"]),
        ("Rastan/PROPN/root/0 25/NUM/nummod/2 kilometers/NOUN/nmod/0", [(0, 3)], ["Rastan"]),
        ("Rastan/PROPN/root/0 Sunday/PROPN/obl/0", [(0, 2)], ["Rastan"]),
        ("Rastan/PROPN/nmod:poss/3 's/PART/case/0 southern/ADJ/amod/3 quarters/NOUN/root/3", [(0, 4)], ["Rastan"]),
        ("capturing/VERB/root/0 Rastan/PROPN/obj/0", [(0, 2)], ["Rastan"]),
        ("the/DET/det/2 Old/ADJ/amod/2 City/PROPN/root/2", [(1, 3)], ["Old City"]),
        ("the/DET/det/2 Menagh/PROPN/compound/2 airfield/NOUN/root/2", [(1, 3)], ["Menagh airfield"]),
    ],
)
def test_a_name_ends_where_the_next_word_is_not_of_it(
    text: str, places: list[tuple[int, int]], expected: list[str]
) -> None:
    """Stretches that the reading model took for one place give the names in them and nothing else."""
    assert names(tree(text, places=places)) == expected


def test_an_owner_without_its_apostrophe_is_no_place() -> None:
    """Of "Syrias central city of Homs" only Homs is a place."""
    doc = tree(
        "Syrias/PROPN/nmod/2 central/ADJ/amod/2 city/NOUN/root/2 of/ADP/case/4 Homs/PROPN/nmod/2", places=[(0, 5)]
    )
    assert names(doc, nations=[0]) == ["Homs"]


def test_a_place_may_bear_the_name_of_a_side() -> None:
    """Lake Assad is a place although Assad is a side."""
    doc = tree("near/ADP/case/1 Lake/PROPN/root/1 Assad/PROPN/flat/1")
    assert names(doc, sides=[2]) == ["Lake Assad"]


def test_known_names_count_in_sentences_that_were_not_read() -> None:
    """Without a tree a known name counts after a preposition of place, not a month nor a part of a longer name."""
    doc = Doc(
        VOCAB,
        words=["The", "convoys", "left", "from", "Hama", "on", "3", "Nov", "with", "Homs", "Trading", "staff"],
        sent_starts=[True] + [False] * 11,
    )
    assert names(doc) == ["Hama"]


@pytest.mark.parametrize(
    ("text", "head", "expected"),
    [
        ("the/DET/det/1 village/NOUN/root/1 of/ADP/case/3 Hama/PROPN/nmod/1", 1, {"Hama": False}),
        ("a/DET/det/1 district/NOUN/root/1 of/ADP/case/3 Hama/PROPN/nmod/1", 1, {"Hama": True}),
        ("farms/NOUN/root/0 in/ADP/case/2 Hama/PROPN/nmod/0", 0, {"Hama": True}),
        ("activists/NOUN/root/0 in/ADP/case/2 Hama/PROPN/nmod/0", 0, {"Hama": False}),
        ("all/DET/root/0 of/ADP/case/2 Hama/PROPN/nmod/0", 0, {"Hama": False}),
        ("a/DET/det/1 third/NOUN/root/1 of/ADP/case/3 Hama/PROPN/nmod/1", 1, {"Hama": True}),
        (
            "farms/NOUN/root/0 ,/PUNCT/punct/3 and/CCONJ/cc/3 Hama/PROPN/conj/0",
            0,
            {"Hama": False},
        ),
        (
            "ten/NUM/nummod/1 farms/NOUN/root/1 including/VERB/case/3 Hama/PROPN/nmod/1",
            1,
            {"Hama": False},
        ),
    ],
)
def test_only_a_word_for_a_piece_of_it_makes_a_part(text: str, head: int, expected: dict[str, bool]) -> None:
    """Kinds, people, "all of", lists and examples mean the whole; farms, a district and a third do not."""
    assert parts(tree(text), head) == expected
