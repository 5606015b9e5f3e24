"""Time expressions are found where they stand, and nothing else is taken for one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.dates import choose_expression, find_expressions

FOUND = [
    ("The town fell on April 9, 2016.", "on April 9, 2016"),
    ("Mon Jul 18 2016 Strikes hit the town", "Mon Jul 18 2016"),
    ("Monday Feb 15 2016 Army enters the town", "Monday Feb 15 2016"),
    ("Seen on 29.10.2017 by readers", "on 29.10.2017"),
    ("It fell between 3 and 5 May 2016.", "between 3 and 5 May 2016"),
    ("They held it from 2013 to 2015.", "from 2013 to 2015"),
    ("Fighting between Tuesday and Wednesday killed ten.", "between Tuesday and Wednesday"),
    ("The area has been besieged since early 2014.", "since early 2014"),
    ("Since late last week rebels have advanced.", "Since late last week"),
    ("They held it for 10 months before it fell.", "for 10 months"),
    ("They retook it two days after it was seized.", "two days after"),
    ("Thursdays attack killed ten", "Thursdays"),
    ("The strikes came earlier in the day.", "earlier in the day"),
    ("killed over the last 48 hours by strikes", "over the last 48 hours"),
    ("They left in May.", "in May"),
    ("A truce in Homs in 2014 allowed it", "in 2014"),
    ("They seized it late last year.", "late last year"),
]

NOT_FOUND = [
    "Rebels may have entered the town.",
    "Troops march on the capital.",
    "The ruins are 2,000-year-old.",
    "A 10-year-old boy and a man aged 20 were hurt.",
    "Up to 2,011 people fled.",
    "More than 2011 people fled and 2016 militants were killed.",
    "Russia Today and the Daily Sabah carried it.",
    "About 4,000 fighters held 3/4 of the town.",
    "",
]


@pytest.mark.parametrize(("text", "expression"), FOUND)
def test_expression_is_found_whole_with_its_preposition(text: str, expression: str) -> None:
    """A reader sees the whole time, with the preposition that belongs to it."""
    assert expression in [one.text for one in find_expressions(text)]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_false_friends_are_left_alone(text: str) -> None:
    """Ages, counts, verbs and names of papers do not become dates of claims."""
    assert find_expressions(text) == ()


@given(st.text(max_size=80) | st.lists(st.sampled_from([text for text, _ in FOUND]), max_size=4).map(" ".join))
def test_offsets_are_exact_and_do_not_overlap(text: str) -> None:
    """Whatever the text, each expression can be cut out of it again and none overlaps another."""
    found = find_expressions(text)
    assert all(text[one.start : one.end] == one.text and one.text for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@pytest.mark.parametrize(
    ("trigger", "expression"), [("captured", "last year"), ("kept", "for 10 months"), ("forced out", "in March")]
)
def test_each_trigger_gets_the_time_of_its_own_clause(trigger: str, expression: str) -> None:
    """Three moves told in one sentence keep their three times."""
    text = "The rebels captured the port last year and kept it for 10 months before they were forced out in March."
    start = text.index(trigger)
    chosen = choose_expression(text, start, start + len(trigger), find_expressions(text))
    assert chosen is not None
    assert chosen.text == expression


def test_time_at_the_head_of_a_sentence_reaches_its_verb() -> None:
    """The opening time of a sentence is chosen although the verb comes late; recurring times never are."""
    text = (
        "On Tuesday, after hours of shelling in the old quarter, the army entered the town, which is shelled daily."
    )
    start = text.index("entered")
    chosen = choose_expression(text, start, start + 7, find_expressions(text))
    assert chosen is not None
    assert chosen.text == "On Tuesday"


def test_a_text_full_of_times_takes_no_more_than_its_length() -> None:
    """A calendar page with thousands of days is read as far as any other text, each day once."""
    assert len(find_expressions("Sunday " * 3000)) == 3000
