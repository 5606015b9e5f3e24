"""Plain texts: paragraphs, headline, captions, bylines, furniture, and the head and tail of one-paragraph texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heldby.capture import capture_items
from heldby.document import DocumentRules, captured_text, make_documents
from heldby.records import Document, Failure, Hints
from heldby.settings import Settings

Make = Callable[..., Any]
SEED = Path(__file__).resolve().parents[3] / "shared" / "seed" / "palmyra-2016-12-11.txt"
BODY = "The army left the town of Salma on Sunday, a monitor said. Rebels entered it from the east an hour later."


def kinds(document: Document) -> list[tuple[str, str]]:
    """Return kind and words of each block."""
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def test_paragraphs_by_blank_lines_and_their_offsets(make: Make) -> None:
    """Blocks of a plain text stand where they stand in the captured text."""
    text = f"Army leaves Salma, monitor says\r\n\r\n{BODY}\r\n\r\n  {BODY}\n"
    document = make(text)
    assert document.text == text
    assert kinds(document) == [
        ("headline", "Army leaves Salma, monitor says"),
        ("paragraph", BODY),
        ("paragraph", BODY),
    ]
    assert all((b.start, b.end) == (b.source_start, b.source_end) for b in document.blocks)
    assert document.title == "Army leaves Salma, monitor says"


def test_each_line_a_paragraph(make: Make) -> None:
    """Long lines without blank lines between them are paragraphs of their own."""
    document = make(f"Army leaves Salma\n{BODY}\n{BODY}")
    assert [kind for kind, _ in kinds(document)] == ["headline", "paragraph", "paragraph"]


def test_wrapped_lines_are_one_paragraph(make: Make) -> None:
    """Lines that were wrapped at a width are joined, and the title above them stays apart."""
    wrapped = (
        "The army left the town of Salma on Sunday, a monitor said, and the\n"
        "rebels entered it from the east an hour later without meeting any\n"
        "resistance, according to two residents who were reached by phone.\n"
    )
    document = make(f"Army leaves Salma\n{wrapped}\n{wrapped}")
    assert [kind for kind, _ in kinds(document)] == ["headline", "paragraph", "paragraph"]


def test_furniture_is_marked_with_its_reason_and_kept(make: Make) -> None:
    """Navigation, share buttons, cookie notices, links, error boxes and legal notices are marked, not deleted."""
    furniture = {
        "Skip to main content": "navigation",
        "Share on Facebook": "share buttons",
        "We use cookies to improve this site. Accept all cookies": "cookie notice",
        "Sign up for our newsletter": "call to subscribe",
        "Read also: Ten things to know about Salma": "link to another page",
        "Tags: Syria, Latakia, war": "list of topics",
        "© 2016 Desk News. All rights reserved.": "legal notice",
        "Page not found": "error message",
        "This article was removed or is no longer available.": "error message",
    }
    document = make("\n\n".join(["Army leaves Salma, monitor says", BODY, BODY, *furniture, BODY]))
    marked = {document.text[b.start : b.end]: b.reason for b in document.blocks if b.kind == "furniture"}
    assert marked == furniture


@pytest.mark.parametrize(
    "sentence",
    [
        "Share of the blame lies with the army, which left the town on Sunday, the monitor said.",
        "Search teams entered Salma on Monday after the shelling had stopped, residents said.",
        "More than 40 fighters were killed in Salma.",
        "Rebels said: we hold Salma.",
        "The town is not available to reporters, who were told that access was denied by the army on Sunday.",
        "Home to 20,000 people before the war, Salma fell to rebels in 2012.",
        "Follow-up strikes hit the hospital.",
        "Related fighting was reported near Kansabba on Sunday evening.",
        "The photo agency's office in Salma was hit.",
        "By Sunday evening the army had taken the town.",
        "Sources said that Salma fell.",
    ],
)
def test_no_sentence_of_a_report_is_marked(make: Make, sentence: str) -> None:
    """Sentences that begin like furniture, captions or bylines stay paragraphs."""
    document = make(f"Army leaves Salma\n\n{BODY}\n\n{sentence}\n\n{BODY}")
    assert kinds(document)[2] == ("paragraph", sentence)


@pytest.mark.parametrize(
    "caption",
    [
        "Jane Q. Roe / AFP | Smoke rises over the citadel of Salma on April 9, 2016.",
        "FILE PHOTO: Smoke rises over Salma on April 9, 2016",
        "Smoke rises over Salma on April 9, 2016. (AP Photo/Jane Roe)",
        "Photo: Smoke rises over Salma on 9 April 2016",
        "Smoke rises over Salma on April 9, 2016 [File: Jane Roe/Reuters]",
        "Smoke rises over Salma, April 9, 2016. Photograph: Jane Roe/AFP",
    ],
)
def test_captions_are_known_and_have_a_day_of_their_own(make: Make, caption: str) -> None:
    """A picture's caption is no paragraph, and the date in it is the picture's."""
    document = make(f"Army leaves Salma\n\n{caption}\n\n{BODY}")
    (block,) = [block for block in document.blocks if block.kind == "caption"]
    assert document.text[block.start : block.end] == caption
    assert block.date is not None
    assert block.date.iso() == "2016-04-09"


def test_byline_and_its_date(make: Make) -> None:
    """The line of the writers gives the byline; a date in it is the report's."""
    document = make(f"Army leaves Salma\n\nBy Jane Roe in Latakia\n\nPublished: 11 December 2016\n\n{BODY}")
    assert [kind for kind, _ in kinds(document)] == ["headline", "byline", "byline", "paragraph"]
    assert document.byline == "Jane Roe in Latakia"
    assert (document.published.iso(), document.published_from) == ("2016-12-11", "text")


