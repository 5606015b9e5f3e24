"""What every store must do, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from heldby.errors import StoreError
from heldby.records import CapturedItem, Failure, Judgement, Reading, TrackRecord
from heldby.store import ClaimFilter, Derived, Store, open_store

RULES = "rules-1"


@pytest.fixture
def store(location: str) -> Iterator[Store]:
    """A fresh archive."""
    opened = open_store(location)
    yield opened
    opened.close()


def reading_of(make: Any, item: CapturedItem, *claims: Any, id: str = "document-1") -> Reading:
    """A reading of a captured item."""
    document = replace(make.document(item.data.decode(), id=id), capture_id=item.capture.id)
    return make.reading(document, *claims)  # type: ignore[no-any-return]


def failure(where: str = "report.txt", stage: str = "document") -> Failure:
    """A failure."""
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    return Failure(id=f"fail-{where}", stage=stage, where=where, what="Broken.", remedy="Mend it.", failed_at=moment)


def judgement(record_id: str, decision: str, number: int) -> Judgement:
    """A judgement, the later the higher its number."""
    moment = datetime(2024, 1, number, tzinfo=UTC)
    return Judgement(
        id=f"judgement-{number}", record_id=record_id, decision=decision, author="A", made_at=moment, reason="r"  # type: ignore[arg-type]
    )  # fmt: skip


def test_records_come_back_as_they_went_in(store: Store, make: Any) -> None:
    """Bytes, captures, documents and claims are the same after the store as before it."""
    item = make.item(bytes(range(256)) * 40, outlet="The Paper")
    claim = make.claim("takes", "Islamic State", "Syrian government", when="2016-12-11")
    reading = make.reading(replace(make.document("Words \x00 ‘quoted’ — مدينة"), capture_id=item.capture.id), claim)
    store.add_captures([item])
    assert store.pending_captures(version=RULES, limit=10) == [item]
    store.add_readings([reading], version=RULES)
    assert store.original(item.capture.sha256) == item.data
    assert list(store.claims()) == [claim]
    assert list(store.documents()) == [reading.document]
    assert store.find_reading("document-1") == reading
    assert store.find_record(item.capture.id) == ("capture", item.capture)


def test_writing_twice_changes_nothing(store: Store, make: Any) -> None:
    """The same records written again leave the archive's dump as it is, line by line."""
    item = make.item(b"one")
    reading = reading_of(make, item, make.claim("takes", "A", when="2020-01-01"))
    for _ in range(2):
        store.add_captures([item])
        store.add_readings([reading], version=RULES)
        store.add_failures([failure()])
        dump = list(store.dump())
    store.add_captures([item])
    store.add_readings([reading], version=RULES)
    store.add_failures([replace(failure(), failed_at=datetime(2030, 1, 1, tzinfo=UTC))])
    assert list(store.dump()) == dump


def test_a_capture_is_read_once_for_each_version_of_the_rules(store: Store, make: Any) -> None:
    """What was read waits no longer, until the rules change."""
    item = make.item(b"one")
    store.add_captures([item])
    store.add_readings([reading_of(make, item)], version=RULES)
    assert store.count_pending(version=RULES) == 0
    assert store.pending_captures(version="rules-2", limit=10) == [item]


def test_pages_of_waiting_captures_hold_each_once(store: Store, make: Any) -> None:
    """Going through what waits page by page meets every capture exactly once."""
    items = [make.item(b"%d" % n, origin=f"{n}.txt") for n in range(23)]
    store.add_captures(items)
    seen: list[CapturedItem] = []
    while page := store.pending_captures(version=RULES, limit=5, after=seen[-1] if seen else None):
        seen += page
    assert sorted(i.capture.id for i in seen) == sorted(i.capture.id for i in items)


def test_given_hints_take_the_place_of_an_earlier_capture(store: Store, make: Any) -> None:
    """When a person says later when a report was published, the undated reading of it takes part no more."""
    first, second = make.item(b"one"), make.item(b"one", published="2016-12-11")
    old = make.claim("takes", "A", document="document-1")
    new = make.claim("takes", "A", document="document-2", when="2016-12-11")
    store.add_captures([first])
    store.add_readings([reading_of(make, first, old)], version=RULES)
    assert store.add_captures([second]).new == 1
    assert list(store.claims()) == [old], "what was known stands until the new reading is there"
    store.add_readings([reading_of(make, second, new, id="document-2")], version=RULES)
    assert list(store.claims()) == [new]
    assert [document.id for document in store.documents()] == ["document-2"]
    assert store.find_record(old.id) == ("claim", old), "it is kept and can be shown"
    assert store.add_captures([first]) == store.add_captures([second]), "without hints it says nothing new"
    assert store.count_pending(version=RULES) == 0


