"""Who held which town: heldby and what users have today, on real reports, against a table of the truth.

The articles are read into an archive. For every place of the truth file and day on which an article speaks of it,
each system says who held it; then how far off its changes of hands are. `_control_truth.py` says which pairs these
are, `_control_sides.py` whom an answer means, `_control_score.py` what the scores are, `_control_baselines.py` what
the baselines do. Asked twice: in hindsight, with all reports heard, and as it was knowable at the end of the pair's
day. The truth serves for nothing but this comparison.

    python benchmarks/control.py [--articles FILE] [--truth FILE] [--json OUT] [--picture SVG] [--causes [N]]
        [--archive FILE [--again]]

The archive is kept, under `build/` or where `--archive` says, so that a second run with the same articles and rules
does not read them again; `--again` takes a kept one as it was read, and only derives anew who held what. `--causes`
tells why pairs are not right, with N examples of each cause.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import heldby
from _control_ask import HELDBY, Asker, Known, know, told_changes, variants
from _control_baselines import BASELINES, Baseline
from _control_causes import report_causes
from _control_picture import draw
from _control_score import Judged, probabilities, score
from _control_sides import Answer, Sides
from _control_truth import (
    Article,
    Change,
    Pair,
    TruePlace,
    find_mentions,
    find_names,
    make_pairs,
    read_articles,
    read_truth,
)
from heldby import Archive
from heldby.reconcile import Weights
from heldby.records.ids import content_hash
from heldby.resolve import Resolver
from heldby.run import derive_pending, utc_now
from heldby.settings import Settings, load_settings
from heldby.stages import build_stages, open_resolver
from heldby.store import open_store

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path("../shared/control")
SHOWN = ("right", "right_over_places", "macro_f1", "brier", "brier_over_places", "calibration_error", "abstained")
SHOWN_CHANGES = ("days_off", "days_off_mean", "changes_found")
DRAWN = (HELDBY, "baseline majority")


def main(argv: list[str] | None = None) -> int:
    """Read, ask, compare and print; 2 where the files are not there."""
    options = _options().parse_args(argv)
    needed = [options.articles, options.truth, *([options.archive] if options.again else [])]
    missing = [path for path in needed if path is None or not path.is_file()]
    if missing:
        print(f"There is no file {missing[0] or 'of an archive: give --archive'}.", file=sys.stderr)
        return 2
    try:
        places, articles = read_truth(options.truth), read_articles(options.articles)
    except (ValueError, KeyError) as error:
        print(f"The files are not of the form that the benchmark reads: {error!r}.", file=sys.stderr)
        return 2
    settings = load_settings(processes=options.processes)
    stages = build_stages(settings)
    location = options.archive or _kept(options.articles, stages.version)
    _fill(location, articles=options.articles, settings=settings, weights=stages.weights, again=options.again)
    with Archive(str(location), settings=settings) as archive:
        bench = Bench.of(archive, places, articles, resolver=open_resolver(settings))
        answers = {as_known: bench.ask(stages.weights, as_known=as_known) for as_known in (False, True)}
    figures = {as_known: bench.score(found, as_known=as_known) for as_known, found in answers.items()}
    _print_table("In hindsight, all reports heard", figures[False], changes=True)
    _print_table("As known at the end of the pair's day", figures[True], changes=False)
    _print_places(figures[False])
    if options.causes is not None:
        print(report_causes(bench.judged(answers[False][HELDBY]), known=bench.known, examples=options.causes))
    if options.json:
        whole = {**figures[False], "as known then": figures[True]}
        options.json.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", "utf-8")
    if options.picture:
        _draw(options.picture, bench, answers[False], figures[False])
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", type=Path, default=SHARED / "articles.jsonl")
    parser.add_argument("--truth", type=Path, default=SHARED / "truth.csv")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--picture", type=Path, help="draw calibration and the share right by place here (SVG)")
    parser.add_argument("--archive", type=Path, help="where the archive is kept")
    parser.add_argument("--again", action="store_true", help="do not read the articles again, whatever the rules")
    parser.add_argument("--processes", type=int, default=2, help="that read the articles")
    parser.add_argument("--causes", type=int, nargs="?", const=5, help="tell why pairs are not right")
    return parser


# -- the archive ---------------------------------------------------------------------------------------------------


def _kept(articles: Path, version: str) -> Path:
    """Return where the archive of these articles, read with these rules by this code, is kept."""
    package = Path(heldby.__file__).parent
    code = b"".join(path.read_bytes() for path in sorted(package.rglob("*.py")))
    name = content_hash(articles.read_bytes() + version.encode() + code)[:16]
    folder = ROOT / "build" / "control"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.heldby"


def _fill(location: Path, *, articles: Path, settings: Settings, weights: Weights, again: bool) -> None:
    """Read the articles into the archive, as far as that is not done, and derive who held what."""
    if again:
        store = open_store(str(location))
        try:
            derive_pending(store, weights=weights, now=utc_now())
        finally:
            store.close()
        return
    with Archive(str(location), settings=settings) as archive:
        report = archive.read([str(articles)])
    print(
        f"{report.captured} articles read anew, {report.known} known before, {report.seconds:.0f} s; "
        f"{len(report.failures)} failed: {location}",
        file=sys.stderr,
    )


# -- asking --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bench:
    """All that the systems are asked, and what they may know."""

    archive: Archive
    known: Sequence[Known]
    sides: Sides
    pairs: Sequence[Pair]
    changes: Sequence[Change]

    @classmethod
    def of(
        cls, archive: Archive, places: Sequence[TruePlace], articles: Sequence[Article], *, resolver: Resolver
    ) -> Bench:
        """Make the pairs and changes of a truth file and articles, and look the places up in the archive."""
        counts = {place.id: number for place, number in archive.places()}
        known = [know(place, archive=archive, resolver=resolver, counts=counts) for place in places]
        return cls(
            archive=archive,
            known=known,
            sides=_sides(places, resolver),
            pairs=_pairs(places, articles, resolver),
            changes=told_changes(places, known),
        )

    def ask(self, weights: Weights, *, as_known: bool) -> dict[str, Asked]:
        """Return what each system answers to each pair, and in hindsight how far off its changes are."""
        asker = Asker(self.archive, known=self.known, sides=self.sides)
        # What each part is worth is measured in hindsight; as known then is one question a pair, and slow.
        asked = {name: one for name, one in variants(weights).items() if name == HELDBY or not as_known}
        found = {}
        for name, answers in asker.answers(self.pairs, asked, as_known=as_known).items():
            found[name] = Asked(answers, [] if as_known else asker.days_off(self.changes, asked[name]))
        for name, method in BASELINES.items():
            baseline = Baseline(method, known=self.known, sides=self.sides)
            try:
                answers = baseline.answers(self.pairs, as_known=as_known)
                days_off = [] if as_known else baseline.days_off(self.changes)
            except ImportError as error:
                print(f"{name} is left out: {error} (pip install 'heldby[bench]').", file=sys.stderr)
                continue
            found[name] = Asked(answers, days_off)
        return found

    def judged(self, asked: Asked) -> list[Judged]:
        """Return a system's answers with the pairs."""
        return [Judged(pair, answer) for pair, answer in zip(self.pairs, asked.answers, strict=True)]

    def score(self, found: Mapping[str, Asked], *, as_known: bool) -> dict[str, dict[str, Any]]:
        """Return the scores of each system, heldby's first and then the baselines'."""
        ordered = sorted(found, key=lambda name: (name != HELDBY, not name.startswith("baseline")))
        return {name: score(self.judged(found[name]), days_off=found[name].days_off) for name in ordered}


