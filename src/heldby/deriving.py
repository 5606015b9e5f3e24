"""What follows for a place from the claims about it: lineage, episodes and spells."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from heldby.collecting import no_collection
from heldby.happenings import episode_version, more_episodes, place_episodes, remember_episodes
from heldby.hearing_places import COMPRESSION, Heard, Memory, PlaceReader
from heldby.learning import RecordReader, epoch_of, records_hash
from heldby.linking import add_echoes, lineage_version, without_echoes
from heldby.reconcile import Case, Kept, Weights, find_and_keep
from heldby.records import Episode, Spell
from heldby.records.codec import from_json, to_json
from heldby.records.ids import content_hash
from heldby.relate import PastEpisodes
from heldby.store import Derived, Store, gather
from heldby.version import __version__


@no_collection()
def derive_place(
    store: Store, place_id: str, *, reader: PlaceReader, records: RecordReader, weights: Weights, version: str
) -> Derived:
    """Return what follows for a place from all claims about it."""
    heard = reader.read(place_id)
    before, positions = heard.before, None
    if before is None:
        episodes = place_episodes(store, heard.new, heard.related, sides=weights.sides)
        told = remember_episodes(heard, episodes)
    else:
        episodes, told = more_episodes(store, heard, before.episodes, sides=weights.sides)
        positions = _positions(before.episodes, told, changed=episodes)
    found = _spells(store, place_id, heard, records=records, weights=weights)
    memory = Memory(past=heard.past, episodes=told, epoch=found.epoch, records=found.records)
    last = heard.new[-1:] or heard.some(range(len(heard.past))[-1:])
    begun = heard.gathered.begun() if heard.gathered and heard.new else b"[]"
    return Derived(
        place_id=place_id,
        version=version,
        lineage=heard.related.lineage,
        episodes=episodes,
        spells=found.spells,
        positions=positions,
        found_to=last[-1].known_at if last else None,
        gathered=gather(heard.new, origins=heard.origins, since=heard.since, begun=begun),
        remembered=memory.packed(),
        weighed=found.weighed,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The spells of a place, the epoch of the track records that they rest on, a hash of these, and the evidence as
    it was weighed (None: as before)."""

    spells: tuple[Spell, ...]
    epoch: str
    records: str
    weighed: bytes | None = None


def _spells(store: Store, place_id: str, heard: Heard, *, records: RecordReader, weights: Weights) -> _Found:
    """Return the spells of a place.

    Where all that is new are copies, nothing is weighed again: the spells stand, with more claims listed. Where the
    others were weighed with the same track records, only the new ones are weighed.
    """
    related, past, before = heard.related, heard.past, heard.before
    voices = {voice for voice, echo in zip(past.voices, past.echoes, strict=True) if not echo}
    evidence = related.heard(heard.new)
    epoch = epoch_of(evidence) or (before.epoch if before else "")
    learned = records.at(epoch, voices=voices)
    hash_ = records_hash(learned)
    case = Case(claims=evidence, voices=related.voices, statements=related.statements, records=learned)
    stand = before is not None and hash_ == before.records
    if stand and not evidence:
        spells = without_echoes(store.spells(place_id), related)
        return _Found(add_echoes(spells, related), epoch, hash_)
    kept = store.weighed(place_id) if stand else None
    before_them = from_json(zlib.decompress(kept), Kept) if kept else None
    found = find_and_keep(place_id, case=case, weights=weights, before=before_them) if before_them else None
    if found is None:
        whole = replace(case, claims=related.heard(heard.claims()))
        found = find_and_keep(place_id, case=whole, weights=weights)
    spells, keep = found or ((), None)
    weighed = zlib.compress(to_json(keep), COMPRESSION) if keep else b""
    return _Found(add_echoes(spells, related), epoch, hash_, weighed)


def _positions(before: PastEpisodes, told: PastEpisodes, *, changed: Iterable[Episode]) -> dict[str, int]:
    """Return the positions of the episodes that have changed or stand elsewhere than before."""
    old = {outline.id: n for n, outline in enumerate(before.outlines)}
    new = {episode.id for episode in changed}
    return {o.id: n for n, o in enumerate(told.outlines) if o.id in new or old.get(o.id) != n}


def derive_version(weights: Weights) -> str:
    """Return the version of what is derived: that of heldby, of the weights, and of the rules of lineage and
    episodes."""
    return f"{__version__}+{content_hash(to_json(weights))[:16]}+{lineage_version()}+{episode_version()}"