def test_strays_above_and_below(make: Make) -> None:
    """Short lines without a stop above the headline and below the last paragraph are furniture by their place."""
    document = make(f"Middle East\n\nArmy leaves Salma, monitor says\n\n{BODY}\n\nSyria war\n\nLatakia")
    assert [kind for kind, _ in kinds(document)] == ["furniture", "headline", "paragraph", "furniture", "furniture"]


@pytest.mark.parametrize(
    ("opening", "title", "day", "expected"),
    [
        ("Mon Jul 18 2016 Army leaves Salma. ", "Army leaves Salma", "2016-07-18", "byline headline"),
        ("18-07-2016 Army leaves Salma . ", "title: Army leaves Salma", "2016-07-18", "byline headline"),
        ("Last updated at Jul 182016 ", "Army leaves Salma | The Desk", "2016-07-18", "byline"),
        ("18.07.2016(updated 1618 18.07.2016) Get short URL 0 215 ", "None of it", "2016-07-18", "byline"),
        ("Army leaves Salma NGO AFP Monday 18 Jul 2016 ", "Army leaves Salma: NGO - World - Desk", "2016-07-18",
         "headline byline"),
        ("July 18 2016 by Jane Roe and Al Roe Army leaves Salma ", "Army leaves Salma", "2016-07-18",
         "byline byline headline"),
        ("Wednesday 07 December 2016 135 Rebels leave Salma. ", "135 Rebels leave Salma", "2016-12-07",
         "byline headline"),
    ],
)  # fmt: skip
def test_opening_of_a_one_paragraph_text(make: Make, opening: str, title: str, day: str, expected: str) -> None:
    """Date and title before the first sentence become blocks; the paragraph begins with the sentence itself."""
    document = make(opening + BODY, title=title)
    found = kinds(document)
    assert [kind for kind, _ in found] == [*expected.split(), "paragraph"]
    assert found[-1][1] == BODY
    assert (document.published.iso(), document.published_from) == (day, "text")
    assert document.text == opening + BODY


def test_date_that_opens_a_sentence_is_not_cut_off(make: Make) -> None:
    """A sentence that begins with a date stays whole."""
    document = make("12 May 2016 saw the army leave Salma. Rebels entered the town an hour later, a monitor said.")
    assert [kind for kind, _ in kinds(document)] == ["paragraph"]


def test_notice_behind_a_short_report_is_cut_off(make: Make) -> None:
    """A legal notice behind the last sentence of a short report does not take the report with it."""
    document = make("Rebels took Salma on Sunday. © 2016 The Desk. All rights reserved.")
    assert kinds(document)[0] == ("paragraph", "Rebels took Salma on Sunday.")
    assert {kind for kind, _ in kinds(document)[1:]} == {"furniture"}


def test_title_that_is_not_in_the_text(make: Make) -> None:
    """A title given beside the text is kept as the title and not put into the text."""
    document = make(BODY, title="Salma falls")
    assert (document.title, document.text) == ("Salma falls", BODY)


