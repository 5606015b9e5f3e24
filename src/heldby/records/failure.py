"""An item or a record that could not be worked on, kept so that nothing is dropped silently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """`stage` failed on `where` (an origin or record id) because of `what`; `remedy` says what to do next."""

    id: str
    stage: str
    where: str
    what: str
    remedy: str
    failed_at: datetime
