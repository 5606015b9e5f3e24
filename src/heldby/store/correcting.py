"""Claims as persons have corrected them; what is stored of a claim stays as it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from heldby.records import Claim, Correction, Evidence, Judgement, Party, Place, When
from heldby.records.codec import from_json
from heldby.records.correction import side_ids
from heldby.store import tables

KEYS = 500


@dataclass(frozen=True, slots=True)
class Correcting:
    """A correction with the judgement that makes it, and the place that it names."""

    judgement: Judgement
    correction: Correction
    place: Place | None


def has_corrections(connection: Connection) -> bool:
    """Tell whether any claim is corrected."""
    table = tables.JUDGEMENTS
    query = select(table.c.id).where(table.c.decision == "correct", table.c.superseded_by == "").limit(1)
    return connection.scalar(query) is not None


def standing_corrections(connection: Connection, claim_ids: Iterable[str]) -> dict[str, Correcting]:
    """Return the correction in force of each claim that has one."""
    table, ids = tables.JUDGEMENTS, sorted(set(claim_ids))
    found: list[Judgement] = []
    for start in range(0, len(ids), KEYS):
        standing = (table.c.decision == "correct") & (table.c.superseded_by == "")
        query = select(table.c.payload).where(table.c.record_id.in_(ids[start : start + KEYS]), standing)
        found += [from_json(payload, Judgement) for payload in connection.scalars(query)]
    return with_places(connection, {judgement.record_id: judgement for judgement in found})


def with_places(connection: Connection, judgements: Mapping[str, Judgement]) -> dict[str, Correcting]:
    """Return the corrections that judgements make, with the places that they name."""
    read = {id_: (one, from_json(one.value, Correction)) for id_, one in judgements.items()}
    wanted = sorted({correction.place for _, correction in read.values() if correction.place})
    places: dict[str, Place] = {}
    for start in range(0, len(wanted), KEYS):
        query = select(tables.PLACES.c.payload).where(tables.PLACES.c.id.in_(wanted[start : start + KEYS]))
        places |= {place.id: place for place in (from_json(p, Place) for p in connection.scalars(query))}
    return {id_: Correcting(one, made, places.get(made.place or "")) for id_, (one, made) in read.items()}


def correct_all(connection: Connection, claims: Sequence[Claim]) -> list[Claim]:
    """Return claims as they are corrected."""
    if not has_corrections(connection):
        return list(claims)
    standing = standing_corrections(connection, (claim.id for claim in claims))
    return [correct_claim(claim, standing.get(claim.id)) for claim in claims]


def correct_claim(claim: Claim, correcting: Correcting | None) -> Claim:
    """Return a claim with what a person has corrected, which its evidence tells; without any it stays as it is."""
    if correcting is None:
        return claim
    judgement, correction = correcting.judgement, correcting.correction
    why = f"{judgement.author} has corrected it{f': {judgement.reason}' if judgement.reason else '.'}"
    changes: dict[str, Any] = {}
    told: list[str] = []
    for name in ("actor", "opponent"):
        value = getattr(correction, name)
        if value is not None:
            changes[name] = _party(getattr(claim, name), side_ids(value), names=correction.names, why=why)
            told.append(f"{name} {changes[name].name or 'nobody'}, read as {getattr(claim, name).name or 'nobody'}")
    if correcting.place is not None:
        changes["place"] = replace(claim.place, place=correcting.place, side="", within="", candidates=(), reason=why)
        was = claim.place.place.name if claim.place.place else "no known place"
        told.append(f"place {correcting.place.name}, read as {was}")
    if correction.when is not None:
        changes["when"] = when_of(correction.when, reason=why)
        told.append(f"time {correction.when or 'none'}, read as {(claim.when and claim.when.iso()) or 'none'}")
    for name in ("relation", "modality", "extent"):
        value = getattr(correction, name)
        if value is not None:
            changes[name] = value
            told.append(f"{name} {value}, read as {getattr(claim, name)}")
    if correction.extent == "whole":
        changes["part"] = None
    if not changes:
        return claim
    words = f"{'; '.join(told)}. {why}"
    evidence = Evidence(name="corrected", weight=0.0, reason=words)
    return replace(claim, **changes, evidence=(*claim.evidence, evidence))


def when_of(text: str, *, reason: str) -> When | None:
    """Return the time that an ISO day or two of them with a slash between name, None for "".

    Raises ValueError for anything else, and for a last day before the first.
    """
    if not text:
        return None
    first, _, last = text.partition("/")
    earliest = date.fromisoformat(first)
    latest = date.fromisoformat(last) if last else earliest
    if latest < earliest:
        raise ValueError(f"{latest} is before {earliest}")
    return When(
        earliest=earliest, latest=latest, precision="day" if earliest == latest else "interval", reason=reason
    )


def _party(read: Party, ids: tuple[str, ...], *, names: Mapping[str, str], why: str) -> Party:
    name = " and ".join(names.get(id_, id_) for id_ in ids)
    return Party(mention=read.mention if ids else None, actor_ids=ids, name=name, reason=why)
