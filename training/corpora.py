"""The training examples of every corpus; `-100` marks a word whose label a corpus does not say."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import conllu
from heldby.language.sentences import sentences
from heldby.language.tokens import Span, words

UNSAID = -100
TRIGGERS = (
    "takes",
    "withdraws",
    "holds",
    "contests",
    "besieges",
    "enters",
    "advances",
    "attacks",
    "repels",
    "strikes",
)
KINDS = ("PERSON", "ORG", "PLACE", "DATE", "QUANTITY", "WEAPON")
ENTITIES = ("O", *(f"{part}-{kind}" for kind in KINDS for part in "BI"))
_OUTSIDE = 0

_RE3D = {
    "Person": "PERSON",
    "Organisation": "ORG",
    "Nationality": "ORG",
    "Location": "PLACE",
    "Coordinate": "PLACE",
    "Temporal": "DATE",
    "Quantity": "QUANTITY",
    "Money": "QUANTITY",
    "Weapon": "WEAPON",
    "MilitaryPlatform": "WEAPON",
    "Vehicle": "WEAPON",
}
_PRONOUNS_LIST = "i he she it we they his her its our their him them us me my who you this that"
_PRONOUNS = frozenset(_PRONOUNS_LIST.split())
_DETERMINERS_LIST = "the a an our its their his her my your this that these those some any all both each such"
_DETERMINERS = frozenset(_DETERMINERS_LIST.split())
_BARE = frozenset({"PERSON", "ORG", "PLACE", "WEAPON"})
_NOT_WEAPONS = frozenset({"strike", "strikes", "airstrike", "airstrikes", "bombardment", "attack"})
_GUM = {"person": "PERSON", "organization": "ORG", "place": "PLACE", "time": "DATE"}
_WNUT = {"person": "PERSON", "location": "PLACE", "group": "ORG", "corporation": "ORG"}


@dataclass(slots=True)
class Example:
    """One sentence with whatever labels its corpus gives; every list has one entry a word."""

    words: list[str]
    tags: list[str] = field(default_factory=list)
    fine: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    entities: list[str | None] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    triggers: list[frozenset[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mention:
    """A typed span of characters."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its entity mentions."""

    id: str
    text: str
    mentions: tuple[Mention, ...]


def trees(path: Path) -> Iterator[Example]:
    """Yields a treebank's sentences; GUM's also carry the names that its annotation makes certain."""
    for tree in conllu.read(path):
        example = Example(
            words=list(tree.words),
            tags=list(tree.upos),
            fine=list(tree.xpos),
            heads=list(tree.heads),
            relations=[conllu.cut(relation) for relation in tree.relations],
        )
        if any("Entity=" in misc for misc in tree.misc):
            example.names = _gum_entities(tree)
        yield example


def _gum_entities(tree: conllu.Tree) -> list[str | None]:
    """Marks names and short times; masks other mentions of people, groups, places and things, and numbers."""
    labels: list[str | None] = [None if tag == "NUM" else "O" for tag in tree.upos]
    mentions: list[tuple[int, int, str]] = []
    stack: list[tuple[int, str, str]] = []
    for place, misc in enumerate(tree.misc):
        value = next((part[7:] for part in misc.split("|") if part.startswith("Entity=")), "")
        for part in re.findall(r"\([^()]+\)?|[^()]*\)", value):
            if part.startswith("("):
                name = part.strip("()").split("-")
                stack.append((place, name[0], name[1] if len(name) > 1 else ""))
            if part.endswith(")"):
                closing = part.strip("()") if not part.startswith("(") else stack[-1][1]
                at = next((i for i in reversed(range(len(stack))) if stack[i][1] == closing), None)
                if at is not None:
                    start, _, kind = stack.pop(at)
                    mentions.append((start, place + 1, kind))
    hidden = [m for m in mentions if m[2] in (*_GUM, "object") and not _certain(tree, m)]
    for start, end, _ in hidden:
        labels[start:end] = [None if labels[i] == "O" else labels[i] for i in range(start, end)]
    for start, end, kind in sorted(
        (m for m in mentions if m[2] in _GUM and _certain(tree, m)), key=lambda m: m[0] - m[1]
    ):
        if all(label in ("O", None) for label in labels[start:end]):
            named = _GUM[kind] in _BARE
            while named and start < end and tree.words[start].lower() in _DETERMINERS:
                labels[start] = "O"
                start += 1
            labels[start:end] = _bio(_GUM[kind], end - start)
    return labels


def _certain(tree: conllu.Tree, mention: tuple[int, int, str]) -> bool:
    start, end, kind = mention
    tags = tree.upos[start:end]
    if kind == "time":
        return end - start <= 4 and not set(tags) & {"VERB", "PRON", "SCONJ"}
    links = ("of", "for", "the", "and") if kind == "organization" else ("of", "the", "-")
    parts = zip(tags, tree.words[start:end], strict=True)
    return kind in _GUM and "PROPN" in tags and all(tag in ("PROPN", "DET") or word in links for tag, word in parts)


def _bio(kind: str, length: int) -> list[str]:
    return [f"{'I' if place else 'B'}-{kind}" for place in range(length)]


def wnut(path: Path) -> Iterator[Example]:
    """Yields noisy sentences with names; what is not named is left unsaid unless it is a small word."""
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        rows = [line.split("\t") for line in block.splitlines() if "\t" in line and line.strip()]
        if not rows:
            continue
        labels: list[str | None] = []
        for word, label in ((row[0], row[1].strip()) for row in rows):
            part, _, kind = label.partition("-")
            if kind in _WNUT:
                labels.append(f"{part}-{_WNUT[kind]}")
            else:
                labels.append("O" if (word.islower() and len(word) < 5) or not word[0].isalnum() else None)
        yield Example(words=[row[0] for row in rows], names=labels)


