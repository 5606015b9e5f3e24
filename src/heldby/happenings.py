"""Episodes of an archive: what the store, the knowledge of sides and the lineage say, handed to `relate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from heldby.hearing_places import Heard
from heldby.knowledge import read_knowledge
from heldby.reconcile.blocs import Blocs
from heldby.records import Actor, Claim, Episode, Ties
from heldby.records.ids import record_id
from heldby.relate import (
    NO_EPISODES,
    EpisodeRules,
    PastEpisodes,
    Related,
    Scene,
    find_episodes,
    find_new_episodes,
    may_join,
)
from heldby.store import Store


@lru_cache(maxsize=1)
def episode_rules() -> EpisodeRules:
    """Return the rules of episodes as the knowledge file gives them, read once a process."""
    return EpisodeRules.from_table(read_knowledge("episodes"))


@lru_cache(maxsize=1)
def episode_version() -> str:
    """Return the version of the rules of episodes: what the knowledge file says."""
    return record_id("episodes", read_knowledge("episodes"))


def place_episodes(
    store: Store, claims: Sequence[Claim], related: Related, *, sides: Mapping[str, Actor]
) -> tuple[Episode, ...]:
    """Return the happenings that claims about one place tell.

    Which sides are allies is taken from the knowledge of sides alone, so that later claims change nothing.
    """
    scene = _scene(store, claims, related, sides=sides, ties=store.ties())
    return find_episodes(claims, rules=episode_rules(), scene=scene)


def more_episodes(
    store: Store, heard: Heard, told: PastEpisodes, *, sides: Mapping[str, Actor]
) -> tuple[tuple[Episode, ...], PastEpisodes]:
    """Return the happenings at a place that its new claims join or begin, as `place_episodes` would find them, and
    what is to be remembered of all; `told` is what is remembered of those before."""
    new, past = heard.new, heard.past
    if not new:
        return (), told
    met = may_join(told, new, rules=episode_rules())
    numbers = {id_: n for n, id_ in enumerate(past.ids[: heard.since])}
    met |= {numbers[first] for claim in new if (first := _repeated(claim, heard.related)) in numbers}
    opened: dict[int, list[int]] = {told.firsts[number]: [] for number in met}
    for number, beginning in enumerate(told.firsts):
        if beginning in opened:
            opened[beginning].append(number)
    known = [heard.some(opened[beginning]) for beginning in sorted(opened)]
    ids = {outline.first: outline.id for outline in told.outlines}
    found = store.find_episodes(ids[beginning] for beginning in opened)
    met_claims = [*(claim for claims in known for claim in claims), *new]
    scene = _scene(store, met_claims, heard.related, sides=sides, ties=heard.ties)
    changed = find_new_episodes(
        known,
        new,
        joins={episode.claim_ids[0]: episode.joins for episode in found.values()},
        rules=episode_rules(),
        scene=scene,
    )
    return changed, told.extended(new, ids=past.ids, changed=changed, rules=episode_rules())


def remember_episodes(heard: Heard, episodes: Sequence[Episode]) -> PastEpisodes:
    """Return what is to be remembered of the episodes of a place."""
    return NO_EPISODES.extended(heard.new, ids=heard.past.ids, changed=episodes, rules=episode_rules())


def _repeated(claim: Claim, related: Related) -> str:
    """Return the claim that a claim of a copy repeats, "" where it is none."""
    return related.statements[claim.id] if claim.id in related.echoes else ""


def _scene(
    store: Store, claims: Sequence[Claim], related: Related, *, sides: Mapping[str, Actor], ties: Ties
) -> Scene:
    place = next((claim.place.place for claim in claims if claim.place.place), None)
    return Scene(
        voices=related.voices,
        repeats={id_: related.statements[id_] for id_ in related.echoes},
        quantities=store.quantities(claim.document_id for claim in claims),
        bloc_of=Blocs(sides, place.country if place else "").of,
        ties=ties,
    )