def test_new_rules_take_the_place_of_an_earlier_reading(store: Store, make: Any) -> None:
    """Claims that the new rules no longer make leave the answers; those made again stay."""
    item = make.item(b"one")
    kept, gone = make.claim("takes", "A"), make.claim("holds", "B")
    store.add_captures([item])
    store.add_readings([reading_of(make, item, kept, gone)], version=RULES)
    store.add_readings([reading_of(make, item, kept)], version="rules-2")
    assert list(store.claims()) == [kept]
    assert store.pending_places(version="1") == ["place-palmyra"]


def test_claims_can_be_cut_by_when_they_were_known(store: Store, make: Any) -> None:
    """A cut holds the claims known by then, and no later one."""
    items = [make.item(b"%d" % n, origin=f"{n}.txt") for n in range(3)]
    store.add_captures(items)
    for n, item in enumerate(items):
        claim = make.claim("takes", "A", known=f"2020-01-0{n + 1}", document=f"document-{n}")
        store.add_readings([reading_of(make, item, claim, id=f"document-{n}")], version=RULES)
    cut = ClaimFilter(place_id="place-palmyra", known_by=datetime(2020, 1, 2, 23, tzinfo=UTC))
    assert [c.known_at.day for c in store.claims(cut)] == [1, 2]


def test_a_long_list_comes_in_pages_without_loss(store: Store, make: Any) -> None:
    """More claims than fit a page come once each, in the order in which they became known."""
    item = make.item(b"one")
    claims = [make.claim("takes", "A", known=f"2020-01-{n % 28 + 1:02}", at=n) for n in range(1203)]
    store.add_captures([item])
    store.add_readings([reading_of(make, item, *claims)], version=RULES)
    found = list(store.claims())
    assert {c.id for c in found} == {c.id for c in claims} and len(found) == len(claims)
    assert [c.known_at for c in found] == sorted(c.known_at for c in claims)


def test_the_newest_judgement_counts_and_none_is_lost(store: Store, make: Any) -> None:
    """A rejected claim takes no part, also when it is read again; an accepted one does; all judgements are kept."""
    item, claim = make.item(b"one"), make.claim("takes", "A")
    reading = reading_of(make, item, claim)
    store.add_captures([item])
    store.add_readings([reading], version=RULES)
    store.add_judgement(judgement(claim.id, "reject", 1))
    store.add_readings([reading], version="rules-2")
    assert list(store.claims()) == []
    store.add_judgement(judgement(claim.id, "accept", 2))
    assert list(store.claims()) == [claim]
    store.add_judgement(judgement("document-1", "reject", 3))
    assert list(store.claims()) == []
    assert [j.decision for j in store.judgements(claim.id)] == ["reject", "accept"]


def test_failures_are_settled_when_the_item_is_read(store: Store, make: Any) -> None:
    """A failure is listed until a later run manages the item, and is kept even then."""
    item = make.item(b"one")
    store.add_captures([item])
    store.add_failures([failure()], capture_ids=[item.capture.id], version=RULES)
    assert store.count_pending(version=RULES) == 0
    store.add_captures([item])
    assert store.count_pending(version=RULES) == 1, "giving it again asks for another try"
    store.add_readings([reading_of(make, item)], version=RULES)
    assert list(store.failures()) == []
    assert [f.where for f in store.failures(settled=True)] == ["report.txt"]


def test_what_is_derived_for_a_place_is_replaced_as_a_whole(store: Store, make: Any) -> None:
    """Deriving anew leaves nothing of the spells and episodes before, and the place waits no longer."""
    item, claim = make.item(b"one"), make.claim("takes", "A", when="2020-01-01")
    store.add_captures([item])
    store.add_readings([reading_of(make, item, claim)], version=RULES)
    from heldby.happenings import episode_rules
    from heldby.relate import find_episodes

    episodes = find_episodes([claim], rules=episode_rules())
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    derived = Derived(place_id="place-palmyra", version="1", lineage=(), episodes=episodes, spells=())
    store.replace_derived([derived], now=moment)
    assert store.episodes("place-palmyra") == list(episodes) and store.pending_places(version="1") == []
    store.replace_derived([replace(derived, episodes=())], now=moment)
    assert store.episodes("place-palmyra") == []
    assert store.pending_places(version="2") == ["place-palmyra"], "other weights ask for deriving again"


