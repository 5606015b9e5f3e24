"""Which texts meet: the same one by one and all at once, and none that is alike is missed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.relate import Signed, Sketches
from heldby.relate.alike import find_alike
from heldby.relate.rules import Likeness
from heldby.relate.shingles import Signer, normal_words

DOCUMENTS = Likeness(permutations=32, bands=16, far_bands=8, fewest_shingles=3, days=2)
DAY = 86_400_000_000
SENTENCE = normal_words("The army took the town after the rebels had left the hills around it at night.")
TEXTS = st.lists(
    st.tuples(st.integers(0, 20), st.lists(st.sampled_from([*SENTENCE, "", "then"]), max_size=25)), max_size=25
)


def sign(told: list[tuple[int, list[str]]]) -> list[tuple[str, int, Signed]]:
    """Texts with their days, signed, in order of time."""
    signer = Signer(DOCUMENTS, seed=1)
    ordered = sorted(told, key=lambda one: one[0])
    return [(f"t{n:02}", day * DAY, signer.sign(normal_words(" ".join(w)))) for n, (day, w) in enumerate(ordered)]


@given(told=TEXTS)
def test_texts_meet_all_at_once_as_one_by_one(told: list[tuple[int, list[str]]]) -> None:
    """What `meet_all` finds is what each text meets by itself, with the same number of keys."""
    texts = sign(told)
    sketches = Sketches(DOCUMENTS)
    sketches.put(texts)
    met = sketches.meet_all()
    for text_id, at, signed in texts:
        rows, common = sketches.meeting(signed, at=at)
        alone = dict(zip(sketches.ids(rows), common.tolist(), strict=True))
        alone.pop(text_id, None)
        assert dict(met[text_id]) == alone


@given(told=TEXTS)
def test_texts_that_are_near_meet_in_any_band_others_in_two_side_by_side(told: list[tuple[int, list[str]]]) -> None:
    """The keys are those that the settings promise, laid side by side by hand."""
    texts = sign(told)
    sketches = Sketches(DOCUMENTS)
    sketches.put(texts)
    for text_id, at, signed in texts:
        met = set(sketches.ids(sketches.meeting(signed, at=at)[0])) - {text_id}
        expected = set()
        for other_id, when, other in texts:
            same = [a == b for a, b in zip(signed.bands.tolist(), other.bands.tolist(), strict=False)]
            near = any(same) if abs(at - when) <= 2 * DAY else any(a and b for a, b in list(pairwise(same))[::2])
            words = signed.words_key == other.words_key and not signed.empty
            expected |= {other_id} if (near or words) and other_id != text_id else set()
        assert met == expected


@given(told=TEXTS, limit=st.integers(1, 4), chance=st.randoms(use_true_random=False))
def test_the_originals_that_share_most_come_first(told: list[tuple[int, list[str]]], limit: int, chance: Any) -> None:
    """Of the texts met the originals of before, most keys first, then the earliest; a text that is gone is none."""
    texts = sign(told)
    sketches = Sketches(DOCUMENTS)
    sketches.put(texts)
    standing = {text_id: chance.choice([True, False, None]) for text_id, _, _ in texts}
    for text_id, original in standing.items():
        sketches.stand(text_id, original=original)
    when = {text_id: (at, text_id) for text_id, at, _ in texts}
    for text_id, at, signed in texts:
        rows, common = meeting = sketches.meeting(signed, at=at)
        met = dict(zip(sketches.ids(rows), common.tolist(), strict=True))
        earlier = sorted((-met[id_], when[id_]) for id_ in met if standing[id_] and when[id_] < (at, text_id))
        found = sketches.best_originals(meeting, before=(at, text_id), limit=limit)
        assert found == [id_ for _, (_, id_) in earlier[:limit]]
        later = {id_ for id_ in met if standing[id_] is not None and when[id_] > (at, text_id)}
        assert set(sketches.later(meeting, after=(at, text_id))) == later


@pytest.mark.parametrize("within", [0, 3 * DAY])
@given(told=TEXTS)
def test_every_text_that_may_be_repeated_is_found(told: list[tuple[int, list[str]]], within: int) -> None:
    """Exact comparison of many texts finds what comparing each pair of them finds."""
    texts = sign(told)
    found = find_alike([s for _, _, s in texts], [at for _, at, _ in texts], likeness=DOCUMENTS, within=within)
    for n, (_, at, signed) in enumerate(texts):
        expected = []
        for m, (_, when, other) in enumerate(texts[:n]):
            common, fewest = len(signed.shingles & other.shingles), min(len(signed.shingles), len(other.shingles))
            enough = common >= DOCUMENTS.share * fewest and common >= DOCUMENTS.own_share * len(signed.shingles)
            alike = (fewest >= 3 and enough) or signed.words_key == other.words_key
            expected += [m] if alike and at - when <= within else []
        assert found[n] == expected
