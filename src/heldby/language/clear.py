"""From the CLEAR labels of spaCy's own English pipelines to Universal Dependencies, as far as claims need it.

Prepositions are turned under their nouns (`prep` and `pobj` become `case` and `obl` or `nmod`) and relations renamed.
The copula is left as it is: in "Palmyra is home to ruins" spaCy's root stays "is", with "home" as its `xcomp`.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

SIGNS = frozenset({"dobj", "nsubjpass", "pobj"})
NAMES = {
    "dobj": "obj",
    "nsubjpass": "nsubj:pass",
    "auxpass": "aux:pass",
    "csubjpass": "csubj",
    "dative": "iobj",
    "attr": "xcomp",
    "acomp": "xcomp",
    "oprd": "xcomp",
    "poss": "nmod:poss",
    "prt": "compound:prt",
    "relcl": "acl:relcl",
    "neg": "advmod",
    "npadvmod": "obl:unmarked",
    "quantmod": "advmod",
    "intj": "discourse",
    "predet": "det:predet",
    "preconj": "cc:preconj",
    "nmod": "nmod",
    "prep": "advmod",
    "agent": "advmod",
    "pcomp": "advcl",
    "pobj": "obl",
}
_PREPOSITIONS = frozenset({"prep", "agent"})
_CLAUSAL = frozenset({"VERB", "AUX", "ADJ", "ADV"})


def is_clear(doc: Doc) -> bool:
    """Tells whether a Doc's relations are CLEAR's."""
    return any(token.dep_ in SIGNS for token in doc)


def to_universal(doc: Doc) -> Doc:
    """Renames and turns the relations of a Doc in place, and returns it; its words and sentences stay."""
    heads = np.array([token.head.i for token in doc], dtype=np.int64)
    names = [token.dep_ for token in doc]
    for token in doc:
        if names[token.i] in _PREPOSITIONS:
            _turn(doc, heads, names, token.i)
    strings = doc.vocab.strings
    table = np.zeros((len(doc), 2), dtype=np.uint64)
    table[:, 0] = (heads - np.arange(len(doc))).astype(np.uint64)
    table[:, 1] = [strings.add(NAMES.get(name, name)) for name in names]
    return doc.from_array(["HEAD", "DEP"], cast(Any, table))


def _turn(doc: Doc, heads: NDArray[np.int64], names: list[str], place: int) -> None:
    """Puts a preposition's noun in its place and the preposition under the noun."""
    below = [int(child) for child in np.flatnonzero(heads == place) if child != place]
    noun = next((child for child in below if names[child] in ("pobj", "pcomp")), None)
    if noun is None:
        return
    above = int(heads[place])
    clause = names[noun] == "pcomp"
    if above == place:
        heads[noun], names[noun] = noun, "ROOT"
    else:
        heads[noun] = above
        plain = "obl" if doc[above].pos_ in _CLAUSAL else "nmod"
        names[noun] = "advcl" if clause else "obl:agent" if names[place] == "agent" else plain
    heads[place], names[place] = noun, "mark" if clause else "case"
    for child in below:
        if child != noun:
            heads[child] = noun