def test_names_find_places_without_accents_and_case(store: Store, make: Any) -> None:
    """A place is found by its name, by the name that reports use, and by its id."""
    item = make.item(b"one")
    place = replace(make.place, id="place-2", name="Dayr az-Zawr")
    claim = make.claim("takes", "A", place=place)
    claim = replace(claim, place=replace(claim.place, name_text="Déir al Zor"))
    store.add_captures([item])
    store.add_readings([reading_of(make, item, claim)], version=RULES)
    assert [store.find_place_ids(n) for n in ("dayr az zawr", "DEIR AL ZOR", "place-2", "x")] == [["place-2"]] * 3 + [
        []
    ]


def test_voices_are_counted_where_they_speak_and_where_they_carry(store: Store, make: Any) -> None:
    """The innermost voice of a claim speaks it, the others carry it."""
    item = make.item(b"one")
    television, governor = make.link("TV", kind="state_media", source_id="tv"), make.link("the governor")
    claim = make.claim("takes", "A", chain=[television, governor])
    store.add_captures([item])
    store.add_readings([reading_of(make, item, claim)], version=RULES)
    assert [(s.source.name, s.claims, s.carried) for s in store.sources()] == [("the governor", 1, 0), ("TV", 0, 1)]


def test_an_archive_opens_again_with_all_in_it(location: str, make: Any) -> None:
    """What one program stored, the next one finds."""
    first = open_store(location)
    first.add_captures([make.item(b"one")])
    first.close()
    second = open_store(location)
    assert second.count_pending(version=RULES) == 1
    second.close()


