"""From arc scores to a tree: the best single-rooted tree over the words of a sentence.

Invariant: the heads returned form one tree with exactly one word under the root (place 0).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Heads = NDArray[np.int64]


def heads_of(scores: Scores) -> Heads:
    """Returns the head (0 for the root, else 1 + the word's place) of each word.

    scores: [words, 1 + words]. Takes each word's best head; where that is no single-rooted tree, the maximum
    spanning tree (Chu and Liu, 1965; Edmonds, 1967) with the best single root.
    """
    words = scores.shape[0]
    masked = np.array(scores, dtype=np.float64)
    masked[np.arange(words), np.arange(1, words + 1)] = -np.inf
    greedy: Heads = masked.argmax(1)
    if is_tree(greedy):
        return greedy
    square = np.full((words + 1, words + 1), -np.inf)
    square[1:, :] = masked
    heads: Heads = _spanning(square)
    if np.count_nonzero(heads[1:] == 0) != 1:
        heads = _single_root(square)
    below: Heads = heads[1:]
    return below


def is_tree(heads: Heads) -> bool:
    """Tells whether the heads form a tree with exactly one word under the root."""
    if np.count_nonzero(heads == 0) != 1:
        return False
    reached = np.zeros(len(heads) + 1, dtype=bool)
    reached[0] = True
    parents = np.concatenate([[0], heads])
    jump = parents
    for _ in range(len(heads).bit_length()):
        jump = jump[jump]
    return bool((jump == 0).all())


def _single_root(square: NDArray[np.float64]) -> Heads:
    """Tries each word as the only root and keeps the tree of the highest score (the root's arc counted once)."""
    words = square.shape[0] - 1
    finite = np.where(np.isfinite(square[1:]), square[1:], np.nan)
    span = float(np.nanmax(finite) - np.nanmin(finite)) + 1.0
    penalised = square.copy()
    penalised[1:, 0] -= span * words
    return _spanning(penalised)


def _spanning(square: NDArray[np.float64]) -> Heads:
    """Chu-Liu-Edmonds on [node, head] scores; node 0 is the root and has no head."""
    heads: Heads = square.argmax(1)
    heads[0] = 0
    cycle = _cycle(heads)
    if cycle is None:
        return heads
    inside = np.zeros(len(heads), dtype=bool)
    inside[cycle] = True
    outer = np.flatnonzero(~inside)
    size = len(outer)
    lost = square[cycle, heads[cycle]]
    contracted = np.full((size + 1, size + 1), -np.inf)
    contracted[:size, :size] = square[np.ix_(outer, outer)]
    entering = square[np.ix_(cycle, outer)] - lost[:, None]
    leaving = square[np.ix_(outer, cycle)]
    contracted[size, :size] = entering.max(0)
    contracted[:size, size] = leaving.max(1)
    contracted[0, :] = -np.inf
    solved = _spanning(contracted)
    result: Heads = heads.copy()
    for place in range(1, size):
        above = solved[place]
        result[outer[place]] = outer[above] if above < size else cycle[leaving[place].argmax()]
    broken = entering[:, solved[size]].argmax()
    result[cycle[broken]] = outer[solved[size]]
    return result


def _cycle(heads: Heads) -> Heads | None:
    """Returns the nodes of one cycle, or None."""
    state = np.zeros(len(heads), dtype=np.int8)
    state[0] = 2
    for start in range(1, len(heads)):
        path: list[int] = []
        node = start
        while state[node] == 0:
            state[node] = 1
            path.append(node)
            node = int(heads[node])
        if state[node] == 1:
            return np.array(path[path.index(node) :])
        state[path] = 2
    return None
