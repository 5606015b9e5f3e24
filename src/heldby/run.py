"""The only place where pipeline, store and engine meet.

A run captures and commits first, then reads what waits, then derives the places touched; each step goes on from where
an earlier run was stopped. Broad `except` stands here and nowhere else: an item that fails becomes a Failure, the
others of its batch go on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, TypeAlias, TypeVar

from heldby.collecting import no_collection
from heldby.deriving import derive_place, derive_version
from heldby.engine import LocalEngine
from heldby.errors import HeldbyError
from heldby.hearing_places import PlaceReader
from heldby.learning import PlaceVotes, RecordReader, learn, votes_of_place
from heldby.linking import link_documents
from heldby.pipeline import WAY, Stages, check_way
from heldby.progress import Progress, RunReport, Tally
from heldby.reconcile import Weights
from heldby.records import CapturedItem, Document, Failure, Hints, Reading
from heldby.records.ids import record_id
from heldby.settings import Settings
from heldby.store import Derived, Store, open_store

CAPTURE_BATCH = 64
CAPTURE_BATCH_BYTES = 16_000_000
READ_BATCH = 32
DERIVE_BATCH = 32
# Fewer places than this are derived sooner here than processes are started.
WORTH_PROCESSES = 256

Item = TypeVar("Item")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What became of a batch of captures: what was read, and which captures failed how."""

    readings: tuple[Reading, ...]
    failures: tuple[Failure, ...]
    failed_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedBatch:
    """What follows for a batch of places, and which of them failed how."""

    derived: tuple[Derived, ...]
    failures: tuple[Failure, ...]


ReadBatches: TypeAlias = Callable[[Iterable[Sequence[CapturedItem]]], Iterable[BatchResult]]


def read(
    inputs: Sequence[str],
    *,
    store: Store,
    stages: Stages,
    hints: Hints,
    now: datetime,
    progress: Callable[[Progress], None] | None = None,
    read_batches: ReadBatches | None = None,
    processes: int = 1,
) -> RunReport:
    """Capture the inputs, read every capture that waits, and derive the places touched.

    `now` is an aware time. `read_batches` takes batches of captures to what was read in them, in their order; where
    it is not given, `read_batch` does so with the stages in this process. `processes` derive many places. Raises
    StoreError where the archive fails.
    """
    check_way(WAY)
    started = time.monotonic()
    tally = Tally(progress)
    _capture(inputs, store=store, stages=stages, hints=hints, now=now, tally=tally)
    work = read_batches or partial(LocalEngine().map, partial(read_batch, stages=stages, now=now))
    _read_pending(store, stages.version, work, tally, now)
    derive_pending(store, weights=stages.weights, now=now, tally=tally, processes=processes)
    return RunReport(
        captured=tally.captured,
        known=tally.known,
        documents=tally.documents,
        claims=tally.claims,
        quantities=tally.quantities,
        places=tally.places,
        seconds=round(time.monotonic() - started, 3),
        failures=tuple(tally.failures),
    )


# -- capture --------------------------------------------------------------------------------------------------------


def _capture(
    inputs: Sequence[str], *, store: Store, stages: Stages, hints: Hints, now: datetime, tally: Tally
) -> None:
    """Store what comes in, batch by batch; an input that breaks off loses none of what came before it."""
    batch: list[CapturedItem] = []
    for outcome in _captured(inputs, stages, hints, now):
        if isinstance(outcome, Failure):
            tally.failures.append(outcome)
            store.add_failures([outcome])
            continue
        batch.append(outcome)
        if len(batch) >= CAPTURE_BATCH or sum(len(item.data) for item in batch) >= CAPTURE_BATCH_BYTES:
            _keep(batch, store, tally)
            batch = []
    _keep(batch, store, tally)


def _captured(inputs: Sequence[str], stages: Stages, hints: Hints, now: datetime) -> Iterator[CapturedItem | Failure]:
    for name in inputs:
        try:
            yield from stages.capture([name], hints, now)
        except Exception as error:  # noqa: BLE001 - the other inputs go on
            yield _failure("capture", name, error, now)


def _keep(batch: Sequence[CapturedItem], store: Store, tally: Tally) -> None:
    if not batch:
        return
    added = store.add_captures(batch)
    store.settle_failures([item.capture.origin for item in batch], stages=["capture"])
    tally.captured += added.new
    tally.known += added.known
    tally.tell("capture", tally.captured + tally.known)


# -- read -----------------------------------------------------------------------------------------------------------


