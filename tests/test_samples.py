"""The sample reports, read from bytes to timeline, say what is publicly known of Palmyra."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import heldby
from heldby.archive import PlaceAnswer

SAMPLES = Path(__file__).parent.parent / "samples" / "palmyra"
GOVERNMENT, ISLAMIC_STATE = "Syrian government", "Islamic State"

# Days well inside each spell of control, from the public record (samples/README.md).
HELD = {
    date(2015, 5, 22): ISLAMIC_STATE,
    date(2015, 9, 1): ISLAMIC_STATE,
    date(2016, 3, 1): ISLAMIC_STATE,
    date(2016, 3, 28): GOVERNMENT,
    date(2016, 6, 1): GOVERNMENT,
    date(2016, 12, 1): GOVERNMENT,
    date(2016, 12, 12): ISLAMIC_STATE,
    date(2017, 2, 1): ISLAMIC_STATE,
    date(2017, 3, 3): GOVERNMENT,
    date(2017, 3, 10): GOVERNMENT,
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[heldby.Archive]:
    """Yield an archive into which the samples were read once."""
    path = tmp_path_factory.mktemp("samples") / "palmyra.heldby"
    with heldby.Archive(str(path)) as opened:
        report = opened.read([str(SAMPLES)])
        assert report.failures == ()
        yield opened


@pytest.fixture(scope="module")
def answer(archive: heldby.Archive) -> PlaceAnswer:
    """Return who held Palmyra."""
    return archive.place("Palmyra")


def test_every_report_is_read(archive: heldby.Archive) -> None:
    """Twenty-six reports, each with its day but the one that has none, which is not dated by today either."""
    documents = list(archive.documents())
    assert len(documents) == 26
    undated = [d for d in documents if d.published is None or d.published.earliest != d.published.latest]
    assert [document.title for document in undated] == ["Tadmur Voices, activists of the Palmyra region"]
    assert undated[0].published_from in {"inferred", "unknown"}


def test_outlets_of_pages_feeds_and_records(archive: heldby.Archive) -> None:
    """An outlet that names itself in its page, feed or record is known by that name."""
    outlets = {document.outlet for document in archive.documents()}
    assert outlets >= {"Orontes Wire", "Levant Courier", "Badia Monitor", "Barada News Agency", "Northern Ledger"}


def test_palmyra_is_the_syrian_one(answer: PlaceAnswer) -> None:
    """Eighteen other places are called Palmyra."""
    assert answer.place.country == "SY"
    assert answer.place.latitude == pytest.approx(34.55, abs=0.1)


@pytest.mark.parametrize(("day", "holder"), HELD.items(), ids=str)
def test_the_timeline_is_the_public_record(archive: heldby.Archive, day: date, holder: str) -> None:
    """On days inside the known spells the known side is the likely holder."""
    control = archive.place("Palmyra", on=day).day
    assert control is not None
    assert (control.status, control.holder_name) == ("held", holder)
    assert control.probability > 0.5


def test_the_city_changes_hands_four_times(answer: PlaceAnswer) -> None:
    """The spells of holding alternate and none is missing."""
    holders = [spell.holder_name for spell in answer.spells if spell.status == "held"]
    changes = [holder for holder, before in zip(holders, ["", *holders], strict=False) if holder != before]
    assert changes[-4:] == [ISLAMIC_STATE, GOVERNMENT, ISLAMIC_STATE, GOVERNMENT]


def test_starts_lie_on_the_known_days(answer: PlaceAnswer) -> None:
    """Each change of hands is put within the days on which it happened."""
    known = [
        (date(2015, 5, 20), date(2015, 5, 21)),
        (date(2016, 3, 24), date(2016, 3, 27)),
        (date(2016, 12, 10), date(2016, 12, 11)),
        (date(2017, 3, 1), date(2017, 3, 2)),
    ]
    spells = [spell for spell in answer.spells if spell.status == "held" and spell.start_latest is not None]
    for first, last in known:
        assert any(
            first <= spell.start_latest <= last and (spell.start_earliest or first) <= last
            for spell in spells
            if spell.start_latest is not None
        ), first


def test_copies_are_one_voice(archive: heldby.Archive, answer: PlaceAnswer) -> None:
    """The agency's story in another paper counts as the agency's voice, not as a second one."""
    outlets = {document.id: document.outlet for document in archive.documents()}
    told_in = {claim.id: outlets[claim.document_id] for claim in archive.claims(place=answer.place.id)}
    spell = next(s for s in answer.spells if s.holder_name == ISLAMIC_STATE)
    voices: dict[str, set[str]] = {}
    for weighed in spell.claims_for:
        voices.setdefault(weighed.voice, set()).add(told_in[weighed.claim_id])
    assert any({"Orontes Wire", "Levant Courier"} <= papers for papers in voices.values())


def test_the_dispute_over_the_airbase_moves_no_city(archive: heldby.Archive, answer: PlaceAnswer) -> None:
    """One side claims the T4 airbase, the other denies its loss: neither is told as a fact about Palmyra."""
    report = next(document for document in archive.documents() if document.url.endswith("/t4"))
    decisive = [
        claim
        for claim in archive.claims(document=report.id)
        if claim.place.place == answer.place
        and claim.relation in {"takes", "holds", "withdraws"}
        and claim.modality == "asserted"
    ]
    assert {claim.sentence.text for claim in decisive} == {
        "Islamic State took Palmyra on Sunday, when the army pulled out of the city."
    }


def test_what_was_knowable_does_not_change(archive: heldby.Archive) -> None:
    """Asked for what was known on 1 December 2016, nobody knows of the loss ten days later."""
    moment = datetime(2016, 12, 1, tzinfo=UTC)
    before = archive.place("Palmyra", on=date(2016, 12, 12), known_by=moment)
    assert before.day is not None
    assert before.day.holder_name != ISLAMIC_STATE
    starts = [spell.start_earliest or spell.start_latest for spell in before.spells]
    assert all(start <= date(2016, 12, 1) for start in starts if start is not None)


def test_reading_again_changes_nothing(archive: heldby.Archive) -> None:
    """A second run over the same folder reads nothing twice and leaves every claim as it was."""
    ids = [claim.id for claim in archive.claims()]
    report = archive.read([str(SAMPLES)])
    assert (report.captured, report.documents, report.claims) == (0, 0, 0)
    assert [claim.id for claim in archive.claims()] == ids
