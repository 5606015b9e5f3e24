"""The date of publication that a page states about itself; no guessing from other dates on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from heldby.document.published import DateFound
from heldby.document.written_date import WrittenDate, read_date

# Names of meta elements that give the day of first publication, best first.
META_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date_published",
    "publishdate",
    "publish_date",
    "publish-date",
    "pubdate",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "date",
    "originalpublicationdate",
)
MAX_NESTED = 12
MAX_VALUE = 100


def page_dates(tree: HtmlElement) -> Iterator[DateFound]:
    """Yield the dates of publication in a page's linked data, head and time elements, in this order of trust."""
    for text in tree.xpath('//script[contains(@type, "ld+json")]/text()'):
        yield from _linked(str(text))
    yield from _meta(tree)
    yield from _times(tree)


def _linked(text: str) -> Iterator[DateFound]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    for value in _values(data, "datePublished", MAX_NESTED):
        yield from _found(value, "the page's linked data (datePublished)")


def _values(data: Any, key: str, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(data, dict):
        if isinstance(data.get(key), str):
            yield data[key]
        # What is embedded in a report (a video, a comment) has dates of its own; the graph's nodes are the page's.
        nested = [data.get("@graph"), data.get("mainEntity"), data.get("mainEntityOfPage")]
    else:
        nested = data if isinstance(data, list) else []
    for child in nested:
        yield from _values(child, key, depth - 1)


def _meta(tree: HtmlElement) -> Iterator[DateFound]:
    given: dict[str, str] = {}
    for element in tree.xpath("//meta[@content]"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        given.setdefault(name.strip().lower(), element.get("content"))
    for name in META_NAMES:
        if name in given:
            yield from _found(given[name], f"the page's head ({name})")


def _times(tree: HtmlElement) -> Iterator[DateFound]:
    marked = tree.xpath('//*[@itemprop="datePublished" or @pubdate]')
    for element in marked:
        value = element.get("datetime") or element.get("content") or element.text_content()
        yield from _found(value, "the page's own mark of its date")
    # One single day in all time elements of the report can only be its own.
    values = [str(value) for value in tree.xpath("//article//time/@datetime | //header//time/@datetime")]
    written = [one for one in (_read(value) for value in values) if one]
    if written and len({one.when.iso() for one in written}) == 1:
        yield DateFound(written[0], "page", "the page's time element", values[0][:MAX_VALUE])


def _found(value: str, how: str) -> Iterator[DateFound]:
    written = _read(value)
    if written is not None:
        yield DateFound(written, "page", how, value.strip()[:MAX_VALUE])


def _read(value: str) -> WrittenDate | None:
    return read_date(value[:MAX_VALUE])
