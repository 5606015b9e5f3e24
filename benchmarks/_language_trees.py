"""Tags and trees measured as in the CoNLL 2018 shared task: words are matched by their characters, figures are F1."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import conllu
from heldby.language.model import Model
from heldby.language.reader import Reader
from heldby.language.tokens import Span, words

TREEBANKS = ("ewt", "gum")


@dataclass(frozen=True, slots=True)
class Word:
    """A word's tag, its head's span (None for the root) and its relation."""

    tag: str
    head: Span | None
    relation: str


@dataclass(frozen=True, slots=True)
class Page:
    """A gold document: its text, its words by span, its sentences as spans."""

    text: str
    words: dict[Span, Word]
    sentences: list[Span]


def sentences_given(path: Path, model: Model) -> dict[str, float]:
    """Reads each gold sentence's text with the reader's own words."""
    counts: Counter[str] = Counter()
    gold = list(conllu.read(path))
    spans = [list(words(tree.text)) for tree in gold]
    forms = [[tree.text[a:b] for a, b in found] for tree, found in zip(gold, spans, strict=True)]
    for tree, found, reading in zip(gold, spans, model.read(forms), strict=True):
        system = {}
        for place, span in enumerate(found):
            head = int(reading.heads[place])
            system[span] = Word(reading.tags[place], found[head - 1] if head else None, reading.relations[place])
        counts.update(compare(_gold_words(tree, 0), system))
    return figures(counts)


def whole_documents(path: Path, reader: Reader) -> dict[str, float]:
    """Reads whole documents with the reader's own words and sentences."""
    counts: Counter[str] = Counter()
    pages = list(documents(path))
    for page, doc in zip(pages, reader.read(page.text for page in pages), strict=True):
        system = {}
        for token in doc:
            if not token.is_space:
                head = None if token.head is token or token.head == token else token.head
                at = (head.idx, head.idx + len(head)) if head is not None else None
                system[token.idx, token.idx + len(token)] = Word(token.pos_, at, token.dep_.replace("ROOT", "root"))
        counts.update(compare(page.words, system))
        found = {_trimmed(doc.text, sentence.start_char, end=sentence.end_char) for sentence in doc.sents}
        both = len(found & set(page.sentences))
        counts.update({"s_both": both, "s_gold": len(page.sentences), "s_system": len(found)})
    row = figures(counts)
    row["sentences"] = _f1(counts["s_both"], counts["s_gold"], counts["s_system"])
    return row


def documents(path: Path) -> Iterator[Page]:
    """Joins a treebank's sentences to documents: a space between sentences, a blank line between paragraphs."""
    page = Page("", {}, [])
    for tree in conllu.read(path):
        if tree.new_document and page.text:
            yield page
            page = Page("", {}, [])
        gap = "" if not page.text else "\n\n" if tree.new_paragraph else " "
        start = len(page.text) + len(gap)
        page.words.update(_gold_words(tree, start))
        page = Page(page.text + gap + tree.text, page.words, [*page.sentences, (start, start + len(tree.text))])
    if page.text:
        yield page


def _gold_words(tree: conllu.Tree, base: int) -> dict[Span, Word]:
    found = {}
    for place, (a, b) in enumerate(tree.spans):
        head = tree.heads[place]
        above = (base + tree.spans[head - 1][0], base + tree.spans[head - 1][1]) if head else None
        found[base + a, base + b] = Word(tree.upos[place], above, tree.relations[place])
    return found


def _trimmed(text: str, start: int, *, end: int) -> Span:
    """Leaves white space at both ends out."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def compare(gold: dict[Span, Word], system: dict[Span, Word]) -> dict[str, int]:
    """Counts the words of both sides, those in common, and those right in tag, head, and head and main relation."""
    both = gold.keys() & system.keys()
    heads = [span for span in both if gold[span].head == system[span].head]
    labelled = sum(gold[s].relation.split(":")[0] == system[s].relation.split(":")[0] for s in heads)
    return {
        "gold": len(gold),
        "system": len(system),
        "both": len(both),
        "tags": sum(gold[span].tag == system[span].tag for span in both),
        "heads": len(heads),
        "labelled": labelled,
    }


def figures(counts: Counter[str]) -> dict[str, float]:
    """Turns counts into F1 in per cent."""
    names = {"words": "both", "UPOS": "tags", "UAS": "heads", "LAS": "labelled"}
    return {name: _f1(counts[key], counts["gold"], counts["system"]) for name, key in names.items()}


def _f1(both: int, gold: int, system: int) -> float:
    return round(200 * both / max(1, gold + system), 2)


def speed(shared: Path, reader: Reader) -> dict[str, float]:
    """Words a second, all sentences read, over GUM's test documents (read twice, the second time counted)."""
    texts = [page.text for page in documents(shared / "data" / "ud_english_gum" / "test.conllu")]
    _count(reader.read(texts))
    began = time.monotonic()
    found = _count(reader.read(texts))
    return {"words": found, "words a second": round(found / (time.monotonic() - began))}


def _count(docs: Iterable[object]) -> int:
    return sum(len(doc) for doc in docs)  # type: ignore[arg-type, misc]
