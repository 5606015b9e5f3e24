"""Fits the weights of a claim's evidence on documents that the claim heads had not seen, and writes confidence.toml.

python training/confidence.py --shared ../shared --folds build/fold-0 build/fold-1 ... --out FILE
Each fold is a model folder made by claims.py --folds; its candidates are taken from the documents it left out. They
are read as corpora mangle them, without commas and quotes: the weights found so read whole texts as well as those
found on whole texts do, and mangled ones better.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claim_corpus import Annotated, invented, paragraphs, read_documents
from claims import FOLDS, keeping_reader
from heldby import claims as claims_stage
from heldby.claims.candidates import Candidate, Offer
from heldby.claims.confidence import Weights
from heldby.knowledge import read_knowledge
from heldby.settings import load_settings
from heldby.stages import KNOWLEDGE, open_lexicon, open_resolver

_PENALTY = 1.0
# Settings whose F1 lies so little below the best are taken for as good.
_AS_GOOD = 0.002
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate of a document: its evidence, whether the annotators made a claim of it, and of which places.

    claims: for each offer the numbers of the annotated claims that it gives.
    """

    document: str
    trigger: int
    features: dict[str, float]
    right: bool
    offers: list[tuple[dict[str, float], frozenset[int], int]]


def main() -> None:
    """Collects, fits and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--reports", type=Path, default=Path(__file__).parent / "reports")
    parser.add_argument("--folds", type=Path, nargs="+", required=True)
    parser.add_argument("--model", type=Path, help="the shipped model, for the reports of --further")
    parser.add_argument("--further", type=Path, help="reports that the shipped model has not seen")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--json", type=Path, default=None)
    arguments = parser.parse_args()
    read: list[Judged] = []
    unread: list[Judged] = []
    gold = 0
    for model in arguments.folds:
        number = int(model.name.rsplit("-", 1)[1])
        left_out = [
            one.stripped()
            for corpus in (paragraphs(arguments.shared / "gold"), invented(arguments.reports))
            for place, one in enumerate(corpus)
            if place % FOLDS == number
        ]
        gold += sum(len(one.claims) for one in left_out)
        read += judged(left_out, model)
        unread += judged(left_out, model, silent=True)
        print(f"{model.name}: {len(left_out)} documents, {len(read)} candidates", flush=True)
    if arguments.further and arguments.model:
        unseen = [one.stripped() for one in invented(arguments.further)]
        gold += sum(len(one.claims) for one in unseen)
        read += judged(unseen, arguments.model)
        unread += judged(unseen, arguments.model, silent=True)
        print(f"{arguments.further}: {len(unseen)} documents, {len(read)} candidates", flush=True)
    tables = {"read": fitted(read, gold), "unread": fitted(unread, gold)}
    write(arguments.out, tables)
    if arguments.json:
        arguments.json.write_text(json.dumps(tables, indent=1), encoding="utf-8")


def judged(documents: Sequence[Annotated], model: Path, *, silent: bool = False) -> list[Judged]:
    """Returns the candidates of documents with the annotators' judgement; silent leaves the claim heads unheard."""
    settings = load_settings()
    tables = {name: read_knowledge(name) for name in KNOWLEDGE}
    resolver = open_resolver(settings, tables=tables)
    lexicon = open_lexicon(tables, resolver)
    reader = keeping_reader(model)
    found: list[Judged] = []
    for one, (page, doc) in zip(documents, read_documents(documents, reader, settings=settings), strict=True):
        if silent:
            claims_stage.silence(doc)
        gold = [_gold_span(page.text, claim) for claim in one.claims]
        candidates = list(claims_stage.candidates_of(page, doc, lexicon=lexicon))
        found += _judge(one.name, candidates, [claim for claim in gold if claim])
    return found


def _gold_span(text: str, claim: Row) -> Row | None:
    base = text.find(claim["sentence"])
    if base < 0:
        return None
    at = base + max(0, claim["sentence"].find(claim["trigger"]))
    span = (at, at + len(claim["trigger"]))
    return {**claim, "span": span, "inside": (base, base + len(claim["sentence"]))}


def _judge(name: str, candidates: Sequence[Candidate], gold: Sequence[Row]) -> list[Judged]:
    """A candidate is right if a claim of its relation stands at its words, or in its sentence at no candidate's."""
    at_words = [
        [number for number, claim in enumerate(gold) if _same_words(candidate, claim)] for candidate in candidates
    ]
    told = {number for numbers in at_words for number in numbers}
    found: list[Judged] = []
    for candidate, numbers in zip(candidates, at_words, strict=True):
        loose = [n for n, claim in enumerate(gold) if n not in told and _same_sentence(candidate, claim)]
        fitting = numbers or [n for n in loose if any(_same_place(offer, gold[n]) for offer in candidate.offers)]
        offers = [
            (offer.features, frozenset(n for n in fitting if _same_place(offer, gold[n])), offer.placed.char_start)
            for offer in candidate.offers
        ]
        found.append(Judged(name, candidate.trigger.token, candidate.features, bool(fitting), offers))
    return found


def _same_sentence(candidate: Candidate, claim: Row) -> bool:
    start, end = claim["inside"]
    return candidate.trigger.entry.relation == claim["relation"] and start <= candidate.trigger.start < end


