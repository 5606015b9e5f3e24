"""Lineage in the archive: the same whatever the order in which reports come in, and on every database."""

from __future__ import annotations

import random
import runpy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from heldby.linking import lineage_rules, lineage_version, link_documents
from heldby.records import Hints, Judgement
from heldby.relate import find_origins
from heldby.run import read
from heldby.store import Store, open_store
from small_stages import small_stages

NOW = datetime(2024, 1, 2, tzinfo=UTC)
DERIVED = ("origins", "bands", "lineage", "spells", "episodes", "derivations")
VARIATIONS = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "_variations.py"))


def write_reports(folder: Path, *, seed: int) -> list[tuple[str, str, str]]:
    """Files of three reports and variations of them: path, day and outlet of each."""
    chance = random.Random(seed)
    originals = [r for r in VARIATIONS["read_reports"]() if len(r.sentences) >= 8][:3]
    kinds = list(VARIATIONS["VARIATIONS"].values())
    texts = list(originals)
    texts += [chance.choice(kinds)(chance.choice(originals), chance) for _ in range(7)]
    folder.mkdir(exist_ok=True)
    found = []
    for n, report in enumerate(texts):
        side = chance.choice(["Army", "Rebels"])
        voice = chance.choice(["", "Observatory: ", "Agency: "])
        day = chance.randrange(1, 20)
        line = f"{voice}{side} {chance.choice(['takes', 'holds'])} Palmyra 2016-12-{day:02}"
        path = folder / f"{n}.txt"
        path.write_text(f"{report.text}\n\n{line}")
        found.append((str(path), f"2016-12-{day:02}", f"Printer {chance.randrange(4)}"))
    return found


def read_all(store: Store, files: list[tuple[str, str, str]]) -> None:
    """Read the files one by one, each with its day and outlet."""
    for path, day, outlet in files:
        hints = Hints(published=day, outlet=outlet, given_by="user")
        read([path], store=store, stages=small_stages(), hints=hints, now=NOW)


def derived(store: Store) -> list[str]:
    """All that is derived, line by line."""
    return [line for line in store.dump() if line.startswith(DERIVED)]


@pytest.mark.parametrize("seed", range(4))
def test_any_order_gives_the_same_archive(location: str, tmp_path: Path, seed: int) -> None:
    """Reports read one by one in any order, older ones late, leave the rows that reading them in order leaves; and
    these are what is found among all documents at once."""
    files = write_reports(tmp_path / "in", seed=seed)
    in_order, shuffled = open_store(str(tmp_path / "ordered")), open_store(location)
    read_all(in_order, sorted(files, key=lambda file: file[1]))
    read_all(shuffled, random.Random(seed).sample(files, len(files)))
    assert derived(shuffled) == derived(in_order)
    documents = list(in_order.documents())
    expected = find_origins(documents, rules=lineage_rules())
    found = in_order.origins(expected)
    assert {id_: o.original_id for id_, o in found.items()} == {id_: o.original_id for id_, o in expected.items()}
    assert len({origin.original_id for origin in found.values()}) < len(documents)
    in_order.close()
    shuffled.close()


def test_an_older_original_that_comes_late_takes_its_copies(location: str, tmp_path: Path) -> None:
    """Copies known before their original are linked to it once it is there, and their places derived again."""
    report = [r for r in VARIATIONS["read_reports"]() if len(r.sentences) >= 8][5]
    line = "Army takes Palmyra 2016-12-01"
    paths = []
    for n in range(3):
        path = tmp_path / f"{n}.txt"
        path.write_text(f"{report.text}\n\n{'Printed again. ' * n}\n\n{line}")
        paths.append((str(path), f"2016-12-0{n + 1}", f"Printer {n}"))
    store = open_store(location)
    read_all(store, paths[1:])
    second = min(store.documents(), key=lambda d: d.known_at)
    (before,) = {origin.original_id for origin in store.origins(d.id for d in store.documents()).values()}
    assert before == second.id
    read_all(store, paths[:1])
    first = min(store.documents(), key=lambda d: d.known_at)
    assert {o.original_id for o in store.origins(d.id for d in store.documents()).values()} == {first.id}
    assert store.pending_places(version="x") == ["place-palmyra"]
    links = store.lineage_of(first.id)
    assert {link.kind for link in links} == {"near_copy"} and len(links) == 2
    store.close()


def test_a_corrected_capture_leaves_no_copy_without_its_original(location: str, tmp_path: Path) -> None:
    """When the original is read again with another date, its copies find their original anew."""
    report = [r for r in VARIATIONS["read_reports"]() if len(r.sentences) >= 8][7]
    paths = [tmp_path / "first.txt", tmp_path / "second.txt"]
    for n, path in enumerate(paths):
        path.write_text(f"{report.text}\n\n{'Printed again. ' * n}")
    store = open_store(location)
    read_all(store, [(str(paths[0]), "2016-12-01", "A"), (str(paths[1]), "2016-12-02", "B")])
    read_all(store, [(str(paths[0]), "2016-12-05", "A")])
    found = store.origins(d.id for d in store.documents())
    second = min(store.documents(), key=lambda d: d.known_at)
    assert {origin.original_id for origin in found.values()} == {second.id} and len(found) == 2
    whole = open_store(str(tmp_path / "whole"))
    read_all(whole, [(str(paths[1]), "2016-12-02", "B"), (str(paths[0]), "2016-12-05", "A")])
    assert derived(whole) == list(derived(store))
    whole.close()
    store.close()


