"""Where sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.language.sentences import sentences
from heldby.language.tokens import words


def split(text: str, *, longest: int = 200) -> list[str]:
    """Returns the sentences' texts."""
    spans = list(words(text))
    return [text[spans[first][0] : spans[last - 1][1]] for first, last in sentences(text, spans, longest=longest)]


@pytest.mark.parametrize(
    "parts",
    [
        ["The army left.", "They regrouped."],
        ["“We hold the city.”", "He spoke on Sunday."],
        ['"We hold the city."', "He spoke on Sunday."],
        ["“Our soldiers still defend Salma.”", "The centre said so."],
        ["Gen. Ali of the U.S. Army met Lt. Omar in St. Petersburg on Feb. 3."],
        ["Forces left the U.S.", "The convoy went on."],
        ["BEIRUT (Reuters) - Syrian forces took the town.", "Rebels denied it."],
        ["About 4.5 km were taken, e.g. at Sinjar.", "No. 5 was not."],
        ["“Despite losses, they try,” the centre said.", "It gave no date."],
        ["Who holds it?", "Nobody knows!", "Reports differ..."],
        ["J. R. Smith spoke."],
        ["They left in 2016. [3] [14]", "The army came.[5]", "It stayed."],
        ["Who holds it?", "nobody knows.", "$5m was paid.", "(It was late.)"],
        ["The rebels took it at 5 a.m. on Monday.", "Later they left."],
        ["Rebels storm the old town", "KYIV (Wire) Troops left the town on Sunday."],
        ["The IDLIB (a province) was quiet and the UN (the body) was not."],
    ],
)
def test_sentences_of_one_line(parts: list[str]) -> None:
    """Quotes stay with their sentence; abbreviations, initials and numbers do not end one; a dateline begins one."""
    assert split(" ".join(parts)) == parts


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n\r\n", "\n \n"])
def test_a_line_break_ends_a_headline(gap: str) -> None:
    """A headline without a full stop ends at its line."""
    text = f"IS retakes Palmyra, governor says{gap}The group took the city on Sunday."
    assert split(text) == ["IS retakes Palmyra, governor says", "The group took the city on Sunday."]


def test_wrapped_lines_are_joined() -> None:
    """A line broken by its width goes on in the next line."""
    text = (
        "Government soldiers entered the northern quarter of\n"
        "Salma on Friday and the rebels were trying to keep\nthe road open."
    )
    assert len(split(text)) == 1


def test_bullets_begin_sentences() -> None:
    """Bullets in running text begin sentences of their own."""
    assert split("Losses: • two tanks • one post") == ["Losses:", "• two tanks", "• one post"]


def test_a_missing_space_after_a_full_stop() -> None:
    """Two sentences stuck together are told apart."""
    assert split("They left the city.The army came.") == ["They left the city.", "The army came."]


def test_a_question_inside_speech_does_not_end_the_sentence() -> None:
    """`"Why?" he said` is one sentence, also with a name."""
    assert len(split("“Why now?” Smith asked.")) == 1
    assert len(split("“Why now?” he asked.")) == 1


def test_long_sentences_are_cut_at_marks() -> None:
    """Beyond the limit a sentence is cut, at a comma where there is one."""
    text = " ".join(["word"] * 30 + [","] + ["word"] * 60)
    parts = split(text, longest=40)
    assert parts[0].endswith(",")
    assert all(len(part.split()) <= 40 for part in parts)


@given(st.text(alphabet='aAb1.!?"”’“() \n,;U.S', max_size=200), st.integers(min_value=2, max_value=50))
def test_sentences_cover_all_words(text: str, longest: int) -> None:
    """Sentences follow one another without a gap and cover every word, none longer than the limit."""
    spans = list(words(text))
    position = 0
    for first, last in sentences(text, spans, longest=longest):
        assert first == position
        assert 0 < last - first <= longest
        position = last
    assert position == len(spans)
