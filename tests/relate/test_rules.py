"""The settings of lineage are read from their file, and senseless ones are refused by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from heldby.errors import KnowledgeError
from heldby.knowledge import read_knowledge
from heldby.relate import LineageRules


def test_the_shipped_file_says_what_the_code_takes_without_one() -> None:
    """Whoever relates reports without a file compares texts as the shipped file says."""
    shipped = LineageRules.from_tables(read_knowledge("lineage"), sources=read_knowledge("sources"))
    bare = LineageRules()
    assert (shipped.documents, shipped.sentences, shipped.seed) == (bare.documents, bare.sentences, bare.seed)
    assert replace(shipped.documents, share=0.5) != bare.documents


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({"documents": {"bands": 7}}, "bands"),
        ({"documents": {"shingles": 7}}, "shingles"),
        ({"own_voice": "mine"}, "own_voice"),
        ({"credit": [{"where": "opening", "weight": 1, "reason": "r", "patterns": ["("]}]}, "credit"),
        ({"credit": [{"where": "opening"}]}, "credit"),
    ],
)
def test_a_senseless_setting_is_named(table: dict[str, Any], named: str) -> None:
    """A slip in the file is an error that names the setting."""
    with pytest.raises(KnowledgeError, match=named):
        LineageRules.from_tables(table, sources={})
