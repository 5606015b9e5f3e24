"""How surely copies of reports and sentences are found, and how seldom independent ones are taken for copies.

    python benchmarks/lineage.py [--seed N]

Copies are made from the project's own reports (`training/reports`) by `_variations.py`; independent reports are the
reports themselves, those above all that tell of the same place in the same week. For each length of word
sequences and each threshold it prints the share of copies found by kind (recall), reports looked up by their keys,
and how many independent pairs were taken for copies. `knowledge/lineage.toml` is chosen from it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from _variations import SENTENCE_VARIATIONS, Report, read_reports, same_event, vary
from heldby.knowledge import read_knowledge
from heldby.relate.copies import common_share
from heldby.relate.rules import Likeness, LineageRules
from heldby.relate.shingles import Signed, Signer, normal_words

THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
SHINGLES = (2, 3, 4, 5)
SHOWN_PAIRS = 5

Pair = tuple[str, Signed, Signed]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="the chance with which the variations are made")
    seed = parser.parse_args().seed
    rules = LineageRules.from_tables(read_knowledge("lineage"), sources=read_knowledge("sources"))
    reports = read_reports()
    print(f"{len(reports)} reports, {sum(len(r.sentences) for r in reports)} sentences\n")
    print("# Reports: share of the copies found, by kind of variation\n")
    for length in SHINGLES:
        measure_reports(reports, likeness=replace(rules.documents, shingle_words=length), seed=seed)
    print("# Sentences: share of the copies found, by kind of variation\n")
    for length in SHINGLES:
        measure_sentences(reports, likeness=replace(rules.sentences, shingle_words=length), seed=seed)
    measure_speed(reports, rules=rules)


def measure_reports(reports: Sequence[Report], *, likeness: Likeness, seed: int) -> None:
    """Print recall by kind and wrong pairs for reports, with one length of word sequences."""
    signer = Signer(likeness, seed=seed)
    signed = {report.id: signer.sign(normal_words(report.text)) for report in reports}
    copies = [
        (kind, signed[report.id], signer.sign(normal_words(copy.text)))
        for kind, report, copy in vary(reports, seed=seed)
    ]
    backwards = [(f"{kind}, known first", copy, own) for kind, own, copy in copies if kind.startswith("cut")]
    apart = [
        ("the same event" if same_event(one, other) else "other events", signed[one.id], signed[other.id])
        for one, other in combinations(reports, 2)
    ]
    print_table([*copies, *backwards], apart, likeness=likeness)


def measure_sentences(reports: Sequence[Report], *, likeness: Likeness, seed: int) -> None:
    """Print recall by kind and wrong pairs for sentences, with one length of word sequences."""
    signer = Signer(likeness, seed=seed)
    copies: list[Pair] = []
    signed: dict[str, list[tuple[Report, Signed, str]]] = defaultdict(list)
    for report in reports:
        for sentence in report.sentences:
            own = signer.sign(normal_words(sentence), bands=False)
            if len(own.shingles) < likeness.fewest_shingles:
                continue
            for kind, change in SENTENCE_VARIATIONS.items():
                changed = change(sentence, random.Random(f"{seed} {kind} {sentence}"))
                copies.append((kind, own, signer.sign(normal_words(changed), bands=False)))
            for place in report.places:
                signed[place].append((report, own, sentence))
    apart: list[Pair] = []
    wrong: set[tuple[float, str, str]] = set()
    for told in signed.values():
        for (one, own, words), (other, others, other_words) in combinations(told, 2):
            if one.id == other.id or not same_event(one, other):
                continue
            apart.append(("the same event", own, others))
            share = common_share(own, others, likeness=replace(likeness, share=0.3, own_share=0.3))
            if share:
                wrong.add((round(share, 2), words, other_words))
    print_table(copies, apart, likeness=likeness)
    print("The likest sentences of different reports of one event:")
    for share, words, other_words in sorted(wrong, reverse=True)[:SHOWN_PAIRS]:
        print(f"  {share:.2f}  {words}\n        {other_words}")
    print()


def print_table(copies: Sequence[Pair], apart: Sequence[Pair], *, likeness: Likeness) -> None:
    """Print one row for each kind of variation and threshold, then the independent pairs taken for copies."""
    print(
        f"Sequences of {likeness.shingle_words} words, {likeness.permutations} permutations, {likeness.bands} bands"
    )
    print(f"{'':32} {'in a band':>9} " + " ".join(f"{threshold:>6.1f}" for threshold in THRESHOLDS))
    for kind, pairs in _by_kind(copies).items():
        meet = sum(_meet(own, copy) for _, own, copy in pairs) / len(pairs)
        shares = [_rate(pairs, threshold, likeness) for threshold in THRESHOLDS]
        print(f"{kind:32} {meet:9.1%} " + " ".join(f"{share:6.1%}" for share in shares))
    for kind, pairs in sorted(_by_kind(apart).items()):
        meet = sum(_meet(own, other) for _, own, other in pairs) / len(pairs)
        wrong = [round(_rate(pairs, threshold, likeness) * len(pairs)) for threshold in THRESHOLDS]
        print(f"apart: {kind} ({len(pairs)}):".ljust(32) + f" {meet:9.2%} " + " ".join(f"{n:6d}" for n in wrong))
    print("precision".ljust(42), end=" ")
    for threshold in THRESHOLDS:
        found = _rate(copies, threshold, likeness) * len(copies)
        wrong_pairs = _rate(apart, threshold, likeness) * len(apart)
        print(f"{found / max(1.0, found + wrong_pairs):6.1%}", end=" ")
    print("\n")


def _by_kind(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    kinds: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        kinds[pair[0]].append(pair)
    return kinds


def _meet(one: Signed, other: Signed) -> bool:
    """Tell whether two texts known in one week are compared; those without bands (sentences) are."""
    both = min(len(one.bands), len(other.bands))
    return one.words_key == other.words_key or not both or bool((one.bands[:both] == other.bands[:both]).any())


def _rate(pairs: Sequence[Pair], threshold: float, likeness: Likeness) -> float:
    """Return the share of pairs that are taken for copies: they meet by a key, and share enough."""
    strict = replace(likeness, share=threshold, own_share=min(threshold, likeness.own_share))
    taken = sum(
        _meet(own, copy) and (own.words_key == copy.words_key or common_share(own, copy, likeness=strict) > 0)
        for _, own, copy in pairs
    )
    return taken / max(1, len(pairs))


def measure_speed(reports: Sequence[Report], *, rules: LineageRules) -> None:
    """Print what signing costs."""
    for name, likeness, texts in (
        ("report", rules.documents, [report.text for report in reports]),
        ("sentence", rules.sentences, [sentence for report in reports for sentence in report.sentences]),
    ):
        signer = Signer(likeness, seed=rules.seed)
        bands = name == "report"
        spent = _milliseconds(lambda text, by=signer, b=bands: by.sign(normal_words(text), bands=b), texts)
        print(f"Signing a {name}: {spent:.3f} ms")


def _milliseconds(work: Callable[[str], object], texts: Sequence[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        work(text)
    return 1000 * (time.perf_counter() - started) / len(texts)


if __name__ == "__main__":
    main()
