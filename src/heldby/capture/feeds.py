"""RSS and Atom feeds: each entry's own text, and what the feed says about it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from heldby.capture.fields import clean
from heldby.capture.forms import HTML, PLAIN, media_type
from heldby.errors import CaptureError
from heldby.records import Hints

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed: its text as the feed gives it, the text's media type, and the feed's words about it."""

    text: str
    media_type: str
    hints: Hints


def read_feed(data: bytes, *, origin: str, declared: str = "") -> Iterator[Entry]:
    """Yield the entries of a feed in its own order; raises CaptureError where the bytes are no feed."""
    import feedparser

    headers = {"content-type": declared} if declared else {}
    # Entries are kept as they came: cleaning and resolving links would change what was captured.
    parsed = feedparser.parse(
        BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not parsed.entries:
        broken = f" ({parsed.bozo_exception})" if parsed.bozo else ""
        raise CaptureError(
            f"The feed holds no entries{broken}.",
            where=origin,
            remedy="Give an RSS or Atom feed, or the pages by themselves.",
        )
    outlet = _words(parsed.feed.get("title", ""))
    for entry in parsed.entries:
        text, kind = _fullest(entry)
        yield Entry(text, kind, _hints(entry, outlet))


def _fullest(entry: Any) -> tuple[str, str]:
    """Return the longest text that an entry carries; many feeds give a summary and the whole."""
    found = [(part.get("value") or "", part.get("type") or "") for part in entry.get("content", [])]
    detail = entry.get("summary_detail") or {}
    found.append((entry.get("summary") or "", detail.get("type") or ""))
    text, declared = max(found, key=lambda pair: len(pair[0]))
    return text, PLAIN if media_type(declared) == PLAIN else HTML


def _hints(entry: Any, outlet: str) -> Hints:
    source = entry.get("source") or {}
    return Hints(
        outlet=_words(source.get("title", "")) or outlet,
        url=clean(entry.get("link", "")),
        published=clean(entry.get("published", "") or entry.get("updated", "")),
        title=_words(entry.get("title", "")),
        item_id=clean(entry.get("id", "")),
        given_by="feed",
    )


def _words(markup: str) -> str:
    return clean(html.unescape(_TAG.sub("", markup)))
