"""Relations of spaCy's own pipelines as Universal Dependencies."""

from __future__ import annotations

from spacy.tokens import Doc
from spacy.vocab import Vocab

from heldby.language.clear import is_clear, to_universal


def test_a_passive_with_prepositions() -> None:
    """Passive subject, agent and place come out as claims rules expect them."""
    doc = Doc(
        Vocab(),
        words=["Palmyra", "was", "taken", "by", "rebels", "in", "the", "north", "."],
        heads=[2, 2, 2, 2, 3, 2, 7, 5, 2],
        deps=["nsubjpass", "auxpass", "ROOT", "agent", "pobj", "prep", "det", "pobj", "punct"],
        pos=["PROPN", "AUX", "VERB", "ADP", "NOUN", "ADP", "DET", "NOUN", "PUNCT"],
    )
    assert is_clear(doc)
    turned = to_universal(doc)
    assert not is_clear(turned)
    assert [(token.dep_, token.head.text) for token in turned] == [
        ("nsubj:pass", "taken"),
        ("aux:pass", "taken"),
        ("ROOT", "taken"),
        ("case", "rebels"),
        ("obl:agent", "taken"),
        ("case", "north"),
        ("det", "north"),
        ("obl", "taken"),
        ("punct", "taken"),
    ]
    assert len(list(turned.sents)) == 1


def test_a_preposition_as_root_and_one_without_a_noun() -> None:
    """The noun of a root preposition becomes the root; a bare preposition stays an adverb."""
    doc = Doc(
        Vocab(),
        words=["In", "Homs", "now", "over"],
        heads=[0, 0, 0, 0],
        deps=["ROOT", "pobj", "advmod", "prep"],
        pos=["ADP", "PROPN", "ADV", "ADP"],
    )
    turned = to_universal(doc)
    assert [token.head.text for token in turned] == ["In", "In", "In", "In"]
    assert turned[3].dep_ == "advmod"


def test_prepositions_within_nouns() -> None:
    """A preposition under a noun gives nmod, one before a clause mark and advcl."""
    doc = Doc(
        Vocab(),
        words=["control", "of", "Homs", "after", "taking", "it"],
        heads=[0, 0, 1, 0, 3, 4],
        deps=["ROOT", "prep", "pobj", "prep", "pcomp", "dobj"],
        pos=["NOUN", "ADP", "PROPN", "ADP", "VERB", "PRON"],
    )
    turned = to_universal(doc)
    assert [(token.dep_, token.head.text) for token in turned] == [
        ("ROOT", "control"),
        ("case", "Homs"),
        ("nmod", "control"),
        ("mark", "taking"),
        ("advcl", "control"),
        ("obj", "taking"),
    ]
