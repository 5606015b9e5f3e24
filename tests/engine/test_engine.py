"""Every engine gives the results of the batches in their order, and raises what the work raises."""

from __future__ import annotations

import os
import time

import pytest

from heldby.engine import Engine, LocalEngine


def work(batch: list[int]) -> tuple[int, int]:
    """Sum a batch; early batches take longer, so that order is put to the test."""
    time.sleep(0.01 * (batch[0] < 2))
    if batch == [13]:
        raise ValueError("thirteen")
    return sum(batch), os.getpid()


@pytest.fixture(params=[1, 2])
def engine(request: pytest.FixtureRequest) -> Engine:
    """One process, then two."""
    return LocalEngine(request.param)


def test_results_come_in_the_order_of_the_batches(engine: Engine) -> None:
    """However long each batch takes."""
    assert [total for total, _ in engine.map(work, ([n] for n in range(12)))] == list(range(12))


def test_what_the_work_raises_reaches_the_caller(engine: Engine) -> None:
    """An error in a batch is raised where its result was awaited, after the results before it."""
    results = engine.map(work, [[1], [13], [2]])
    assert next(results)[0] == 1
    with pytest.raises(ValueError, match="thirteen"):
        list(results)


def test_several_processes_are_other_processes() -> None:
    """Work for two processes is not done in this one, and work for one is."""
    assert {pid for _, pid in LocalEngine(1).map(work, [[1]])} == {os.getpid()}
    assert os.getpid() not in {pid for _, pid in LocalEngine(2).map(work, [[1], [2]])}


def test_batches_are_taken_only_as_they_are_needed() -> None:
    """Of an endless supply no more is taken than the processes can have waiting."""
    taken = []

    def supply() -> object:
        for n in range(1000):
            taken.append(n)
            yield [n]

    results = LocalEngine(2).map(work, supply())  # type: ignore[arg-type]
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert len(taken) <= 5
