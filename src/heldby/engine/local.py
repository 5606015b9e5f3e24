"""Work on batches here, one after the other or in several processes; results come in the order of the batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Protocol, TypeVar

Batch = TypeVar("Batch")
Result = TypeVar("Result")


class Engine(Protocol):
    """Something that does work on batches."""

    def map(self, work: Callable[[Batch], Result], batches: Iterable[Batch]) -> Iterator[Result]:
        """Yield the result of each batch, in the order of the batches; what the work raises is raised here."""


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """This machine: `processes` 1 works in this process, more in that many of their own.

    With several processes work and batches must be picklable, and at most two batches a process wait at a time, so
    that a large archive is never in memory as a whole.
    """

    processes: int = 1

    def map(self, work: Callable[[Batch], Result], batches: Iterable[Batch]) -> Iterator[Result]:
        """Yield the result of each batch, in the order of the batches; what the work raises is raised here."""
        if self.processes <= 1:
            yield from map(work, batches)
            return
        # A fresh interpreter, not a fork: model runtimes and database connections do not survive a fork.
        context = get_context("spawn")
        with ProcessPoolExecutor(self.processes, mp_context=context) as pool:
            waiting: deque[Future[Result]] = deque()
            try:
                for batch in batches:
                    waiting.append(pool.submit(work, batch))
                    if len(waiting) > 2 * self.processes:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()
