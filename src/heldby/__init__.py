"""heldby: who holds which place, when, and according to whom.

The public API is `read`, `Archive` and the records; everything else may change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from heldby.records import (
    Capture,
    Claim,
    DayControl,
    Document,
    Episode,
    Failure,
    Judgement,
    Lineage,
    Place,
    Quantity,
    Source,
    Span,
    Spell,
    When,
)
from heldby.version import __version__

if TYPE_CHECKING:
    from heldby.archive import Archive, PlaceAnswer, PlaceDay, ShownRecord, SourceSeen
    from heldby.progress import RunReport

__all__ = [
    "Archive",
    "Capture",
    "Claim",
    "DayControl",
    "Document",
    "Episode",
    "Failure",
    "Judgement",
    "Lineage",
    "Place",
    "PlaceAnswer",
    "PlaceDay",
    "Quantity",
    "RunReport",
    "ShownRecord",
    "Source",
    "SourceSeen",
    "Span",
    "Spell",
    "When",
    "__version__",
    "read",
]

# Loaded when first asked for, so that `import heldby` stays quick and needs no database.
_LATER = {
    "Archive": "heldby.archive",
    "PlaceAnswer": "heldby.archive",
    "PlaceDay": "heldby.archive",
    "ShownRecord": "heldby.archive",
    "SourceSeen": "heldby.archive",
    "RunReport": "heldby.progress",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'heldby' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LATER[name]), name)


def read(inputs: str | Sequence[str], *, archive: str | Archive | None = None, **options: Any) -> RunReport:
    """Read reports into an archive: a path or URL, an open Archive, or None for the user's own.

    `inputs` and the options (`outlet`, `published`, `title`, `progress`) are those of `Archive.read`; returns the
    same RunReport.
    """
    from heldby.archive import Archive

    items = (inputs,) if isinstance(inputs, str) else tuple(inputs)
    if isinstance(archive, Archive):
        return archive.read(items, **options)
    with Archive(archive or "") as opened:
        return opened.read(items, **options)
