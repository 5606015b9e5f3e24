"""Whom the words for the two sides of a claim mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from resolve_sides import actor_book, claim, reading

from heldby.records import Claim
from heldby.records.claim import Relation
from heldby.resolve.apart import tell_apart
from heldby.resolve.parties import resolve_parties
from heldby.resolve.side_phrases import split_joint

SYRIA = "Islamic State seized the old fort of Sarin from Syrian troops. "


def resolved(text: str, *claims: Claim, countries: tuple[str, ...] = ()) -> tuple[Claim, ...]:
    """The claims of a text after resolution."""
    return resolve_parties(reading(text, *claims), book=actor_book(), countries=countries).claims


def test_the_militants_are_the_side_named_before() -> None:
    """A common noun takes up the armed group that the document has named."""
    text = SYRIA + "The militants also entered Halawa."
    found = resolved(
        text,
        claim(
            text, trigger="entered", place="Halawa", relation="enters", actor="The militants", within="The militants"
        ),
    )
    assert found[0].actor.actor_ids == ("islamic-state",)
    assert found[0].actor.name == "Islamic State"
    assert "named nearest" in found[0].actor.reason


@pytest.mark.parametrize(
    ("text", "actor_id"),
    [
        ("Fighting went on across Syria. The army took Halawa from rebels.", "syrian-government"),
        ("Shells fell across eastern Ukraine. The army took Halawa from separatists.", "ukraine"),
        ("Clashes shook northern Iraq. The army took Halawa from Islamic State.", "iraqi-government"),
    ],
)
def test_the_army_is_that_of_the_country_spoken_of(text: str, actor_id: str) -> None:
    """The same bare noun means another state's forces in a report on another country."""
    found = resolved(text, claim(text, trigger="took", place="Halawa", actor="The army", within="The army"))
    assert found[0].actor.actor_ids == (actor_id,)


def test_the_places_of_a_document_tell_its_country() -> None:
    """Where no side is named, the countries of the places decide whose army it is."""
    text = "The army took Halawa from the rebels."
    one = claim(text, trigger="took", place="Halawa", actor="The army", opponent="the rebels")
    assert resolved(text, one)[0].actor.actor_ids == ()
    found = resolved(text, one, countries=("SY",))[0]
    assert (found.actor.actor_ids, found.opponent.actor_ids) == (("syrian-government",), ("syrian-rebels",))


def test_the_two_parties_are_never_one_side() -> None:
    """A noun is not resolved to the other party of its claim."""
    text = "Hezbollah fought Islamic State near Qaa. Islamic State drove the fighters out of Halawa."
    one = claim(
        text,
        trigger="drove",
        place="Halawa",
        actor="Islamic State",
        opponent="the fighters",
        within="Islamic State drove",
    )
    assert resolved(text, one)[0].opponent.actor_ids == ("hezbollah",)


def test_terrorists_are_the_enemy_of_who_speaks_or_fights() -> None:
    """ "The terrorists" in a report on a state's forces are not that state's allies."""
    text = "Hezbollah and Islamic State clashed in Syria. The army drove the terrorists out of Halawa."
    one = claim(text, trigger="drove", place="Halawa", actor="The army", opponent="the terrorists", within="The army")
    assert resolved(text, one)[0].opponent.actor_ids == ("islamic-state",)


def test_a_pronoun_takes_up_the_actor_before_it() -> None:
    """ "It" and "they" stand for the side that acted before."""
    text = "Russia said that it struck Halawa in Syria. Syrian troops left Sarin. They then entered Qaa."
    found = resolved(
        text,
        claim(text, trigger="struck", place="Halawa", relation="strikes", actor="it"),
        claim(
            text, trigger="left", place="Sarin", relation="withdraws", actor="Syrian troops", within="Syrian troops"
        ),
        claim(text, trigger="entered", place="Qaa", relation="enters", actor="They", within="They then"),
    )
    assert [one.actor.name for one in found] == ["Russia", "Syrian government", "Syrian government"]


