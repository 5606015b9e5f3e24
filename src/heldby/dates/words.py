"""The closed classes of English time words: one literal table, and the pieces of pattern made of it."""

from __future__ import annotations

MONTHS = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
WEEKDAYS = (
    ("monday", "mon"),
    ("tuesday", "tues", "tue"),
    ("wednesday", "wed"),
    ("thursday", "thurs", "thur", "thu"),
    ("friday", "fri"),
    ("saturday", "sat"),
    ("sunday", "sun"),
)
# The first month of each season; winter begins in December of the year before the one that names it.
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
NUMBERS = {
    word: value
    for value, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1
    )
} | {
    "a": 1,
    "an": 1,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "hundred": 100,
}
# Vague counts as (fewest, most).
VAGUE_NUMBERS = {
    "a couple of": (2, 3),
    "a couple": (2, 3),
    "couple of": (2, 3),
    "a few": (2, 5),
    "few": (2, 5),
    "several": (3, 8),
    "many": (3, 12),
    "some": (2, 8),
    "a dozen": (11, 13),
    "": (2, 8),
}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "final": -1}


def _any_of(words: tuple[str, ...] | list[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


YEAR = r"(?:19|20)\d\d"
DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
FULL_MONTH = _any_of([names[0] for names in MONTHS])
MONTH = rf"(?:{FULL_MONTH}|{_any_of([name for names in MONTHS for name in names[1:]])}\.?)"
FULL_WEEKDAY = _any_of([names[0] for names in WEEKDAYS])
WEEKDAY = rf"(?:{FULL_WEEKDAY}|{_any_of([name for names in WEEKDAYS for name in names[1:]])}\.?)"
DAY_PART = r"(?:morning|afternoon|evening|nights?|dawn|noon|midday|midnight|overnight)"
STAGE = (
    r"(?:early(?:\s+in)?|mid|middle\s+of|late(?:\s+in)?|(?:the\s+)?(?:very\s+)?"
    r"(?:beginning|start|end|middle)\s+of(?:\s+the)?|(?:the\s+)?(?:first|second)\s+half\s+of)"
)
UNIT = r"(?:minute|hour|day|week|fortnight|month|year|decade)"
COUNT = (
    r"(?:\d{1,3}|a\s+couple\s+of|a\s+couple|couple\s+of|a\s+few|a\s+dozen|"
    + _any_of([*NUMBERS, "few", "several", "many"])
    + ")"
)
APPROXIMATELY = (
    r"(?:nearly|almost|about|around|approximately|roughly|some|more\s+than|over|less\s+than|under|fewer\s+than|"
    r"at\s+least|just\s+over|just\s+under|just|only|barely|up\s+to|well\s+over)"
)
DASH = r"[-\u2010-\u2015]"


def month_number(text: str) -> int:
    """Return 1 to 12 for a month's name or its abbreviation; raises KeyError for any other word."""
    word = text.lower().rstrip(".")
    return {name: number for number, names in enumerate(MONTHS, start=1) for name in names}[word]


def weekday_number(text: str) -> int:
    """Return 0 (Monday) to 6 for a weekday's name or abbreviation; raises KeyError for any other word."""
    word = text.lower().rstrip(".")
    return {name: number for number, names in enumerate(WEEKDAYS) for name in names}[word]


def count_of(text: str) -> tuple[int, int]:
    """Return the fewest and the most that a number word, digits or a vague count stands for."""
    word = " ".join(text.lower().split())
    if word.isascii() and word.isdigit():
        return int(word), int(word)
    if word in NUMBERS:
        return NUMBERS[word], NUMBERS[word]
    return VAGUE_NUMBERS.get(word, VAGUE_NUMBERS[""])
