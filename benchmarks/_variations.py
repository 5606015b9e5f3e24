"""Reports as others print them again: cut, reordered, under another headline, with other credit lines and words.

The reports are the project's own (`training/reports`). Every variation is a function of a report and a source of
chance, so that a seed gives the same texts on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

REPORTS = Path(__file__).parents[1] / "training" / "reports"

CREDITS: Final = ("BEIRUT (Reuters) - ", "DAMASCUS, (AFP) - ", "By our foreign staff. ", "(AP) ", "")
SIGN_OFFS: Final = ("(Reporting by A. Writer; Editing by B. Editor)", "With agencies", "- AFP", "Source: SANA", "")
HEADLINES: Final = ("What we know so far", "Latest from the front", "Battle enters a new phase", "A turn in the war")
LEADS: Final = (
    "Here is the latest from our desk on events that readers have followed all week.",
    "Our correspondent in the capital has put together what is known at this hour.",
)
SYNONYMS: Final[Mapping[str, str]] = {
    "said": "stated",
    "captured": "seized",
    "seized": "captured",
    "took": "captured",
    "retook": "recaptured",
    "militants": "fighters",
    "fighters": "militants",
    "rebels": "insurgents",
    "soldiers": "troops",
    "troops": "soldiers",
    "city": "town",
    "town": "city",
    "killed": "slain",
    "attack": "assault",
    "assault": "attack",
    "near": "close to",
    "after": "following",
    "also": "further",
    "control": "hold",
    "forces": "units",
    "army": "military",
    "residents": "locals",
    "officials": "authorities",
    "sunday": "the weekend",
}


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its headline and the sentences of its paragraphs, and the places that its claims name."""

    id: str
    day: date
    headline: str
    paragraphs: tuple[tuple[str, ...], ...]
    places: frozenset[str] = frozenset()

    @property
    def sentences(self) -> list[str]:
        """All sentences, the headline not among them."""
        return [sentence for paragraph in self.paragraphs for sentence in paragraph]

    @property
    def text(self) -> str:
        """The report as one text."""
        return "\n\n".join([self.headline, *(" ".join(paragraph) for paragraph in self.paragraphs)])


def read_reports(folder: Path = REPORTS) -> list[Report]:
    """Return the project's own reports of at least five sentences."""
    return [report for path in sorted(folder.glob("*.txt")) for report in _read(path) if len(report.sentences) >= 5]


def _read(path: Path) -> Iterator[Report]:
    for part in ("\n" + path.read_text("utf-8")).split("\n=== ")[1:]:
        head, *lines = part.split("\n")
        name, day, *_ = (field.strip() for field in head.split("|"))
        headline, places, paragraphs = "", set[str](), [list[str]()]
        for line in lines:
            if line.startswith("! "):
                headline = line[2:]
            elif line.startswith("@ "):
                places |= {field[2:].strip() for field in line.split(" ; ") if field.startswith("p=")}
            elif line.strip():
                paragraphs[-1].append(line.strip())
            else:
                paragraphs.append([])
        yield Report(
            name, date.fromisoformat(day), headline, tuple(tuple(p) for p in paragraphs if p), frozenset(places)
        )


def same_event(one: Report, other: Report) -> bool:
    """Tell whether two reports tell of a place in common within a week."""
    return bool(one.places & other.places) and abs((one.day - other.day).days) <= 7


# -- variations of reports ------------------------------------------------------------------------------------------


def _retyped(report: Report, chance: random.Random) -> Report:
    def type_again(text: str) -> str:
        return text.replace("'", "’").replace(" - ", " – ").replace("  ", " ").upper()

    paragraphs = tuple(tuple(type_again(s) for s in paragraph) for paragraph in report.paragraphs)
    return replace(report, headline=report.headline.title(), paragraphs=paragraphs)


def _cut(share: float) -> Callable[[Report, random.Random], Report]:
    def cut(report: Report, chance: random.Random) -> Report:
        sentences = report.sentences
        return replace(report, paragraphs=(tuple(sentences[: max(2, round(share * len(sentences)))]),))

    return cut


