"""Whatever the order and the grouping of reading, and however little is derived at a time, the record is the same."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from _war import WarSetup, make_war
from _war_reports import make_reports
from heldby.archive import Archive
from heldby.deriving import derive_version
from heldby.hearing_places import PlaceReader
from heldby.reconcile import Kept, Weights
from heldby.records import CapturedItem, Reading
from heldby.records.codec import from_json
from heldby.run import derive_pending
from heldby.store import Store, open_store, tables
from war_reports import FIRST_DAY, PLACES, TOLD, reports_of

NOW = datetime(2024, 1, 2, tzinfo=UTC)
DERIVED = ("lineage ", "episodes ", "spells ", "derivations ", "gathered ", "remembered ", "weighed ", "votes ")
Report = tuple[CapturedItem, Reading]
# So many reports of the war are added one by one.
LATER = 20


def add(store: Store, reports: Sequence[Report], weights: Weights) -> None:
    """Take in reports that are already read, and derive what they touch."""
    store.add_captures([item for item, _ in reports])
    store.add_readings([reading for _, reading in reports], version="rules-1")
    derive_pending(store, weights=weights, now=NOW)


def derived_rows(store: Store) -> list[str]:
    """Every derived row, as text."""
    return [line for line in store.dump() if line.startswith(DERIVED)]


def grouped(reports: Sequence[Report], cuts: Iterable[int]) -> list[Sequence[Report]]:
    """The reports in groups that end at the cuts."""
    bounds = [0, *sorted({cut for cut in cuts if 0 < cut < len(reports)}), len(reports)]
    return [reports[start:end] for start, end in pairwise(bounds)]


@settings(max_examples=25)
@given(told=st.lists(TOLD, min_size=1, max_size=7), data=st.data())
def test_incremental_is_a_full_rebuild(tmp_path_factory: Any, weights: Weights, told: list[Any], data: Any) -> None:
    """Reports read in any order and grouping leave the same derived rows, byte for byte, as one rebuild of all."""
    folder = tmp_path_factory.mktemp("incremental")
    reports = reports_of(told)
    order = data.draw(st.permutations(reports), label="order")
    cuts = data.draw(st.lists(st.integers(0, len(reports)), max_size=5), label="cuts")
    whole, parts = open_store(str(folder / "whole")), open_store(str(folder / "parts"))
    add(whole, reports, weights)
    for group in grouped(order, cuts):
        add(parts, group, weights)
    assert derived_rows(parts) == derived_rows(whole)
    whole.close()
    parts.close()


@settings(max_examples=20)
@given(told=st.lists(TOLD, min_size=2, max_size=7), cut=st.integers(0, 45), data=st.data())
def test_what_was_knowable_never_changes(tmp_path_factory: Any, told: list[Any], cut: int, data: Any) -> None:
    """The answer as knowable by a day is that of an archive that ends there, whatever is read when afterwards."""
    folder = tmp_path_factory.mktemp("cut")
    known_by = FIRST_DAY + timedelta(days=cut)
    reports = reports_of(told)
    early = [report for report in reports if report[1].document.known_at.date() <= known_by]
    order = data.draw(st.permutations(reports), label="order")
    with Archive(str(folder / "early")) as part, Archive(str(folder / "whole")) as whole:
        add(part._store, early, part._weights)
        told_of = {place.id for place, _ in part.places()}
        for group in grouped(order, [len(order) // 2]):
            add(whole._store, group, whole._weights)
        for place in PLACES:
            if place.id in told_of:
                on = FIRST_DAY + timedelta(days=20)
                expected = part.place(place.id, on=on, known_by=known_by)
                answer = whole.place(place.id, on=on, known_by=known_by)
                assert (answer.spells, answer.day, answer.claims) == (
                    expected.spells,
                    expected.day,
                    expected.claims,
                )


# voice, place, relation, side, modality, day meant, days since the report before, copies of it
FOLLOWING = st.tuples(
    st.integers(0, 3), st.integers(0, 1), st.sampled_from(["takes", "holds", "contests"]),
    st.sampled_from(["Army", "Rebels"]), st.sampled_from(["asserted", "denied"]), st.integers(0, 40),
    st.sampled_from([0, 1, 3, 12, 25]), st.integers(0, 2),
)  # fmt: skip


@settings(max_examples=25)
@given(told=st.lists(FOLLOWING, min_size=3, max_size=9))
def test_reports_in_order_of_time_add_to_what_was_found(
    tmp_path_factory: Any, weights: Weights, told: list[Any]
) -> None:
    """Reports that come day by day, each added to what was found before, leave the rows of one rebuild of all."""
    folder = tmp_path_factory.mktemp("onward")
    days = accumulate(one[6] for one in told)
    reports = reports_of([(*one[:6], day, one[7]) for one, day in zip(told, days, strict=True)])
    reports.sort(key=lambda report: (report[1].document.known_at, report[1].document.id))
    whole, parts = open_store(str(folder / "whole")), open_store(str(folder / "parts"))
    add(whole, reports, weights)
    for report in reports:
        add(parts, [report], weights)
    assert derived_rows(parts) == derived_rows(whole)
    whole.close()
    parts.close()


def test_a_simulated_war_told_report_by_report_is_a_full_rebuild(tmp_path: Path, weights: Weights) -> None:
    """The last reports of a war with copies, monitors and months that pass, added one by one to those before, leave
    the rows of one rebuild of all; hardly any has a place found anew."""
    told = make_reports(make_war(WarSetup(places=6, claims=500, seed=5)))
    reports = [(report.item, report.reading) for report in told]
    reports.sort(key=lambda report: (report[1].document.known_at, report[1].document.id))
    whole, parts = open_store(str(tmp_path / "whole")), open_store(str(tmp_path / "parts"))
    add(whole, reports, weights)
    add(parts, reports[:-LATER], weights)
    for report in reports[-LATER:]:
        add(parts, [report], weights)
    assert derived_rows(parts) == derived_rows(whole)
    whole.close()
    parts.close()


def test_a_copy_leaves_the_kept_evidence_as_it_is(tmp_path: Path, weights: Weights) -> None:
    """What was weighed stays as it is when a copy comes in, and the spell that it repeats lists it."""
    told = [(1, 0, "takes", "Rebels", "asserted", 5, 5, 1)]
    original, copy = sorted(reports_of(told), key=lambda report: report[1].document.known_at)
    store, place_id = open_store(str(tmp_path / "archive.heldby")), PLACES[0].id
    add(store, [original], weights)
    kept = store.weighed(place_id)
    add(store, [copy], weights)
    assert kept and store.weighed(place_id) == kept
    told_by = from_json(zlib.decompress(kept), Kept).told()
    assert [testimony.claim.id for testimony in told_by] == [original[1].claims[0].id]
    listed = [one.claim_id for spell in store.spells(place_id) for one in spell.claims_for]
    assert listed == [original[1].claims[0].id, copy[1].claims[0].id]
    store.close()


def example() -> list[Any]:
    """A fixed example with copies, denials and two places."""
    return [
        (1, 0, "takes", "Rebels", "asserted", 5, 6, 2),
        (2, 0, "takes", "Rebels", "denied", 5, 5, 1),
        (3, 1, "holds", "Army", "asserted", 3, 3, 0),
        (0, 0, "withdraws", "Army", "asserted", 7, 9, 1),
        (2, 1, "takes", "Army", "asserted", 20, 20, 2),
    ]


def test_both_databases_derive_the_same_bit_by_bit(location: str, tmp_path: Path, weights: Weights) -> None:
    """One report at a time, the last one first, gives on every database what one rebuild gives on SQLite."""
    reports = reports_of(example())
    whole, parts = open_store(str(tmp_path / "whole.heldby")), open_store(location)
    add(whole, reports, weights)
    for report in reversed(reports):
        add(parts, [report], weights)
    assert derived_rows(parts) == derived_rows(whole)
    whole.close()
    parts.close()


def test_several_processes_derive_the_same(tmp_path: Path, weights: Weights, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is derived in two processes is byte for byte what one process derives."""
    reports = reports_of(example())
    dumps = []
    monkeypatch.setattr("heldby.run.WORTH_PROCESSES", 1)
    monkeypatch.setattr("heldby.run.DERIVE_BATCH", 1)
    for processes in (1, 2):
        store = open_store(str(tmp_path / f"{processes}.heldby"))
        store.add_captures([item for item, _ in reports])
        store.add_readings([reading for _, reading in reports], version="rules-1")
        assert derive_pending(store, weights=weights, now=NOW, processes=processes) == ()
        dumps.append(list(store.dump()))
        store.close()
    assert dumps[0] == dumps[1]


