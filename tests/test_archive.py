"""The archive answers who held what, when, as knowable when, and leads back to the words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heldby
from heldby.archive import Archive
from heldby.errors import ResolveError, StoreError
from heldby.records.ids import content_hash
from small_stages import small_stages

FIRST = "Observatory: Government holds Palmyra 2016-11-01"
SECOND = "Observatory: Islamic State takes Palmyra 2016-12-11"
OTHER = "Observatory: Army holds Atlantis 2016-11-20"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive of three reports."""
    with Archive(str(tmp_path / "archive.heldby")) as opened:
        for day, text in (("2016-11-02", FIRST), ("2016-12-12", SECOND), ("2016-11-21", OTHER)):
            read_text(opened, tmp_path, text, day)
        yield opened


def read_text(archive: Archive, folder: Path, text: str, day: str) -> heldby.RunReport:
    """Read one text as a report of a day."""
    path = folder / f"{content_hash(text.encode())}.txt"
    path.write_text(text)
    return archive.read([str(path)], published=day, outlet="The Paper", stages=small_stages())


def test_a_place_is_answered_with_its_spells_and_a_day(archive: Archive) -> None:
    """The answer holds the spells in order and who held the place on the day asked for."""
    answer = archive.place("palmyra", on=date(2016, 11, 15))
    assert [spell.holder_name for spell in answer.spells] == ["Government", "Islamic State"]
    assert answer.day is not None and answer.day.holder_name == "Government"
    assert answer.place.name == "Palmyra" and answer.claims == 2


def test_what_was_knowable_does_not_change_with_later_reports(archive: Archive, tmp_path: Path) -> None:
    """The answer as knowable on a day is the same before and after a later report is read."""
    cut = date(2016, 12, 1)
    before = archive.place("Palmyra", on=date(2016, 12, 11), known_by=cut)
    read_text(archive, tmp_path, SECOND.replace("11", "10"), "2016-12-13")
    assert archive.place("Palmyra", on=date(2016, 12, 11), known_by=cut) == before
    assert before.day is not None and before.day.holder_name == "Government"


def test_a_day_as_cut_means_its_end_and_a_time_itself(archive: Archive) -> None:
    """A report of noon is known on its day, but not in the morning of it."""
    morning = datetime(2016, 12, 12, 8, tzinfo=UTC)
    assert archive.place("Palmyra", known_by=date(2016, 12, 12)).claims == 2
    assert archive.place("Palmyra", known_by=morning).claims == 1
    with pytest.raises(ResolveError, match="time zone"):
        archive.place("Palmyra", known_by=datetime(2016, 12, 12, 8))  # noqa: DTZ001


def test_an_unknown_place_is_answered_with_near_names(archive: Archive) -> None:
    """A name that no claim tells of is refused with the names that are like it."""
    with pytest.raises(ResolveError) as caught:
        archive.place("Palmira")
    assert "Palmyra" in caught.value.remedy
    with pytest.raises(ResolveError):
        archive.claims(place="Nowhere")


def test_control_gives_each_place_and_day(archive: Archive) -> None:
    """Every place with claims has a row for each day, and a country or a place narrows it."""
    rows = list(archive.control(start=date(2016, 12, 10), end=date(2016, 12, 12)))
    assert [(row.place.name, str(row.control.day)) for row in rows[::3]] == [
        ("Atlantis", "2016-12-10"),
        ("Palmyra", "2016-12-10"),
    ]
    holders = [
        row.control.holder_name
        for row in archive.control(start=date(2016, 12, 10), end=date(2016, 12, 11), country="sy")
    ]
    assert holders == ["Government", "Islamic State"]
    assert len(list(archive.control(start=date(2016, 1, 1), end=date(2016, 1, 1), place="Atlantis"))) == 1
    with pytest.raises(ResolveError, match="before the first"):
        archive.control(start=date(2016, 12, 12), end=date(2016, 12, 10))


