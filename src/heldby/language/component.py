"""The reading model as a spaCy pipeline component: it fills ordinary Docs.

Invariant: in every Doc that comes out each sentence has exactly one root and no cycle; words outside the blocks, and
sentences that cannot carry a claim, form flat sentences without tags (`doc.user_data["heldby.read"]` is False there).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from heldby.language.links import Link
from heldby.language.model import Model, Reading, load_model
from heldby.language.sentences import sentences
from heldby.language.tokens import Span

NAME = "heldby_reader"
BLOCKS = "heldby.blocks"
# The text a Doc was made from: spaCy joins its tokens anew each time that it is asked.
TEXT = "heldby.text"
READ = "heldby.read"
TRIGGER = "heldby.trigger"
TRIGGER_LABELS = "heldby.trigger_labels"
LINKS = "heldby.links"
ROLE_LABELS = "heldby.role_labels"
MODALITY_LABELS = "heldby.modality_labels"
# What the claim heads are trained on; kept only where `keep_middle` asks for it.
MIDDLE_WORDS = "heldby.middle"

_COLUMNS: list[int | str] = ["HEAD", "DEP", "POS", "TAG", "LEMMA", "ENT_IOB", "ENT_TYPE"]
_HEAD, _DEP, _POS, _TAG, _LEMMA, _IOB, _TYPE = range(7)
_BEGIN, _INSIDE, _OUTSIDE = 3, 1, 2
_WORDS_TOGETHER = 20_000
_CHARACTERS_A_SENTENCE = 8_000

Table = NDArray[np.uint64]


@dataclass(slots=True)
class _Page:
    """A Doc being read: its table of attributes, one row a token, and the words and vectors of each sentence read."""

    doc: Doc
    table: Table
    read: NDArray[np.bool_]
    middle: list[tuple[list[int], NDArray[np.float32]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence to read: the places in the Doc of its words, white space left out."""

    page: _Page
    tokens: list[int]


class ReaderComponent:
    """A pipeline component; `carries` may name the sentences worth the full reading."""

    def __init__(self, model: Model, *, carries: Callable[[str], bool] | None = None) -> None:
        """Takes a loaded model."""
        self.model = model
        self.carries = carries
        self.keep_middle = False

    def __call__(self, doc: Doc) -> Doc:
        """Reads one Doc."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Reads many Docs; sentences of several Docs go through the model together."""
        together: list[Doc] = []
        words = 0
        for doc in stream:
            together.append(doc)
            words += len(doc)
            if words >= _WORDS_TOGETHER or len(together) >= batch_size:
                yield from self._read(together)
                together, words = [], 0
        if together:
            yield from self._read(together)

    def _read(self, docs: Sequence[Doc]) -> Iterator[Doc]:
        pages = [_page(doc) for doc in docs]
        waiting: list[_Sentence] = []
        words = 0
        for page in pages:
            for sentence in self._sentences(page):
                waiting.append(sentence)
                words += len(sentence.tokens)
                if words >= _WORDS_TOGETHER:
                    self._write(waiting)
                    waiting, words = [], 0
        self._write(waiting)
        for page in pages:
            yield self._finish(page)

    def _sentences(self, page: _Page) -> Iterator[_Sentence]:
        """Lays every sentence out flat, and yields those to be read."""
        text = text_of(page.doc)
        starts = np.array([token.idx for token in page.doc], dtype=np.int64)
        position = 0
        for start, end in [*_blocks(page.doc), (len(text), len(text))]:
            first, last = np.searchsorted(starts, [start, end])
            if first > position:
                _lay_flat(page, position, int(first))
            yield from self._block(page, text, range(int(first), int(last)))
            position = int(last)

    def _block(self, page: _Page, text: str, tokens: range) -> Iterator[_Sentence]:
        words = [place for place in tokens if not page.doc[place].is_space]
        spans: list[Span] = [(page.doc[p].idx, page.doc[p].idx + len(page.doc[p])) for p in words]
        edge = tokens.start
        if not words and len(tokens):
            _lay_flat(page, tokens.start, tokens.stop)
        for first, last in sentences(text, spans):
            after = words[last] if last < len(words) else tokens.stop
            _lay_flat(page, edge, after)
            edge = after
            sentence = text[spans[first][0] : spans[last - 1][1]]
            if self._worth_reading(sentence):
                yield _Sentence(page, words[first:last])

    def _worth_reading(self, sentence: str) -> bool:
        if len(sentence) > _CHARACTERS_A_SENTENCE or not any(letter.isalpha() for letter in sentence):
            return False
        return self.carries is None or self.carries(sentence)

    def _write(self, waiting: Sequence[_Sentence]) -> None:
        if not waiting:
            return
        readings = self.model.read([[s.page.doc[place].text for place in s.tokens] for s in waiting])
        for sentence, reading in zip(waiting, readings, strict=True):
            _fill(sentence, reading)

    def _finish(self, page: _Page) -> Doc:
        doc = page.doc
        doc.from_array(_COLUMNS, cast(Any, page.table))
        self._tell(page)
        doc.user_data[READ] = page.read
        return doc

    def _tell(self, page: _Page) -> None:
        """Adds what the claim heads say, by the places of tokens."""
        doc, labels = page.doc, self.model.labels
        places = np.array([place for tokens, _ in page.middle for place in tokens], dtype=np.int64)
        trigger = np.zeros((len(doc), len(labels.triggers)), dtype=np.float32)
        links: dict[int, Link] = {}
        if len(places):
            told = self.model.claims.read([vectors for _, vectors in page.middle])
            trigger[places] = told.triggers
            links = {int(places[at]): replace(link, words=places[link.words]) for at, link in told.links.items()}
        doc.user_data[TRIGGER] = trigger
        doc.user_data[TRIGGER_LABELS] = labels.triggers
        doc.user_data[LINKS] = links
        doc.user_data[ROLE_LABELS] = labels.roles
        doc.user_data[MODALITY_LABELS] = labels.modalities
        if self.keep_middle:
            doc.user_data[MIDDLE_WORDS] = page.middle


