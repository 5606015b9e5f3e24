"""Records as rows of the schema; every value of a column stands in the record's payload too, or in a judgement on
it."""

from __future__ import annotations

import unicodedata
import zlib
from datetime import UTC, date, datetime
from typing import Any

from heldby.records import (
    Capture,
    CapturedItem,
    Claim,
    Document,
    Episode,
    Failure,
    Judgement,
    Lineage,
    Origin,
    Place,
    Quantity,
    Reading,
    Spell,
)
from heldby.records.codec import to_json

Row = dict[str, Any]
# Decisions that tie one record to another.
TYING = ("merge", "split")


def moment_text(moment: datetime) -> str:
    """Return an aware time as fixed-width text in UTC, which sorts as the time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def day_text(day: date | None) -> str | None:
    """Return a day as ISO text, None for none."""
    return None if day is None else day.isoformat()


def name_key(name: str) -> str:
    """Return a name without case, accents, hyphens, apostrophes and doubled spaces, for look-up."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else "" if c in "'’‘ʿʾ`" else " " for c in plain.casefold())
    return " ".join(words.split())


def column_text(text: str) -> str:
    """Return text without NUL, which PostgreSQL cannot hold in a column; the payload keeps it, escaped."""
    return text.replace("\x00", "")


def payload(record: Any) -> str:
    """Return a record as JSON text."""
    return to_json(record).decode("utf-8")


def original_row(item: CapturedItem) -> Row:
    """Return the row of the bytes, compressed."""
    return {"sha256": item.capture.sha256, "size": len(item.data), "data": zlib.compress(item.data, 6)}


def capture_row(capture: Capture) -> Row:
    """Return the row of a capture."""
    return {
        "id": capture.id,
        "sha256": capture.sha256,
        "origin": column_text(capture.origin),
        "pointer": column_text(capture.pointer),
        "fetched_at": moment_text(capture.fetched_at),
        "superseded_by": "",
        "read_with": "",
        "payload": payload(capture),
    }


def document_row(reading: Reading) -> Row:
    """Return the row of a document with the sentences and mentions that were read in it."""
    document: Document = reading.document
    published = document.published
    return {
        "id": document.id,
        "capture_id": document.capture_id,
        "outlet": column_text(document.outlet),
        "language": document.language[:16],
        "published_earliest": day_text(published.earliest) if published else None,
        "published_latest": day_text(published.latest) if published else None,
        "known_at": moment_text(document.known_at),
        "version": document.version,
        "superseded_by": "",
        "payload": payload(document),
        "sentences": payload(reading.sentences),
        "mentions": payload(reading.mentions),
    }


def claim_row(claim: Claim, *, rejected: bool, read_as: Claim | None = None) -> Row:
    """Return the row of a claim; `read_as` is how it was read, where a person has corrected it."""
    when = claim.when
    return {
        "id": claim.id,
        "document_id": claim.document_id,
        "position": claim.trigger.start,
        "place_id": claim.place.place.id if claim.place.place else "",
        "relation": claim.relation,
        "modality": claim.modality,
        "known_at": moment_text(claim.known_at),
        "when_earliest": day_text(when.earliest) if when else None,
        "when_latest": day_text(when.latest) if when else None,
        "superseded_by": "",
        "rejected": rejected,
        "payload": payload(read_as or claim),
    }


def claim_source_rows(claim: Claim) -> list[Row]:
    """Return one row for each voice of a claim's chain, the outermost first; the innermost has the last position."""
    return [
        {
            "claim_id": claim.id,
            "position": position - len(claim.chain),
            "source_id": link.source_id,
            "name": column_text(link.name or link.name_text or link.mention.text),
            "kind": link.kind,
            "side": link.side,
        }
        for position, link in enumerate(claim.chain)
    ]


def quantity_row(quantity: Quantity) -> Row:
    """Return the row of a quantity."""
    return {
        "id": quantity.id,
        "document_id": quantity.document_id,
        "position": quantity.text.start,
        "superseded_by": "",
        "payload": payload(quantity),
    }


def place_row(place: Place) -> Row:
    """Return the row of a place."""
    return {"id": place.id, "name": place.name, "country": place.country[:2], "payload": payload(place)}


def place_name_rows(claim: Claim) -> list[Row]:
    """Return the names under which a claim's place can be looked up: its own and the document's."""
    place = claim.place.place
    if place is None:
        return []
    keys = sorted({name_key(place.name), name_key(claim.place.name_text)} - {""})
    return [{"name": key, "place_id": place.id} for key in keys]


def lineage_row(lineage: Lineage, *, place_id: str) -> Row:
    """Return the row of a repetition, as found among the claims of one place."""
    return {
        "place_id": place_id,
        "id": lineage.id,
        "kind": lineage.kind,
        "earlier_id": lineage.earlier_id,
        "later_id": lineage.later_id,
        "payload": payload(lineage),
    }


def origin_row(origin: Origin, *, version: str, sketch: bytes | None = None) -> Row:
    """Return the row of how a document stands, with the keys of its text."""
    return {
        "document_id": origin.text_id,
        "known_at": moment_text(origin.known_at),
        "version": version,
        "original_id": origin.original_id,
        "voice": column_text(origin.voice),
        "reason": column_text(origin.reason),
        "sketch": sketch,
    }


def waiting_row(document: Document) -> Row:
    """Return the row of a document that has not been settled."""
    origin = Origin(text_id=document.id, known_at=document.known_at, original_id="")
    return origin_row(origin, version="")


def episode_row(episode: Episode, *, position: int) -> Row:
    """Return the row of an episode."""
    return {"id": episode.id, "place_id": episode.place_id, "position": position, "payload": payload(episode)}


def spell_row(spell: Spell, *, position: int) -> Row:
    """Return the row of a spell."""
    return {
        "id": spell.id,
        "place_id": spell.place_id,
        "position": position,
        "status": spell.status,
        "holder": spell.holder,
        "payload": payload(spell),
    }


def revision_row(place_id: str, spells: list[str], *, version: str, replaced_by: str, now: datetime) -> Row:
    """Return the row of the spells (as JSON) of a place that another version has replaced."""
    return {
        "place_id": place_id,
        "replaced_at": moment_text(now),
        "version": version,
        "replaced_by": replaced_by,
        "payload": f"[{','.join(spells)}]",
    }


def judgement_row(judgement: Judgement) -> Row:
    """Return the row of a judgement."""
    return {
        "id": judgement.id,
        "record_id": judgement.record_id,
        "decision": judgement.decision,
        "other_id": column_text(judgement.value) if judgement.decision in TYING else "",
        "made_at": moment_text(judgement.made_at),
        "superseded_by": "",
        "payload": payload(judgement),
    }


def failure_row(failure: Failure) -> Row:
    """Return the row of a failure."""
    return {
        "id": failure.id,
        "stage": failure.stage,
        "where": column_text(failure.where),
        "failed_at": moment_text(failure.failed_at),
        "settled": False,
        "payload": payload(failure),
    }
