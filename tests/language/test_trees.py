"""Trees from arc scores."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.language.trees import heads_of, is_tree


def best_by_trying(scores: np.ndarray) -> float:
    """Returns the score of the best tree with one root, found by trying all."""
    words = len(scores)
    found = -np.inf
    for heads in itertools.product(range(words + 1), repeat=words):
        if any(head == place + 1 for place, head in enumerate(heads)) or not is_tree(np.array(heads)):
            continue
        found = max(found, float(scores[np.arange(words), heads].sum()))
    return found


@pytest.mark.parametrize("seed", range(30))
def test_finds_the_best_tree(seed: int) -> None:
    """The tree is the best of all single-rooted trees."""
    random = np.random.default_rng(seed)
    scores = random.normal(size=(5, 6)).astype(np.float32)
    heads = heads_of(scores)
    assert is_tree(heads)
    assert scores[np.arange(5), heads].sum() == pytest.approx(best_by_trying(scores), abs=1e-4)


@given(st.integers(min_value=1, max_value=40), st.integers(min_value=0, max_value=10_000))
def test_always_a_tree(words: int, seed: int) -> None:
    """Any scores, also all equal ones, give one tree with one root."""
    random = np.random.default_rng(seed)
    scores = random.integers(-3, 3, size=(words, words + 1)).astype(np.float32)
    assert is_tree(heads_of(scores))


def test_cycles_and_two_roots_are_no_trees() -> None:
    """The check knows a cycle, two roots and no root."""
    assert is_tree(np.array([0, 1, 2]))
    assert not is_tree(np.array([0, 3, 2]))
    assert not is_tree(np.array([0, 0, 1]))
    assert not is_tree(np.array([2, 1]))
