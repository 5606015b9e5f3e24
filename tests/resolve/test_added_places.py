"""Files of places that a person adds: what is read, what is named as bad, and that look-ups use them."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.added_places import NewPlaces, add_places, added_places, remove_places
from heldby.errors import KnowledgeError
from heldby.knowledge import read_knowledge
from heldby.records import Place
from heldby.resolve.added_files import lines_of
from heldby.resolve.gazetteer import Added, Gazetteer
from heldby.resolve.place_table import BadLine, TablePlace, read_table
from heldby.settings import Settings

LARGE_TOWNS = 15_000
NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
HEADINGS = "name,lat,lon,country,kind,within,aliases,source,id\n"


def dump_line(number: int, name: str, *, others: str = "", feature: str = "P.PPL", people: str = "0") -> str:
    """A line of a GeoNames dump of Syria, in Hama Province."""
    feature_class, code = feature.split(".")
    cells = [str(number), name, name, others, "35.2", "37.1", feature_class, code, "SY", "", "10", *[""] * 3, people]
    return "\t".join([*cells, "", "300", "Asia/Damascus", "2020-01-01"]) + "\n"


DUMP = (
    dump_line(90000001, "Tall Jadidun", others="Tell Jadidoun,تل جديدون")
    + dump_line(90000002, "Jabal Jadidun", feature="T.HLL")
    + dump_line(90000003, "Madinat Jadidun", people="60000", feature="P.PPLA3")
    + dump_line(163808, "Tadmur", others="Palmyre-la-Neuve", people="51323")
    + dump_line(90000004, "Hama Governorate", feature="A.ADM1")
)


@pytest.fixture
def own(tmp_path: Path, gazetteer_folder: Path) -> Settings:
    """Settings with an empty folder for added files."""
    return Settings(gazetteer=str(tmp_path / "added"), gazetteer_cache=str(gazetteer_folder))


@pytest.fixture
def add(own: Settings, tmp_path: Path) -> Callable[..., NewPlaces]:
    """A function that adds a file of this name with these bytes."""

    def add_file(name: str, data: str | bytes) -> NewPlaces:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return add_places(
            path, settings=own, now=NOW, progress=lambda what, done, total: None, smallest_town=LARGE_TOWNS
        )

    return add_file


def with_added(own: Settings) -> Gazetteer:
    """The gazetteer of larger towns, which is quick to make, with all that was added."""
    return Gazetteer.open(
        own.cache_folder(),
        supplement=read_knowledge("places"),
        smallest_town=LARGE_TOWNS,
        added=Added(own.gazetteer_folder(), added_places(own)),
    )


def find(own: Settings, name: str) -> list[Place]:
    """The places of a name, in a gazetteer with all that was added."""
    with closing(with_added(own)) as opened:
        return list(opened.find(name))


def zipped(**members: str) -> bytes:
    """An archive with these members (a double underscore stands for the dot)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "."), text)
    return out.getvalue()


def test_a_dump_adds_villages_and_hills(own: Settings, add: Callable[..., NewPlaces]) -> None:
    """A village of a GeoNames dump is found by each of its names, in the area that its code stands for."""
    new = add("SY.txt", DUMP)
    assert (new.file.kind, new.file.places, new.file.left_out, new.file.bad) == ("geonames", 4, 1, 0)
    (village,) = find(own, "Tell Jadidoun")
    assert (village.id, village.precision, village.country) == ("gn:90000001", "town", "SY")
    assert (village.part_of, village.population) == ("iso:SY-HM", 0)
    assert [place.precision for place in find(own, "Jabal Jadidun")] == ["site"]
    assert find(own, "Palmyre la Neuve")[0].id == "gn:163808"
    assert "gn:90000001" in [place.id for place in find(own, "Tel Jdidoon")]


def test_what_was_known_before_stays_as_it_was(own: Settings, add: Callable[..., NewPlaces]) -> None:
    """A dump that has Palmyra too changes nothing in what is known of Palmyra."""
    before = find(own, "Palmyra")
    add("SY.txt", DUMP)
    assert find(own, "Palmyra") == before


