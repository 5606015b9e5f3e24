#!/usr/bin/env python3
"""How fast heldby reads web pages into stored claims, beside a bare spaCy pipeline on the same texts.

    python benchmarks/speed.py [--shared ../shared] [--documents N] [--repeats N] [--json FILE]

heldby takes the whole way: HTML files in a folder, captured, cut to their text, read, resolved, related, weighed and
stored in SQLite. The bare pipeline (benchmarks/_speed_bare.py: the architecture of en_core_web_sm) is given the clean
texts and stores nothing. Both are pinned to the same two cores and take turns; of each the better of one process and
two counts. Words are those of headline and text, between blanks. Start-up, from the start of the interpreter to the
end of a warm-up, is told apart; every reading is of a new archive.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _speed_pages import Text, text_sets, write_pages

CORES = 2
WARM_UP = 16
BARE_BATCH = 32


@dataclass(frozen=True, slots=True)
class Mode:
    """A reader with its processes, and the threads of heldby's reading model in each."""

    reader: str
    processes: int
    threads: int = 1

    @property
    def name(self) -> str:
        """The mode in words."""
        processes = "1 process" if self.processes == 1 else f"{self.processes} processes"
        return f"{processes}, {self.threads} threads" if self.threads > 1 else processes


MODES = (Mode("heldby", 1, 2), Mode("heldby", 2), Mode("spaCy", 1), Mode("spaCy", 2))


@dataclass(frozen=True, slots=True)
class Measured:
    """The seconds that each repeat took, and those of the start-up before it."""

    seconds: tuple[float, ...]
    start_up: tuple[float, ...]

    def rate(self, amount: int) -> tuple[float, float, float]:
        """Return amounts a second: of the median repeat, the slowest and the fastest."""
        rates = [amount / seconds for seconds in self.seconds]
        return statistics.median(rates), min(rates), max(rates)


# -- in a process of its own ----------------------------------------------------------------------------------------


def read_with_heldby(folder: Path, mode: Mode, *, parts: bool) -> dict[str, Any]:
    """Read the pages of a folder once, after a warm-up; with `parts` tell where the time goes."""
    import _speed_parts
    from heldby import run
    from heldby.records import Hints
    from heldby.settings import load_settings
    from heldby.stages import build_stages
    from heldby.store import open_store

    settings = load_settings(environ={}, threads=mode.threads, processes=mode.processes)
    stages = build_stages(settings)
    spent = _speed_parts.Spent()

    def read(inputs: Sequence[str], name: str) -> float:
        now = run.utc_now()
        store = open_store(str(folder.parent / name))
        chosen = {"store": store, "stages": stages, "hints": Hints(), "now": now}
        if parts:
            chosen |= {"store": spent.watched(store), "stages": spent.timed(stages)}
        started = time.perf_counter()
        report = run.read(inputs, read_batches=run.batch_reader(settings, now=now), **chosen)
        seconds = time.perf_counter() - started
        store.close()
        if report.failures:
            raise SystemExit(f"{len(report.failures)} pages failed, first: {report.failures[0]}")
        found.update(documents=report.documents, claims=report.claims, places=report.places)
        return seconds

    found: dict[str, int] = {}
    few = [str(path) for path in sorted(folder.glob("*.html"))[:WARM_UP]]
    name = f"{mode.reader}-{mode.processes}-{os.getpid()}"
    warm_up = read(few, f"{name}-warm.heldby")
    ready = time.time()
    # Processes of the engine start with the reading and end with it; what they need to start is start-up too.
    again = read(few[:1], f"{name}-one.heldby") if mode.processes > 1 else 0.0
    spent.clear()
    with spent.derivation() if parts else _nothing():
        seconds = read([str(folder)], f"{name}.heldby")
    result = {"seconds": seconds - again, "ready": ready + again, "warm_up": warm_up, **found}
    return result | ({"parts": spent.parts(seconds)} if parts else {})


def _nothing() -> Any:
    from contextlib import nullcontext

    return nullcontext()


def read_with_spacy(folder: Path, mode: Mode) -> dict[str, Any]:
    """Read the plain texts beside a folder of pages once, after a warm-up."""
    import _speed_bare

    texts = json.loads((folder.parent / "texts.json").read_text("utf-8"))
    nlp = _speed_bare.build()

    def read(some: Sequence[str]) -> float:
        started = time.perf_counter()
        for _doc in nlp.pipe(some, n_process=mode.processes, batch_size=BARE_BATCH):
            pass
        return time.perf_counter() - started

    warm_up = read(texts[:WARM_UP])
    return {"ready": time.time(), "warm_up": warm_up, "seconds": read(texts)}


# -- the measurement ------------------------------------------------------------------------------------------------


