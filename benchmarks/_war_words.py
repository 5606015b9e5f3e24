"""What the reports of the simulated war tell beside their claims: a few sentences, so that they are as long, and
share as few sequences of words by chance, as short reports do."""

from __future__ import annotations

from _war_voices import Draws


def _phrases(text: str) -> list[str]:
    return " ".join(text.split()).split(", ")


WHO = _phrases("""
    residents, doctors, drivers, teachers, shopkeepers, volunteers, engineers, farmers, families, officials,
    bakers, students, traders, nurses, firefighters, pensioners, reporters, workers, mechanics, clerics, elders,
    soldiers, negotiators, displaced, women, porters, judges, lawyers, fishermen, builders
""")
DID = _phrases("""
    described, remembered, feared, repaired, left behind, counted, photographed, returned to, waited for, asked
    about, cleared, complained of, talked of, rebuilt, gathered at, queued outside, fled from, cooked for,
    guarded, searched, abandoned, found, borrowed, carried, buried, collected, defended, painted, sold, shared
""")
HOW = _phrases("""
    narrow, empty, damaged, crowded, quiet, temporary, muddy, distant, broken, wooden, burnt, flooded, northern,
    makeshift, silent, former, new, expensive, hidden, old, half-finished, unlit, shuttered, neighbouring,
    rural, heavy, cold, borrowed, small, steep
""")
WHAT = _phrases("""
    bridge, clinic, market, pump, school, road, bakery, courtyard, generator, well, warehouse, mosque, church,
    station, orchard, factory, shelter, library, garage, checkpoint, canal, museum, stadium, silo, hotel, depot,
    workshop, greenhouse, tower, quarry
""")
WHERE = _phrases("""
    beside, behind, near, across from, along, beyond, above, outside, between the river and, at the edge of, on
    the way to, not far from, within sight of, in front of, around
""")
WHEN = _phrases("""
    after dark, for weeks, before the rain, since spring, at noon, once more, without warning, for the second
    time, in silence, on foot, by night, against advice, in small groups, until morning, as prices rose, despite
    the cold, hour by hour, with little food, over the weekend, one by one
""")
MEAN_MORE = 2.0


def make_colour(draws: Draws) -> tuple[str, ...]:
    """Return one to several sentences that claim nothing of any place."""
    return tuple(_sentence(draws) for _ in range(1 + draws.geometric(MEAN_MORE)))


def _sentence(draws: Draws) -> str:
    who, did, how, what, where, other, thing, when = (
        words[draws.below(len(words))] for words in (WHO, DID, HOW, WHAT, WHERE, HOW, WHAT, WHEN)
    )
    return f"{who.capitalize()} {did} the {how} {what} {where} a {other} {thing} {when}."