def test_alternate_names_lead_to_places(own: Settings, add: Callable[..., NewPlaces]) -> None:
    """A further name leads to its place; links, codes and names of unknown places lead nowhere."""
    rows = (
        ("1", "163808", "de", "Palmyrastadt", "1", "", "", "", "", ""),
        ("2", "163808", "link", "https://example.org/Palmyra", "", "", "", "", "", ""),
        ("3", "163808", "post", "Postleit", "", "", "", "", "", ""),
        ("4", "99999999", "", "Nirgendwohausen", "", "", "", "", "", ""),
    )
    new = add("alternateNamesV2.zip", zipped(alternateNamesV2__txt="".join("\t".join(row) + "\n" for row in rows)))
    assert (new.file.kind, new.file.places, new.file.names, new.file.left_out) == ("alternate names", 0, 2, 2)
    assert [place.id for place in find(own, "Palmyrastadt")] == ["gn:163808"]
    assert find(own, "Nirgendwohausen") == [] and find(own, "Postleit") == []


def test_a_table_of_ones_own(own: Settings, add: Callable[..., NewPlaces]) -> None:
    """A place of a person's own table has its kind, its names and the area that it lies in, by name or by code."""
    new = add(
        "own.csv",
        HEADINGS
        + "Checkpoint Nine,35.1,37.2,SY,site,Hama Province,CP 9|Hajiz Tisa,Survey 2019,\n"
        + "Upper Newtown,35.2,37.3,SY,,SY-HM,,Survey 2019,my:newtown\n"
        + "Bride of the Desert,,,SY,,,,,gn:163808\n",
    )
    assert (new.file.kind, new.file.places, new.file.names, new.file.bad) == ("table", 2, 5, 0)
    (point,) = find(own, "Hajiz Tisa")
    assert (point.name, point.precision, point.admin) == ("Checkpoint Nine", "site", ("Hama Province",))
    assert [place.id for place in find(own, "Upper Newtown")] == ["my:newtown"]
    assert [place.id for place in find(own, "Bride of the Desert")] == ["gn:163808"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Nameless,north,37,SY,,,,,", "latitude 'north' is no number"),
        ("Too Far,95,37,SY,,,,,", "latitude 95 is not between"),
        ("Odd,35,nan,SY,,,,,", "longitude nan is not between"),
        (",35,37,SY,,,,,", "no name"),
        ("Odd,35,37,SYR,,,,,", "'SYR' is no ISO 3166 code"),
        ("Odd,35,37,SY,planet,,,,", "'planet' is no kind"),
        ("Odd,35,37,SY,,Narnia,,,", "no area called 'Narnia' in SY"),
        ('"Odd,35,37,SY,,,,,', "cannot be taken apart"),
        ("Odd", "latitude '' is no number"),
        ("Odd,35,37,SY,,,,,no id", "'no id' is no id"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_kept(add: Callable[..., NewPlaces], line: str, said: str) -> None:
    """One bad line costs no more than itself."""
    new = add("own.csv", f"{HEADINGS}First,35,37,SY,,,,,\n\n{line}\nLast,35,37.5,SY,,,,,\n")
    assert (new.file.places, new.file.bad) == (2, 1)
    (bad,) = new.bad_lines
    assert bad.line == 4 and said in bad.what


def test_bad_lines_of_a_dump_are_named(add: Callable[..., NewPlaces]) -> None:
    """A dump with a line cut short and one with an impossible latitude keeps its other lines."""
    far = dump_line(90000006, "Far").replace("35.2", "135.2")
    new = add("SY.txt", DUMP + "90000005\tCut short\n" + far)
    assert [(bad.line, bad.what.split(" ")[1]) for bad in new.bad_lines] == [(6, "has"), (7, "latitude")]
    assert (new.file.places, new.file.bad) == (4, 2)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "it is empty"),
        ("prose.txt", b"Once upon a time there was a town.\n", "no file of places"),
        ("noise.csv", bytes(range(256)) * 40, "no file of places"),
        ("headless.csv", b"name,lat\nA,35\n", "does not name the columns lon, country"),
        ("all-bad.csv", b"name,lat,lon,country\nA,95,37,SY\n", "No line of the file can be used. Line 2"),
        ("cut.zip", zipped(SY__txt=DUMP * 200)[:-40], "no file of places"),
        ("other.zip", zipped(picture__png="x"), "holds no table of places"),
        ("cut.gz", gzip.compress(DUMP.encode() * 50)[:-20], "cannot be added"),
    ],
)
def test_rubbish_is_refused_and_leaves_nothing(
    own: Settings, add: Callable[..., NewPlaces], name: str, data: bytes, said: str
) -> None:
    """What is no file of places is an error that says so, and nothing of it is kept."""
    with pytest.raises(KnowledgeError) as raised:
        add(name, data)
    assert said in str(raised.value) and raised.value.remedy and raised.value.where
    assert added_places(own) == ()
    assert list(own.gazetteer_folder().iterdir()) == []


