"""Which claims repeat an earlier claim: the same sentence in another report, or the same voice saying the same of the
same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from heldby.records import Claim, Lineage, Origin, Ties
from heldby.records.ids import record_id
from heldby.records.lineage import LineageKind
from heldby.relate.sentences import sentence_id

SAME_TIME = timedelta(days=2)
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
    claims: Sequence[Claim], *, since: int, lineage: Iterable[Lineage], hearing: Hearing, voices: Mapping[str, str]
) -> tuple[Lineage, ...]:
    """Return what `find_repeats` finds of the claims from number `since` on, from what it found of those before."""
    told = _Told(hearing, voices)
    joined = {found.later_id: found.earlier_id for found in lineage if found.kind == "same_statement"}
    speak = {voices[claim.id] for claim in claims[since:]}
    for claim in claims[:since]:
        told.recall(claim, first=joined.get(claim.id, ""), listen=voices[claim.id] in speak)
    for claim in claims[since:]:
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


class _Told:
    """What has been told so far, claim by claim."""

    def __init__(self, hearing: Hearing, voices: Mapping[str, str]) -> None:
        self._hearing = hearing
        self._voices = voices
        self._statements: dict[str, Claim] = {}
        self._heard: dict[str, Claim] = {}
        self._firsts: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
        self._last: dict[tuple[str, str], Claim] = {}
        self._by_sentence: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        self._by_document: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        self.found: list[Lineage] = []

    def hear(self, claim: Claim) -> None:
        """Find what a claim repeats of what was told before it."""
        place_id = claim.place.place.id if claim.place.place else ""
        self._heard[claim.id] = claim
        if not (self._is_judged(claim) or self._is_echo(claim, place_id) or self._is_said_again(claim, place_id)):
            self._statements[claim.id] = claim
        self._by_sentence[sentence_id(claim), place_id].append(claim)
        self._by_document[claim.document_id, place_id].append(claim)

    def recall(self, claim: Claim, *, first: str, listen: bool) -> None:
        """Take in a claim of which it is known that it repeats the claim `first` ("" for none); `listen` where more
        will be heard of its voice."""
        place_id = claim.place.place.id if claim.place.place else ""
        self._heard[claim.id] = claim
        self._statements[claim.id] = self._heard[first] if first else claim
        if listen and not first:
            voice = self._voices[claim.id]
            self._firsts[voice, place_id, *_said(claim)].append(claim)
            self._last[voice, place_id] = claim
        self._by_sentence[sentence_id(claim), place_id].append(claim)
        self._by_document[claim.document_id, place_id].append(claim)

    def _repeat(self, kind: LineageKind, earlier: Claim, claim: Claim, reason: str) -> None:
        self.found.append(
            Lineage(
                id=record_id("lineage", kind, earlier.id, claim.id),
                kind=kind,
                earlier_id=earlier.id,
                later_id=claim.id,
                score=1.0,
                reason=reason,
            )
        )

    def _join(self, earlier: Claim, claim: Claim, reason: str) -> None:
        first = self._statements[earlier.id]
        self._statements[claim.id] = first
        self._repeat("same_statement", first, claim, reason)

    def _is_judged(self, claim: Claim) -> bool:
        ties = self._hearing.ties
        for other in sorted(ties.partners(claim.id)):
            if other in self._statements and ties.are_one(claim.id, other):
                self._repeat("judged", self._heard[other], claim, "A person has said that the two claims are one.")
                self._join(self._heard[other], claim, "A person has said that the two claims are one.")
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
            self._repeat("same_sentence", earlier, claim, f"The sentence stood first in {earlier.document_id}.")
            if self._tells_the_same(earlier, claim) or hearing.original(earlier.document_id) == original:
                self._join(earlier, claim, "The sentence is a copy.")
                return True
            return False
        if original == claim.document_id:
            return False
        earlier = self._match(claim, self._retold(claim, self._by_document[original, place_id]))
        if earlier:
            reason = f"The report is a copy of {original}, which says it."
            self._repeat("retold_in_copy", earlier, claim, reason)
            self._join(earlier, claim, reason)
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
        said = (voice, place_id, *_said(claim))
        first = next((earlier for earlier in self._firsts[said] if self._same_time(earlier, claim)), None)
        if first:
            self._join(first, claim, "The same voice says the same of the same time.")
            return True
        self._firsts[said].append(claim)
        before = self._last.get((voice, place_id))
        if before and same_time(before, claim):
            self._repeat("same_speaker", before, claim, "The same voice speaks of the same time.")
        self._last[voice, place_id] = claim
        return False

    def _same_time(self, earlier: Claim, claim: Claim) -> bool:
        return same_time(earlier, claim) and not self._hearing.ties.are_two(earlier.id, claim.id)


def same_time(one: Claim, other: Claim) -> bool:
    """Tell whether two claims speak of one time: days at most two apart, or intervals of much the same bounds."""
    (first, last), (other_first, other_last) = claim_days(one), claim_days(other)
    return abs(first - other_first) <= SAME_TIME and abs(last - other_last) <= SAME_TIME


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
