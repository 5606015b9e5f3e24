"""The gazetteer: names, spellings, areas, and an index that can be made again."""

from __future__ import annotations

import sqlite3
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.errors import KnowledgeError
from heldby.resolve.gazetteer import Gazetteer
from heldby.resolve.place_evidence import distance
from heldby.resolve.place_names import bare, fold, likeness, sound
from heldby.resolve.place_table import table_place

LARGE_TOWNS = 15_000


def ids(gazetteer: Gazetteer, name: str) -> list[str]:
    """The ids of the places that go by a name."""
    return [place.id for place in gazetteer.find(name)]


@given(st.text(max_size=40))
def test_folding_a_folded_name_changes_nothing(name: str) -> None:
    """A name that was folded once is compared as it is."""
    assert fold(fold(name)) == fold(name)
    assert bare(bare(name)) == bare(name) or bare(name) == fold(name)


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share(one: str, other: str) -> None:
    """Whatever two names are, their likeness lies between nothing and one, and a name is like itself."""
    assert 0.0 <= likeness(one, other) <= 1.0
    assert likeness(one, one) == 1.0
    assert sound(one) == sound(one.upper()) or not one.isascii()


@pytest.mark.parametrize(
    ("spellings", "place_id"),
    [
        (("Deir al Zor", "Deir ez-Zor", "Deir Ezzor", "Dayr az Zawr", "Deir Ezour", "deir al-zor"), "gn:170794"),
        (("Kyiv", "Kiev", "KYIV"), "gn:703448"),
        (("Raqqa", "Ar-Raqqah", "al-Raqqa", "ar-Rakka", "Raqqah"), "gn:172955"),
        (("Kobani", "Kobane", "Kobanî", "Ayn al-Arab", "Ain al-Arab"), "gn:172256"),
        (("Hasakah", "al-Hasaka", "Hassakeh"), "gn:173811"),
        (("Palmyra", "Tadmur", "Tadmor"), "gn:163808"),
        (("Eastern Ghouta", "East Ghouta"), "hb:eastern-ghouta"),
        (("T4 airbase", "Tiyas Military Airbase", "T-4 airbase"), "hb:t4"),
        (("al-Foua", "Foua", "Fuah"), "hb:fuah"),
    ],
)
def test_spellings_of_one_name_find_one_place(
    gazetteer: Gazetteer, spellings: tuple[str, ...], place_id: str
) -> None:
    """However a name is put into English, its place is among the places found."""
    for spelling in spellings:
        assert place_id in ids(gazetteer, spelling), spelling


def test_all_homonyms_are_found(gazetteer: Gazetteer) -> None:
    """Tripoli is a city in Libya and one in Lebanon, and none of them is dropped."""
    countries = {place.country for place in gazetteer.find("Tripoli")}
    assert {"LY", "LB"} <= countries


def test_a_bare_name_means_the_city_before_its_province(gazetteer: Gazetteer) -> None:
    """Aleppo is first of all the city, although more people live in the province."""
    found = gazetteer.find("Aleppo")
    assert found[0].precision == "town"
    assert "iso:SY-HL" in [place.id for place in found]


def test_towns_know_the_area_that_they_lie_in(gazetteer: Gazetteer) -> None:
    """Palmyra lies in Homs Province, Mosul in Nineveh and Bakhmut in Donetsk Oblast."""
    assert [gazetteer.find(name)[0].admin for name in ("Palmyra", "Mosul", "Bakhmut")] == [
        ("Homs Province",),
        ("Nineveh",),
        ("Donetsk Oblast",),
    ]


def test_a_side_of_a_country_is_a_place_of_its_own(gazetteer: Gazetteer) -> None:
    """Northern Syria lies in Syria, north of its middle, and is found again by its id."""
    syria, north = gazetteer.by_id("iso:SY"), gazetteer.by_id("iso:SY/north")
    assert syria is not None and north is not None
    assert north.part_of == "iso:SY" and north.precision == "region"
    assert (north.latitude or 0) > (syria.latitude or 0)
    assert gazetteer.by_id("iso:SY/upper") is None and gazetteer.by_id("nothing") is None


def test_the_capital_of_a_country(gazetteer: Gazetteer) -> None:
    """The Syrian capital is Damascus."""
    syria = gazetteer.by_id("iso:SY")
    assert syria is not None
    capital = gazetteer.capital(syria)
    assert capital is not None and capital.id == "gn:170654"


@pytest.mark.parametrize("rubbish", ["", " ", "-", "''", "\0", "العربية" * 50, "x" * 5000, "%", "' OR 1=1 --"])
def test_rubbish_finds_nothing_and_breaks_nothing(gazetteer: Gazetteer, rubbish: str) -> None:
    """What is no name has no place."""
    assert gazetteer.find(rubbish) == ()
    assert not gazetteer.is_name(rubbish)
    assert gazetteer.names_in(rubbish) == ()


def test_names_in_a_text(gazetteer: Gazetteer) -> None:
    """Names of places are found, the longest first; days, months and abbreviations of armies are none."""
    text = "On Sunday the SDF and the Homs governor said that Deir al Zor and Eastern Ghouta fell; ISIS left Mosul."
    names = [name for _, _, name in gazetteer.names_in(text, ignored=frozenset({"sunday", "isis"}))]
    assert names == ["Homs", "Deir al Zor", "Eastern Ghouta", "Mosul"]
    assert all(text[start:end] == name for start, end, name in gazetteer.names_in(text))


