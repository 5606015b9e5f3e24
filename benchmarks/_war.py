"""A war that never was, of which everything is known: who held which place on which day.

The same setup gives the same war on every machine. Places lie at random on a map; each side begins in patches of its
own; a side attacks only what lies beside a place that it or an ally holds. `_war_reports` tells of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from heldby.records import Place

Numbers: TypeAlias = NDArray[np.int64]
Shares: TypeAlias = NDArray[np.float64]

FIRST_DAY = date(2012, 1, 1)
NEIGHBOURS = 6
SIDES = ("government", "rebels", "caliphate", "league", "legion")
SYLLABLES = ("ba", "du", "ka", "lo", "mi", "na", "ru", "sa", "te", "zo")
MEAN_FIGHT_DAYS = 10
LONGEST_FIGHT_DAYS = 60
# A place that has just been fought for is left alone so long.
REST_DAYS = 21
SUDDEN_SHARE = 0.25
# Each side begins in one patch of the map for so many places.
PATCH_PLACES = 20
MEAN_DAYS_TO_ATTACK = 45.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WarSetup:
    """What a war and its reports are made from; shares lie from 0 to 1.

    `lying`: claims made up; `bias`: own losses denied, called otherwise or told late, and gains told early, by voices
    of a side; `partisan`: reports by such voices; `copying`: documents that repeat another; `late`: claims that tell
    an older day as if it were today; `misread`: claims that the reading got wrong (place, day, sides or relation);
    `gaps`: place-months of which nobody tells. `sides` are 3 to 5, of which the last two are allies.
    """

    seed: int = 4
    places: int = 300
    days: int = 1100
    sides: int = 4
    claims: int = 20_000
    lying: float = 0.04
    bias: float = 0.5
    partisan: float = 0.5
    copying: float = 0.4
    late: float = 0.1
    misread: float = 0.12
    gaps: float = 0.2


@dataclass(frozen=True, slots=True)
class Fight:
    """One side's try to take a place: contested from `start` to before `end`, then the winner holds it."""

    place: int
    start: int
    end: int
    attacker: int
    defender: int
    won: bool


@dataclass(frozen=True, slots=True)
class War:
    """The truth: `control[place, day]` is the number of the side that holds it, or len(sides) where it is contested;
    `fights` in order of their end; `weights` say how much is told of each place."""

    setup: WarSetup
    places: tuple[Place, ...]
    neighbours: Numbers
    sides: tuple[str, ...]
    control: NDArray[np.int8]
    fights: tuple[Fight, ...]
    weights: Shares

    def state(self, place: int, day: int) -> str:
        """Return the id of the side that holds a place on a day, or "contested"."""
        number = int(self.control[place, day])
        return side_id(self.sides[number]) if number < len(self.sides) else "contested"

    def bloc(self, side: int) -> int:
        """Return the number that a side and its ally have in common."""
        return min(side, len(self.sides) - 2)


def side_id(name: str) -> str:
    """Return the id of a side's actor."""
    return f"sim:{name}"


def day_of(number: int) -> date:
    """Return the date of a day of the war."""
    return FIRST_DAY + timedelta(days=number)


def make_war(setup: WarSetup) -> War:
    """Return the war of a setup. The cost grows with places times days."""
    rng = np.random.default_rng(setup.seed)
    where = rng.random((setup.places, 2))
    neighbours = _neighbours(where)
    control, fights = _fight(setup, where, neighbours, rng)
    weights = rng.lognormal(sigma=1.0, size=setup.places) * (
        1.0 + np.bincount(_places(fights), minlength=setup.places)
    )
    return War(
        setup=setup,
        places=tuple(_place(number, where) for number in range(setup.places)),
        neighbours=neighbours,
        sides=SIDES[: setup.sides],
        control=control,
        fights=tuple(sorted(fights, key=lambda fight: (fight.end, fight.place))),
        weights=weights / weights.sum(),
    )


def _places(fights: list[Fight]) -> list[int]:
    return [fight.place for fight in fights]


