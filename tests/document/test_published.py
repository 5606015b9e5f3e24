"""When a report was published: hints, pages, texts, and bounds where nothing says it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from heldby.document import read_rules
from heldby.document.written_date import read_date
from heldby.errors import KnowledgeError

Make = Callable[..., Any]
BODY = "The army left the town of Salma on Sunday, a monitor said. Rebels entered it from the east an hour later."
NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2016-12-11", "2016-12-11"),
        ("2016-12-11T18:20:00+01:00", "2016-12-11"),
        ("20161211", "2016-12-11"),
        ("Sun, 11 Dec 2016 18:00:00 GMT", "2016-12-11"),
        ("Sunday 11th December 2016", "2016-12-11"),
        ("Dec. 11, 2016", "2016-12-11"),
        ("11.12.2016", "2016-12-11"),
        ("December 11, 2016 - 6:20 pm", "2016-12-11"),
        ("2016-12", "2016-12-01/2016-12-31"),
        ("February 2016", "2016-02-01/2016-02-29"),
        ("2016", "2016-01-01/2016-12-31"),
        ("13/04/2016", "2016-04-13"),
        ("03/04/2016", "2016-03-04/2016-04-03"),
        ("yesterday", None),
        ("2016-13-45", None),
        ("31 February 2016", None),
        ("", None),
    ],
)
def test_written_dates(text: str, iso: str | None) -> None:
    """The usual ways to write a day are read; one that has two readings gives both as bounds."""
    found = read_date(text)
    assert (found.when.iso() if found else None) == iso


def test_user_hint_with_a_zone(make: Make) -> None:
    """A time with its zone gives the exact time, and the report is known from then on."""
    document = make(BODY, published="2016-12-11T18:20:00+01:00")
    assert (document.published.iso(), document.published_from) == ("2016-12-11", "user")
    assert document.published_at == document.known_at == datetime(2016, 12, 11, 17, 20, tzinfo=UTC)


def test_day_without_time_is_known_at_its_end(make: Make) -> None:
    """Of a report with a day only, nobody could know before the end of that day for sure."""
    document = make(BODY, published="2016-12-11", given_by="record")
    assert (document.published_from, document.published_at) == ("record", None)
    assert document.known_at == datetime(2016, 12, 11, 23, 59, 59, tzinfo=UTC)
    assert make(BODY, published="2024-05-01").known_at == NOW


@pytest.mark.parametrize(
    "absurd", ["2096-01-01", "0016-12-11", "yesterday", "9999-12-31T23:59:59+14:00", "next week"]
)
def test_absurd_dates_are_passed_over_and_said(make: Make, absurd: str) -> None:
    """A date that cannot be or cannot be read is not used; the document stays and says so."""
    document = make(BODY, published=absurd)
    assert document.published_from == "unknown"
    assert (document.published.earliest, document.published.latest) == (None, date(2024, 5, 1))
    assert absurd in document.published.reason
    assert document.known_at == NOW


def test_absurd_hint_gives_way_to_the_text(make: Make) -> None:
    """Where the hint cannot be used, the date in the text is, and both are in the reason."""
    document = make(f"Published: 11 December 2016\n\n{BODY}", published="2096-01-01")
    assert (document.published.iso(), document.published_from) == ("2016-12-11", "text")
    assert "2096-01-01" in document.published.reason


def test_hint_and_text_that_differ_are_both_said(make: Make) -> None:
    """The hint goes first; a different date at the head of the text is named in the reason."""
    document = make(f"Published: 11 December 2016\n\n{BODY}", published="2016-11-02", given_by="record")
    assert document.published.iso() == "2016-11-02"
    assert "2016-12-11" in document.published.reason


def test_address_and_dateline_tell_the_day(make: Make) -> None:
    """The day in a page's address, or in the dateline of its first paragraph, is used."""
    document = make(BODY, url="https://desk.example/en/20161211-army-leaves")
    assert (document.published.iso(), document.published_from, document.outlet) == (
        "2016-12-11",
        "page",
        "desk.example",
    )
    document = make(f"BEIRUT, Dec 11, 2016 (Desk) - {BODY}")
    assert (document.published.iso(), document.published_from) == ("2016-12-11", "text")


@pytest.mark.parametrize(
    ("sentence", "earliest"),
    [
        ("The war began in March 2011.", "2011-03-01"),
        ("Rebels had held it since 24 October 2014.", "2014-10-24"),
        ("The truce will end on 24 October 2019.", None),
        ("Talks are due in June 2030.", None),
        ("They hope to vote by 24 October 2019.", None),
        ("He lives in Room 2019.", None),
        ("It fell last year, on a Sunday in March.", None),
    ],
)
def test_bounds_are_sound(make: Make, sentence: str, earliest: str | None) -> None:
    """Only days that the text tells as past bound the day of publication; the capture is the upper bound."""
    document = make(f"{BODY} {sentence}")
    assert document.published.earliest == (date.fromisoformat(earliest) if earliest else None)
    assert document.published.latest == date(2024, 5, 1)
    assert document.published_from == ("inferred" if earliest else "unknown")
    assert document.published_at is None
    assert document.known_at == NOW


def test_page_dates_in_linked_data_and_time(make: Make) -> None:
    """Linked data and time elements give the day; a page's other dates do not."""
    body = "".join(f"<p>{BODY} And number {n} of it.</p>" for n in range(4))
    linked = '<script type="application/ld+json">{"@graph":[{"datePublished":"2016-12-11T08:00:00Z"}]}</script>'
    document = make(f"<html><head>{linked}</head><body>{body}</body></html>", media_type="text/html")
    assert (document.published.iso(), document.published_from) == ("2016-12-11", "page")
    timed = f"<html><body><article><time datetime='2016-12-11'>then</time>{body}</article></body></html>"
    assert make(timed, media_type="text/html").published.iso() == "2016-12-11"
    footer = (
        f"<html><body>{body}<footer>Page made on 12 May 2023. <a href='/2022/01/01/x'>x</a></footer></body></html>"
    )
    assert make(footer, media_type="text/html").published_from == "unknown"


def test_wrong_knowledge_file_is_named() -> None:
    """A rule that cannot be used is an error that names the file."""
    with pytest.raises(KnowledgeError, match=r"furniture\.toml"):
        read_rules({"rule": []})