@dataclass(frozen=True, slots=True)
class Asked:
    """A system's answers to the pairs, and how far off it has the changes of hands."""

    answers: Sequence[Answer]
    days_off: Sequence[int | None]


def _sides(places: Sequence[TruePlace], resolver: Resolver) -> Sides:
    holders: dict[str, set[str]] = defaultdict(set)
    for place in places:
        holders[place.country] |= {row.holder for row in place.rows}
    return Sides(resolver.actors, holders=holders)


def _pairs(places: Sequence[TruePlace], articles: Sequence[Article], resolver: Resolver) -> list[Pair]:
    names = find_names(places, articles=articles, resolver=resolver)
    return make_pairs(places, find_mentions(articles, names))


# -- telling -------------------------------------------------------------------------------------------------------


def _print_table(title: str, figures: Mapping[str, Mapping[str, Any]], *, changes: bool) -> None:
    columns = (*SHOWN, *SHOWN_CHANGES) if changes else SHOWN
    first = next(iter(figures.values()))
    note = f", {first['changes']} changes of hands" if changes else ""
    print(f"\n{title}: {first['n']} pairs of {first['places']} places{note}")
    print(f"{'':22}" + "".join(f"{column.replace('_', ' '):>19}" for column in columns))
    for name, values in figures.items():
        cells = ["-" if values[column] is None else f"{values[column]:.4g}" for column in columns]
        print(f"{name:22}" + "".join(f"{cell:>19}" for cell in cells))


def _print_places(figures: Mapping[str, Mapping[str, Any]]) -> None:
    names = [name for name in figures if name == HELDBY or name.startswith("baseline")]
    print("\nShare right by place (pairs)")
    print(f"{'':32}" + "".join(f"{name:>23}" for name in names))
    for place, number in figures[HELDBY]["pairs_by_place"].items():
        shares = (figures[name]["right_by_place"][place] for name in names)
        print(f"{place + f' ({number})':32}" + "".join(f"{share:>23.3f}" for share in shares))


def _draw(path: Path, bench: Bench, found: Mapping[str, Asked], figures: Mapping[str, Mapping[str, Any]]) -> None:
    drawn = [name for name in DRAWN if name in found]
    draw(
        path,
        judged={name: probabilities(bench.judged(found[name])) for name in drawn},
        right={name: figures[name]["right_by_place"] for name in drawn},
        pairs=figures[HELDBY]["pairs_by_place"],
    )


if __name__ == "__main__":
    sys.exit(main())
