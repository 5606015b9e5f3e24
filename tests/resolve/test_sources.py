"""Who is speaking, of which kind, on whose side."""

from __future__ import annotations

from datetime import date

import pytest
from resolve_sides import actor_book, claim, reading, source_book, source_words

from heldby.errors import KnowledgeError
from heldby.records import SourceLink
from heldby.resolve.source_book import SourceBook, SourceWords
from heldby.resolve.sources import resolve_chain, resolve_sources


def link(words: str, *, country: str = "Syria") -> SourceLink:
    """One voice, resolved in a short report on a country."""
    text = f"Troops took Halawa in {country}, {words} said."
    one = claim(text, trigger="took", place="Halawa", actor="Troops", chain=(words,))
    return resolve_chain(one, reading(text, one), book=source_book(), actors=actor_book(), words=source_words())[0]


@pytest.mark.parametrize(
    ("words", "source_id", "kind", "side"),
    [
        ("the Britain-based Syrian Observatory for Human Rights", "sohr", "rights_monitor", ""),
        ("SOHR", "sohr", "rights_monitor", ""),
        ("Interfax", "interfax", "news_agency", ""),
        ("Ikhbariyah TV", "ikhbariyah", "state_media", "syrian-government"),
        ("state TV", "syrian-state-tv", "state_media", "syrian-government"),
        ("Syrian state television", "syrian-state-tv", "state_media", "syrian-government"),
        ("the Russian reconciliation centre", "russian-reconciliation-centre", "military", "russia"),
        ("the ISIS-linked Aamaq news agency", "amaq", "armed_group_outlet", "islamic-state"),
        ("Kremlin spokesman Dmitry Peskov", "kremlin", "government", "russia"),
        ("an IS group propaganda agency", "", "armed_group_outlet", "islamic-state"),
        ("the Homs governor", "", "government", "syrian-government"),
        ("the Russian authorities", "", "government", "russia"),
        ("a military source", "", "military", "syrian-government"),
        ("an SDF commander", "", "armed_group", "syrian-democratic-forces"),
        ("pro-opposition activists", "", "activist_group", "syrian-rebels"),
        ("rights monitors", "", "rights_monitor", ""),
        ("a Reuters witness", "", "witness", ""),
        ("residents", "", "witness", ""),
        ("a Polish minister", "", "government", ""),
        ("sources", "", "unnamed", ""),
        ("the militant group's media arm", "", "armed_group_outlet", ""),
        ("Hezbollah's television", "", "armed_group_outlet", "hezbollah"),
        ("Georgia's interior ministry", "", "government", "georgia"),
        ("the defence ministry in Moscow", "", "military", "russia"),
        ("the UN-backed council", "", "unnamed", ""),
        ("rebels supported by the Turkish army", "", "armed_group", "syrian-rebels"),
        ("a correspondent who met their commander", "", "outlet", ""),
        ("Col. Samir Haddad", "", "military", "syrian-government"),
        ("a teacher reached by phone", "", "witness", ""),
        ("photographs sent by a monk", "", "other", ""),
        ("a presidential adviser", "", "government", "syrian-government"),
        ("a rights worker", "", "rights_monitor", ""),
    ],
)
def test_a_voice_has_kind_and_side(words: str, source_id: str, kind: str, side: str) -> None:
    """Voices of the book keep its kind and side; others get them from the words that describe them."""
    found = link(words)
    assert (found.source_id, found.kind, found.side) == (source_id, kind, side)
    assert found.name
    assert found.reason


def test_the_side_of_a_bare_official_follows_the_country() -> None:
    """The governor of a report on Ukraine speaks for Ukraine."""
    assert link("the governor", country="Ukraine").side == "ukraine"


@pytest.mark.parametrize(
    ("words", "country", "side"),
    [("a separatist official", "Ukraine", "donbas-separatists"), ("officials in Kyiv", "Georgia", "ukraine")],
)
def test_a_side_is_that_of_the_war_or_of_the_state_named(words: str, country: str, side: str) -> None:
    """Separatists are those of the country told of; officials belong to the state in whose capital they sit."""
    assert link(words, country=country).side == side


def test_a_name_of_common_words_is_no_part_of_a_longer_one() -> None:
    """The newspaper "The National" does not speak in "the National Resistance Front"."""
    found = link("the head of the National Resistance Front", country="Afghanistan")
    assert (found.source_id, found.kind) == ("", "armed_group")


def chain_of(text: str, *voices: tuple[str, str], people: tuple[str, ...] = ()) -> list[SourceLink]:
    """The voices of a report, one claim each (the start of its sentence, and the voice), resolved in order."""
    claims = [claim(text, trigger="took", place="Halawa", chain=(voice,), within=start) for start, voice in voices]
    done = resolve_sources(
        reading(text, *claims, people=people), book=source_book(), actors=actor_book(), words=source_words()
    )
    return [one.chain[0] for one in done.claims]


