"""Track records of voices: gathers the votes of the places that wait, and learns what is missing of the epochs.

The records of an epoch (a month) rest on votes known before it, so that a new report of the newest month changes
none; one that comes late has the epochs after it learned anew, and the places that they bear on derived again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from heldby.hearing_places import Heard
from heldby.reconcile import Vote, Weights, learn_records, month_of, next_month, vote_of
from heldby.records import Claim, TrackRecord
from heldby.records.codec import from_json, to_json
from heldby.records.ids import content_hash, record_id
from heldby.records.spell import Stance
from heldby.relate import Related, microseconds
from heldby.store import LearningRows, Store

# So many places are looked through in one transaction.
VOTES_BATCH = 64
# How the names of kinds of voices begin.
KINDS = "kind:"
# No month comes after this one.
AFTER_ALL = "9999-99"

Records = Mapping[tuple[str, Stance], float]


@dataclass(frozen=True, slots=True)
class PlaceVotes:
    """The votes told at a place from a month on ("" all), as text by month."""

    since: str
    by_month: Mapping[str, str]


VotesOf: TypeAlias = Callable[[str], PlaceVotes | None]


def learn(store: Store, *, weights: Weights, place_ids: Sequence[str], votes_of: VotesOf) -> None:
    """Take the votes of these places, and learn the epochs for which the records are missing or no longer hold.

    `votes_of` gives what `votes_of_place` finds at a place, None for one that is to keep those that it had.
    Places that rest on records which are learned anew wait to be derived again.
    """
    version = content_hash(to_json(weights))[:32]
    batches = [place_ids[start : start + VOTES_BATCH] for start in range(0, len(place_ids), VOTES_BATCH)] or [[]]
    for batch in batches:
        with store.view():
            found = {place_id: votes_of(place_id) for place_id in batch}
        votes = {place_id: told for place_id, told in found.items() if told is not None}
        with store.learning() as rows:
            put = (rows.put_votes(id_, told.by_month, since=told.since) for id_, told in votes.items())
            changed = [month for month in put if month]
            if changed:
                rows.forget_after(min(changed))
            if batch is batches[-1]:
                _learn_missing(rows, weights=weights, version=version)


class RecordReader:
    """Reads the track records of voices, each once: for as long as nothing is learned."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, dict[str, dict[Stance, float]]] = {}

    def at(self, epoch: str, *, voices: Collection[str]) -> Records:
        """Return the reliability of voices, by stance, as it was in an epoch; voices and kinds that no epoch has
        judged are left out."""
        if not epoch:
            return {}
        if epoch not in self._known:
            self._known[epoch] = {KINDS: {}}
            self._learn(epoch, self._store.kind_records(epoch))
        known = self._known[epoch]
        missing = set(voices) - known.keys()
        if missing:
            known.update((voice, {}) for voice in missing)
            self._learn(epoch, self._store.track_records(epoch, voices=missing))
        kinds = {voice for voice in known if voice.startswith(KINDS)}
        wanted = sorted(kinds.union(voices))
        return {(voice, stance): known[voice][stance] for voice in wanted for stance in known[voice]}

    def _learn(self, epoch: str, found: Sequence[TrackRecord]) -> None:
        for one in found:
            self._known[epoch].setdefault(one.voice, {})[one.stance] = one.reliability


def epoch_of(claims: Sequence[Claim]) -> str:
    """Return the epoch of which an answer from claims takes the track records: that in which the newest of them
    became known, "" where there is none."""
    return month_of(max(claim.known_at for claim in claims)) if claims else ""


def records_for(store: Store, claims: Sequence[Claim], *, voices: Mapping[str, str]) -> Records:
    """Return the reliability of the voices of these claims, by stance, as an answer from them uses it."""
    told = {voices.get(claim.id, claim.id) for claim in claims}
    return RecordReader(store).at(epoch_of(claims), voices=told)


def records_hash(records: Records) -> str:
    """Return a hash of track records."""
    return record_id("records", sorted((*key, reliability) for key, reliability in records.items()))


def votes_of_place(heard: Heard, *, weights: Weights) -> PlaceVotes:
    """Return the votes told at a place, from the first month on to which new claims have added any."""
    if heard.gathered is None or not len(heard.gathered):
        return PlaceVotes("", votes_by_month(heard.new, heard.related, weights=weights))
    if not heard.new:
        return PlaceVotes(AFTER_ALL, {})
    (last,) = heard.some([heard.since - 1])
    since = min(month_of(claim.known_at) for claim in (last, *heard.new))
    # Months may begin some hours earlier or later where a report became known.
    begin = microseconds(datetime.fromisoformat(f"{since}-01T00:00:00+00:00") - timedelta(days=2))
    old = heard.some(range(bisect_left(heard.past.moments, begin), heard.since))
    votes = votes_by_month([*old, *heard.new], heard.related, weights=weights)
    return PlaceVotes(since, {month: told for month, told in votes.items() if month >= since})


def votes_by_month(claims: Sequence[Claim], related: Related, *, weights: Weights) -> dict[str, str]:
    """Return the votes of the claims about a place, as text by month."""
    by_month: dict[str, list[Vote]] = defaultdict(list)
    for claim in related.heard(claims):
        vote = vote_of(claim, voice=related.voices[claim.id], weights=weights)
        if vote is not None:
            by_month[vote.month].append(vote)
    return {month: to_json(sorted(set(votes), key=_order)).decode() for month, votes in sorted(by_month.items())}


def _learn_missing(rows: LearningRows, *, weights: Weights, version: str) -> None:
    first, last = rows.first_and_last_month()
    newest = rows.newest_month()
    learned = rows.learned_epochs(version=version)
    if not first:
        return
    wanted, epoch = [], next_month(first)
    while epoch <= min(newest, next_month(last)):
        wanted.append(epoch)
        epoch = next_month(epoch)
    missing = [epoch for epoch in wanted if epoch not in learned]
    if not missing:
        return
    votes = [vote for _, payload in rows.votes(before=missing[-1]) for vote in from_json(payload, list[Vote])]
    found = dict(learn_records(votes, weights=weights))
    for epoch in missing:
        rows.put_epoch(epoch, found.get(epoch, ()), version=version)
    rows.touch_newest_from(missing[0])


def _order(vote: Vote) -> tuple[object, ...]:
    return vote.item, vote.voice, vote.stance, vote.state, -vote.confidence
