"""Second stage: the entity head, on the finished eight-bit encoder, which stays as it is.

The encoder has seen the entities of its training text, so that its vectors there are surer than they will be on new
text. Mentions are therefore put into other sentences before they are read, and half of every vector is dropped.
The loss is that of whole lawful label sequences, as the reader chooses them (a conditional random field, Lafferty,
McCallum and Pereira, 2001, without learned transitions); words whose label a corpus does not say may have any.

python training/entities.py --shared ../shared --run build/reader --model src/heldby/language/model
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from augment import damage, mentions_by_kind, swap
from batches import LONGEST, Collator
from corpora import ENTITIES, UNSAID, Example, gold, held_out, passage_examples, re3d
from export import write_module
from heldby.language.mentions import transitions
from heldby.language.pieces import Pieces
from network import Labels, WindowHead

_WIDTH = 384
_FORBIDDEN = -1e4


@dataclass(frozen=True, slots=True)
class Plan:
    """Settings of the second stage, chosen by two-fold cross-validation over re3d's training documents."""

    seed: int = 20161211
    heads: int = 3
    steps: int = 300
    sentences: int = 32
    rate: float = 1e-3
    decay: float = 0.01
    swaps: int = 6
    swapped: float = 0.6
    plain_share: float = 0.27
    swapped_share: float = 0.53
    damaged_share: float = 0.1
    gold_share: float = 0.1
    outside: float = 1.0


@dataclass(frozen=True, slots=True)
class Sentences:
    """Word vectors and label places of sentences, and how often each is drawn."""

    vectors: list[NDArray[np.float32]]
    labels: list[NDArray[np.int64]]
    odds: NDArray[np.float64]


class Average(nn.Module):
    """The mean scores of several heads; vectors that are all nought are padding."""

    def __init__(self, heads: Sequence[nn.Module], outside: float) -> None:
        super().__init__()
        self.heads = nn.ModuleList(heads)
        self.register_buffer("bias", torch.tensor([outside, *[0.0] * (len(ENTITIES) - 1)]))

    def forward(self, words: Tensor) -> Tensor:
        """[batch, words, width] to [batch, words, labels]."""
        return torch.stack([head(words) for head in self.heads]).mean(0) + self.bias


def main() -> None:
    """Trains the heads and writes heads/entities.onnx into the model folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--run", type=Path, required=True, help="folder of train.py, for its label lists")
    parser.add_argument("--model", type=Path, required=True, help="the model folder that export.py wrote")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    plan = Plan()
    listed = json.loads((arguments.run / "labels.json").read_text(encoding="utf-8"))
    labels = Labels(**{name: tuple(values) for name, values in listed.items()})
    collator = Collator(Pieces(arguments.model / "pieces.json"), labels)
    encoder = onnxruntime.InferenceSession(str(arguments.model / "encoder.int8.onnx"))
    data = training_sentences(plan, arguments.shared, collator, encoder)
    learned = [learn(data, plan, plan.seed + place) for place in range(plan.heads)]
    write(learned, plan, arguments.model)


def training_sentences(
    plan: Plan, shared: Path, collator: Collator, encoder: onnxruntime.InferenceSession
) -> Sentences:
    """Reads re3d's training documents, plain, damaged and with swapped mentions, and the annotated paragraphs."""
    rng = random.Random(plan.seed)
    passages = [passage for passage in re3d(shared / "data" / "re3d") if not held_out(passage)]
    plain = [e for passage in passages for e in passage_examples(passage) if len(e.words) <= LONGEST]
    named = [e for e in gold(shared / "gold", "train") if any(e.entities)]
    known = mentions_by_kind([*plain, *named])
    parts = (
        (plan.plain_share, plain),
        (plan.swapped_share, [swap(e, known, rng, share=plan.swapped) for _ in range(plan.swaps) for e in plain]),
        (plan.damaged_share, [damage(example, rng) for example in plain]),
        (plan.gold_share, named),
    )
    read = [(share, encode(examples, collator, encoder)) for share, examples in parts]
    pairs = list(chain.from_iterable(rows for _, rows in read))
    odds = np.concatenate([np.full(len(rows), share / len(rows)) for share, rows in read])
    return Sentences([vectors for vectors, _ in pairs], [labels for _, labels in pairs], odds / odds.sum())