def re3d(folder: Path) -> list[Passage]:
    """Returns re3d's documents with confident, outermost mentions of the six kinds; pronouns are left out."""
    passages = []
    for documents in sorted(folder.glob("*/documents.json")):
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in _rows(documents.parent / "entities.json"):
            found[row["documentId"]].append(row)
        for row in _rows(documents):
            mentions = tuple(_mentions(row["text"], found[row["_id"]]))
            passages.append(Passage(row["_id"], row["text"], mentions))
    return passages


def held_out(passage: Passage) -> bool:
    """Tells whether a document is kept for measuring: one in five, by a hash of its id."""
    return int(hashlib.sha256(f"heldby:{passage.id}".encode()).hexdigest(), 16) % 5 == 0


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _mentions(text: str, rows: Sequence[dict[str, Any]]) -> Iterator[Mention]:
    kept = [row for row in rows if row["confidence"] >= 0.5 and row["type"] in _RE3D and _whole(text, row)]
    taken: list[tuple[int, int]] = []
    for row in sorted(kept, key=lambda row: (row["begin"] - row["end"], -row["confidence"], row["begin"])):
        start, end = row["begin"], row["end"]
        if row["value"].lower() in _PRONOUNS or any(a < end and start < b for a, b in taken):
            continue
        taken.append((start, end))
        mention = bare(text, Mention(start, end, _RE3D[row["type"]]))
        if mention and not (mention.kind == "WEAPON" and text[mention.start : mention.end].lower() in _NOT_WEAPONS):
            yield mention


def bare(text: str, mention: Mention) -> Mention | None:
    """Leaves leading determiners and white space out of a mention of a person, side, place or weapon."""
    start, end = mention.start, mention.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while mention.kind in _BARE and (found := re.match(r"(\w+)\s+", text[start:end])):
        if found[1].lower() not in _DETERMINERS:
            break
        start += found.end()
    kept = start < end and text[start:end].lower() not in _DETERMINERS | _PRONOUNS
    return Mention(start, end, mention.kind) if kept else None


def _whole(text: str, row: dict[str, Any]) -> bool:
    """Drops the corpus's automatic finds that begin or end inside a word ("st ISIL")."""
    start, end = row["begin"], row["end"]
    inside = (start > 0 and text[start - 1].isalnum() and text[start].isalnum()) or (
        end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    )
    return bool(text[start:end].strip()) and not inside


def passage_examples(passage: Passage) -> Iterator[Example]:
    """Yields a fully annotated passage sentence by sentence."""
    spans = list(words(passage.text))
    labels = label_words(spans, passage.mentions)
    for first, last in sentences(passage.text, spans):
        yield Example(words=[passage.text[a:b] for a, b in spans[first:last]], entities=list(labels[first:last]))


def label_words(spans: Sequence[Span], mentions: Sequence[Mention]) -> list[str]:
    """Returns BIO labels; a word belongs to a mention if they overlap."""
    labels = ["O"] * len(spans)
    for mention in mentions:
        inside = [i for i, (a, b) in enumerate(spans) if a < mention.end and mention.start < b]
        for order, place in enumerate(inside):
            labels[place] = f"{'I' if order else 'B'}-{mention.kind}"
    return labels


def gold(folder: Path, name: str) -> Iterator[Example]:
    """Yields annotated conflict paragraphs: claim triggers fully said, entities only where claims name them."""
    texts = {row["id"]: row["text"] for row in json.loads((folder / f"{name}-docs.json").read_text(encoding="utf-8"))}
    for row in _rows(folder / f"{name}.jsonl"):
        yield from _gold_passage(texts[row["id"]], row)


def _gold_passage(text: str, row: dict[str, Any]) -> Iterator[Example]:
    spans = list(words(text))
    marked: list[set[str]] = [set() for _ in spans]
    entities: list[str | None] = [None] * len(spans)
    forms = [text[a:b] for a, b in spans]
    for claim in row["claims"]:
        for place in inside(text, spans, claim["sentence"], claim["trigger"]):
            marked[place].add(claim["relation"])
        _name(entities, forms, inside(text, spans, claim["sentence"], claim["place"]), "PLACE")
        if claim["actor_text"] and any(letter.isupper() for letter in claim["actor_text"]):
            _name(entities, forms, inside(text, spans, claim["sentence"], claim["actor_text"]), "ORG")
    for quantity in row.get("quantities", ()):
        _name(entities, forms, inside(text, spans, quantity["sentence"], quantity["text"]), "QUANTITY")
    for first, last in sentences(text, spans):
        yield Example(
            words=[text[a:b] for a, b in spans[first:last]],
            entities=entities[first:last],
            triggers=[frozenset(found) for found in marked[first:last]],
        )


def inside(text: str, spans: Sequence[Span], sentence: str, part: str) -> list[int]:
    """Returns the places of the words of a part of a sentence; empty if the text does not hold it."""
    base = text.find(sentence)
    at = sentence.find(part)
    if base < 0 or at < 0:
        return []
    start, end = base + at, base + at + len(part)
    return [i for i, (a, b) in enumerate(spans) if a < end and start < b]


def _name(labels: list[str | None], forms: Sequence[str], places: Sequence[int], kind: str) -> None:
    while places and kind in _BARE and forms[places[0]].lower() in _DETERMINERS:
        labels[places[0]] = labels[places[0]] or "O"
        places = places[1:]
    if places and len(places) < 8 and all(labels[i] is None for i in places):
        for place, label in zip(places, _bio(kind, len(places)), strict=True):
            labels[place] = label
