#!/usr/bin/env python3
"""Read any file of documents and write its claims in the gold format; score them where a gold file is given.

    benchmarks/claims.py DOCS.json OUT.jsonl [--gold GOLD.jsonl] [--scorer score.py] [--causes N] [--json FILE]
                         [--only rules|learned] [--plot FILE.svg]

DOCS.json is a list of {"id", "outlet", "date", "title", "text"}. The documents take the whole way from bytes to
resolved claims, each alone, as `heldby read` takes them. With --gold the figures are printed; with --causes, misses
and extras by cause with N examples each. --only leaves the claim heads of the reading model unheard (rules), or takes
away the lexicon of relations (learned). --plot draws how far the confidence of claims can be believed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from _reliability import bins, brier, calibration_error, draw
from heldby.capture import capture_items
from heldby.claims import silence
from heldby.knowledge import read_knowledge
from heldby.pipeline import Stages
from heldby.records import CapturedItem, Claim, Failure, Hints, Reading
from heldby.run import read_batch
from heldby.settings import load_settings
from heldby.stages import build_stages

JsonRecord = dict[str, Any]
TOGETHER = 64
WORDS_OF_RELATIONS = frozenset({"verb", "noun", "adjective", "suffix", "phrase", "light"})


def read_file(path: Path, *, stages: Stages) -> Iterator[tuple[str, Reading]]:
    """Yield (document id, reading) for every document of the file; failures are named on standard error."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "documents.jsonl"
        rows = json.loads(path.read_text("utf-8"))
        kept = ("id", "outlet", "title", "text")
        records = [
            {**{k: row.get(k) for k in kept}, "published": row.get("date") or row.get("published")} for row in rows
        ]
        lines.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
        ids: dict[str, str] = {}
        now = datetime.now(UTC)

        def captured() -> Iterator[CapturedItem]:
            for item in capture_items([str(lines)], hints=Hints(), settings=load_settings(), now=now):
                if isinstance(item, Failure):
                    print(f"{item.where}: {item.what}", file=sys.stderr)
                else:
                    ids[item.capture.id] = item.capture.hints.item_id
                    yield item

        items = captured()
        while batch := list(islice(items, TOGETHER)):
            result = read_batch(batch, stages=stages, now=now)
            for failure in result.failures:
                print(f"{failure.where}: {failure.what}", file=sys.stderr)
            for reading in result.readings:
                yield ids[reading.document.capture_id], reading


def as_gold(claim: Claim) -> JsonRecord:
    """Return a claim with the fields and the plain values of the gold format."""

    def plain(name: str, words: str | None) -> str | None:
        return name or words or None

    actor, opponent = claim.actor, claim.opponent
    return {
        "sentence": claim.sentence.text,
        "trigger": claim.trigger.text,
        "relation": claim.relation,
        "actor": plain(actor.name, actor.mention.text if actor.mention else None),
        "actor_text": actor.mention.text if actor.mention else None,
        "opponent": plain(opponent.name, opponent.mention.text if opponent.mention else None),
        "place": place_words(claim),
        "extent": claim.extent,
        "part_text": claim.part.text if claim.part else None,
        "modality": claim.modality,
        "sources": [link.name_text or link.mention.text for link in claim.chain],
        "when": claim.when.iso() if claim.when else None,
        "background": claim.background,
        "confidence": claim.confidence,
    }


def place_words(claim: Claim) -> str:
    """Return the text's own words for the place: the mention where it names it, else the name that it stands for."""
    mention, name = claim.place.mention.text, claim.place.name_text
    return mention if name in mention else name


def as_prediction(document_id: str, reading: Reading) -> JsonRecord:
    """Return one line of the predictions: the claims and quantities of a document."""
    quantities = [
        {"sentence": q.sentence.text, "text": q.text.text, "what": q.what, "low": q.low, "high": q.high}
        for q in reading.quantities
    ]
    return {"id": document_id, "claims": [as_gold(claim) for claim in reading.claims], "quantities": quantities}


def load_scorer(path: Path) -> Any:
    """Return the scorer's module from its file."""
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path}: no scorer there; give one with --scorer")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score(gold: dict[str, JsonRecord], found: dict[str, JsonRecord], *, scorer: Any) -> JsonRecord:
    """Return the figures of the scorer: F1 of claims, located and quantities, and the share of each field right."""
    count: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for key, g in gold.items():
        f = found.get(key, {"claims": [], "quantities": []})
        whole = scorer.pair(g["claims"], f["claims"], lambda a, b: same_claim(a, b, scorer))
        placed = scorer.pair(
            g["claims"], f["claims"], lambda a, b: scorer.same_place(a, b) and scorer.same_sentence(a, b)
        )
        counted = scorer.pair(g.get("quantities") or [], f["quantities"], scorer.same_quantity)
        count.update(gold=len(g["claims"]), found=len(f["claims"]), hits=len(whole), placed=len(placed))
        count.update(qgold=len(g.get("quantities") or []), qfound=len(f["quantities"]), qhits=len(counted))
        right.update(name for x, y in whole for name, agrees in scorer.FIELDS.items() if agrees(x, y))
    figures: JsonRecord = {
        "claims": f1(count["hits"], count["gold"], count["found"]),
        "located": f1(count["placed"], count["gold"], count["found"]),
        "quantities": f1(count["qhits"], count["qgold"], count["qfound"]),
    }
    figures.update({name: round(right[name] / max(1, count["hits"]), 3) for name in scorer.FIELDS})
    return figures


