"""The files of the benchmark of control: who held which place, and which articles speak of it on which day.

A truth file has the columns `place,country,holder,from,to,note`: the holder from one day up to the day before the
next; an empty `from` means ever before, an empty `to` ever after, and a day without a row is left out. An articles
file has one JSON object a line with `outlet`, `published`, `title` and `text`.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from heldby.resolve import Resolver

CONTESTED = "contested"
SHORTEST_NAME = 3
_AKA = re.compile(r"\baka ([^;,()]+)")
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_QUOTES = re.compile("['’‘‛`´ʻʼʽʾʿ]")
_ARTICLE = re.compile(r"\b(?:al|el|ul|ar|as|ash|ad|an|at|az|es|er)[-\s]+(?=[A-Z])", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
# One way of writing for words that stand in names of sites and parts of towns.
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "airbase": ("air", "base"),
    "eastern": ("east",),
    "western": ("west",),
    "northern": ("north",),
    "southern": ("south",),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A holder of a place from `start` up to the day before `end` (None: open)."""

    holder: str
    start: date | None
    end: date | None

    def covers(self, day: date) -> bool:
        """Tell whether the row tells of a day."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class TruePlace:
    """A place of the truth file: its names, the first of them its own, and its rows in order of time."""

    name: str
    country: str
    other_names: tuple[str, ...]
    rows: tuple[Row, ...]

    def holder(self, day: date) -> str:
        """Return who held the place on a day, "" where the file does not tell."""
        return next((row.holder for row in self.rows if row.covers(day)), "")

    def changes(self) -> list[Change]:
        """Return the changes of hands: each row that begins on the day on which the one before it ends."""
        return [
            Change(self.name, later.start, earlier.holder, later.holder)
            for earlier, later in pairwise(self.rows)
            if later.start is not None and earlier.end == later.start and earlier.holder != later.holder
        ]


@dataclass(frozen=True, slots=True)
class Change:
    """A place that goes from one holder to another on a day."""

    place: str
    day: date
    before: str
    holder: str


@dataclass(frozen=True, slots=True)
class Article:
    """A report: by whom, of which day, and its words."""

    id: str
    outlet: str
    published: date
    title: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """A place and a day on which some article speaks of it, and who held it then."""

    place: str
    day: date
    holder: str


def read_truth(path: Path) -> list[TruePlace]:
    """Return the places of a truth file, in its order.

    Raises KeyError for a missing column and ValueError for a day that is none.
    """
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            key = (line["place"].strip(), line["country"].strip())
            rows[key].append(Row(_holder(line["holder"]), _day(line["from"]), _day(line["to"])))
            names[key] += [found.strip() for found in _AKA.findall(line.get("note") or "")]
    return [
        TruePlace(name, country, tuple(dict.fromkeys(names[name, country])), tuple(_in_order(found)))
        for (name, country), found in rows.items()
    ]


def _holder(text: str) -> str:
    """Return a holder's name without what stands in brackets after it."""
    name = _BRACKETS.sub("", text).strip()
    return CONTESTED if name.casefold() == CONTESTED else name


def _day(text: str) -> date | None:
    return date.fromisoformat(text.strip()) if text.strip() else None


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.start or date.min)


def read_articles(path: Path) -> list[Article]:
    """Return the articles of a file that have a day, in its order. Raises ValueError for a line that is no JSON."""
    found: list[Article] = []
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line) if line.strip() else {}
        if entry.get("published"):
            found.append(
                Article(
                    id=str(entry.get("id", len(found))),
                    outlet=str(entry.get("outlet", "")),
                    published=date.fromisoformat(str(entry["published"])[:10]),
                    title=str(entry.get("title", "")),
                    text=str(entry.get("text", "")),
                )
            )
    return found


# -- which article speaks of which place ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order: plain (no accents, apostrophes, capitals, Arabic articles), and whether each
    begins with a capital."""

    plain: tuple[str, ...]
    capital: tuple[bool, ...]


def words_of(text: str) -> Words:
    """Return the words of a text or a name."""
    decomposed = unicodedata.normalize("NFKD", _QUOTES.sub("", text))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    plain, capital = [], []
    for word in _WORD.findall(_ARTICLE.sub("", bare)):
        for part in _SPELLINGS.get(word.lower(), (word.lower(),)):
            plain.append(part)
            capital.append(word[:1].isupper())
    return Words(tuple(plain), tuple(capital))


def find_mentions(articles: Sequence[Article], names: Mapping[str, Sequence[str]]) -> dict[str, list[Article]]:
    """Return for each place the articles that speak of it: by one of its names as whole words, one of them with a
    capital. A name that is an ordinary word (the articles write it small more often) is not looked for."""
    texts = [words_of(f"{article.title}\n{article.text}") for article in articles]
    small, large = _count_single_words(texts)
    wanted: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for place, of_place in names.items():
        for plain in {words_of(name).plain for name in of_place}:
            ordinary = len(plain) == 1 and small[plain[0]] > large[plain[0]]
            if len("".join(plain)) >= SHORTEST_NAME and not ordinary:
                wanted[plain[0]].append((plain, place))
    found: dict[str, list[Article]] = {place: [] for place in names}
    for article, words in zip(articles, texts, strict=True):
        for place in sorted(_places_in(words, wanted)):
            found[place].append(article)
    return found


def _count_single_words(texts: Iterable[Words]) -> tuple[Counter[str], Counter[str]]:
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for words in texts:
        for plain, capital in zip(words.plain, words.capital, strict=True):
            (large if capital else small)[plain] += 1
    return small, large


def _places_in(words: Words, wanted: Mapping[str, Sequence[tuple[tuple[str, ...], str]]]) -> set[str]:
    found = set()
    for at, word in enumerate(words.plain):
        for plain, place in wanted.get(word, ()):
            end = at + len(plain)
            if words.plain[at:end] == plain and any(words.capital[at:end]):
                found.add(place)
    return found


def find_names(
    places: Sequence[TruePlace], *, articles: Iterable[Article], resolver: Resolver
) -> dict[str, list[str]]:
    """Return the names of each place: those of the truth file, and those in the articles by which the gazetteer knows
    it before all other places. A place that the gazetteer does not know by its own name ("East Mosul")
    gets no further names."""
    gazetteer, ignored = resolver.gazetteer, resolver.place_words.not_places
    names = {place.name: [place.name, *place.other_names] for place in places}
    owners: dict[str, str] = {}
    for place in places:
        own = [one.place.id for one in gazetteer.homonyms(place.name) if one.place.country == place.country]
        owners |= dict.fromkeys(own[:1], place.name)
    texts = (text for article in articles for text in (article.title, article.text))
    written = {name for text in texts for _, _, name in gazetteer.names_in(text, ignored=ignored)}
    for name in sorted(written):
        for homonym in gazetteer.homonyms(name)[:1]:
            if homonym.place.id in owners:
                names[owners[homonym.place.id]].append(name)
    return names


def make_pairs(places: Iterable[TruePlace], mentions: Mapping[str, Sequence[Article]]) -> list[Pair]:
    """Return each place and day on which an article speaks of it and the truth file tells who held it."""
    found = set()
    for place in places:
        for article in mentions.get(place.name, ()):
            holder = place.holder(article.published)
            if holder:
                found.add(Pair(place.name, article.published, holder))
    return sorted(found)
