"""Makers of whole records from the few values that a test is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from heldby.records import (
    Block,
    Capture,
    CapturedItem,
    Claim,
    Document,
    Hints,
    Party,
    Place,
    PlaceRef,
    Reading,
    SourceLink,
    Span,
    When,
)
from heldby.records.ids import content_hash, record_id

FETCHED = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


class Make:
    """Makes whole records from the few values that a test is about."""

    place = Place(id="place-palmyra", name="Palmyra", country="SY", latitude=34.55, longitude=38.27, admin=("Homs",))

    def when(self, first: str | None, last: str | None = "", *, spans: bool = False, precision: str = "") -> When:
        """A day, or an interval of ISO days."""
        last = first if last == "" else last
        earliest, latest = (date.fromisoformat(d) if d else None for d in (first, last))
        kind = precision or ("day" if first == last else "interval")
        return When(earliest=earliest, latest=latest, precision=kind, spans=spans)  # type: ignore[arg-type]

    def party(self, *names: str) -> Party:
        """A side whose id is its name in lower case with hyphens."""
        ids = tuple(name.lower().replace(" ", "-") for name in names)
        name = " and ".join(names)
        return Party(mention=Span(0, len(name), name), actor_ids=ids, name=name) if name else Party()

    def link(self, name: str, *, kind: str = "", side: str = "", source_id: str = "") -> SourceLink:
        """A voice of a chain."""
        return SourceLink(mention=Span(0, len(name), name), name=name, kind=kind, side=side, source_id=source_id)  # type: ignore[arg-type]

    def claim(
        self,
        relation: str,
        actor: str | Sequence[str] = "",
        opponent: str = "",
        *,
        when: When | str | None = None,
        known: str = "2016-12-11",
        chain: Sequence[SourceLink] = (),
        document: str = "document-1",
        sentence: str = "",
        at: int = 0,
        modality: str = "asserted",
        part: str = "",
        place: Place | None = place,
        background: bool = False,
        hedges: Sequence[str] = (),
        time_text: str = "",
        historic: str = "",
        confidence: float = 0.9,
    ) -> Claim:
        """A claim about Palmyra, unless another place is given; ISO days for `when` and `known`."""
        sentence = sentence or f"{actor} {relation} {opponent} {at}"
        actors = (actor,) if isinstance(actor, str) else tuple(actor)
        when = self.when(when) if isinstance(when, str) else when
        voices = [(link.name, link.source_id) for link in chain]
        identity = (document, sentence, at, relation, actors, opponent, modality, part, voices, str(when))
        return Claim(
            id=record_id("claim", identity),
            document_id=document,
            sentence=Span(at, at + len(sentence), sentence),
            trigger=Span(at, at + len(relation), relation),
            relation=relation,  # type: ignore[arg-type]
            actor=self.party(*actors),
            opponent=self.party(opponent),
            place=PlaceRef(mention=Span(at, at + 1, "P"), name_text=place.name if place else "Nowhere", place=place),
            extent="part" if part else "whole",
            part=Span(at, at + len(part), part) if part else None,
            modality=modality,  # type: ignore[arg-type]
            hedges=tuple(Span(at, at + len(hedge), hedge) for hedge in hedges),
            chain=tuple(chain),
            time_text=Span(at, at + len(time_text), time_text) if time_text else None,
            historic=historic,
            when=when,
            background=background,
            known_at=datetime.combine(date.fromisoformat(known), time(12), tzinfo=UTC),
            confidence=confidence,
        )

    def document(self, text: str, *, id: str = "document-1", known: str = "2016-12-11", outlet: str = "") -> Document:
        """A document of one paragraph."""
        return Document(
            id=id,
            capture_id=f"capture-{id}",
            text=text,
            blocks=(Block(kind="paragraph", start=0, end=len(text), source_start=0, source_end=len(text)),),
            outlet=outlet,
            known_at=datetime.combine(date.fromisoformat(known), time(12), tzinfo=UTC),
            language="en",
            version="rules-1",
        )

    def item(self, data: bytes, *, origin: str = "report.txt", **hints: str) -> CapturedItem:
        """A captured item."""
        given = Hints(**hints)
        sha256 = content_hash(data)
        capture = Capture(
            id=record_id("capture", sha256, origin, repr(given)),
            sha256=sha256,
            origin=origin,
            fetched_at=FETCHED,
            media_type="text/plain",
            method="file",
            size=len(data),
            hints=given,
        )
        return CapturedItem(capture, data)

    def reading(self, document: Document, *claims: Claim) -> Reading:
        """A document with claims."""
        spans = tuple(dict.fromkeys(claim.sentence for claim in claims))
        return Reading(document=document, sentences=spans, mentions=(), claims=claims, quantities=())
