"""Texts in, Docs out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from heldby.errors import ModelError
from heldby.language import READ, TRIGGER, TRIGGER_LABELS
from heldby.language.model import Model, load_model
from heldby.language.reader import Reader, build, load

ADVANCE = (
    "The fighters launched a new advance on Tikrit in recent weeks, "
    "with accounts of heavy clashes inside the city itself."
)


def check(doc: Doc, text: str) -> None:
    """Checks what must hold of every Doc: exact text and offsets, and one root for each sentence."""
    assert doc.text == text
    for token in doc:
        assert text[token.idx : token.idx + len(token)] == token.text
    if len(doc):
        assert sum(len(sentence) for sentence in doc.sents) == len(doc)
    for sentence in doc.sents if len(doc) else ():
        roots = [token for token in sentence if token.head.i == token.i]
        assert [token.dep_ for token in roots] == ["ROOT"]
        assert all(token.head.sent.start == sentence.start for token in sentence)
    assert doc.user_data[TRIGGER].shape == (len(doc), 10)
    assert not doc.user_data[TRIGGER][~doc.user_data[READ]].any()


def word(doc: Doc, text: str) -> spacy.tokens.Token:
    """Returns the first token with this text."""
    return next(token for token in doc if token.text == text)


def test_a_sentence_is_read_well_enough_for_rules(reader: Reader) -> None:
    """Subject, object, place and the noun of fighting are found, with base forms and entities."""
    doc = next(reader.read([ADVANCE]))
    launched = word(doc, "launched")
    assert launched.dep_ == "ROOT"
    assert launched.lemma_ == "launch"
    assert (word(doc, "fighters").dep_, word(doc, "fighters").head.text) == ("nsubj", "launched")
    assert (word(doc, "advance").dep_, word(doc, "advance").head.text) == ("obj", "launched")
    assert word(doc, "Tikrit").head.text in {"advance", "launched"}
    assert word(doc, "clashes").head.text == "accounts"
    assert word(doc, "weeks").lemma_ == "week"
    assert ("Tikrit", "PLACE") in [(entity.text, entity.label_) for entity in doc.ents]


def test_words_that_carry_claims_are_marked(reader: Reader) -> None:
    """The trigger of a plain claim gets a high probability for its relation."""
    doc = next(reader.read(["Islamic State fighters recaptured the city of Palmyra on Sunday."]))
    takes = doc.user_data[TRIGGER_LABELS].index("takes")
    scores = doc.user_data[TRIGGER][:, takes]
    assert scores.dtype == np.float32
    assert doc[int(scores.argmax())].text == "recaptured"
    assert scores.max() > 0.5


def test_blocks_are_read_and_the_rest_is_not(reader: Reader) -> None:
    """Text outside the blocks has tokens but no tags, and no sentence crosses a block's edge."""
    text = "Skip to main content Rebels hold the town Share this page"
    start, end = text.index("Rebels"), text.index(" Share")
    doc = next(reader.read([text], boundaries=[[(start, end)]]))
    check(doc, text)
    assert [sentence.text for sentence in doc.sents] == [
        "Skip to main content",
        "Rebels hold the town",
        "Share this page",
    ]
    assert {token.text for token in doc if token.pos_} == {"Rebels", "hold", "the", "town"}
    assert {doc[int(place)].text for place in np.flatnonzero(doc.user_data[READ])} == {
        "Rebels",
        "hold",
        "the",
        "town",
    }


def test_only_sentences_worth_it_are_read(model: Model) -> None:
    """A filter leaves the other sentences flat, with their borders."""
    reader = Reader(build(model=model, carries=lambda sentence: "hold" in sentence), own=True)
    doc = next(reader.read(["Rebels hold Homs. It rained."]))
    check(doc, "Rebels hold Homs. It rained.")
    assert [bool(sentence[0].pos_) for sentence in doc.sents] == [True, False]


