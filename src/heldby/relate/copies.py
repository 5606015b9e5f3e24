"""Which texts repeat which: every text is an original, or a copy of one original that was known before it.

Texts are settled in the order in which they became known, each against the originals before it only; so what is found
among the texts known by a day does not depend on later ones. A text that comes late with an early time is settled at
its time, and those after it that may have it as their original are settled again: the result is that of settling all
of them anew. What is asked of the texts already known goes through a Shelf, in memory or in the archive.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from heldby.records import Lineage, Origin, Ties
from heldby.records.ids import record_id
from heldby.relate.rules import Likeness
from heldby.relate.shingles import Signed
from heldby.relate.sketches import Met

# When a text became known, and its id: the order of all texts.
Moment: TypeAlias = tuple[datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A text to be settled: when it became known, its words, its outlet, and its own voice with the reason for it."""

    known_at: datetime
    signed: Signed
    outlet: str = ""
    voice: str = ""
    reason: str = ""


class Shelf(Protocol):
    """The texts known so far and how they stand."""

    def open(self, text_id: str) -> Shelved | None:
        """Return a text that is to be settled, None where it takes part no more."""

    def texts(self, text_ids: Iterable[str]) -> Mapping[str, Shelved]:
        """Return those of some texts that take part, to be compared with others (they may lack bands and voice)."""

    def standing(self, text_id: str) -> Origin | None:
        """Return how a text stands, None where it has not been settled."""

    def originals_near(self, text_id: str, *, before: Moment, limit: int) -> list[str]:
        """Return the originals known before a moment that a text meets, those with the most keys in common first (of
        equals the earliest), at most `limit`."""

    def later_near(self, text_id: str, *, after: Moment) -> list[Moment]:
        """Return the texts known after a moment that a text meets."""

    def copies_of(self, text_id: str) -> list[Moment]:
        """Return the texts whose original is this one."""

    def put(self, standing: Origin, signed: Signed) -> None:
        """Note how a text stands."""

    def remove(self, text_id: str) -> None:
        """Take a text away."""


def settle(
    moments: Iterable[Moment], *, shelf: Shelf, likeness: Likeness, ties: Ties, gone: Iterable[str] = ()
) -> list[str]:
    """Settle the texts of these moments and all that follows from them; `gone` are texts that take part no more.

    Returns the ids of the texts that stand otherwise than before.
    """
    queue = sorted(set(moments))
    changed: list[str] = []
    for text_id in gone:
        for moment in [*shelf.copies_of(text_id), *_tied(text_id, shelf=shelf, ties=ties)]:
            heapq.heappush(queue, moment)
        shelf.remove(text_id)
    last: Moment | None = None
    while queue:
        moment = heapq.heappop(queue)
        if moment == last:
            continue
        last = moment
        text = shelf.open(moment[1])
        if text is None:
            continue
        before = shelf.standing(moment[1])
        after = _stand(moment[1], text, shelf=shelf, likeness=likeness, ties=ties)
        if after == before:
            continue
        shelf.put(after, text.signed)
        changed.append(moment[1])
        for follower in _followers(before, after, shelf=shelf, ties=ties):
            heapq.heappush(queue, follower)
    return changed


def _followers(before: Origin | None, after: Origin, *, shelf: Shelf, ties: Ties) -> Iterable[Moment]:
    """Yield the later texts that may stand otherwise now."""
    was, is_ = before is not None and before.original_id == before.text_id, after.original_id == after.text_id
    if is_ and not was:
        yield from shelf.later_near(after.text_id, after=after.moment)
    if was:
        yield from (moment for moment in shelf.copies_of(after.text_id) if moment > after.moment)
    yield from (moment for moment in _tied(after.text_id, shelf=shelf, ties=ties) if moment > after.moment)


def _tied(text_id: str, *, shelf: Shelf, ties: Ties) -> list[Moment]:
    found = (shelf.standing(partner) for partner in ties.partners(text_id))
    return [standing.moment for standing in found if standing is not None]


def _stand(text_id: str, text: Shelved, *, shelf: Shelf, likeness: Likeness, ties: Ties) -> Origin:
    """Return how a text stands among the originals known before it."""
    standing = Origin(
        text_id=text_id, known_at=text.known_at, original_id=text_id, voice=text.voice, reason=text.reason
    )
    tied = [shelf.standing(partner) for partner in sorted(ties.partners(text_id))]
    earlier = [other for other in tied if other is not None and other.moment < standing.moment]
    merged = [other for other in earlier if ties.are_one(text_id, other.text_id)]
    if merged:
        first = min(merged, key=lambda other: other.moment)
        judged = _link("judged", first.original_id, text_id, 1.0, "A person has said that the two are one.")
        return _copy(standing, judged, shelf=shelf)
    apart = {id_ for other in earlier for id_ in (other.text_id, other.original_id)}
    link = _nearest(text_id, text, shelf=shelf, likeness=likeness, apart=apart)
    return _copy(standing, link, shelf=shelf) if link else standing


def _copy(standing: Origin, link: Lineage, *, shelf: Shelf) -> Origin:
    """Return the standing of a copy: what it tells by itself is the voice of its original."""
    original = shelf.standing(link.earlier_id)
    voice, reason = (original.voice, original.reason) if original else ("", "")
    return replace(standing, original_id=link.earlier_id, link=link, voice=voice, reason=reason)


