"""The claim heads: which words tell a claim and of what relation, and which words around fill its roles.

They go on from the encoder's middle layer, over a few sentences of a document at once, so that a side or a place that
was named a sentence before can fill a role. Each window is read alone, and in it each sentence without those after: a
result depends neither on what else is read nor on how the text goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Outputs = Callable[[dict[str, Any]], Sequence[Floats]]

# Words read anew in one window, and at most so many words of the sentences before it; training uses the same.
WORDS_A_WINDOW = 160
WORDS_BEFORE = 100
# Sentences of a window beyond this count share their number's vector.
MOST_SENTENCES = 63
# Words whose best relation is less likely than this get no links.
LEAST_LIKELY = 0.1


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive sentences, by their places; those from `fresh` on are read, the others only help."""

    first: int
    fresh: int
    last: int


@dataclass(frozen=True, slots=True)
class Link:
    """What the claim heads say of one word that may tell a claim.

    words: [n], places of the words that were looked at. roles: [1 + n, roles], for each role the shares of no word
    (row 0) and of each word; columns sum to 1. part: [n], the probability that, were the word the place, only a part
    of it is meant. modality: [modalities], probabilities. background: the probability of told history.
    """

    words: Ints
    roles: Floats
    part: Floats
    modality: Floats
    background: float


@dataclass(frozen=True, slots=True)
class Told:
    """What the claim heads say of the words of one document: triggers [words, relations], links by a word's place."""

    triggers: Floats
    links: Mapping[int, Link]


def windows(lengths: Sequence[int]) -> Iterator[Window]:
    """Yield windows that together read each sentence once; lengths are the sentences' counts of words."""
    fresh = 0
    while fresh < len(lengths):
        last, words = fresh + 1, lengths[fresh]
        while last < len(lengths) and words + lengths[last] <= WORDS_A_WINDOW:
            words += lengths[last]
            last += 1
        first, before = fresh, 0
        while first > 0 and before + lengths[first - 1] <= WORDS_BEFORE:
            first -= 1
            before += lengths[first]
        yield Window(first, fresh, last)
        fresh = last


def numbers(lengths: Sequence[int]) -> Ints:
    """Return for each word of a window the number of its sentence there, [words]."""
    return np.repeat(np.minimum(np.arange(len(lengths)), MOST_SENTENCES), lengths).astype(np.int64)


class ClaimHeads:
    """Reads the claim heads of one document after another."""

    def __init__(self, *, telling: Outputs, linking: Outputs) -> None:
        """Takes the two networks: of words, and of pairs of words."""
        self._telling = telling
        self._linking = linking

    def read(self, sentences: Sequence[Floats]) -> Told:
        """Return what is told; sentences are a document's, in order, each [words, width] from the middle layer."""
        lengths = [len(sentence) for sentence in sentences]
        starts = np.cumsum([0, *lengths])
        triggers: list[Floats] = []
        links: dict[int, Link] = {}
        for window in windows(lengths):
            inside = slice(window.first, window.last)
            number = numbers(lengths[inside])
            vectors, scores, modality, background = self._telling(
                {"words": np.concatenate(sentences[inside]), "sentence": number}
            )
            likely = _sigmoid(scores)
            skipped = int(starts[window.fresh] - starts[window.first])
            triggers.append(likely[skipped:])
            anchors = skipped + np.flatnonzero(likely[skipped:].max(1) >= LEAST_LIKELY)
            if len(anchors):
                roles, part = self._linking({"vectors": vectors, "sentence": number, "anchors": anchors})
                words = np.arange(starts[window.first], starts[window.last])
                for row, anchor in enumerate(anchors.tolist()):
                    links[int(words[anchor])] = Link(
                        words=words,
                        roles=_softmax(roles[row]),
                        part=_sigmoid(part[row]),
                        modality=_softmax(modality[anchor]),
                        background=float(_sigmoid(background[anchor, 0])),
                    )
        return Told(np.concatenate(triggers) if triggers else np.zeros((0, 0), dtype=np.float32), links)


def _sigmoid(scores: Any) -> Floats:
    return (1.0 / (1.0 + np.exp(-scores))).astype(np.float32)  # type: ignore[no-any-return]


def _softmax(scores: Floats) -> Floats:
    """Over the first axis."""
    raised = np.exp(scores - scores.max(0, keepdims=True))
    return (raised / raised.sum(0, keepdims=True)).astype(np.float32)  # type: ignore[no-any-return]