def measure(folder: Path, mode: Mode, *, parts: bool = False) -> dict[str, Any]:
    """Return what a fresh interpreter measures on a folder of pages in a mode."""
    wanted = [str(Path(__file__).resolve()), "--worker", json.dumps(asdict(mode)), "--folder", str(folder)]
    started = time.time()
    wanted += ["--parts"] if parts else []
    done = subprocess.run([sys.executable, *wanted], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The reading with {mode.reader}, {mode.name}, ended with {done.returncode}.")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result | {"start_up": result["ready"] - started}


def measure_set(texts: Sequence[Text], *, repeats: int) -> dict[str, Any]:
    """Return the figures of all modes on one set of texts: each repeat takes every mode in turn."""
    words, documents = sum(text.words for text in texts), len(texts)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "pages"
        folder.mkdir()
        size = write_pages(texts, folder)
        (folder.parent / "texts.json").write_text(json.dumps([text.plain for text in texts]), "utf-8")
        rounds = [[measure(folder, mode) for mode in MODES] for _ in range(repeats)]
        parts = measure(folder, MODES[0], parts=True)["parts"]
    rows = []
    for mode, results in zip(MODES, zip(*rounds, strict=True), strict=True):
        measured = Measured(tuple(one["seconds"] for one in results), tuple(one["start_up"] for one in results))
        rows.append(_row(mode, measured, documents=documents, words=words))
    best = {
        reader: max((row for row in rows if row["reader"] == reader), key=lambda row: row["words_per_second"])
        for reader in ("heldby", "spaCy")
    }
    return {
        "documents": documents,
        "words": words,
        "page_bytes": size,
        "claims": rounds[0][0]["claims"],
        "rows": rows,
        "heldby_over_spacy": round(best["heldby"]["words_per_second"] / best["spaCy"]["words_per_second"], 3),
        "parts": parts,
    }


def _row(mode: Mode, measured: Measured, *, documents: int, words: int) -> dict[str, Any]:
    middle, slowest, fastest = measured.rate(words)
    return {
        "reader": mode.reader,
        "mode": mode.name,
        "documents_per_second": round(measured.rate(documents)[0], 2),
        "words_per_second": round(middle),
        "slowest": round(slowest),
        "fastest": round(fastest),
        "start_up_seconds": round(statistics.median(measured.start_up), 1),
    }


# -- the report -----------------------------------------------------------------------------------------------------


def show(figures: dict[str, Any]) -> None:
    """Print the tables and, for each set, the sentence that says which is faster."""
    print(f"{figures['machine']}, pinned to {CORES} cores; {figures['repeats']} repeats, medians")
    for name, found in figures["sets"].items():
        print(f"\n{name}: {found['documents']} pages, {found['words']} words, {found['claims']} claims")
        print(f"  {'':8s}{'':22s}{'documents/s':>12s}{'words/s':>10s}{'slowest - fastest':>20s}{'start-up s':>12s}")
        for row in found["rows"]:
            spread = f"{row['slowest']} - {row['fastest']}"
            print(
                f"  {row['reader']:8s}{row['mode']:22s}{row['documents_per_second']:12.2f}"
                f"{row['words_per_second']:10d}{spread:>20s}{row['start_up_seconds']:12.1f}"
            )
        whole = sum(found["parts"].values())
        shares = ", ".join(f"{part} {seconds / whole:.0%}" for part, seconds in found["parts"].items())
        print(f"  where heldby's time goes ({MODES[0].name}): {shares}")
        print(f"  {verdict(name, found['heldby_over_spacy'])}")


def verdict(name: str, ratio: float) -> str:
    """Return in a sentence which of the two is faster, and how much."""
    if ratio >= 1:
        return f"On {name}, heldby reads pages into stored claims {ratio:.2f} times as fast as bare spaCy reads text."
    return f"On {name}, bare spaCy reads text {1 / ratio:.2f} times as fast as heldby reads pages into stored claims."


def machine() -> str:
    """Return the processor and the versions that the figures depend on."""
    import onnxruntime
    import spacy

    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.is_file() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return (
        f"{model or platform.processor() or platform.machine()}, Python {platform.python_version()}, "
        f"spaCy {spacy.__version__}, onnxruntime {onnxruntime.__version__}"
    )


def pin() -> None:
    """Keep this process and those it starts on two cores, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:CORES]))


def main() -> None:
    """Measure from the command line, or be one of the processes that are measured."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--shared", type=Path, default=Path("../shared"), help="the folder of the corpora")
    ask.add_argument("--documents", type=int, default=300, help="pages in each set")
    ask.add_argument("--repeats", type=int, default=3)
    ask.add_argument("--only", help="read this set alone")
    ask.add_argument("--json", type=Path)
    ask.add_argument("--worker", help=argparse.SUPPRESS)
    ask.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    ask.add_argument("--parts", action="store_true", help=argparse.SUPPRESS)
    args = ask.parse_args()
    if args.worker:
        mode = Mode(**json.loads(args.worker))
        own = mode.reader == "heldby"
        done = read_with_heldby(args.folder, mode, parts=args.parts) if own else read_with_spacy(args.folder, mode)
        print(json.dumps(done))
        return
    pin()
    sets = text_sets(args.shared, documents=args.documents)
    chosen = {name: texts for name, texts in sets.items() if args.only in {None, name}}
    if not chosen:
        raise SystemExit(f"There is no set {args.only!r}; there are: {', '.join(sets)}.")
    figures: dict[str, Any] = {"machine": machine(), "repeats": args.repeats, "sets": {}}
    for name, texts in chosen.items():
        figures["sets"][name] = measure_set(texts, repeats=args.repeats)
    show(figures)
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
