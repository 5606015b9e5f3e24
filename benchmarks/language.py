"""Figures of the reading model, each on text it was not trained on, with its own words and sentences.

python benchmarks/language.py --shared ../shared --json language.json
python benchmarks/language.py --shared ../shared --only filter
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))

import _language_claims as claims
import _language_trees as trees
from heldby.language.model import Model, load_model
from heldby.language.reader import Reader, load


@dataclass(frozen=True, slots=True)
class Task:
    """What every measurement is given."""

    shared: Path
    model: Model
    reader: Reader
    float_encoder: Path | None
    threads: int


def treebanks(task: Task) -> dict[str, Any]:
    """Tags, arcs and labelled arcs on both test sets, sentences given and not given."""
    rows: dict[str, Any] = {}
    for name in trees.TREEBANKS:
        path = task.shared / "data" / f"ud_english_{name}" / "test.conllu"
        rows[name] = {
            "sentences given": trees.sentences_given(path, task.model),
            "whole documents": trees.whole_documents(path, task.reader),
        }
    return rows


def eight_bits(task: Task) -> dict[str, Any]:
    """The float encoder's figures less the eight-bit encoder's, sentences given, in points."""
    if task.float_encoder is None or not task.float_encoder.is_file():
        return {"skipped": "no float encoder: name the one that training/export.py wrote with --float"}
    wide = load_model(threads=task.threads, encoder=task.float_encoder)
    rows: dict[str, Any] = {}
    for name in trees.TREEBANKS:
        path = task.shared / "data" / f"ud_english_{name}" / "test.conllu"
        small, large = trees.sentences_given(path, task.model), trees.sentences_given(path, wide)
        rows[name] = {key: round(large[key] - small[key], 2) for key in ("UPOS", "UAS", "LAS")}
    small, large = (
        claims.entities(task.shared, load_reader(task.model)),
        claims.entities(task.shared, load_reader(wide)),
    )
    rows["re3d held out"] = {"entity F1": round(large["exact"]["F1"] - small["exact"]["F1"], 2)}
    return rows


def load_reader(model: Model) -> Reader:
    """Returns a reader over a model already loaded."""
    from heldby.language.reader import build

    return Reader(build(model=model), own=True)


TASKS: dict[str, Callable[[Task], dict[str, Any]]] = {
    "treebanks": treebanks,
    "eight bits": eight_bits,
    "entities": lambda task: claims.entities(task.shared, task.reader),
    "names of places": lambda task: claims.claim_places(task.shared, task.reader),
    "triggers": lambda task: claims.triggers(task.shared, task.reader),
    "filter": lambda task: claims.filtering(task.shared, task.model),
    "speed": lambda task: trees.speed(task.shared, task.reader),
}


def main() -> None:
    """Runs the measurements named (all of them by default), prints them and writes them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="the folder of the corpora")
    parser.add_argument("--model", type=Path, default=None, help="a model folder; default: the packaged one")
    parser.add_argument("--float", type=Path, default=None, dest="wide", help="encoder.onnx in float")
    parser.add_argument("--only", action="append", choices=sorted(TASKS), help="may be given more than once")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, default=None)
    arguments = parser.parse_args()
    model = load_model(arguments.model, threads=arguments.threads)
    reader = load(arguments.model, threads=arguments.threads)
    task = Task(arguments.shared, model, reader, arguments.wide, arguments.threads)
    figures: dict[str, Any] = {}
    for name in arguments.only or TASKS:
        figures[name] = TASKS[name](task)
        print(name, json.dumps(figures[name], indent=1), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
