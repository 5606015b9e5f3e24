"""What must be known of the claims told before at a place, so that new ones can be related to them without them.

Invariant: it follows from the claims and what was found among them alone, and what is noted of a claim never changes
by later ones: to relate claims one after the other leaves the same as to relate them all at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations, groupby
from typing import TypeAlias

from heldby.records import Claim, Origin, SourceLink
from heldby.relate.sentences import sentence_id
from heldby.relate.sketches import MICROSECOND, microseconds
from heldby.relate.statements import claim_days, says

# A claim told before, with how its document stands, None where that has not been settled.
Standing: TypeAlias = tuple[Claim, Origin | None]
# Opens some of the claims told before, by their numbers.
Opener: TypeAlias = Callable[[Iterable[int]], Mapping[int, Standing]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The claims about a place by number, in the order in which they became known: id, document and its original,
    when they became known (microseconds), where their sentence stands, whether it is a copy, their voice, the first
    claim of their statement, whether a copy repeats it, what they say (none where they repeat a statement), and of
    which days they speak (ordinals). `speakers` are the names by which each speaker was first told of, in order."""

    ids: list[str]
    documents: list[str]
    homes: list[str]
    moments: list[int]
    starts: list[int]
    copied: list[bool]
    voices: list[str]
    firsts: list[int]
    echoes: list[bool]
    said: list[str]
    days: list[tuple[int, int]]
    speakers: list[SourceLink]

    @classmethod
    def nothing(cls) -> Past:
        """Return that nothing has been told."""
        return cls(
            ids=[], documents=[], homes=[], moments=[], starts=[], copied=[], voices=[], firsts=[], echoes=[],
            said=[], days=[], speakers=[],
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.ids)

    def extended(
        self,
        claims: Sequence[Claim],
        *,
        homes: Mapping[str, str],
        copied: Iterable[str],
        voices: Mapping[str, str],
        statements: Mapping[str, str],
        echoes: Iterable[str],
        speakers: Sequence[SourceLink],
    ) -> Past:
        """Return it with claims that became known after the others; `homes` are the originals of documents, `copied`
        the claims whose sentence is a copy."""
        numbers = {claim.id: n for n, claim in enumerate(claims, len(self.ids))}
        before = {id_: n for n, id_ in enumerate(self.ids)}
        firsts = [numbers[first] if (first := statements[claim.id]) in numbers else before[first] for claim in claims]
        copies, repeats = set(copied), set(echoes)
        days = [claim_days(claim) for claim in claims]
        return Past(
            ids=[*self.ids, *numbers],
            documents=[*self.documents, *(claim.document_id for claim in claims)],
            homes=[*self.homes, *(homes.get(claim.document_id, claim.document_id) for claim in claims)],
            moments=[*self.moments, *(microseconds(claim.known_at) for claim in claims)],
            starts=[*self.starts, *(claim.sentence.start for claim in claims)],
            copied=[*self.copied, *(claim.id in copies for claim in claims)],
            voices=[*self.voices, *(voices[claim.id] for claim in claims)],
            firsts=[*self.firsts, *firsts],
            echoes=[*self.echoes, *(claim.id in repeats for claim in claims)],
            said=[*self.said, *(says(claim) if statements[claim.id] == claim.id else "" for claim in claims)],
            days=[*self.days, *((first.toordinal(), last.toordinal()) for first, last in days)],
            speakers=[*self.speakers, *speakers],
        )

    def statements(self) -> dict[str, str]:
        """Return for each claim the first claim of its statement."""
        return {id_: self.ids[first] for id_, first in zip(self.ids, self.firsts, strict=True)}

    def echoing(self) -> frozenset[str]:
        """Return the claims that copies repeat."""
        return frozenset([id_ for id_, echo in zip(self.ids, self.echoes, strict=True) if echo])

    def turned(self) -> list[tuple[int, int]]:
        """Return the sentences of one moment, each by a claim of it, of which the later one by name is no copy and
        has all its claims before those of the earlier one."""
        found: list[tuple[int, int]] = []
        for _, numbers in groupby(range(len(self.ids)), key=self.moments.__getitem__):
            group = list(numbers)
            if len(group) == 1:
                continue
            together: dict[str, list[int]] = {}
            for n in group:
                together.setdefault(f"{self.documents[n]}:{self.starts[n]}", []).append(n)
            found += [
                (together[one][0], together[other][0])
                for one, other in combinations(sorted(together), 2)
                if together[other][-1] < together[one][0] and not any(self.copied[n] for n in together[other])
            ]
        return found


class Near:
    """The claims told before of which the sentences of others may be copies: those known some days before them, and
    those of their reports' copies. `opened` are those that were looked at."""

    def __init__(self, past: Past, *, days: int, open_: Opener) -> None:
        self._past = past
        self._days = timedelta(days=days) // MICROSECOND
        self._open = open_
        self._of_home: dict[str, list[int]] = {}
        for n, home in enumerate(past.homes):
            self._of_home.setdefault(home, []).append(n)
        self.numbers: set[int] = set()
        self.opened: dict[int, Standing] = {}

    def add(self, moments: Iterable[int], *, homes: Iterable[str]) -> None:
        """Take in what is near to claims of these moments, in documents with these originals."""
        known = self._past.moments
        for at in set(moments):
            self.numbers.update(range(bisect_left(known, at - self._days), bisect_right(known, at)))
        for home in set(homes):
            self.numbers.update(self._of_home.get(home, ()))

    def claim(self, number: int) -> Claim:
        """Return a claim by its number."""
        if number not in self.opened:
            self.opened.update(self._open([number]))
        return self.opened[number][0]

    def claims(self) -> dict[int, Claim]:
        """Return the claims that are near, by number and in order."""
        missing = [n for n in self.numbers if n not in self.opened]
        if missing:
            self.opened.update(self._open(missing))
        return {n: self.opened[n][0] for n in sorted(self.numbers)}

    def origins(self) -> dict[str, Origin]:
        """Return how the documents of the claims stand that are near."""
        near = (self.opened[n] for n in self.numbers)
        return {claim.document_id: origin for claim, origin in near if origin is not None}

    def copied(self) -> dict[str, str]:
        """Return the sentences of the claims that are near that are copies, each by itself."""
        ids = [sentence_id(self.opened[n][0]) for n in self.numbers if self._past.copied[n]]
        return dict(zip(ids, ids, strict=True))
