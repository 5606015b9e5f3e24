"""The public door: one archive of captures, documents, claims and spells, read and asked through one object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from heldby.records import (
    Candidate,
    Capture,
    Claim,
    DayControl,
    Document,
    Failure,
    Judgement,
    Place,
    Source,
    Span,
    Spell,
)
from heldby.settings import Settings

if TYPE_CHECKING:
    from heldby.records.judgement import Decision
    from heldby.run import Progress, RunReport


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSeen:
    """A voice that the archive has heard: how many claims end with it (`claims`), how many pass through it
    (`carried`), and between which days the reports with them became known."""

    source: Source
    claims: int
    carried: int
    first_seen: date
    last_seen: date


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRecord:
    """A record and the way back to the bytes that it rests on.

    `kind` names the record ("claim", "document", "capture", "quantity", "spell", "episode", "lineage", "judgement",
    "failure"). For a claim or a quantity `sentence` is its sentence and `before`/`after` the text around it;
    `source_start`/`source_end` are the sentence's offsets in the captured text (-1 where it was not found there).
    `claims` are those of a document, spell or episode; `judgements` those on this record, newest last.
    """

    kind: str
    record: Any
    document: Document | None = None
    capture: Capture | None = None
    sentence: Span | None = None
    before: str = ""
    after: str = ""
    source_start: int = -1
    source_end: int = -1
    claims: tuple[Claim, ...] = ()
    judgements: tuple[Judgement, ...] = ()


class Archive:
    """One archive; use it as a context manager, or call `close`.

    `location` is a path (SQLite) or a URL ("postgresql://user@host/name"); "" takes the one of the settings. The
    archive is made where it does not exist. Raises StoreError where it cannot be opened.
    """

    def __init__(self, location: str = "", *, settings: Settings | None = None) -> None:
        raise NotImplementedError

    @property
    def location(self) -> str:
        """The path or URL of the archive, without any password."""
        raise NotImplementedError

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""

    def read(
        self,
        inputs: Sequence[str] = (),
        *,
        outlet: str = "",
        published: str = "",
        title: str = "",
        progress: Callable[[Progress], None] | None = None,
    ) -> RunReport:
        """Capture the inputs (paths, folders, URLs, "-" for standard input), read what is pending, and bring the
        spells of the places touched up to date.

        `outlet`, `published` (ISO date or date-time) and `title` hold for every input. What could not be read is in
        the report's `failures`. Without inputs, what an earlier, interrupted run left is taken on.
        """
        raise NotImplementedError

    def claims(
        self, *, place: str = "", document: str = "", relation: str = "", limit: int | None = None
    ) -> Iterator[Claim]:
        """Yield the claims that take part in answers, in the order in which they became known.

        Raises ResolveError where no place of that name is known.
        """
        raise NotImplementedError

    def documents(self) -> Iterator[Document]:
        """Yield the documents that take part in answers, in the order in which they became known."""
        raise NotImplementedError

    def sources(self) -> Iterator[SourceSeen]:
        """Yield each voice heard, the most heard first."""
        raise NotImplementedError

    def places(self) -> Iterator[tuple[Place, int]]:
        """Yield each place that has claims, with their number, the most told of first."""
        raise NotImplementedError

    def place(self, name: str, *, on: date | None = None, known_by: date | datetime | None = None) -> PlaceAnswer:
        """Say who held a place, and who held it on one day.

        `name` is a name or a place id. `known_by`: only reports known by then are heard; a date means the end of
        that day in UTC. Raises ResolveError, listing near names, where the archive has no such place.
        """
        raise NotImplementedError

    def control(
        self,
        *,
        start: date,
        end: date,
        country: str = "",
        place: str = "",
        known_by: date | datetime | None = None,
    ) -> Iterator[PlaceDay]:
        """Yield who held each place with claims on each day from `start` to `end` (both included), by place name.

        `country` is an ISO 3166 alpha-2 code. Raises ResolveError for an end before the start or an unknown place.
        """
        raise NotImplementedError

    def show(self, record_id: str) -> ShownRecord:
        """Return a record of any kind with its document, capture and the sentence that it rests on.

        Raises ResolveError where the archive has no record of that id.
        """
        raise NotImplementedError

    def original(self, capture_id: str) -> bytes:
        """Return the captured bytes, as they came in. Raises ResolveError for an unknown id."""
        raise NotImplementedError

    def failures(self, *, settled: bool = False) -> Iterator[Failure]:
        """Yield what could not be worked on, oldest first; with `settled` also what a later run managed."""
        raise NotImplementedError

    def judge(self, record_id: str, decision: Decision, *, author: str, reason: str) -> Judgement:
        """Append a person's decision on a claim or document: "reject" takes it out of every answer, "accept" lets
        it back in. The spells of the places concerned are derived again.

        Raises ResolveError for an unknown record or another decision.
        """
        raise NotImplementedError


def end_of_day(moment: date | datetime | None) -> datetime | None:
    """Return the moment in UTC that a date (its end) or an aware date-time stands for."""
    if moment is None:
        return None
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime(moment.year, moment.month, moment.day, 23, 59, 59, 999999, tzinfo=UTC)
