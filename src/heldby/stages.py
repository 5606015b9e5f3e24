"""heldby's own stages, each built once from the settings and the knowledge files and handed all that it needs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from heldby import capture, claims, document, resolve
from heldby.knowledge import read_knowledge
from heldby.language import Reader, load
from heldby.language.component import NAME, ReaderComponent
from heldby.language.relevance import claim_filter, irregular_forms
from heldby.pipeline import Stages
from heldby.reconcile import Weights
from heldby.records import CapturedItem, Document, Failure, Hints
from heldby.records.ids import record_id
from heldby.resolve.actor_table import read_actor_table
from heldby.resolve.added_files import AddedFile, list_added
from heldby.resolve.gazetteer import Added
from heldby.settings import Settings

KNOWLEDGE = (
    "actors",
    "attribution",
    "confidence",
    "furniture",
    "place_words",
    "places",
    "quantities",
    "relations",
    "side_words",
    "source_words",
    "sources",
    "time_words",
)


def build_stages(settings: Settings, *, lexicon_tables: Mapping[str, Any] | None = None) -> Stages:
    """Return heldby's own stages: knowledge read, reading model loaded, gazetteer opened.

    lexicon_tables: tables that the claims stage gets in place of the knowledge files' (the others do not see them).

    Raises KnowledgeError or ModelError where one of them cannot be used. The first call on a machine makes the
    gazetteer's index, which takes some ten seconds.
    """
    tables = {name: read_knowledge(name) for name in KNOWLEDGE}
    files = list_added(settings.gazetteer_folder())
    resolver = open_resolver(settings, tables=tables, files=files)
    reader = open_reader(settings, tables)
    lexicon = open_lexicon({**tables, **(lexicon_tables or {})}, resolver)
    return Stages(
        capture=_capturing(settings),
        document=partial(document.make_documents, rules=document.read_rules(tables["furniture"])),
        language=partial(_parse, reader),
        claims=partial(claims.read_claims, lexicon=lexicon),
        resolve=partial(resolve.resolve_readings, resolver=resolver),
        weights=open_weights(tables=tables),
        version=_version(settings, tables, files),
    )


def open_resolver(
    settings: Settings, *, tables: dict[str, Any] | None = None, files: tuple[AddedFile, ...] | None = None
) -> resolve.Resolver:
    """Return the resolver: gazetteer, sides and voices, from the knowledge files (or tables already read) and the
    files of places that were added (or those given)."""
    tables = tables or {name: read_knowledge(name) for name in KNOWLEDGE}
    wanted = ("actors", "side_words", "sources", "source_words", "places", "place_words", "time_words")
    chosen = resolve.ResolverTables(**{name: tables[name] for name in wanted})
    folder = settings.gazetteer_folder()
    added = Added(folder, list_added(folder) if files is None else files)
    return resolve.Resolver.open(settings.cache_folder(), tables=chosen, added=added)


def open_weights(*, tables: Mapping[str, Any] | None = None) -> Weights:
    """Return the weights of evidence with the sides whose alliances count, from the knowledge files."""
    actors = (tables or {}).get("actors") or read_knowledge("actors")
    return Weights.from_table(read_knowledge("weights"), sides=read_actor_table(actors).actors)


def open_lexicon(tables: Mapping[str, Any], resolver: resolve.Resolver) -> claims.Lexicon:
    """Return the lexicon of the claims stage from the knowledge files' tables and the resolver's finders of names."""
    return claims.Lexicon.from_tables(
        tables["relations"],
        tables["attribution"],
        confidence=tables["confidence"],
        quantities=tables["quantities"],
        places=resolver.place_spans,
        sides=resolver.side_spans,
    )


def _capturing(settings: Settings) -> Callable[[Sequence[str], Hints, datetime], Iterable[CapturedItem | Failure]]:
    def capture_inputs(inputs: Sequence[str], hints: Hints, now: datetime) -> Iterator[CapturedItem | Failure]:
        stdin = sys.stdin.buffer if "-" in inputs and sys.stdin is not None else None
        return capture.capture_items(inputs, hints=hints, settings=settings, now=now, stdin=stdin)

    return capture_inputs


def open_reader(settings: Settings, tables: dict[str, Any], *, model: Path | None = None) -> Reader:
    """Return the reading model, which reads in full only what can carry a claim, or the pipeline named instead."""
    reader = load(model, pipeline=settings.spacy_pipeline or None, threads=settings.threads)
    if reader.own:
        component = reader.nlp.get_pipe(NAME)
        if isinstance(component, ReaderComponent):
            irregular = irregular_forms(component.model.lemmas)
            component.carries = claim_filter(tables["relations"], tables["quantities"], irregular=irregular)
    return reader


def _parse(reader: Reader, documents: Sequence[Document]) -> Iterable[Any]:
    """Read the body of each document; furniture, captions and bylines are left unread."""
    boundaries = [[(block.start, block.end) for block in one.body()] for one in documents]
    return reader.read([one.text for one in documents], boundaries=boundaries)


def _version(settings: Settings, tables: dict[str, Any], files: tuple[AddedFile, ...]) -> str:
    """Return the name of the rules: of each stage, of the pipeline, and of what the knowledge files and the files of
    places that were added say."""
    rules = "+".join((document.RULES_VERSION, claims.RULES_VERSION, resolve.RULES_VERSION))
    places = [(file.kind, file.sha256) for file in files]
    return record_id("rules", rules, settings.spacy_pipeline, tables, places)
