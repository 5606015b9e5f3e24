"""An episode from the claims that tell it: what they agree on, where they differ, and who says which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from heldby.records import Account, Claim, Episode, Evidence, Figure, Join, When
from heldby.records.ids import record_id
from heldby.relate.tellings import Side, Telling


def make_episode(claims: Sequence[Claim], *, heard: Sequence[Telling], joins: Sequence[Join]) -> Episode:
    """Return the episode of claims given in the order in which they became known; `heard` are those that are no
    copies, which alone are compared."""
    first = claims[0]
    place_id = first.place.place.id if first.place.place else ""
    accounts = {name: _accounts(name, value, heard) for name, value in _fields(heard)}
    agree, differ = _compare(accounts)
    return Episode(
        id=record_id("episode", place_id, first.id),
        place_id=place_id,
        relation=_relation(heard),
        actor_ids=tuple(sorted({id_ for telling in heard for id_ in _actor(telling, _mirrored(heard)).ids})),
        when=_when(heard),
        claim_ids=tuple(claim.id for claim in claims),
        agree=agree,
        differ=differ,
        evidence=_weakest(joins),
        voices=tuple(dict.fromkeys(telling.voice for telling in heard)),
        accounts=tuple(each for found in accounts.values() if len(found) > 1 for each in found),
        figures=_figures(heard),
        joins=tuple(joins),
    )


def _fields(heard: Sequence[Telling]) -> tuple[tuple[str, Callable[[Telling], str]], ...]:
    """Return the fields that are laid side by side, with what a claim says of each, "" where it says nothing."""
    mirrored = _mirrored(heard)
    first, last = _common_days(heard)
    return (
        ("relation", lambda telling: telling.claim.relation),
        ("actor", lambda telling: _name(_actor(telling, mirrored))),
        ("opponent", lambda telling: _name(_actor(telling, not mirrored))),
        ("part", _part),
        ("modality", lambda telling: telling.claim.modality),
        (
            "day",
            (lambda telling: _days(first, last))
            if first <= last
            else lambda telling: _days(telling.first, telling.last),
        ),
    )


def _relation(heard: Sequence[Telling]) -> str:
    """Return what most voices tell it as, of equals what tells most."""
    order = heard[0].rules.relations
    voices: dict[str, set[str]] = {}
    for telling in heard:
        voices.setdefault(telling.claim.relation, set()).add(telling.voice)
    return max(order, key=lambda relation: (len(voices.get(relation, ())), -order.index(relation)))


def _mirrored(heard: Sequence[Telling]) -> bool:
    return _relation(heard) in heard[0].rules.mirrored


def _actor(telling: Telling, mirrored: bool) -> Side:
    return telling.other if mirrored else telling.doer


def _name(side: Side) -> str:
    """Return the name of a side, of joint sides in the order of the alphabet."""
    return " and ".join(sorted(side.name.split(" and "))) if len(side.ids) > 1 else side.name


def _part(telling: Telling) -> str:
    claim = telling.claim
    return claim.extent if claim.extent == "whole" else " ".join(sorted(telling.part)) or "a part"


def _days(first: date, last: date) -> str:
    return str(first) if first == last else f"{first}/{last}"


def _common_days(heard: Sequence[Telling]) -> tuple[date, date]:
    """Return the first and last of the days that all claims leave open; the first is the later one where none is."""
    return max(telling.first for telling in heard), min(telling.last for telling in heard)


def _accounts(name: str, value: Callable[[Telling], str], heard: Iterable[Telling]) -> tuple[Account, ...]:
    found: dict[str, list[Telling]] = {}
    for telling in heard:
        said = value(telling)
        if said:
            found.setdefault(said, []).append(telling)
    accounts = [_account(name, said, tellings) for said, tellings in found.items()]
    return tuple(sorted(accounts, key=lambda account: (-len(account.voices), account.value)))


def _account(name: str, value: str, tellings: Sequence[Telling]) -> Account:
    return Account(
        field=name,
        value=value,
        voices=tuple(dict.fromkeys(telling.voice for telling in tellings)),
        claim_ids=tuple(telling.claim.id for telling in tellings),
    )


def _compare(accounts: dict[str, tuple[Account, ...]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    agree = tuple(f"{name}: {found[0].value}" for name, found in accounts.items() if len(found) == 1)
    several = ((name, found) for name, found in accounts.items() if len(found) > 1)
    differ = tuple(f"{name}: {' | '.join(each.value for each in found)}" for name, found in several)
    return agree, differ


def _figures(heard: Sequence[Telling]) -> tuple[Figure, ...]:
    figures = []
    for what in sorted({what for telling in heard for what in telling.counted}):
        counting = [telling for telling in heard if what in telling.counted]
        accounts = _accounts(what, lambda telling, what=what: _number(*telling.counted[what]), counting)  # type: ignore[misc]
        low = min(telling.counted[what][0] for telling in counting)
        high = max(telling.counted[what][1] for telling in counting)
        figures.append(Figure(what=what, low=low, high=high, accounts=accounts))
    return tuple(figures)


def _number(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _when(heard: Sequence[Telling]) -> When:
    first, last = _common_days(heard)
    if first <= last:
        reason = "The days that all claims leave open."
    else:
        first, last = min(telling.first for telling in heard), max(telling.last for telling in heard)
        reason = "The days that the claims name, which differ."
    return When(earliest=first, latest=last, precision="day" if first == last else "interval", reason=reason)


def _weakest(joins: Iterable[Join]) -> tuple[Evidence, ...]:
    found: dict[str, Evidence] = {}
    for join in joins:
        for each in join.evidence:
            if each.name not in found or each.weight < found[each.name].weight:
                found[each.name] = each
    return tuple(found.values())
