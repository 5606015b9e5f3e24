"""A reader of claims over the shipped model and the shipped lexicon, made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from heldby.claims import Lexicon, read_claims
from heldby.knowledge import read_knowledge
from heldby.language import load
from heldby.records import Block, Document, Reading

NOW = datetime(2020, 1, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """The lexicon as shipped, without finders of names."""
    return Lexicon.from_tables(
        read_knowledge("relations"),
        read_knowledge("attribution"),
        confidence=read_knowledge("confidence"),
        quantities=read_knowledge("quantities"),
    )


@pytest.fixture(scope="session")
def read(lexicon: Lexicon) -> Callable[..., Reading]:
    """Reads one text whose paragraphs are parted by blank lines."""
    reader = load(threads=2)

    def read_text(text: str, *, outlet: str = "") -> Reading:
        blocks, start = [], 0
        for paragraph in text.split("\n\n"):
            blocks.append(Block(kind="paragraph", start=start, end=start + len(paragraph)))
            start += len(paragraph) + 2
        document = Document(
            id="doc_test", capture_id="cap_test", text=text, blocks=tuple(blocks), outlet=outlet, known_at=NOW
        )
        doc = next(iter(reader.read([text], boundaries=[[(block.start, block.end) for block in blocks]])))
        return next(iter(read_claims([(document, doc)], lexicon=lexicon)))

    return read_text
