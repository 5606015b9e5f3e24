"""Whom an answer means among the holders of a truth file.

A side is tied to a holder where, on that day, by the table of sides (`knowledge/actors.toml`):

1. it is the holder's own side, or one is part of the other, at any depth; or
2. it is tied to no holder of the country in this way, and is the ally, client or patron of the side of one holder
   only (holders tied to each other count as one), and no enemy of it; or
3. neither, and it is an armed group of the same country and kind ("rebel") as the side of one holder only, and no
   enemy of it; sides that a foreign state directs are not looked at.

A side tied to several holders is the true one where that is among them, for every system alike. What is tied to none
is "other". A joint answer is read by its first side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from heldby.records import Relationship
from heldby.resolve.actors import ActorBook

CONTESTED = "contested"
UNKNOWN = "unknown"
OTHER = "other"
STATE_WORDS = frozenset({"government", "the government", "regime", "state", "army", "government forces"})


class Sides:
    """The holders of a truth file, by country, and the sides that they mean."""

    def __init__(self, book: ActorBook, *, holders: Mapping[str, Iterable[str]]) -> None:
        """`holders`: for each country's code its holders, as the file calls them."""
        self._book = book
        self._meant: dict[str, dict[str, str]] = {
            country: {holder: self._find(holder, country) for holder in sorted(set(names) - {CONTESTED})}
            for country, names in holders.items()
        }
        self._tied = lru_cache(maxsize=None)(self._find_tied)

    def _find(self, holder: str, country: str) -> str:
        """Return the side that a holder's name means: as in a report, else the side of the country of just that name
        ("rebels"), else for a word for the state its forces."""
        found = self._book.find(holder, countries=frozenset({country}))
        if found:
            return found[0].actor_id
        word = holder.casefold()
        here = [actor for actor in self._book.actors.values() if country in actor.countries]
        named = [actor.id for actor in here if any(name.text.casefold() == word for name in actor.names)]
        state = self._book.state_of(country) if word in STATE_WORDS else ""
        return next(iter(named), state) or f"name:{word}"

    def meant(self, country: str) -> Mapping[str, str]:
        """Return the id of the side that each holder of a country means."""
        return self._meant[country]

    def holder(self, state: str, *, country: str, day: date, truth: str = "") -> str:
        """Return the holder that a state (the id of a side, `contested`, `unknown`) means in a country on a day."""
        if state in {CONTESTED, UNKNOWN, ""}:
            return state or UNKNOWN
        tied = self._tied(state, country, day)
        if truth in tied:
            return truth
        return tied[0] if tied else OTHER

    def shares(
        self, distribution: Iterable[tuple[str, float]], *, country: str, day: date, truth: str = ""
    ) -> dict[str, float]:
        """Return the probability of each holder from that of each state."""
        shares: dict[str, float] = {}
        for state, share in distribution:
            holder = self.holder(state, country=country, day=day, truth=truth)
            shares[holder] = shares.get(holder, 0.0) + share
        return shares

    def _find_tied(self, state: str, country: str, day: date) -> tuple[str, ...]:
        meant = self._meant[country]
        return (
            tuple(holder for holder, side in meant.items() if self._is_part(state, side, day))
            or self._sole(meant, [holder for holder, side in meant.items() if self._helps(state, side, day)], day)
            or self._sole(meant, [holder for holder, side in meant.items() if self._is_like(state, side, day)], day)
        )

    def _sole(self, meant: Mapping[str, str], found: list[str], day: date) -> tuple[str, ...]:
        """Return the holders found, with those tied to them, if they are one side."""
        one_side = all(self._is_part(meant[found[0]], meant[holder], day) for holder in found[1:])
        if not found or not one_side:
            return ()
        return tuple(holder for holder, side in meant.items() if self._is_part(meant[found[0]], side, day))

    def _is_part(self, one: str, other: str, day: date) -> bool:
        return one == other or other in self._wider(one, day) or one in self._wider(other, day)

    def _wider(self, side: str, day: date) -> frozenset[str]:
        """Return all that a side is part of on a day."""
        found: set[str] = set()
        waiting = [side]
        while waiting:
            actor = self._book.actors.get(waiting.pop())
            above = {link.actor_id for link in (actor.part_of if actor else ()) if _holds(link, day)}
            waiting += sorted(above - found)
            found |= above
        return frozenset(found)

    def _helps(self, one: str, other: str, day: date) -> bool:
        friends = other in self._book.friends(one, on=day) or one in self._book.friends(other, on=day)
        return friends and not self._are_enemies(one, other, day)

    def _is_like(self, state: str, side: str, day: date) -> bool:
        one, other = self._book.actors.get(state), self._book.actors.get(side)
        if one is None or other is None or other.patrons or not one.country:
            return False
        alike = (one.kind, one.country) == (other.kind, other.country)
        return alike and one.kind == "rebel" and not self._are_enemies(state, side, day)

    def _are_enemies(self, one: str, other: str, day: date) -> bool:
        return other in self._book.enemies(one, on=day) or one in self._book.enemies(other, on=day)


def _holds(link: Relationship, day: date) -> bool:
    return (link.since is None or link.since <= day) and (link.until is None or day <= link.until)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system says of a place and day: the holder (or `contested`, `unknown`, "other"), and the probability
    of each."""

    holder: str
    shares: Mapping[str, float]

    @property
    def probability(self) -> float:
        """The probability of the holder given."""
        return self.shares.get(self.holder, 0.0)


NO_ANSWER = Answer(UNKNOWN, {UNKNOWN: 1.0})
