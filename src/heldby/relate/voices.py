"""Which claims are one voice, so that many copies of a statement count once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from heldby.records import Claim, Document, Lineage
from heldby.records.ids import record_id
from heldby.relate.copies import relate_documents

SAME_TIME = timedelta(days=2)
# Kinds of voices that are not one voice from report to report, even under the same words.
NAMELESS_KINDS = frozenset({"", "unnamed", "witness", "other"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """The lineage of the documents and claims given; for each claim its voice, and the first claim of the
    statement that it repeats (itself where it repeats none)."""

    lineage: tuple[Lineage, ...]
    voices: dict[str, str]
    statements: dict[str, str]


def relate(claims: Iterable[Claim], *, documents: Iterable[Document]) -> Related:
    """Find who repeats whom among claims (of any places) and the documents that they stand in.

    What is found among the claims known by a day does not depend on later ones.
    """
    copies = relate_documents(documents)
    ordered = sorted(claims, key=lambda claim: (claim.known_at, claim.id))
    heard = voices(ordered, lineage=copies)
    statements, repeats = _find_statements(ordered, heard=heard, roots=_document_roots(copies))
    return Related(lineage=(*copies, *repeats), voices=heard, statements=statements)


def related_by(claims: Iterable[Claim], *, lineage: Iterable[Lineage]) -> Related:
    """Return what `relate` found, from the lineage that it found among these claims or more of them.

    Lineage to a document or claim that is not among them is left out: as nothing is linked to what was known later,
    this gives for the claims known by a day what `relate` would give for them alone.
    """
    heard = list(claims)
    ids = {id_ for claim in heard for id_ in (claim.id, claim.document_id)}
    among = tuple(found for found in lineage if found.earlier_id in ids and found.later_id in ids)
    repeats = {found.later_id: found.earlier_id for found in among if found.kind == "same_statement"}
    statements = {claim.id: repeats.get(claim.id, claim.id) for claim in heard}
    return Related(lineage=among, voices=voices(heard, lineage=among), statements=statements)


def voices(claims: Iterable[Claim], *, lineage: Sequence[Lineage]) -> dict[str, str]:
    """Return for each claim the key of the voice that it comes from.

    A named innermost speaker is one voice in every report. A nameless one ("residents"), and the outlet that tells
    a thing itself, is one voice within a report and all copies of it.
    """
    roots = _document_roots(lineage)
    return {claim.id: _voice(claim, roots=roots) for claim in claims}


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


def _voice(claim: Claim, *, roots: Mapping[str, str]) -> str:
    document = roots.get(claim.document_id, claim.document_id)
    if not claim.chain:
        return f"report:{document}"
    speaker = claim.chain[-1]
    name = " ".join((speaker.name or speaker.name_text or speaker.mention.text).casefold().split())
    if speaker.source_id and speaker.kind not in NAMELESS_KINDS:
        return speaker.source_id
    if speaker.kind not in NAMELESS_KINDS:
        return f"name:{name}"
    return f"nameless:{document}:{speaker.source_id or name}"


def _document_roots(lineage: Sequence[Lineage]) -> dict[str, str]:
    """Return for each copy the document at the beginning of its line of copies."""
    earlier = {found.later_id: found.earlier_id for found in lineage if found.kind in {"identical", "near_copy"}}
    roots: dict[str, str] = {}
    for document_id in earlier:
        root = document_id
        while root in earlier:
            root = earlier[root]
        roots[document_id] = root
    return roots


def _find_statements(
    claims: Sequence[Claim], *, heard: Mapping[str, str], roots: Mapping[str, str]
) -> tuple[dict[str, str], tuple[Lineage, ...]]:
    """Group claims, oldest first, to statements by their first claim; a claim joins the first statement of its
    voice that says the same of the same time."""
    statements: dict[str, str] = {}
    firsts: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    last_said: dict[tuple[str, str], Claim] = {}
    found: list[Lineage] = []
    for claim in claims:
        place_id = claim.place.place.id if claim.place.place else ""
        key = (heard[claim.id], place_id, *_said(claim))
        first = next((earlier for earlier in firsts[key] if _same_statement(earlier, claim, roots)), None)
        statements[claim.id] = first.id if first else claim.id
        speaker = (heard[claim.id], place_id)
        if first:
            reason = "The same voice says the same of the same time."
            found.append(_repeats("same_statement", first, claim, reason))
            continue
        firsts[key].append(claim)
        before = last_said.get(speaker)
        if before and _same_time(before, claim):
            found.append(_repeats("same_speaker", before, claim, "The same voice speaks of the same time."))
        last_said[speaker] = claim
    return statements, tuple(found)


def _said(claim: Claim) -> tuple[object, ...]:
    part = claim.part.text.casefold() if claim.part else ""
    return claim.relation, party_key(claim), claim.modality, claim.extent, part


def _same_statement(earlier: Claim, claim: Claim, roots: Mapping[str, str]) -> bool:
    if _same_time(earlier, claim):
        return True
    # A copy printed days later may give another day for "on Sunday": its sentence is the same statement.
    one, other = earlier.document_id, claim.document_id
    copied = one != other and roots.get(one, one) == roots.get(other, other)
    return copied and _words(earlier.sentence.text) == _words(claim.sentence.text)


def _same_time(one: Claim, other: Claim) -> bool:
    """Tell whether two claims speak of one time: days at most two apart, or intervals of much the same bounds."""
    (first, last), (other_first, other_last) = claim_days(one), claim_days(other)
    return abs(first - other_first) <= SAME_TIME and abs(last - other_last) <= SAME_TIME


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text.casefold()).split()


def _repeats(kind: str, earlier: Claim, later: Claim, reason: str) -> Lineage:
    return Lineage(
        id=record_id("lineage", kind, earlier.id, later.id),
        kind="same_statement" if kind == "same_statement" else "same_speaker",
        earlier_id=earlier.id,
        later_id=later.id,
        score=1.0,
        reason=reason,
    )
