"""Texts in, spaCy Docs out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from heldby.errors import ModelError
from heldby.language.clear import is_clear, to_universal
from heldby.language.component import BLOCKS, NAME, READ, TEXT, TRIGGER, TRIGGER_LABELS, ReaderComponent, register
from heldby.language.model import Model
from heldby.language.tokens import Span, words

_LONGEST_TEXT = 200_000_000


class WordCutter:
    """A spaCy tokeniser with the words of heldby.language.tokens; white space becomes tokens as in spaCy."""

    def __init__(self, vocab: Vocab) -> None:
        """Takes the vocabulary of the pipeline."""
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Cuts a text; the Doc's text is the text given, character for character."""
        units: list[str] = []
        spaced: list[bool] = []
        position = 0
        for start, end in words(text):
            if start > position:
                _add_gap(text[position:start], units, spaced)
            units.append(text[start:end])
            spaced.append(False)
            position = end
        if position < len(text):
            _add_gap(text[position:], units, spaced)
        return Doc(self.vocab, words=units, spaces=spaced)

    def to_disk(self, path: str | Path, **options: Any) -> None:
        """Writes nothing: the rules are code."""

    def from_disk(self, path: str | Path, **options: Any) -> WordCutter:
        """Reads nothing: the rules are code."""
        return self

    def to_bytes(self, **options: Any) -> bytes:
        """Returns nothing: the rules are code."""
        return b""

    def from_bytes(self, data: bytes, **options: Any) -> WordCutter:
        """Reads nothing: the rules are code."""
        return self


def _add_gap(gap: str, units: list[str], spaced: list[bool]) -> None:
    """Adds the white space between two words: one space hangs on the word before, the rest is a token."""
    if gap[0] == " " and units:
        spaced[-1] = True
        gap = gap[1:]
    if gap:
        units.append(gap)
        spaced.append(False)


def _complete(doc: Doc) -> Doc:
    """Gives a Doc of another pipeline what heldby's own has: Universal relations and, empty, the probabilities."""
    if is_clear(doc):
        to_universal(doc)
    doc.user_data[TRIGGER] = np.zeros((len(doc), 0), dtype=np.float32)
    doc.user_data[TRIGGER_LABELS] = ()
    doc.user_data[READ] = _inside(doc)
    return doc


def _inside(doc: Doc) -> NDArray[np.bool_]:
    """Tells of each token whether it stands in a block."""
    blocks = doc.user_data.get(BLOCKS, [(0, len(doc.text))])
    return np.array([any(a <= token.idx < b for a, b in blocks) for token in doc], dtype=np.bool_)


def build(
    model_path: Path | None = None,
    *,
    model: Model | None = None,
    threads: int = 2,
    carries: Callable[[str], bool] | None = None,
) -> Language:
    """Returns a spaCy pipeline of heldby's tokeniser and reading model (one already loaded, if given).

    Raises ModelError if the model cannot be loaded.
    """
    register()
    nlp = spacy.blank("en")
    nlp.tokenizer = WordCutter(nlp.vocab)
    nlp.max_length = _LONGEST_TEXT
    config = {"model_path": str(model_path) if model_path else None, "threads": threads}
    component = nlp.add_pipe(NAME, config=config)
    if isinstance(component, ReaderComponent):
        component.carries = carries
        component.model = model or component.model
    return nlp


class Reader:
    """Reads texts with a pipeline."""

    def __init__(self, nlp: Language, *, own: bool) -> None:
        """Takes a pipeline; own tells that it is the one of build()."""
        self.nlp = nlp
        self.own = own

    def read(
        self, texts: Iterable[str], *, boundaries: Iterable[Sequence[Span]] | None = None, together: int = 64
    ) -> Iterator[Doc]:
        """Yields one Doc for each text, in order.

        boundaries: for each text the (start, end) character spans of the blocks to be read; no sentence crosses a
        block's edge, and text outside gets tokens but no analysis. Without boundaries the whole text is read.
        """
        docs = self.nlp.pipe(self._docs(texts, boundaries), batch_size=together)
        yield from docs if self.own else map(_complete, docs)

    def _docs(self, texts: Iterable[str], boundaries: Iterable[Sequence[Span]] | None) -> Iterator[Doc]:
        if boundaries is None:
            yield from map(self._doc, texts)
            return
        for text, blocks in zip(texts, boundaries, strict=True):
            doc = self._doc(text)
            doc.user_data[BLOCKS] = [(int(start), int(end)) for start, end in blocks]
            yield doc

    def _doc(self, text: str) -> Doc:
        doc = self.nlp.make_doc(text)
        doc.user_data[TEXT] = text
        return doc


def load(
    model_path: Path | None = None,
    *,
    pipeline: str | None = None,
    threads: int = 2,
    carries: Callable[[str], bool] | None = None,
) -> Reader:
    """Returns a reader with the packaged model, a model in another folder, or another spaCy pipeline.

    pipeline: the name or path of an installed spaCy pipeline. carries and threads are then without effect, the whole
    text is analysed, CLEAR relations are renamed (see heldby.language.clear), and no trigger probabilities are given
    ([tokens, 0]); sentences are only known if the pipeline sets them. Raises ModelError if it cannot be loaded.
    """
    if not pipeline:
        return Reader(build(model_path, threads=threads, carries=carries), own=True)
    try:
        nlp = spacy.load(pipeline)
    except (OSError, ValueError) as error:
        raise ModelError(
            "spaCy cannot load this pipeline.", where=pipeline, remedy="Name an installed pipeline or a folder."
        ) from error
    return Reader(nlp, own=False)


__all__ = ["READ", "TRIGGER", "TRIGGER_LABELS", "Reader", "build", "load"]
