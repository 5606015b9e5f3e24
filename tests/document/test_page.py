"""Web pages: main text with its place in the page, captions, byline, metadata, and hostile pages."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fromstring

from heldby.records import Document, Failure

Make = Callable[..., Any]
SENTENCE = "<p>The army left the town of Salma on Sunday after days of fighting, a monitor said.</p>"
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Army leaves Salma | Desk News</title>
<meta property="og:site_name" content="Desk News"><meta name="author" content="Jane Roe">
<meta property="article:published_time" content="2016-12-11T18:20:00+01:00">
<script>var x = "<p>not text</p>";</script><style>p { color: red }</style></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li></ul></nav>
<div class="cookie-banner">We use cookies. <button>Accept all</button></div>
<article><h1>Army leaves Salma, monitor says</h1><p class="byline">By Jane Roe in Latakia</p>
<figure><img src="a.jpg"><figcaption>Smoke rises over Salma on April 9, 2016. Photo: A. Roe / AFP</figcaption>
</figure>
<p title="a > b">The army <b>left</b> the town of Salma on Sunday, a monitor said&nbsp;&mdash; after
  days of <!-- hidden --> shelling &amp; air strikes<script>track("x")</script>.</p>
<h2>Rebels enter</h2>
<p>Rebels entered the town from the east<br>an hour later, two residents said by phone on Sunday evening.</p>
<p>“We hold all of it,” a rebel <a href="x">spokes</a>man told the monitor, which is based in Britain.</p>
<ul><li>The first point of this list has some more words in it.</li><li>So does the second point of it.</li></ul>
<aside>Related: <a href="y">Ten things to know about Salma</a></aside></article>
<footer>© 2016 Desk News. All rights reserved.</footer></body></html>"""


def page(text: str) -> str:
    """Wrap a body."""
    return f"<html><body>{text}</body></html>"


def shown(source: str) -> str:
    """Return the words of a stretch of HTML with an independent reader: lxml, with a space at block-level tags."""
    spaced = re.sub(r"<(?=/?(?:p|div|br|li|h\d|td|tr|ul|figcaption)\b)", " <", source)
    tree = fromstring(f"<div>{spaced}</div>")
    for element in tree.xpath("//script | //style | //comment()"):
        element.drop_tree()
    return " ".join(tree.text_content().split())


def test_page_into_blocks(make: Make) -> None:
    """Headline, byline, caption and paragraphs come in the page's order; what is around the report stays out."""
    document = make(PAGE, media_type="text/html")
    found = [(b.kind, document.text[b.start : b.end]) for b in document.blocks]
    assert found[:3] == [
        ("headline", "Army leaves Salma, monitor says"),
        ("byline", "By Jane Roe in Latakia"),
        ("caption", "Smoke rises over Salma on April 9, 2016. Photo: A. Roe / AFP"),
    ]
    assert found[3][1] == (
        "The army left the town of Salma on Sunday, a monitor said — after days of shelling & air strikes."
    )
    assert [words for kind, words in found if kind == "paragraph"][1] == "Rebels enter"
    assert "spokesman" in document.text
    assert "cookies" not in document.text
    assert "track" not in document.text
    assert document.blocks[2].date.iso() == "2016-04-09"


def test_metadata_of_a_page(make: Make) -> None:
    """Outlet, title, byline, day and time of publication come from the page, the time with its zone."""
    document = make(PAGE, media_type="text/html", url="https://desk.example/a")
    assert (document.outlet, document.byline) == ("Desk News", "Jane Roe")
    assert (document.published.iso(), document.published_from) == ("2016-12-11", "page")
    assert "article:published_time" in document.published.reason
    assert document.published_at == datetime(2016, 12, 11, 17, 20, tzinfo=UTC)
    assert document.known_at == document.published_at
    assert (document.language, document.url) == ("en", "https://desk.example/a")


def test_every_block_is_found_in_the_page(make: Make) -> None:
    """The words between a block's offsets in the captured page, tags stripped, are the block's words."""
    document = make(PAGE, media_type="text/html")
    for block in document.blocks:
        assert block.source_start >= 0
        assert shown(PAGE[block.source_start : block.source_end]) == document.text[block.start : block.end]