def _read_pending(store: Store, version: str, work: ReadBatches, tally: Tally, now: datetime) -> None:
    total, done = store.count_pending(version=version), 0
    for result in work(_pending_batches(store, version)):
        _store_result(store, result, version, tally, now)
        done += len(result.readings) + len(result.failed_ids)
        tally.tell("claims", done, total)


def _pending_batches(store: Store, version: str) -> Iterator[list[CapturedItem]]:
    last: CapturedItem | None = None
    while batch := store.pending_captures(version=version, limit=READ_BATCH, after=last):
        last = batch[-1]
        yield batch


def _store_result(store: Store, result: BatchResult, version: str, tally: Tally, now: datetime) -> None:
    stored, failed = _each("store", partial(_store_readings, store, version), result.readings, _by_document, now)
    failures = [*result.failures, *(failure for failure, _ in failed)]
    ids = [*result.failed_ids, *(reading.document.capture_id for _, reading in failed)]
    if ids:
        store.add_failures(failures, capture_ids=ids, version=version)
    tally.failures += failures
    for _, reading in stored:
        tally.documents += 1
        tally.claims += len(reading.claims)
        tally.quantities += len(reading.quantities)


def _store_readings(store: Store, version: str, readings: Sequence[Reading]) -> Sequence[Reading]:
    store.add_readings(readings, version=version)
    return readings


def read_batch(items: Sequence[CapturedItem], *, stages: Stages, now: datetime) -> BatchResult:
    """Take captures from bytes to resolved claims; nothing is stored.

    A stage that raises on the batch is tried on each item alone, and the item on which it raises again becomes a
    Failure of that stage.
    """
    documents, no_document = _each("document", stages.document, items, _by_origin, now)
    failures = [(failure, item.capture.id) for failure, item in no_document]
    failures += [(made, item.capture.id) for item, made in documents if isinstance(made, Failure)]
    reports = [made for _, made in documents if isinstance(made, Document)]
    parsed, not_parsed = _each("language", stages.language, reports, _by_id, now)
    read, not_read = _each("claims", stages.claims, parsed, _by_first_id, now)
    resolved, not_resolved = _each("resolve", stages.resolve, [r for _, r in read], _by_document, now)
    failures += [(failure, document.capture_id) for failure, document in not_parsed]
    failures += [(failure, pair[0].capture_id) for failure, pair in not_read]
    failures += [(failure, reading.document.capture_id) for failure, reading in not_resolved]
    return BatchResult(
        readings=tuple(reading for _, reading in resolved),
        failures=tuple(failure for failure, _ in failures),
        failed_ids=tuple(capture_id for _, capture_id in failures),
    )


def _by_origin(item: CapturedItem) -> str:
    return item.capture.origin


def _by_id(document: Document) -> str:
    return document.id


def _by_first_id(pair: tuple[Document, Any]) -> str:
    return pair[0].id


def _by_document(reading: Reading) -> str:
    return reading.document.id


def _each(
    stage: str,
    function: Callable[[Sequence[Item]], Iterable[Made]],
    items: Sequence[Item],
    name: Callable[[Item], str],
    now: datetime,
) -> tuple[list[tuple[Item, Made]], list[tuple[Failure, Item]]]:
    """Return each item with what a stage made of it, and each on which the stage fails, with the failure."""
    try:
        return _paired(function, items), []
    except Exception as error:  # noqa: BLE001 - each item is tried alone
        if len(items) == 1:
            return [], [(_failure(stage, name(items[0]), error, now), items[0])]
    made: list[tuple[Item, Made]] = []
    failed: list[tuple[Failure, Item]] = []
    for item in items:
        made_alone, failed_alone = _each(stage, function, [item], name, now)
        made += made_alone
        failed += failed_alone
    return made, failed


def _paired(function: Callable[[Sequence[Item]], Iterable[Made]], items: Sequence[Item]) -> list[tuple[Item, Made]]:
    return list(zip(items, function(items), strict=True)) if items else []


def _failure(stage: str, where: str, error: Exception, now: datetime) -> Failure:
    """Return the failure of an item, with the remedy that the error knows, if it is one of ours."""
    known = isinstance(error, HeldbyError)
    what = error.what if isinstance(error, HeldbyError) else f"{type(error).__name__}: {error}"
    remedy = error.remedy if isinstance(error, HeldbyError) else ""
    fallback = "Please report it, with the item: this is an error in heldby." if not known else "Try again."
    return Failure(
        id=record_id("fail", stage, where, what),
        stage=stage,
        where=where,
        what=what[:2000],
        remedy=remedy or fallback,
        failed_at=now,
    )


# -- derive ---------------------------------------------------------------------------------------------------------