def test_joint_actors_are_joined_by_name() -> None:
    """Two sides in one phrase become two ids and one joined name; allies without a name add nothing."""
    text = "Rebels and Hayat Tahrir al-Sham took Halawa in Syria. The army and its allies took Sarin."
    found = resolved(
        text,
        claim(text, trigger="took", place="Halawa", actor="Rebels and Hayat Tahrir al-Sham"),
        claim(text, trigger="took", place="Sarin", actor="The army and its allies", within="The army"),
    )
    assert found[0].actor.name == "rebels and Hayat Tahrir al-Sham"
    assert "syrian-government" in found[1].actor.actor_ids


def test_names_with_and_in_them_stay_whole() -> None:
    """Only joints between sides split a phrase."""
    phrase = "the Islamic State of Iraq and the Levant and the army"
    assert split_joint(phrase, book=actor_book()) == ("the Islamic State of Iraq and the Levant", "the army")


def test_a_clear_opponent_is_implied_without_words() -> None:
    """The one enemy of the actor that the document names is the opponent, without a mention and with a reason."""
    text = "Islamic State recaptured Halawa. The Syrian army was fighting to win it back."
    one = claim(text, trigger="recaptured", place="Halawa", actor="Islamic State")
    found = resolved(text, one)[0].opponent
    assert found.mention is None
    assert found.actor_ids == ("syrian-government",)
    assert found.reason.startswith("Implied")


def test_holding_a_place_implies_no_opponent() -> None:
    """A state of affairs is not done to anybody."""
    text = "Islamic State controls Halawa. The Syrian army stands outside."
    one = claim(text, trigger="controls", place="Halawa", relation="holds", actor="Islamic State")
    assert resolved(text, one)[0].opponent.actor_ids == ()


def test_an_opponent_is_not_invented() -> None:
    """Where the document names no other side, the opponent stays open."""
    text = "Islamic State took Halawa last year."
    assert resolved(text, claim(text, trigger="took", place="Halawa", actor="Islamic State"))[0].opponent.name == ""


def test_an_unresolved_party_keeps_its_words() -> None:
    """Words that cannot be resolved are kept, with a reason."""
    text = "Strangers took Halawa."
    found = resolved(text, claim(text, trigger="took", place="Halawa", actor="Strangers"))[0].actor
    assert (found.actor_ids, found.name) == ((), "")
    assert found.mention is not None
    assert "Strangers" in found.reason


def test_air_strikes_without_words_are_not_those_of_the_besieged() -> None:
    """Who holds a place, and who has no aircraft, is not taken for the doer of air strikes on it."""
    text = "The Syrian army struck rebel-held Halawa. Rebels struck Sarin. Air strikes hit rebel-held Halawa again."
    found = resolved(
        text,
        claim(text, trigger="struck", place="Halawa", relation="strikes", actor="The Syrian army"),
        claim(text, trigger="struck", place="Sarin", relation="strikes", actor="Rebels", within="Rebels struck"),
        claim(text, trigger="Air strikes", place="Halawa", relation="strikes", within="Air strikes"),
    )
    assert found[2].actor.actor_ids == ("syrian-government",)
    assert found[2].actor.mention is None
    assert found[2].opponent.actor_ids == ("syrian-rebels",)


def test_a_nameless_foe_is_not_given_a_name() -> None:
    """ "Terrorist groups" without any side named in the sentence leave the opponent open."""
    text = (
        "Islamic State was seen near Qaa in Syria. Snow fell. Wind rose. The army took Halawa from terrorist groups."
    )
    one = claim(text, trigger="took", place="Halawa", actor="The army", within="The army")
    assert resolved(text, one)[0].opponent.actor_ids == ()


@given(
    st.text(max_size=80), st.text(min_size=1, max_size=30), st.sampled_from(["the militants", "it", "We", "and", "-"])
)
def test_any_words_can_stand_for_a_party(lead: str, actor: str, opponent: str) -> None:
    """Whatever the words, resolution ends, keeps the mentions, and names every side that it finds."""
    text = f"{lead} {actor} took Halawa from {opponent} in Syria"
    assume(". " not in text)
    one = claim(text, trigger="took", place="Halawa", actor=actor, opponent=opponent)
    found = resolved(text, one)[0]
    assert (found.actor.mention, found.opponent.mention) == (one.actor.mention, one.opponent.mention)
    assert bool(found.actor.actor_ids) <= bool(found.actor.name)