def _page(doc: Doc) -> _Page:
    table = np.zeros((len(doc), len(_COLUMNS)), dtype=np.uint64)
    table[:, _IOB] = _OUTSIDE
    return _Page(
        doc=doc,
        table=table,
        read=np.zeros(len(doc), dtype=np.bool_),
    )


def text_of(doc: Doc) -> str:
    """Returns a Doc's text."""
    text: str = doc.user_data.get(TEXT) or doc.text
    return text


def _blocks(doc: Doc) -> list[Span]:
    """Returns the character spans to be read, in order and cut so that they do not overlap."""
    given = doc.user_data.get(BLOCKS)
    if given is None:
        return [(0, len(text_of(doc)))]
    kept: list[Span] = []
    position = 0
    for start, end in sorted(given):
        start = max(start, position)
        if end > start:
            kept.append((start, end))
            position = end
    return kept


def _lay_flat(page: _Page, first: int, last: int) -> None:
    """Makes tokens a sentence of their own: the first word that is not white space over all others."""
    root = next((place for place in range(first, last) if not page.doc[place].is_space), first)
    strings = page.doc.vocab.strings
    page.table[first:last, _HEAD] = (root - np.arange(first, last)).astype(np.uint64)
    page.table[first:last, _DEP] = strings.add("dep")
    page.table[root, _DEP] = strings.add("ROOT")
    for place in range(first, last):
        if page.doc[place].is_space:
            page.table[place, _POS] = strings["SPACE"]
            page.table[place, _TAG] = strings.add("_SP")


def _fill(sentence: _Sentence, reading: Reading) -> None:
    """Writes a reading into the page's table; white space inside or after the sentence hangs on its root."""
    page, tokens = sentence.page, np.array(sentence.tokens)
    strings = page.doc.vocab.strings
    root = int(tokens[int(np.flatnonzero(reading.heads == 0)[0])])
    spaces = _spaces(page, sentence.tokens)
    page.table[spaces, _HEAD] = (root - spaces).astype(np.uint64)
    above = np.where(reading.heads == 0, tokens, tokens[np.maximum(reading.heads - 1, 0)])
    page.table[tokens, _HEAD] = (above - tokens).astype(np.uint64)
    page.table[tokens, _DEP] = [strings.add(r) for r in _spacy_names(reading.relations)]
    page.table[tokens, _POS] = [strings[tag] for tag in reading.tags]
    page.table[tokens, _TAG] = [strings.add(tag) for tag in reading.fine]
    page.table[tokens, _LEMMA] = [strings.add(lemma) for lemma in reading.lemmas]
    page.middle.append((sentence.tokens, reading.middle))
    page.read[tokens] = True
    for first, last, kind in reading.entities:
        inside = slice(int(tokens[first]), int(tokens[last - 1]) + 1)
        page.table[inside, _TYPE] = strings.add(kind)
        page.table[inside, _IOB] = _INSIDE
        page.table[int(tokens[first]), _IOB] = _BEGIN


def _spaces(page: _Page, tokens: Sequence[int]) -> NDArray[np.int64]:
    """Returns the places of the white space that was laid into this sentence: before, inside and after its words."""
    first, last = tokens[0], tokens[-1] + 1
    while first > 0 and page.doc[first - 1].is_space and _under(page, first - 1) == tokens[0]:
        first -= 1
    while last < len(page.doc) and page.doc[last].is_space and _under(page, last) == tokens[0]:
        last += 1
    known = set(tokens)
    return np.array([place for place in range(first, last) if place not in known], dtype=np.int64)


def _under(page: _Page, place: int) -> int:
    return place + int(page.table[place, _HEAD].astype(np.int64))


def _spacy_names(relations: Iterable[str]) -> Iterator[str]:
    """spaCy calls the root's relation ROOT; all others are as Universal Dependencies names them."""
    return ("ROOT" if relation == "root" else relation for relation in relations)


def register() -> None:
    """Makes the component known to spaCy under the name `heldby_reader`; may be called again."""
    if Language.has_factory(NAME):
        return

    def create(nlp: Language, name: str, model_path: str | None, threads: int) -> ReaderComponent:
        return ReaderComponent(load_model(Path(model_path) if model_path else None, threads=threads))

    Language.factory(
        NAME,
        default_config={"model_path": None, "threads": 2},
        assigns=[
            "token.pos",
            "token.tag",
            "token.dep",
            "token.head",
            "token.lemma",
            "token.is_sent_start",
            "doc.ents",
        ],
        func=create,
    )
