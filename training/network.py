"""The network: a small BERT encoder with letter case, and one head for each task."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from heldby.language.pieces import CASES

# The claim heads (claim_network.py) go on from the words after this layer.
MIDDLE = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the pretrained encoder (all-MiniLM-L6-v2)."""

    vocabulary: int = 30522
    width: int = 384
    layers: int = 6
    attention_heads: int = 12
    inner: int = 1536
    positions: int = 512


class Dropout(nn.Module):
    """Dropout whose masks are slices, at random places, of one random bank: far cheaper on a processor."""

    def __init__(self, share: float, *, bank: int = 1 << 22) -> None:
        super().__init__()
        self.share = share
        self.bank_size = bank
        self.bank: Tensor | None = None

    def forward(self, values: Tensor) -> Tensor:
        if not self.training or not self.share:
            return values
        size = values.numel()
        if self.bank is None or self.bank.dtype != values.dtype or self.bank.numel() < 2 * size:
            kept = torch.rand(max(self.bank_size, 2 * size), device=values.device) >= self.share
            self.bank = (kept / (1 - self.share)).to(values.dtype)
        start = int(torch.randint(self.bank.numel() - size + 1, ()))
        return values * self.bank[start : start + size].view_as(values)


class Layer(nn.Module):
    """One encoder layer."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.attention_heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.norm1 = nn.LayerNorm(shape.width, eps=1e-12)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.norm2 = nn.LayerNorm(shape.width, eps=1e-12)
        self.dropout = Dropout(dropout)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        batch, length, width = hidden.shape
        qkv = self.qkv(hidden).reshape(batch, length, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        scores = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads) + bias
        mixed = (scores.softmax(-1).to(value.dtype) @ value).transpose(1, 2).reshape(batch, length, width)
        hidden = self.norm1(hidden + self.dropout(self.out(mixed)))
        return self.norm2(hidden + self.dropout(self.down(functional.gelu(self.up(hidden)))))


class Encoder(nn.Module):
    """Piece ids and cases in; one vector for each word (its first piece) out."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.case = nn.Embedding(len(CASES), shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.dropout = Dropout(dropout)
        nn.init.normal_(self.case.weight, std=0.02)

    def forward(self, ids: Tensor, cases: Tensor, first: Tensor) -> Tensor:
        """ids, cases: [batch, pieces], padded with 0; first: [batch, words]; returns [batch, words, width]."""
        return self.both(ids, cases, first)[0]

    def both(self, ids: Tensor, cases: Tensor, first: Tensor) -> tuple[Tensor, Tensor]:
        """As forward; returns the words after the last layer and after layer MIDDLE."""
        place = torch.arange(ids.shape[1], device=ids.device)
        hidden = self.words(ids) + self.positions(place) + self.case(cases)
        hidden = self.dropout(self.norm(hidden))
        bias = (ids == 0).to(hidden.dtype)[:, None, None, :] * -10000.0
        index = first.unsqueeze(-1).expand(-1, -1, hidden.shape[-1])
        middle = hidden
        for place, layer in enumerate(self.layers):
            hidden = layer(hidden, bias)
            middle = hidden if place + 1 == MIDDLE else middle
        return torch.gather(hidden, 1, index), torch.gather(middle, 1, index)


def _mlp(width: int, inner: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, inner), nn.GELU(), Dropout(dropout))


