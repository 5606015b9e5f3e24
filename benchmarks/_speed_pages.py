"""Texts for the measurement of speed, and web pages around them with the furniture that news sites put there."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path

SENTENCES_A_PARAGRAPH = 3
# In the mixed set one page in this many is about war.
WAR_PAGES_ONE_IN = 10
FEWEST_WORDS = 60
TREEBANKS = ("gum", "ewt")
ROOT = Path(__file__).resolve().parents[1]

_SENTENCE_END = re.compile(r"(?<=[.!?][\"”]) +(?=[A-Z])|(?<=[.!?]) +(?=[A-Z\"“])")
_TOPICS = (
    "Home", "World", "Politics", "Business", "Markets", "Technology", "Science", "Health", "Sport", "Football",
    "Culture", "Books", "Film", "Music", "Travel", "Food", "Style", "Opinion", "Letters", "Weather", "Video",
    "Podcasts", "Newsletters", "Jobs", "Puzzles",
)  # fmt: skip
_TEASERS = (
    "Ten quiet beaches to visit before the summer crowds arrive",
    "How a small bakery became the talk of the town",
    "What the new budget means for your pension",
    "The players to watch in the second round",
    "Why librarians are worried about old newspapers",
    "A night train returns after twenty years",
    "Five books that our critics could not put down",
    "Researchers count the birds of a city park",
    "The recipe: lentil soup with lemon and cumin",
    "Heavy rain expected in the north from Thursday",
)


@dataclass(frozen=True, slots=True)
class Text:
    """One report to be read: its headline ("" for none), its day and its text."""

    title: str
    day: str
    text: str

    @property
    def plain(self) -> str:
        """The headline and the text, as a pipeline for texts is given them."""
        return f"{self.title}\n\n{self.text}" if self.title else self.text

    @property
    def words(self) -> int:
        """The number of words between blanks."""
        return len(self.plain.split())


def war_texts(shared: Path) -> list[Text]:
    """Return reports on wars: the control articles if they are there, else what the project has itself."""
    path = shared / "control" / "articles.jsonl"
    if path.is_file():
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        return [Text(row["title"], row["published"], row["text"]) for row in rows]
    files = [*sorted((ROOT / "samples").glob("*/*.txt")), *sorted((ROOT / "training" / "reports").glob("*.txt"))]
    parts = [part for file in files for part in re.split(r"\n#.*\n|\n\n\n+", file.read_text("utf-8"))]
    return [Text("", "2020-01-01", part.strip()) for part in parts if part.strip()]


def other_texts(shared: Path) -> list[Text]:
    """Return texts that are mostly about other things: treebank documents, news of diseases; none where absent."""
    found = [Text("", "2012-03-01", text) for name in TREEBANKS for text in _treebank(shared / "data", name)]
    viruses = shared / "data" / "geovirus" / "GeoVirus.xml"
    if viruses.is_file():
        articles = ElementTree.parse(viruses).getroot().iter("article")
        found += [Text("", "2009-05-01", " ".join((one.findtext("text") or "").split())) for one in articles]
    return [text for text in found if text.words >= FEWEST_WORDS]


def _treebank(data: Path, name: str) -> Iterator[str]:
    for part in ("dev", "test", "train"):
        path = data / f"ud_english_{name}" / f"{part}.conllu"
        if not path.is_file():
            continue
        for document in re.split(r"^# newdoc id = .*$", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            yield " ".join(re.findall(r"^# text = (.*)$", document, flags=re.MULTILINE))


def spread(texts: Sequence[Text], count: int) -> list[Text]:
    """Return that many of the texts, taken evenly from all of them, all where there are fewer."""
    count = min(count, len(texts))
    return [texts[number * len(texts) // count] for number in range(count)]


def text_sets(shared: Path, *, documents: int) -> dict[str, list[Text]]:
    """Return the sets of texts to be read: reports on wars, and a crawl with a few such reports among others."""
    war, others = war_texts(shared), other_texts(shared)
    sets = {"war reports": spread(war, documents)}
    if others:
        few = spread(war, max(1, documents // WAR_PAGES_ONE_IN))
        rest = iter(spread(others, documents - len(few)))
        mixed: list[Text] = []
        for text in few:
            mixed += [text, *(other for _, other in zip(range(WAR_PAGES_ONE_IN - 1), rest, strict=False))]
        sets["mixed crawl"] = [*mixed, *rest]
    return sets


def write_pages(texts: Sequence[Text], folder: Path) -> int:
    """Write one page for each text into a folder; return the bytes written."""
    size = 0
    for number, text in enumerate(texts):
        data = page(text, number=number).encode("utf-8")
        (folder / f"page-{number:05}.html").write_bytes(data)
        size += len(data)
    return size


def page(text: Text, *, number: int) -> str:
    """Return a news page: head with scripts and metadata, menus, notices, the text, shares, teasers, footer."""
    sentences = _SENTENCE_END.split(text.text)
    title = text.title or " ".join(sentences[0].split()[:12]).rstrip(".,;:")
    paragraphs = [
        f"<p>{escape(' '.join(sentences[at : at + SENTENCES_A_PARAGRAPH]))}</p>"
        for at in range(0, len(sentences), SENTENCES_A_PARAGRAPH)
    ]
    half = (len(paragraphs) + 1) // 2
    middle = '<aside class="newsletter"><p>Get our morning letter: five stories, one minute.</p></aside>'
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            _head(title, text.day, number=number),
            "<body>",
            _menus(),
            f'<main><article><h1>{escape(title)}</h1>{_byline(text.day)}<div class="article-body">',
            *paragraphs[:half],
            middle,
            *paragraphs[half:],
            "</div>",
            _shares(number),
            "</article>",
            _teasers(number, text.day),
            "</main>",
            _footer(),
            "</body></html>",
        )
    )


def _head(title: str, day: str, *, number: int) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": day}
    rules = "".join(f".c{one}{{margin:{one}px;color:#{one:03x}}}" for one in range(120))
    script = "".join(f"window.q=window.q||[];q.push(['slot',{one},'{number}']);" for one in range(60))
    return (
        f"<head><meta charset='utf-8'><title>{escape(title)} | The Example Herald</title>"
        f"<meta property='og:title' content='{escape(title, quote=True)}'>"
        f"<meta property='article:published_time' content='{day}T09:00:00Z'>"
        "<meta property='og:site_name' content='The Example Herald'>"
        f"<link rel='canonical' href='https://herald.example/{day}/{number}'>"
        f"<style>{rules}</style><script>{script}</script>"
        f"<script type='application/ld+json'>{json.dumps(data)}</script></head>"
    )


def _menus() -> str:
    items = "".join(f'<li><a href="/{name.lower()}">{name}</a></li>' for name in _TOPICS)
    return (
        '<div class="cookie-banner" role="dialog"><p>We use cookies to improve this site.</p>'
        "<button>Accept</button></div>"
        f'<header><a class="logo" href="/">The Example Herald</a><nav class="main-menu"><ul>{items}</ul></nav>'
        '<form role="search"><input name="q" placeholder="Search"></form></header>'
        '<div class="breadcrumbs"><a href="/">Home</a> &rsaquo; <a href="/world">World</a></div>'
    )


def _byline(day: str) -> str:
    said = date.fromisoformat(day[:10]).strftime("%d %B %Y")
    return (
        f'<p class="byline">By <a rel="author" href="/staff">Staff writer</a></p><time datetime="{day}">{said}</time>'
    )


def _shares(number: int) -> str:
    places = ("Email", "Print", "Copy link", "Share")
    links = "".join(f'<li><a href="/share/{number}/{one}">{name}</a></li>' for one, name in enumerate(places))
    comments = f'<p class="comments"><a href="#comments">{number % 40} comments</a></p>'
    return f'<ul class="share-buttons">{links}</ul>{comments}'


def _teasers(number: int, day: str) -> str:
    first = date.fromisoformat(day[:10])
    cards = "".join(
        f'<div class="card"><a href="/s/{number}-{one}"><img src="/i/{one}.jpg" alt=""><h3>{_TEASERS[one]}</h3></a>'
        f"<time>{(first - timedelta(days=one)).isoformat()}</time></div>"
        for one in ((number + step) % len(_TEASERS) for step in range(6))
    )
    read = "".join(f'<li><a href="/m/{one}">{_TEASERS[one]}</a></li>' for one in range(5))
    most_read = f'<aside class="most-read"><ol>{read}</ol></aside>'
    return f'<section class="related"><h2>More stories</h2>{cards}</section>{most_read}'


def _footer() -> str:
    links = "".join(
        f'<li><a href="/{name}">{name.title()}</a></li>' for name in ("about", "contact", "privacy", "terms")
    )
    return f"<footer><ul>{links}</ul><p>&copy; The Example Herald. All rights reserved.</p></footer>"
