"""Making documents of texts and pages written in a test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from heldby.document import DocumentRules, make_documents, read_rules
from heldby.knowledge import read_knowledge
from heldby.records import Capture, CapturedItem, Document, Failure, Hints
from heldby.records.ids import content_hash

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def rules() -> DocumentRules:
    """The rules that heldby ships."""
    return read_rules(read_knowledge("furniture"))


@pytest.fixture(scope="session")
def make(rules: DocumentRules) -> Callable[..., Any]:
    """Make the document, or the failure, of one text or page."""

    def run(text: str | bytes, *, media_type: str = "text/plain", url: str = "", **hints: str) -> Document | Failure:
        data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        given = {"given_by": "user", **hints} if hints else {}
        capture = Capture(
            id=f"cap_{content_hash(data)[:16]}",
            sha256=content_hash(data),
            origin=url or "a.txt",
            fetched_at=NOW,
            media_type=media_type,
            method="http" if url else "file",
            size=len(data),
            charset="utf-8",
            hints=Hints(**given, url=url),
        )
        (made,) = make_documents([CapturedItem(capture, data)], rules=rules)
        return made

    return run
