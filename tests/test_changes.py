"""What changed is told with what changed it: a report, a correction, or other rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from heldby.archive import Archive
from heldby.changes import Change, diff_spells, step_of
from heldby.errors import ResolveError
from heldby.reconcile import Weights
from heldby.records import Hints, Spell
from heldby.records.ids import content_hash
from heldby.run import derive_pending, read
from heldby.store import Store, open_store
from small_stages import claims as make_claims
from small_stages import small_stages

FIRST = "Observatory: Government holds Palmyra 2016-11-01"
SECOND = "Observatory: Islamic State takes Palmyra 2016-12-11"
OTHER = "Observatory: Army holds Atlantis 2016-11-20"
NOW = datetime(2024, 1, 2, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive of three reports."""
    with Archive(str(tmp_path / "archive.heldby")) as opened:
        for day, text in (("2016-11-02", FIRST), ("2016-12-12", SECOND), ("2016-11-21", OTHER)):
            read_text(opened, tmp_path, text, day)
        yield opened


def read_text(archive: Archive, folder: Path, text: str, day: str) -> None:
    """Read one text as a report of a day."""
    path = folder / f"{content_hash(text.encode())}.txt"
    path.write_text(text)
    archive.read([str(path)], published=day, outlet="The Paper", stages=small_stages())


def told(changes: list[Change]) -> list[tuple[str, str, str]]:
    """The place, kind and day of each change."""
    return [(change.place.name, change.kind, str(change.at.date())) for change in changes]


def spell(holder: str, start: str, *, probability: float = 0.9, end: str = "") -> Spell:
    """A spell of a holder."""
    first = date.fromisoformat(start)
    last = date.fromisoformat(end) if end else None
    return Spell(
        id=f"{holder}-{start}", place_id="p", status="held" if holder else "unknown", holder=holder,
        holder_name=holder, start_earliest=first, start_latest=first, end_earliest=last, end_latest=last,
        probability=probability,
    )  # fmt: skip


def test_a_report_that_turns_a_place_is_named_with_its_sentence(archive: Archive) -> None:
    """The change of hands is told with the claim that did it, its voice and its words."""
    (change,) = archive.changes(since=date(2016, 12, 1))
    assert told([change]) == [("Palmyra", "flipped", "2016-12-12")]
    assert change.before is not None and change.before.holder_name == "Government"
    assert change.after is not None and change.after.holder_name == "Islamic State"
    (cause,) = change.causes
    assert (cause.kind, cause.source, cause.words) == ("report", "The Paper < Observatory", SECOND)
    assert archive.show(cause.record_id).kind == "claim"


def test_only_what_became_known_in_the_time_is_told(archive: Archive) -> None:
    """A window before, after or between the reports holds only what is new in it, whatever came later."""
    assert told(archive.changes(since=date(2016, 11, 1))) == [
        ("Palmyra", "appeared", "2016-11-02"),
        ("Atlantis", "appeared", "2016-11-21"),
        ("Palmyra", "appeared", "2016-12-12"),
    ]
    assert told(archive.changes(since=date(2016, 11, 3), until=date(2016, 12, 11))) == [
        ("Atlantis", "appeared", "2016-11-21")
    ]
    assert archive.changes(since=date(2016, 12, 13), until=date(2016, 12, 31)) == []


def test_place_and_country_narrow_what_is_looked_at(archive: Archive) -> None:
    """One place, or one country, alone is told of; an unknown place is refused."""
    since = date(2016, 1, 1)
    assert {c.place.name for c in archive.changes(since=since, country="xa")} == {"Atlantis"}
    assert {c.place.name for c in archive.changes(since=since, place="Palmyra")} == {"Palmyra"}
    with pytest.raises(ResolveError):
        archive.changes(since=since, place="Nowhere")
    with pytest.raises(ResolveError, match="before"):
        archive.changes(since=since, until=date(2015, 1, 1))


def test_a_correction_is_told_as_one(archive: Archive) -> None:
    """Rejecting the claim that turned a place turns it back, because of who rejected it, and accepting it again."""
    (claim,) = (c for c in archive.claims(place="Palmyra") if c.relation == "takes")
    start = datetime.now(UTC)
    archive.judge(claim.id, "reject", author="A reader", reason="A rumour.")
    (change,) = archive.changes(since=start)
    assert (change.kind, change.causes[0].kind) == ("flipped", "correction")
    assert (change.causes[0].source, change.causes[0].words) == ("A reader", "reject: A rumour.")
    assert change.causes[0].record_id == claim.id
    assert change.after is not None and change.after.holder_name == "Government"
    archive.judge(claim.id, "accept", author="A reader", reason="It was true.")
    assert archive.changes(since=start) == [], "what was taken back changed nothing in the end"