def encode(
    examples: Sequence[Example], collator: Collator, encoder: onnxruntime.InferenceSession
) -> list[tuple[NDArray[np.float32], NDArray[np.int64]]]:
    """Returns the vectors [words, width] and label places [words] of each sentence, in order of length."""
    rows = []
    for group in collator.batches(examples, budget=1000, rng=None):
        batch = collator.collate(group)
        inputs = {name: getattr(batch, name).numpy() for name in ("ids", "cases", "first")}
        vectors = encoder.run(None, inputs)[0]
        for place, example in enumerate(group):
            count = len(example.words)
            rows.append((vectors[place, :count], batch.entities[place, :count].numpy()))
    return rows


def learn(data: Sentences, plan: Plan, seed: int) -> WindowHead:
    """Trains one head."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    head = WindowHead(_WIDTH, 192, len(ENTITIES))
    optimizer = torch.optim.AdamW(head.parameters(), lr=plan.rate, weight_decay=plan.decay)
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / 30, (plan.steps - step) / plan.steps)
    )
    for _ in range(plan.steps):
        drawn = rng.choice(len(data.vectors), plan.sentences, p=data.odds)
        words, labels, said = _padded([data.vectors[i] for i in drawn], [data.labels[i] for i in drawn])
        loss = sequence_loss(head(words), labels, said)
        loss.backward()
        nn.utils.clip_grad_norm_(head.parameters(), 2.0)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
    return head.eval()


def _padded(
    vectors: Sequence[NDArray[np.float32]], labels: Sequence[NDArray[np.int64]]
) -> tuple[Tensor, Tensor, Tensor]:
    width = max(len(row) for row in vectors)
    words = torch.zeros(len(vectors), width, _WIDTH)
    places = torch.full((len(vectors), width), UNSAID)
    said = torch.zeros(len(vectors), width, dtype=torch.bool)
    for row, (vector, label) in enumerate(zip(vectors, labels, strict=True)):
        words[row, : len(vector)] = torch.from_numpy(vector)
        places[row, : len(label)] = torch.from_numpy(label)
        said[row, : len(label)] = True
    return words, places, said


def sequence_loss(scores: Tensor, labels: Tensor, said: Tensor) -> Tensor:
    """Returns minus the log probability, a word, of all lawful label sequences that agree with the labels said.

    scores: [batch, words, labels]; labels: [batch, words], UNSAID where any may stand; said: [batch, words].
    """
    known = functional.one_hot(labels.clamp(min=0), scores.shape[-1]).bool() | (labels == UNSAID).unsqueeze(-1)
    agreeing = scores.masked_fill(~known, _FORBIDDEN)
    lawful = torch.from_numpy(transitions(ENTITIES)).clamp(min=_FORBIDDEN)
    return (_total(scores, said, lawful) - _total(agreeing, said, lawful)).sum() / said.sum()


def _total(scores: Tensor, said: Tensor, moves: Tensor) -> Tensor:
    """Returns the log of the summed weights of all sequences (the forward pass). scores: [batch, words, labels]."""
    starts = torch.tensor([_FORBIDDEN if label.startswith("I-") else 0.0 for label in ENTITIES])
    total = scores[:, 0] + starts
    for place in range(1, scores.shape[1]):
        further = torch.logsumexp(total[:, :, None] + moves, 1) + scores[:, place]
        total = torch.where(said[:, place, None], further, total)
    return torch.logsumexp(total, 1)


def write(heads: Sequence[WindowHead], plan: Plan, model: Path) -> None:
    """Writes the heads as one ONNX file."""
    axes = {name: {0: "batch", 1: "words"} for name in ("words", "scores")}
    average = Average(heads, plan.outside).eval()
    write_module(
        average, (torch.randn(2, 5, _WIDTH),), model / "heads" / "entities.onnx", ["words"], ["scores"], axes
    )


if __name__ == "__main__":
    main()
