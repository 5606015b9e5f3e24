"""How a command opens its archive."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from heldby.archive import Archive
from heldby.cli.spells import Ledger
from heldby.errors import StoreError
from heldby.records import Claim, Document
from heldby.settings import Settings, load_settings


def open_to_view(location: str | None) -> Archive:
    """Open an archive that is there already; raises StoreError where there is none, rather than making one."""
    settings = load_settings(archive=location)
    place = settings.archive_location()
    if "://" not in place and not Path(place).exists():
        raise StoreError(
            "There is no archive here yet.",
            where=place,
            remedy="Make one with `heldby read PATH`, or check --archive.",
        )
    return open_archive(settings)


def open_archive(settings: Settings) -> Archive:
    """Open the archive of the settings, making it where there is none."""
    return Archive(settings.archive_location(), settings=settings)


def archive_words(location: str | None) -> str:
    """Return what has to be added to a command so that it speaks of the same archive."""
    return f" --archive {shlex.quote(location)}" if location else ""


def ledger_of(archive: Archive, claims: Iterable[Claim]) -> Ledger:
    """Return the claims with the documents that they stand in."""
    known = {claim.id: claim for claim in claims}
    documents: dict[str, Document] = {}
    for document_id in sorted({claim.document_id for claim in known.values()}):
        documents[document_id] = archive.show(document_id).record
    return Ledger(claims=known, documents=documents)
