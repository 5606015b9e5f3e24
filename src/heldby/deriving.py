"""What follows for a place from the claims about it: lineage, episodes and spells."""

from __future__ import annotations

from collections.abc import Sequence

from heldby.learning import Records
from heldby.linking import add_echoes, lineage_version
from heldby.reconcile import Case, Weights, find_control
from heldby.records import Claim
from heldby.records.codec import to_json
from heldby.records.ids import content_hash
from heldby.relate import Related, find_episodes
from heldby.store import Derived
from heldby.version import __version__


def derive_place(
    place_id: str, claims: Sequence[Claim], *, related: Related, records: Records, weights: Weights, version: str
) -> Derived:
    """Return what follows for a place from all claims about it."""
    heard = related.heard(claims)
    case = Case(claims=heard, voices=related.voices, statements=related.statements, records=records)
    return Derived(
        place_id=place_id,
        version=version,
        lineage=related.lineage,
        episodes=find_episodes(claims),
        spells=add_echoes(find_control(place_id, case=case, weights=weights), related),
    )


def derive_version(weights: Weights) -> str:
    """Return the version of what is derived: that of heldby, of the weights and of the rules of lineage."""
    return f"{__version__}+{content_hash(to_json(weights))[:16]}+{lineage_version()}"
