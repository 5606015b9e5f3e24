"""What was captured: bytes that never change, and where they are from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

CaptureMethod = Literal["file", "stdin", "http", "feed", "jsonl"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a person or a feed says about an item beside its bytes; empty where nothing is said.

    `published` is kept as given (ISO date or date-time); `given_by` says who gave it ("user", "feed", "record").
    """

    outlet: str = ""
    url: str = ""
    published: str = ""
    title: str = ""
    item_id: str = ""
    given_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One item as it came in.

    `id` hashes sha256, origin and hints. `origin` is a path, a URL, `-`, or `file.jsonl#12` (line), `feed.xml#3`
    (entry). `fetched_at` is aware, in UTC. `pointer` names the field of the bytes that holds the text ("" the
    whole, "/text" or "/html" of a JSON record). `size` is in bytes.
    """

    id: str
    sha256: str
    origin: str
    fetched_at: datetime
    media_type: str
    method: CaptureMethod
    size: int
    charset: str = ""
    pointer: str = ""
    hints: Hints = Hints()


@dataclass(frozen=True, slots=True)
class CapturedItem:
    """A capture together with its original bytes, on its way to the store."""

    capture: Capture
    data: bytes
