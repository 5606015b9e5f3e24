"""Bytes in: files, folders, standard input, http(s), JSON lines and feeds, each item a Capture or a Failure."""

from heldby.capture.items import capture_items

__all__ = ["capture_items"]