class TokenHead(nn.Module):
    """Word vectors in; one row of scores for each word out."""

    def __init__(self, width: int, inner: int, labels: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.hidden = _mlp(width, inner, dropout)
        self.scores = nn.Linear(inner, labels)

    def forward(self, words: Tensor) -> Tensor:
        """[batch, words, width] to [batch, words, labels]."""
        return self.scores(self.hidden(words))


class WindowHead(nn.Module):
    """As TokenHead, but each word's scores also see its two neighbours; padding is known by vectors of nought."""

    def __init__(self, width: int, inner: int, labels: int) -> None:
        super().__init__()
        self.damp = Dropout(0.5)
        self.inward = _mlp(width, inner, 0.4)
        self.window = nn.Conv1d(inner, inner, 3, padding=1)
        self.dropout = Dropout(0.4)
        self.scores = nn.Linear(inner, labels)

    def forward(self, words: Tensor) -> Tensor:
        """[batch, words, width] to [batch, words, labels]."""
        said = (words.abs().amax(-1, keepdim=True) > 0).to(words.dtype)
        hidden = self.inward(self.damp(words)) * said
        near = self.window(hidden.transpose(1, 2)).transpose(1, 2)
        return self.scores(hidden + self.dropout(functional.gelu(near)))


class ArcHead(nn.Module):
    """Biaffine scores of each word (or the root, place 0) as head of each word (Dozat and Manning, 2017)."""

    def __init__(self, width: int, inner: int, dropout: float = 0.25) -> None:
        super().__init__()
        self.root = nn.Parameter(torch.zeros(1, 1, width))
        self.dependent = _mlp(width, inner, dropout)
        self.head = _mlp(width, inner, dropout)
        self.bilinear = nn.Linear(inner, inner, bias=False)
        self.prior = nn.Linear(inner, 1)

    def forward(self, words: Tensor) -> Tensor:
        """[batch, words, width] to [batch, words, 1 + words]."""
        with_root = torch.cat([self.root.expand(words.shape[0], 1, -1).to(words.dtype), words], 1)
        head = self.head(with_root)
        scores = self.bilinear(self.dependent(words)) @ head.transpose(1, 2)
        return scores + self.prior(head).transpose(1, 2)


class RelationHead(nn.Module):
    """Scores of each relation between a word and its chosen head."""

    def __init__(self, width: int, inner: int, labels: int, dropout: float = 0.25) -> None:
        super().__init__()
        self.root = nn.Parameter(torch.zeros(1, 1, width))
        self.dependent = _mlp(width, inner, dropout)
        self.head = _mlp(width, inner, dropout)
        self.bilinear = nn.Linear(inner, labels * inner, bias=False)
        self.linear = nn.Linear(2 * inner, labels)
        self.labels = labels

    def forward(self, words: Tensor, heads: Tensor) -> Tensor:
        """[batch, words, width] and heads [batch, words] (0 is the root) to [batch, words, labels]."""
        with_root = torch.cat([self.root.expand(words.shape[0], 1, -1).to(words.dtype), words], 1)
        index = heads.unsqueeze(-1).expand(-1, -1, words.shape[-1])
        dependent, head = self.dependent(words), self.head(torch.gather(with_root, 1, index))
        batch, length, inner = dependent.shape
        mixed = self.bilinear(dependent).reshape(batch, length, self.labels, inner)
        paired = (mixed @ head.unsqueeze(-1)).squeeze(-1)
        return paired + self.linear(torch.cat([dependent, head], -1))


@dataclass(frozen=True, slots=True)
class Labels:
    """The label lists of a model, in the order of its outputs."""

    tags: tuple[str, ...]
    fine: tuple[str, ...]
    relations: tuple[str, ...]
    entities: tuple[str, ...]
    triggers: tuple[str, ...]


class Network(nn.Module):
    """The encoder and all heads."""

    def __init__(self, labels: Labels, shape: Shape | None = None) -> None:
        super().__init__()
        shape = shape or Shape()
        self.encoder = Encoder(shape)
        self.tags = TokenHead(shape.width, 256, len(labels.tags))
        self.fine = TokenHead(shape.width, 256, len(labels.fine))
        self.arcs = ArcHead(shape.width, 384)
        self.relations = RelationHead(shape.width, 96, len(labels.relations))
        self.entities = TokenHead(shape.width, 256, len(labels.entities))  # teaches the encoder; see entities.py
        self.names = TokenHead(shape.width, 256, len(labels.entities))  # teaches the encoder; not exported
        self.triggers = TokenHead(shape.width, 256, len(labels.triggers))  # teaches the encoder; see claims.py


def load_pretrained(encoder: Encoder, folder: Path) -> None:
    """Copies the weights of a BERT checkpoint (safetensors) into the encoder."""
    state = load_file(folder / "model.safetensors")
    state = {name.removeprefix("bert."): tensor for name, tensor in state.items()}
    with torch.no_grad():
        encoder.words.weight.copy_(state["embeddings.word_embeddings.weight"])
        kinds = state["embeddings.token_type_embeddings.weight"][0]
        encoder.positions.weight.copy_(state["embeddings.position_embeddings.weight"] + kinds)
        _copy(encoder.norm, state, "embeddings.LayerNorm")
        for place, layer in enumerate(encoder.layers):
            _load_layer(layer, state, f"encoder.layer.{place}")


def _load_layer(layer: nn.Module, state: dict[str, Tensor], prefix: str) -> None:
    names = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
    layer.qkv.weight.copy_(torch.cat([state[f"{name}.weight"] for name in names]))
    layer.qkv.bias.copy_(torch.cat([state[f"{name}.bias"] for name in names]))
    _copy(layer.out, state, f"{prefix}.attention.output.dense")
    _copy(layer.norm1, state, f"{prefix}.attention.output.LayerNorm")
    _copy(layer.up, state, f"{prefix}.intermediate.dense")
    _copy(layer.down, state, f"{prefix}.output.dense")
    _copy(layer.norm2, state, f"{prefix}.output.LayerNorm")


def _copy(module: nn.Module, state: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(state[f"{name}.weight"])
    module.bias.copy_(state[f"{name}.bias"])
