"""The voices of the simulated war, and how each bends what it tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from _war import Fight, War, WarSetup, side_id
from heldby.records import SourceLink, Span
from heldby.records.source import SourceKind

DRAWN_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who tells: `outlet` is where it stands, `link` the speaker in its reports (None: the outlet itself),
    `side` the number of the side that it serves (-1: none)."""

    outlet: str
    link: SourceLink | None
    side: int


@dataclass(frozen=True, slots=True)
class Fact:
    """What is told: sides by number (-1: nobody named), the day meant, and what was done with it on the way."""

    relation: str
    place: int
    day: int
    actor: int
    opponent: int = -1
    modality: str = "asserted"
    standing: bool = False
    old: bool = False
    misread: bool = False


class Draws:
    """Uniform numbers from 0 to 1 of one seed, drawn many at a time: one by one they cost more than the rest."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng((seed, 1))
        self._numbers = self._stream()

    def _stream(self) -> Iterator[float]:
        while True:
            yield from self._rng.random(DRAWN_AT_ONCE).tolist()

    def share(self) -> float:
        """Return a number from 0 to 1."""
        return next(self._numbers)

    def below(self, count: int) -> int:
        """Return a whole number from 0 to count - 1."""
        return int(next(self._numbers) * count)

    def geometric(self, mean: float) -> int:
        """Return a whole number from 0 on with about this mean, small ones the likeliest."""
        return int(-np.log(1.0 - next(self._numbers)) * mean)


def make_voices(war: War) -> tuple[tuple[Voice, ...], tuple[Voice, ...]]:
    """Return the voices without a side, and those of the sides, three for each."""
    neutral = [
        *(_monitor(n) for n in range(2)),
        *(Voice(f"Agency {n}", None, -1) for n in range(3)),
        *(Voice(f"Paper {n}", _link("a resident", "witness"), -1) for n in range(4)),
        *(Voice(f"Paper {n}", None, -1) for n in range(4)),
        Voice("Agency 0", _link("unnamed sources", "unnamed"), -1),
    ]
    partisan = []
    for number, name in enumerate(war.sides):
        kinds: tuple[SourceKind, SourceKind, SourceKind] = (
            ("government", "military", "state_media") if number == 0 else
            ("armed_group", "armed_group", "armed_group_outlet")
        )  # fmt: skip
        speakers = (f"{name} official", f"{name} spokesman", f"{name} radio")
        for kind, speaker in zip(kinds, speakers, strict=True):
            outlet = f"{name} radio" if speaker.endswith("radio") else f"Agency {number % 3}"
            partisan.append(Voice(outlet, _link(speaker, kind, side=side_id(name)), number))
    return tuple(neutral), tuple(partisan)


def _monitor(number: int) -> Voice:
    return Voice(f"Agency {number}", _link(f"Monitor {number}", "rights_monitor"), -1)


def _link(name: str, kind: SourceKind, *, side: str = "") -> SourceLink:
    source_id = "" if kind in {"witness", "unnamed"} else f"sim:{name.replace(' ', '-').lower()}"
    return SourceLink(
        mention=Span(0, len(name), name), name=name, name_text=name, kind=kind, side=side, source_id=source_id
    )


# -- how what happened is bent ---------------------------------------------------------------------------------------


def bend(fact: Fact, voice: Voice, *, war: War, draws: Draws) -> Fact:
    """Return what a voice makes of a fact: lies first, then its interest."""
    setup = war.setup
    if draws.share() < setup.lying * (1.0 if voice.side >= 0 else 0.4):
        side = voice.side if voice.side >= 0 else draws.below(len(war.sides))
        return replace(fact, relation="takes" if draws.share() < 0.5 else "holds", actor=side, opponent=-1, old=False)
    if voice.side < 0 or draws.share() >= setup.bias:
        return fact
    own = war.bloc(voice.side)
    if fact.relation == "takes" and fact.opponent >= 0 and war.bloc(fact.opponent) == own:
        return _hide_a_loss(fact, draws)
    if fact.relation in {"withdraws", "holds"} and fact.actor >= 0:
        ours = war.bloc(fact.actor) == own
        if fact.relation == "withdraws" and ours:
            return replace(fact, modality="denied")
        if fact.relation == "holds" and not ours and draws.share() < 0.25:
            return replace(fact, actor=voice.side, opponent=-1)
    if fact.relation in {"contests", "attacks", "advances", "enters"} and war.bloc(fact.actor) == own:
        # A gain told before it is one.
        return replace(fact, relation="takes") if draws.share() < 0.35 else fact
    return fact


def _hide_a_loss(fact: Fact, draws: Draws) -> Fact:
    way = draws.share()
    if way < 0.4:
        return replace(fact, modality="denied")
    if way < 0.7:
        return replace(fact, relation="repels", actor=fact.opponent, opponent=fact.actor)
    return replace(fact, relation="holds", actor=fact.opponent, opponent=-1)


def tell_late(fact: Fact, *, today: int, draws: Draws) -> Fact:
    """Return a fact told as if it were of today; a standing one is then as old as the voice's knowledge."""
    return replace(fact, day=today, old=False) if fact.day < today and draws.share() < 0.5 else fact


