"""A block before its text stands: kind, offsets and reason."""

from __future__ import annotations

from dataclasses import dataclass

from heldby.records.document import BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A stretch of a text with the kind of block that it is; `kind` None where nothing speaks against a paragraph."""

    start: int
    end: int
    kind: BlockKind | None = None
    reason: str = ""


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets without the whitespace at both ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
