"""Writes of what is derived for places, each inside a transaction that the store has begun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select, update

from heldby.records import Episode, Lineage, Spell
from heldby.store import rows, tables
from heldby.store.gathered import Gathered, put_gathered
from heldby.store.writing import add, batches

NOTHING_GATHERED = Gathered({}, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What is derived for one place from its claims, with one version of rules and weights.

    It takes the place of what was derived before; with `positions`, those of the episodes that are new, have changed
    or stand elsewhere now, `lineage`, `episodes` and `gathered` are those alone that are new or have changed, and the
    others stay. `found_to` is when the newest claim became known (None where there is none), `gathered` the claims
    themselves, `remembered` what later ones are related to, and `weighed` those that are evidence as they were
    weighed (None: as before).
    """

    place_id: str
    version: str
    lineage: tuple[Lineage, ...]
    episodes: tuple[Episode, ...]
    spells: tuple[Spell, ...]
    positions: Mapping[str, int] | None = None
    found_to: datetime | None = None
    gathered: Gathered = NOTHING_GATHERED
    remembered: bytes = b""
    weighed: bytes | None = None


def replace_derived(connection: Connection, found: Sequence[Derived], *, now: datetime) -> None:
    """Put what was derived for places in the place of what was derived for them before; spells that other rules or
    weights have changed are kept as a revision."""
    before = _derivations(connection, found)
    for derived in found:
        spells = [rows.spell_row(spell, position=n) for n, spell in enumerate(derived.spells)]
        earlier = before.get(derived.place_id)
        if (
            earlier is not None
            and earlier.derived_with
            and (earlier.reread or earlier.derived_with != derived.version)
        ):
            _keep_revision(connection, derived, spells, version=earlier.derived_with, now=now)
        lineage = [rows.lineage_row(lineage, place_id=derived.place_id) for lineage in derived.lineage]
        if derived.positions is None:
            episodes = [rows.episode_row(episode, position=n) for n, episode in enumerate(derived.episodes)]
            _replace_rows(connection, tables.LINEAGE, derived.place_id, lineage)
            _replace_rows(connection, tables.EPISODES, derived.place_id, episodes)
        else:
            add(connection, tables.LINEAGE, values=lineage, replace=True)
            _put_episodes(connection, derived, positions=derived.positions)
        _replace_rows(connection, tables.SPELLS, derived.place_id, spells)
        put_gathered(connection, derived.place_id, derived.gathered, anew=derived.positions is None)
    remembered = [{"place_id": each.place_id, "payload": each.remembered} for each in found]
    add(connection, tables.REMEMBERED, values=remembered, replace=True)
    weighed = [{"place_id": each.place_id, "payload": each.weighed} for each in found if each.weighed is not None]
    add(connection, tables.WEIGHED, values=weighed, replace=True)
    add(connection, tables.DERIVATIONS, values=[_done(each) for each in found], replace=True)


def _done(derived: Derived) -> rows.Row:
    return {
        "place_id": derived.place_id,
        "version": derived.version,
        "derived_with": derived.version,
        "reread": False,
        "found_to": rows.moment_text(derived.found_to) if derived.found_to else "",
    }


def _put_episodes(connection: Connection, derived: Derived, *, positions: Mapping[str, int]) -> None:
    """Store the episodes of a place that are new or have changed, and bring the others to their positions."""
    table = tables.EPISODES
    values = [rows.episode_row(episode, position=positions[episode.id]) for episode in derived.episodes]
    add(connection, table, values=values, replace=True)
    put = {episode.id for episode in derived.episodes}
    moved = [{"one": id_, "at": at} for id_, at in positions.items() if id_ not in put]
    if moved:
        connection.execute(
            update(table).where(table.c.id == bindparam("one")).values(position=bindparam("at")), moved
        )


def _derivations(connection: Connection, found: Sequence[Derived]) -> dict[str, Any]:
    table, before = tables.DERIVATIONS, dict[str, Any]()
    for keys in batches(derived.place_id for derived in found):
        query = select(table).where(table.c.place_id.in_(keys))
        before.update((row.place_id, row) for row in connection.execute(query))
    return before


def _replace_rows(connection: Connection, table: Table, place_id: str, values: Sequence[rows.Row]) -> None:
    """Bring the rows of a place to those given; rows that are there already are not written again."""
    names = [column.name for column in table.columns]
    at = names.index("id")
    found = connection.execute(select(table).where(table.c.place_id == place_id)).all()
    stored = {row[at]: dict(zip(names, row, strict=True)) for row in found}
    wanted = {row["id"]: row for row in values}
    for keys in batches(id_ for id_ in stored if id_ not in wanted):
        connection.execute(delete(table).where(table.c.place_id == place_id, table.c.id.in_(keys)))
    add(connection, table, values=[row for id_, row in wanted.items() if stored.get(id_) != row], replace=True)


def _keep_revision(
    connection: Connection, derived: Derived, spells: Sequence[rows.Row], *, version: str, now: datetime
) -> None:
    """Keep the spells that are about to be replaced, unless the new ones are the same."""
    table = tables.SPELLS
    query = select(table.c.payload).where(table.c.place_id == derived.place_id).order_by(table.c.position)
    old = list(connection.scalars(query))
    if old == [row["payload"] for row in spells]:
        return
    revision = rows.revision_row(derived.place_id, old, version=version, replaced_by=derived.version, now=now)
    add(connection, tables.REVISIONS, values=[revision], replace=True)