def test_together_or_alone_makes_no_difference(reader: Reader) -> None:
    """A text is read the same whatever it is read with, to the last bit of its probabilities."""
    texts = [ADVANCE, "Rebels left.", "He said: “We hold the hill.”", "U.S. jets struck Raqqa on Feb. 3, 2016 . " * 3]
    together = list(reader.read(texts))
    for text, doc in zip(texts, together, strict=True):
        alone = next(reader.read([text]))
        assert [(t.pos_, t.dep_, t.head.i, t.lemma_) for t in alone] == [
            (t.pos_, t.dep_, t.head.i, t.lemma_) for t in doc
        ]
        assert [(e.start, e.end, e.label_) for e in alone.ents] == [(e.start, e.end, e.label_) for e in doc.ents]
        np.testing.assert_allclose(alone.user_data[TRIGGER], doc.user_data[TRIGGER], atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=80),
            st.text(alphabet=" \n\t.aA“”'’-Uø1ا一😀", max_size=80),
            st.sampled_from([ADVANCE, "ALL CAPS NEWS", "no stop here\n\n\nNext  one", "a" * 3000, "( ( ( ["]),
        ),
        max_size=4,
    )
)
def test_any_text_gives_valid_docs(reader: Reader, texts: list[str]) -> None:
    """Whatever the texts, offsets are exact and each sentence is a tree with one root."""
    docs = list(reader.read(texts))
    assert len(docs) == len(texts)
    for doc, text in zip(docs, texts, strict=True):
        check(doc, text)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_any_blocks_give_valid_docs(reader: Reader, blocks: list[tuple[int, int]]) -> None:
    """Blocks that are empty, turned round, overlapping or cut words do no harm."""
    text = "Rebels hold the town.\n\nThey took it on Sunday, state TV said."
    check(next(reader.read([text], boundaries=[blocks])), text)


def test_a_huge_line_without_sense(reader: Reader) -> None:
    """A line of half a million characters without spaces is survived."""
    text = "x" * 500_000
    check(next(reader.read([text])), text)


def test_boundaries_for_every_text(reader: Reader) -> None:
    """Boundaries must be as many as texts."""
    with pytest.raises(ValueError, match="shorter"):
        list(reader.read(["one", "two"], boundaries=[[(0, 3)]]))


def test_another_pipeline_in_its_place(tmp_path: Path) -> None:
    """Any spaCy pipeline on disk can be named instead."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("attribute_ruler")
    ruler.add(patterns=[[{"LOWER": "rebels"}]], attrs={"POS": "NOUN"})
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PLACE", "pattern": "Homs"}])
    nlp.to_disk(tmp_path / "other")
    reader = load(pipeline=str(tmp_path / "other"))
    doc = next(reader.read(["Rebels hold Homs. They stay."], boundaries=[[(0, 17)]]))
    assert len(list(doc.sents)) == 2
    assert doc[0].pos_ == "NOUN"
    assert doc.ents[0].label_ == "PLACE"
    assert doc.user_data[TRIGGER].shape == (len(doc), 0)
    assert doc.user_data[READ].sum() == 4


def test_an_unknown_pipeline_is_explained() -> None:
    """A pipeline that is not installed gives an error with a remedy."""
    with pytest.raises(ModelError, match="cannot load"):
        load(pipeline="no_such_pipeline")


def test_an_incomplete_model_is_explained(tmp_path: Path) -> None:
    """A folder without the model's files gives an error that names them."""
    with pytest.raises(ModelError, match=r"labels\.json"):
        load_model(tmp_path)


def test_a_broken_model_file_is_explained(tmp_path: Path) -> None:
    """A file that onnxruntime cannot read gives an error that names it."""
    broken = tmp_path / "encoder.onnx"
    broken.write_bytes(b"not a network")
    with pytest.raises(ModelError, match=r"onnxruntime"):
        load_model(encoder=broken)


def test_nothing_registers_itself_on_import() -> None:
    """Importing the room does not add a spaCy factory; building a pipeline does."""
    code = (
        "from spacy.language import Language; import heldby.language.reader as r;"
        "assert not Language.has_factory('heldby_reader'); r.register(); assert Language.has_factory('heldby_reader')"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ), timeout=120)


def test_the_pipeline_is_an_ordinary_spacy_pipeline() -> None:
    """A text can be given to it directly."""
    nlp = build(threads=1)
    assert nlp.pipe_names == ["heldby_reader"]
    assert [token.pos_ for token in nlp("Rebels left.")][-1] == "PUNCT"
