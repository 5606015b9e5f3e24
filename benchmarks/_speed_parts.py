"""Where the time of a run goes: the stages, the store and the derivation, each timed where it is called."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from heldby import deriving
from heldby.pipeline import Stages
from heldby.store import Store

STAGES = ("capture", "document", "language", "claims", "resolve")
DERIVED = {"relate": ("place_episodes", "more_episodes"), "reconcile": ("find_and_keep",)}


class Spent:
    """Seconds by part of a run."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    def clear(self) -> None:
        """Forget what was measured."""
        self._seconds.clear()

    def parts(self, whole: float) -> dict[str, float]:
        """Return the seconds of each part of a run, in the order of the way, and those of all else."""
        order = (*STAGES, *DERIVED, "store")
        found = {part: round(self._seconds.get(part, 0.0), 3) for part in order}
        return found | {"the rest": round(max(0.0, whole - sum(found.values())), 3)}

    def timed(self, stages: Stages) -> Stages:
        """Return the stages, each with a watch; what a stage yields is timed piece by piece."""
        return replace(stages, **{name: self._watch(name, getattr(stages, name)) for name in STAGES})

    def watched(self, store: Store) -> Any:
        """Return the store with a watch on each of its methods."""
        return _Watched(store, self)

    @contextmanager
    def derivation(self) -> Iterator[None]:
        """Time relating and weighing while the run is inside."""
        before = {name: getattr(deriving, name) for names in DERIVED.values() for name in names}
        for part, names in DERIVED.items():
            for name in names:
                setattr(deriving, name, self._watch(part, before[name]))
        try:
            yield
        finally:
            for name, function in before.items():
                setattr(deriving, name, function)

    def _watch(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            started = time.perf_counter()
            made = function(*args, **options)
            self._add(part, started)
            return self._pieces(part, made) if isinstance(made, Iterator) else made

        return call

    def _pieces(self, part: str, made: Iterable[Any]) -> Iterator[Any]:
        pieces = iter(made)
        while True:
            started = time.perf_counter()
            piece = next(pieces, None)
            self._add(part, started)
            if piece is None:
                return
            yield piece

    def _add(self, part: str, started: float) -> None:
        self._seconds[part] = self._seconds.get(part, 0.0) + time.perf_counter() - started


class _Watched:
    """A store whose methods are timed as one part."""

    def __init__(self, store: Store, spent: Spent) -> None:
        self._store = store
        self._spent = spent

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._store, name)
        return self._spent._watch("store", value) if callable(value) else value