def test_a_place_that_cannot_be_derived_keeps_no_other_waiting(tmp_path: Path, weights: Weights) -> None:
    """A claim that cannot be read any more fails its own place alone, which goes on waiting."""
    store = open_store(str(tmp_path / "archive.heldby"))
    add(store, reports_of(example()), weights)
    before = [line for line in derived_rows(store) if PLACES[0].id not in line]
    with store._write() as connection:
        connection.execute(update(tables.CLAIMS).where(tables.CLAIMS.c.place_id == PLACES[0].id).values(payload="{"))
        connection.execute(update(tables.DERIVATIONS).values(version="", found_to=""))
    (failure,) = derive_pending(store, weights=weights, now=NOW)
    assert (failure.stage, failure.where) == ("reconcile", PLACES[0].id)
    assert [line for line in derived_rows(store) if PLACES[0].id not in line] == before
    assert store.pending_places(version=derive_version(weights)) == [PLACES[0].id]
    store.close()


def test_a_rejection_and_its_taking_back_leave_no_trace_in_what_is_derived(tmp_path: Path) -> None:
    """A claim that is out and in again leaves the derived rows as if nothing had been."""
    with Archive(str(tmp_path / "archive.heldby")) as archive:
        add(archive._store, reports_of(example()), archive._weights)
        before = derived_rows(archive._store)
        claim = next(archive.claims(place=PLACES[0].id))
        archive.judge(claim.id, "reject", author="A", reason="")
        assert derived_rows(archive._store) != before
        archive.judge(claim.id, "accept", author="A", reason="")
        assert derived_rows(archive._store) == before


