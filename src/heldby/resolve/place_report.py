"""The names of one report, for mentions that mean a place without naming it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from heldby.records import MayMean, Reading, Span
from heldby.resolve.place_antecedents import Known, Pointer, fits, name_key
from heldby.resolve.place_context import Resolved
from heldby.resolve.place_names import fold, words_of
from heldby.resolve.place_phrases import PlaceWords

# "areas west of the city" lie at the city
_OF_NAMELESS = re.compile(r"\bof (the (\w+))\b")
_REACH = 60
# "US" and "UAE" are written in capitals anywhere.
LONGEST_SHORT_NAME = 3
# "Rankus, a small town ..." and "the town of Rankus", "the town Rankus"
_IS_CALLED = re.compile(r"\A,? (?:(?:is|was) )?(?:a|an|the|one of the)((?: [\w-]+){1,4})")
_CALLED = re.compile(r"([\w-]+)(?: of)?(?: the)? \Z")


class ReportNames:
    """The names of one report in order, what it calls them, and which its claims were about so far."""

    def __init__(self, reading: Reading, resolved: Sequence[Resolved], *, words: PlaceWords) -> None:
        self._words = words
        self._starts = [sentence.start for sentence in reading.sentences]
        blocks = reading.document.blocks
        furniture = [block for block in blocks if block.kind in {"furniture", "byline"}]
        headlines = [block for block in blocks if block.kind == "headline"]
        self._mentions: defaultdict[str, list[Resolved]] = defaultdict(list)
        self._nouns: defaultdict[str, set[str]] = defaultdict(set)
        for entry in resolved:
            start = entry.named.start
            if not entry.named.phrase.name or any(block.start <= start < block.end for block in furniture):
                continue
            if self._is_people(entry):
                continue
            key = name_key(entry)
            self._mentions[key].append(entry)
            self._nouns[key] |= self._nouns_of(entry, reading.document.text)
        self._in_headline = {
            key
            for key, entries in self._mentions.items()
            for entry in entries
            if any(block.start <= entry.named.start < block.end for block in headlines)
        }
        self._counts = Counter({key: len(entries) for key, entries in self._mentions.items()})
        self._in_capitals = {
            key for key, entries in self._mentions.items() if all(_in_capitals(entry) for entry in entries)
        }
        self._claimed: set[str] = set()
        self._last = ""

    def _is_people(self, entry: Resolved) -> bool:
        """Tell whether a name is only what belongs to a country: "Syrian" of "a Syrian gas field"."""
        last = entry.named.phrase.name.split(" ")[-1]
        return entry.place is None and fold(last) in self._words.demonyms

    def note(self, entry: Resolved) -> None:
        """Keep in mind that a claim is about this place."""
        self._last = name_key(entry)
        self._claimed.add(self._last)

    def sentence_of(self, offset: int) -> int:
        """Return the number of the sentence at an offset."""
        return bisect_right(self._starts, offset) - 1

    def shares(self, names: Sequence[MayMean]) -> Mapping[str, float]:
        """Return what the reading model gives to names, by what their mentions have in common."""
        found: dict[str, float] = {}
        for name in names:
            for key, entries in self._mentions.items():
                if any(_overlap(entry, name.name) for entry in entries):
                    found[key] = max(found.get(key, 0.0), name.share)
        return found

    def around(self, pointer: Pointer) -> tuple[Known, ...]:
        """Return the names that a mention may mean: those before it, also those after it where it tells of a place
        that was not named yet or where none stands before."""
        before = {
            key: [entry for entry in entries if entry.named.start < pointer.start]
            for key, entries in self._mentions.items()
        }
        if pointer.new or not any(before.values()):
            candidates = {key: before[key] or entries for key, entries in self._mentions.items()}
        else:
            candidates = {key: entries for key, entries in before.items() if entries}
        chosen = {key: self._nearest(entries, pointer) for key, entries in candidates.items()}
        most = max(self._counts.values(), default=1)
        last = max(
            (one.named.start for one in chosen.values() if one.named.start < pointer.start and fits(one, pointer)),
            default=-1,
        )
        return tuple(
            Known(
                resolved=entry,
                sentence=self.sentence_of(entry.named.start),
                after=entry.named.start > pointer.start,
                share=self._counts[key] / most,
                nouns=frozenset(self._nouns[key]),
                in_headline=key in self._in_headline,
                in_claim=key in self._claimed,
                in_last_claim=key == self._last,
                nearest=entry.named.start == last,
                in_capitals=key in self._in_capitals,
            )
            for key, entry in chosen.items()
        )

    def _nearest(self, entries: Sequence[Resolved], pointer: Pointer) -> Resolved:
        return min(entries, key=lambda entry: abs(entry.named.start - pointer.start))

    def _nouns_of(self, entry: Resolved, text: str) -> set[str]:
        """Return the nouns that stand beside a name or that its first word means ("Tal" of "Tal Jamu": a hill)."""
        nouns = {entry.named.phrase.noun}
        first = fold(entry.named.phrase.name).split(" ")[0]
        nouns.add(self._words.openings.get(first, ""))
        before = _CALLED.search(text[max(0, entry.named.start - _REACH) : entry.named.start])
        after = _IS_CALLED.match(text[entry.named.end : entry.named.end + _REACH])
        said = [before.group(1)] if before else []
        said += after.group(1).split() if after else []
        nouns |= {fold(word) for word in said if fold(word) in self._words.nouns}
        return nouns - {""}


def pointer_to(mention: Span, names: Sequence[MayMean], report: ReportNames, *, words: PlaceWords) -> Pointer:
    """Take a mention without a name apart: its first noun for a place tells of which kind the place is."""
    whole = mention.text.split(",")[0]
    beside = (match for match in _OF_NAMELESS.finditer(whole) if match.group(2) in words.reference)
    head = next((match.group(1) for match in beside), whole)
    spoken = [head[start:end] for start, end in words_of(head)]
    noun = ""
    for at, word in enumerate(spoken):
        if word.islower() and fold(word) in words.nouns:
            noun = fold(word)
            if at + 1 == len(spoken) or fold(spoken[at + 1]) not in words.nouns:
                break
    return Pointer(
        start=mention.start,
        sentence=report.sentence_of(mention.start),
        kind=words.nouns.get(noun, "any"),
        noun=noun,
        new=bool(spoken) and fold(spoken[0]) in words.indefinite,
        read=report.shares(names),
    )


def _in_capitals(entry: Resolved) -> bool:
    name = entry.named.phrase.name
    return len(name) > LONGEST_SHORT_NAME and name.isupper()


def _overlap(entry: Resolved, span: Span) -> bool:
    return entry.named.start < span.end and span.start < entry.named.end
