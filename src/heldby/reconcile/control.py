"""Who held a place: its spells, and its state on each day, from the claims about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from heldby.reconcile.hearing import Case, Hearing, hear, hear_weighed, weigh_claims, weigh_more
from heldby.reconcile.kept import Kept, keep
from heldby.reconcile.messages import CONTESTED, UNKNOWN
from heldby.reconcile.model import Chain, build_chain
from heldby.reconcile.spells import Run, find_runs, make_spells, status_of
from heldby.reconcile.weights import Weights
from heldby.records import DayControl, Spell

__all__ = ["Case", "Kept", "control_days", "find_and_keep", "find_control"]


def find_control(place_id: str, *, case: Case, weights: Weights) -> tuple[Spell, ...]:
    """Return the spells of a place in order of time, from the claims about it.

    The last spell is open; how its certainty falls afterwards is told by `control_days`.
    """
    return _spells(hear(place_id, case, weights))


def find_and_keep(
    place_id: str, *, case: Case, weights: Weights, before: Kept | None = None
) -> tuple[tuple[Spell, ...], Kept | None] | None:
    """Return the spells of a place, and what is to be kept of the claims about it to find them anew when others
    become known (None where all of them would be needed).

    With `before`, what was kept of the claims that became known before those of the case, with the same track records
    and in other reports, the spells are those that follow from both; None where they cannot be told from it.
    """
    if before is None:
        weighed = weigh_claims(place_id, case, weights)
    else:
        more = weigh_more(place_id, case, weights, before=before.told(), merged=before.merged)
        if more is None:
            return None
        weighed = more
    kept = None if weighed.joint else keep(weighed.told, merged=weighed.blocs.merged)
    return _spells(hear_weighed(place_id, weighed, case, weights)), kept


def _spells(hearing: Hearing) -> tuple[Spell, ...]:
    if not hearing.voiced:
        return ()
    return make_spells(hearing, build_chain(hearing.voiced, weights=hearing.weights))


def control_days(place_id: str, *, start: date, end: date, case: Case, weights: Weights) -> tuple[DayControl, ...]:
    """Return who held a place on each day from `start` to `end` (both included), with the probability of each state.

    Without any evidence every day is unknown. The farther a day lies from any evidence, the less certain it is.
    """
    hearing = hear(place_id, case, weights)
    days = [word.day for word in hearing.voiced] or [start]
    margin = max(abs((bound - day).days) for bound in (start, end) for day in (min(days), max(days)))
    chain = build_chain(hearing.voiced, weights=weights, margin=margin)
    probabilities = chain.posterior(start, end)
    likeliest = chain.likeliest(probabilities)
    runs = find_runs(hearing, chain, chain.posterior(chain.days[0], chain.days[-1])) if hearing.voiced else []
    names = {state: hearing.holder(state) for state in chain.states if state not in {CONTESTED, UNKNOWN}}
    return tuple(
        _day_control(hearing, date.fromordinal(start.toordinal() + n), chain, column, row.tolist(), runs, names)
        for n, (column, row) in enumerate(zip(likeliest, probabilities, strict=True))
    )


def _day_control(
    hearing: Hearing,
    day: date,
    chain: Chain,
    column: int,
    row: Sequence[float],
    runs: Sequence[Run],
    names: Mapping[str, tuple[str, str]],
) -> DayControl:
    state = chain.states[column]
    held = state not in {CONTESTED, UNKNOWN}
    covering = [run for run in runs if run.state == state and run.first <= day and (run.is_last or day <= run.last)]
    holder, name = covering[0].holder if covering else names.get(state, ("", ""))
    ranked = [(names[s][0] if s in names else s, p) for s, p in zip(chain.states, row, strict=True)]
    if held:
        ranked = [(holder if s == state else label, p) for s, (label, p) in zip(chain.states, ranked, strict=True)]
    return DayControl(
        place_id=hearing.place_id,
        day=day,
        status=status_of(state),
        holder=holder if held else "",
        holder_name=name if held else "",
        probability=row[column],
        distribution=tuple(sorted(ranked, key=lambda pair: (-pair[1], pair[0]))),
    )
