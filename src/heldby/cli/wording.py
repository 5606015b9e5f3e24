"""Days, places and probabilities in plain words."""

from __future__ import annotations

from datetime import UTC, date, datetime

from heldby.records import Place, When


def day_in_words(day: date) -> str:
    """Return a day as `11 December 2016`."""
    return f"{day.day} {day:%B} {day.year}"


def moment_in_words(moment: datetime) -> str:
    """Return a time as `11 Dec 2016, 14:00 UTC`, without the clock where it is midnight."""
    moment = moment.astimezone(UTC)
    clock = f", {moment:%H:%M} UTC" if (moment.hour, moment.minute, moment.second) != (0, 0, 0) else ""
    return f"{moment.day} {moment:%b} {moment.year}{clock}"


def between_in_words(earliest: date | None, latest: date | None) -> str:
    """Return an uncertain day as words, `at an unknown time` where both bounds are open."""
    if earliest is None:
        return "at an unknown time" if latest is None else f"{day_in_words(latest)} or before"
    if latest is None:
        return f"{day_in_words(earliest)} or later"
    if earliest == latest:
        return day_in_words(earliest)
    same_month = (earliest.year, earliest.month) == (latest.year, latest.month)
    return f"between {earliest.day if same_month else day_in_words(earliest)} and {day_in_words(latest)}"


def when_in_words(when: When | None) -> str:
    """Return a time as words, with `unknown` where nothing is known."""
    if when is None or (when.earliest is None and when.latest is None):
        return "unknown"
    return between_in_words(when.earliest, when.latest)


def place_in_words(place: Place) -> str:
    """Return `Tadmur, Homs, SY (34.56 N, 38.28 E)` with as much of it as is known."""
    words = ", ".join(part for part in (place.name, *place.admin[-1:], place.country) if part)
    if place.latitude is None or place.longitude is None:
        return words
    north = f"{abs(place.latitude):.2f} {'N' if place.latitude >= 0 else 'S'}"
    east = f"{abs(place.longitude):.2f} {'E' if place.longitude >= 0 else 'W'}"
    return f"{words} ({north}, {east})"


def surety_in_words(probability: float) -> str:
    """Return a probability as a word and per cent."""
    words = ((0.95, "nearly certain"), (0.8, "likely"), (0.6, "rather likely"), (0.4, "even"))
    word = next((word for floor, word in words if probability >= floor), "doubtful")
    return f"{word} ({probability:.0%})"


def count(number: int, noun: str, *, plural: str = "") -> str:
    """Return a number with its noun in the singular or plural."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