def test_a_claim_is_shown_with_its_words_in_the_captured_original(archive: Archive, tmp_path: Path) -> None:
    """The offsets of a shown claim cut its sentence out of the original bytes."""
    text = f"Before it.\n{SECOND}\nAfter it."
    read_text(archive, tmp_path, text, "2016-12-14")
    claim = list(archive.claims(place="Palmyra"))[-1]
    shown = archive.show(claim.id)
    assert shown.capture is not None and shown.sentence is not None
    original = archive.original(shown.capture.id).decode()
    assert original[shown.source_start : shown.source_end] == shown.sentence.text == SECOND
    assert (shown.before, shown.after) == ("Before it.\n", "\nAfter it.")


def test_every_kind_of_record_can_be_shown(archive: Archive) -> None:
    """From a spell one comes to its claims, from a claim to its document, from that to its capture."""
    spell = archive.show(archive.place("Palmyra").spells[-1].id)
    assert spell.kind == "spell" and spell.claims
    document = archive.show(spell.claims[0].document_id)
    assert document.kind == "document" and document.claims == spell.claims and document.capture is not None
    assert archive.show(document.capture.id).kind == "capture"
    with pytest.raises(ResolveError):
        archive.show("claim_0000000000000000")
    with pytest.raises(ResolveError):
        archive.original(spell.record.id)


def test_a_rejected_claim_takes_no_part_until_it_is_accepted(archive: Archive) -> None:
    """A person's rejection changes the spells at once, and taking it back restores them."""
    before = archive.place("Palmyra")
    (claim,) = (c for c in archive.claims(place="Palmyra") if c.relation == "takes")
    judgement = archive.judge(claim.id, "reject", author="A reader", reason="A rumour.")
    assert [spell.holder_name for spell in archive.place("Palmyra").spells] == ["Government"]
    assert archive.show(claim.id).judgements == (judgement,)
    second = archive.judge(claim.id, "accept", author="A reader", reason="It was true.")
    assert second.supersedes == judgement.id
    assert archive.place("Palmyra") == before


def test_only_what_can_take_effect_can_be_judged(archive: Archive) -> None:
    """A decision that would change nothing is refused with those that can be taken."""
    claim = next(archive.claims())
    with pytest.raises(ResolveError, match="another record"):
        archive.judge(claim.id, "merge", author="A", reason="")
    with pytest.raises(ResolveError, match="claim and a document"):
        archive.judge(claim.id, "merge", author="A", reason="", value=claim.document_id)
    with pytest.raises(ResolveError, match="no record"):
        archive.judge(claim.id, "split", author="A", reason="", value="clm_0")
    with pytest.raises(ResolveError, match="no other"):
        archive.judge(claim.id, "reject", author="A", reason="", value=claim.document_id)
    with pytest.raises(ResolveError, match="correct"):
        archive.judge(claim.id, "correct", author="A", reason="")
    with pytest.raises(ResolveError, match="spell"):
        archive.judge(archive.place("Palmyra").spells[0].id, "reject", author="A", reason="")


def holder_probability(archive: Archive, day: date) -> float:
    """How probable the likeliest holder of Palmyra is on a day."""
    answer = archive.place("Palmyra", on=day)
    assert answer.day is not None
    return answer.day.probability


def test_merged_and_split_voices_claims_and_documents(archive: Archive, tmp_path: Path) -> None:
    """Two voices say the same; merged they weigh as one, and split again as two. So do claims and documents."""
    day = date(2016, 12, 11)
    alone = holder_probability(archive, day)
    read_text(archive, tmp_path, SECOND.replace("Observatory", "Radio") + "\nOf other things.", "2016-12-12")
    both = holder_probability(archive, day)
    assert both > alone
    claims = [c for c in archive.claims(place="Palmyra") if c.relation == "takes"]
    pairs = [
        ("Observatory", "Radio"),
        (claims[0].id, claims[1].id),
    ]
    for one, other in pairs:
        archive.judge(one, "merge", author="A", reason="One and the same.", value=other)
        assert holder_probability(archive, day) == alone
        archive.judge(other, "split", author="A", reason="Not at all.", value=one)
        assert holder_probability(archive, day) == both
    merged = archive.judge(claims[1].document_id, "merge", author="A", reason="r", value=claims[0].document_id)
    later, earlier = sorted((claims[0].document_id, claims[1].document_id), key=lambda id_: id_, reverse=True)
    (graph,) = archive.show(later).lineage
    assert [node.record_id for node in graph.repeats] == [earlier] and graph.repeats[0].kind == "judged"
    assert archive.show(earlier).judgements[-1] == merged


