"""The records of heldby: frozen dataclasses without any input or output, imported by every other room."""

from heldby.records.actor import Actor, ActorName, Party, Relationship
from heldby.records.capture import Capture, CapturedItem, Hints
from heldby.records.claim import Claim, Evidence, Mention, Reading
from heldby.records.correction import Correction
from heldby.records.document import Block, Document
from heldby.records.episode import Account, Episode, Figure, Join
from heldby.records.failure import Failure
from heldby.records.judgement import Judgement
from heldby.records.lineage import Lineage, Origin, Ties
from heldby.records.place import Candidate, Place, PlaceRef
from heldby.records.quantity import Quantity
from heldby.records.source import Source, SourceLink
from heldby.records.span import Span
from heldby.records.spell import DayControl, Spell, TrackRecord, WeighedClaim
from heldby.records.time import When

__all__ = [
    "Account",
    "Actor",
    "ActorName",
    "Block",
    "Candidate",
    "Capture",
    "CapturedItem",
    "Claim",
    "Correction",
    "DayControl",
    "Document",
    "Episode",
    "Evidence",
    "Failure",
    "Figure",
    "Hints",
    "Join",
    "Judgement",
    "Lineage",
    "Mention",
    "Origin",
    "Party",
    "Place",
    "PlaceRef",
    "Quantity",
    "Reading",
    "Relationship",
    "Source",
    "SourceLink",
    "Span",
    "Spell",
    "Ties",
    "TrackRecord",
    "WeighedClaim",
    "When",
]
