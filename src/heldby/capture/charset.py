"""Which character encoding bytes are in."""

from __future__ import annotations

import codecs
import re

from heldby.errors import CaptureError

MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Codecs that are no charset of a report: they run a scheme of their own over the bytes.
REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7", "undefined", "mbcs", "oem"})
# The HTML standard reads these labels as windows-1252.
AS_WINDOWS = frozenset({"ascii", "iso8859-1"})
MAX_DAMAGED_SHARE = 0.01
GUESS_BYTES = 200_000

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.I)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""", re.I)
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd\ufffe\uffff]")


def decide_charset(data: bytes, *, declared: str, markup: bool, origin: str) -> str:
    """Return the Python codec name with which bytes read as text.

    In this order: byte order mark, the charset declared with the bytes, the one in the page's own head, UTF-8,
    UTF-8 with a few damaged bytes (they read as U+FFFD), then the guess of charset-normalizer and windows-1252.
    Raises CaptureError where none gives readable text.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return _readable(data, name, origin=origin)
    named = [codec for codec in (_codec(declared), _codec(_in_page(data) if markup else "")) if codec]
    for name in dict.fromkeys([*named, "utf-8"]):
        if _decodes(data, name):
            return _readable(data, name, origin=origin)
    if damaged_share(data.decode("utf-8", errors="replace")) <= MAX_DAMAGED_SHARE / 10:
        return "utf-8"
    return _readable(data, _guess(data), origin=origin)


def damaged_share(text: str) -> float:
    """Return which share of a text's characters are control or replacement characters."""
    return len(_UNREADABLE.findall(text)) / len(text) if text else 0.0


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeError:
        return False
    return True


def _readable(data: bytes, name: str, *, origin: str) -> str:
    if damaged_share(data.decode(name, errors="replace")) > MAX_DAMAGED_SHARE:
        raise CaptureError(
            "The bytes are not readable text in any character encoding tried.",
            where=origin,
            remedy="Save the report as UTF-8 text.",
        )
    return name


def _codec(label: str) -> str:
    """Return the codec for a charset label, "" where Python has none that may be used."""
    try:
        found = codecs.lookup(label.strip().strip("\"'")) if label.strip() else None
    except (LookupError, ValueError):
        return ""
    # Codecs such as rot13 turn text into text; the flag is the only sign by which Python itself tells them apart.
    if found is None or found.name in REFUSED or not getattr(found, "_is_text_encoding", True):
        return ""
    return "cp1252" if found.name in AS_WINDOWS else found.name


def _in_page(data: bytes) -> str:
    match = _META.search(data[:4096]) or _XML.search(data[:200])
    return match.group(1).decode("ascii") if match else ""


def _guess(data: bytes) -> str:
    # Mostly plain letters: the code pages of Europe differ too little for a guess, and English is in windows-1252.
    if sum(byte > 127 for byte in data[:GUESS_BYTES]) * 10 < len(data[:GUESS_BYTES]) and _decodes(data, "cp1252"):
        return "cp1252"
    import charset_normalizer

    best = charset_normalizer.from_bytes(data[:GUESS_BYTES]).best()
    for name in (best.encoding if best else "", "cp1252"):
        if name and _decodes(data, name):
            return name
    return "latin-1"
