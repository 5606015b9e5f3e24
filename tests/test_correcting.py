"""A person's correction of a claim: it holds in every answer, can be taken back, and leaves what was read alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from heldby.archive import Archive
from heldby.errors import ResolveError
from heldby.records import Claim, Judgement
from heldby.records.ids import content_hash
from heldby.store import ClaimFilter, open_store
from small_stages import small_stages

FIRST = "Observatory: Government holds Palmyra 2016-11-01"
SECOND = "Observatory: Islamic State takes Palmyra 2016-12-11"
OTHER = "Observatory: Army holds Atlantis 2016-11-20"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive of three reports about two places."""
    with Archive(str(tmp_path / "archive.heldby")) as opened:
        for day, text in (("2016-11-02", FIRST), ("2016-12-12", SECOND), ("2016-11-21", OTHER)):
            read_text(opened, tmp_path, text, day)
        yield opened


def read_text(archive: Archive, folder: Path, text: str, day: str, **options: Any) -> None:
    """Read one text as a report of a day."""
    path = folder / f"{content_hash(text.encode())}.txt"
    path.write_text(text)
    archive.read([str(path)], published=day, outlet="The Paper", stages=small_stages(**options))


def taking(archive: Archive) -> Claim:
    """The claim that turns Palmyra."""
    return next(claim for claim in archive.claims() if "Islamic State takes" in claim.sentence.text)


def correct(archive: Archive, claim: Claim, **fields: Any) -> Judgement:
    """Correct fields of a claim."""
    return archive.judge(claim.id, "correct", author="A reader", reason="Misread.", value=json.dumps(fields))


def derived_rows(archive: Archive) -> list[str]:
    """All that is derived."""
    return [line for line in archive._store.dump() if line.startswith(("spells ", "episodes ", "lineage "))]


def test_another_side_holds_in_answers_and_is_told_in_the_evidence(archive: Archive) -> None:
    """The corrected side takes the place; the claim says who corrected it, why, and how it was read."""
    claim = taking(archive)
    judgement = correct(archive, claim, actor="syrian-government")
    assert archive.place("Palmyra").spells[-1].holder_name == "Syrian government"
    now = taking(archive)
    assert (now.id, now.actor.actor_ids, now.actor.name) == (claim.id, ("syrian-government",), "Syrian government")
    assert now.actor.mention == claim.actor.mention
    (told,) = (each for each in now.evidence if each.name == "corrected")
    assert "A reader" in told.reason and "Misread." in told.reason and "Islamic State" in told.reason
    shown = archive.show(claim.id)
    assert shown.record == now and shown.judgements == (judgement,)


def test_what_is_stored_of_the_claim_stays_as_it_was_read(archive: Archive) -> None:
    """The claim's own record is the same, byte for byte, and can be asked for."""
    before = [line.split('"payload": ')[1] for line in archive._store.dump() if line.startswith("claims ")]
    claim = taking(archive)
    correct(archive, claim, actor="syrian-government", when="2016-12-09", relation="holds")
    after = [line.split('"payload": ')[1] for line in archive._store.dump() if line.startswith("claims ")]
    assert {line.split('", "place_id"')[0] for line in before} == {line.split('", "place_id"')[0] for line in after}
    assert archive._store.claims_as_read([claim.id]) == {claim.id: claim}


def test_every_field_can_be_corrected(archive: Archive) -> None:
    """Sides, time, relation, modality and extent are taken as given; joint sides and no side too."""
    claim = taking(archive)
    correct(
        archive, claim, actor=["russia", "syrian-government"], opponent="islamic-state", when="2016-12-09/2016-12-10",
        relation="withdraws", modality="denied", extent="part",
    )  # fmt: skip
    now = taking(archive)
    assert now.actor.actor_ids == ("russia", "syrian-government") and now.actor.name == "Russia and Syrian government"
    assert (now.opponent.name, now.relation, now.modality, now.extent) == (
        "Islamic State",
        "withdraws",
        "denied",
        "part",
    )
    assert now.when is not None and now.when.iso() == "2016-12-09/2016-12-10"
    assert list(archive.claims(relation="withdraws")) == [now]
    correct(archive, claim, actor="", when="")
    now = taking(archive)
    assert (now.actor.name, now.when, now.relation) == ("", None, "withdraws")


