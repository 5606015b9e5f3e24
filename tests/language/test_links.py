"""Windows over a document's sentences, and what the claim heads say of their words."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from heldby.language.component import LINKS, ROLE_LABELS, TRIGGER, TRIGGER_LABELS
from heldby.language.links import WORDS_A_WINDOW, WORDS_BEFORE, numbers, windows
from heldby.language.reader import Reader

TEXT = "Rebels entered Harem on Monday. The army shelled the town overnight, residents said."


@given(st.lists(st.integers(min_value=1, max_value=300), max_size=40))
def test_windows_read_each_sentence_once(lengths: list[int]) -> None:
    """Whatever the lengths, every sentence is fresh in exactly one window, and windows stay within their bounds."""
    found = list(windows(lengths))
    assert [place for window in found for place in range(window.fresh, window.last)] == list(range(len(lengths)))
    for window in found:
        assert sum(lengths[window.first : window.fresh]) <= WORDS_BEFORE
        fresh = lengths[window.fresh : window.last]
        assert len(fresh) == 1 or sum(fresh) <= WORDS_A_WINDOW


def test_numbers_follow_sentences() -> None:
    """Words of one sentence share a number, those of the next have the next."""
    assert numbers([2, 1, 3]).tolist() == [0, 0, 1, 2, 2, 2]


def test_shares_of_a_role_sum_to_one(reader: Reader) -> None:
    """For each word that may tell a claim the shares of every role, with that of no word, make one."""
    (doc,) = reader.read([TEXT])
    links = doc.user_data[LINKS]
    assert links
    for link in links.values():
        assert link.roles.shape == (1 + len(link.words), len(doc.user_data[ROLE_LABELS]))
        assert np.allclose(link.roles.sum(0), 1.0, atol=1e-4)
        assert link.part.shape == link.words.shape


def test_place_of_an_earlier_sentence(reader: Reader) -> None:
    """The place of "shelled the town" is found in the sentence before."""
    (doc,) = reader.read([TEXT])
    shelled = next(token.i for token in doc if token.text == "shelled")
    assert doc.user_data[TRIGGER][shelled, doc.user_data[TRIGGER_LABELS].index("strikes")] > 0.5
    link = doc.user_data[LINKS][shelled]
    shares = dict(zip(link.words.tolist(), link.roles[1:, doc.user_data[ROLE_LABELS].index("place")], strict=True))
    assert doc[max(shares, key=lambda place: shares[place])].text in {"Harem", "town"}


def test_company_changes_nothing(reader: Reader) -> None:
    """What is read of a text does not depend, to the last bit, on the texts read with it."""
    other = "Shelling was heard near Sinjar. " * 30
    (alone,) = reader.read([TEXT])
    together = list(reader.read([other, TEXT, other]))[1]
    assert np.array_equal(alone.user_data[TRIGGER], together.user_data[TRIGGER])
    assert alone.user_data[LINKS].keys() == together.user_data[LINKS].keys()