@settings(max_examples=40, deadline=None)
@given(
    words=st.lists(
        st.text(st.sampled_from("aBé&<>\"'“— \n\u00a0.1"), min_size=1, max_size=40), min_size=1, max_size=6
    ),
    tag=st.sampled_from(["p", "div", "li", "h2", "p class='x > y'"]),
)
def test_offsets_hold_for_any_words(make: Make, words: list[str], tag: str) -> None:
    """Whatever stands in a page's paragraphs, each block that was found is found where it says."""
    name = tag.split()[0]
    body = "".join(f"<{tag}>The army <i>left</i> {html.escape(word)} the town.</{name}>\n" for word in words)
    source = page(SENTENCE + body)
    document = make(source, media_type="text/html")
    assert isinstance(document, Document)
    for block in document.blocks:
        if block.source_start >= 0:
            assert shown(source[block.source_start : block.source_end]) == document.text[block.start : block.end]


def test_feed_entry_is_taken_whole(make: Make) -> None:
    """A short page of a few paragraphs keeps each as a block of its own."""
    document = make("<p>Rebels took <i>Salma</i> on Sunday.</p><p>The army left it.</p>", media_type="text/html")
    assert [document.text[b.start : b.end] for b in document.blocks] == [
        "Rebels took Salma on Sunday.",
        "The army left it.",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Page not found</h1><p>The page you requested does not exist.</p>",
        "<h1>404</h1><p>Sorry, we could not find that page.</p><nav><a>Home</a></nav>",
        "<p>Please enable JavaScript and cookies to continue</p>",
        "<nav><a>Home</a></nav>",
        "",
        "<script>alert(1)</script>",
    ],
)
def test_error_page_is_a_failure(make: Make, body: str) -> None:
    """A page that is only an error message, or shows nothing, is a failure."""
    failure = make(page(body), media_type="text/html")
    assert isinstance(failure, Failure)
    assert failure.remedy


def test_hostile_markup_is_only_text(make: Make) -> None:
    """Scripts are never text, links are never followed, unclosed and cut-off markup is read as far as it goes."""
    source = (
        "<p onclick='x()'>The army left Salma on Sunday, <a href='javascript:alert(1)'>a monitor</a> said."
        "<script>alert('Rebels took Damascus')</script><svg><text>Rebels took Homs</text></svg>"
        "<p>Rebels came an hour later, residents said<div><b>by phone.<iframe src='//e.example'></iframe><p>The army"
    )
    document = make(source, media_type="text/html")
    assert "Salma on Sunday, a monitor said." in document.text
    assert "Damascus" not in document.text
    assert "Homs" not in document.text


@pytest.mark.parametrize(
    "opening", ["<aside>", "<nav><button>Menu</nav>", "<title>Desk", "<form><nav>", "<a href='x>"]
)
def test_unclosed_surroundings_do_not_hide_the_report(make: Make, opening: str) -> None:
    """Navigation, forms and titles that are never closed do not swallow the report after them."""
    document = make(
        f"<html><body>{opening}<p>x</p>{SENTENCE}<p class='y'>Rebels entered it on Sunday.</p>",
        media_type="text/html",
    )
    assert "Rebels entered it on Sunday." in document.text


BOMBS = {
    "deep": "<div>" * 100_000 + SENTENCE,
    "attribute": f"<p title='{'x' * 9_000_000}'>" + SENTENCE * 5,
    "entities": "<p>" + "&lt;" * 1_000_000,
    "tags": "<b></b>" * 400_000,
    "unclosed": "<a " * 500_000,
    "quotes": "<a b='" * 500_000,
    "scripts": "<script>" * 500_000,
    "comments": "<!--" * 500_000,
    "angles": "<" * 3_000_000,
    "zeros": "&#0;&#x110000;" * 100_000 + SENTENCE,
    "json": '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + SENTENCE * 3,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_end(make: Make, name: str) -> None:
    """A page built to exhaust its reader ends soon, as a document or as a failure."""
    started = time.monotonic()
    made = make(page(BOMBS[name]), media_type="text/html")
    assert isinstance(made, Document | Failure)
    assert time.monotonic() - started < 8
