"""From the tables of `actors.toml` to checked actor records and the forms in which their names occur."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from heldby.errors import KnowledgeError
from heldby.records import Actor, ActorName, Relationship
from heldby.resolve.phrases import phrase_key

Form = Literal["name", "land", "demonym", "capital", "leader"]

_FILE = "actors.toml"
_FORMS: Mapping[str, Form] = {
    "land": "land",
    "demonyms": "demonym",
    "capitals": "capital",
    "leaders": "leader",
    "aliases": "name",
}
_LINKS = ("part_of", "allies", "patrons", "enemies")
_BOTH_WAYS = frozenset({"allies", "enemies"})
_KNOWN = frozenset(
    {"id", "name", "kind", "state", "country", "countries", "classes", "since", "until", *_FORMS, *_LINKS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameForm:
    """One way to name a side: the words, which side, in which form, and when."""

    actor_id: str
    name: ActorName
    form: Form
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorTable:
    """The checked content of `actors.toml`: records by id, the forms of their names, their classes of nouns."""

    actors: Mapping[str, Actor]
    forms: Mapping[tuple[str, ...], tuple[NameForm, ...]]
    classes: Mapping[str, frozenset[str]]


def read_actor_table(tables: Mapping[str, Any]) -> ActorTable:
    """Check the tables of `actors.toml` and return them as records.

    Raises KnowledgeError, naming the entry, for a missing or doubled id, an unknown key, a relationship to an
    unknown id, and a name that two sides share without `shared = true` on one of them.
    """
    entries: dict[str, Mapping[str, Any]] = {}
    for entry in tables.get("actor", ()):
        _check_entry(entry, known=entries)
        entries[entry["id"]] = entry
    links = {kind: _links(entries, kind=kind) for kind in _LINKS}
    actors = {
        actor_id: Actor(
            id=actor_id,
            names=tuple(form.name for form in _entry_forms(entry, rank=0) if form.form == "name"),
            country=entry.get("country", ""),
            kind=entry.get("kind", ""),
            countries=tuple(entry.get("countries", ())),
            state=bool(entry.get("state", False)),
            **{kind: links[kind].get(actor_id, ()) for kind in _LINKS},
        )
        for actor_id, entry in entries.items()
    }
    return ActorTable(
        actors=actors,
        forms=_all_forms(entries),
        classes={actor_id: frozenset(entry.get("classes", ())) for actor_id, entry in entries.items()},
    )


def _check_entry(entry: Mapping[str, Any], *, known: Mapping[str, object]) -> None:
    actor_id = entry.get("id", "")
    where = f"{_FILE}: {actor_id or entry.get('name', 'an entry without id')}"
    if not actor_id or not entry.get("name"):
        raise KnowledgeError("An actor needs an id and a name.", where=where, remedy="Add what is missing.")
    if actor_id in known:
        raise KnowledgeError("Two actors have this id.", where=where, remedy="Rename or merge one of them.")
    strange = sorted(set(entry) - _KNOWN)
    if strange:
        raise KnowledgeError(
            f"An actor has no field {strange[0]!r}.", where=where, remedy=f"Valid: {', '.join(sorted(_KNOWN))}."
        )


def _links(entries: Mapping[str, Mapping[str, Any]], *, kind: str) -> dict[str, tuple[Relationship, ...]]:
    found: dict[str, dict[str, Relationship]] = {}
    for actor_id, entry in entries.items():
        for item in entry.get(kind, ()):
            link = {"id": item} if isinstance(item, str) else item
            if link.get("id") not in entries:
                raise KnowledgeError(
                    f"{kind} names {link.get('id')!r}, which is no actor.",
                    where=f"{_FILE}: {actor_id}",
                    remedy="Correct the id or add the actor.",
                )
            since, until = _bounds(link, where=actor_id)
            ways = (
                [(actor_id, link["id"]), (link["id"], actor_id)] if kind in _BOTH_WAYS else [(actor_id, link["id"])]
            )
            for one, other in ways:
                relationship = Relationship(actor_id=other, since=since, until=until)
                found.setdefault(one, {}).setdefault(other, relationship)
    return {actor_id: tuple(links.values()) for actor_id, links in found.items()}


def _bounds(table: Mapping[str, Any], *, where: str) -> tuple[date | None, date | None]:
    since, until = table.get("since"), table.get("until")
    for value in (since, until):
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise KnowledgeError(
                f"{value!r} is no day.", where=f"{_FILE}: {where}", remedy="Write it as 2015-10-10, without quotes."
            )
    if since and until and since > until:
        raise KnowledgeError(
            "It ends before it begins.", where=f"{_FILE}: {where}", remedy="Correct since and until."
        )
    return since, until


def _entry_forms(entry: Mapping[str, Any], *, rank: int) -> Iterable[NameForm]:
    yield from (form for form, _ in _entry_names(entry, rank=rank))


def _entry_names(entry: Mapping[str, Any], *, rank: int) -> Iterable[tuple[NameForm, bool]]:
    actor_id: str = entry["id"]
    bounds = _bounds(entry, where=actor_id)
    listed: list[tuple[Any, Form]] = [({"text": entry["name"]}, "name")]
    listed += [(item, form) for field, form in _FORMS.items() for item in entry.get(field, ())]
    for item, form in listed:
        table = {"text": item} if isinstance(item, str) else item
        since, until = _bounds(table, where=actor_id)
        name = ActorName(text=table["text"], since=since or bounds[0], until=until or bounds[1])
        yield NameForm(actor_id=actor_id, name=name, form=form, rank=rank), bool(table.get("shared", False))


def _all_forms(entries: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, ...], tuple[NameForm, ...]]:
    found: dict[tuple[str, ...], list[NameForm]] = {}
    open_names: dict[tuple[str, ...], str] = {}
    for rank, entry in enumerate(entries.values()):
        for form, shared in _entry_names(entry, rank=rank):
            key = phrase_key(form.name.text)
            if not key:
                raise KnowledgeError(
                    f"The name {form.name.text!r} has no letters.",
                    where=f"{_FILE}: {form.actor_id}",
                    remedy="Remove it.",
                )
            if not shared and open_names.setdefault(key, form.actor_id) != form.actor_id:
                raise KnowledgeError(
                    f"The name {form.name.text!r} belongs to {open_names[key]!r} too.",
                    where=f"{_FILE}: {form.actor_id}",
                    remedy="Remove it from one of them, or mark it shared = true.",
                )
            found.setdefault(key, []).append(form)
    return {key: tuple(forms) for key, forms in found.items()}
