"""Episodes of an archive: what the store, the knowledge of sides and the lineage say, handed to `relate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from heldby.knowledge import read_knowledge
from heldby.reconcile.blocs import Blocs
from heldby.records import Actor, Claim, Episode
from heldby.records.ids import record_id
from heldby.relate import EpisodeRules, Related, Scene, find_episodes
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
    place = next((claim.place.place for claim in claims if claim.place.place), None)
    scene = Scene(
        voices=related.voices,
        repeats={id_: related.statements[id_] for id_ in related.echoes},
        quantities=store.quantities(claim.document_id for claim in claims),
        bloc_of=Blocs(sides, place.country if place else "").of,
        ties=store.ties(),
    )
    return find_episodes(claims, rules=episode_rules(), scene=scene)
