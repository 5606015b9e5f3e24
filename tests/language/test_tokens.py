"""Words as Universal Dependencies cuts them, with exact spans."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.language.tokens import words


def cut(text: str) -> list[str]:
    """Returns the words themselves."""
    return [text[start:end] for start, end in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They don't hold it.", "They do n't hold it ."),
        ("The town’s rebel-held half", "The town ’s rebel - held half"),
        ("the rebels' camp", "the rebels ' camp"),
        ("They dont and cannot", "They do nt and can not"),
        ("Gen. Ali met Lt. Col. J. R. Smith of the U.S. Army", "Gen. Ali met Lt. Col. J. R. Smith of the U.S. Army"),
        ("No. 5 of Feb. 3, 2016", "No. 5 of Feb. 3 , 2016"),
        ("a $6.1m loss, 2,000-year-old ruins, 7:30PM", "a $ 6.1 m loss , 2,000 - year - old ruins , 7:30 PM"),
        ("100km north, 1980s, 9/11, 3rd", "100 km north , 1980s , 9/11 , 3rd"),
        ("“We left,” he said...", "“ We left , ” he said ..."),
        ("non-state pro-Russian anti-IS", "non-state pro-Russian anti-IS"),
        ("Da'esh in Sana'a", "Da'esh in Sana'a"),
        (
            "See https://example.org/a?b=1. Write to a.b@c.org!",
            "See https://example.org/a?b=1 . Write to a.b@c.org !",
        ),
        ("#Aleppo @SyrianCivilDef", "#Aleppo @SyrianCivilDef"),
        ("e.g. at 5 a.m. today", "e.g. at 5 a.m. today"),
    ],
)
def test_cuts_as_the_treebanks_do(text: str, expected: str) -> None:
    """Contractions, hyphens, abbreviations, numbers and addresses are cut as in UD English."""
    assert cut(text) == expected.split()


@given(st.text(max_size=300))
def test_spans_cover_all_but_white_space(text: str) -> None:
    """Whatever the text, spans are in order, apart, without white space, and nothing else is left out."""
    position = 0
    for start, end in words(text):
        assert position <= start < end
        assert not text[position:start].strip()
        assert not any(letter.isspace() for letter in text[start:end])
        position = end
    assert not text[position:].strip()


@given(st.text(alphabet="aA1.,-'’$@&/:; \n", max_size=200))
def test_hard_marks_are_covered_too(text: str) -> None:
    """Dense runs of the marks that the rules look at lose nothing."""
    assert "".join(cut(text)) == "".join(text.split())


@pytest.mark.parametrize("unit", ["a-", "a.", "A&", "1,", "(", "x", " ", "a@", "http://", "A.", ":)", "'"])
def test_long_rubbish_is_cut_in_linear_time(unit: str) -> None:
    """A line of 200,000 characters without sense takes seconds at the most, not hours."""
    text = unit * (200_000 // len(unit))
    began = time.monotonic()
    spans = list(words(text))
    assert time.monotonic() - began < 30
    assert all(end - start <= 200 for start, end in spans)


def test_part_of_a_text() -> None:
    """Only the words between start and end are given, with their places in the whole text."""
    assert list(words("one two three", start=4, end=7)) == [(4, 7)]
