"""Names that safely mean one speaker are one voice; others are not."""

from __future__ import annotations

from typing import Any

import pytest

from heldby.knowledge import read_knowledge
from heldby.records import Ties
from heldby.relate import LineageRules, relate

RULES = LineageRules.from_tables(read_knowledge("lineage"), sources=read_knowledge("sources"))


def voices_of(make: Any, *links: Any, ties: Ties | None = None) -> list[str]:
    """The voices of claims by these speakers in reports of their own, one a day."""
    claims = [
        make.claim("takes", "A", chain=[link], document=f"d{n}", known=f"2016-12-{n + 1:02}", sentence=f"s{n}")
        for n, link in enumerate(links)
    ]
    heard = relate(claims, rules=RULES, ties=ties)
    return [heard.voices[claim.id] for claim in claims]


@pytest.mark.parametrize(
    "names",
    [
        ("Homs governor", "Governor of Homs", "the governor of Homs province"),
        ("Homs Governor Talal Barazi", "Talal al-Barazi, the governor of Homs", "Homs governor"),
        ("Governor Talal Barazi", "Governor Barazi", "Gov. Talal al-Barazi, the governor"),
        ("Talal Barazi", "Talal al-Barrazi"),
        ("the Defence Ministry", "the Defense Ministry", "a spokesman for the Defence Ministry"),
    ],
)
def test_names_of_one_speaker_are_one_voice(make: Any, names: tuple[str, ...]) -> None:
    """Office and place, a whole name, an office with a last name, or an institution and its spokesman agree."""
    found = voices_of(make, *(make.link(name, kind="government", side="syrian-government") for name in names))
    assert len(set(found)) == 1, found


@pytest.mark.parametrize(
    "names",
    [
        ("Homs governor", "Aleppo governor"),
        ("Governor Talal Barazi", "Governor Ahmed Ibrahim"),
        ("Homs Governor Talal Barazi", "Homs Governor Ahmed Munir Mohammed"),
        ("the foreign minister", "the defence minister"),
        ("a spokesman", "a spokesman"),
        ("an official", "the official"),
        ("a military source", "military sources"),
        ("an officer", "an army officer"),
        ("Ahmed al-Mismari", "Mahmoud al-Mismari"),
    ],
)
def test_other_names_are_other_voices(make: Any, names: tuple[str, ...]) -> None:
    """Another place, person or office is another speaker, and who is not named at all is nobody."""
    found = voices_of(make, *(make.link(name, kind="government", side="syrian-government") for name in names))
    assert len(set(found)) == len(names), found


def test_one_name_on_two_sides_is_two_voices(make: Any) -> None:
    """ "The defence ministry" of one state is not that of another."""
    links = [make.link("the defence ministry", kind="government", side=side) for side in ("syria", "russia")]
    assert len(set(voices_of(make, *links))) == 2


def test_a_new_governor_is_a_new_voice_and_the_office_alone_means_the_last_one(make: Any) -> None:
    """After a change in office "the Homs governor" is the one heard last."""
    names = ("Homs Governor Talal Barazi", "Homs Governor Ahmed Munir", "the Homs governor")
    first, second, third = voices_of(make, *(make.link(name, kind="government") for name in names))
    assert first != second == third


def test_persons_can_say_otherwise(make: Any) -> None:
    """A merge puts two names together, a split takes them apart."""
    links = [make.link(name, kind="government") for name in ("Homs governor", "Talal Barazi")]
    one, other = voices_of(make, *links)
    assert one != other
    merged = voices_of(make, *links, ties=Ties(merged=frozenset({(one, other)})))
    assert len(set(merged)) == 1
    links = [make.link(name, kind="government") for name in ("Homs governor", "the governor of Homs")]
    pair = ("name:homs governor", "name:the governor of homs")
    assert len(set(voices_of(make, *links))) == 1
    assert len(set(voices_of(make, *links, ties=Ties(split=frozenset({pair}))))) == 2


def test_a_nobody_that_a_medium_quotes_is_that_mediums(make: Any) -> None:
    """ "A military source told SANA" in ten papers is one voice."""
    sana, source = (
        make.link("SANA", kind="state_media", source_id="sana"),
        make.link("a military source", kind="unnamed"),
    )
    claims = [make.claim("takes", "A", chain=[sana, source], document=id_, sentence=id_) for id_ in "ab"]
    assert len(set(relate(claims, rules=RULES).voices.values())) == 1
