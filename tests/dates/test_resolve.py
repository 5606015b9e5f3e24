"""Time expressions resolve to the days that a careful reader takes them for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.dates import resolve_expression

SUNDAY = date(2016, 12, 11)

AGAINST_SUNDAY = [
    ("on Sunday", "2016-12-11"),
    ("late Saturday", "2016-12-10"),
    ("last Sunday", "2016-12-04"),
    ("overnight", "2016-12-10/2016-12-11"),
    ("yesterday", "2016-12-10"),
    ("earlier in the day", "2016-12-11"),
    ("this month", "2016-12-01/2016-12-11"),
    ("last year", "2015-01-01/2015-12-31"),
    ("late last year", "2015-10-01/2015-12-31"),
    ("last week", "2016-11-28/2016-12-04"),
    ("since late last week", "2016-11-25/2016-12-11"),
    ("in recent days", "2016-12-08/2016-12-11"),
    ("in March", "2016-03-01/2016-03-31"),
    ("on March 27", "2016-03-27"),
    ("on December 27", "2015-12-27"),
    ("in late June", "2016-06-21/2016-06-30"),
    ("two days ago", "2016-12-09"),
    ("for 10 months", "2016-02-11/2016-12-11"),
    ("over the past two years", "2014-12-11/2016-12-11"),
    ("since July 2012", "2012-07-01/2016-12-11"),
    ("between Tuesday and Wednesday", "2016-12-06/2016-12-07"),
    ("between 3 and 5 May", "2016-05-03/2016-05-05"),
    ("from March to May 2015", "2015-03-01/2015-05-31"),
    ("until March", "/2016-03-31"),
    ("before March", "/2016-02-29"),
    ("before the end of last year", "/2015-12-31"),
    ("since the first of April", "2016-04-01/2016-12-11"),
    ("since the autumn", "2016-09-01/2016-12-11"),
    ("fourteen days ago", "2016-11-27"),
    ("days later", "2016-12-13/2016-12-19"),
    ("the week before", "2016-12-01/2016-12-07"),
    ("a few hours later", "2016-12-11/2016-12-12"),
]

WITHOUT_ANCHOR = [
    ("April 9, 2016", "2016-04-09"),
    ("Mon Jul 18 2016", "2016-07-18"),
    ("13 May 2016", "2016-05-13"),
    ("2016-12", "2016-12-01/2016-12-31"),
    ("23/12/2016", "2016-12-23"),
    ("11/12/2016", "2016-11-12/2016-12-11"),
    ("the summer of 2014", "2014-06-01/2014-08-31"),
    ("the last week of December 2015", "2015-12-25/2015-12-31"),
    ("Published: 18 July 2016 10:22", "2016-07-18"),
]

NO_DATE = ["30 February 2016", "2016-13-01", "9999-01-01", "0016-01-01", "31/31/2016", "June 31, 2015", "", "soon"]


@pytest.mark.parametrize(("text", "days"), AGAINST_SUNDAY)
def test_past_expression_against_the_report(text: str, days: str) -> None:
    """A report of a Sunday puts each time where its readers put it."""
    when = resolve_expression(text, anchor=SUNDAY)
    assert when is not None
    assert when.iso() == days
    assert when.reason.endswith(".")


@pytest.mark.parametrize(("text", "days"), WITHOUT_ANCHOR)
def test_dates_with_a_year_need_no_anchor(text: str, days: str) -> None:
    """A report of an unknown day still knows its full dates; figures in either order give both days."""
    when = resolve_expression(text, anchor=None)
    assert when is not None
    assert when.iso() == days


@pytest.mark.parametrize("text", [text for text, _ in AGAINST_SUNDAY if not any(c.isdigit() for c in text[-4:])])
def test_relative_times_stay_unknown_without_an_anchor(text: str) -> None:
    """Where the report's day is unknown no day is made up."""
    assert resolve_expression(text, anchor=None) is None


@pytest.mark.parametrize("text", NO_DATE)
def test_absurd_dates_are_none(text: str) -> None:
    """A date that no calendar has is not turned into another one."""
    assert resolve_expression(text, anchor=None) is None


def test_future_tense_looks_ahead() -> None:
    """ "Will meet on Tuesday" is the coming Tuesday, "met on Tuesday" the last one."""
    ahead, back = (resolve_expression("on Tuesday", anchor=SUNDAY, tense=tense) for tense in ("future", "past"))
    assert (ahead and ahead.iso(), back and back.iso()) == ("2016-12-13", "2016-12-06")


def test_since_bounds_its_uncertain_start() -> None:
    """ "Since early March" spans up to the report, and its start lies in the first third of March."""
    when = resolve_expression("since early March", anchor=SUNDAY)
    assert when is not None
    assert when.spans
    assert (when.earliest, when.start_latest) == (date(2016, 3, 1), date(2016, 3, 10))


PIECES = [
    "on",
    "since",
    "until",
    "last",
    "next",
    "two",
    "99",
    "the",
    "early",
    "late",
    "week",
    "years",
    "ago",
    "later",
    "Sunday",
    "March",
    "30",
    "February",
    "2015",
    "9999",
    "to",
    "from",
    "between",
    "and",
    "for",
    "winter",
    "/",
    "-",
]
ANY_TEXT = st.text(max_size=30) | st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join)


@given(ANY_TEXT, st.none() | st.dates(), st.sampled_from(["past", "future", "", "perfect"]))
def test_resolving_never_raises_and_keeps_order(text: str, anchor: date | None, tense: str) -> None:
    """Rubbish gives None or days in order, at the calendar's own ends too."""
    when = resolve_expression(text, anchor=anchor, tense=tense)
    if when is not None and when.earliest is not None and when.latest is not None:
        assert when.earliest <= when.latest


PAST = [
    "on Sunday",
    "yesterday",
    "last week",
    "this year",
    "in March",
    "for two weeks",
    "months ago",
    "recently",
    "the past 24 hours",
    "last summer",
    "earlier this month",
    "on June 30",
    "late October",
    "since May",
]


@given(st.sampled_from(PAST), st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 1, 1)))
def test_past_never_lies_after_the_report(text: str, anchor: date) -> None:
    """What a report tells as past has not happened after the report."""
    when = resolve_expression(text, anchor=anchor)
    assert when is not None
    assert when.latest is not None
    assert when.latest <= anchor
