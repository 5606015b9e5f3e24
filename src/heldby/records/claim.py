"""A claim: one statement, by somebody, about who did what to which place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from heldby.records.actor import Party
from heldby.records.document import Document
from heldby.records.place import PlaceRef
from heldby.records.quantity import Quantity
from heldby.records.source import Source, SourceLink
from heldby.records.span import Span
from heldby.records.time import When

Relation = Literal[
    "takes",
    "withdraws",
    "holds",
    "contests",
    "besieges",
    "enters",
    "advances",
    "attacks",
    "repels",
    "strikes",
]
Extent = Literal["whole", "part"]
Modality = Literal["asserted", "denied", "attempted", "planned", "possible"]
MentionKind = Literal["person", "organisation", "place", "date", "quantity", "weapon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name or a time that the reading model found in a document."""

    kind: MentionKind
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason for a score: its name, its weight, and a sentence that explains it."""

    name: str
    weight: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim; `claims` fills the spans, `resolve` whom, where and when they mean.

    `sentence`, `trigger`, `part`, `hedges` and `time_text` are spans of the document's text. `chain` runs from the
    outermost voice to the innermost; the outlet is not in it: it is the `teller`, where the report names one.
    `tense` ("past", "present", "perfect", "future", "") and `historic` (a cue of history in the sentence) serve to
    tell news from background. `known_at` is from when the claim could be known. `confidence` is the probability that
    a reader would accept the claim. `told_before` is the probability, read from the words alone, that it is told as
    earlier history (None where nothing read it), and `unsaid` names the roles ("actor") that no word of the text
    around fills.
    """

    id: str
    document_id: str
    sentence: Span
    trigger: Span
    relation: Relation
    actor: Party
    opponent: Party
    place: PlaceRef
    extent: Extent = "whole"
    part: Span | None = None
    modality: Modality = "asserted"
    hedges: tuple[Span, ...] = ()
    chain: tuple[SourceLink, ...] = ()
    teller: Source | None = None
    time_text: Span | None = None
    tense: str = ""
    historic: str = ""
    told_before: float | None = None
    unsaid: tuple[str, ...] = ()
    when: When | None = None
    background: bool = False
    reported: When | None = None
    known_at: datetime
    confidence: float = 0.5
    evidence: tuple[Evidence, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document with all that was read in it."""

    document: Document
    sentences: tuple[Span, ...]
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    quantities: tuple[Quantity, ...]
