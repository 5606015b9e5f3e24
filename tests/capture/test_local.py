"""What comes from files, folders and standard input: pages, records, feeds and rubbish."""

from __future__ import annotations

import io
import json
import os
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from heldby.records import CapturedItem, Failure, Hints

REPORT = "The army left the town of Palmyra on Sunday, state radio said."
Capture = Callable[..., list[CapturedItem | Failure]]

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Desk &amp; News</title>
<item><title>Town &lt;b&gt;falls&lt;/b&gt;</title><link>https://example.org/1</link><guid>g1</guid>
<pubDate>Sun, 11 Dec 2016 18:00:00 +0100</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>Rebels took the town on <i>Sunday</i>.</p><p>The army left.</p>]]></content:encoded>
</item>
<item><title>Empty</title><link>https://example.org/2</link></item>
</channel></rss>"""


def split(found: list[CapturedItem | Failure]) -> tuple[list[Any], list[Any]]:
    """Return captures and failures apart."""
    return [f for f in found if isinstance(f, CapturedItem)], [f for f in found if isinstance(f, Failure)]


def test_file_keeps_its_bytes(tmp_path: Path, capture: Capture) -> None:
    """A file's bytes, hash, size and path are kept, and the same file gives the same id."""
    path = tmp_path / "a.txt"
    path.write_bytes(REPORT.encode() + b"\r\n")
    (item,), _ = split(capture(str(path)))
    assert item.data == REPORT.encode() + b"\r\n"
    assert (item.capture.origin, item.capture.size) == (str(path), len(item.data))
    assert item.capture.media_type == "text/plain"
    (again,), _ = split(capture(str(path)))
    (other,), _ = split(capture(str(path), hints=Hints(published="2016-12-11")))
    assert again.capture.id == item.capture.id != other.capture.id


def test_folder_of_rubbish_gives_the_good_and_names_the_bad(tmp_path: Path, capture: Capture) -> None:
    """In a folder of rubbish each bad file is a failure that names it, and the good ones are read in order."""
    (tmp_path / "sub" / ".hidden").mkdir(parents=True)
    (tmp_path / "b.txt").write_text(REPORT)
    (tmp_path / "a.html").write_text(f"<html><p>{REPORT}</p></html>")
    (tmp_path / "sub" / "c.txt").write_text(REPORT)
    (tmp_path / ".secret").write_text(REPORT)
    (tmp_path / "sub" / ".hidden" / "d.txt").write_text(REPORT)
    bad = {
        "empty.txt": b"",
        "blank.txt": b" \n\n",
        "image.txt": b"\x89PNG\r\n\x1a\n" + bytes(50),
        "paper.pdf": b"%PDF-1.7 ...",
        "nul.txt": b"abc\x00def",
        "noise.txt": random.Random(3).randbytes(4000).replace(b"\0", b"\1"),
        "pack.gz": b"\x1f\x8b\x08rest",
        "record.jsonl": b"[1,2]\n",
        "feed.xml": b"<rss version='2.0'><channel></channel></rss>",
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    items, failures = split(capture(str(tmp_path)))
    assert [Path(i.capture.origin).name for i in items] == ["a.html", "b.txt", "c.txt"]
    assert {Path(f.where.split("#")[0]).name for f in failures} == {*bad, "gone.txt", "pipe"}
    assert all(f.what and f.remedy and f.stage == "capture" for f in failures)


def test_missing_path_and_empty_folder(tmp_path: Path, capture: Capture) -> None:
    """A path that does not exist and a folder without files are said, and reading goes on."""
    good = tmp_path / "good.txt"
    good.write_text(REPORT)
    (tmp_path / "void").mkdir()
    items, failures = split(capture(str(tmp_path / "no.txt"), str(tmp_path / "void"), "a\0b", str(good)))
    assert len(items) == 1
    assert [f.what.split()[0] for f in failures] == ["There", "The", "This"]


def test_odd_file_names_can_be_stored(tmp_path: Path, capture: Capture) -> None:
    """A file name that is no UTF-8 gives an origin that can be written as UTF-8."""
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(path)).write_text(REPORT)
    (item,), _ = split(capture(str(tmp_path)))
    assert item.capture.origin.encode("utf-8").endswith(b"caf\\xe9.txt")


