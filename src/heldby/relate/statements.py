"""Which claims repeat an earlier claim: the same sentence in another report, or the same voice saying the same of the
same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from heldby.records import Claim, Lineage, Origin, Ties
from heldby.records.ids import record_id
from heldby.records.lineage import LineageKind
from heldby.relate.sentences import sentence_id

if TYPE_CHECKING:
    from heldby.relate.past import Past

# Days.
SAME_TIME = 2
OF_COPIES = frozenset({"same_sentence", "retold_in_copy"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What is known of where claims come from: the origins of documents, for each sentence that is a copy the one
    that it repeats, and what persons have said."""

    origins: Mapping[str, Origin]
    repeated: Mapping[str, str]
    ties: Ties

    def told_in(self, claim: Claim) -> str:
        """Return the document in which a claim's sentence first stood."""
        sentence = sentence_id(claim)
        return self.repeated.get(sentence, sentence).rpartition(":")[0]

    def home(self, claim: Claim) -> str:
        """Return the original of the document in which a claim's sentence first stood."""
        return self.original(self.told_in(claim))

    def original(self, document_id: str) -> str:
        """Return the original of a document, itself where it is no copy."""
        origin = self.origins.get(document_id)
        return origin.original_id if origin else document_id


def find_repeats(claims: Sequence[Claim], *, hearing: Hearing, voices: Mapping[str, str]) -> tuple[Lineage, ...]:
    """Return which claims repeat which; the claims are given in the order in which they became known.

    Each repetition of a statement is linked to the first claim of it.
    """
    told = _Told(hearing, voices)
    for claim in claims:
        told.hear(claim)
    return tuple(told.found)


def find_new_repeats(
    claims: Sequence[Claim], *, past: Past, near: Mapping[int, Claim], hearing: Hearing, voices: Mapping[str, str]
) -> tuple[Lineage, ...]:
    """Return what `find_repeats` finds of claims about one place that became known after those of the past; `near`
    are those of it, by number and in order, of which the sentences or documents may be repeated."""
    told = _Told(hearing, voices)
    place = next((claim.place.place for claim in claims), None)
    told.recall(past, near=near, speak={voices[c.id] for c in claims}, place_id=place.id if place else "")
    for claim in claims:
        told.hear(claim)
    return tuple(told.found)


def claim_days(claim: Claim) -> tuple[date, date]:
    """Return the first and last day that a claim speaks of, the day it became known where it gives none."""
    known = claim.known_at.date()
    when = claim.when
    if when is None or (when.earliest is None and when.latest is None):
        return known, known
    first = when.earliest or when.latest or known
    last = when.latest or max(known, first)
    return first, max(first, last)


