"""One gazetteer for all tests: that of the larger towns, which is quick to make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from heldby.knowledge import read_knowledge
from heldby.resolve.gazetteer import Gazetteer
from heldby.resolve.place_phrases import PlaceWords, read_place_words

LARGE_TOWNS = 15_000


@pytest.fixture(scope="session")
def gazetteer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that its index is kept in."""
    return tmp_path_factory.mktemp("gazetteer")


@pytest.fixture(scope="session")
def supplement() -> dict[str, Any]:
    """The tables of places that are shipped."""
    return read_knowledge("places")


@pytest.fixture(scope="session")
def gazetteer(gazetteer_folder: Path, supplement: dict[str, Any]) -> Iterator[Gazetteer]:
    """The gazetteer of towns with 15,000 people and more, with all of the supplement."""
    opened = Gazetteer.open(gazetteer_folder, supplement=supplement, smallest_town=LARGE_TOWNS)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def place_words() -> PlaceWords:
    """The words for places that are shipped."""
    return read_place_words(read_knowledge("place_words"))
