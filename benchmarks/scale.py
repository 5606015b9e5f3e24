"""How heldby stands a large archive: a million claims of a simulated war over 5,000 places.

    python benchmarks/scale.py [--claims N] [--places P] [--processes N] [--clock wall|cpu] [--archive PATH]
        [--json OUT]

Prints how long it takes to fill an SQLite archive with claims already read, to reconcile all of it, to add one
report, and to answer questions; the memory of the reconciliation and the size on disk. Reports are added through the
store and derived as `heldby read` does after reading. `--clock cpu` counts the time of this process alone, for a
machine on which other work runs (with one process, and without waiting for the disk).
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeAlias

from _war import WarSetup, day_of, make_war
from _war_reports import Report, make_reports
from heldby.archive import Archive
from heldby.happenings import place_episodes
from heldby.linking import link_documents, relate_claims
from heldby.reconcile import Case, Weights, find_control
from heldby.run import derive_pending
from heldby.store import ClaimFilter, Store, open_store
from heldby.weighing import open_weights

BATCH = 400
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
ADDED = 100
ASKED = 300
RULES = "simulated-1"
Clock: TypeAlias = Callable[[], float]
NOW = datetime(2024, 1, 1, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        path = options.archive or Path(folder) / "scale.heldby"
        figures = measure(path, options)
    for name, value in figures.items():
        print(f"{name:<38}{value:>14,.1f}" if isinstance(value, float) else f"{name:<38}{value:>14,}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def measure(path: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return every figure by name: seconds, milliseconds, mebibytes."""
    setup = WarSetup(places=options.places, claims=options.claims, seed=options.seed)
    war = make_war(setup)
    reports = make_reports(war)
    last = day_of(int(setup.days * 0.98))
    weights = open_weights()
    clock = CLOCKS[options.clock]
    figures: dict[str, Any] = {"places": options.places}
    store = open_store(str(path))
    filled, held_back = _fill(
        store, reports, until=datetime.combine(last, datetime.min.time(), tzinfo=UTC), clock=clock
    )
    figures |= filled
    started = clock()
    link_documents(store)
    figures["lineage of documents, s"] = clock() - started
    derive_pending(store, weights=weights, now=NOW, processes=options.processes)
    figures["full reconciliation, s"] = clock() - started
    figures["reconciliation processes"] = options.processes
    figures["peak memory so far, MiB"] = _peak()
    figures |= _parts(store, [place.id for place in war.places], weights, clock=clock)
    figures |= _spread("adding one report, ms", _add(store, islice(held_back, ADDED), weights, clock=clock))
    figures["size on disk, MiB"] = sum(f.stat().st_size for f in path.parent.glob(f"{path.name}*")) / 2**20
    store.close()
    with Archive(str(path)) as archive:
        figures |= _ask(archive, [place.id for place in war.places], days=setup.days, clock=clock)
    figures["peak memory, MiB"] = _peak()
    return figures


def _fill(
    store: Store, reports: Iterator[Report], *, until: datetime, clock: Clock
) -> tuple[dict[str, Any], Iterator[Report]]:
    """Write the reports known before a day, batch by batch; return the figures and the reports left over."""
    claims, documents, making, writing = 0, 0, 0.0, 0.0
    while True:
        started = clock()
        batch = list(islice(reports, BATCH))
        early = [report for report in batch if report.reading.document.known_at < until]
        made = clock()
        store.add_captures([report.item for report in early])
        store.add_readings([report.reading for report in early], version=RULES)
        written = clock()
        making, writing = making + made - started, writing + written - made
        documents += len(early)
        claims += sum(len(report.reading.claims) for report in early)
        if len(early) < BATCH:
            break
    figures = {
        "claims": claims,
        "documents": documents,
        "making them up, s": making,
        "filling, s": writing,
        "claims filled a second": claims / writing,
    }
    return figures, chain(batch[len(early) :], reports)


def _parts(store: Store, place_ids: list[str], weights: Weights, *, clock: Clock) -> dict[str, float]:
    """Return how long each part of the deriving takes for a place, on average over some chosen at random."""
    spent = dict.fromkeys(("claims from the store", "lineage", "episodes", "control"), 0.0)
    chosen = random.Random(2).sample(place_ids, min(100, len(place_ids)))
    for place_id in chosen:
        begun = [clock()]
        claims = list(store.claims(ClaimFilter(place_id=place_id)))
        begun.append(clock())
        related = relate_claims(store, claims)
        begun.append(clock())
        place_episodes(store, claims, related, sides=weights.sides)
        begun.append(clock())
        case = Case(claims=claims, voices=related.voices, statements=related.statements)
        find_control(place_id, case=case, weights=weights)
        begun.append(clock())
        for name, start, end in zip(spent, begun, begun[1:], strict=False):
            spent[name] += end - start
    return {f"a place's {name}, ms": 1000.0 * seconds / len(chosen) for name, seconds in spent.items()}


def _add(store: Store, reports: Iterator[Report], weights: Weights, *, clock: Clock) -> Iterator[float]:
    for report in reports:
        started = clock()
        store.add_captures([report.item])
        store.count_pending(version=RULES)
        store.pending_captures(version=RULES, limit=32)
        store.add_readings([report.reading], version=RULES)
        derive_pending(store, weights=weights, now=NOW)
        yield clock() - started


def _ask(archive: Archive, place_ids: list[str], *, days: int, clock: Clock) -> dict[str, Any]:
    """Ask for places as they are chosen at random, the often and the seldom told of alike."""
    told = {place.id for place, _ in archive.places()}
    choose = random.Random(1)
    asked = [choose.choice([id_ for id_ in place_ids if id_ in told]) for _ in range(ASKED)]
    dates = [day_of(choose.randrange(days)) for _ in asked]
    cuts = [day + timedelta(days=choose.randrange(60)) for day in dates]
    figures: dict[str, Any] = {}
    for name, ask in (
        ("a place, ms", lambda n: archive.place(asked[n])),
        ("a place on a day, ms", lambda n: archive.place(asked[n], on=dates[n])),
        ("as known by a day, ms", lambda n: archive.place(asked[n], on=dates[n], known_by=cuts[n])),
    ):
        figures |= _spread(name, _times(ask, len(asked), clock=clock))
    started = clock()
    list(archive.places())
    figures["all places with their counts, s"] = clock() - started
    return figures


def _times(ask: Callable[[int], object], count: int, *, clock: Clock) -> Iterator[float]:
    for number in range(count):
        started = clock()
        ask(number)
        yield clock() - started


def _spread(name: str, seconds: Iterator[float]) -> dict[str, float]:
    """Return the middle, the 95th percentile and the longest, in milliseconds."""
    ordered = sorted(1000.0 * each for each in seconds)
    if not ordered:
        return {}
    at = {"p50": 0.5, "p95": 0.95, "max": 1.0}
    return {f"{name} {word}": ordered[min(len(ordered) - 1, int(share * len(ordered)))] for word, share in at.items()}


def _peak() -> float:
    """Return the most memory that this process, or one of its own, has held."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / scale


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--places", type=int, default=5_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--clock", choices=sorted(CLOCKS), default="wall")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--archive", type=Path, help="keep the archive here")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
