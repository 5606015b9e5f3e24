"""Ids that anyone can compute again: a prefix and a hash of the fields that make a record what it is."""

from __future__ import annotations

import hashlib
import json

ID_HEX_DIGITS = 16
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)


def content_hash(data: bytes) -> str:
    """Return the SHA-256 of bytes as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def record_id(prefix: str, *identity: object) -> str:
    """Return `prefix_` and 16 hexadecimal digits of the SHA-256 over one sequence of identity fields, as JSON."""
    canonical = _ENCODER.encode(identity)
    return f"{prefix}_{hashlib.sha256(canonical.encode('utf-8')).hexdigest()[:ID_HEX_DIGITS]}"
