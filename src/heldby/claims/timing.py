"""The words of time that belong to a trigger, and the words that tell history."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc, Token

from heldby.claims.lexicon import SpeechWords
from heldby.claims.tree import ancestors, text_of, within
from heldby.dates import TimeExpression, find_expressions
from heldby.records.span import Span

VERBAL = frozenset({"VERB", "AUX"})
SPEECH_COST = 6
CLAUSE_COST = 3
# "Cleared the town within 14 hours on Wednesday": the day answers when, the length does not.
LENGTH_COST = 0.75
# Clauses that say something of a noun: a time in one is not of what stands outside of it.
OF_A_NOUN = frozenset({"acl:relcl", "advcl:relcl"})


def expressions_of(doc: Doc) -> tuple[TimeExpression, ...]:
    """Return the time expressions of a document's text, in text order."""
    return find_expressions(text_of(doc))


def choose_time(
    token: Token, expressions: Sequence[TimeExpression], *, speech: SpeechWords, rivals: Sequence[Token]
) -> Span | None:
    """Return the expression of the sentence that the tree puts nearest to the trigger.

    The cost of an expression is the number of edges up from the trigger to what governs the expression, more where it
    hangs on a verb of saying or lies in another clause; an expression below a rival trigger belongs to that one, and
    one inside a relative clause ("regained the field, which they lost ten days ago") to nothing outside of it.
    """
    sentence = token.sent
    best: tuple[float, int, TimeExpression] | None = None
    for expression in expressions:
        if expression.kind == "recurring" or not sentence.start_char <= expression.start < sentence.end_char:
            continue
        cost = _cost(token, expression, speech=speech, rivals=rivals)
        distance = abs(expression.start - token.idx)
        if cost is not None and (best is None or (cost, distance) < best[:2]):
            best = (cost, distance, expression)
    if best is None:
        return None
    return Span.of(text_of(token.doc), best[2].start, best[2].end)


def _cost(token: Token, expression: TimeExpression, *, speech: SpeechWords, rivals: Sequence[Token]) -> float | None:
    doc = token.doc
    span = doc.char_span(expression.start, expression.end, alignment_mode="expand")
    if span is None:
        return None
    root = span.root
    up = [token, *(upper for _lower, upper in ancestors(token))]
    down = [root, *(upper for _lower, upper in ancestors(root))]
    meeting = next((steps for steps, one in enumerate(up) if any(one.i == other.i for other in down)), None)
    if meeting is None:
        return None
    common = up[meeting]
    depth = next(steps for steps, one in enumerate(down) if one.i == common.i)
    cost = float(meeting) + 0.5 * depth + (LENGTH_COST if expression.kind == "duration" else 0)
    between = down[1:depth]
    if any(one.dep_ in OF_A_NOUN and not within(token, one) for one in down[:depth]):
        return None
    if any(rival.i != token.i and within(root, rival) and not within(token, rival) for rival in rivals):
        cost += 2 * CLAUSE_COST
    if any(one.pos_ in VERBAL for one in between):
        cost += CLAUSE_COST
    if common.lemma_.lower() in speech.verbs and meeting > 0:
        cost += SPEECH_COST
    return cost
