"""Records to JSON and back, the same bytes for the same record."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

Record = TypeVar("Record")

_ENCODER = msgspec.json.Encoder(order="sorted")


def to_json(record: Any) -> bytes:
    """Return a record (or a list of them) as JSON bytes with sorted keys."""
    return _ENCODER.encode(record)


def from_json(data: bytes | str, kind: type[Record]) -> Record:
    """Return the record of the given kind; raises msgspec.ValidationError where the JSON does not fit it."""
    decoder: msgspec.json.Decoder[Record] = _decoder(kind)  # type: ignore[arg-type]
    return decoder.decode(data)


@lru_cache(maxsize=64)
def _decoder(kind: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def to_builtins(record: Any) -> Any:
    """Return a record as dictionaries, lists and plain values (dates as ISO strings)."""
    return msgspec.to_builtins(record)