def party_key(claim: Claim) -> tuple[str, ...]:
    """Return whom a claim names as actor: ids, else the name, else nothing."""
    return claim.actor.actor_ids or ((claim.actor.name.casefold(),) if claim.actor.name else ())


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A claim of a voice: its id, and the first and last day that it speaks of (ordinals)."""

    id: str
    days: tuple[int, int]


class _Told:
    """What has been told so far, claim by claim."""

    def __init__(self, hearing: Hearing, voices: Mapping[str, str]) -> None:
        self._hearing = hearing
        self._voices = dict(voices)
        self._statements: dict[str, str] = {}
        self._firsts: dict[tuple[str, str, str], list[_Spoken]] = defaultdict(list)
        self._last: dict[tuple[str, str], _Spoken] = {}
        self._by_sentence: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        self._by_document: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        self.found: list[Lineage] = []

    def hear(self, claim: Claim) -> None:
        """Find what a claim repeats of what was told before it."""
        place_id = claim.place.place.id if claim.place.place else ""
        if not (self._is_judged(claim) or self._is_echo(claim, place_id) or self._is_said_again(claim, place_id)):
            self._statements[claim.id] = claim.id
        self._keep(claim, place_id)

    def _keep(self, claim: Claim, place_id: str) -> None:
        self._by_sentence[sentence_id(claim), place_id].append(claim)
        self._by_document[claim.document_id, place_id].append(claim)

    def recall(self, past: Past, *, near: Mapping[int, Claim], speak: Collection[str], place_id: str) -> None:
        """Take in what was told before of a place; of these voices more will be heard."""
        for number, claim in near.items():
            self._keep(claim, place_id)
            self._voices[claim.id] = past.voices[number]
            self._statements[claim.id] = past.ids[past.firsts[number]]
        for number, voice in enumerate(past.voices):
            if voice in speak and past.firsts[number] == number:
                spoken = _Spoken(past.ids[number], past.days[number])
                self._statements[spoken.id] = spoken.id
                self._firsts[voice, place_id, past.said[number]].append(spoken)
                self._last[voice, place_id] = spoken

    def _repeat(self, kind: LineageKind, earlier_id: str, claim: Claim, reason: str) -> None:
        self.found.append(
            Lineage(
                id=record_id("lineage", kind, earlier_id, claim.id),
                kind=kind,
                earlier_id=earlier_id,
                later_id=claim.id,
                score=1.0,
                reason=reason,
            )
        )

    def _join(self, earlier_id: str, claim: Claim, reason: str) -> None:
        first = self._statements[earlier_id]
        self._statements[claim.id] = first
        self._repeat("same_statement", first, claim, reason)

    def _is_judged(self, claim: Claim) -> bool:
        ties = self._hearing.ties
        for other in sorted(ties.partners(claim.id)):
            if other in self._statements and ties.are_one(claim.id, other):
                self._repeat("judged", other, claim, "A person has said that the two claims are one.")
                self._join(other, claim, "A person has said that the two claims are one.")
                return True
        return False

    def _is_echo(self, claim: Claim, place_id: str) -> bool:
        """Join a claim of a copy to the claim of its original, and tell whether there is one.

        What a copy says with other words ("recaptured") or was read otherwise is still the original's; a sentence
        of a report that is no copy is only where the same voice says the same.
        """
        hearing = self._hearing
        original = hearing.original(claim.document_id)
        first = hearing.repeated.get(sentence_id(claim))
        earlier = self._match(claim, self._by_sentence[first, place_id] if first else ())
        if earlier:
            self._repeat("same_sentence", earlier.id, claim, f"The sentence stood first in {earlier.document_id}.")
            if self._tells_the_same(earlier, claim) or hearing.original(earlier.document_id) == original:
                self._join(earlier.id, claim, "The sentence is a copy.")
                return True
            return False
        if original == claim.document_id:
            return False
        earlier = self._match(claim, self._retold(claim, self._by_document[original, place_id]))
        if earlier:
            reason = f"The report is a copy of {original}, which says it."
            self._repeat("retold_in_copy", earlier.id, claim, reason)
            self._join(earlier.id, claim, reason)
        return earlier is not None

    def _tells_the_same(self, earlier: Claim, claim: Claim) -> bool:
        return self._voices[earlier.id] == self._voices[claim.id] and _said(earlier) == _said(claim)

    def _retold(self, claim: Claim, earlier: Sequence[Claim]) -> list[Claim]:
        """Return what a copy may tell again of its original's claims: on its own word any of them, else what the
        same voice says."""
        return [other for other in earlier if not claim.chain or self._tells_the_same(other, claim)]

    def _match(self, claim: Claim, earlier: Sequence[Claim]) -> Claim | None:
        """Return the claim that says most nearly the same; of equals the first."""
        ties = self._hearing.ties
        fitting = [other for other in earlier if not ties.are_two(claim.id, other.id)]
        return min(fitting, key=lambda other: _differences(other, claim), default=None)

    def _is_said_again(self, claim: Claim, place_id: str) -> bool:
        voice = self._voices[claim.id]
        first_day, last_day = claim_days(claim)
        spoken = _Spoken(claim.id, (first_day.toordinal(), last_day.toordinal()))
        said = (voice, place_id, says(claim))
        first = next((earlier for earlier in self._firsts[said] if self._is_one(earlier, spoken)), None)
        if first:
            self._join(first.id, claim, "The same voice says the same of the same time.")
            return True
        self._firsts[said].append(spoken)
        before = self._last.get((voice, place_id))
        if before and _same_days(before.days, spoken.days):
            self._repeat("same_speaker", before.id, claim, "The same voice speaks of the same time.")
        self._last[voice, place_id] = spoken
        return False

    def _is_one(self, earlier: _Spoken, spoken: _Spoken) -> bool:
        return _same_days(earlier.days, spoken.days) and not self._hearing.ties.are_two(earlier.id, spoken.id)


def _same_days(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Tell whether two claims speak of one time: days at most two apart, or intervals of much the same bounds."""
    return abs(one[0] - other[0]) <= SAME_TIME and abs(one[1] - other[1]) <= SAME_TIME


def says(claim: Claim) -> str:
    """Return what a claim says, as text that no other saying has."""
    return repr(_said(claim))


def _said(claim: Claim) -> tuple[object, ...]:
    part = claim.part.text.casefold() if claim.part else ""
    return claim.relation, party_key(claim), claim.modality, claim.extent, part


def _differences(one: Claim, other: Claim) -> tuple[bool, ...]:
    return (
        one.relation != other.relation,
        party_key(one) != party_key(other),
        one.modality != other.modality,
        _said(one) != _said(other),
        claim_days(one) != claim_days(other),
    )
