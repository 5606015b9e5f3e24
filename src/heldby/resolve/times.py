"""Tell when each claim of a reading happened, whether it is news, and when it was said.

Invariant: an interval is never tighter than what the text and the report's date allow. A claim without any hold in
the text keeps `when` None if it is background, and gets the day (or the bounds) of the report if it is news.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from heldby.dates import TimeExpression, choose_expression, find_expressions
from heldby.records.claim import Claim, Evidence, Reading
from heldby.records.span import Span
from heldby.records.time import When
from heldby.resolve.time_counts import CONTEXT, OFFSET, with_edges, with_neighbours, with_same_event
from heldby.resolve.time_history import is_chronicle, old_for_chronicle, told_before, told_by_rule
from heldby.resolve.time_told import Report, Told, is_over, near, report_of
from heldby.resolve.time_words import TimeWords, time_words

__all__ = ["TimeWords", "resolve_times", "time_words"]

_CLAUSE_EDGE = re.compile(r"[,;:]|\b(?:and|but|while|when|which|that|who|where|after|before)\b", re.IGNORECASE)


def resolve_times(reading: Reading, *, words: TimeWords) -> Reading:
    """Return the reading with `when`, `background` and `reported` of every claim filled in.

    A claim's own expression is its `time_text` (None: the sentence says no time of it); times that
    belong to a verb of saying become `reported`. Relative times are resolved against the report's published day;
    where only its bounds are known, against both, so that the interval widens; where nothing is known, not at all.
    """
    report = report_of(reading, words=words)
    told = [_with_expressions(claim, report=report, words=words) for claim in reading.claims]
    told = [_with_own_time(one, report=report, words=words) for one in told]
    told = with_neighbours(told, report=report, words=words)
    told = with_same_event(told, report=report, words=words)
    chronicle = is_chronicle(told, report=report, words=words)
    lead = None if chronicle else _lead_day(told, report=report, words=words)
    claims: list[Claim] = []
    last = _first_day(told) if chronicle else None
    for one in told:
        claim = _finish(one, report=report, words=words, lead=lead, carried=last, chronicle=chronicle)
        last = claim.when if one.when is not None and not claim.background else last
        claims.append(claim)
    return replace(reading, claims=tuple(claims))


def _with_expressions(claim: Claim, *, report: Report, words: TimeWords) -> Told:
    """Choose the claim's own expression and resolve that of the saying, if the sentence has one."""
    sentence = claim.sentence
    found = _expressions_in(sentence.text)
    saying = [one for one in found if _is_of_saying(sentence.text, one, words=words)]
    others = [one for one in found if one not in saying]
    start, end = claim.trigger.start - sentence.start, claim.trigger.end - sentence.start
    given = _given(claim.time_text, found, sentence=sentence)
    own = given
    if given in saying:
        own = choose_expression(sentence.text, start, end, others)
        own = None if own is None or _edge_between(claim, own) else own
    presupposed = _is_presupposed(claim, words=words)
    if presupposed or (own is not None and _says_no_day(own, claim=claim, words=words)):
        own = None
    said = choose_expression(sentence.text, start, end, saying)
    if said is None and own is not None and _is_of_plan(claim, own):
        said, own = own, None
    said_when = near(said.text, report=report) if said else None
    return Told(claim=claim, own=own, said=said_when, presupposed=presupposed)


# Several claims stand in one sentence.
@lru_cache(maxsize=256)
def _expressions_in(sentence: str) -> tuple[TimeExpression, ...]:
    return find_expressions(sentence)


def _is_presupposed(claim: Claim, *, words: TimeWords) -> bool:
    """Tell whether a standing state is only mentioned by the way ("rebel-held Idlib"): no time is said of it."""
    if claim.relation not in words.standing:
        return False
    if claim.historic == "presupposed":
        return True
    trigger = claim.trigger.text.lower()
    before = claim.sentence.text[: claim.trigger.start - claim.sentence.start]
    compound = "-" in trigger or before.endswith("-")
    return (
        (compound and trigger.split("-")[-1] in words.compounds)
        or (trigger in words.attributes and claim.tense in {"", "past"} and _is_attribute(before, words=words))
        or trigger in words.known
    )


def _is_of_plan(claim: Claim, own: TimeExpression) -> bool:
    """Tell whether a time is that of the planning: "In December they agreed that the army would enter"."""
    text = claim.sentence.text
    between = text[own.end : claim.trigger.start - claim.sentence.start]
    return claim.modality == "planned" and not text[: own.start].strip() and " would " in between


def _is_attribute(before: str, *, words: TimeWords) -> bool:
    """Tell "in besieged Aleppo" and "two besieged towns" from "the army besieged Aleppo"."""
    last = before.split()[-1:]
    return not last or last[0].lower() in words.before_attributes or "-" in last[0] or last[0][0].isdigit()


def _says_no_day(own: TimeExpression, *, claim: Claim, words: TimeWords) -> bool:
    """Tell whether a length of time is no answer to when: "the first in a year", "for 30 minutes", "after a year".

    Nor is it where something happens at once: "broke the siege of a base surrounded for three years".
    """
    if own.kind != "duration":
        return False
    text = own.text.lower()
    unit = text.rstrip("s").replace("-", " ").split()[-1]
    rare = text.startswith("in ") and unit in {"week", "month", "year", "decade"} and " than " not in text
    likened = any(
        _is_most(word, words=words) for word in claim.sentence.text[: own.start].lower().split()[-words.most_gap :]
    )
    sudden = claim.relation in words.sudden and claim.modality == "asserted" and text.startswith("for ")
    return rare or likened or sudden or unit in {"minute", "hour"} or text.startswith("after ")


