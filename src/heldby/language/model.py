"""The reading model: an encoder and its heads as ONNX files, run by onnxruntime."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heldby.errors import ModelError
from heldby.language.lemma import lemma
from heldby.language.links import ClaimHeads
from heldby.language.mentions import Entity, decode, transitions
from heldby.language.pieces import Pieces
from heldby.language.trees import heads_of

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Run = Callable[[dict[str, Any]], Sequence[Floats]]

PLAIN_HEADS = ("tags", "fine", "arcs")
HEADS = (*PLAIN_HEADS, "relations", "entities")
CLAIM_HEADS = ("telling", "linking")
LABELS = ("tags", "fine", "relations", "entities", "triggers", "modalities", "roles")
_WORDS_A_BATCH = 1000
_PIECES_A_SENTENCE = 510


@dataclass(frozen=True, slots=True)
class Labels:
    """The label lists of a model, in the order of its outputs."""

    tags: tuple[str, ...]
    fine: tuple[str, ...]
    relations: tuple[str, ...]
    entities: tuple[str, ...]
    triggers: tuple[str, ...]
    modalities: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of one sentence; places are places of words, heads are 1 + place, 0 for the root.

    middle: [words, width], the words' vectors from the encoder's middle layer, from which the claim heads go on.
    """

    tags: list[str]
    fine: list[str]
    lemmas: list[str]
    heads: Ints
    relations: list[str]
    entities: list[Entity]
    middle: Floats


class Model:
    """Reads sentences given as words. Results do not depend on which sentences are read together."""

    def __init__(
        self, labels: Labels, pieces: Pieces, *, runs: Mapping[str, Run], lemmas: Mapping[str, Mapping[str, str]]
    ) -> None:
        """Takes the parts that load_model finds; runs holds the encoder and every name of HEADS and CLAIM_HEADS."""
        self.labels = labels
        self._pieces = pieces
        self._runs = runs
        self.lemmas = lemmas
        self._moves = transitions(labels.entities)
        self.claims = ClaimHeads(telling=runs["telling"], linking=runs["linking"])

    def read(self, sentences: Sequence[Sequence[str]]) -> list[Reading]:
        """Returns one reading for each sentence (a non-empty list of words)."""
        inputs = [self._pieces.sentence(words) for words in sentences]
        order = sorted(range(len(sentences)), key=lambda place: (len(inputs[place][0]), place))
        found: dict[int, Reading] = {}
        for group in _groups(order, [len(ids) for ids, _, _ in inputs]):
            batch = [sentences[place] for place in group]
            for place, reading in zip(group, self._read_batch(batch, [inputs[p] for p in group]), strict=True):
                found[place] = reading
        return [found[place] for place in range(len(sentences))]

    def _read_batch(
        self, batch: Sequence[Sequence[str]], inputs: Sequence[tuple[list[int], list[int], list[int]]]
    ) -> Iterator[Reading]:
        vectors, middle = self._encode(inputs)
        scores = {name: self._runs[name]({"words": vectors})[0] for name in PLAIN_HEADS}
        scores["entities"] = self._runs["entities"]({"words": _blank(vectors, [len(words) for words in batch])})[0]
        heads = np.zeros(vectors.shape[:2], dtype=np.int64)
        for row, words in enumerate(batch):
            count = len(words)
            heads[row, :count] = heads_of(scores["arcs"][row, :count, : count + 1])
        (relations,) = self._runs["relations"]({"words": vectors, "heads": heads})
        scores["middle"] = middle
        for row, words in enumerate(batch):
            cut = {name: values[row, : len(words)] for name, values in scores.items()}
            yield self._reading(words, cut, heads[row, : len(words)], relations[row, : len(words)])

    def _encode(self, inputs: Sequence[tuple[list[int], list[int], list[int]]]) -> Sequence[Floats]:
        """Pads the sentences' pieces; returns the last and the middle layer's words [sentences, words, width]."""
        pieces = min(_PIECES_A_SENTENCE + 2, max(len(ids) for ids, _, _ in inputs))
        words = max(len(first) for _, _, first in inputs)
        ids = np.zeros((len(inputs), pieces), dtype=np.int64)
        cases = np.zeros_like(ids)
        first = np.zeros((len(inputs), words), dtype=np.int64)
        for row, (sentence, case, starts) in enumerate(inputs):
            kept = min(len(sentence), pieces)
            ids[row, :kept] = sentence[:kept]
            cases[row, :kept] = case[:kept]
            first[row, : len(starts)] = np.minimum(starts, pieces - 1)
        return self._runs["encoder"]({"ids": ids, "cases": cases, "first": first})

    def _reading(self, words: Sequence[str], scores: Mapping[str, Floats], heads: Ints, arcs: Floats) -> Reading:
        tags = [self.labels.tags[place] for place in scores["tags"].argmax(1)]
        fine = [self.labels.fine[place] for place in scores["fine"].argmax(1)]
        return Reading(
            tags=tags,
            fine=fine,
            lemmas=[lemma(w, tag=t, fine=f, table=self.lemmas) for w, t, f in zip(words, tags, fine, strict=True)],
            heads=heads,
            relations=self._relations(heads, arcs),
            entities=list(decode(scores["entities"], labels=self.labels.entities, moves=self._moves)),
            middle=scores["middle"],
        )

    def _relations(self, heads: Ints, scores: Floats) -> list[str]:
        """Takes each arc's best relation; `root` for the root's arc and for no other."""
        root = self.labels.relations.index("root")
        scores = scores.copy()
        scores[:, root] = np.where(heads == 0, np.inf, -np.inf)
        return [self.labels.relations[place] for place in scores.argmax(1)]


