"""Which claims tell one happening, and what they agree and differ on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from heldby.records import Claim, Episode, Evidence, Party, When
from heldby.records.ids import record_id
from heldby.relate.statements import SAME_TIME, claim_days

FAMILIES = {
    "takes": "change",
    "withdraws": "change",
    "enters": "change",
    "holds": "holding",
    "contests": "fighting",
    "besieges": "fighting",
    "advances": "fighting",
    "attacks": "fighting",
    "repels": "fighting",
    "strikes": "strike",
}
ORDER = tuple(FAMILIES)
# Claims about a longer time than this ("in 2015") are too vague to be the same happening as one of a day.
VAGUE = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class _Telling:
    """A claim with the sides that win and lose by what it tells, "" where it names none."""

    claim: Claim
    winner: str
    loser: str
    first: date
    last: date


def find_episodes(claims: Iterable[Claim]) -> tuple[Episode, ...]:
    """Return the happenings that claims with a resolved place tell, in order of time.

    Claims belong together where they tell of the same place and part, the same kind of happening, sides that do not
    contradict and days at most two apart.
    """
    blocks: dict[tuple[str, str, str], list[_Telling]] = defaultdict(list)
    for claim in claims:
        if claim.place.place is None:
            continue
        part = claim.part.text.casefold() if claim.part else claim.extent
        blocks[claim.place.place.id, part, FAMILIES[claim.relation]].append(_telling(claim))
    groups = [group for block in blocks.values() for group in _group(block)]
    episodes = [_episode(group) for group in groups]
    return tuple(sorted(episodes, key=lambda e: (e.when.earliest or date.min, e.when.latest or date.max, e.id)))


def _telling(claim: Claim) -> _Telling:
    actor, opponent = _side(claim.actor), _side(claim.opponent)
    first, last = claim_days(claim)
    if claim.relation == "withdraws":
        return _Telling(claim, opponent, actor, first, last)
    return _Telling(claim, actor, opponent, first, last)


def _side(party: Party) -> str:
    return "+".join(sorted(party.actor_ids)) or party.name.casefold()


def _group(block: Sequence[_Telling]) -> list[list[_Telling]]:
    """Put each telling, in order of time, into the first group that it fits."""
    groups: list[list[_Telling]] = []
    # Of a group that may still grow: its last day, and its tellings that differ in sides or days.
    open_groups: list[tuple[date, list[_Telling], dict[tuple[str, str, date, date], _Telling]]] = []
    for telling in sorted(block, key=lambda t: (t.first, t.last, t.claim.known_at, t.claim.id)):
        open_groups = [one for one in open_groups if one[0] + SAME_TIME >= telling.first]
        key = (telling.winner, telling.loser, telling.first, telling.last)
        for n, (last, group, different) in enumerate(open_groups):
            if all(_fit(other, telling) for other in different.values()):
                group.append(telling)
                different.setdefault(key, telling)
                open_groups[n] = (max(last, telling.last), group, different)
                break
        else:
            groups.append([telling])
            open_groups.append((telling.last, groups[-1], {key: telling}))
    return groups


def _fit(one: _Telling, other: _Telling) -> bool:
    one_winner = one.winner != "" and one.winner == other.winner
    one_loser = one.loser != "" and one.loser == other.loser
    if not one_winner and not one_loser:
        return False
    if (one.winner and other.winner and not one_winner) or (one.loser and other.loser and not one_loser):
        return False
    if one.last - one.first > VAGUE or other.last - other.first > VAGUE:
        return (one.first, one.last) == (other.first, other.last)
    return one.first <= other.last + SAME_TIME and other.first <= one.last + SAME_TIME


def _episode(group: Sequence[_Telling]) -> Episode:
    claims = [telling.claim for telling in group]
    place = claims[0].place.place
    place_id = place.id if place else ""
    ids = tuple(claim.id for claim in claims)
    agree, differ = _compare(group)
    return Episode(
        id=record_id("episode", place_id, sorted(ids)),
        place_id=place_id,
        relation=min((claim.relation for claim in claims), key=ORDER.index),
        actor_ids=tuple(sorted({id_ for claim in claims for id_ in claim.actor.actor_ids})),
        when=_when(group),
        claim_ids=ids,
        agree=agree,
        differ=differ,
        evidence=_evidence(group),
    )


def _when(group: Sequence[_Telling]) -> When:
    first, last = max(t.first for t in group), min(t.last for t in group)
    if first <= last:
        reason = "The days that all claims leave open."
    else:
        first, last = min(t.first for t in group), max(t.last for t in group)
        reason = "The days that the claims name, which differ."
    return When(earliest=first, latest=last, precision="day" if first == last else "interval", reason=reason)


def _compare(group: Sequence[_Telling]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    fields: dict[str, set[str]] = {
        "relation": {t.claim.relation for t in group},
        "actor": {t.claim.actor.name for t in group} - {""},
        "opponent": {t.claim.opponent.name for t in group} - {""},
        "modality": {t.claim.modality for t in group},
        "day": {str(t.first) if t.first == t.last else f"{t.first}/{t.last}" for t in group},
    }
    agree = tuple(f"{name}: {min(values)}" for name, values in fields.items() if len(values) == 1)
    differ = tuple(f"{name}: {' | '.join(sorted(values))}" for name, values in fields.items() if len(values) > 1)
    return agree, differ


def _evidence(group: Sequence[_Telling]) -> tuple[Evidence, ...]:
    if len(group) == 1:
        return ()
    days = max(t.last for t in group) - min(t.first for t in group)
    return (
        Evidence(
            name="same_place", weight=1.0, reason=f"{len(group)} claims tell of the same place and kind of happening."
        ),
        Evidence(name="same_sides", weight=1.0, reason="No two of them name different sides in the same role."),
        Evidence(name="same_time", weight=1.0, reason=f"All of them lie within {days.days + 1} days."),
    )
