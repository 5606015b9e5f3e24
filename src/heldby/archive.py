"""The public door: one archive of captures, documents, claims and spells, read and asked through one object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING

from heldby.answers import PlaceAnswer, PlaceDay, SourceSeen
from heldby.changes import END_OF_TIME, Cause, Change, find_changes
from heldby.correcting import check_correction
from heldby.errors import ResolveError
from heldby.judging import check_decision, make_judgement
from heldby.lineage_view import LineageGraph, claim_graphs, document_graph
from heldby.look_up import ShownRecord, find_place, find_record, show_record
from heldby.moments import end_of_day, start_of_day
from heldby.reconcile import Case, control_days, find_control, letter_of
from heldby.records import (
    Candidate,
    Claim,
    Document,
    Episode,
    Failure,
    Hints,
    Judgement,
    Place,
    Spell,
    Ties,
)
from heldby.settings import Settings, load_settings
from heldby.store import ClaimFilter, open_store
from heldby.weighing import open_weights

if TYPE_CHECKING:
    from heldby.pipeline import Stages
    from heldby.progress import Progress, RunReport
    from heldby.records.judgement import Decision
    from heldby.relate import Related
    from heldby.resolve import Resolver

__all__ = [
    "Archive",
    "Cause",
    "Change",
    "PlaceAnswer",
    "PlaceDay",
    "ShownRecord",
    "SourceSeen",
    "end_of_day",
    "start_of_day",
]

LAST_EPOCH = "9999-12"


class Archive:
    """One archive; use it as a context manager, or call `close`.

    `location` is a path (SQLite) or a URL ("postgresql://user@host/name"); "" takes the one of the settings. The
    archive is made where it does not exist. Raises StoreError where it cannot be opened.
    """

    def __init__(self, location: str = "", *, settings: Settings | None = None) -> None:
        self._settings = settings or load_settings()
        self._store = open_store(location or self._settings.archive_location())
        self._stages: Stages | None = None
        self._resolver: Resolver | None = None
        self._weights = open_weights()
        # The version of what is derived with them: a hash of them all, made once.
        self._version = ""

    @property
    def location(self) -> str:
        """The path or URL of the archive, without any password."""
        return self._store.where

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def read(
        self,
        inputs: Sequence[str] = (),
        *,
        outlet: str = "",
        published: str = "",
        title: str = "",
        progress: Callable[[Progress], None] | None = None,
        stages: Stages | None = None,
    ) -> RunReport:
        """Capture the inputs (paths, folders, URLs, "-" for standard input), read what is pending, and bring the
        spells of the places touched up to date.

        `outlet`, `published` (ISO date or date-time) and `title` hold for every input. What could not be read is in
        the report's `failures`. Without inputs, what an earlier, interrupted run left is taken on. `stages` take the
        place of heldby's own.
        """
        from heldby import run

        given_by = "user" if outlet or published or title else ""
        hints = Hints(outlet=outlet, published=published, title=title, given_by=given_by)
        now = run.utc_now()
        return run.read(
            inputs,
            store=self._store,
            stages=stages or self._own_stages(),
            hints=hints,
            now=now,
            progress=progress,
            read_batches=None if stages else run.batch_reader(self._settings, now=now),
            processes=self._settings.processes,
        )

    def _own_stages(self) -> Stages:
        from heldby.stages import build_stages

        if self._stages is None:
            self._stages = build_stages(self._settings)
        return self._stages

    def claims(
        self, *, place: str = "", document: str = "", relation: str = "", limit: int | None = None
    ) -> Iterator[Claim]:
        """Yield the claims that take part in answers, in the order in which they became known.

        Raises ResolveError where no place of that name is known.
        """
        place_id = self._find_place(place)[0].id if place else ""
        wanted = ClaimFilter(place_id=place_id, document_id=document, relation=relation)
        return islice(self._store.claims(wanted), limit)

    def documents(self) -> Iterator[Document]:
        """Yield the documents that take part in answers, in the order in which they became known."""
        return self._store.documents()

    def sources(self) -> Iterator[SourceSeen]:
        """Yield each voice heard, the most heard first."""
        learned = self._store.track_records(LAST_EPOCH)
        for seen in self._store.sources():
            records = tuple(one for one in learned if one.voice == seen.source.id)
            neutral = next((one for one in records if one.stance == "neutral"), None)
            yield SourceSeen(
                source=seen.source,
                claims=seen.claims,
                carried=seen.carried,
                first_seen=date.fromisoformat(seen.first[:10]),
                last_seen=date.fromisoformat(seen.last[:10]),
                records=records,
                letter=letter_of(neutral.reliability, claims=neutral.claims) if neutral else "F",
            )

    def places(self) -> Iterator[tuple[Place, int]]:
        """Yield each place that has claims, with their number, the most told of first."""
        yield from sorted(self._store.places(), key=lambda found: (-found[1], found[0].name, found[0].id))

    def place(self, name: str, *, on: date | None = None, known_by: date | datetime | None = None) -> PlaceAnswer:
        """Say who held a place, and who held it on one day.

        `name` is a name or a place id. `known_by`: only reports known by then are heard; a date means the end of
        that day in UTC. Raises ResolveError, listing near names, where the archive has no such place.
        """
        place, candidates = self._find_place(name)
        from heldby.linking import add_echoes

        case, related = self._case(place, known_by)
        day = None
        if on is not None:
            (day,) = control_days(place.id, start=on, end=on, case=case, weights=self._weights)
        return PlaceAnswer(
            asked=name,
            place=place,
            candidates=candidates,
            spells=add_echoes(find_control(place.id, case=case, weights=self._weights), related),
            day=day,
            claims=len(related.statements),
            known_by=case.known_by,
        )

    def episodes(self, name: str, *, known_by: date | datetime | None = None) -> tuple[Episode, ...]:
        """Return the happenings that reports tell of a place, in order of time.

        `name` is a name or a place id. `known_by`: only reports known by then are heard; a date means the end of that
        day in UTC. Raises ResolveError where the archive has no such place.
        """
        from heldby.happenings import place_episodes

        place, _ = self._find_place(name)
        claims = list(self._store.claims(ClaimFilter(place_id=place.id, known_by=end_of_day(known_by))))
        return place_episodes(self._store, claims, self._related(place.id, claims), sides=self._weights.sides)

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
        if end < start:
            raise ResolveError(
                f"The last day ({end}) is before the first ({start}).", remedy="Give the earlier day first."
            )
        places = (
            [self._find_place(place)[0]] if place else [found for found, _ in self._store.places(country=country)]
        )
        return self._control(places, start, end, known_by)

    def _control(
        self, places: Sequence[Place], start: date, end: date, known_by: date | datetime | None
    ) -> Iterator[PlaceDay]:
        for place in places:
            case, _ = self._case(place, known_by)
            for day in control_days(place.id, start=start, end=end, case=case, weights=self._weights):
                yield PlaceDay(place=place, control=day)

    def changes(
        self, *, since: date | datetime, until: date | datetime | None = None, place: str = "", country: str = ""
    ) -> list[Change]:
        """Return what changed between what was knowable before `since` and by `until`, each with its causes, in order
        of time.

        A date as `since` means its beginning, as `until` its end, in UTC; without `until` all that is known now is
        meant. Only places with new reports, corrections or other rules since then are looked at. Raises ResolveError
        for an unknown place, or an end before the beginning.
        """
        start, end = start_of_day(since), end_of_day(until)
        last = end or END_OF_TIME
        if last < start:
            raise ResolveError(f"{until} is before {since}.", remedy="Give the earlier time as the beginning.")
        ids = {*self._store.places_heard_of(start, last), *self._store.places_judged(start, last)}
        ids |= {revision.place_id for revision in self._store.revisions(start, last)}
        if place:
            ids &= {self._find_place(place)[0].id}
        found = [
            change
            for one in self._store.find_places(ids, country=country)
            for change in find_changes(self._store, one, since=start, until=end, find_spells=self._spells)
        ]
        return sorted(found, key=lambda change: (change.at, change.place.name, change.place.id))

    def _spells(
        self, place: Place, known_by: datetime | None, claims: Sequence[Claim] | None, ties: Ties | None
    ) -> Sequence[Spell]:
        from heldby.linking import add_echoes

        case, related = self._case(place, known_by, claims=claims, ties=ties)
        return add_echoes(find_control(place.id, case=case, weights=self._weights), related)

    def show(self, record_id: str) -> ShownRecord:
        """Return a record of any kind with its document, capture and the sentence that it rests on.

        Raises ResolveError where the archive has no record of that id.
        """
        shown = show_record(self._store, record_id)
        return replace(shown, lineage=self._lineage(shown))

    def _lineage(self, shown: ShownRecord) -> tuple[LineageGraph, ...]:
        """Return which voice a claim, document or a spell's claims count as, and who repeats whom."""
        record = shown.record
        if isinstance(record, Document):
            return (document_graph(self._store, record),)
        claims = (record,) if isinstance(record, Claim) else shown.claims if isinstance(record, Spell) else ()
        places = {claim.place.place.id for claim in claims if claim.place.place}
        if len(places) != 1:
            return ()
        (place_id,) = places
        around = list(self._store.claims(ClaimFilter(place_id=place_id)))
        related = self._related(place_id, around)
        return claim_graphs(self._store, claims, around=around, related=related)

    def original(self, capture_id: str) -> bytes:
        """Return the captured bytes, as they came in. Raises ResolveError for an unknown id."""
        kind, capture = find_record(self._store, capture_id)
        data = self._store.original(capture.sha256) if kind == "capture" else None
        if data is None:
            raise ResolveError("This is no capture.", where=capture_id, remedy="Give the id of a capture.")
        return data

    def failures(self, *, settled: bool = False) -> Iterator[Failure]:
        """Yield what could not be worked on, oldest first; with `settled` also what a later run managed."""
        return self._store.failures(settled=settled)

    def judge(self, record_id: str, decision: Decision, *, author: str, reason: str, value: str = "") -> Judgement:
        """Append a person's decision; the spells of the places concerned are derived again.

        "reject" takes a claim or document out of every answer, "accept" lets it back in. "merge" says that two
        documents, claims or voices are one, `value` naming the other, "split" that they are not; the newest decision
        on a pair counts. "correct" changes fields of a claim, `value` naming them as JSON (`{"actor":
        "islamic-state"}`; null takes a correction of that field back). Raises ResolveError for an unknown record,
        field or value, or another decision.
        """
        from heldby import run

        check_decision(self._store, record_id, decision, other=value)
        place = None
        if decision == "correct":
            sides = self._weights.sides
            value, place = check_correction(self._store, record_id, value, sides=sides, find_place=self._place_of)
        now = run.utc_now()
        judgement = make_judgement(
            self._store, record_id, decision, author=author, reason=reason, value=value, now=now
        )
        self._store.add_judgement(judgement, place=place)
        run.derive_pending(self._store, weights=self._weights, now=now)
        return judgement

    def _case(
        self,
        place: Place,
        known_by: date | datetime | None,
        *,
        claims: Sequence[Claim] | None = None,
        ties: Ties | None = None,
    ) -> tuple[Case, Related]:
        """Return the claims about a place that were known by then (or those given), and who repeats whom among them:
        with a cut all follows from the cut alone, so that later reports change nothing in it."""
        from heldby.learning import records_for
        from heldby.linking import relate_claims

        cut = end_of_day(known_by)
        if claims is None:
            claims = list(self._store.claims(ClaimFilter(place_id=place.id, known_by=cut)))
            related = self._related(place.id, claims)
        else:
            related = relate_claims(self._store, claims, ties=ties)
        heard = related.heard(claims)
        case = Case(
            claims=heard,
            voices=related.voices,
            statements=related.statements,
            known_by=cut,
            records=records_for(self._store, heard, voices=related.voices),
        )
        return case, related

    def _related(self, place_id: str, claims: Sequence[Claim]) -> Related:
        """Return who repeats whom among claims about a place."""
        from heldby.deriving import derive_version
        from heldby.linking import relate_claims, related_claims

        self._version = self._version or derive_version(self._weights)
        if not self._store.is_derived(place_id, version=self._version):
            return relate_claims(self._store, claims)
        return related_claims(self._store, claims, lineage=self._store.lineage(place_id))

    def _find_place(self, name: str) -> tuple[Place, tuple[Candidate, ...]]:
        return find_place(self._store, name, aliases=self._aliases)

    def _aliases(self, name: str) -> Sequence[Place]:
        """Return the places that the gazetteer knows by a name, the likeliest first."""
        return self._own_resolver().find_places(name)

    def _place_of(self, place_id: str) -> Place | None:
        """Return the place that the gazetteer knows by an id."""
        return self._own_resolver().gazetteer.by_id(place_id)

    def _own_resolver(self) -> Resolver:
        from heldby.stages import open_resolver

        if self._resolver is None:
            self._resolver = open_resolver(self._settings)
        return self._resolver
