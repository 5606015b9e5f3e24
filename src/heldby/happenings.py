"""Episodes of an archive: what the store, the knowledge of sides and the lineage say, handed to `relate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from heldby.knowledge import read_knowledge
from heldby.linking import Heard
from heldby.reconcile.blocs import Blocs
from heldby.records import Actor, Claim, Episode
from heldby.records.ids import record_id
from heldby.relate import EpisodeRules, Related, Scene, episode_order, find_episodes, find_new_episodes, may_join
from heldby.store import Store, ToldEpisode


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
    return find_episodes(claims, rules=episode_rules(), scene=_scene(store, claims, related, sides=sides))


def more_episodes(
    store: Store, heard: Heard, told: Sequence[ToldEpisode], *, sides: Mapping[str, Actor]
) -> tuple[tuple[Episode, ...], tuple[str, ...]]:
    """Return the happenings at a place that the claims from number `since` on join or begin, where those of the
    others are told already, and the ids of all in their order: as `place_episodes` would find them."""
    old, new = heard.claims[: heard.since], heard.claims[heard.since :]
    repeats = {heard.related.statements[claim.id] for claim in new if claim.id in heard.related.echoes}
    met = may_join(old, new, rules=episode_rules()) | repeats if new else set()
    number = {claim.id: n for n, claim in enumerate(old)}
    opened = sorted((e for e in told if met.intersection(e.claim_ids)), key=lambda e: number[e.claim_ids[0]])
    known = [[old[number[id_]] for id_ in episode.claim_ids] for episode in opened]
    found = store.find_episodes(episode.id for episode in opened)
    scene = _scene(store, [*(claim for claims in known for claim in claims), *new], heard.related, sides=sides)
    changed = find_new_episodes(
        known,
        new,
        joins={episode.claim_ids[0]: episode.joins for episode in found.values()},
        rules=episode_rules(),
        scene=scene,
    )
    whens = {episode.id: episode.when for episode in told} | {episode.id: episode.when for episode in changed}
    return changed, tuple(sorted(whens, key=lambda id_: episode_order(id_, whens[id_])))


def _scene(store: Store, claims: Sequence[Claim], related: Related, *, sides: Mapping[str, Actor]) -> Scene:
    place = next((claim.place.place for claim in claims if claim.place.place), None)
    return Scene(
        voices=related.voices,
        repeats={id_: related.statements[id_] for id_ in related.echoes},
        quantities=store.quantities(claim.document_id for claim in claims),
        bloc_of=Blocs(sides, place.country if place else "").of,
        ties=store.ties(),
    )