def f1(hits: int, gold: int, found: int) -> float:
    """Return the harmonic mean of precision and recall."""
    return round(2 * hits / max(1, gold + found), 3)


def same_claim(a: JsonRecord, b: JsonRecord, scorer: Any) -> bool:
    """Tell whether two claims agree in relation, place and sentence."""
    return bool(a["relation"] == b["relation"] and scorer.same_place(a, b) and scorer.same_sentence(a, b))


def judged(gold: dict[str, JsonRecord], found: dict[str, JsonRecord], *, scorer: Any) -> Iterator[tuple[float, bool]]:
    """Yield for every claim found its confidence and whether the gold has it."""
    for key, g in gold.items():
        f = found.get(key, {"claims": []})
        pairs = scorer.pair(g["claims"], f["claims"], lambda a, b: same_claim(a, b, scorer))
        for y in f["claims"]:
            yield y["confidence"], any(y is pair[1] for pair in pairs)


def stages_for(only: str | None) -> Stages:
    """Return heldby's stages, or those of one of its two ways of finding claims alone."""
    settings = load_settings()
    if only != "learned":
        stages = build_stages(settings)
        return replace(stages, language=partial(_silenced, stages.language)) if only == "rules" else stages
    with_words = read_knowledge("relations")
    silent = {key: value for key, value in with_words.items() if key not in WORDS_OF_RELATIONS}
    return build_stages(settings, lexicon_tables={"relations": silent})


def _silenced(language: Any, documents: Any) -> Iterator[Any]:
    for doc in language(documents):
        silence(doc)
        yield doc


def causes(gold: dict[str, JsonRecord], found: dict[str, JsonRecord], *, scorer: Any) -> Iterator[tuple[str, str]]:
    """Yield (cause, description) for every gold claim that was missed and every claim that is not in the gold."""
    for key, g in gold.items():
        f = found.get(key, {"claims": []})
        pairs = scorer.pair(g["claims"], f["claims"], lambda a, b: same_claim(a, b, scorer))
        left = [y for y in f["claims"] if not any(y is pair[1] for pair in pairs)]
        for x in g["claims"]:
            if any(x is pair[0] for pair in pairs):
                continue
            beside = [y for y in left if scorer.same_sentence(x, y)]
            if any(y["relation"] == x["relation"] for y in beside):
                cause = "missed: other place"
            elif any(scorer.same_place(x, y) for y in beside):
                cause = "missed: other relation"
            else:
                cause = "missed: nothing read there"
            yield cause, f"{x['relation']} | {x['trigger']} | {x['place']} | {x['sentence'][:160]}"
        for y in left:
            known = any(scorer.same_sentence(x, y) for x in g["claims"])
            cause = "extra: in a sentence with claims" if known else "extra: in a sentence without any"
            yield cause, f"{y['relation']} | {y['trigger']} | {y['place']} | {y['sentence'][:160]}"


def main() -> None:
    """Run the benchmark from the command line."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("docs", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--gold", type=Path)
    ask.add_argument("--scorer", type=Path, default=Path("../shared/gold/score.py"))
    ask.add_argument("--causes", type=int, default=0)
    ask.add_argument("--json", type=Path)
    ask.add_argument("--only", choices=("rules", "learned"))
    ask.add_argument("--plot", type=Path)
    args = ask.parse_args()
    started = time.perf_counter()
    stages = stages_for(args.only)
    asked = [str(row["id"]) for row in json.loads(args.docs.read_text("utf-8"))]
    # a document that could not be read has a line of its own, without claims
    found: dict[str, JsonRecord] = {key: {"id": key, "claims": [], "quantities": []} for key in asked}
    read = {key: as_prediction(key, reading) for key, reading in read_file(args.docs, stages=stages)}
    found.update(read)
    args.out.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in found.values()), "utf-8")
    print(
        f"{len(read)} of {len(asked)} documents read in {time.perf_counter() - started:.1f} s, written to {args.out}"
    )
    if args.gold is None:
        return
    gold = {line["id"]: line for line in map(json.loads, args.gold.read_text("utf-8").splitlines())}
    report(gold, found, scorer=load_scorer(args.scorer), args=args)


def report(
    gold: dict[str, JsonRecord], found: dict[str, JsonRecord], *, scorer: Any, args: argparse.Namespace
) -> None:
    """Print the figures, how far the confidence holds and the causes of errors; write what the options ask for."""
    figures = score(gold, found, scorer=scorer)
    for name, value in figures.items():
        print(f"{name:17s} {value:.3f}")
    chances = list(judged(gold, found, scorer=scorer))
    figures |= {"calibration error": round(calibration_error(chances), 3), "brier": round(brier(chances), 3)}
    for one in bins(chances):
        print(f"  confidence {one.said:.2f}: {one.right:.2f} of {one.count} claims right")
    print(f"calibration error {figures['calibration error']:.3f}, Brier score {figures['brier']:.3f}")
    if args.plot:
        draw(args.plot, chances, title=f"{len(chances)} claims of {len(gold)} documents")
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    listed: dict[str, list[str]] = {}
    for cause, description in causes(gold, found, scorer=scorer):
        listed.setdefault(cause, []).append(description)
    for cause, descriptions in sorted(listed.items(), key=lambda pair: -len(pair[1])):
        print(f"{len(descriptions):4d}  {cause}")
        for description in descriptions[: args.causes]:
            print(f"        {description}")


if __name__ == "__main__":
    main()
