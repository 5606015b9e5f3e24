"""Errors that say what happened, to which record, and what to do next."""

from __future__ import annotations


class HeldbyError(Exception):
    """The base of every error that heldby raises on purpose.

    `what` is one sentence, `where` names the item or record, `remedy` says what to do next.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{where}{self.what}{remedy}"


class CaptureError(HeldbyError):
    """An item could not be fetched or read as bytes."""


class DocumentError(HeldbyError):
    """Bytes were captured, but no text of a report could be made of them."""


class ModelError(HeldbyError):
    """The reading model or a named spaCy pipeline could not be loaded or run."""


class KnowledgeError(HeldbyError):
    """A knowledge file is missing, malformed or contradicts itself."""


class ResolveError(HeldbyError):
    """A name or a date given by a user could not be resolved."""


class StoreError(HeldbyError):
    """The archive could not be opened, migrated, read or written."""


class SettingsError(HeldbyError):
    """A setting has a value that cannot be used."""