def _is_most(word: str, *, words: TimeWords) -> bool:
    """Tell whether a word ranks things ("first", "fiercest"): "for a year" after it is no stretch of the event."""
    return word in words.most or (len(word) > 5 and word.endswith("est"))


def _given(time_text: Span | None, found: Sequence[TimeExpression], *, sentence: Span) -> TimeExpression | None:
    """Return the expression that the claim's own span of time stands for."""
    if time_text is None:
        return None
    start, end = time_text.start - sentence.start, time_text.end - sentence.start
    return next((one for one in found if one.start < end and start < one.end), None)


def _is_of_saying(text: str, expression: TimeExpression, *, words: TimeWords) -> bool:
    """Tell whether a verb of saying stands right before the expression, with only its hearer or medium between."""
    before = text[: expression.start].split()[-words.saying_gap - 1 :]
    for word in reversed(before):
        plain = word.strip(".,;:\"'“”‘’()").lower()
        if plain in words.saying:
            return True
        if not (word[:1].isupper() or word[:1] == "(" or plain in words.company):
            return False
    return False


def _with_own_time(one: Told, *, report: Report, words: TimeWords) -> Told:
    """Resolve the claim's own expression, unless it counts from another event."""
    if one.own is None or OFFSET.match(one.own.text) or CONTEXT.match(one.own.text):
        return one
    tense = "future" if one.claim.tense == "future" else "past"
    anchor = one.said.latest if one.said and one.own.kind in {"duration", "relative"} else None
    if anchor is not None and report.high is not None and (report.high - anchor).days > 7:
        anchor = None
    when = near(one.own.text, report=report, tense=tense, anchor=anchor)
    when = with_edges(one, when, report=report, words=words)
    if one.claim.tense == "present" and is_over(when, report=report) and _is_of_other_clause(one, words=words):
        return replace(one, own=None)
    return replace(one, when=when)


def _is_of_other_clause(one: Told, *, words: TimeWords) -> bool:
    """Tell whether a past time is of another clause than the present one it was chosen for.

    "Despite the recapture last year, they hold the west"; "took the town on 14 October and is closing on the next".
    """
    claim, own = one.claim, one.own
    if own is None or claim.relation in words.standing:
        return own is not None
    aim = claim.sentence.text[: claim.trigger.start - claim.sentence.start].lower().endswith("to ")
    return not aim and _edge_between(claim, own)


def _edge_between(claim: Claim, own: TimeExpression) -> bool:
    text, start, end = claim.sentence.text, claim.trigger.start - claim.sentence.start, claim.trigger.end
    between = text[own.end : start] if own.end <= start else text[end - claim.sentence.start : own.start]
    return _CLAUSE_EDGE.search(between) is not None


def _first_day(told: Sequence[Told]) -> When | None:
    """Return the first time of a chronicle, which its headline is about."""
    return next((one.when for one in told if one.when is not None and one.own is not None), None)


def _lead_day(told: Sequence[Told], *, report: Report, words: TimeWords) -> When | None:
    """Return the day of the news where the first claims give one shortly before the report's own day."""
    if report.high is None:
        return None
    for one in told[: words.lead_claims]:
        when = one.when
        if when is None or when.latest is None or when.earliest != when.latest:
            continue
        if 0 <= (report.high - when.latest).days <= words.lead_days:
            return when
    return None


def _finish(
    one: Told, *, report: Report, words: TimeWords, lead: When | None, carried: When | None, chronicle: bool
) -> Claim:
    """Decide background and the remaining times of one claim."""
    claim = one.claim
    if chronicle:
        history = old_for_chronicle(one.when, carried, words=words)
    else:
        history = told_before(one, report=report, words=words)
    when = one.when
    if when is None and chronicle:
        when = carried if one.own is None else None
    elif when is None and (not history or one.presupposed or _lasts(one, report=report, words=words)):
        when = (None if one.presupposed else one.said) or _news_time(claim, report=report, lead=lead, words=words)
    if when is not None and when.spans and claim.relation not in words.lasting:
        when = replace(when, spans=False)
    evidence = [Evidence(name="background", weight=0.0, reason=history)] if history else []
    if when is None:
        evidence.append(Evidence(name="when", weight=0.0, reason=_why_unknown(one, history=bool(history))))
    return replace(
        claim,
        when=when,
        background=bool(history),
        reported=one.said or report.when,
        evidence=(*claim.evidence, *evidence),
    )


def _lasts(one: Told, *, report: Report, words: TimeWords) -> bool:
    """Tell whether a claim is a state that no rule calls over: long known, it lasts on the report's day."""
    return one.claim.relation in words.standing and not told_by_rule(one, report=report, words=words)


def _why_unknown(one: Told, *, history: bool) -> str:
    if one.own is not None:
        return f"The time, “{one.own.text}”, names no days that can be known."
    if history:
        return "No time is said, and it is not the news of the report's day: when it was is not known."
    return "No time is said, and the report's own day is not known."


def _news_time(claim: Claim, *, report: Report, lead: When | None, words: TimeWords) -> When | None:
    """Return the time of news without a time: the report's day, or from the day of its first news to that day."""
    if lead is None or claim.relation in words.standing or lead.latest == report.high:
        return report.when
    return When(
        earliest=lead.earliest,
        latest=report.high,
        precision="interval",
        reason=f"No time is said; the report's news begins “{lead.expression}”, and this lies between then and it.",
    )
