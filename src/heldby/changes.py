"""What changed in the record between what was knowable at two moments, and because of what.

For each place of which something is new, its spells as known before are laid beside its spells as known after. What
differs is put down to the new reports first, then to the corrections made in that time, then to new versions of the
rules and weights: each is the difference between two states that differ in that one thing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeAlias

from heldby.judged import TYING, find_judged, in_force, ties_at
from heldby.records import Claim, Document, Judgement, Place, Spell, Ties
from heldby.records.correction import CORRECTED_FIELDS
from heldby.store import ClaimFilter, Revision, Store

ChangeKind = Literal["flipped", "appeared", "vanished", "firmed", "weakened", "moved"]
CauseKind = Literal["report", "correction", "rules"]

# Probabilities at which the words for a certainty change; a change within one step is none.
STEPS = (0.4, 0.6, 0.8, 0.95)
CAUSES_SHOWN = 3
END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why something changed: a claim of a new report, a correction, or other rules or weights.

    `record_id` is what to look at; `source` is who says so ("Orontes Wire < the governor", the author of a
    correction), `words` the sentence or the reason given; `at` is from when it was known.
    """

    kind: CauseKind
    record_id: str
    at: datetime
    source: str
    words: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change in the record of a place, its causes the weightiest first; `at` is from when it could be known.

    flipped: another holder or status at the end of what is known; appeared, vanished: a spell that was not there, or
    is there no more; firmed, weakened: its probability crossed one of STEPS; moved: it begins on another day.
    """

    place: Place
    kind: ChangeKind
    at: datetime
    before: Spell | None
    after: Spell | None
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different between two lists of spells of a place."""

    kind: ChangeKind
    before: Spell | None
    after: Spell | None


# Spells of a place from these claims about it, as knowable by a moment (None: now), with these ties of records. Where
# none are given, those in force are meant.
FindSpells: TypeAlias = Callable[[Place, datetime | None, Sequence[Claim] | None, Ties | None], Sequence[Spell]]


def find_changes(
    store: Store, place: Place, *, since: datetime, until: datetime | None, find_spells: FindSpells
) -> list[Change]:
    """Return what changed at a place between what was knowable before `since` and by `until` (None: now), in order of
    time."""
    last = until or END_OF_TIME
    eve = since - MOMENT
    judged = find_judged(store, place, since=since, until=last)
    if judged:
        then, now = (in_force(store, place, judged, moment=moment, known_by=until) for moment in (eve, last))
        ties, tied = (ties_at(store, judged, moment=moment) for moment in (eve, last))
        before = find_spells(place, eve, [claim for claim in then if claim.known_at <= eve], ties)
        heard, after = find_spells(place, until, then, ties), find_spells(place, until, now, tied)
    else:
        before, heard = find_spells(place, eve, None, None), find_spells(place, until, None, None)
        after = heard
    news = list(store.claims(ClaimFilter(place_id=place.id, known_from=since, known_by=until, rejected=bool(judged))))
    changes = [_by_reports(store, place, found, news, heard) for found in diff_spells(before, heard)] if news else []
    changes += [_by_correction(place, found, judged) for found in diff_spells(heard, after)]
    known = {_outcome(change.kind, change.after or change.before) for change in changes}
    for change in _by_rules(store, place, since=since, until=last):
        if _outcome(change.kind, change.after or change.before) not in known:
            changes.append(change)
    return sorted(changes, key=_order)


def _order(change: Change) -> tuple[object, ...]:
    """Return what changes are ordered by: when, of one moment those of who holds a place first."""
    return change.at, change.kind != "flipped", _outcome(change.kind, change.after or change.before)


# -- what differs ----------------------------------------------------------------------------------------------------


def diff_spells(before: Sequence[Spell], after: Sequence[Spell]) -> list[Difference]:
    """Return what differs between two lists of spells of one place, each in order of time."""
    pairs = _pair(before, after)
    paired = {after_id: earlier for earlier, after_id in ((one, other.id) for one, other in pairs)}
    gone = {spell.id for spell in before} - {spell.id for spell in paired.values()}
    found: list[Difference] = []
    flipped = bool(before and after) and _state(before[-1]) != _state(after[-1])
    for spell in after:
        earlier = paired.get(spell.id)
        if flipped and spell is after[-1]:
            found.append(Difference("flipped", before[-1], spell))
            gone -= {before[-1].id}
        elif earlier is not None:
            found += _compare(earlier, spell)
        elif spell.status != "unknown":
            found.append(Difference("appeared", None, spell))
    lost = [spell for spell in before if spell.id in gone and spell.status != "unknown"]
    return found + [Difference("vanished", spell, None) for spell in lost]


def step_of(probability: float) -> int:
    """Return how many of STEPS a probability has reached."""
    return sum(probability >= step for step in STEPS)


def _state(spell: Spell) -> tuple[str, str]:
    return spell.status, spell.holder


def _pair(before: Sequence[Spell], after: Sequence[Spell]) -> list[tuple[Spell, Spell]]:
    """Return the spells that are the same one: the same state at times that overlap, those that begin nearest to each
    other first."""
    apart = []
    for n, earlier in enumerate(before):
        for m, later in enumerate(after):
            if _state(earlier) == _state(later) and _overlap(earlier, later):
                apart.append((abs((_start(earlier) - _start(later)).days), n, m))
    pairs: list[tuple[Spell, Spell]] = []
    taken_before, taken_after = set[int](), set[int]()
    for _, n, m in sorted(apart):
        if n not in taken_before and m not in taken_after:
            pairs.append((before[n], after[m]))
            taken_before.add(n)
            taken_after.add(m)
    return pairs