def test_corrections_add_up_and_can_be_taken_back_field_by_field(archive: Archive) -> None:
    """A second correction leaves the first one's other fields; null takes one back; without any all is as before."""
    before, claim = archive.place("Palmyra"), taking(archive)
    rows = derived_rows(archive)
    first = correct(archive, claim, actor="syrian-government")
    second = correct(archive, claim, relation="holds")
    assert second.supersedes == first.id
    assert (taking(archive).actor.name, taking(archive).relation) == ("Syrian government", "holds")
    correct(archive, claim, actor=None)
    assert (taking(archive).actor.name, taking(archive).relation) == ("Islamic State", "holds")
    correct(archive, claim, relation=None)
    assert taking(archive) == claim
    assert archive.place("Palmyra") == before and derived_rows(archive) == rows


def test_a_corrected_place_moves_the_claim(archive: Archive) -> None:
    """The claim takes part in the answers about its right place, and no longer in those about the other."""
    claim = taking(archive)
    correct(archive, claim, place="place-atlantis")
    assert archive.place("Atlantis").spells[-1].holder_name == "Islamic State"
    assert [spell.holder_name for spell in archive.place("Palmyra").spells] == ["Government"]
    assert [c.id for c in archive.claims(place="Atlantis")].count(claim.id) == 1
    correct(archive, claim, place=None)
    assert archive.place("Palmyra").spells[-1].holder_name == "Islamic State"
    assert len(list(archive.claims(place="Atlantis"))) == 1


def test_a_place_that_no_report_tells_of_is_taken_from_the_gazetteer(archive: Archive) -> None:
    """A place's id of the gazetteer will do, and the place can be asked for afterwards."""
    place = archive._aliases("Raqqa")[0]
    correct(archive, taking(archive), place=place.id)
    assert archive.place(place.id).spells[-1].holder_name == "Islamic State"


def test_a_correction_outlives_another_reading(archive: Archive, tmp_path: Path) -> None:
    """The same claim read again, with other rules, is still the corrected one."""
    claim = taking(archive)
    correct(archive, claim, place="place-atlantis", actor="syrian-government")
    archive.read([], stages=small_stages(version="small-2"))
    assert archive.place("Atlantis").spells[-1].holder_name == "Syrian government"
    assert [c.id for c in archive._store.claims(ClaimFilter(place_id="place-palmyra"))].count(claim.id) == 0


def test_a_correction_leaves_acceptance_and_rejection_alone(archive: Archive) -> None:
    """A rejected claim stays out when it is corrected, and comes back corrected when it is accepted."""
    claim = taking(archive)
    archive.judge(claim.id, "reject", author="A", reason="")
    correct(archive, claim, actor="russia")
    assert archive.place("Palmyra").spells[-1].holder_name == "Government"
    archive.judge(claim.id, "accept", author="A", reason="")
    assert archive.place("Palmyra").spells[-1].holder_name == "Russia"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "field"),
        ("{}", "field"),
        ("[1]", "field"),
        ("{", "JSON"),
        ('{"colour": "red"}', "colour"),
        ('{"actor": "islamic-sate"}', "islamic-state"),
        ('{"actor": 7}', "no side"),
        ('{"actor": ["russia", ""]}', "no side"),
        ('{"place": "place-nowhere"}', "place-nowhere"),
        ('{"place": ""}', "no id of a place"),
        ('{"when": "yesterday"}', "2016-12-11"),
        ('{"when": "2016-12-11/2016-12-10"}', "no time"),
        ('{"when": 3}', "no time"),
        ('{"relation": "conquers"}', "takes"),
        ('{"modality": "maybe"}', "denied"),
        ('{"extent": ["whole"]}', "whole, part"),
    ],
)
def test_a_correction_that_makes_no_sense_says_what_is_valid(archive: Archive, value: str, said: str) -> None:
    """A wrong field or value is refused with what would do, and changes nothing."""
    claim = taking(archive)
    with pytest.raises(ResolveError) as caught:
        archive.judge(claim.id, "correct", author="A", reason="", value=value)
    assert said in f"{caught.value} {caught.value.remedy}"
    assert taking(archive) == claim and archive.show(claim.id).judgements == ()


