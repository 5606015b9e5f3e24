"""Which form bytes have: told from what was declared, from the file name and, before both, from the bytes."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal

from heldby.errors import CaptureError

Form = Literal["html", "text", "feed", "jsonl", "json_array", "json_object"]

HTML = "text/html"
PLAIN = "text/plain"

FORM_OF_TYPE: dict[str, Form] = {
    HTML: "html",
    "application/xhtml+xml": "html",
    PLAIN: "text",
    "text/markdown": "text",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/x-ndjson": "jsonl",
    "application/ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/x-jsonlines": "jsonl",
}
FORM_OF_SUFFIX: dict[str, Form] = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".rss": "feed",
    ".atom": "feed",
}
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a zip, Office or WACZ file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"WARC/", "a WARC file"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "an RTF file"),
)
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")

_MARKUP = re.compile(rb"<!doctype\s+html|<(?:html|head|body)\b", re.I)
_ANY_TAG = re.compile(rb"<(?:!doctype|/?[a-z][a-z0-9]*)\b[^<]*>", re.I)
_FEED = re.compile(rb"<(?:rss|rdf:RDF|(?:atom:)?feed)\b", re.I)
_LEADING = re.compile(rb"^(?:\xef\xbb\xbf)?\s*")


def tell_form(head: bytes, *, origin: str, declared: str = "") -> Form:
    """Return the form of an input from its first bytes, its declared media type and its name.

    Raises CaptureError for bytes that are no text at all, naming what they look like.
    """
    refuse_binary(head, origin=origin)
    start = head[_LEADING.match(head).end() :]  # type: ignore[union-attr]
    named = FORM_OF_TYPE.get(media_type(declared)) or FORM_OF_SUFFIX.get(suffix(origin))
    if named == "jsonl":
        return named
    if start[:1] == b"[" and start[1:].lstrip()[:1] in (b"{", b"]"):
        return "json_array"
    if start[:1] == b"{" and start[1:].lstrip()[:1] in (b'"', b"}"):
        return "json_object"
    return _tell_markup(start, named)


def _tell_markup(start: bytes, named: Form | None) -> Form:
    if start[:1] == b"<" and _FEED.search(start[:2048]) and not _MARKUP.search(start[:2048]):
        return "feed"
    if start[:1] == b"<" and _MARKUP.search(start[:4096]):
        return "html"
    if named == "html":
        return "html" if _ANY_TAG.search(start) or start[:2] in WIDE_MARKS else "text"
    if named == "text":
        return "text"
    return "html" if start[:1] == b"<" and _ANY_TAG.search(start) else "text"


def refuse_binary(head: bytes, *, origin: str) -> None:
    """Raise CaptureError where bytes are those of an image, an archive, a program or the like."""
    for signature, name in SIGNATURES:
        if head.startswith(signature):
            raise CaptureError(
                f"This is {name}, not the text of a report.",
                where=origin,
                remedy="Give its text: a web page, a plain text, JSON lines or a feed; unpack archives first.",
            )
    if b"\x00" in head and not head.startswith(WIDE_MARKS):
        raise CaptureError(
            "These bytes are binary (they hold NUL bytes).",
            where=origin,
            remedy="Give the report as text; UTF-16 and UTF-32 need a byte order mark.",
        )


def media_type(declared: str) -> str:
    """Return a content type's type and subtype in lower case, without parameters."""
    return declared.partition(";")[0].strip().lower()


def suffix(origin: str) -> str:
    """Return the lower-case file suffix of a path or URL, or ""."""
    return PurePosixPath(re.split(r"[?#]", origin, maxsplit=1)[0] if "://" in origin else origin).suffix.lower()
