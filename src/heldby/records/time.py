"""Times as reports give them: intervals of days with a precision and a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Precision = Literal["day", "week", "month", "season", "year", "interval", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Days `earliest` to `latest` (both included, None where open) and how they were found.

    `precision` is that of the expression; `spans` is True where the whole interval is meant (held for ten
    months), False where the happening lies somewhere inside it; `expression` is as said; `reason` is one
    sentence for a reader; `start_latest`/`end_earliest` bound an uncertain start and end of a spanning interval.
    """

    earliest: date | None
    latest: date | None
    precision: Precision = "day"
    spans: bool = False
    expression: str = ""
    reason: str = ""
    start_latest: date | None = None
    end_earliest: date | None = None

    def iso(self) -> str | None:
        """Return one ISO day, `start/end`, or None where nothing is known."""
        if self.earliest is None and self.latest is None:
            return None
        if self.earliest == self.latest:
            return str(self.earliest)
        return f"{self.earliest or ''}/{self.latest or ''}"