def test_other_rules_settle_everything_anew(location: str, tmp_path: Path) -> None:
    """What was settled with other rules waits, and comes out the same with the same rules again."""
    store = open_store(location)
    read_all(store, write_reports(tmp_path / "in", seed=9))
    before = derived(store)
    with store.settling(version="other rules") as rows:
        assert len(rows.waiting(limit=100)) == 10
    assert link_documents(store) == 10
    assert [line for line in derived(store) if not line.startswith("derivations")] == [
        line for line in before if not line.startswith("derivations")
    ]
    store.close()


def test_persons_tie_documents_and_untie_them(location: str, tmp_path: Path) -> None:
    """A merge makes the later document a copy, a split an original, the newest judgement on the pair counts."""
    store = open_store(location)
    read_all(store, write_reports(tmp_path / "in", seed=3))
    found = store.origins(d.id for d in store.documents())
    copy = next(o for o in sorted(found.values(), key=lambda o: o.moment) if o.original_id != o.text_id)
    for number, (decision, one) in enumerate((("split", False), ("merge", True), ("split", False))):
        pair = (copy.text_id, copy.original_id) if number % 2 else (copy.original_id, copy.text_id)
        store.add_judgement(tie(decision, *pair, number=number))
        link_documents(store)
        now = store.origins([copy.text_id])[copy.text_id]
        assert (now.original_id == copy.original_id) == one
    assert [j.decision for j in store.judgements(copy.text_id)] == ["split", "merge", "split"]
    store.close()


def tie(decision: str, record_id: str, other_id: str, *, number: int) -> Judgement:
    """A judgement on a pair of records."""
    return Judgement(
        id=f"judgement-{number}",
        record_id=record_id,
        decision=decision,  # type: ignore[arg-type]
        author="A reader",
        made_at=datetime(2024, 1, number + 1, tzinfo=UTC),
        reason="Seen side by side.",
        value=other_id,
    )


def test_hundreds_of_copies_have_one_original(tmp_path: Path, make: Any) -> None:
    """A wire story printed hundreds of times, empty texts and very long ones cost one look-up each."""
    store = open_store(str(tmp_path / "many"))
    text = " ".join(f"word{n % 97} of{n % 31} story{n}" for n in range(300))
    readings, items = [], []
    for n in range(300):
        body = "" if n % 100 == 7 else text + f" printed by paper {n}" if n % 100 != 8 else f"{text} {n} " * 50
        item = make.item(b"%d" % n, origin=f"{n}.txt")
        document = make.document(body, id=f"d{n:04}", known=f"2016-{1 + n % 12:02}-11", outlet=f"Paper {n}")
        items.append(item)
        readings.append(make.reading(replace(document, capture_id=item.capture.id)))
    store.add_captures(items)
    store.add_readings(readings, version="rules")
    link_documents(store)
    found = store.origins(reading.document.id for reading in readings)
    originals = {origin.original_id for origin in found.values()}
    empty = {f"d{n:04}" for n in range(300) if n % 100 == 7}
    assert len(found) == 300 and empty < originals and len(originals - empty) == 1
    store.close()


def test_a_report_read_again_before_it_was_settled_leaves_nothing_waiting(tmp_path: Path, make: Any) -> None:
    """Other rules make another document of a capture while the first one waits: the first is waited for no more."""
    store = open_store(str(tmp_path / "again"))
    item = make.item(b"one")
    store.add_captures([item])
    for number in range(2):
        document = replace(make.document("The town fell.", id=f"d{number}"), capture_id=item.capture.id)
        store.add_readings([make.reading(document)], version=f"rules-{number}")
    assert link_documents(store) == 1
    assert set(store.origins(["d0", "d1"])) == {"d1"}
    with store.settling(version=lineage_version()) as rows:
        assert rows.waiting(limit=10) == []
    store.close()


@pytest.mark.parametrize("together", [True, False])
def test_a_reprint_of_months_later_is_a_copy(tmp_path: Path, make: Any, together: bool) -> None:
    """A text that comes back after months, nearly whole, is found among the reports of years, settled with them or
    later; one that shares a third is not."""
    store = open_store(str(tmp_path / "years"))
    words = [f"word{n}" for n in range(120)]
    texts = {
        "d0": ("2016-01-11", words),
        "d1": ("2016-09-11", [*words[:115], "and", "so", "it", "is"]),
        "d2": ("2016-10-11", [*words[:40], *(f"other{n}" for n in range(80))]),
    }
    for id_, (known, told) in texts.items():
        item = make.item(id_.encode(), origin=f"{id_}.txt")
        document = make.document(" ".join(told), id=id_, known=known, outlet=f"Paper {id_}")
        store.add_captures([item])
        store.add_readings([make.reading(replace(document, capture_id=item.capture.id))], version="rules")
        if not together:
            link_documents(store)
    link_documents(store)
    found = {id_: origin.original_id for id_, origin in store.origins(texts).items()}
    assert found == {"d0": "d0", "d1": "d0", "d2": "d2"}
    store.close()
