"""Which corrections of a claim make sense, and what is in force after one."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, get_args

from heldby.errors import ResolveError
from heldby.records import Actor, Correction, Judgement, Place
from heldby.records.claim import Extent, Modality, Relation
from heldby.records.codec import from_json, to_builtins
from heldby.records.correction import CORRECTED_FIELDS, side_ids
from heldby.store import Store, when_of

CHOICES: Mapping[str, tuple[str, ...]] = {
    "relation": get_args(Relation),
    "modality": get_args(Modality),
    "extent": get_args(Extent),
}
SHOWN = 5


def check_correction(
    store: Store,
    claim_id: str,
    value: str,
    *,
    sides: Mapping[str, Actor],
    find_place: Callable[[str], Place | None],
) -> tuple[str, Place | None]:
    """Return a correction as it is to be kept, with all fields that stay corrected from before it, and the place that
    it names.

    `value` is a JSON object of fields; null takes a field as it was read again. `find_place` looks a place up where
    no report has told of it. Raises ResolveError, saying what is valid, for anything else.
    """
    fields = _fields(claim_id, value)
    place: Place | None = None
    for name, given in fields.items():
        if given is None:
            continue
        if name in CHOICES:
            _check_choice(name, given, CHOICES[name])
        elif name == "when":
            _check_when(given)
        elif name == "place":
            place = _place(store, given, find_place=find_place)
        else:
            _check_sides(name, given, sides=sides)
    kept = {**_standing(store.judgements(claim_id)), **fields}
    made = {name: given for name, given in kept.items() if given is not None and name != "names"}
    ids = [id_ for name in ("actor", "opponent") for id_ in side_ids(made.get(name, ""))]
    names = {**kept.get("names", {}), **{id_: sides[id_].name for id_ in ids if id_ in sides}}
    made |= {"names": {id_: names[id_] for id_ in sorted(set(ids)) if id_ in names}} if ids else {}
    return json.dumps(made, ensure_ascii=False, sort_keys=True), place


def _fields(claim_id: str, value: str) -> dict[str, Any]:
    remedy = f"Give a JSON object of these fields: {', '.join(CORRECTED_FIELDS)}."
    try:
        fields = json.loads(value or "{}")
    except json.JSONDecodeError as error:
        raise ResolveError(f"A correction is no JSON ({error}).", where=value[:80], remedy=remedy) from error
    if not isinstance(fields, dict) or not fields:
        raise ResolveError("To correct a claim, name a field and its value.", where=claim_id, remedy=remedy)
    strange = sorted(set(fields) - set(CORRECTED_FIELDS))
    if strange:
        raise ResolveError(f"A correction has no field {strange[0]!r}.", where=claim_id, remedy=remedy)
    return fields


def _check_choice(name: str, given: object, valid: Sequence[str]) -> None:
    if given not in valid:
        raise ResolveError(f"{given!r} is no {name}.", where=name, remedy=f"Valid: {', '.join(valid)}.")


def _check_when(given: object) -> None:
    try:
        if not isinstance(given, str):
            raise ValueError(given)
        when_of(given, reason="")
    except ValueError as error:
        remedy = "Write it as 2016-12-11, as 2016-12-10/2016-12-11, or leave it empty for no time."
        raise ResolveError(f"{given!r} is no time.", where="when", remedy=remedy) from error


def _check_sides(name: str, given: object, *, sides: Collection[str]) -> None:
    ids = given if isinstance(given, list) else [given]
    for id_ in ids:
        if id_ == "" and len(ids) == 1:
            return
        if not isinstance(id_, str) or id_ not in sides:
            near = difflib.get_close_matches(str(id_), sorted(sides), n=SHOWN, cutoff=0.4) or sorted(sides)[:SHOWN]
            remedy = f"Near ones: {', '.join(near)}. All stand in knowledge/actors.toml."
            raise ResolveError(f"{id_!r} is no side.", where=name, remedy=remedy)


def _place(store: Store, given: object, *, find_place: Callable[[str], Place | None]) -> Place:
    found: Place | None = None
    if isinstance(given, str) and given:
        found = next(iter(store.find_places([given])), None) or find_place(given)
    if found is None:
        raise ResolveError(
            f"{given!r} is no id of a place.",
            where="place",
            remedy="Copy it from `heldby place NAME` or `heldby show`.",
        )
    return found


def _standing(judgements: Sequence[Judgement]) -> dict[str, Any]:
    """Return the fields of the newest correction."""
    made = [one for one in judgements if one.decision == "correct"]
    return to_builtins(from_json(made[-1].value, Correction)) if made else {}
