"""Days and places in plain words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from heldby.cli.wording import between_in_words, moment_in_words, place_in_words
from heldby.records import Place


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        (date(2016, 12, 11), date(2016, 12, 11), "11 December 2016"),
        (date(2015, 5, 20), date(2015, 5, 21), "between 20 and 21 May 2015"),
        (date(2015, 5, 20), date(2016, 3, 1), "between 20 May 2015 and 1 March 2016"),
        (None, date(2015, 5, 21), "21 May 2015 or before"),
        (date(2015, 5, 21), None, "21 May 2015 or later"),
        (None, None, "at an unknown time"),
    ],
)
def test_uncertain_days(earliest: date | None, latest: date | None, words: str) -> None:
    """A reader sees how uncertain a day is."""
    assert between_in_words(earliest, latest) == words


def test_midnight_is_a_day() -> None:
    """A report known only by its day shows no clock."""
    assert moment_in_words(datetime(2016, 12, 11, tzinfo=UTC)) == "11 Dec 2016"
    assert moment_in_words(datetime(2016, 12, 11, 14, 5, tzinfo=UTC)) == "11 Dec 2016, 14:05 UTC"


def test_a_place_without_coordinates() -> None:
    """A place that is known by name only is shown by name only, one south and west with its letters."""
    assert place_in_words(Place(id="1", name="Somewhere", country="SY")) == "Somewhere, SY"
    far = Place(id="2", name="Lima", country="PE", latitude=-12.04, longitude=-77.03)
    assert place_in_words(far) == "Lima, PE (12.04 S, 77.03 W)"
