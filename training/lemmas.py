"""The lemma table: what the treebanks say and the rules of heldby.language.lemma would get wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import conllu
from heldby.language.lemma import by_rule

CORRECTIONS = {("VERB", "fled"): "flee"}  # an annotation error of the treebank
TREEBANKS = ("ud_english_ewt", "ud_english_gum")


def lemma_table(shared: Path) -> dict[str, dict[str, str]]:
    """Returns {universal tag: {lower-case form: lemma}} for the forms that the rules do not get right."""
    seen: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for name in TREEBANKS:
        for tree in conllu.read(shared / "data" / name / "train.conllu"):
            for word, tag, fine, lemma in zip(tree.words, tree.upos, tree.xpos, tree.lemmas, strict=True):
                if tag not in ("PROPN", "PUNCT", "NUM", "SYM", "X") and lemma != "_":
                    seen[tag, word.lower(), fine][lemma.lower() if tag != "PRON" else lemma] += 1
    table: dict[str, dict[str, str]] = defaultdict(dict)
    for (tag, form, fine), lemmas in sorted(seen.items()):
        lemma = CORRECTIONS.get((tag, form), lemmas.most_common(1)[0][0])
        if by_rule(form, tag=tag, fine=fine) != lemma:
            table[tag][f"{form} {fine}"] = lemma
    return dict(table)
