"""Entities from label scores."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from heldby.language.mentions import decode, transitions

LABELS = ("O", "B-PLACE", "I-PLACE", "B-ORG", "I-ORG")


def test_an_inside_label_continues_its_own_beginning() -> None:
    """The best lawful sequence is taken where the best label of each word is not lawful."""
    scores = np.array([[0, 2, 0, 0, 0], [0, 0, 2, 0, 2.1], [3, 0, 0, 0, 0]], dtype=np.float32)
    assert list(decode(scores, labels=LABELS, moves=transitions(LABELS))) == [(0, 2, "PLACE")]


def test_neighbours_stay_apart() -> None:
    """Two entities side by side are two; the last may end the sentence."""
    scores = np.eye(5, dtype=np.float32)[[1, 1, 3, 4]] * 5
    assert list(decode(scores, labels=LABELS, moves=transitions(LABELS))) == [
        (0, 1, "PLACE"),
        (1, 2, "PLACE"),
        (2, 4, "ORG"),
    ]


@given(st.integers(min_value=1, max_value=30), st.integers(min_value=0, max_value=10_000))
def test_entities_never_overlap(words: int, seed: int) -> None:
    """Any scores give entities in order, apart and inside the sentence."""
    scores = np.random.default_rng(seed).normal(size=(words, len(LABELS))).astype(np.float32)
    position = 0
    for first, last, kind in decode(scores, labels=LABELS, moves=transitions(LABELS)):
        assert position <= first < last <= words
        assert kind in {"PLACE", "ORG"}
        position = last
