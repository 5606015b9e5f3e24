"""From the inputs a user names to captures: one per page, file, line or feed entry; a bad item is a Failure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from heldby.capture.charset import decide_charset
from heldby.capture.feeds import read_feed
from heldby.capture.fields import is_object, read_fields
from heldby.capture.files import open_path, open_stdin, walk_folder
from heldby.capture.forms import HTML, PLAIN, Form, tell_form
from heldby.capture.lines import cut_array, cut_lines
from heldby.capture.opened import Frame, Opened, peek, read_whole, spool
from heldby.capture.web import open_url
from heldby.errors import CaptureError
from heldby.records import CapturedItem, Failure, Hints
from heldby.settings import Settings

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

Captured = Iterator[CapturedItem | Failure]


def capture_items(
    inputs: Sequence[str],
    *,
    hints: Hints,
    settings: Settings,
    now: datetime,
    stdin: BinaryIO | None = None,
) -> Captured:
    """Yield a capture for each item in the inputs, in their order, and a Failure for each that cannot be had.

    An input is a path, a folder (read recursively, in the order of names, hidden files left out), `-` for `stdin`,
    or an http(s) address. JSON lines, JSON arrays of records and feeds give one capture for each record. `hints` are
    the user's and go before those of a record or feed. `now` (aware) becomes `fetched_at`.
    """
    frame = Frame(hints=replace(hints, given_by=""), max_item_bytes=settings.max_item_bytes, now=now)
    for name in inputs:
        for opening in _open_input(name, settings, stdin):
            yield from _capture(opening, frame)


Opening = AbstractContextManager[Opened] | CaptureError


def _open_input(name: str, settings: Settings, stdin: BinaryIO | None) -> Iterator[Opening]:
    try:
        if name == "-":
            yield nullcontext(open_stdin(stdin))
        elif _URL.match(name):
            yield open_url(name, settings)
        elif Path(name).is_dir():
            for found in walk_folder(Path(name)):
                yield found if isinstance(found, CaptureError) else nullcontext(open_path(found))
        else:
            yield nullcontext(open_path(Path(name)))
    except CaptureError as error:
        yield error


def _capture(opening: Opening, frame: Frame) -> Captured:
    if isinstance(opening, CaptureError):
        yield frame.failure(opening)
        return
    try:
        with opening as opened:
            head, opened = peek(opened)
            form = tell_form(head, origin=opened.origin, declared=opened.media_type)
            yield from _by_form(form, opened, frame)
    except CaptureError as error:
        yield frame.failure(error)


def _by_form(form: Form, opened: Opened, frame: Frame) -> Captured:
    if opened.method == "http" and form in {"jsonl", "json_array", "json_object"}:
        opened = spool(opened, frame)
    if form == "jsonl":
        return _records(cut_lines(opened.chunks, frame.max_item_bytes), opened, frame)
    if form == "json_array":
        return _records(cut_array(opened.chunks, frame.max_item_bytes), opened, frame)
    if form == "json_object":
        return _object_or_lines(opened, frame)
    if form == "feed":
        return _entries(opened, frame)
    return _whole(form, opened, frame)


def _whole(form: Form, opened: Opened, frame: Frame) -> Captured:
    data = read_whole(opened, frame)
    markup = form == "html"
    charset = decide_charset(data, declared=opened.charset, markup=markup, origin=opened.origin)
    yield frame.item(opened, data, media_type=HTML if markup else PLAIN, charset=charset)


def _records(pieces: Iterable[tuple[int, bytes | None]], opened: Opened, frame: Frame) -> Captured:
    found = False
    for number, data in pieces:
        if data is not None and not data.strip():
            continue
        found = True
        yield _record(data, replace(opened, origin=f"{opened.origin}#{number}"), frame)
    if not found:
        raise CaptureError(
            "There are no records in it.", where=opened.origin, remedy="Write one JSON object for each report."
        )


def _record(data: bytes | None, opened: Opened, frame: Frame) -> CapturedItem | Failure:
    try:
        if data is None:
            raise frame.too_large(opened.origin)
        hints, pointer, media_type = read_fields(data, origin=opened.origin)
    except CaptureError as error:
        return frame.failure(error)
    opened = replace(opened, method="jsonl", hints=hints)
    return frame.item(opened, data, media_type=media_type, charset="utf-8-sig", pointer=pointer)


def _object_or_lines(opened: Opened, frame: Frame) -> Captured:
    """Read what begins with a JSON object: a single record over several lines, or JSON lines under another name."""
    pieces = (piece for piece in cut_lines(opened.chunks, frame.max_item_bytes) if piece[1] != b"")
    start = list(islice(pieces, 2))
    second = start[-1][1] or b""
    if len(start) == 2 and (second.lstrip().startswith(b"{") or is_object(start[0][1])):
        return _records(chain(start, pieces), opened, frame)
    return _single(chain(start, pieces), opened, frame)


def _single(pieces: Iterable[tuple[int, bytes | None]], opened: Opened, frame: Frame) -> Captured:
    lines = (None if data is None else data + b"\n" for _, data in pieces)
    data = read_whole(replace(opened, chunks=_none_is_too_large(lines, opened, frame)), frame)
    yield _record(data.removesuffix(b"\n"), opened, frame)


def _none_is_too_large(lines: Iterable[bytes | None], opened: Opened, frame: Frame) -> Iterator[bytes]:
    for line in lines:
        if line is None:
            raise frame.too_large(opened.origin)
        yield line


def _entries(opened: Opened, frame: Frame) -> Captured:
    data = read_whole(opened, frame)
    for number, entry in enumerate(read_feed(data, origin=opened.origin, declared=opened.media_type), start=1):
        origin = f"{opened.origin}#{number}"
        if not entry.text.strip():
            remedy = f"Fetch its page: {entry.hints.url}" if entry.hints.url else "Fetch its page."
            yield frame.failure(CaptureError("The feed's entry holds no text.", where=origin, remedy=remedy))
            continue
        entry_opened = replace(opened, origin=origin, method="feed", hints=entry.hints)
        text = entry.text.encode("utf-8", errors="replace")
        yield frame.item(entry_opened, text, media_type=entry.media_type, charset="utf-8")
