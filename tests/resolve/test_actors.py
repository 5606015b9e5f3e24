"""The book of sides: names in running text, and noun phrases."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resolve_sides import actor_book

from heldby.errors import KnowledgeError
from heldby.resolve.actors import ActorBook
from heldby.resolve.side_words import SideWords

NO_WORDS = SideWords.of({})


def ids(phrase: str, *, on: date | None = None, countries: frozenset[str] = frozenset()) -> list[str]:
    """The ids that a phrase means."""
    return [match.actor_id for match in actor_book().find(phrase, on=on, countries=countries)]


@pytest.mark.parametrize(
    ("phrase", "actor_id"),
    [
        ("The Islamic State (IS) group militants", "islamic-state"),
        ("the self-proclaimed Islamic State of Iraq and al-Sham (ISIS) group", "islamic-state"),
        ("Syrian troops", "syrian-government"),
        ("Iraqi security forces", "iraqi-government"),
        ("Russian warplanes", "russia"),
        ("Ukrainian paratroopers", "ukraine"),
        ("Assad's forces", "syrian-government"),
        ("Assads forces", "syrian-government"),
        ("forces loyal to President Bashar al-Assad", "syrian-government"),
        ("Kyiv’s troops", "ukraine"),
        ("Turkey", "turkey"),
        ("the Russians", "russia"),
        ("the U.S.-led coalition", "us-led-coalition"),
        ("the anti-IS coalition", "us-led-coalition"),
        ("Turkish-backed Syrian rebels", "syrian-national-army"),
        ("the US-backed Kurdish-Arab alliance", "syrian-democratic-forces"),
        ("Russian-backed Syrian forces", "syrian-government"),
        ("the Syrian army backed by Russian jets", "syrian-government"),
        ("pro-Assad militias", "syrian-government"),
        ("Jabhat al Nusra fighters", "nusra-front"),
        ("the M23 rebels", "m23"),
        ("Tigrayan forces", "tplf"),
        ("Myanmar's military", "myanmar-military"),
    ],
)
def test_a_phrase_names_its_side(phrase: str, actor_id: str) -> None:
    """Names, peoples with their forces, leaders and capitals name the side; helpers never do."""
    assert ids(phrase) == [actor_id]


@pytest.mark.parametrize(
    "phrase",
    [
        "the militants",
        "Syrian refugees",
        "groups operating in Iraq and Syria",
        "an anti-IS patrol",
        "turkey",
        "the town is",
        "US-backed",
        "",
        "’’’ -- ()",
    ],
)
def test_a_phrase_without_a_side_names_none(phrase: str) -> None:
    """Common nouns, civilians, lands where something is, and rubbish name no side."""
    assert ids(phrase) == []


def test_joint_sides_are_both_found() -> None:
    """ "A and B" gives both sides, in the order of the words."""
    assert ids("Russian and Syrian forces") == ["russia", "syrian-government"]
    assert ids("Hezbollah and the Free Syrian Army") == ["hezbollah", "free-syrian-army"]


def test_helpers_and_foes_are_reported_apart() -> None:
    """A phrase that only tells who helps keeps the helper out of those meant."""
    sides = actor_book().read_phrase("US-backed fighters opposed to Hezbollah")
    assert sides.meant == ()
    assert set(sides.helpers) == {"united-states", "hezbollah"}
    assert actor_book().read_phrase("anti-ISIS fighters").against == ("islamic-state",)


def test_a_name_outside_its_time_matches_with_a_lower_score() -> None:
    """A side named before it took that name is still found, but less surely, and the reason says so."""
    late = actor_book().find("Jabhat Fateh al-Sham", on=date(2016, 9, 1))[0]
    early = actor_book().find("Jabhat Fateh al-Sham", on=date(2014, 9, 1))[0]
    assert (late.actor_id, early.actor_id) == ("nusra-front", "nusra-front")
    assert early.score < late.score
    assert "not in use" in early.reason


def test_shared_names_are_told_apart_by_country_and_day() -> None:
    """Two sides of one name are told apart by where the document is and when it was written."""
    assert ids("the SNA", countries=frozenset({"SO"})) == ["somali-government"]
    assert ids("the SNA", countries=frozenset({"SY"})) == ["syrian-national-army"]
    assert ids("Kurdish fighters", countries=frozenset({"IQ"})) == ["peshmerga"]
    assert ids("the Syrian army", on=date(2016, 1, 1)) == ["syrian-government"]
    assert ids("the Syrian army", on=date(2025, 3, 1)) == ["syrian-transitional-government"]


def test_mentions_mind_case_and_attached_words() -> None:
    """The acronym IS is not the verb, and what hangs on a name tells how it stands to the rest."""
    text = "IS-held Raqqa is hit; anti-ISIS troops and US-backed men, Assads army is near. THE TOWN IS BEING SHELLED"
    found = [(m.span.text, m.actor_ids[0], m.stance) for m in actor_book().mentions(text)]
    assert found == [
        ("IS", "islamic-state", "holder"),
        ("ISIS", "islamic-state", "against"),
        ("US", "united-states", "helper"),
        ("Assads", "syrian-government", ""),
    ]


def test_the_longest_name_wins() -> None:
    """A name inside a longer one is not found on its own."""
    found = actor_book().mentions("Islamic State West Africa Province and the Turkish-backed Free Syrian Army")
    assert [m.actor_ids[0] for m in found] == ["iswap", "syrian-national-army"]


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    """Whatever the text, mentions are exact slices in order without overlap, and look-up never fails."""
    found = actor_book().mentions(text)
    assert all(text[m.span.start : m.span.end] == m.span.text for m in found)
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))
    assert all(0 < match.score <= 1 for match in actor_book().find(text))


def test_enemies_hold_both_ways_and_in_their_time() -> None:
    """An enmity written once is known from both sides, within its days."""
    book = actor_book()
    assert "islamic-state" in book.enemies("iraqi-government")
    assert "iraqi-government" in book.enemies("islamic-state")
    assert "peshmerga" in book.enemies("iraqi-government", on=date(2017, 10, 20))
    assert "peshmerga" not in book.enemies("iraqi-government", on=date(2016, 10, 20))


@pytest.mark.parametrize(
    ("actors", "words"),
    [
        ([{"id": "a"}], "a"),
        ([{"id": "a", "name": "Reds"}, {"id": "a", "name": "Blues"}], "a"),
        ([{"id": "a", "name": "Reds", "enemies": ["b"]}], "'b'"),
        (
            [
                {"id": "a", "name": "Reds"},
                {"id": "b", "name": "Blues", "aliases": ["the reds"]},
                {"id": "c", "name": "x", "aliases": ["reds"]},
            ],
            "Reds",
        ),
        ([{"id": "a", "name": "Reds", "colour": "red"}], "colour"),
        ([{"id": "a", "name": "Reds", "since": "2015"}], "2015"),
        ([{"id": "a", "name": "Reds", "since": date(2016, 1, 1), "until": date(2015, 1, 1)}], "ends before"),
        ([{"id": "a", "name": "--"}], "no letters"),
    ],
)
def test_a_wrong_table_is_refused_by_name(actors: list[dict[str, object]], words: str) -> None:
    """A person who edits the file is told which entry is wrong."""
    with pytest.raises(KnowledgeError) as caught:
        ActorBook.of({"actor": actors}, words=NO_WORDS)
    assert words.lower() in str(caught.value).lower()
    assert caught.value.remedy


def test_two_classes_cannot_have_one_noun() -> None:
    """A common noun listed in two classes is refused."""
    with pytest.raises(KnowledgeError, match="two classes"):
        SideWords.of({"class": [{"id": "x", "nouns": ["army"]}, {"id": "y", "nouns": ["army"]}]})