def test_changes_between_two_days_stay_what_they_were(tmp_path: Path, weights: Weights) -> None:
    """What changed in a time that is over is the same after later reports have come in."""
    reports = sorted(reports_of(example()), key=lambda report: report[1].document.known_at)
    early = [report for report in reports if report[1].document.known_at.date() <= date(2016, 1, 12)]
    with Archive(str(tmp_path / "archive.heldby")) as archive:
        add(archive._store, early, weights)
        before = archive.changes(since=FIRST_DAY, until=date(2016, 1, 12))
        add(archive._store, [report for report in reports if report not in early], weights)
        assert before and archive.changes(since=FIRST_DAY, until=date(2016, 1, 12)) == before


def test_only_what_is_later_than_all_else_adds_to_what_was_found(tmp_path: Path) -> None:
    """A later report has nothing but itself related; an earlier one, and a judgement, have the whole place found
    anew."""
    reports = sorted(reports_of(example()), key=lambda report: report[1].document.known_at)
    place_id = PLACES[0].id
    with Archive(str(tmp_path / "archive.heldby")) as archive:
        store, weights = archive._store, archive._weights
        version = derive_version(weights)
        add(store, [report for report in reports if report is not reports[1]], weights)
        assert PlaceReader(store, keep=0, version=version).read(place_id).before is not None
        assert PlaceReader(store, keep=0, version="other rules").read(place_id).before is None
        store.add_captures([reports[1][0]])
        store.add_readings([reports[1][1]], version="rules-1")
        assert PlaceReader(store, keep=0, version=version).read(place_id).before is None
        derive_pending(store, weights=weights, now=NOW)
        assert PlaceReader(store, keep=0, version=version).read(place_id).before is not None
        archive.judge(next(archive.claims(place=place_id)).id, "reject", author="A", reason="")
        assert PlaceReader(store, keep=0, version=version).read(place_id).before is not None
