"""From entity label scores to entity spans: the best sequence in which every I- continues its own B-."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Entity = tuple[int, int, str]
_FORBIDDEN = -1e9


def transitions(labels: Sequence[str]) -> NDArray[np.float32]:
    """Returns [before, after] scores: 0 where a label may follow another, very low where it may not."""
    allowed = np.zeros((len(labels), len(labels)), dtype=np.float32)
    for after, label in enumerate(labels):
        if label.startswith("I-"):
            allowed[:, after] = _FORBIDDEN
            for before, other in enumerate(labels):
                if other[2:] == label[2:]:
                    allowed[before, after] = 0.0
    return allowed


def best_path(scores: NDArray[np.float32], *, moves: NDArray[np.float32], starts: NDArray[np.float32]) -> list[int]:
    """Returns the best label of each word (Viterbi). scores: [words, labels]; starts: [labels]."""
    total = scores[0] + starts
    back = np.zeros(scores.shape, dtype=np.int64)
    for place in range(1, len(scores)):
        reached = total[:, None] + moves
        back[place] = reached.argmax(0)
        total = reached.max(0) + scores[place]
    path = [int(total.argmax())]
    for place in range(len(scores) - 1, 0, -1):
        path.append(int(back[place, path[-1]]))
    return path[::-1]


def decode(scores: NDArray[np.float32], *, labels: Sequence[str], moves: NDArray[np.float32]) -> Iterator[Entity]:
    """Yields (first, past the last, kind) of each entity of a sentence. scores: [words, labels]."""
    greedy = scores.argmax(1)
    if not greedy.any():
        return
    starts = np.array([_FORBIDDEN if label.startswith("I-") else 0.0 for label in labels], dtype=np.float32)
    first, kind = -1, ""
    for place, index in enumerate([*best_path(scores, moves=moves, starts=starts), 0]):
        label = labels[index]
        if label.startswith("I-"):
            continue
        if first >= 0:
            yield first, place, kind
        first, kind = (place, label[2:]) if label.startswith("B-") else (-1, "")
