"""Annotated reports for the claim heads, read by heldby itself and laid onto its words.

Two corpora: paragraphs of Wikipedia articles annotated for this project (not part of it), and the invented reports of
training/reports, whose format reports/README.md tells.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from json import dumps, loads
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from claim_network import MODALITIES, RELATIONS, ROLES
from heldby.capture import capture_items
from heldby.document import make_documents, read_rules
from heldby.knowledge import read_knowledge
from heldby.language import Reader
from heldby.language.component import MIDDLE_WORDS
from heldby.records import Document, Failure, Hints
from heldby.settings import Settings

Row = dict[str, Any]
STRIPPED = str.maketrans("", "", ",'\"\u2018\u2019\u201c\u201d")
_CLAIM = re.compile(r'@ (\w+) "([^"]+)"(.*)$')
_CLAIM_TEXTS = ("sentence", "trigger", "place", "actor_text", "opponent_text", "part_text")


@dataclass(frozen=True, slots=True)
class Told:
    """One annotated claim on a document's read words: places of its trigger's words and of each role's."""

    relation: int
    trigger: list[int]
    roles: dict[str, list[int]]
    unsaid: frozenset[str]
    modality: int
    background: bool
    part: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """One document: the vectors of its sentences from the encoder's middle layer, and its claims."""

    name: str
    sentences: list[NDArray[np.float32]]
    claims: list[Told]
    encyclopedic: bool


@dataclass(slots=True)
class Annotated:
    """A document's text with its claims as annotated."""

    name: str
    text: str
    published: str
    outlet: str
    encyclopedic: bool
    claims: list[Row] = field(default_factory=list)

    def stripped(self) -> Annotated:
        """Returns the document as corpora mangle it: without commas, quotes and apostrophes."""

        def bare(value: Any) -> Any:
            return value.translate(STRIPPED) if isinstance(value, str) else value

        claims = [
            {
                **claim,
                **{key: bare(claim.get(key)) for key in _CLAIM_TEXTS},
                "sources": list(map(bare, claim["sources"])),
            }
            for claim in self.claims
        ]
        return Annotated(self.name, bare(self.text), self.published, self.outlet, self.encyclopedic, claims)


def renamed(one: Annotated, names: Sequence[str], rng: random.Random) -> Annotated:
    """Returns the document with other names for its claims' places: no name is to tell what happens there."""
    own = sorted({claim["place"] for claim in one.claims if claim["place"][:1].isupper()}, key=len, reverse=True)
    new = {place: rng.choice(names) for place in own}
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(place)}(?!\w)" for place in own)) if own else None

    def changed(value: Any) -> Any:
        return pattern.sub(lambda match: new[match.group()], value) if pattern and isinstance(value, str) else value

    claims = [
        {
            **claim,
            **{key: changed(claim.get(key)) for key in _CLAIM_TEXTS},
            "sources": list(map(changed, claim["sources"])),
        }
        for claim in one.claims
    ]
    return Annotated(one.name, changed(one.text), one.published, one.outlet, one.encyclopedic, claims)


def place_names(documents: Iterable[Annotated]) -> list[str]:
    """Returns the names of places of some documents that are short enough to stand for others."""
    found = {claim["place"] for one in documents for claim in one.claims}
    return sorted(name for name in found if name[:1].isupper() and len(name.split()) <= 3)


def paragraphs(folder: Path, name: str = "train") -> list[Annotated]:
    """Returns the annotated paragraphs of a gold folder."""
    claims = {row["id"]: row["claims"] for row in map(loads, (folder / f"{name}.jsonl").open(encoding="utf-8"))}
    rows = loads((folder / f"{name}-docs.json").read_text(encoding="utf-8"))
    return [Annotated(row["id"], row["text"], row["date"], "", name == "train", claims[row["id"]]) for row in rows]


def invented(folder: Path) -> list[Annotated]:
    """Returns the reports of every .txt file of a folder, in the order of names."""
    found: list[Annotated] = []
    for path in sorted(folder.glob("*.txt")):
        found += _reports(path.read_text(encoding="utf-8"))
    return found