@pytest.mark.parametrize(
    ("text", "words", "actor_id"),
    [
        ("Convoys of the Islamic State reached Halawa and took Halawa.", "Islamic", "islamic-state"),
        ("At dawn the Turkish ground forces took Halawa.", "forces", "turkey"),
    ],
)
def test_words_cut_from_a_name_still_mean_its_bearer(text: str, words: str, actor_id: str) -> None:
    """A mention that is only a piece of a side's name, or the noun right after it, means that side."""
    found = resolved(text, claim(text, trigger="took", place="Halawa", actor=words), countries=("SY",))
    assert found[0].actor.actor_ids == (actor_id,)


def test_a_possessive_takes_up_the_side_right_before_it() -> None:
    """In "struck ISIL in their bastion" the bastion is not that of the one who struck."""
    text = "The Syrian army struck Islamic State in their bastion Halawa."
    found = resolved(text, claim(text, trigger="bastion", place="Halawa", relation="holds", actor="their"))
    assert found[0].actor.actor_ids == ("islamic-state",)


def test_a_garrison_is_the_foe_of_who_attacks_it() -> None:
    """The garrison is not by itself the state's: here it is the side that the state's army fights."""
    text = "Islamic State kept Halawa. The Syrian army drove the garrison out of Halawa."
    one = claim(
        text, trigger="drove", place="Halawa", actor="The Syrian army", opponent="the garrison", within="The Syrian"
    )
    assert resolved(text, one, countries=("SY",))[0].opponent.actor_ids == ("islamic-state",)


def test_the_enemy_is_a_foe_of_the_speaker_also_where_it_is_a_state() -> None:
    """A state's army can be "the enemy" as well as an armed group."""
    text = "Russian columns stood at Halawa. Ukraine repelled the enemy at Halawa."
    one = claim(
        text,
        trigger="repelled",
        place="Halawa",
        relation="repels",
        actor="Ukraine",
        opponent="the enemy",
        within="Ukraine",
    )
    assert resolved(text, one, countries=("UA",))[0].opponent.actor_ids == ("russia",)


def test_a_strike_read_as_without_a_doer_stays_open() -> None:
    """The same strike gets a doer or none by whether the reading model found the role unsaid."""
    text = "The Syrian army shelled Halawa. Snow fell. Air strikes hit Sarin."
    fought = claim(text, trigger="shelled", place="Halawa", relation="strikes", actor="The Syrian army")
    strike = claim(text, trigger="Air strikes", place="Sarin", relation="strikes", within="Air")
    open_one = resolved(text, fought, replace(strike, unsaid=("actor",)), countries=("SY",))[1]
    assert open_one.actor.actor_ids == ()
    told = resolved(text, fought, strike, countries=("SY",))[1]
    assert told.actor.actor_ids == ("syrian-government",)


def test_a_weapon_without_an_owner_is_no_side_of_its_own() -> None:
    """ "Drones hit the town" does not take up the side named nearest, but keeps its words for a doer left open."""
    text = "Islamic State held Halawa. Drones hit Halawa."
    one = claim(text, trigger="hit", place="Halawa", relation="strikes", actor="Drones", within="Drones")
    found = resolved(text, replace(one, unsaid=("actor",)))
    assert found[0].actor.actor_ids == ()
    assert found[0].actor.mention is not None


@pytest.mark.parametrize(
    ("text", "words", "actor_id"),
    [
        ("KYIV (Wire) - Russian troops took Halawa.", "KYIV (Wire) - Russian troops", "russia"),
        ("Militants from Syria took Halawa from Islamic State.", "Militants from Syria", ""),
        ("Fighters in western Syria took Halawa.", "Fighters in western Syria", ""),
        ("Warplanes of the coalition took Halawa.", "Warplanes of the coalition", "us-led-coalition"),
        ("Army defectors took Halawa.", "Army defectors", "syrian-rebels"),
    ],
)
def test_what_stands_beside_a_side_is_not_it(text: str, words: str, actor_id: str) -> None:
    """A dateline, the land that fighters are in, and what a side owns or has left name nobody."""
    found = resolved(text, claim(text, trigger="took", place="Halawa", actor=words), countries=("SY",))
    assert "syrian-government" not in found[0].actor.actor_ids
    assert not actor_id or found[0].actor.actor_ids == (actor_id,)


