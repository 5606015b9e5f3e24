"""Base forms."""

from __future__ import annotations

import pytest

from heldby.language.lemma import by_rule, lemma


@pytest.mark.parametrize(
    ("form", "tag", "fine", "expected"),
    [
        ("recaptured", "VERB", "VBD", "recapture"),
        ("seizing", "VERB", "VBG", "seize"),
        ("shelling", "VERB", "VBG", "shell"),
        ("stopped", "VERB", "VBD", "stop"),
        ("fighting", "VERB", "VBG", "fight"),
        ("controls", "VERB", "VBZ", "control"),
        ("clashes", "NOUN", "NNS", "clash"),
        ("cities", "NOUN", "NNS", "city"),
        ("strongholds", "NOUN", "NNS", "stronghold"),
        ("forces", "NOUN", "NNS", "force"),
        ("siege", "NOUN", "NN", "siege"),
        ("policemen", "NOUN", "NNS", "policeman"),
    ],
)
def test_spelling_rules(form: str, tag: str, fine: str, expected: str) -> None:
    """Regular forms need no table."""
    assert by_rule(form, tag=tag, fine=fine) == expected


def test_the_table_comes_first_and_names_stay() -> None:
    """Irregular forms come from the table; names stay; capitals and curly apostrophes do not matter."""
    table = {"VERB": {"took VBD": "take"}, "PART": {"n't RB": "not"}}
    assert lemma("Took", tag="VERB", fine="VBD", table=table) == "take"
    assert lemma("n’t", tag="PART", fine="RB", table=table) == "not"
    assert lemma("Forces", tag="PROPN", fine="NNPS", table=table) == "Forces"
