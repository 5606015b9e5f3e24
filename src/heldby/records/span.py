"""A stretch of a text, with its exact words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` (included) to `end` (excluded) of a document's text, and the words that stand there."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Span:
        """Cut the span from the text that it belongs to."""
        return cls(start, end, text[start:end])

    def inside(self, start: int, end: int) -> bool:
        """Tell whether the span lies wholly between two offsets."""
        return start <= self.start and self.end <= end