def misread(fact: Fact, *, war: War, draws: Draws) -> Fact:
    """Return a fact as a reader gets it wrong: another place, day, side or relation, or the sides turned round."""
    wrong = replace(fact, misread=True)
    way = draws.share()
    if way < 0.25:
        near = war.neighbours[fact.place]
        return replace(wrong, place=int(near[draws.below(len(near))]))
    if way < 0.45:
        shift = 365 if draws.share() < 0.2 else 1 + draws.below(20)
        return replace(wrong, day=max(0, fact.day - shift))
    if way < 0.65:
        return replace(wrong, actor=draws.below(len(war.sides)))
    if way < 0.8 and fact.opponent >= 0:
        return replace(wrong, actor=fact.opponent, opponent=fact.actor)
    return replace(wrong, relation="takes" if fact.relation != "takes" else "attacks")


# -- what there is to tell -------------------------------------------------------------------------------------------


class News:
    """What a teller of a day can speak of: the fights that end and go on, and the captures before."""

    def __init__(self, war: War, draws: Draws) -> None:
        self._war, self._draws = war, draws
        self._captures: list[Fight] = []
        self._repelled: list[Fight] = []
        self._going: list[Fight] = []
        self._sums = np.cumsum(war.weights).tolist()
        self._today = 0

    def turn(self, day: int, ended: list[Fight], going: list[Fight]) -> None:
        """Go on to a day."""
        self._today = day
        self._captures += [fight for fight in ended if fight.won]
        self._repelled += [fight for fight in ended if not fight.won]
        self._going = going

    def fact(self, relation: str, *, setup: WarSetup) -> Fact:
        """Return something true to tell with a relation, or a standing state where there is no such thing."""
        if relation in {"takes", "withdraws"} and self._captures:
            fight = self._recent(self._captures)
            old = self._today - fight.end > 14
            if relation == "withdraws":
                return Fact(relation, fight.place, fight.end, fight.defender, fight.attacker, old=old)
            return Fact(relation, fight.place, fight.end, fight.attacker, fight.defender, old=old)
        if relation == "repels" and self._repelled:
            fight = self._recent(self._repelled)
            old = self._today - fight.end > 14
            return Fact(relation, fight.place, fight.end, fight.defender, fight.attacker, old=old)
        if relation in {"contests", "attacks", "advances", "enters", "besieges", "strikes"} and self._going:
            fight = self._going[self._draws.below(len(self._going))]
            return Fact(relation, fight.place, self._today, fight.attacker, fight.defender)
        return self._standing("strikes" if relation == "strikes" else "holds")

    def _recent(self, fights: list[Fight]) -> Fight:
        """Return one of the latest, told of for about three weeks and now and then for years."""
        mean = max(2.0, 21.0 * len(fights) / (self._today + 1))
        if self._draws.share() < 0.05:
            mean = len(fights)
        return fights[max(0, len(fights) - 1 - self._draws.geometric(mean))]

    def _standing(self, relation: str) -> Fact:
        place = int(np.searchsorted(self._sums, self._draws.share() * self._sums[-1]))
        place = min(place, len(self._sums) - 1)
        number = int(self._war.control[place, self._today])
        if number == len(self._war.sides):
            return Fact("contests", place, self._today, -1)
        if relation == "strikes":
            return Fact("strikes", place, self._today, self._draws.below(len(self._war.sides)), number)
        return Fact("holds", place, self._today, number, standing=True)