def test_tail_of_a_one_paragraph_text(make: Make) -> None:
    """What a page says after the last sentence is cut off as blocks of its own."""
    tail = " Reporting by Jane Roe; Editing by A. Roe Our Standards: The Thomson Reuters Trust Principles."
    document = make(BODY + tail)
    assert kinds(document)[0] == ("paragraph", BODY)
    assert {kind for kind, _ in kinds(document)[1:]} == {"byline", "furniture"}


@pytest.mark.parametrize(
    "text", ["Page not found", "404 Not Found\n\nBack to home", "Access denied.", "", "Salma", "\n"]
)
def test_error_pages_and_empty_texts_are_failures(make: Make, text: str) -> None:
    """A text that is only an error message or says nothing is a failure that names the item."""
    failure = make(text)
    assert isinstance(failure, Failure)
    assert (failure.stage, failure.where) == ("document", "a.txt")
    assert failure.remedy


def test_too_long_a_text_is_a_failure(make: Make) -> None:
    """A text of many reports in one is refused with the way to split it."""
    assert "Split it" in make("word " * 300_000).remedy
    assert "Split it" in make("one two\n" * 20_000).remedy


def test_unstorable_characters_keep_their_place(make: Make) -> None:
    """NUL characters and broken bytes are shown as U+FFFD, one each, and offsets hold."""
    document = make(b"The army left Salma\x00 on Sunday, \xff a monitor said.")
    assert document.text == "The army left Salma\ufffd on Sunday, \ufffd a monitor said."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Rebels seize Salma.", ""),
        ("Rebels captured Salma on Saturday.", "en"),
        (BODY, "en"),
        (
            "L'armée a quitté la ville de Salma dimanche, selon une ONG, et les rebelles y sont entrés.",
            "fr",
        ),
        ("Армия оставила город Сальма в воскресенье, и повстанцы вошли в него с востока, как сообщили жители.", "ru"),
    ],
)
def test_language_is_told(make: Make, text: str, language: str) -> None:
    """A report in another language is still a document, and its language is said."""
    document = make(text)
    if isinstance(document, Failure):
        assert len(text.split()) < 4
    else:
        assert document.language == language


@settings(max_examples=150, deadline=None)
@given(
    parts=st.lists(
        st.text(st.sampled_from("abcDE .,\n\r\t“é’|/-©1962:\u2028"), min_size=1, max_size=80), max_size=12
    ),
    title=st.text(st.sampled_from("abcDE |-."), max_size=30),
)
def test_blocks_cover_the_text_in_order(make: Make, parts: list[str], title: str) -> None:
    """Blocks never overlap, never lose a word, and are exact stretches of the captured text."""
    text = "The army left the town of Salma.\n\n" + "".join(parts)
    document = make(text, title=title)
    assert document.text == text
    covered = "".join(text[b.start : b.end] for b in document.blocks)
    assert "".join(covered.split()) == "".join(text.split())
    ends = [0, *(b.end for b in document.blocks)]
    assert all(b.start >= end and b.start < b.end for b, end in zip(document.blocks, ends, strict=False))


@pytest.mark.shared
@pytest.mark.skipif(not SEED.is_file(), reason="the seed report beside the checkout is absent")
def test_seed_report(rules: DocumentRules) -> None:
    """The seed report: furniture, headline and caption are known, and no wrong date is claimed."""
    found = capture_items([str(SEED)], hints=Hints(), settings=Settings(), now=datetime(2024, 5, 1, tzinfo=UTC))
    item: Any = next(found)
    (document,) = make_documents([item], rules=rules)
    assert isinstance(document, Document)
    marked = [document.text[b.start : b.end] for b in document.blocks if b.kind == "furniture"]
    assert [words.split()[0] for words in marked] == ["Skip", "Page", "The"]
    assert marked[-1].endswith("anymore.")
    assert [b.kind for b in document.blocks[:4]] == ["furniture", "headline", "caption", "paragraph"]
    assert document.blocks[2].date is not None
    assert document.blocks[2].date.iso() == "2016-04-09"
    assert document.published is not None
    assert document.published.earliest == date(2016, 4, 9)
    assert document.published.latest == date(2024, 5, 1)
    assert document.published_from == "inferred"
    assert captured_text(item.capture, item.data) == document.text