def _blank(vectors: Floats, lengths: Sequence[int]) -> Floats:
    """Returns a copy with nought behind each sentence's words, where the entity head would else see padding."""
    blank = vectors.copy()
    for row, length in enumerate(lengths):
        blank[row, length:] = 0.0
    return blank


def _groups(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Cuts sentences sorted by length into batches of a bounded number of pieces, padding counted."""
    group: list[int] = []
    for place in order:
        if group and (len(group) + 1) * lengths[place] > _WORDS_A_BATCH:
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def load_model(path: Path | None = None, *, threads: int = 2, encoder: Path | None = None) -> Model:
    """Loads the packaged model, or one in another folder; encoder may name another ONNX file for the encoder.

    Raises ModelError if a file of the model is missing or cannot be read.
    """
    if path is None:
        with resources.as_file(resources.files("heldby.language") / "model") as packaged:
            return _load(packaged, threads, encoder)
    return _load(path, threads, encoder)


def _load(folder: Path, threads: int, encoder: Path | None) -> Model:
    names = [
        "encoder.int8.onnx",
        "labels.json",
        "pieces.json",
        "lemmas.json.gz",
        *(f"heads/{name}.onnx" for name in (*HEADS, *CLAIM_HEADS)),
    ]
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise ModelError(
            f"The reading model is not complete: {', '.join(missing)} missing.",
            where=str(folder),
            remedy="Install heldby again, or make the model with training/README.md.",
        )
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    with gzip.open(folder / "lemmas.json.gz", "rt", encoding="utf-8") as file:
        lemmas = json.load(file)
    runs = {name: _session(folder / "heads" / f"{name}.onnx", threads) for name in (*HEADS, *CLAIM_HEADS)}
    runs["encoder"] = _session(encoder or folder / "encoder.int8.onnx", threads)
    return Model(
        Labels(**{name: tuple(labels[name]) for name in LABELS}),
        Pieces(folder / "pieces.json"),
        runs=runs,
        lemmas=lemmas,
    )


def _session(path: Path, threads: int) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # threads that wait by turning take the processor from the rest: without it reading is three quarters faster
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError(
            "onnxruntime cannot load this file.", where=str(path), remedy="Install heldby again."
        ) from error
    return partial(_run, session)


def _run(session: Any, inputs: dict[str, Any]) -> Sequence[Floats]:
    result: Sequence[Floats] = session.run(None, inputs)
    return result