def _reports(text: str) -> list[Annotated]:
    found: list[Annotated] = []
    sentence, broken = "", True
    for line in text.split("\n"):
        if line.startswith("=== "):
            name, published, outlet = (part.strip() for part in line[4:].split("|"))
            found.append(Annotated(name, "", published, outlet, encyclopedic=False))
            broken = True
        elif line.startswith("@ "):
            found[-1].claims.append(_claim(line, sentence, found[-1].published))
        elif line.startswith("! "):
            sentence = line[2:].strip()
            found[-1].text = sentence
        elif line.strip():
            sentence = line.strip()
            gap = "" if not found[-1].text else "\n\n" if broken else " "
            found[-1].text += gap + sentence
            broken = False
        else:
            broken = True
    return found


def _claim(line: str, sentence: str, published: str) -> Row:
    match = _CLAIM.match(line)
    if match is None:
        raise SystemExit(f"not a claim: {line}")
    relation, trigger, rest = match.groups()
    given = dict(part.strip().partition("=")[::2] for part in rest.split(" ; ") if part.strip(" ;"))
    actor, _, actor_text = given.get("a", "").partition("/")
    opponent, _, opponent_text = given.get("o", "").partition("/")
    when = given.get("w", published)
    return {
        "sentence": sentence,
        "trigger": trigger,
        "relation": relation,
        "actor": actor or None,
        "actor_text": actor_text or None,
        "opponent": opponent or None,
        "opponent_text": opponent_text or None,
        "place": given["p"],
        "extent": "part" if "part" in given else "whole",
        "part_text": given.get("part"),
        "modality": given.get("m", "asserted"),
        "sources": [source for source in given.get("s", "").split(" > ") if source],
        "when": None if when == "null" else when,
        "background": "bg" in given,
    }


def lessons(documents: Sequence[Annotated], reader: Reader, *, settings: Settings) -> list[Lesson]:
    """Reads documents as heldby does and lays their claims onto the words that it read.

    The reader must keep the middle layer's words (ReaderComponent.keep_middle).
    """
    read = read_documents(documents, reader, settings=settings)
    return [_lesson(one, doc) for one, (_, doc) in zip(documents, read, strict=True)]


