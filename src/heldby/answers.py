"""What an archive answers: voices heard, who held a place, and who held it on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from heldby.records import Candidate, DayControl, Place, Source, Spell, TrackRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSeen:
    """A voice that the archive has heard: how many claims end with it (`claims`), how many pass through it
    (`carried`), and between which days the reports with them became known. `records`: how far it was right, by the
    stance that it took, as learned last; `letter`: its Admiralty letter (A to F) in matters where it has no side."""

    source: Source
    claims: int
    carried: int
    first_seen: date
    last_seen: date
    records: tuple[TrackRecord, ...] = ()
    letter: str = "F"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAnswer:
    """Who held a place: its spells in order of time, and for a day asked for also who held it then.

    `asked` is the name as given; `candidates` are other places of that name or one like it, best first; `claims`
    counts the claims that the answer rests on; `known_by` is the moment (UTC) up to which reports were heard.
    """

    asked: str
    place: Place
    candidates: tuple[Candidate, ...]
    spells: tuple[Spell, ...]
    day: DayControl | None
    claims: int
    known_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDay:
    """Who held one place on one day."""

    place: Place
    control: DayControl
