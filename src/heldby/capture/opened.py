"""What every way in hands on: a stream of bytes with its name, never more of it in memory than the limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from tempfile import TemporaryFile

from heldby.errors import CaptureError
from heldby.records import Capture, CapturedItem, Failure, Hints
from heldby.records.capture import CaptureMethod
from heldby.records.ids import content_hash, record_id

CHUNK_BYTES = 65_536
SPOOL_ITEMS = 100
SECONDARY_FIELDS = ("outlet", "url", "title", "item_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An input whose bytes can be read once: `chunks` in order, `media_type` and `charset` as declared or ""."""

    origin: str
    method: CaptureMethod
    chunks: Iterator[bytes]
    media_type: str = ""
    charset: str = ""
    hints: Hints = field(default_factory=Hints)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What holds for every item of one run: the user's hints, the limit in bytes, the clock."""

    hints: Hints
    max_item_bytes: int
    now: datetime

    def failure(self, error: CaptureError) -> Failure:
        """Return the failure record of an item that could not be captured."""
        return Failure(
            id=record_id("fail", "capture", error.where, error.what),
            stage="capture",
            where=error.where,
            what=error.what,
            remedy=error.remedy,
            failed_at=self.now.astimezone(UTC),
        )

    def too_large(self, origin: str) -> CaptureError:
        """Return the error for an item over the limit."""
        return CaptureError(
            f"The item is larger than the limit of {self.max_item_bytes:,} bytes.",
            where=origin,
            remedy="Split it, or raise max_item_bytes in the settings.",
        )

    def item(self, opened: Opened, data: bytes, *, media_type: str, charset: str, pointer: str = "") -> CapturedItem:
        """Make the capture of these bytes; its id hashes the bytes' SHA-256, the origin and the hints."""
        hints = merge_hints(self.hints, opened.hints)
        sha256 = content_hash(data)
        said = (hints.outlet, hints.url, hints.published, hints.title, hints.item_id, hints.given_by)
        capture = Capture(
            id=record_id("cap", sha256, opened.origin, said),
            sha256=sha256,
            origin=opened.origin,
            fetched_at=self.now.astimezone(UTC),
            media_type=media_type,
            method=opened.method,
            size=len(data),
            charset=charset,
            pointer=pointer,
            hints=hints,
        )
        return CapturedItem(capture, data)


def merge_hints(user: Hints, found: Hints) -> Hints:
    """Return the hints of an item: what the user says goes before what its record, feed or address says.

    `given_by` names who gave `published`; where no date is given, who gave anything else.
    """
    merged = {name: getattr(user, name) or getattr(found, name) for name in SECONDARY_FIELDS}
    if user.published:
        return Hints(**merged, published=user.published, given_by="user")
    if found.published:
        return Hints(**merged, published=found.published, given_by=found.given_by)
    said_by_user = any(getattr(user, name) for name in SECONDARY_FIELDS)
    return Hints(**merged, given_by="user" if said_by_user else found.given_by)


def read_whole(opened: Opened, frame: Frame) -> bytes:
    """Return all bytes of an input; raises CaptureError where it holds none or more than the limit."""
    parts: list[bytes] = []
    size = 0
    for chunk in opened.chunks:
        size += len(chunk)
        if size > frame.max_item_bytes:
            raise frame.too_large(opened.origin)
        parts.append(chunk)
    data = b"".join(parts)
    if not data.strip():
        raise CaptureError("The item is empty.", where=opened.origin, remedy="Give an item that holds a report.")
    return data


def peek(opened: Opened, *, size: int = CHUNK_BYTES) -> tuple[bytes, Opened]:
    """Return the first bytes of an input, and the input with those bytes still before it."""
    head: list[bytes] = []
    length = 0
    for chunk in opened.chunks:
        head.append(chunk)
        length += len(chunk)
        if length >= size:
            break
    return b"".join(head)[:size], replace(opened, chunks=_both(head, opened.chunks))


def spool(opened: Opened, frame: Frame) -> Opened:
    """Return the same input with its bytes set down in a temporary file before the first of them is handed out.

    For records over http: their reader may take longer over each than the server or the deadline waits.
    """
    return replace(opened, chunks=_spooled(opened, frame))


def _spooled(opened: Opened, frame: Frame) -> Iterator[bytes]:
    size = 0
    with TemporaryFile() as file:
        for chunk in opened.chunks:
            size += len(chunk)
            if size > SPOOL_ITEMS * frame.max_item_bytes:
                raise frame.too_large(opened.origin)
            file.write(chunk)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _both(first: Iterable[bytes], second: Iterable[bytes]) -> Iterator[bytes]:
    yield from first
    yield from second
