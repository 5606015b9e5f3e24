"""What the reading model's claim heads say of a trigger, asked by tokens; silent where another pipeline has none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from spacy.tokens import Doc

# What the shipped reading model leaves in a Doc; see heldby.language.component.
LINKS = "heldby.links"
ROLE_LABELS = "heldby.role_labels"
Role = Literal["place", "actor", "opponent", "source", "part"]
# A word beside the best one of a role belongs to it from this part of the best one's share on.
RUN_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Run:
    """Words that together fill a role, as tokens from start to before end, and their share of the role (0 to 1)."""

    start: int
    end: int
    share: float


@dataclass(frozen=True, slots=True)
class Linked:
    """The shares of words in the roles of one trigger; for a role they sum to 1 with that of no word."""

    places: Mapping[int, int]
    words: Sequence[int]
    roles: Any
    part: Any
    background: float
    labels: tuple[str, ...]

    def share(self, role: Role, tokens: Collection[int]) -> float:
        """Return the share of some tokens in a role."""
        column = self.labels.index(role)
        rows = [1 + self.places[token] for token in tokens if token in self.places]
        return float(sum(self.roles[row][column] for row in rows))

    def none(self, role: Role) -> float:
        """Return how likely it is that no word around fills a role."""
        return float(self.roles[0][self.labels.index(role)])

    def best(self, role: Role) -> Run | None:
        """Return the run of neighbouring words around the likeliest one, None where there are no words."""
        column = self.roles[1:, self.labels.index(role)]
        if not len(column):
            return None
        top = int(column.argmax())
        first = last = top
        while first > 0 and self._joins(first - 1, first) and column[first - 1] > RUN_SHARE * column[top]:
            first -= 1
        while last + 1 < len(column) and self._joins(last, last + 1) and column[last + 1] > RUN_SHARE * column[top]:
            last += 1
        return Run(int(self.words[first]), int(self.words[last]) + 1, float(column[first : last + 1].sum()))

    def _joins(self, one: int, other: int) -> bool:
        return int(self.words[other]) - int(self.words[one]) == 1

    def partly(self, tokens: Collection[int]) -> float | None:
        """Return how likely only a part of the place that tokens name is meant; None for tokens not looked at."""
        found = [float(self.part[self.places[token]]) for token in tokens if token in self.places]
        return sum(found) / len(found) if found else None


def linked(doc: Doc, tokens: Sequence[int]) -> Linked | None:
    """Return what the claim heads say of a trigger, read at the first of its tokens of which they say anything."""
    links = doc.user_data.get(LINKS) or {}
    link = next((links[token] for token in tokens if token in links), None)
    if link is None:
        return None
    words = [int(word) for word in link.words]
    return Linked(
        places={word: place for place, word in enumerate(words)},
        words=words,
        roles=link.roles,
        part=link.part,
        background=link.background,
        labels=tuple(doc.user_data[ROLE_LABELS]),
    )
