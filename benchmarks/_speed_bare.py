"""A bare spaCy pipeline of the size of en_core_web_sm, built untrained, to be read beside.

The architecture follows the published configuration of en_core_web_sm 3.8: one tok2vec (MultiHashEmbed and
MaxoutWindowEncoder, width 96, depth 4) for tagger and parser, a second one for the entity recogniser; 50 tags, a
hundred parser moves, 18 kinds of entities. Its attribute ruler and lemmatiser are left out, so it does less than the
published pipeline. The weights are initialised, and a few steps on four sentences keep it from calling each word a
sentence and an entity; its answers are worth nothing, the arithmetic for each word is the same.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

WIDTH = 96
STEPS = 20
# Words, and for each the place of the word above it.
_SENTENCES = (
    ("Rebels left the town of Saraqib on Monday . The army said that it had taken the road .",
     "1 1 3 1 5 3 7 1 1 10 11 11 15 15 15 11 17 15 11"),
    ("Nobody was hurt in Hama , officials said . They gave no names and no further details .",
     "2 2 2 4 2 2 7 2 2 10 10 12 10 16 16 16 12 10"),
)  # fmt: skip
_NAMES = frozenset({"Saraqib", "Hama"})
_TAGS = (
    "$ '' , -LRB- -RRB- . : ADD AFX CC CD DT EX FW HYPH IN JJ JJR JJS LS MD NFP NN NNP NNPS NNS PDT POS PRP PRP$ RB "
    "RBR RBS RP SYM TO UH VB VBD VBG VBN VBP VBZ WDT WP WP$ WRB XX _SP ``"
)
_ARCS = (
    "acl acomp advcl advmod agent amod appos attr aux auxpass case cc ccomp compound conj csubj csubjpass dative dep "
    "det dobj expl intj mark meta neg nmod npadvmod nsubj nsubjpass nummod oprd parataxis pcomp pobj poss preconj "
    "predet prep prt punct quantmod relcl xcomp"
)
_ENTITIES = (
    "CARDINAL DATE EVENT FAC GPE LANGUAGE LAW LOC MONEY NORP ORDINAL ORG PERCENT PERSON PRODUCT QUANTITY TIME "
    "WORK_OF_ART"
)


def _tok2vec(features: dict[str, int]) -> dict[str, Any]:
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": WIDTH,
            "attrs": list(features),
            "rows": list(features.values()),
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": WIDTH,
            "depth": 4,
            "window_size": 1,
            "maxout_pieces": 3,
        },
    }


def _transitions(kind: str, tok2vec: dict[str, Any]) -> dict[str, Any]:
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": kind,
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        "tok2vec": tok2vec,
    }


def build() -> Language:
    """Return the pipeline, ready to read."""
    words = {"NORM": 5000, "PREFIX": 1000, "SUFFIX": 2500, "SHAPE": 2500}
    shared = {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "tok2vec"}
    tagger = {"@architectures": "spacy.Tagger.v2", "nO": None, "normalize": False, "tok2vec": shared}
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec", config={"model": _tok2vec({**words, "SPACY": 50, "IS_SPACE": 50})})
    nlp.add_pipe("tagger", config={"model": tagger})
    nlp.add_pipe("parser", config={"min_action_freq": 30, "model": _transitions("parser", shared)})
    nlp.add_pipe("ner", config={"model": _transitions("ner", _tok2vec(words))})
    labels = {"tagger": _TAGS.split(), "parser": _parser_moves(), "ner": _entity_moves()}
    with tempfile.TemporaryDirectory() as folder:
        for name, listed in labels.items():
            path = Path(folder) / f"{name}.json"
            path.write_text(json.dumps(listed), "utf-8")
            reader = {"@readers": "spacy.read_labels.v1", "path": str(path)}
            nlp.config["initialize"]["components"][name] = {"labels": reader}
        optimizer = nlp.initialize(lambda: _examples(nlp))
    for _ in range(STEPS):
        nlp.update(_examples(nlp), sgd=optimizer)
    return nlp


def _parser_moves() -> dict[str, dict[str, int]]:
    """Shift, reduce, left and right arcs with their labels, and a break between sentences, each with a frequency."""
    arcs = {label: 1000 - number for number, label in enumerate(_ARCS.split())}
    return {"0": {"": 1000}, "1": {"": 1000}, "2": arcs, "3": arcs, "4": {"ROOT": 1000}}


def _entity_moves() -> dict[str, dict[str, int]]:
    """Begin, inside, last and unit of each kind of entity, and outside."""
    kinds = {label: 1000 - number for number, label in enumerate(_ENTITIES.split())}
    return {"0": {}, "1": kinds, "2": kinds, "3": kinds, "4": kinds, "5": {"": 1}}


def _examples(nlp: Language) -> list[Example]:
    return [_example(nlp, text, heads) for text, heads in _SENTENCES]


def _example(nlp: Language, text: str, heads: str) -> Example:
    words = text.split()
    above = [int(place) for place in heads.split()]
    reference = Doc(
        nlp.vocab,
        words=words,
        tags=["." if word == "." else "NNP" if word[0].isupper() else "NN" for word in words],
        heads=above,
        deps=["ROOT" if place == up else "dobj" if place > up else "nsubj" for place, up in enumerate(above)],
        ents=["B-GPE" if word in _NAMES else "O" for word in words],
    )
    return Example(Doc(nlp.vocab, words=words), reference)
