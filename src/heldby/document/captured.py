"""The captured text: what the offsets of a document's blocks refer to."""

from __future__ import annotations

import json

from heldby.errors import DocumentError
from heldby.records import Capture

_UNSTORABLE = {0: "\ufffd"} | dict.fromkeys(range(55296, 57344), "�")


def captured_text(capture: Capture, data: bytes) -> str:
    """Return the decoded text at the capture's pointer, character for character.

    Characters that cannot be stored (NUL, lone surrogates) and bytes that do not fit the charset read as U+FFFD, each
    one in its own place, so that offsets hold. Raises DocumentError where the pointer leads to no text.
    """
    text = data.decode(capture.charset or "utf-8", errors="replace")
    if capture.pointer:
        text = _field(text, capture)
    return text.translate(_UNSTORABLE)


def _field(text: str, capture: Capture) -> str:
    name = capture.pointer.removeprefix("/")
    try:
        found = json.loads(text)[name]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _no_text(capture) from error
    if not isinstance(found, str):
        raise _no_text(capture)
    return found


def _no_text(capture: Capture) -> DocumentError:
    return DocumentError(
        f"The captured record holds no text at {capture.pointer!r}.", where=capture.origin, remedy="Capture it again."
    )
