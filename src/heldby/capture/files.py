"""Files, folders and standard input as streams of bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from heldby.capture.opened import CHUNK_BYTES, Opened
from heldby.errors import CaptureError


def open_stdin(stream: BinaryIO | None) -> Opened:
    """Return standard input as an input named `-`; raises CaptureError where there is none."""
    if stream is None:
        raise CaptureError("There is no standard input to read.", where="-", remedy="Pipe a report into heldby.")
    return Opened(origin="-", method="stdin", chunks=_read_stream(stream, origin="-"))


def open_path(path: Path) -> Opened:
    """Return a file as an input; it is opened when its first bytes are asked for."""
    return Opened(origin=path_name(path), method="file", chunks=_read_file(path))


def walk_folder(folder: Path) -> Iterator[Path | CaptureError]:
    """Yield the regular files below a folder, sorted, hidden ones left out; links to folders are not followed.

    A folder that cannot be listed, holds no file, or holds something that is no regular file yields an error.
    """
    problems: list[OSError] = []
    found = False
    for root, folders, names in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            found = True
            path = Path(root) / name
            yield path if path.is_file() or path.is_symlink() else _not_regular(path)
    for problem in problems:
        yield _unreadable(Path(problem.filename or folder), problem)
    if not found and not problems:
        yield CaptureError(
            "The folder holds no files.", where=path_name(folder), remedy="Give a folder that holds reports."
        )


def path_name(path: Path) -> str:
    """Return a path as text that can always be written as UTF-8."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


def _read_file(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            yield from _read_stream(stream, origin=path_name(path))
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:  # a NUL character in the name
        raise CaptureError(f"This is no usable path ({error}).", where=repr(path), remedy="Check it.") from error


def _read_stream(stream: BinaryIO, *, origin: str) -> Iterator[bytes]:
    try:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk
    except OSError as error:
        raise _unreadable(Path(origin), error) from error


def _unreadable(path: Path, error: OSError) -> CaptureError:
    missing = isinstance(error, FileNotFoundError)
    return CaptureError(
        "There is no such file or folder." if missing else f"It cannot be read ({error.strerror or error}).",
        where=path_name(path),
        remedy="Check the path." if missing else "Check its permissions.",
    )


def _not_regular(path: Path) -> CaptureError:
    return CaptureError(
        "This is not a regular file.", where=path_name(path), remedy="Leave it out, or name it by itself."
    )
