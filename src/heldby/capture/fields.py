"""JSON records: where their text stands, and what their fields say about it."""

from __future__ import annotations

import json
from typing import Any

from heldby.capture.forms import HTML, PLAIN
from heldby.errors import CaptureError
from heldby.records import Hints

# The fields of a record that become hints; the first name present counts.
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "outlet": ("outlet",),
    "url": ("url",),
    "published": ("published", "date"),
    "title": ("title",),
    "item_id": ("id",),
}
POINTERS = (("text", "/text", PLAIN), ("html", "/html", HTML))
MAX_HINT_CHARACTERS = 4_000


def read_fields(data: bytes, *, origin: str) -> tuple[Hints, str, str]:
    """Return the hints of one JSON record, the pointer to its text and that text's media type.

    Raises CaptureError where the bytes are no JSON object in UTF-8 or hold no text.
    """
    record = _load(data, origin=origin)
    for name, pointer, media_type in POINTERS:
        text = record.get(name)
        if isinstance(text, str) and text.strip():
            hints = {field: _as_text(record, names) for field, names in FIELD_NAMES.items()}
            return Hints(**hints, given_by="record"), pointer, media_type
    raise CaptureError(
        "The record holds no text.",
        where=origin,
        remedy='Put the report into its field "text" (plain text) or "html".',
    )


def is_object(data: bytes | None) -> bool:
    """Tell whether bytes are one whole JSON object."""
    try:
        return data is not None and isinstance(json.loads(data.decode("utf-8-sig")), dict)
    except (ValueError, RecursionError):
        return False


def _load(data: bytes, *, origin: str) -> dict[str, Any]:
    remedy = "Write one JSON object in UTF-8 for each report."
    try:
        record = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CaptureError(f"The record is not UTF-8 (byte {error.start}).", where=origin, remedy=remedy) from error
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise CaptureError(f"The record is not valid JSON ({reason}).", where=origin, remedy=remedy) from error
    if not isinstance(record, dict):
        raise CaptureError("The record is not a JSON object.", where=origin, remedy=remedy)
    return record


def _as_text(record: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = record.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return clean(str(value))
    return ""


def clean(text: str) -> str:
    """Return a hint as one line that can be stored anywhere: no line breaks, NULs or lone surrogates."""
    storable = text[:MAX_HINT_CHARACTERS].encode("utf-8", errors="replace").decode("utf-8")
    return " ".join(storable.replace("\x00", " ").split())
