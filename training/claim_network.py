"""The claim heads as a network: three further layers over a few sentences, and heads on words and on pairs."""

from __future__ import annotations

import copy
from typing import get_args

import torch
from torch import Tensor, nn

from heldby.language.links import MOST_SENTENCES
from heldby.records.claim import Modality, Relation
from network import MIDDLE, Dropout, Encoder, TokenHead, _mlp

RELATIONS: tuple[str, ...] = get_args(Relation)
MODALITIES: tuple[str, ...] = get_args(Modality)
ROLES = ("place", "actor", "opponent", "source", "part")
HIDDEN = -10000.0
_NEAR = 8
_BUCKETS = 16


def distance_buckets(distance: Tensor) -> Tensor:
    """Whole distances to numbers below 32: one each up to 7 words, then three for each doubling; sides apart."""
    size = distance.abs()
    far = _NEAR + (torch.log2(size.float().clamp(min=_NEAR) / _NEAR) * 3).long()
    bucket = torch.where(size < _NEAR, size, far.clamp(max=_BUCKETS - 1))
    return torch.where(distance < 0, bucket, bucket + _BUCKETS)


class ClaimNetwork(nn.Module):
    """Words from the encoder's middle layer in; what each tells and what fills its roles out."""

    def __init__(self, encoder: Encoder, *, width: int = 384, each: int = 64) -> None:
        super().__init__()
        self.layers = nn.ModuleList(copy.deepcopy(layer) for layer in encoder.layers[MIDDLE:])
        self.number = nn.Embedding(MOST_SENTENCES + 1, width)
        self.dropout = Dropout(0.1)
        self.triggers = TokenHead(width, 256, len(RELATIONS))
        self.modality = TokenHead(width, 128, len(MODALITIES))
        self.background = TokenHead(width, 128, 1)
        self.pairs = PairHead(width, each)
        nn.init.normal_(self.number.weight, std=0.02)

    def forward(self, words: Tensor, sentence: Tensor, bias: Tensor) -> Tensor:
        """words [batch, words, width], sentence [batch, words], bias [batch, 1, 1, words] to vectors as words.

        A word sees its own sentence and those before it, so that what is read does not change when a text goes on.
        """
        hidden = self.dropout(words) + self.number(sentence)
        later = sentence[:, None, None, :] > sentence[:, None, :, None]
        bias = bias + later.to(bias.dtype) * HIDDEN
        for layer in self.layers:
            hidden = layer(hidden, bias)
        return hidden


class PairHead(nn.Module):
    """For words that tell a claim, scores of every word (and of none) in every role, and of meaning only a part."""

    def __init__(self, width: int, each: int) -> None:
        super().__init__()
        self.each = each
        self.anchor = _mlp(width, len(ROLES) * each, 0.2)
        self.filler = _mlp(width, len(ROLES) * each, 0.2)
        self.product = nn.Parameter(torch.randn(len(ROLES), each, each) * 0.05)
        self.by_anchor = nn.Linear(width, len(ROLES))
        self.by_filler = nn.Linear(width, len(ROLES))
        self.none = nn.Linear(width, len(ROLES))
        self.distance = nn.Embedding(2 * _BUCKETS, len(ROLES))
        self.side = nn.Embedding(3, len(ROLES))
        self.part_anchor = nn.Linear(width, 128)
        self.part_filler = nn.Linear(width, 128)
        self.part = nn.Sequential(nn.GELU(), Dropout(0.2), nn.Linear(128, 1))
        nn.init.zeros_(self.distance.weight)
        nn.init.zeros_(self.side.weight)

    def forward(self, vectors: Tensor, sentence: Tensor, anchors: Tensor) -> tuple[Tensor, Tensor]:
        """vectors [words, width], sentence [words], anchors [n] to roles [n, 1 + words, roles], part [n, words]."""
        at = vectors[anchors]
        left = self.anchor(at).reshape(-1, len(ROLES), self.each)
        right = self.filler(vectors).reshape(-1, len(ROLES), self.each)
        turned = torch.einsum("nrd,rde->nre", left, self.product.to(left.dtype))
        scores = torch.einsum("nre,wre->nwr", turned, right)
        scores = scores + self.by_anchor(at)[:, None] + self.by_filler(vectors)[None]
        place = torch.arange(vectors.shape[0], device=vectors.device)
        scores = scores + self.distance(distance_buckets(place[None] - anchors[:, None]))
        apart = sentence[None] - sentence[anchors][:, None]
        scores = scores + self.side(apart.sign() + 1) + (apart > 0).to(scores.dtype)[..., None] * HIDDEN
        roles = torch.cat([self.none(at)[:, None], scores], 1)
        part = self.part(self.part_anchor(at)[:, None] + self.part_filler(vectors)[None])[..., 0]
        return roles, part


class Telling(nn.Module):
    """One window's words to vectors, triggers, modality and background, as it is exported."""

    def __init__(self, network: ClaimNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, words: Tensor, sentence: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """words [words, width] and sentence [words]; all outputs [words, ...]."""
        bias = torch.zeros(1, 1, 1, 1)
        hidden = self.network(words[None], sentence[None], bias)
        heads = (self.network.triggers, self.network.modality, self.network.background)
        told, modality, background = (head(hidden)[0] for head in heads)
        return hidden[0], told, modality, background