def _thinned(report: Report, chance: random.Random) -> Report:
    sentences = report.sentences
    kept = sorted(chance.sample(range(len(sentences)), max(2, len(sentences) // 2)))
    return replace(report, paragraphs=(tuple(sentences[n] for n in kept),))


def _reordered(report: Report, chance: random.Random) -> Report:
    sentences = report.sentences
    return replace(report, paragraphs=(tuple(chance.sample(sentences, len(sentences))),))


def _reheadlined(report: Report, chance: random.Random) -> Report:
    lead = (chance.choice(LEADS),)
    return replace(report, headline=chance.choice(HEADLINES), paragraphs=(lead, *report.paragraphs))


def _recredited(report: Report, chance: random.Random) -> Report:
    sentences = report.sentences
    first = chance.choice(CREDITS) + sentences[0].partition(" - ")[2] or sentences[0]
    return replace(report, paragraphs=((first, *sentences[1:]), (chance.choice(SIGN_OFFS),)))


def reword(text: str, chance: random.Random, *, share: float) -> str:
    """Return a text with a share of its words replaced: by a synonym where one is listed, else left out."""
    words = text.split()
    wanted = round(share * len(words))
    listed = [n for n, word in enumerate(words) if word.lower().strip(".,") in SYNONYMS]
    chance.shuffle(listed)
    others = [n for n in range(len(words)) if n not in set(listed)]
    chosen = set([*listed, *chance.sample(others, len(others))][:wanted])
    return " ".join(SYNONYMS.get(w.lower().strip(".,"), "indeed") if n in chosen else w for n, w in enumerate(words))


def _reworded(share: float) -> Callable[[Report, random.Random], Report]:
    def change(report: Report, chance: random.Random) -> Report:
        paragraphs = tuple(tuple(reword(s, chance, share=share) for s in p) for p in report.paragraphs)
        return replace(report, paragraphs=paragraphs)

    return change


def _edited(report: Report, chance: random.Random) -> Report:
    """All at once, as a desk does it."""
    report = _cut(0.7)(report, chance)
    return _recredited(_reheadlined(_reordered(_reworded(0.08)(report, chance), chance), chance), chance)


VARIATIONS: Final[Mapping[str, Callable[[Report, random.Random], Report]]] = {
    "retyped": _retyped,
    "other credits": _recredited,
    "other headline and lead": _reheadlined,
    "reordered": _reordered,
    "cut to 60%": _cut(0.6),
    "cut to 40%": _cut(0.4),
    "cut to 25%": _cut(0.25),
    "half the sentences": _thinned,
    "10% of words replaced": _reworded(0.1),
    "20% of words replaced": _reworded(0.2),
    "30% of words replaced": _reworded(0.3),
    "edited (all of it)": _edited,
}


# -- variations of sentences ----------------------------------------------------------------------------------------


def _turned(sentence: str, chance: random.Random) -> str:
    """Put "..., X said." first: "X said ..."."""
    told, comma, who = sentence.rstrip(".").rpartition(", ")
    return f"{who[:1].upper()}{who[1:]} that {told}." if comma and len(who.split()) < 9 else sentence


def _shortened(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    return " ".join(words[: max(5, round(0.7 * len(words)))]) + "."


SENTENCE_VARIATIONS: Final[Mapping[str, Callable[[str, random.Random], str]]] = {
    "as it stands": lambda sentence, chance: sentence.upper(),
    "speaker put first": _turned,
    "cut to 70%": _shortened,
    "one word replaced": lambda s, chance: reword(s, chance, share=1.0 / max(1, len(s.split()))),
    "10% of words replaced": lambda s, chance: reword(s, chance, share=0.1),
    "20% of words replaced": lambda s, chance: reword(s, chance, share=0.2),
}


def vary(texts: Sequence[Report], *, seed: int) -> Iterator[tuple[str, Report, Report]]:
    """Yield each report with one variation of each kind: the kind, the report, the variation."""
    for report in texts:
        for kind, change in VARIATIONS.items():
            yield kind, report, change(report, random.Random(f"{seed} {report.id} {kind}"))