def test_a_damaged_index_is_made_again(
    tmp_path: Path, gazetteer_folder: Path, gazetteer: Gazetteer, supplement: dict[str, Any]
) -> None:
    """An index that was cut short is replaced by a whole one, and nothing else is left in the folder."""
    (kept,) = gazetteer_folder.glob("gazetteer-*.sqlite")
    damaged = tmp_path / kept.name
    damaged.write_bytes(kept.read_bytes()[: kept.stat().st_size // 3])
    reopened = Gazetteer.open(tmp_path, supplement=supplement, smallest_town=LARGE_TOWNS)
    assert ids(reopened, "Mosul") == ids(gazetteer, "Mosul")
    reopened.close()
    assert damaged.read_bytes() == kept.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == [kept.name]


def test_an_index_of_other_data_is_not_used(
    gazetteer_folder: Path, gazetteer: Gazetteer, supplement: dict[str, Any]
) -> None:
    """A place added to the supplement is found at once, although an index is there."""
    row = {"id": "hb:tell-new", "name": "Tell New", "country": "SY", "lat": "35", "lon": "37", "within": "iso:SY-HM"}
    (kept,) = gazetteer_folder.glob("gazetteer-*.sqlite")
    other = Gazetteer.open(gazetteer_folder, supplement={"places": [row]}, smallest_town=LARGE_TOWNS)
    assert (ids(gazetteer, "Tell New"), ids(other, "Tell New")) == ([], ["hb:tell-new"])
    other.close()
    for path in gazetteer_folder.glob("gazetteer-*.sqlite"):
        if path != kept:
            path.unlink()


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, supplement: dict[str, Any]) -> None:
    """Where no index can be kept, look-ups still work."""
    small = {"countries": supplement["countries"]}
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    opened = Gazetteer.open(blocked / "cache", supplement=small, smallest_town=LARGE_TOWNS)
    assert ids(opened, "Mosul") == ["gn:99072"]
    opened.close()


def test_a_kept_index_is_read_where_nothing_can_be_written(
    gazetteer_folder: Path, supplement: dict[str, Any]
) -> None:
    """An index that an administrator has made is used from a folder without the right to write."""
    Gazetteer.open(gazetteer_folder, supplement=supplement, smallest_town=LARGE_TOWNS).close()
    rights = stat.S_IMODE(gazetteer_folder.stat().st_mode)
    gazetteer_folder.chmod(0o555)
    try:
        opened = Gazetteer.open(gazetteer_folder, supplement=supplement, smallest_town=LARGE_TOWNS)
        assert ids(opened, "Palmyra")[0] == "gn:163808"
        opened.close()
    finally:
        gazetteer_folder.chmod(rights)


@pytest.mark.parametrize(
    "row",
    [
        {"id": "hb:too", "name": "Too Short", "country": "SY"},
        {"id": "hb:no-number", "name": "X", "country": "SY", "lat": "north", "lon": "37"},
        {"id": "hb:no-name", "name": " ", "country": "SY", "lat": "35", "lon": "37"},
        {"id": "hb:nowhere", "name": "Nowhere", "country": "SY", "lat": "", "lon": ""},
        {"id": "hb:odd", "name": "Odd", "country": "SY", "lat": "35", "lon": "37", "kind": "planet"},
    ],
)
def test_a_supplement_that_cannot_be_read_is_named(tmp_path: Path, row: dict[str, str]) -> None:
    """A mistake in the supplement is an error that names the file and the line."""
    with pytest.raises(KnowledgeError, match=r"places\.csv, line 2"):
        Gazetteer.open(tmp_path, supplement={"places": [row]}, smallest_town=LARGE_TOWNS)
    assert not list(tmp_path.iterdir())


def test_the_shipped_supplement_is_sound(gazetteer: Gazetteer, supplement: dict[str, Any]) -> None:
    """Every place of the supplement has an id of its own, says whence its coordinates are and how exact, and lies in
    an area that is there."""
    rows = supplement["places"]
    assert len({row["id"] for row in rows}) == len(rows) >= 900
    for row in rows:
        place = table_place(row)
        assert place.source and place.exact_km is not None and place.latitude is not None, place.id
        assert not place.within or place.within.startswith("gn:") or gazetteer.by_id(place.within), place.id


def test_the_shipped_supplement_lies_where_it_says(gazetteer: Gazetteer, supplement: dict[str, Any]) -> None:
    """A slip in a coordinate would put a place far outside of the town or the area that it lies in."""
    far = []
    for row in supplement["places"]:
        place, above = gazetteer.by_id(row["id"]), gazetteer.by_id(row["within"])
        assert place is not None, row["id"]
        if above is None or above.precision in {"country", "region"} or place.precision in {"region", "district"}:
            continue
        kilometres = distance(place, above)
        limit = 30.0 if above.precision == "town" else 400.0
        if kilometres is not None and kilometres > limit:
            far.append(f"{row['id']}: {kilometres:.0f} km from {above.name}")
    assert far == []


def test_equal_questions_get_equal_answers(
    gazetteer: Gazetteer, gazetteer_folder: Path, supplement: dict[str, Any]
) -> None:
    """Two gazetteers opened on one index give the same places in the same order."""
    again = Gazetteer.open(gazetteer_folder, supplement=supplement, smallest_town=LARGE_TOWNS)
    for name in ("Tripoli", "Palmyra", "Victoria", "Deir Ezour", "Santiago"):
        assert gazetteer.find(name) == again.find(name)
        assert all(gazetteer.by_id(place.id) == replace(place) for place in gazetteer.find(name))
    again.close()


def test_the_index_holds_no_more_than_it_says(gazetteer_folder: Path, gazetteer: Gazetteer) -> None:
    """Every name in the index belongs to a place in it."""
    (path,) = gazetteer_folder.glob("gazetteer-*.sqlite")
    connection = sqlite3.connect(path)
    orphans = connection.execute("SELECT count(*) FROM name WHERE id NOT IN (SELECT id FROM place)").fetchone()
    connection.close()
    assert orphans == (0,)