def derive_pending(
    store: Store, *, weights: Weights, now: datetime, tally: Tally | None = None, processes: int = 1
) -> tuple[Failure, ...]:
    """Settle which documents repeat which, and derive lineage, episodes and spells of every place that waits for it;
    return what failed.

    A place that fails goes on waiting, with the spells that it had. Many places are worked on in `processes`
    processes, where there are more than one; what follows for a place is the same in all of them.
    """
    tally = tally or Tally(None)
    version = derive_version(weights)
    link_documents(store)
    waiting = store.pending_places(version=version)
    # What many places leave behind is gone through now and then; of a few it would take longer than the rest.
    with no_collection() if len(waiting) <= DERIVE_BATCH else nullcontext():
        _derive(store, waiting, weights=weights, version=version, now=now, tally=tally, processes=processes)
    return tuple(tally.failures)


def _derive(
    store: Store,
    waiting: Sequence[str],
    *,
    weights: Weights,
    version: str,
    now: datetime,
    tally: Tally,
    processes: int,
) -> None:
    """Learn the track records that are missing, and derive the places that wait, and those that wait since then."""
    reader = PlaceReader(store, keep=DERIVE_BATCH, version=version)
    learn(store, weights=weights, place_ids=waiting, votes_of=partial(_votes_of, reader=reader, weights=weights))
    place_ids = store.pending_places(version=version)
    batches = (place_ids[n : n + DERIVE_BATCH] for n in range(0, len(place_ids), DERIVE_BATCH))
    if processes > 1 and len(place_ids) >= WORTH_PROCESSES:
        results = LocalEngine(processes).map(
            partial(_derive_batch_here, store.location, weights, version, now), batches
        )
    else:
        results = LocalEngine().map(
            partial(derive_batch, reader=reader, store=store, weights=weights, version=version, now=now), batches
        )
    done = 0
    for result in results:
        if result.derived:
            store.replace_derived(result.derived, now=now)
        if result.failures:
            store.add_failures(result.failures)
        tally.places += len(result.derived)
        tally.failures += result.failures
        done += len(result.derived) + len(result.failures)
        tally.tell("reconcile", done, len(place_ids))


def _votes_of(place_id: str, *, reader: PlaceReader, weights: Weights) -> PlaceVotes | None:
    """Return the votes told at a place, None where it fails: why is said when it is derived."""
    try:
        return votes_of_place(reader.read(place_id), weights=weights)
    except Exception:  # noqa: BLE001 - the other places go on
        return None


def derive_batch(
    place_ids: Sequence[str],
    *,
    store: Store,
    weights: Weights,
    version: str,
    now: datetime,
    reader: PlaceReader,
    together: bool = True,
) -> DerivedBatch:
    """Derive what follows for some places; nothing is stored. `together` reads all of them in one transaction, which
    must not be where another process writes: its log could then never be begun anew."""
    derived: list[Derived] = []
    failures: list[Failure] = []
    records = RecordReader(store)
    with store.view() if together else nullcontext():
        for place_id in place_ids:
            try:
                made = derive_place(store, place_id, reader=reader, records=records, weights=weights, version=version)
                derived.append(made)
            except Exception as error:  # noqa: BLE001 - the other places go on
                failures.append(_failure("reconcile", place_id, error, now))
    return DerivedBatch(derived=tuple(derived), failures=tuple(failures))


def _derive_batch_here(
    location: str, weights: Weights, version: str, now: datetime, place_ids: Sequence[str]
) -> DerivedBatch:
    store = _store_here(location)
    reader = PlaceReader(store, keep=0, version=version)
    return derive_batch(
        place_ids, store=store, weights=weights, version=version, now=now, reader=reader, together=False
    )


@lru_cache(maxsize=1)
def _store_here(location: str) -> Store:
    """Return the archive as this process has opened it."""
    return open_store(location)


def utc_now() -> datetime:
    """Return the time, the one thing that a run takes from the clock."""
    return datetime.now(UTC)


# -- heldby's own stages --------------------------------------------------------------------------------------------


def batch_reader(settings: Settings, *, now: datetime) -> ReadBatches | None:
    """Return a reader of batches in several processes, None where the settings ask for one.

    Each process builds the stages for itself, once.
    """
    if settings.processes <= 1:
        return None
    return partial(LocalEngine(settings.processes).map, partial(_read_batch_here, settings, now))


def _read_batch_here(settings: Settings, now: datetime, items: Sequence[CapturedItem]) -> BatchResult:
    return read_batch(items, stages=_stages_here(settings), now=now)


@lru_cache(maxsize=1)
def _stages_here(settings: Settings) -> Stages:
    """Return the stages of this process, which take seconds to build and are needed for every batch."""
    from heldby.stages import build_stages

    return build_stages(settings)