def test_the_same_table_is_one_file(own: Settings, add: Callable[..., NewPlaces]) -> None:
    """A dump counts once, whether plain, zipped with its readme, or packed; when it was first added stays."""
    first = add("SY.txt", DUMP)
    again = add("SY.zip", zipped(readme__txt="Columns: " * 400, SY__txt=DUMP))
    third = add("SY.txt.gz", gzip.compress(DUMP.encode()))
    assert (first.known, again.known, third.known) == (False, True, True)
    assert added_places(own) == (first.file,) == (again.file,)
    assert first.file.added_at == "2024-05-01T12:00:00+00:00"


def test_removed_places_are_gone(own: Settings, add: Callable[..., NewPlaces]) -> None:
    """After a file is removed its places are not found, and nothing of it is left on the disk."""
    new = add("SY.txt", DUMP)
    assert remove_places("SY.txt", settings=own).id == new.file.id
    assert find(own, "Tell Jadidoun") == [] and added_places(own) == ()
    assert list(own.gazetteer_folder().iterdir()) == []
    assert not list(own.cache_folder().glob(f"places-{new.file.id}-*"))
    with pytest.raises(KnowledgeError, match="No files of places"):
        remove_places("SY.txt", settings=own)


def test_an_index_that_is_lost_or_damaged_is_made_again(own: Settings, add: Callable[..., NewPlaces]) -> None:
    """The cache may be emptied or damaged: the kept table has all that is needed."""
    new = add("SY.txt", DUMP)
    before = find(own, "Tell Jadidoun")
    (index,) = own.cache_folder().glob(f"places-{new.file.id}-*")
    whole = index.read_bytes()
    index.write_bytes(whole[:5000])
    assert find(own, "Tell Jadidoun") == before and index.read_bytes() == whole
    index.unlink()
    assert find(own, "Tell Jadidoun") == before


def test_a_damaged_kept_file_says_what_to_do(own: Settings, add: Callable[..., NewPlaces]) -> None:
    """A kept table that was damaged on the disk is named, with the way out."""
    new = add("SY.txt", DUMP)
    kept = own.gazetteer_folder() / f"{new.file.id}.gz"
    kept.write_bytes(kept.read_bytes()[:-30])
    for index in own.cache_folder().glob(f"places-{new.file.id}-*"):
        index.unlink()
    with pytest.raises(KnowledgeError, match="heldby gazetteer remove"):
        find(own, "Tell Jadidoun")


def test_a_hill_of_a_dump_is_no_name_by_itself(own: Settings, add: Callable[..., NewPlaces]) -> None:
    """A dump has a hill or well for many an ordinary word; only its settlements are found in running text."""
    add("SY.txt", DUMP + dump_line(90000007, "Strategic", feature="T.HLL"))
    with closing(with_added(own)) as opened:
        found = [name for _, _, name in opened.names_in("Strategic gains near Madinat Jadidun and Tall Jadidun.")]
    assert found == ["Madinat Jadidun", "Tall Jadidun"]


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_lines_are_read_or_named(lines: list[str]) -> None:
    """Whatever stands in a table, each line becomes a place or is named with a reason, and no line is lost."""
    flat = [" ".join(line.split()).replace("\x1c", "") for line in lines]
    read = list(read_table(["name,lat,lon,country\n", *(f"{line}\n" for line in flat)]))
    assert all(isinstance(entry, TablePlace) or (isinstance(entry, BadLine) and entry.what) for _, entry in read)
    assert {number for number, _ in read} <= set(range(2, len(flat) + 2))


def test_a_line_without_end_is_cut() -> None:
    """A line of many megabytes is read in part, and the next line is whole."""
    stream = io.BytesIO(b"x" * 3_500_000 + b"\nnext\n")
    first, following = lines_of(stream)
    assert len(first) <= 1 << 20 and following == "next\n"