def test_too_large_a_file_is_refused(tmp_path: Path, capture: Capture) -> None:
    """A file over the limit is refused without being read whole."""
    path = tmp_path / "big.txt"
    path.write_text("word " * 1000)
    _, (failure,) = split(capture(str(path), max_item_bytes=1000))
    assert "1,000 bytes" in failure.what


def test_huge_line_is_skipped_in_little_memory(tmp_path: Path, capture: Capture) -> None:
    """A line of 50 MB becomes a failure that names its line; the lines around it are read; memory stays low."""
    path = tmp_path / "all.jsonl"
    good = json.dumps({"text": REPORT}).encode()
    with path.open("wb") as stream:
        stream.write(good + b'\n{"text":"')
        for _ in range(50):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"}\n' + good)
    tracemalloc.start()
    items, failures = split(capture(str(path), max_item_bytes=2_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [i.capture.origin for i in items] == [f"{path}#1", f"{path}#3"]
    assert [f.where for f in failures] == [f"{path}#2"]
    assert peak < 8_000_000


def test_bad_lines_do_not_stop_good_ones(tmp_path: Path, capture: Capture) -> None:
    """Each bad line of a JSON lines file is a failure with its number; blank lines are passed over."""
    lines = [
        b'{"text": "' + REPORT.encode() + b'"}',
        b"",
        b'{"text": ',
        b'{"title": "no text"}',
        b'{"text": 5}',
        b'"text"',
        b'{"text": "caf\xe9"}',
        b"[" * 100_000,
        b'{"html": "<p>x</p>"}',
    ]
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"\n".join(lines))
    items, failures = split(capture(str(path)))
    assert [(i.capture.origin[-2:], i.capture.pointer, i.capture.media_type) for i in items] == [
        ("#1", "/text", "text/plain"),
        ("#9", "/html", "text/html"),
    ]
    assert [f.where[-2:] for f in failures] == ["#3", "#4", "#5", "#6", "#7", "#8"]


def test_record_fields_become_hints_and_the_user_goes_first(tmp_path: Path, capture: Capture) -> None:
    """A record's fields are hints given by the record; a user's hint takes the place of one field only."""
    path = tmp_path / "a.jsonl"
    record = {
        "id": 7,
        "url": "https://e.org/a",
        "outlet": "Desk",
        "date": "2016-12-11",
        "title": "A\nB",
        "text": REPORT,
    }
    path.write_text(json.dumps(record))
    (item,), _ = split(capture(str(path)))
    assert item.capture.hints == Hints(
        outlet="Desk", url="https://e.org/a", published="2016-12-11", title="A B", item_id="7", given_by="record"
    )
    (item,), _ = split(capture(str(path), hints=Hints(outlet="Other")))
    assert (item.capture.hints.outlet, item.capture.hints.given_by) == ("Other", "record")
    (item,), _ = split(capture(str(path), hints=Hints(published="2016-12-12")))
    assert (item.capture.hints.published, item.capture.hints.given_by) == ("2016-12-12", "user")


def test_json_array_gives_one_capture_an_element(tmp_path: Path, capture: Capture) -> None:
    """A JSON array of records gives captures numbered from 1, their bytes as they stand in the file."""
    records = [
        {"id": "1", "text": 'He said "no, [not] {that}\\" \\\\'},
        {"text": REPORT, "tags": ["a", {"b": []}]},
        3,
    ]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(records, indent=2))
    items, failures = split(capture(str(path)))
    assert [json.loads(i.data) for i in items] == records[:2]
    assert [i.capture.origin for i in items] == [f"{path}#1", f"{path}#2"]
    assert [f.where for f in failures] == [f"{path}#3"]
    path.write_text(json.dumps(records)[:-5])
    assert len(split(capture(str(path)))[0]) == 1