def test_a_possessive_takes_up_the_common_noun_before_it() -> None:
    """ "Their" in a sentence on militants is the militants', not that of the people they hold."""
    text = "Islamic State held Halawa. The militants took Kurdish civilians to areas under their control in Sarin."
    one = claim(
        text, trigger="under their control", place="Sarin", relation="holds", actor="their", within="The militants"
    )
    assert resolved(text, one, countries=("SY",))[0].actor.actor_ids == ("islamic-state",)


def test_a_sides_own_aircraft_are_the_sides() -> None:
    """ "Its planes" are those of the one whose planes they are, not of the one who flies most in the report."""
    text = "The Syrian army bombed Halawa. Russia said its planes hit Sarin. Russian troops left."
    one = claim(text, trigger="hit", place="Sarin", relation="strikes", actor="its planes", within="Russia")
    other = claim(text, trigger="bombed", place="Halawa", relation="strikes", actor="The Syrian army")
    assert resolved(text, other, one, countries=("SY",))[1].actor.actor_ids == ("russia",)


def test_they_are_those_who_act_in_the_sentence_before() -> None:
    """A pronoun that opens a sentence takes up the actor told of before it, not the side named by the way."""
    text = "South of the Syrian army's lines Islamic State entered Halawa. They took Sarin."
    entered = claim(text, trigger="entered", place="Halawa", relation="enters", actor="Islamic State")
    took = claim(text, trigger="took", place="Sarin", actor="They", within="They")
    assert resolved(text, entered, took, countries=("SY",))[1].actor.actor_ids == ("islamic-state",)


@pytest.mark.parametrize(("year", "actor_id"), [(2006, "iraqi-insurgents"), (2015, "islamic-state")])
def test_sunni_militants_are_others_in_other_years(year: int, actor_id: str) -> None:
    """The insurgents of Iraq's earlier years, Islamic State from 2014 on."""
    found = actor_book().find("Sunni militants", on=date(year, 6, 1), countries=frozenset({"IQ"}))
    assert found[0].actor_id == actor_id


def test_allies_are_no_enemies() -> None:
    """The allies of a side are none of its enemies, however near those are named."""
    text = "Islamic State holds Sarin. The Syrian army and its allies took Halawa."
    found = resolved(
        text,
        claim(text, trigger="took", place="Halawa", actor="The Syrian army and its allies", within="The Syrian army"),
    )
    assert found[0].actor.actor_ids == ("syrian-government",)


@pytest.mark.parametrize(
    ("sentence", "trigger", "relation", "actor", "sides"),
    [
        ("Russian and Syrian warplanes bombed Halawa.", "bombed", "strikes", "Russian and Syrian warplanes", 2),
        (
            "Syrian troops and Islamic State besiege Halawa.",
            "besiege",
            "besieges",
            "Syrian troops and Islamic State",
            2,
        ),
        ("Syrian troops and Hezbollah besiege Halawa.", "besiege", "besieges", "Syrian troops and Hezbollah", 1),
        ("Syrian troops and Hezbollah took Halawa.", "took", "takes", "Syrian troops and Hezbollah", 1),
    ],
)
def test_sides_that_act_each_on_its_own(
    sentence: str, trigger: str, relation: Relation, actor: str, sides: int
) -> None:
    """Air forces of two states each strike, enemies each besiege; allies take and besiege a place together."""
    one = claim(sentence, trigger=trigger, place="Halawa", relation=relation, actor=actor)
    told = tell_apart(resolve_parties(reading(sentence, one), book=actor_book()), book=actor_book()).claims
    assert len(told) == sides and len({found.id for found in told}) == sides
    assert sum(len(found.actor.actor_ids) for found in told) == 2
    assert tell_apart(reading(sentence, *told), book=actor_book()).claims == told