def read_documents(
    documents: Sequence[Annotated], reader: Reader, *, settings: Settings
) -> list[tuple[Document, Doc]]:
    """Takes documents the way from lines of JSON to parsed text; raises SystemExit if one of them does not arrive."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "documents.jsonl"
        lines.write_text("".join(_line(place, one) for place, one in enumerate(documents)), encoding="utf-8")
        captured = capture_items([str(lines)], hints=Hints(), settings=settings, now=datetime.now(UTC))
        items = [item for item in captured if not isinstance(item, Failure)]
    order = {item.capture.id: int(item.capture.hints.item_id) for item in items}
    made = make_documents(items, rules=read_rules(read_knowledge("furniture")))
    pages = [one for one in made if not isinstance(one, Failure)]
    blocks = [[(block.start, block.end) for block in page.body()] for page in pages]
    docs = reader.read([page.text for page in pages], boundaries=blocks)
    found = {order[page.capture_id]: (page, doc) for page, doc in zip(pages, docs, strict=True)}
    if len(found) != len(documents):
        raise SystemExit(f"{len(documents) - len(found)} documents were not read")
    return [found[place] for place in range(len(documents))]


def _line(place: int, one: Annotated) -> str:
    row = {"id": str(place), "outlet": one.outlet, "text": one.text, "published": one.published}
    return dumps(row) + "\n"


def _lesson(one: Annotated, doc: Doc) -> Lesson:
    sentences: list[tuple[list[int], NDArray[np.float32]]] = doc.user_data[MIDDLE_WORDS]
    words = [place for tokens, _ in sentences for place in tokens]
    text = doc.text
    spans = [(doc[place].idx, doc[place].idx + len(doc[place])) for place in words]
    names: dict[str, list[str]] = {}
    for claim in one.claims:
        if claim["actor"] and claim.get("actor_text"):
            names.setdefault(claim["actor"], []).append(claim["actor_text"])
    told = [_told(claim, text, spans, names) for claim in one.claims]
    return Lesson(
        one.name, [vectors for _, vectors in sentences], [claim for claim in told if claim], one.encyclopedic
    )


def _told(claim: Row, text: str, spans: Sequence[tuple[int, int]], names: dict[str, list[str]]) -> Told | None:
    base = text.find(claim["sentence"])
    if base < 0:
        return None
    inside = (base, base + len(claim["sentence"]))
    places = [at for at in occurrences(text, claim["place"]) if inside[0] <= at < inside[1]]
    triggers = [at for at in occurrences(text, claim["trigger"]) if inside[0] <= at < inside[1]]
    triggers = triggers or [base + max(0, claim["sentence"].find(claim["trigger"]))]
    at = min(triggers, key=lambda one: min((abs(one - place) for place in places), default=0))
    trigger = _words(spans, at, at + len(claim["trigger"]))
    if not trigger:
        return None
    roles: dict[str, list[int]] = {}
    said = {"place": claim["place"], "actor": claim.get("actor_text"), "part": claim.get("part_text")}
    said |= {"opponent": claim.get("opponent_text"), "source": (claim["sources"] or [None])[-1]}
    for role, words in said.items():
        roles[role] = _mentions(text, words, inside, at, spans) if words else []
    if claim["opponent"] and not roles["opponent"]:
        roles |= _opponent([*names.get(claim["opponent"], ()), claim["opponent"]], text, inside, at, spans)
    unsaid = {role for role in ROLES if not roles.get(role)}
    wanted = {"opponent": claim["opponent"], "source": claim["sources"], "place": True}
    return Told(
        relation=RELATIONS.index(claim["relation"]),
        trigger=trigger,
        roles={role: words for role, words in roles.items() if words},
        # a filler that is meant but not found in the words says nothing, unlike one that is not meant
        unsaid=frozenset(role for role in unsaid if wanted.get(role)),
        modality=MODALITIES.index(claim["modality"]),
        background=bool(claim["background"]),
        part=claim["extent"] == "part",
    )


def _mentions(text: str, words: str, inside: tuple[int, int], at: int, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Returns the words of the mention meant and, of a name, of every other mention: any of them is as right."""
    found = nearest(text, words, inside, at)
    if found is None:
        return []
    named = words[0].isupper() and not text[:found].rstrip().endswith((".", "\u201d", '"'))
    starts = list(occurrences(text, words)) if named else [found]
    return [place for start in starts for place in _words(spans, start, start + len(words))]


def _opponent(
    names: Iterable[str], text: str, inside: tuple[int, int], at: int, spans: Sequence[tuple[int, int]]
) -> dict[str, list[int]]:
    for name in names:
        found = nearest(text, name, inside, at)
        if found is not None and inside[0] <= found < inside[1]:
            return {"opponent": _words(spans, found, found + len(name))}
    return {}


def occurrences(text: str, part: str) -> Iterator[int]:
    """Yields where whole words of a text read as the part does."""
    at = text.find(part)
    while part and at >= 0:
        end = at + len(part)
        begins = at == 0 or not text[at - 1].isalnum() or not part[0].isalnum()
        ends = end == len(text) or not text[end].isalnum() or not part[-1].isalnum()
        if begins and ends:
            yield at
        at = text.find(part, at + 1)


def nearest(text: str, part: str, inside: tuple[int, int], at: int) -> int | None:
    """Returns the occurrence in the sentence nearest to `at`, else the last one before, else the first after."""
    found = list(occurrences(text, part))
    here = [one for one in found if inside[0] <= one < inside[1]]
    if here:
        return min(here, key=lambda one: abs(one - at))
    before = [one for one in found if one < inside[0]]
    return before[-1] if before else next(iter(found), None)


def _words(spans: Sequence[tuple[int, int]], start: int, end: int) -> list[int]:
    return [place for place, (first, last) in enumerate(spans) if first < end and start < last]