def test_single_object_and_lines_under_another_name(tmp_path: Path, capture: Capture) -> None:
    """A .json file may hold one record over many lines, or one record a line."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"text": REPORT}, indent=2))
    assert [i.capture.origin for i in split(capture(str(path)))[0]] == [str(path)]
    path.write_text(json.dumps({"text": REPORT}) + "\n" + json.dumps({"text": REPORT}) + "\n")
    assert [i.capture.origin for i in split(capture(str(path)))[0]] == [f"{path}#1", f"{path}#2"]


def test_feed_entries_are_captures(tmp_path: Path, capture: Capture) -> None:
    """Each entry of a feed is a capture of its fullest text with the feed's words as hints; an empty one fails."""
    path = tmp_path / "feed.xml"
    path.write_text(FEED)
    (item,), (failure,) = split(capture(str(path)))
    assert item.data == b"<p>Rebels took the town on <i>Sunday</i>.</p><p>The army left.</p>"
    assert (item.capture.origin, item.capture.method, item.capture.media_type) == (f"{path}#1", "feed", "text/html")
    assert item.capture.hints == Hints(
        outlet="Desk & News",
        url="https://example.org/1",
        published="Sun, 11 Dec 2016 18:00:00 +0100",
        title="Town falls",
        item_id="g1",
        given_by="feed",
    )
    assert failure.where == f"{path}#2"
    assert "https://example.org/2" in failure.remedy


def test_xml_bomb_in_a_feed_ends(tmp_path: Path, capture: Capture) -> None:
    """Entities that multiply themselves are not unfolded."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    path = tmp_path / "feed.xml"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "lol">{entities}]><rss version="2.0"><channel>'
        "<item><title>x</title><description>&e11;</description></item></channel></rss>"
    )
    items, failures = split(capture(str(path)))
    assert all(len(i.data) < 100_000 for i in items)
    assert len(items) + len(failures) == 1


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("Émeutes à Alep".encode("utf-8-sig"), "utf-8-sig"),
        (f"{REPORT} Émeutes".encode("utf-16"), "utf-16"),
        (f"{REPORT} Émeutes".encode(), "utf-8"),
        ((REPORT + " He said “no” – at the café.\n").encode("cp1252") * 3, "cp1252"),
        (REPORT.encode() * 50 + b"\xff", "utf-8"),
        (f"<html><meta charset='windows-1251'><p>{'Войска взяли город. ' * 3}</p>".encode("cp1251"), "cp1251"),
    ],
)
def test_charset_is_found(tmp_path: Path, capture: Capture, data: bytes, charset: str) -> None:
    """The charset is that of the mark, the page's head, UTF-8, or a guess that reads, and the capture names it."""
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    (item,), failures = split(capture(str(path)))
    assert not failures
    assert item.capture.charset == charset


def test_standard_input(capture: Capture) -> None:
    """Standard input may hold a text, a page, JSON lines or a feed."""
    for data, method, media_type in (
        (REPORT.encode(), "stdin", "text/plain"),
        (b"[Updated] " + REPORT.encode(), "stdin", "text/plain"),
        (f"<!doctype html><p>{REPORT}</p>".encode(), "stdin", "text/html"),
        (json.dumps({"text": REPORT}).encode(), "jsonl", "text/plain"),
        (FEED.encode(), "feed", "text/html"),
    ):
        items, _ = split(capture("-", stdin=io.BytesIO(data)))
        assert [(i.capture.method, i.capture.media_type) for i in items] == [(method, media_type)]
        assert items[0].capture.origin.startswith("-")
    _, (failure,) = split(capture("-"))
    assert failure.where == "-"