def test_a_newer_schema_is_refused(location: str) -> None:
    """An archive of a later heldby is not touched, and the user is told to update."""
    from sqlalchemy import text

    from heldby.store.connect import open_engine

    engine, _ = open_engine(location)
    with engine.execution_options(heldby_writes=True).begin() as connection:
        connection.execute(text("UPDATE heldby_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match="newer") as caught:
        open_store(location)
    assert "pip install --upgrade" in caught.value.remedy


def test_the_migrations_make_the_schema_that_the_code_uses(location: str) -> None:
    """Tables, columns and indexes after all steps are those of `tables`, and the head is the one that is checked."""
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from heldby.store.connect import open_engine
    from heldby.store.migrate import SCHEMA_HEAD, SCHEMA_VERSIONS, VERSION_TABLE
    from heldby.store.tables import METADATA

    engine, _ = open_engine(location)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()
    config = Config()
    config.set_main_option("script_location", "heldby.store:migrations")
    steps = ScriptDirectory.from_config(config)
    assert steps.get_heads() == [SCHEMA_HEAD]
    assert {step.revision for step in steps.walk_revisions()} == set(SCHEMA_VERSIONS)


def test_many_readings_at_once_are_as_one_by_one(location: str, tmp_path: Any, make: Any) -> None:
    """Reading in bulk, re-reading and given hints leave the same rows as the same readings one after the other."""
    first, again = make.item(b"one"), make.item(b"one", published="2016-12-11")
    others = [make.item(b"%d" % n, origin=f"{n}.txt") for n in range(7)]
    readings = [
        reading_of(make, first, make.claim("takes", "A")),
        reading_of(make, again, make.claim("holds", "A", document="document-2"), id="document-2"),
        *(
            reading_of(make, item, make.claim("takes", "B", document=f"o-{n}", at=n), id=f"o-{n}")
            for n, item in enumerate(others)
        ),
        reading_of(make, others[0], make.claim("holds", "C", document="o-0", at=9), id="o-0"),
    ]
    bulk, single = open_store(location), open_store(str(tmp_path / "single.heldby"))
    for store in (bulk, single):
        store.add_captures([first, again, *others, first])
    bulk.add_readings(readings, version=RULES)
    for each in readings:
        single.add_readings([each], version=RULES)
    assert list(bulk.dump()) == list(single.dump())
    assert [c.document_id for c in bulk.claims(ClaimFilter(relation="holds"))] == ["document-2", "o-0"]
    bulk.close()
    single.close()


def test_captures_wait_in_order_whatever_they_were_read_with(store: Store, make: Any) -> None:
    """What was never read and what other rules read comes in one order, page by page; what is done does not."""
    items = [make.item(b"%d" % n, origin=f"{n}.txt") for n in range(9)]
    store.add_captures(items)
    store.add_readings([reading_of(make, items[0], id="d-0")], version="rules-0")
    store.add_readings([reading_of(make, items[1], id="d-1")], version="rules-2")
    store.add_readings([reading_of(make, items[2], id="d-2")], version=RULES)
    store.add_failures([failure()], capture_ids=[items[3].capture.id], version=RULES)
    seen: list[CapturedItem] = []
    while page := store.pending_captures(version=RULES, limit=2, after=seen[-1] if seen else None):
        seen += page
    done = {items[2].capture.id, items[3].capture.id}
    assert [i.capture.id for i in seen] == sorted(i.capture.id for i in items if i.capture.id not in done)
    assert store.count_pending(version=RULES) == 7


def test_spells_of_another_version_are_kept(store: Store, make: Any) -> None:
    """What other weights or rules replace is kept once with its time; the same spells again leave nothing."""
    from heldby.records import Spell

    item, claim = make.item(b"one"), make.claim("takes", "A", when="2020-01-01")
    store.add_captures([item])
    store.add_readings([reading_of(make, item, claim)], version=RULES)
    day = claim.when.earliest
    spell = Spell(
        id="s", place_id="place-palmyra", status="held", holder="a", holder_name="A", start_earliest=day,
        start_latest=day, end_earliest=None, end_latest=None, probability=0.9,
    )  # fmt: skip
    first = Derived(place_id="place-palmyra", version="1", lineage=(), episodes=(), spells=(spell,))
    moments = [datetime(2024, 1, n, tzinfo=UTC) for n in range(1, 6)]
    store.replace_derived([first], now=moments[0])
    store.replace_derived([replace(first, spells=())], now=moments[1])
    store.replace_derived([first], now=moments[2])
    assert store.revisions(moments[0], moments[4]) == [], "the same version replaces what reports have changed"
    store.replace_derived([replace(first, version="2")], now=moments[3])
    assert store.revisions(moments[0], moments[4]) == [], "another version that finds the same"
    store.replace_derived([replace(first, version="3", spells=())], now=moments[4])
    (revision,) = store.revisions(moments[0], moments[4])
    assert (revision.version, revision.replaced_by, revision.spells) == ("2", "3", (spell,))
    assert store.revisions(moments[0], moments[4], place_id="place-homs") == []


def test_track_records_are_kept_by_epoch(store: Store) -> None:
    """Records of an epoch come back in one order, an epoch without any has those of the last one before it, and what
    was learned with other rules is forgotten."""
    records = [
        TrackRecord(epoch="2016-11", voice=voice, stance="gain", right=1.0, total=2.0, claims=2, reliability=0.6)
        for voice in ("b", "a")
    ]
    with store.learning() as rows:
        rows.put_epoch("2016-11", records[:1], version="1")
        rows.put_epoch("2016-11", records, version="1")
        assert rows.learned_epochs(version="1") == {"2016-11"}
    assert [one.voice for one in store.track_records("2016-11")] == ["a", "b"]
    assert store.track_records("2017-01") == store.track_records("2016-11")
    assert store.track_records("2016-10") == []
    with store.learning() as rows:
        assert rows.learned_epochs(version="2") == set()
    assert store.track_records("2017-01") == []


def test_votes_are_replaced_by_place_and_tell_what_changed(store: Store) -> None:
    """Putting the same votes again changes nothing; the first month that differs is told."""
    with store.learning() as rows:
        assert rows.put_votes("p", {"2016-01": "[1]", "2016-03": "[3]"}) == "2016-01"
        assert rows.put_votes("p", {"2016-01": "[1]", "2016-03": "[3]"}) == ""
        assert rows.put_votes("p", {"2016-01": "[1]", "2016-03": "[4]"}) == "2016-03"
        assert rows.put_votes("q", {"2016-02": "[2]"}) == "2016-02"
        assert rows.votes(before="2016-03") == [("p", "[1]"), ("q", "[2]")]
        assert rows.first_and_last_month() == ("2016-01", "2016-03")
        assert rows.put_votes("p", {}) == "2016-01"
        assert rows.votes(before="9999") == [("q", "[2]")]


def test_an_archive_of_the_first_schema_is_brought_up_to_date(tmp_path: Any, make: Any) -> None:
    """An archive made by the first version keeps all its records and knows what was read."""
    from alembic import command
    from alembic.config import Config

    from heldby.store.connect import open_engine

    path = str(tmp_path / "old.heldby")
    item, waiting = make.item(b"one"), make.item(b"two", origin="two.txt")
    store = open_store(path)
    store.add_captures([item, waiting])
    store.add_readings([reading_of(make, item, make.claim("takes", "A"))], version=RULES)
    before = list(store.dump())
    store.close()
    engine, _ = open_engine(path)
    config = Config()
    config.set_main_option("script_location", "heldby.store:migrations")
    with engine.execution_options(heldby_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    engine.dispose()
    store = open_store(path)
    assert list(store.dump()) == before
    assert store.pending_captures(version=RULES, limit=9) == [waiting]
    store.close()
