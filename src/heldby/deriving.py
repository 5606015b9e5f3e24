"""What follows for a place from the claims about it: lineage, episodes and spells."""

from __future__ import annotations

from heldby.collecting import no_collection
from heldby.happenings import episode_version, more_episodes, place_episodes
from heldby.learning import RecordReader
from heldby.linking import PlaceReader, add_echoes, lineage_version
from heldby.reconcile import Case, Weights, find_control
from heldby.records.codec import to_json
from heldby.records.ids import content_hash
from heldby.store import Derived, Store, gather
from heldby.version import __version__


@no_collection()
def derive_place(
    store: Store, place_id: str, *, reader: PlaceReader, records: RecordReader, weights: Weights, version: str
) -> Derived:
    """Return what follows for a place from all claims about it."""
    read = reader.read(place_id)
    claims, related = read.claims, read.related
    heard = related.heard(claims)
    learned = records.read(heard, voices=related.voices)
    case = Case(claims=heard, voices=related.voices, statements=related.statements, records=learned)
    lineage, order = related.lineage, None
    if read.told is None:
        episodes = place_episodes(store, claims, related, sides=weights.sides)
    else:
        episodes, order = more_episodes(store, read, read.told, sides=weights.sides)
        new = {claim.id for claim in claims[read.since :]}
        lineage = tuple(found for found in lineage if found.later_id in new)
    return Derived(
        place_id=place_id,
        version=version,
        lineage=lineage,
        episodes=episodes,
        spells=add_echoes(find_control(place_id, case=case, weights=weights), related),
        order=order,
        found_to=max((claim.known_at for claim in claims), default=None),
        gathered=gather(claims, origins=read.origins, since=read.since),
    )


def derive_version(weights: Weights) -> str:
    """Return the version of what is derived: that of heldby, of the weights, and of the rules of lineage and
    episodes."""
    return f"{__version__}+{content_hash(to_json(weights))[:16]}+{lineage_version()}+{episode_version()}"