def test_documents_cannot_be_corrected(archive: Archive) -> None:
    """Only claims have fields to correct."""
    with pytest.raises(ResolveError, match="document"):
        archive.judge(taking(archive).document_id, "correct", author="A", reason="", value='{"actor": "russia"}')


def test_changes_tell_corrections_with_what_they_say(archive: Archive) -> None:
    """A correction is the cause of what it changed, at the place that it names and at the one that it leaves."""
    claim, start = taking(archive), datetime.now(UTC)
    correct(archive, claim, actor="syrian-government")
    (change,) = archive.changes(since=start)
    (cause,) = change.causes
    assert (cause.kind, cause.source, cause.record_id) == ("correction", "A reader", claim.id)
    assert cause.words == "correct actor to syrian-government: Misread."
    assert change.before is not None and change.before.holder_name == "Islamic State"
    assert change.after is not None and change.after.holder_name == "Syrian government"
    second = datetime.now(UTC)
    correct(archive, claim, place="place-atlantis")
    assert {c.place.name for c in archive.changes(since=second)} == {"Palmyra", "Atlantis"}
    assert archive.changes(since=date(2016, 11, 1), until=date(2016, 11, 30))


def test_changes_tell_merges_and_splits(archive: Archive, tmp_path: Path) -> None:
    """Two voices made one, and two again, are causes; so are claims and documents."""
    texts = [SECOND.replace("Observatory: Islamic State", f"{voice}: Army") for voice in ("radio", "Observatory")]
    read_text(archive, tmp_path, SECOND.replace("Observatory", "Monitor"), "2016-12-12")
    for text in texts:
        read_text(archive, tmp_path, text, "2016-12-12")
    claims = [c for c in archive.claims(place="Palmyra") if c.relation == "takes" and c.actor.name == "Islamic State"]
    pairs = [("Observatory", "Monitor"), (claims[0].id, claims[1].id)]
    for one, other in pairs:
        before, start = archive.place("Palmyra").spells, datetime.now(UTC)
        archive.judge(one, "merge", author="A", reason="One.", value=other)
        assert archive.place("Palmyra").spells != before
        changes = archive.changes(since=start)
        assert all(c.causes[0].words == f"merge with {other}: One." for c in changes)
        archive.judge(one, "split", author="A", reason="Two.", value=other)
        assert archive.place("Palmyra").spells == before
        assert archive.changes(since=start) == [], "what was taken back changed nothing in the end"
    assert archive.place("Palmyra").spells


def test_corrections_hold_on_both_databases(location: str, make: Any) -> None:
    """A claim comes corrected from SQLite and PostgreSQL alike, and as it was read where that is asked for."""
    store = open_store(location)
    item, claim = make.item(b"one"), make.claim("takes", "A", when="2020-01-01")
    document = replace(make.document("one"), capture_id=item.capture.id)
    store.add_captures([item])
    store.add_readings([make.reading(document, claim)], version="rules-1")
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    for number, value in enumerate(('{"actor": "b", "names": {"b": "B"}}', '{"when": "2020-01-02"}')):
        store.add_judgement(
            Judgement(
                id=f"j{number}", record_id=claim.id, decision="correct", author="A",
                made_at=moment + timedelta(days=number), reason="r", value=value,
            )
        )  # fmt: skip
        (found,) = store.claims(ClaimFilter(place_id="place-palmyra"))
        assert (found.actor.name == "B", str(found.when and found.when.iso())) == (
            number == 0,
            f"2020-01-0{number + 1}",
        )
        assert list(store.claims(ClaimFilter(as_read=True))) == [claim]
    store.close()
