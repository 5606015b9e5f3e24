"""The packaged reading model, loaded once."""

from __future__ import annotations

import pytest

from heldby.language.model import Model, load_model
from heldby.language.reader import Reader, load


@pytest.fixture(scope="session")
def model() -> Model:
    """The packaged model."""
    return load_model(threads=1)


@pytest.fixture(scope="session")
def reader() -> Reader:
    """A reader over the packaged model."""
    return load(threads=1)
