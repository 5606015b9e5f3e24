"""Modality: told as so, denied, attempted, planned or possible; and the words that hedge."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from heldby.claims.lexicon import Lexicon, ModalityWords
from heldby.claims.tree import ancestors, children, span_text, text_of
from heldby.records.claim import Modality
from heldby.records.span import Span

STOPS = frozenset({"ccomp", "parataxis", "acl:relcl", "conj", "root"})


def find_modality(token: Token, lexicon: Lexicon, *, denied: bool) -> Modality:
    """Return how a trigger's fact is told; `denied`: the innermost voice denies it.

    Negation beside the trigger, or a governor such as "failed to", makes it denied; then planned, attempted and
    possible, each by auxiliaries, governors and nouns of the lexicon, the nearest to the trigger first.
    """
    if denied or _is_denied(token, lexicon.modality["denied"]):
        return "denied"
    levels = list(_levels(token))
    for depth, (lower, level) in enumerate(levels):
        found = _at_level(level, lexicon, below=lower if depth else None)
        if found is not None:
            return found
    sentence = span_text(token.sent).lower()
    if any(idiom in sentence for idiom in lexicon.modality["possible"].idioms):
        return "possible"
    return "asserted"


def _levels(token: Token) -> Iterator[tuple[Token, Token]]:
    """Yield (what is below, word): the trigger, then what governs it through infinitives, light verbs and nouns."""
    yield token, token
    for steps, (lower, upper) in enumerate(ancestors(token)):
        if steps > 3 or (lower.dep_ in STOPS and not (lower.dep_ == "conj" and _bare(lower))):
            return
        if lower.dep_ == "advcl" and not _infinitive(lower):
            return
        if lower.dep_ in {"obl", "nmod"} and not _after_purpose(lower):
            return
        yield lower, upper


def _is_aim(token: Token) -> bool:
    """Tell whether a word stands as the aim of what governs it: "to take", "for control", "on driving"."""
    if token.dep_ in {"xcomp", "ccomp"}:
        return True
    return token.dep_ in {"acl", "advcl", "obl", "nmod", "conj"} and any(
        child.lower_ in {"to", "for", "on", "at"} for child in children(token, "mark", "aux", "case")
    )


def _bare(verb: Token) -> bool:
    """Tell whether a verb shares the auxiliary of the one before: "would leave and go", "would leave and Y stay"."""
    return verb.tag_ == "VB" or not children(verb, "nsubj", "nsubj:pass", "aux")


def _after_purpose(token: Token) -> bool:
    return any(child.lower_ in {"for", "to", "of", "on", "at", "in"} for child in children(token, "case", "mark"))


def _infinitive(verb: Token) -> bool:
    return any(child.lower_ in {"to", "for", "on", "at"} for child in children(verb, "mark", "aux", "case"))


def _at_level(level: Token, lexicon: Lexicon, *, below: Token | None) -> Modality | None:
    modality = lexicon.modality
    auxiliaries = {child.lower_ for child in children(level, "aux")}
    if auxiliaries & modality["planned"].auxiliaries:
        return "planned"
    if auxiliaries & modality["possible"].auxiliaries:
        return "possible"
    adverbs = {child.lower_ for child in children(level, "advmod", "amod")}
    if adverbs & modality["possible"].adverbs:
        return "possible"
    if below is None or not _is_aim(below):
        return None
    lemma = level.lemma_.lower()
    for name in ("attempted", "planned", "possible"):
        words = modality[name]
        if level.pos_ in {"VERB", "AUX"} and lemma in words.governors:
            return "attempted" if name == "attempted" else "planned" if name == "planned" else "possible"
        if level.pos_ == "NOUN" and lemma in words.nouns:
            return "attempted" if name == "attempted" else "planned"
    return None


def _is_denied(token: Token, words: ModalityWords) -> bool:
    if any(upper.lower_ in words.verdicts and lower.dep_ != "conj" for lower, upper in ancestors(token)):
        # "reports that X has fallen are premature"
        return True
    for _lower, level in _levels(token):
        marks = {child.lower_ for child in children(level, "advmod", "det", "aux", "case", "mark", "cc:preconj")}
        if marks & words.marks and not (level.i != token.i and level.pos_ == "NOUN"):
            return True
        if level.i != token.i and level.lemma_.lower() in words.failing:
            return True
    return False


def find_hedges(token: Token, lexicon: Lexicon) -> tuple[Span, ...]:
    """Return the hedging words that hang on the trigger or on what governs it."""
    found: dict[int, Span] = {}
    for _lower, level in _levels(token):
        for child in level.children:
            if child.lower_ in lexicon.hedges:
                found[child.idx] = Span.of(text_of(token.doc), child.idx, child.idx + len(child))
    return tuple(found[start] for start in sorted(found))


def find_tense(token: Token) -> str:
    """Return "past", "present", "perfect", "pluperfect", "future" or "" of the clause that a trigger stands in."""
    verb = token
    for _lower, upper in ancestors(token):
        if verb.pos_ in {"VERB", "AUX"}:
            break
        verb = upper
    auxiliaries = {child.lower_ for child in children(verb, "aux", "aux:pass", "cop")}
    if auxiliaries & {"will", "shall", "'ll", "’ll", "would"}:
        return "future"
    if "had" in auxiliaries:
        return "pluperfect"
    if auxiliaries & {"has", "have", "'ve", "’ve"}:
        return "perfect"
    if auxiliaries & {"is", "are", "am", "'s", "'re", "’re"}:
        return "present"
    if auxiliaries & {"was", "were", "did"}:
        return "past"
    if verb.pos_ not in {"VERB", "AUX"}:
        return ""
    if verb.lower_.endswith("ed") or (verb.lower_ != verb.lemma_.lower() and not verb.lower_.endswith(("s", "ing"))):
        return "past"
    return "" if verb.lower_.endswith("ing") else "present"
