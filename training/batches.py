"""Examples as padded tensors, in batches of sentences of like length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from corpora import UNSAID, Example
from heldby.language.pieces import Pieces
from network import Labels

LONGEST = 160


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors [batch, pieces] or [batch, words]; UNSAID where a label is not given."""

    ids: Tensor
    cases: Tensor
    first: Tensor
    words: Tensor
    tags: Tensor
    fine: Tensor
    heads: Tensor
    relations: Tensor
    entities: Tensor
    names: Tensor
    triggers: Tensor

    def to(self, device: torch.device) -> Batch:
        """Returns the batch on a device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__dataclass_fields__))


class Collator:
    """Turns examples into batches by a model's label lists."""

    def __init__(self, pieces: Pieces, labels: Labels) -> None:
        self.pieces = pieces
        self.labels = labels
        self.index = {
            name: {label: place for place, label in enumerate(getattr(labels, name))}
            for name in ("tags", "fine", "relations", "entities", "triggers")
        }

    def batches(
        self, examples: Sequence[Example], *, budget: int, rng: random.Random | None
    ) -> Iterator[list[Example]]:
        """Groups sentences of like length up to a number of pieces, padding counted; shuffled if rng is given."""
        usable = [example for example in examples if 0 < len(example.words) <= LONGEST]
        lengths = [len(self.pieces.sentence(example.words)[0]) for example in usable]
        noise = [rng.random() * 3 if rng else 0.0 for _ in usable]
        order = sorted(range(len(usable)), key=lambda place: lengths[place] + noise[place])
        groups: list[list[Example]] = []
        widest = 0
        for place in order:
            widest = max(widest, lengths[place])
            if not groups or (len(groups[-1]) + 1) * widest > budget:
                groups.append([])
                widest = lengths[place]
            groups[-1].append(usable[place])
        if rng:
            rng.shuffle(groups)
        yield from groups

    def collate(self, examples: Sequence[Example]) -> Batch:
        """Pads a group of examples into tensors."""
        inputs = [self.pieces.sentence(example.words) for example in examples]
        width = max(len(example.words) for example in examples)
        return Batch(
            ids=_pad([ids for ids, _, _ in inputs], 0),
            cases=_pad([cases for _, cases, _ in inputs], 0),
            first=_pad([first for _, _, first in inputs], 0),
            words=_pad([[1] * len(example.words) for example in examples], 0),
            tags=self._column("tags", [e.tags for e in examples], width),
            fine=self._column("fine", [e.fine for e in examples], width),
            heads=_pad([e.heads or [UNSAID] * len(e.words) for e in examples], UNSAID, width),
            relations=self._column("relations", [e.relations for e in examples], width),
            entities=self._column("entities", [e.entities for e in examples], width),
            names=self._column("entities", [e.names for e in examples], width),
            triggers=self._triggers(examples, width),
        )

    def _column(self, name: str, rows: Sequence[Sequence[str | None]], width: int) -> Tensor:
        index = self.index[name]
        return _pad(
            [[UNSAID if label is None else index.get(label, UNSAID) for label in row] for row in rows], UNSAID, width
        )

    def _triggers(self, examples: Sequence[Example], width: int) -> Tensor:
        names = self.labels.triggers
        out = torch.full((len(examples), width, len(names)), float(UNSAID))
        for row, example in enumerate(examples):
            for place, found in enumerate(example.triggers):
                out[row, place] = torch.tensor([float(name in found) for name in names])
        return out


def _pad(rows: Sequence[Sequence[int]], value: int, width: int | None = None) -> Tensor:
    width = width or max(len(row) for row in rows)
    return torch.tensor([[*row, *[value] * (width - len(row))] for row in rows], dtype=torch.long)
