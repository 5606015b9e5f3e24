"""Light damage to training sentences, as news text meets it: stripped punctuation, headlines, other letter case."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from corpora import KINDS, Example

STRIPPED = frozenset({",", "'", "\u2019", "\u2018", '"', "\u201c", "\u201d", "``", "''"})
SIDES = (
    "IS",
    "IS",
    "IS",
    "IS",
    "ISIS",
    "ISIL",
    "SDF",
    "YPG",
    "FSA",
    "HTS",
    "PKK",
    "LNA",
    "GNA",
    "RSF",
    "SAF",
    "US",
    "UN",
)
NAME_RELATIONS = frozenset(
    {"nsubj", "nsubj:pass", "obj", "obl", "obl:agent", "compound", "nmod", "nmod:poss", "conj"}
)
_APOSTROPHES = "'\u2019\u2018"


def damage(example: Example, rng: random.Random, *, share: float = 0.15) -> Example:
    """Returns the example, or with the given probability a copy with punctuation stripped or case changed."""
    if example.heads and rng.random() < 0.06:
        example = rename(example, rng)
    if rng.random() < share:
        example = strip(example)
    roll = rng.random()
    if roll < 0.03:
        return replace(example, words=[word.lower() for word in example.words])
    if roll < 0.06:
        return replace(example, words=[word.upper() for word in example.words])
    if roll < 0.09:
        return replace(example, words=[word[:1].upper() + word[1:] for word in example.words])
    return example


def rename(example: Example, rng: random.Random) -> Example:
    """Puts a side's short name, some of which are also English words ("IS"), where a one-word name stood."""
    places = [
        i
        for i, (tag, relation) in enumerate(zip(example.tags, example.relations, strict=True))
        if tag == "PROPN" and relation in NAME_RELATIONS and i + 1 not in example.heads
    ]
    if not places:
        return example
    words = list(example.words)
    words[rng.choice(places)] = rng.choice(SIDES)
    return replace(example, words=words)


def mentions_by_kind(examples: Iterable[Example]) -> dict[str, list[list[str]]]:
    """Collects the words of every mention."""
    found: dict[str, list[list[str]]] = {kind: [] for kind in KINDS}
    for example in examples:
        for first, last, kind in _spans(example.entities):
            found[kind].append(example.words[first:last])
    return found


def swap(example: Example, known: Mapping[str, Sequence[list[str]]], rng: random.Random, *, share: float) -> Example:
    """Puts other mentions of the same kind in place of a share of the mentions; only words and entities remain."""
    words: list[str] = []
    entities: list[str | None] = []
    position = 0
    for first, last, kind in _spans(example.entities):
        new = rng.choice(known[kind]) if rng.random() < share else example.words[first:last]
        words += [*example.words[position:first], *new]
        entities += [*example.entities[position:first], *[f"{'I' if i else 'B'}-{kind}" for i in range(len(new))]]
        position = last
    return Example(words=words + example.words[position:], entities=entities + example.entities[position:])


def _spans(labels: Sequence[str | None]) -> Iterator[tuple[int, int, str]]:
    """Yields (first, past the last, kind) of each B- with the I- after it."""
    for first, label in enumerate(labels):
        if label and label.startswith("B-"):
            last = first + 1
            while last < len(labels) and labels[last] == f"I-{label[2:]}":
                last += 1
            yield first, last, label[2:]


def strip(example: Example) -> Example:
    """Drops commas, quotes and apostrophes; children of a dropped word move to its head."""
    keep = [i for i, word in enumerate(example.words) if word not in STRIPPED]
    if not keep:
        return example
    heads = _heads(example, keep) if example.heads else []
    bare = [example.words[i].translate({ord(mark): None for mark in _APOSTROPHES}) or example.words[i] for i in keep]

    def chosen(values: list) -> list:  # type: ignore[type-arg]
        return [values[i] for i in keep] if values else []

    return Example(
        words=bare,
        tags=chosen(example.tags),
        fine=chosen(example.fine),
        heads=heads,
        relations=chosen(example.relations),
        entities=_mend(chosen(example.entities)),
        names=_mend(chosen(example.names)),
        triggers=chosen(example.triggers),
    )


def _heads(example: Example, keep: list[int]) -> list[int]:
    place = {old + 1: new + 1 for new, old in enumerate(keep)} | {0: 0}
    heads = []
    for old in keep:
        head = example.heads[old]
        while head not in place:
            head = example.heads[head - 1]
        heads.append(place[head])
    if heads.count(0) > 1:
        root = heads.index(0)
        heads = [root + 1 if head == 0 and i != root else head for i, head in enumerate(heads)]
    return heads


def _mend(labels: list[str | None]) -> list[str | None]:
    """Turns an entity's first kept label into its beginning."""
    mended: list[str | None] = []
    for label in labels:
        before = mended[-1] if mended else None
        if label and label.startswith("I-") and (before is None or before[2:] != label[2:]):
            label = f"B-{label[2:]}"
        mended.append(label)
    return mended