def _place(number: int, where: Shares) -> Place:
    digits = f"{number:05}"
    name = "".join(SYLLABLES[int(digit)] for digit in digits[-4:]).capitalize()
    return Place(
        id=f"sim:{digits}",
        name=name if number < 10_000 else f"{name} {digits[0]}",
        country="XW",
        latitude=round(30.0 + 5.0 * float(where[number, 0]), 5),
        longitude=round(35.0 + 5.0 * float(where[number, 1]), 5),
    )


def _neighbours(where: Shares) -> Numbers:
    """Return the nearest places of each, some rows at a time, so that memory stays small."""
    near = []
    for start in range(0, len(where), 500):
        apart = ((where[start : start + 500, None, :] - where[None, :, :]) ** 2).sum(axis=2)
        near.append(np.argsort(apart, axis=1, kind="stable")[:, 1 : NEIGHBOURS + 1])
    return np.concatenate(near)


def _first_holders(where: Shares, sides: int, rng: np.random.Generator) -> Numbers:
    patches = where[rng.choice(len(where), sides * max(1, len(where) // (sides * PATCH_PLACES)), replace=False)]
    near = [
        ((where[start : start + 500, None, :] - patches[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
        for start in range(0, len(where), 500)
    ]
    return np.concatenate(near) % sides


def _fight(
    setup: WarSetup, where: Shares, neighbours: Numbers, rng: np.random.Generator
) -> tuple[NDArray[np.int8], list[Fight]]:
    """Play the war day by day; the sides' strength wanders, so that fronts move and turn."""
    size, sides = setup.places, setup.sides
    holder = _first_holders(where, sides, rng)
    bloc = np.minimum(np.arange(sides), sides - 2)
    attacker, begun, left, rest = (np.full(size, value) for value in (-1, 0, 0, 0))
    strength = np.zeros(sides)
    control = np.empty((size, setup.days), dtype=np.int8)
    fights: list[Fight] = []
    everywhere = np.arange(size)
    for day in range(setup.days):
        strength = 0.98 * strength + 0.1 * rng.standard_normal(sides)
        from_place = neighbours[everywhere, rng.integers(neighbours.shape[1], size=size)]
        rival = holder[from_place]
        free = (left == 0) & (left[from_place] == 0) & (rest <= day) & (bloc[rival] != bloc[holder])
        odds = np.exp(strength[rival] - strength[holder]) / MEAN_DAYS_TO_ATTACK
        new = free & (rng.random(size) < odds)
        lasts = np.minimum(rng.geometric(1.0 / MEAN_FIGHT_DAYS, size=size), LONGEST_FIGHT_DAYS)
        lasts[rng.random(size) < SUDDEN_SHARE] = 0
        attacker[new], begun[new], left[new] = rival[new], day, lasts[new]
        ending = np.flatnonzero((attacker >= 0) & (left == 0))
        chance = 1.0 / (1.0 + np.exp(strength[holder] - strength[attacker]))
        won = rng.random(size) < np.where(begun == day, 0.8, chance)
        for place in ending.tolist():
            old, new_side = int(holder[place]), int(attacker[place])
            fights.append(Fight(place, int(begun[place]), day, new_side, old, bool(won[place])))
        holder[ending] = np.where(won[ending], attacker[ending], holder[ending])
        attacker[ending], rest[ending] = -1, day + REST_DAYS
        control[:, day] = np.where(attacker >= 0, sides, holder)
        left = np.maximum(left - 1, 0)
    return control, fights


def fights_by_day(war: War) -> Iterator[tuple[list[Fight], list[Fight]]]:
    """Yield for each day the fights that end on it and those that go on, in a steady order."""
    begins: dict[int, list[Fight]] = {}
    for fight in war.fights:
        begins.setdefault(fight.start, []).append(fight)
    going: list[Fight] = []
    for day in range(war.setup.days):
        going += begins.get(day, [])
        ended = [fight for fight in going if fight.end == day]
        going = [fight for fight in going if fight.end > day]
        yield ended, going
