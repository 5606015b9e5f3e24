"""What the claims stage reads in single sentences of our own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heldby.records import Claim, Reading

Read = Callable[..., Reading]


def only(reading: Reading, relation: str) -> Claim:
    """Return the one claim of a relation."""
    found = [claim for claim in reading.claims if claim.relation == relation]
    assert len(found) == 1, [
        (claim.relation, claim.trigger.text, claim.place.mention.text) for claim in reading.claims
    ]
    return found[0]


def words(claim: Claim) -> tuple[str, str]:
    """Return the words of actor and opponent."""
    return tuple(party.mention.text if party.mention else "" for party in (claim.actor, claim.opponent))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("sentence", "relation", "actor", "place"),
    [
        ("Government troops recaptured Mosul on Friday.", "takes", "Government troops", "Mosul"),
        ("Mosul was recaptured by government troops on Friday.", "takes", "government troops", "Mosul"),
        ("The town of Tabqa fell to the rebels in May.", "takes", "the rebels", "Tabqa"),
        ("The rebels took control of Tabqa late on Friday.", "takes", "The rebels", "Tabqa"),
        ("The army withdrew from Kherson on Thursday.", "withdraws", "The army", "Kherson"),
        ("Kherson remains under the control of Russian forces.", "holds", "Russian forces", "Kherson"),
        ("Insurgents have besieged Taiz for three months.", "besieges", "Insurgents", "Taiz"),
        ("Warplanes bombed Aleppo for a second night.", "strikes", "Warplanes", "Aleppo"),
        ("Troops repelled an attack on Bakhmut.", "repels", "Troops", "Bakhmut"),
        ("Militants advanced on Baghdad from the west.", "advances", "Militants", "Baghdad"),
    ],
)
def test_relation_actor_and_place(read: Read, sentence: str, relation: str, actor: str, place: str) -> None:
    """Active, passive and light-verb sentences give their relation, actor and place."""
    claim = only(read(sentence), relation)
    assert words(claim)[0] == actor
    assert claim.place.mention.text == place


def test_driven_out_names_both_sides(read: Read) -> None:
    """Who is driven out is the opponent, who drives out is the actor."""
    claim = only(read("The militants were driven out of Palmyra by Syrian forces in March."), "takes")
    assert words(claim) == ("Syrian forces", "The militants")


def test_held_by_suffix(read: Read) -> None:
    """A side before a hyphen holds the place after it."""
    claim = only(read("Shells landed near a school in rebel-held Idlib."), "holds")
    assert (words(claim)[0], claim.place.mention.text) == ("rebel", "Idlib")


def test_list_of_places_gives_one_claim_each(read: Read) -> None:
    """Every place of a list has its own claim."""
    claims = read("The army captured the villages of Sadad, Mahin and Huwwarin.").claims
    assert [c.place.mention.text for c in claims if c.relation == "takes"] == ["Sadad", "Mahin", "Huwwarin"]


@pytest.mark.parametrize(
    ("sentence", "extent"),
    [
        ("Rebels captured Aleppo on Monday.", "whole"),
        ("Rebels captured the city of Aleppo on Monday.", "whole"),
        ("Rebels captured three districts of Aleppo on Monday.", "part"),
        ("Rebels captured two villages near Aleppo on Monday.", "part"),
    ],
)
def test_extent(read: Read, sentence: str, extent: str) -> None:
    """A part of a place, or what lies near it, is not the place."""
    assert only(read(sentence), "takes").extent == extent


@pytest.mark.parametrize(
    ("sentence", "modality"),
    [
        ("The army captured Raqqa on Monday.", "asserted"),
        ("The army has not captured Raqqa.", "denied"),
        ("The army failed to capture Raqqa.", "denied"),
        ("The army is trying to capture Raqqa.", "attempted"),
        ("The army will capture Raqqa within days.", "planned"),
        ("The army may have captured Raqqa on Monday.", "possible"),
    ],
)
def test_modality(read: Read, sentence: str, modality: str) -> None:
    """What was tried, planned, thought possible or denied is not told as done."""
    assert only(read(sentence), "takes").modality == modality


@pytest.mark.parametrize(
    ("sentence", "chain"),
    [
        ("The army captured Raqqa on Monday.", []),
        ("The army captured Raqqa, state television reported.", ["state television"]),
        ("The governor said the army had captured Raqqa.", ["The governor"]),
        ("According to the monitor, the army captured Raqqa.", ["the monitor"]),
        ("State radio quoted the governor as saying the army had captured Raqqa.", ["State radio", "the governor"]),
    ],
)
def test_chain_runs_from_the_outermost_voice(read: Read, sentence: str, chain: list[str]) -> None:
    """Who says so is kept in the order in which one quotes another."""
    claim = only(read(sentence), "takes")
    assert [link.mention.text for link in claim.chain] == chain


def test_the_outlet_is_never_listed(read: Read) -> None:
    """An outlet that names itself is no link of its own chain."""
    claim = only(read("The army captured Raqqa, the Badia Courier reported.", outlet="the Badia Courier"), "takes")
    assert claim.chain == ()


def test_quotation_is_carried_to_its_next_sentence(read: Read) -> None:
    """A quoted sentence without a verb of saying belongs to the speaker of the one before."""
    text = "“The militants attacked Palmyra,” the ministry said. “Our troops still hold Palmyra.”"
    claim = only(read(text), "holds")
    assert [link.mention.text for link in claim.chain] == ["the ministry"]


def test_furniture_and_other_talk_make_no_claims(read: Read) -> None:
    """Meetings, votes and weather are not about who holds what."""
    text = "The minister attended a meeting in Baghdad.\n\nHeavy rain is expected in Mosul on Friday."
    assert read(text).claims == ()


@pytest.mark.parametrize(
    ("sentence", "what", "low", "high"),
    [
        ("More than 4,000 fighters attacked Palmyra.", "fighters", 4001, None),
        ("At least 12 soldiers were killed near Homs.", "killed", 12, None),
        ("Up to 60 militants died in the fighting.", "killed", None, 60),
        ("About 300 people were killed in Aleppo.", "killed", 300, 300),
        ("Dozens of rebels were wounded in Aleppo.", "wounded", 24, None),
    ],
)
def test_quantities_keep_their_bounds(
    read: Read, sentence: str, what: str, low: int | None, high: int | None
) -> None:
    """A number is kept as said, open where it was said openly."""
    quantities = read(sentence).quantities
    assert [(q.what, q.low, q.high) for q in quantities] == [(what, low, high)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Palmyra has 2,000-year-old ruins.",
        "The siege lasted 10 months.",
        "The front lies 12 kilometres from Homs.",
        "About 80 percent of the district was destroyed.",
        "The war began in 2011.",
    ],
)
def test_ages_dates_distances_shares_and_durations_are_no_quantities(read: Read, sentence: str) -> None:
    """A number that counts nothing of a conflict is left alone."""
    assert read(sentence).quantities == ()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("ab Palmyra captured.,\n“”'’-12é\t"), max_size=120))
def test_spans_lead_to_their_words(read: Read, text: str) -> None:
    """Whatever the text, every span of every claim and quantity holds the words at its offsets."""
    reading = read("The army captured Palmyra. " + text)
    spans = [span for claim in reading.claims for span in (claim.sentence, claim.trigger, claim.place.mention)]
    spans += [quantity.text for quantity in reading.quantities]
    assert spans
    assert all(reading.document.text[span.start : span.end] == span.text for span in spans)


def test_the_towns_stand_for_each_town_listed_before(read: Read) -> None:
    """A plural that takes up a list of places speaks of each of them."""
    text = "Rebels shelled the towns of Fua and Kefraya on Monday. On Tuesday they captured the two towns."
    claims = [claim for claim in read(text).claims if claim.relation == "takes"]
    assert [claim.place.mention.text for claim in claims] == ["Fua", "Kefraya"]


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("The army captured Raqqa, the Badia Monitor, a local group, said on Monday.", "the Badia Monitor"),
        ("The army captured Raqqa, the Observatory for Human Rights said.", "the Observatory for Human Rights"),
        ("An official denied that rebels had captured Homs and said the army captured Raqqa.", "An official"),
    ],
)
def test_the_speaker_is_found_around_its_verb(read: Read, sentence: str, speaker: str) -> None:
    """Appositions, long names and a second verb of saying do not hide who speaks."""
    claims = [claim for claim in read(sentence).claims if claim.place.mention.text == "Raqqa"]
    assert [(claim.modality, [link.mention.text for link in claim.chain]) for claim in claims] == [
        ("asserted", [speaker])
    ]


def test_reports_called_premature_are_denied(read: Read) -> None:
    """An outlet that calls reports premature denies what they tell."""
    assert only(read("Reports that the army has captured Raqqa are premature."), "takes").modality == "denied"


def test_who_carries_out_strikes_is_their_actor(read: Read) -> None:
    """The actor of strikes is named by the participle that hangs on them."""
    claim = only(read("Two people were wounded by airstrikes carried out by the coalition near Raqqa."), "strikes")
    assert words(claim)[0] == "the coalition"


def test_occupied_land_is_held_not_taken(read: Read) -> None:
    """A participle before the name tells a state."""
    relations = {claim.relation for claim in read("Shells landed in the occupied Golan Heights.").claims}
    assert "holds" in relations
    assert "takes" not in relations


def test_who_breaks_a_siege_does_not_besiege(read: Read) -> None:
    """ "Broke the siege" names the foe of the besieger."""
    claim = only(read("Government troops broke the siege of Taiz on Friday."), "besieges")
    assert words(claim) == ("", "Government troops")


def test_whom_a_town_is_cleared_of_does_not_take_it(read: Read) -> None:
    """ "Cleared of insurgents" has no doer."""
    claim = only(read("The town of Mosul was cleared of insurgents on Friday."), "takes")
    assert words(claim)[0] != "insurgents"


def test_each_holder_before_a_hyphen_has_its_own(read: Read) -> None:
    """Two holders side by side are not mixed up."""
    reading = read("The front runs between government-held Aleppo and rebel-held Idlib.")
    held = {claim.place.mention.text: words(claim)[0] for claim in reading.claims if claim.relation == "holds"}
    assert held == {"Aleppo": "government", "Idlib": "rebel"}


def test_a_holder_before_a_hyphen_does_not_besiege(read: Read) -> None:
    """ "Besieged rebel-held Douma" is not besieged by rebels."""
    reading = read("Shells fell on besieged rebel-held Douma on Friday.")
    assert {words(claim)[0] for claim in reading.claims if claim.relation == "besieges"} <= {""}


def test_what_a_strike_is_aimed_at_is_no_part(read: Read) -> None:
    """ "Positions in Hama" locate a strike in Hama, while "a market in Hama" is a part of it."""
    claim = only(read("Warplanes bombed rebel positions in Hama on Friday."), "strikes")
    assert claim.extent == "whole"


def test_what_a_preposition_brings_in_is_no_subject(read: Read) -> None:
    """ "Despite the regimes gains rebel groups hold the town", as stripped text has it, is told of the rebels."""
    text = "Despite the regimes recapture of Palmyra city late last year rebel groups maintain a presence in Idlib."
    assert [words(claim)[0] for claim in read(text).claims if claim.relation == "holds"] == ["rebel groups"]


def test_shelling_by_somebody_is_his(read: Read) -> None:
    """ "Shelling by insurgents" has its doer also where it is read as a verb."""
    reading = read("Five people were killed and many more injured in mortar shelling by insurgents on Taiz.")
    assert {words(claim)[0] for claim in reading.claims if claim.relation == "strikes"} == {"insurgents"}


@pytest.mark.parametrize(
    ("sentence", "places"),
    [
        (
            "The rebels captured Sadad as well as Mahin and the nearby town of Huwwarin on Friday.",
            ["Sadad", "Mahin", "Huwwarin"],
        ),
        (
            "Government troops seized the villages of Kafr Zita Jub al-Rayan and Kafr Nabudah on Friday.",
            ["Jub al-Rayan", "Kafr Nabudah", "Kafr Zita"],
        ),
        ("Kurdish fighters captured Mahin, 12 km north of Sadad, on Friday.", ["Mahin"]),
        ("The army took the town of Mahin, also in Homs province, on Friday.", ["Mahin"]),
    ],
)
def test_a_list_is_told_from_what_only_helps_to_find_a_place(read: Read, sentence: str, places: list[str]) -> None:
    """Members of a list each have their claim, their commas lost or not; landmarks and areas around have none."""
    found = [claim.place.mention.text for claim in read(sentence).claims if claim.relation == "takes"]
    assert sorted(found) == sorted(places)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Qamishli is mainly controlled by Kurdish forces.", "mainly"),
        ("Rastan is nearly entirely held by the army.", "nearly entirely"),
        ("Rebels partly control Rastan.", "partly"),
        ("Rebels fully control Rastan.", None),
    ],
)
def test_adverbs_that_leave_a_rest(read: Read, sentence: str, words: str | None) -> None:
    """What is mainly or partly held is not wholly held."""
    claim = only(read(sentence), "holds")
    assert claim.extent == ("part" if words else "whole")
    assert (claim.part.text if claim.part else None) == words


@pytest.mark.parametrize(
    "sentence",
    [
        "A car bomb tore through the market of Qamishli on Tuesday, killing 20 people.",
        "A suicide bomber blew himself up in the centre of Hasakah on Monday.",
        "Residents fled Raqqa on Monday.",
        "Clashes forced thousands of residents to flee Manbij.",
    ],
)
def test_bombs_of_nobody_and_civilians_on_the_move_tell_of_no_side(read: Read, sentence: str) -> None:
    """A bomb that no side is said to have sent strikes no place, and residents who leave withdraw from none."""
    assert [(claim.relation, claim.trigger.text) for claim in read(sentence).claims] == []


def test_where_they_went_is_not_where_they_left(read: Read) -> None:
    """Of "fled X to Y and Z" only X is withdrawn from; what is shelled from a place is another one."""
    fled = read("The rebels fled Manbij to Jarablus and Azaz on Monday.")
    assert [claim.place.mention.text for claim in fled.claims if claim.relation == "withdraws"] == ["Manbij"]
    shelled = read("Rebels shelled the town of Fuah from Binnish on Friday.")
    assert [claim.place.mention.text for claim in shelled.claims] == ["Fuah"]


def test_the_place_of_a_dateline_is_not_told_of(read: Read) -> None:
    """Where a report was sent from has no part in what it tells."""
    reading = read("BEIRUT - Government troops captured Rastan on Monday.")
    assert [claim.place.mention.text for claim in reading.claims] == ["Rastan"]


def test_air_cover_is_no_control(read: Read) -> None:
    """ "Under air cover established control" tells who took a place, not under whose control it was."""
    claim = only(read("Army units under air cover established control over Atshan on Monday."), "takes")
    assert claim.trigger.text == "established control"


@pytest.mark.parametrize("words", ["the three villages", "the abovementioned villages", "the villages"])
def test_villages_listed_before_are_all_told_of(read: Read, words: str) -> None:
    """Villages without their names are those that an earlier sentence lists, counted or not."""
    text = f"Fighting raged for the villages of Atshan, Maan and Morek on Sunday. The army seized {words} on Monday."
    taken = [claim.place.mention.text for claim in read(text).claims if claim.relation == "takes"]
    assert taken == ["Atshan", "Maan", "Morek"]


def test_names_of_one_list_are_as_likely_as_one_another(read: Read) -> None:
    """What is told of one name of a list is told of all: they share their probability."""
    reading = read("Government troops seized the villages of Atshan, Maan and Morek on Friday.")
    assert len({claim.confidence for claim in reading.claims if claim.relation == "takes"}) == 1


def test_what_a_side_does_is_no_part_of_its_name(read: Read) -> None:
    """The words for a side end before the word that tells what it does."""
    claim = only(read("Turkish jets struck militants' targets in Afrin on Saturday."), "strikes")
    assert words(claim)[0] == "Turkish jets"


def test_two_things_planned_are_both_planned(read: Read) -> None:
    """The second of two things that a plan tells is as planned as the first, though another side does it."""
    claim = only(read("Under the plan rebels would leave and the army take over Homs."), "takes")
    assert claim.modality == "planned"


def test_a_state_before_a_hyphen_is_told_of_what_follows(read: Read) -> None:
    """ "Daraa alongside the Israeli-occupied Golan Heights" leaves Daraa to whoever holds it."""
    reading = read("Fighters hold Daraa alongside the Israeli-occupied Golan Heights.")
    held = {claim.place.mention.text: words(claim)[0] for claim in reading.claims if claim.relation == "holds"}
    assert held == {"Daraa": "Fighters", "Golan Heights": "Israeli"}


def test_a_town_in_a_place_is_a_part_of_it(read: Read) -> None:
    """ "An opposition-held town in Daraa" is another place than Daraa itself."""
    claim = only(read("Barrel bombs were dropped by the army on an opposition-held town in Daraa."), "holds")
    assert (claim.place.mention.text, claim.extent) == ("Daraa", "part")


def test_what_one_verb_does_to_one_place_is_told_once(read: Read) -> None:
    """Air raids and artillery fire that one verb tells of are one claim of strikes."""
    text = (
        "The alliance is carrying out air raids sea-based and long-range artillery fire against militants in Libya."
    )
    only(read(text), "strikes")
