"""Which sides count as one: the parts of a movement, a state and those who fight for it, a patron and its clients.

A bloc is named by one of its members, its root. A place's claims can keep apart what the knowledge file would join:
sides that a claim there sets against one another stay two blocs.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product

from heldby.reconcile.messages import HeardClaim
from heldby.records import Actor, Party
from heldby.records.actor import Relationship

FOREIGN_KINDS = frozenset({"foreign_state", "coalition"})
LONGEST_CLIMB = 8


@dataclass(frozen=True, slots=True)
class Blocs:
    """The blocs of one place's country: `roots` keeps what was looked up, `merged` joins roots that fight side by
    side there."""

    actors: Mapping[str, Actor]
    country: str
    merged: Mapping[str, str] = field(default_factory=dict)
    roots: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def of(self, actor_id: str, day: date) -> str:
        """Return the root of the bloc to which a side belongs on a day; a side that no file knows is its own."""
        key = (actor_id, day.year, day.month)
        root = self.roots.get(key)
        if root is None:
            root = self.roots[key] = find_root(actor_id, actors=self.actors, country=self.country, day=day)
        return self.merged.get(root, root)

    def is_foreign(self, actor_id: str) -> bool:
        """Tell whether a side comes from outside the country."""
        actor = self.actors.get(actor_id)
        return actor is not None and _is_foreign(actor, self.country)


def find_blocs(
    claims: Iterable[HeardClaim],
    *,
    actors: Mapping[str, Actor],
    country: str,
    voices: Mapping[str, str] | None = None,
    apart: float = 0.0,
) -> Blocs:
    """Return the blocs as the knowledge of sides gives them, and as the claims about one place leave them.

    Roots are joined where both are enemies of the country's own state and not of one another, unless claims of these
    set one against the other: one of them was read rightly with a chance of at least `apart`, of each voice (by claim
    id; without one a claim stands for itself) the most surely read.
    """
    plain = Blocs(actors, country)
    if not actors:
        return plain
    heard = list(claims)
    sides = Counter((claim.actor.actor_ids, claim.opponent.actor_ids) for claim in heard)
    named = sorted({id_ for pair in sides for ids in pair for id_ in ids})
    fighting, day_of = _set_apart(heard, plain, voices=voices or {}, least=apart), _first_days(heard)
    roots: dict[str, set[str]] = {}
    for id_ in named:
        roots.setdefault(plain.of(id_, day_of[id_]), set()).add(id_)
    merged: dict[str, str] = {}
    leads: list[str] = []
    for root in sorted(roots, key=lambda root: (-_count(sides, roots[root]), root)):
        lead = next((lead for lead in leads if _side_by_side(root, lead, plain, roots, fighting, day_of)), "")
        if lead:
            merged[root] = lead
        else:
            leads.append(root)
    return Blocs(actors, country, merged)


def find_root(actor_id: str, *, actors: Mapping[str, Actor], country: str, day: date) -> str:
    """Return the side that stands for a side's bloc in a country on a day.

    A part stands under its whole. A side from abroad stands under the country's state where that is its ally, else
    under its own name where it is the patron of sides there, else with its first ally there. A side of the country
    stands under a foreign state that is its patron and no ally of the country's own state.
    """
    actor = actors.get(actor_id)
    if actor is None:
        return actor_id
    actor = _climb(actor, actors, country, day)
    state = _state_of(country, actors, day)
    if state is not None and actor.id == state.id:
        return actor.id
    if _is_foreign(actor, country):
        return _root_of_foreign(actor, actors, country, day, state)
    return _root_of_local(actor, actors, country, day, state)


def _root_of_foreign(actor: Actor, actors: Mapping[str, Actor], country: str, day: date, state: Actor | None) -> str:
    if state is not None and _linked(actor, state, "allies", day):
        return state.id
    if any(actor.id in _ids(other.patrons, day) for other in actors.values() if country in other.countries):
        return actor.id
    for ally_id in _ids(actor.allies, day):
        ally = actors.get(ally_id)
        if ally is not None and country in ally.countries and not _is_foreign(ally, country):
            return _root_of_local(_climb(ally, actors, country, day), actors, country, day, state)
    return actor.id


def _root_of_local(actor: Actor, actors: Mapping[str, Actor], country: str, day: date, state: Actor | None) -> str:
    if actor.state:
        return actor.id
    if state is not None and actor.kind == "militia" and _linked(actor, state, "allies", day):
        return state.id
    for patron_id in _ids(actor.patrons, day):
        patron = actors.get(patron_id)
        if patron is None or not _is_foreign(patron, country):
            continue
        if patron.kind in {"foreign_state", "government"} and not (state and _linked(patron, state, "allies", day)):
            return patron.id
    return actor.id


def _climb(actor: Actor, actors: Mapping[str, Actor], country: str, day: date) -> Actor:
    """Return the whole of which a side is a part, as long as that fights in the country too."""
    for _ in range(LONGEST_CLIMB):
        wholes = [actors[id_] for id_ in _ids(actor.part_of, day) if id_ in actors]
        here = (whole for whole in wholes if not country or country in whole.countries)
        # A side of the country is no part of a movement of many: it may fight another branch of it.
        whole = next((whole for whole in here if whole.country == actor.country or not actor.country), None)
        if whole is None:
            return actor
        actor = whole
    return actor


def _state_of(country: str, actors: Mapping[str, Actor], day: date) -> Actor | None:
    """Return the government of a country on a day."""
    states = [a for a in actors.values() if country and a.country == country and a.state and a.kind == "government"]
    valid = [a for a in states if _is_valid(a, day)]
    return next(iter(valid or states), None)


def _is_valid(actor: Actor, day: date) -> bool:
    name = actor.names[0]
    return (name.since is None or name.since <= day) and (name.until is None or day <= name.until)


def _is_foreign(actor: Actor, country: str) -> bool:
    if not country or actor.country == country:
        return False
    return bool(actor.country) or actor.kind in FOREIGN_KINDS


def _linked(one: Actor, other: Actor, link: str, day: date) -> bool:
    return other.id in _ids(getattr(one, link), day) or one.id in _ids(getattr(other, link), day)


def _ids(links: Iterable[Relationship], day: date) -> list[str]:
    valid = (n for n in links if (n.since is None or n.since <= day) and (n.until is None or day <= n.until))
    return [link.actor_id for link in valid]


# -- what the claims about a place say of who fights whom -----------------------------------------------------------


def _set_apart(
    claims: Iterable[HeardClaim], blocs: Blocs, *, voices: Mapping[str, str], least: float
) -> frozenset[tuple[str, str]]:
    """Return the pairs of roots that claims name as opponents of one another, by a word of their own, surely enough:
    one sentence misread would otherwise part two allies at a place for all its years."""
    told: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    # A side has one root all through a month.
    pairs: dict[tuple[object, ...], list[tuple[str, str]]] = {}
    for claim in claims:
        if claim.opponent.mention is None:
            continue
        day = claim.known_at.date()
        key = (claim.actor.actor_ids, claim.opponent.actor_ids, day.year, day.month)
        if key not in pairs:
            both = product(_roots(claim.actor, blocs, day), _roots(claim.opponent, blocs, day))
            pairs[key] = [pair for one, other in both for pair in ((one, other), (other, one))]
        voice = voices.get(claim.id, claim.id)
        for pair in pairs[key]:
            told[pair][voice] = max(claim.confidence, told[pair].get(voice, 0.0))
    return frozenset(pair for pair, read in told.items() if _chance_of_any(read.values()) >= least)


def _chance_of_any(chances: Iterable[float]) -> float:
    return 1.0 - math.prod(sorted(1.0 - min(1.0, max(0.0, chance)) for chance in chances))


def _roots(party: Party, blocs: Blocs, day: date) -> set[str]:
    return {blocs.of(id_, day) for id_ in party.actor_ids}


def _first_days(claims: Iterable[HeardClaim]) -> dict[str, date]:
    days: dict[str, date] = {}
    for claim in claims:
        day = claim.known_at.date()
        for id_ in (*claim.actor.actor_ids, *claim.opponent.actor_ids):
            if id_ not in days or day < days[id_]:
                days[id_] = day
    return days


def _count(sides: Mapping[tuple[tuple[str, ...], tuple[str, ...]], int], ids: Iterable[str]) -> int:
    """Return how many claims name one of these ids, of claims counted by the ids of their two sides."""
    wanted = set(ids)
    return sum(count for (actors, opponents), count in sides.items() if wanted & {*actors, *opponents})


def _side_by_side(
    one: str,
    other: str,
    blocs: Blocs,
    roots: Mapping[str, set[str]],
    apart: frozenset[tuple[str, str]],
    day_of: Mapping[str, date],
) -> bool:
    actors = blocs.actors
    if one not in actors or other not in actors or (one, other) in apart:
        return False
    day = max([day_of[id_] for id_ in (*roots.get(one, ()), *roots.get(other, ())) if id_ in day_of], default=None)
    state = _state_of(blocs.country, actors, day) if day else None
    if state is None or day is None or state.id in {one, other}:
        return False
    both = all(_linked(actors[id_], state, "enemies", day) for id_ in (one, other))
    return both and not _linked(actors[one], actors[other], "enemies", day)