def test_a_claim_shows_whom_it_repeats_and_which_voice_it_is(archive: Archive, tmp_path: Path) -> None:
    """A claim in a copy shows its original's claim, and that one its copy; both name the voice and why."""
    read_text(archive, tmp_path, SECOND + "\nPrinted here too.", "2016-12-13")
    first, second = sorted(
        (c for c in archive.claims(place="Palmyra") if c.relation == "takes"), key=lambda c: c.known_at
    )
    (below,), (above,) = archive.show(second.id).lineage, archive.show(first.id).lineage
    assert {node.record_id for node in below.repeats} == {first.id} and not below.repeated_by
    assert {node.record_id for node in above.repeated_by} == {second.id} and not above.repeats
    assert below.voice == above.voice == "Observatory" and "innermost" in below.reason
    assert archive.show(archive.place("Palmyra").spells[-1].id).lineage


def test_sources_places_and_documents_are_listed(archive: Archive) -> None:
    """The lists hold what was heard, the most told of first."""
    (source,) = archive.sources()
    assert (source.source.name, source.claims, str(source.first_seen)) == ("Observatory", 3, "2016-11-02")
    assert [(place.name, count) for place, count in archive.places()] == [("Palmyra", 2), ("Atlantis", 1)]
    assert [document.outlet for document in archive.documents()] == ["The Paper"] * 3
    assert len(list(archive.claims(limit=2))) == 2


def test_an_archive_can_be_read_into_by_one_function(tmp_path: Path) -> None:
    """`heldby.read` takes a path or an open archive and gives the same report."""
    path = tmp_path / "report.txt"
    path.write_text(SECOND)
    location = str(tmp_path / "archive.heldby")
    report = heldby.read(str(path), archive=location, published="2016-12-12", stages=small_stages())
    assert (report.documents, report.claims) == (1, 1)
    with Archive(location) as opened:
        assert heldby.read([str(path)], archive=opened, stages=small_stages()).known == 1
        assert opened.location == location


def test_a_damaged_archive_says_so(tmp_path: Path) -> None:
    """An archive that was cut short is an error with a remedy, not a traceback of the database."""
    location = tmp_path / "archive.heldby"
    with Archive(str(location)) as opened:
        read_text(opened, tmp_path, SECOND, "2016-12-12")
    data = location.read_bytes()
    location.write_bytes(data[: len(data) // 2])
    with pytest.raises(StoreError) as caught, Archive(str(location)) as opened:
        list(opened.claims())
        list(opened.documents())
    assert caught.value.remedy


def test_an_unknown_name_of_the_package_is_an_attribute_error() -> None:
    """A misspelt name of the public API fails as in any module."""
    with pytest.raises(AttributeError, match="Arcive"):
        heldby.Arcive  # noqa: B018


DAYS = st.integers(min_value=0, max_value=60)
TOLD = st.tuples(
    st.sampled_from(["Observatory", "Radio", "Agency"]), st.sampled_from(["takes", "holds", "withdraws"]),
    st.sampled_from(["Army", "Rebels"]), DAYS, DAYS,
)  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(told=st.lists(TOLD, min_size=1, max_size=6, unique=True), cut=DAYS)
def test_a_cut_never_moves(tmp_path_factory: Any, told: list[Any], cut: int) -> None:
    """Whatever is read later, the answer as knowable on a day equals the answer of an archive that ends there."""
    folder = tmp_path_factory.mktemp("cut")
    start = date(2020, 1, 1).toordinal()
    known_by = date.fromordinal(start + cut)
    with Archive(str(folder / "whole")) as whole, Archive(str(folder / "part")) as part:
        for voice, relation, side, day, known in told:
            text = f"{voice}: {side} {relation} Palmyra {date.fromordinal(start + day)}"
            for archive in (whole, part) if known <= cut else (whole,):
                read_text(archive, folder, text, str(date.fromordinal(start + known)))
        if any(known <= cut for *_, known in told):
            on = date.fromordinal(start + 30)
            answer = whole.place("Palmyra", on=on, known_by=known_by)
            expected = part.place("Palmyra", on=on, known_by=known_by)
            assert (answer.spells, answer.day) == (expected.spells, expected.day)