def _nearest(
    text_id: str, text: Shelved, *, shelf: Shelf, likeness: Likeness, apart: Collection[str]
) -> Lineage | None:
    """Return the link to the original that shares most."""
    near = shelf.originals_near(text_id, before=(text.known_at, text_id), limit=likeness.candidates)
    others = shelf.texts(near)
    known = {other_id: others[other_id] for other_id in near if other_id in others and other_id not in apart}
    return link_nearest(text_id, text, originals=known, likeness=likeness)


def link_nearest(
    text_id: str, text: Shelved, *, originals: Mapping[str, Shelved], likeness: Likeness
) -> Lineage | None:
    """Return the link to the one of some earlier originals that shares most, of equals to the one known first; None
    where the text is a copy of none."""
    best: tuple[tuple[bool, float], Moment, str] | None = None
    for other_id, other in originals.items():
        identical = other.signed.words_key == text.signed.words_key
        share = 1.0 if identical else _copied_share(other, text, likeness=likeness)
        rank = (identical, share)
        known = (other.known_at, other_id)
        if share > 0.0 and (best is None or rank > best[0] or (rank == best[0] and known < best[1])):
            best = (rank, known, other_id)
    if best is None:
        return None
    (identical, share), _, other_id = best
    if identical:
        return _link("identical", other_id, text_id, 1.0, "The two texts have the same words.")
    words = likeness.shingle_words
    reason = f"{share:.0%} of the shorter text's sequences of {words} words stand in the other."
    return _link("near_copy", other_id, text_id, round(share, 3), reason)


def _copied_share(earlier: Shelved, later: Shelved, *, likeness: Likeness) -> float:
    """Return what two texts share, 0 where it does not make the later one a copy.

    What an outlet prints under every report (how the war began) makes its own reports, and reports of other weeks,
    alike: those are copies only where they share nearly all.
    """
    share = common_share(earlier.signed, later.signed, likeness=likeness)
    one_outlet = earlier.outlet != "" and earlier.outlet == later.outlet
    doubtful = one_outlet or later.known_at - earlier.known_at > timedelta(days=likeness.days)
    return 0.0 if doubtful and share < likeness.sure_share else share


def common_share(earlier: Signed, later: Signed, *, likeness: Likeness) -> float:
    """Return the share of the shorter text's word sequences that stand in the other (containment, Broder 1997), 0
    where it is no copy by these settings."""
    fewest = min(len(earlier.shingles), len(later.shingles))
    if fewest < likeness.fewest_shingles:
        return 0.0
    common = len(earlier.shingles & later.shingles)
    enough = common >= likeness.share * fewest and common >= likeness.own_share * len(later.shingles)
    return common / fewest if enough else 0.0


def _link(kind: str, earlier_id: str, later_id: str, score: float, reason: str) -> Lineage:
    return Lineage(
        id=record_id("lineage", kind, earlier_id, later_id),
        kind="identical" if kind == "identical" else "judged" if kind == "judged" else "near_copy",
        earlier_id=earlier_id,
        later_id=later_id,
        score=score,
        reason=reason,
    )


class MemoryShelf:
    """A shelf of texts that are all at hand; `met` are those that each meets, with how many keys they share."""

    def __init__(self, texts: Mapping[str, Shelved], *, met: Mapping[str, Sequence[Met]] | None = None) -> None:
        self._texts = texts
        self._met = dict(met or {})
        self._standings: dict[str, Origin] = {}
        self._copies: dict[str, dict[str, None]] = defaultdict(dict)

    def open(self, text_id: str) -> Shelved | None:
        """Return a text."""
        return self._texts.get(text_id)

    def texts(self, text_ids: Iterable[str]) -> Mapping[str, Shelved]:
        """Return texts by id."""
        return self._texts

    def standing(self, text_id: str) -> Origin | None:
        """Return how a text stands."""
        return self._standings.get(text_id)

    def meeting(self, text_id: str) -> Sequence[Met]:
        """Return the texts that one meets, each with how many keys they have in common."""
        return self._met[text_id]

    def originals_near(self, text_id: str, *, before: Moment, limit: int) -> list[str]:
        """Return the earlier originals with the most keys in common."""
        found = []
        for other_id, common in self.meeting(text_id):
            standing = self.standing(other_id)
            if standing is not None and standing.original_id == other_id and standing.moment < before:
                found.append((-common, standing.moment))
        return [moment[1] for _, moment in sorted(found)[:limit]]

    def later_near(self, text_id: str, *, after: Moment) -> list[Moment]:
        """Return the later texts with keys in common."""
        found = (self.standing(other_id) for other_id, _ in self.meeting(text_id))
        return sorted(standing.moment for standing in found if standing is not None and standing.moment > after)

    def copies_of(self, text_id: str) -> list[Moment]:
        """Return the copies of a text."""
        return sorted(self._standings[id_].moment for id_ in self._copies.get(text_id, ()))

    def put(self, standing: Origin, signed: Signed) -> None:
        """Note how a text stands."""
        text_id = standing.text_id
        self.forget(text_id)
        self._standings[text_id] = standing
        if standing.original_id != text_id:
            self._copies[standing.original_id][text_id] = None

    def forget(self, text_id: str) -> None:
        """Take away how a text stands."""
        standing = self._standings.pop(text_id, None)
        if standing is not None:
            self._copies.get(standing.original_id, {}).pop(text_id, None)

    def remove(self, text_id: str) -> None:
        """Take a text away."""
        self.forget(text_id)