def _overlap(one: Spell, other: Spell) -> bool:
    ends = [spell.end_latest or spell.end_earliest or date.max for spell in (one, other)]
    starts = [spell.start_earliest or spell.start_latest or date.min for spell in (one, other)]
    return max(starts) <= min(ends)


def _start(spell: Spell) -> date:
    return spell.start_latest or spell.start_earliest or date.min


def _compare(before: Spell, after: Spell) -> list[Difference]:
    found = []
    if step_of(after.probability) != step_of(before.probability):
        firmer = after.probability > before.probability
        found.append(Difference("firmed" if firmer else "weakened", before, after))
    # A spell without an earliest start only reaches as far back as the reports do.
    if before.start_latest != after.start_latest and (before.start_earliest or after.start_earliest):
        found.append(Difference("moved", before, after))
    return found


def _outcome(kind: str, spell: Spell | None) -> tuple[str, ...]:
    return (kind, spell.status, spell.holder, str(spell.start_latest)) if spell else (kind,)


# -- because of what -------------------------------------------------------------------------------------------------


def _by_reports(
    store: Store, place: Place, found: Difference, news: Sequence[Claim], spells: Sequence[Spell]
) -> Change:
    """Put a difference down to the new claims that weigh most in it, or to the last one where none of them weighs."""
    weights = _weights(found, spells)
    ranked = sorted(news, key=lambda claim: (-weights.get(claim.id, 0.0), claim.known_at, claim.id))
    weighty = [claim for claim in ranked if weights.get(claim.id, 0.0) > 0.0][:CAUSES_SHOWN]
    chosen = weighty or [max(news, key=lambda claim: (claim.known_at, claim.id))]
    documents = store.find_documents(claim.document_id for claim in chosen)
    causes = tuple(
        Cause(
            kind="report",
            record_id=claim.id,
            at=claim.known_at,
            source=_source(claim, documents.get(claim.document_id)),
            words=claim.sentence.text,
            weight=weights.get(claim.id, 0.0),
        )
        for claim in chosen
    )
    return Change(
        place=place, kind=found.kind, at=causes[0].at, before=found.before, after=found.after, causes=causes
    )


def _weights(found: Difference, spells: Sequence[Spell]) -> dict[str, float]:
    """Return what each claim weighs for a difference: for the spell that is there now, or against what is not."""
    if found.after is None:
        weighed = [one for spell in spells for one in spell.claims_for]
    elif found.kind == "weakened":
        weighed = list(found.after.claims_against)
    else:
        weighed = list(found.after.claims_for)
    return {one.claim_id: one.weight for one in weighed}


def _source(claim: Claim, document: Document | None) -> str:
    """Return who says so, outermost first, an outlet that quotes itself once."""
    outlet = (document.outlet if document else "") or "an unnamed outlet"
    names = [outlet, *(link.name or link.name_text or link.mention.text for link in claim.chain)]
    return " < ".join(name for name, before in zip(names, ["", *names], strict=False) if name != before)


def _by_correction(place: Place, found: Difference, judgements: Sequence[Judgement]) -> Change:
    causes = tuple(
        Cause(
            kind="correction",
            record_id=judgement.record_id,
            at=judgement.made_at,
            source=judgement.author,
            words=": ".join(filter(None, (_decision(judgement), judgement.reason))),
        )
        for judgement in judgements[-CAUSES_SHOWN:]
    )
    return Change(
        place=place, kind=found.kind, at=causes[-1].at, before=found.before, after=found.after, causes=causes[::-1]
    )


def _decision(judgement: Judgement) -> str:
    """Return a decision with what it says, as `correct actor to islamic-state` or `merge with ...`."""
    if judgement.decision in TYING:
        return f"{judgement.decision} {'with' if judgement.decision == 'merge' else 'from'} {judgement.value}"
    if judgement.decision != "correct":
        return judgement.decision
    fields = json.loads(judgement.value)
    said = (f"{name} to {fields[name] or 'none'}" for name in CORRECTED_FIELDS if name in fields)
    return f"correct {', '.join(said) or 'nothing, it is as it was read'}"


def _by_rules(store: Store, place: Place, *, since: datetime, until: datetime) -> Iterator[Change]:
    """Yield what each new version of the rules or weights changed in what was derived before it."""
    replaced = store.revisions(since, END_OF_TIME, place_id=place.id)
    following = [*(revision.spells for revision in replaced[1:]), tuple(store.spells(place.id))]
    for revision, after in zip(replaced, following, strict=False):
        if revision.replaced_at <= until:
            for found in diff_spells(revision.spells, after):
                yield _by_revision(place, found, revision)


def _by_revision(place: Place, found: Difference, revision: Revision) -> Change:
    same = revision.version == revision.replaced_by
    how = "Other rules of reading" if same else f"Version {revision.replaced_by} instead of {revision.version}"
    spell = found.after or found.before
    cause = Cause(
        kind="rules",
        record_id=spell.id if spell and found.after else place.id,
        at=revision.replaced_at,
        source="heldby",
        words=f"{how}: the same reports are weighed anew.",
    )
    return Change(place=place, kind=found.kind, at=cause.at, before=found.before, after=found.after, causes=(cause,))
