"""A time expression as it stands in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ExpressionKind = Literal["absolute", "relative", "duration", "recurring"]


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Characters `start` to `end` of a text that name a time, the words themselves, and the kind.

    A month or a day without its year is "absolute" although it needs an anchor; "duration" is a length of time.
    """

    start: int
    end: int
    text: str
    kind: ExpressionKind
