"""Cutting a stream into lines, or a JSON array into its elements, without ever holding more than one of them.

An overlong piece is given as None; what is left of it is skipped chunk by chunk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_STRUCTURE = re.compile(rb'["\[\]{},]')
_IN_STRING = re.compile(rb'["\\]')


class _Piece:
    """The bytes of the piece being read; once over the limit, only the fact that it is."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limit:
            self._parts.clear()
        elif part:
            self._parts.append(part)

    def take(self) -> bytes | None:
        whole = None if self._size > self._limit else b"".join(self._parts)
        self._parts, self._size = [], 0
        return whole


def cut_lines(chunks: Iterable[bytes], limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield (line number from 1, the line without its end, or None where it is longer than `limit` bytes)."""
    piece = _Piece(limit)
    number = 1
    for chunk in chunks:
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            piece.add(part)
            yield number, piece.take()
            number += 1
        piece.add(rest)
    yield number, piece.take()


def cut_array(chunks: Iterable[bytes], limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield (element number from 1, its bytes, or None where it is longer than `limit`) of one JSON array.

    Only brackets and strings are looked at; whether an element is valid JSON is for its reader to say. An array that
    is cut off yields its last, broken element too.
    """
    piece = _Piece(limit)
    number, depth = 1, 0
    in_string = escaped = False
    for chunk in chunks:
        position = kept = 0
        while position < len(chunk):
            if escaped:
                escaped, position = False, position + 1
                continue
            match = (_IN_STRING if in_string else _STRUCTURE).search(chunk, position)
            if match is None:
                break
            mark, position = match.group(), match.end()
            escaped = mark == b"\\"
            in_string ^= mark == b'"'
            depth += (mark in b"[{") - (mark in b"]}")
            if mark == b"[" and depth == 1:
                kept = position
            elif (mark == b"," and depth == 1) or (mark == b"]" and depth == 0):
                piece.add(chunk[kept : match.start()])
                yield number, piece.take()
                number, kept = number + 1, position
                if depth == 0:
                    return
        piece.add(chunk[kept:])
    yield number, piece.take()
