"""Entities, words that carry claims, and the filter, on re3d's held-out documents and the annotated reports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

import corpora
from heldby.knowledge import read_knowledge
from heldby.language.model import Model
from heldby.language.reader import TRIGGER, TRIGGER_LABELS, Reader
from heldby.language.relevance import claim_filter, irregular_forms
from heldby.language.sentences import sentences
from heldby.language.tokens import Span, words

LEAST = 0.5


def entities(shared: Path, reader: Reader) -> dict[str, Any]:
    """F1 by span and kind on held-out re3d: exact; lenient (overlap, same kind); exact for each kind."""
    passages = [passage for passage in corpora.re3d(shared / "data" / "re3d") if corpora.held_out(passage)]
    exact: dict[str, Counter[str]] = {kind: Counter() for kind in corpora.KINDS}
    lenient: Counter[str] = Counter()
    for passage, doc in zip(passages, reader.read(passage.text for passage in passages), strict=True):
        gold = {(m.start, m.end, m.kind) for m in passage.mentions}
        found = {(e.start_char, e.end_char, e.label_) for e in doc.ents}
        for kind in corpora.KINDS:
            ours, theirs = {e for e in found if e[2] == kind}, {e for e in gold if e[2] == kind}
            exact[kind].update(both=len(ours & theirs), gold=len(theirs), system=len(ours))
        lenient.update(
            said=sum(any(_overlap(e, g) for g in gold) for e in found),
            met=sum(any(_overlap(e, g) for e in found) for g in gold),
            gold=len(gold),
            system=len(found),
        )
    total = sum(exact.values(), Counter[str]())
    precision, recall = 100 * lenient["said"] / lenient["system"], 100 * lenient["met"] / lenient["gold"]
    return {
        "documents": len(passages),
        "mentions": lenient["gold"],
        "exact": _scores(total["both"], total["gold"], total["system"]),
        "lenient": {
            "P": round(precision, 2),
            "R": round(recall, 2),
            "F1": round(2 * precision * recall / (precision + recall), 2),
        },
        **{kind: _scores(row["both"], row["gold"], row["system"])["F1"] for kind, row in exact.items()},
    }


def _overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return one[2] == other[2] and one[0] < other[1] and other[0] < one[1]


def _scores(both: int, gold: int, system: int) -> dict[str, float]:
    precision, recall = 100 * both / max(1, system), 100 * both / max(1, gold)
    return {
        "P": round(precision, 2),
        "R": round(recall, 2),
        "F1": round(2 * precision * recall / max(1e-9, precision + recall), 2),
    }


def claim_places(shared: Path, reader: Reader) -> dict[str, Any]:
    """Share of the places of the annotated news reports' claims that are found as PLACE, whole or in part."""
    counts: Counter[str] = Counter()
    for row, text, doc in _read(shared, reader, "dev"):
        for place, base in {(claim["place"], text.find(claim["sentence"])) for claim in row["claims"]}:
            start = text.find(place, max(base, 0))
            span = (start, start + len(place), "PLACE")
            counts["places"] += 1
            found = [(e.start_char, e.end_char, e.label_) for e in doc.ents]
            counts["exact"] += span in found
            counts["overlapping"] += any(_overlap(span, entity) for entity in found)
    return {
        "places": counts["places"],
        **{key: round(100 * counts[key] / counts["places"], 2) for key in ("exact", "overlapping")},
    }


def triggers(shared: Path, reader: Reader) -> dict[str, Any]:
    """Words that carry claims in the annotated news reports (probability above one half), by word and relation."""
    counts: Counter[str] = Counter()
    for row, text, doc in _read(shared, reader, "dev"):
        labels = doc.user_data[TRIGGER_LABELS]
        found = {(i, labels[j]) for i, j in zip(*(doc.user_data[TRIGGER] > LEAST).nonzero(), strict=True)}
        spans = [(token.idx, token.idx + len(token)) for token in doc]
        gold = {
            (place, claim["relation"])
            for claim in row["claims"]
            for place in corpora.inside(text, spans, claim["sentence"], claim["trigger"])
        }
        counts.update(both=len(gold & found), gold=len(gold), system=len(found))
        counts["claims"] += len(row["claims"])
        for claim in row["claims"]:
            places = corpora.inside(text, spans, claim["sentence"], claim["trigger"])
            counts["touched"] += any((place, claim["relation"]) in found for place in places)
    scores = _scores(counts["both"], counts["gold"], counts["system"])
    return {**scores, "claims touched": round(100 * counts["touched"] / counts["claims"], 2)}


def _read(shared: Path, reader: Reader, name: str) -> Iterator[tuple[dict[str, Any], str, Doc]]:
    texts, rows = gold(shared, name)
    for row, doc in zip(rows, reader.read(texts[row["id"]] for row in rows), strict=True):
        yield row, texts[row["id"]], doc


def gold(shared: Path, name: str) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Returns the annotated texts by id and their annotations."""
    folder = shared / "gold"
    documents = json.loads((folder / f"{name}-docs.json").read_text(encoding="utf-8"))
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row["text"] for row in documents}, [json.loads(line) for line in lines if line.strip()]


def filtering(shared: Path, model: Model) -> dict[str, Any]:
    """Per cent of sentences that the filter skips, and of claims and counts that would be lost with them."""
    carries = claim_filter(
        read_knowledge("relations"), read_knowledge("quantities"), irregular=irregular_forms(model.lemmas)
    )
    rows: dict[str, Any] = {}
    for name in ("train", "dev"):
        counts: Counter[str] = Counter()
        texts, annotations = gold(shared, name)
        for row in annotations:
            text = texts[row["id"]]
            parts = _sentence_spans(text)
            kept = [carries(text[a:b]) for a, b in parts]
            counts.update(sentences=len(parts), skipped=kept.count(False))
            for kind, part in (("claims", "trigger"), ("quantities", "text")):
                states = [_state(text, parts, kept, item["sentence"], item[part]) for item in row.get(kind, ())]
                counts.update({kind: len(states), f"{kind} lost": states.count(False)})
        rows[f"gold {name}"] = _shares(counts)
    for name in ("ewt", "gum"):
        rows[f"{name} test, skipped"] = _skipped(shared / "data" / f"ud_english_{name}" / "test.conllu", carries)
    return rows


def _skipped(path: Path, carries: Any) -> float:
    import conllu

    kept = [carries(tree.text) for tree in conllu.read(path)]
    return round(100 * kept.count(False) / len(kept), 2)


def _sentence_spans(text: str) -> list[Span]:
    spans = list(words(text))
    return [(spans[first][0], spans[last - 1][1]) for first, last in sentences(text, spans)]


def _state(text: str, parts: list[Span], kept: list[bool], sentence: str, part: str) -> bool | None:
    """Tells whether the filter keeps the sentence in which an annotated part begins; None if it cannot be found."""
    base, at = text.find(sentence), sentence.find(part)
    if base < 0 or at < 0:
        return None
    return next((kept[i] for i, (a, b) in enumerate(parts) if a <= base + at < b), None)


def _shares(counts: Counter[str]) -> dict[str, float]:
    return {
        "sentences": counts["sentences"],
        "skipped": round(100 * counts["skipped"] / counts["sentences"], 2),
        "claims": counts["claims"],
        "claims lost": round(100 * counts["claims lost"] / counts["claims"], 2),
        "quantities": counts["quantities"],
        "quantities lost": round(100 * counts["quantities lost"] / max(1, counts["quantities"]), 2),
    }
