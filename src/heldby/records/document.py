"""A report: its clean text, the blocks that it is made of, and what is known of its origin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from heldby.records.time import When

BlockKind = Literal["headline", "byline", "paragraph", "caption", "furniture"]
DateFrom = Literal["user", "record", "feed", "page", "text", "inferred", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of the document's text of one kind.

    `start`/`end`: offsets into `Document.text`; `source_start`/`source_end`: offsets into the captured text (the
    decoded bytes at the capture's pointer), -1 where the block could not be found there again; `date`: a caption's
    own date; `reason`: why it is furniture or a caption.
    """

    kind: BlockKind
    start: int
    end: int
    source_start: int = -1
    source_end: int = -1
    date: When | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One report.

    `text` holds every block, furniture too, separated by blank lines or as captured. `published` is an interval of
    days or None; `published_from` says how it was found; `published_at` is the aware time where one was given.
    `known_at` is from when the report could be known (aware, UTC). `version` is of the rules that made the record.
    """

    id: str
    capture_id: str
    text: str
    blocks: tuple[Block, ...]
    outlet: str = ""
    url: str = ""
    title: str = ""
    byline: str = ""
    published: When | None = None
    published_from: DateFrom = "unknown"
    published_at: datetime | None = None
    known_at: datetime
    language: str = ""
    version: str = ""

    def body(self) -> tuple[Block, ...]:
        """Return the blocks that are read for claims: headlines and paragraphs."""
        return tuple(block for block in self.blocks if block.kind in {"headline", "paragraph"})