def _same_words(candidate: Candidate, claim: Row) -> bool:
    start, end = claim["span"]
    trigger = candidate.trigger
    return trigger.entry.relation == claim["relation"] and trigger.start < end and start < trigger.end


def _same_place(offer: Offer, claim: Row) -> bool:
    found, wanted = _plain(offer.text), _plain(claim["place"])
    if not offer.placed.named:
        return True  # "the city": what it means is found later
    return found == wanted or (min(len(found), len(wanted)) > 3 and (found in wanted or wanted in found))


def _plain(text: str) -> str:
    text = re.sub(r"[^\w\s-]", "", text.lower())
    text = re.sub(r"^(the|a|an)\s+|\b(city|town|village) of\s+", "", text.strip())
    return re.sub(r"[\s-]+", " ", text).strip()


def fitted(judged: Sequence[Judged], gold: int) -> Row:
    """Returns the weights of both logistic fits and the least probabilities that give the best F1."""
    claim = _fit([(one.features, one.right) for one in judged])
    place = _fit([(offer, bool(right)) for one in judged if one.right for offer, right, _ in one.offers])
    scored = [
        (
            claim.probability(one.features),
            [(place.probability(offer), right, at) for offer, right, at in one.offers],
            (one.document, one.trigger),
        )
        for one in judged
    ]
    options = [
        (
            _f1(scored, (least / 100, least_place / 100, further / 100, both / 100), gold),
            least,
            least_place,
            further,
            both,
        )
        for least in range(20, 61, 5)
        for least_place in (5, 20, 35)
        for further in range(25, 66, 10)
        for both in range(10, 51, 5)
    ]
    best = max(f1 for f1, *_ in options)
    # the top is flat: of settings as good, the one that keeps the fewest claims is the most precise
    f1, *least_of = max((one for one in options if one[0] >= best - _AS_GOOD), key=lambda one: (one[4], *one[1:4]))
    least, least_place, further, both = (value / 100 for value in least_of)
    print(f"{len(judged)} candidates, {sum(one.right for one in judged)} right, F1 {f1:.3f}, {least_of}")
    return {
        "least": least,
        "least_place": least_place,
        "further_place": further,
        "least_both": both,
        "claim": _table(claim),
        "place": _table(place),
    }


def _fit(rows: Sequence[tuple[dict[str, float], bool]]) -> Weights:
    names = sorted({name for features, _ in rows for name in features})
    inputs = np.array([[features.get(name, 0.0) for name in names] for features, _ in rows])
    values = logistic(inputs, np.array([float(right) for _, right in rows]))
    return Weights(float(values[0]), dict(zip(names, map(float, values[1:]), strict=True)))


def _table(weights: Weights) -> Row:
    each = {name: round(value, 3) for name, value in weights.each.items()}
    return {"bias": round(weights.bias, 3), "weights": each}


def logistic(inputs: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns bias and weights of the penalised maximum likelihood, by Newton's method."""
    rows = np.hstack([np.ones((len(inputs), 1)), inputs])
    values = np.zeros(rows.shape[1])
    penalty = np.full(rows.shape[1], _PENALTY)
    penalty[0] = 0.0
    for _ in range(30):
        likely = 1.0 / (1.0 + np.exp(-rows @ values))
        slope = rows.T @ (likely - wanted) + penalty * values
        bend = (rows * (likely * (1 - likely))[:, None]).T @ rows + np.diag(penalty + 1e-9)
        step = np.linalg.solve(bend, slope)
        values -= step
        if np.abs(step).max() < 1e-8:
            break
    return values


Scored = tuple[float, list[tuple[float, frozenset[int], int]], tuple[str, int]]


def _f1(scored: Sequence[Scored], least: tuple[float, float, float, float], gold: int) -> float:
    """Returns the F1 of claims as the reader would choose them; an annotated claim counts once."""
    chosen: dict[tuple[str, int, int], tuple[float, frozenset[int]]] = {}
    for told, offers, (document, trigger) in scored:
        if told < least[0]:
            continue
        top = max(chance for chance, _, _ in offers)
        for chance, right, at in offers:
            if chance < (least[1] if chance == top else least[2]) or told * chance < least[3]:
                continue
            key = (document, trigger, at)
            chosen[key] = max(chosen.get(key, (0.0, frozenset())), (told * chance, right), key=lambda one: one[0])
    hits = {(key[0], number) for key, (_, right) in chosen.items() for number in right}
    return 2 * len(hits) / max(1, len(chosen) + gold)


def write(path: Path, tables: Row) -> None:
    """Writes the weights into confidence.toml and keeps its head and its reasons."""
    text = path.read_text(encoding="utf-8")
    head, reasons = text[: text.index("[read]")], text[text.index("[reasons]") :]
    body = []
    for name, table in tables.items():
        body += [
            f"[{name}]",
            *(f"{key} = {table[key]}" for key in ("least", "least_place", "further_place", "least_both")),
            "",
        ]
        for kind in ("claim", "place"):
            body += [f"[{name}.{kind}]", f"bias = {table[kind]['bias']}", "", f"[{name}.{kind}.weights]"]
            body += [f"{json.dumps(key)} = {value}" for key, value in table[kind]["weights"].items()]
            body.append("")
    path.write_text(head + "\n".join(body) + "\n" + reasons, encoding="utf-8")


if __name__ == "__main__":
    main()
