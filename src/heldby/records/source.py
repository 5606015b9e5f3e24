"""Voices: who says so, of which kind, with which interest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from heldby.records.span import Span

SourceKind = Literal[
    "outlet",
    "news_agency",
    "state_media",
    "government",
    "military",
    "rights_monitor",
    "activist_group",
    "armed_group_outlet",
    "armed_group",
    "un_or_ngo",
    "witness",
    "analyst",
    "unnamed",
    "other",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A voice. `side` is the id of the actor whose interest it shares, "" where none; `since`/`until` bound it."""

    id: str
    name: str
    kind: SourceKind
    side: str = ""
    aliases: tuple[str, ...] = ()
    country: str = ""
    carries: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLink:
    """One link of a chain of attribution: the words for the voice, the cue ("said", "quoted by") and who it is.

    `name_text` is the name that a pronoun ("he") stands for, in words of the document; "the source" stays as it is.
    The last four fields are filled by `resolve`; `source_id` is "" for a voice that the knowledge file lacks.
    """

    mention: Span
    cue: Span | None = None
    name_text: str = ""
    source_id: str = ""
    name: str = ""
    kind: SourceKind | Literal[""] = ""
    side: str = ""
    reason: str = ""