def test_the_group_takes_up_the_organisation_before() -> None:
    """Bare nouns take up the last voice of their kind, so that one voice stays one voice."""
    text = (
        "They took Halawa in Syria, the Syrian Observatory for Human Rights said. Reuters heard they took Sarin. "
        "The rebels took Qaa, the group said. Then they took Tel, the UK-based monitor added."
    )
    found = chain_of(
        text,
        ("They took", "the Syrian Observatory for Human Rights"),
        ("Reuters heard", "Reuters"),
        ("The rebels", "the group"),
        ("Then they", "the UK-based monitor"),
    )
    assert [one.source_id for one in found] == ["sohr", "reuters", "sohr", "sohr"]


def test_he_takes_up_the_last_person() -> None:
    """A pronoun gets the name, kind and side of the person who spoke, not of the channel that carried him."""
    text = (
        "Troops took Halawa in Syria, Governor Samir Haddad said. Syrian state radio said they took Sarin. "
        "Later he said that they took Qaa."
    )
    found = chain_of(
        text, ("Troops", "Governor Samir Haddad"), ("Syrian state", "Syrian state radio"), ("Later he", "he")
    )
    assert found[2].name_text == "Governor Samir Haddad"
    assert (found[2].kind, found[2].side) == ("government", "syrian-government")


def test_he_may_be_a_person_who_has_not_spoken_yet() -> None:
    """Where nobody has spoken, the last person named, with the title, is meant."""
    text = "Reporters met SDF commander Azad Rojda in Syria. He said that they took Halawa."
    found = chain_of(text, ("He said", "He"), people=("Azad Rojda",))
    assert found[0].name_text == "SDF commander Azad Rojda"
    assert (found[0].kind, found[0].side) == ("armed_group", "syrian-democratic-forces")


def test_he_is_the_titled_person_named_last() -> None:
    """Whoever is introduced with a title after the last speaker is meant by "he"."""
    text = (
        "Troops took Halawa in Syria, Governor Samir Haddad said. Colonel Nabil Aziz led them. "
        "Later he said that they took Qaa."
    )
    found = chain_of(
        text, ("Troops", "Governor Samir Haddad"), ("Later he", "he"), people=("Samir Haddad", "Nabil Aziz")
    )
    assert found[1].name_text == "Colonel Nabil Aziz"
    assert found[1].kind == "military"


def test_a_surname_takes_up_the_full_name() -> None:
    """A surname is the voice that was introduced with title and first name."""
    text = "They took Halawa in Syria, said General Samir Haddad. They then took Sarin, Haddad said."
    found = chain_of(text, ("They took", "General Samir Haddad"), ("They then", "Haddad"))
    assert found[1].kind == "military"
    assert found[1].side == "syrian-government"


def test_a_pronoun_without_anyone_stays_unnamed() -> None:
    """Nobody is invented for a pronoun that has nothing before it."""
    found = chain_of("He said that they took Halawa.", ("He said", "He"))
    assert (found[0].kind, found[0].side, found[0].source_id) == ("unnamed", "", "")


def test_a_side_ends_with_the_source() -> None:
    """State media of a fallen government lose its side afterwards."""
    text = "They took Halawa, SANA said."
    one = claim(text, trigger="took", place="Halawa", chain=("SANA",))
    sides = [
        resolve_chain(
            one, reading(text, one, day=day), book=source_book(), actors=actor_book(), words=source_words()
        )[0].side
        for day in (date(2016, 1, 1), date(2025, 3, 1), None)
    ]
    assert sides == ["syrian-government", "", "syrian-government"]


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ([{"id": "x", "kind": "outlet"}], "name"),
        ([{"id": "x", "name": "X", "kind": "gossip"}], "gossip"),
        ([{"id": "x", "name": "X", "kind": "outlet", "side": "nobody"}], "nobody"),
        ([{"id": "x", "name": "X", "kind": "outlet"}, {"id": "x", "name": "Y", "kind": "outlet"}], "two sources"),
        ([{"id": "x", "name": "X", "kind": "outlet"}, {"id": "y", "name": "x", "kind": "outlet"}], "belongs to"),
        ([{"id": "x", "name": "X", "kind": "outlet", "colour": "red"}], "colour"),
        ([{"id": "x", "name": "X", "kind": "outlet", "since": "2011"}], "2011"),
    ],
)
def test_a_wrong_table_is_refused_by_name(sources: list[dict[str, object]], words: str) -> None:
    """A person who edits the file is told which entry is wrong."""
    with pytest.raises(KnowledgeError) as caught:
        SourceBook.of({"source": sources}, actor_ids=actor_book().actors)
    assert words in str(caught.value).lower()


def test_a_wrong_kind_of_words_is_refused() -> None:
    """A heading of source_words.toml that is no kind of source is refused."""
    with pytest.raises(KnowledgeError, match="gossip"):
        SourceWords.of({"kind": [{"id": "gossip", "nouns": ["neighbour"]}]})