def test_a_place_whose_only_claim_is_rejected_is_still_told_of(archive: Archive) -> None:
    """The spell that has gone is named, though the place has no claim left."""
    (claim,) = archive.claims(place="Atlantis")
    start = datetime.now(UTC)
    archive.judge(claim.id, "reject", author="A reader", reason="")
    assert [(c.place.name, c.kind) for c in archive.changes(since=start)] == [("Atlantis", "vanished")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A fresh archive's store."""
    opened = open_store(str(tmp_path / "store.heldby"))
    yield opened
    opened.close()


def run(store: Store, folder: Path, *texts: str, **options: Any) -> None:
    """Read texts into a store."""
    paths = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.txt"
        path.write_text(text)
        paths.append(str(path))
    hints = Hints(published="2016-12-12", given_by="user")
    stages = options.pop("stages", None) or small_stages()
    read(paths, store=store, stages=stages, hints=hints, now=options.pop("now", NOW))


def test_other_weights_are_told_as_such(store: Store, tmp_path: Path, weights: Weights) -> None:
    """What new weights changed is kept with the old spells and told as their doing, once."""
    run(store, tmp_path, FIRST, *(FIRST.replace("Observatory: Government", f"{v}: Rebels") for v in ("radio", "tv")))
    before = store.spells("place-palmyra")
    later = NOW + timedelta(days=9)
    derive_pending(store, weights=replace(weights, next_voice=0.0), now=later)
    (revision,) = store.revisions(NOW, later)
    assert list(revision.spells) == before != store.spells("place-palmyra")
    derive_pending(store, weights=replace(weights, next_voice=0.0), now=later + timedelta(days=1))
    assert len(store.revisions(NOW, later + timedelta(days=2))) == 1
    with Archive(store.where) as archive:
        changes = archive.changes(since=later)
    assert changes and {change.causes[0].kind for change in changes} == {"rules"}
    assert all(change.at == later for change in changes)


def test_other_rules_of_reading_are_told_as_such(store: Store, tmp_path: Path) -> None:
    """Where the same page is read to say something else, the change is put down to the rules, not to a report."""
    run(store, tmp_path, SECOND)
    later = NOW + timedelta(days=9)

    def other_side(pairs: Any) -> Any:
        for reading in make_claims(pairs):
            party = replace(reading.claims[0].actor, actor_ids=("army",), name="Army")
            yield replace(reading, claims=(replace(reading.claims[0], actor=party),))

    stages = small_stages(version="small-2", claims=other_side)
    read([], store=store, stages=stages, hints=Hints(), now=later)
    with Archive(store.where) as archive:
        (change,) = archive.changes(since=later)
    assert (change.kind, change.causes[0].kind) == ("flipped", "rules")
    assert change.after is not None and change.after.holder_name == "Army"


def test_new_reports_alone_leave_no_revision(store: Store, tmp_path: Path) -> None:
    """Spells that new reports change are no work of other rules."""
    run(store, tmp_path, FIRST)
    run(store, tmp_path, FIRST, SECOND, now=NOW + timedelta(days=1))
    assert store.revisions(NOW, NOW + timedelta(days=9)) == []


def test_a_probability_that_crosses_a_step_is_told() -> None:
    """Firmer and weaker are told from one word of certainty to the next, not within one."""
    old = [spell("a", "2016-01-01", probability=0.7)]
    assert step_of(0.7) == step_of(0.79) != step_of(0.8)
    assert diff_spells(old, [spell("a", "2016-01-01", probability=0.79)]) == []
    assert [d.kind for d in diff_spells(old, [spell("a", "2016-01-01", probability=0.81)])] == ["firmed"]
    assert [d.kind for d in diff_spells(old, [spell("a", "2016-01-01", probability=0.5)])] == ["weakened"]


def test_a_change_of_hands_that_moves_is_the_same_one() -> None:
    """Another first day is a move, not a spell lost and another one found."""
    old = [spell("a", "2016-01-01", end="2016-05-01"), spell("b", "2016-05-01")]
    new = [spell("a", "2016-01-01", end="2016-04-20"), spell("b", "2016-04-20")]
    (found,) = diff_spells(old, new)
    assert (found.kind, found.before, found.after) == ("moved", old[1], new[1])
    assert diff_spells(old, old) == [] and diff_spells([], []) == []


def test_a_spell_in_between_appears_and_vanishes() -> None:
    """A spell that is found between two others is new, and gone when it is taken away."""
    whole = [spell("a", "2016-01-01")]
    split = [
        spell("a", "2016-01-01", end="2016-03-01"),
        spell("b", "2016-03-01", end="2016-04-01"),
        spell("a", "2016-04-01"),
    ]
    assert [(d.kind, d.after and d.after.holder) for d in diff_spells(whole, split)] == [
        ("appeared", "b"),
        ("appeared", "a"),
    ]
    assert sorted(d.kind for d in diff_spells(split, whole)) == ["vanished", "vanished"]
