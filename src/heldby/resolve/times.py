"""Tell when each claim of a reading happened, whether it is news, and when it was said.

Invariant: an interval is never tighter than what the text and the report's date allow. A claim without any hold in
the text keeps `when` None if it is background, and gets the day (or the bounds) of the report if it is news.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from heldby.dates import TimeExpression, choose_expression, find_expressions, resolve_expression
from heldby.records.claim import Claim, Evidence, Reading
from heldby.records.document import Document
from heldby.records.span import Span
from heldby.records.time import When
from heldby.resolve.time_words import TimeWords, time_words

__all__ = ["TimeWords", "resolve_times", "time_words"]

_OFFSET = re.compile(r"(?P<length>.+?)\s+(?P<side>later|earlier|after|afterwards?|before|previously)$", re.IGNORECASE)
# Days that a text counts from the event told just before.
_CONTEXT = re.compile(
    r"(?:on |later |earlier |during |early )*(?:the |that )?(?:same|next|following|previous|preceding|prior) "
    r"(?:day|morning|afternoon|evening|night|week|month|year)$|(?:later |earlier |on )*that day$|"
    r"the day (?:before|after)$",
    re.IGNORECASE,
)
_CLAUSE_EDGE = re.compile(r"[,;:]|\b(?:and|but|while|when|which|that|who|where|after|before)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Report:
    """The bounds of the report's own day (None: unknown)."""

    low: date | None
    high: date | None

    @property
    def when(self) -> When | None:
        if self.low is None or self.high is None:
            return None
        sure = self.low == self.high
        reason = (
            "No time is said; the news of a report is of its day."
            if sure
            else ("No time is said; the news is of the report's day, which is only known within bounds.")
        )
        return When(earliest=self.low, latest=self.high, precision="day" if sure else "interval", reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A claim with the expression of its own time, the one of the saying, and what they were resolved to."""

    claim: Claim
    own: TimeExpression | None
    said: When | None
    when: When | None = None
    presupposed: bool = False


def resolve_times(reading: Reading, *, words: TimeWords) -> Reading:
    """Return the reading with `when`, `background` and `reported` of every claim filled in.

    A claim's own expression is its `time_text` or, where that is None, the nearest one of its sentence; times that
    belong to a verb of saying become `reported`. Relative times are resolved against the report's published day;
    where only its bounds are known, against both, so that the interval widens; where nothing is known, not at all.
    """
    report = _report_of(reading.document)
    told = [_with_expressions(claim, report=report, words=words) for claim in reading.claims]
    told = [_with_own_time(one, report=report, words=words) for one in told]
    told = _with_neighbours(told, report=report, words=words)
    chronicle = _is_chronicle(told, report=report, words=words)
    lead = None if chronicle else _lead_day(told, report=report, words=words)
    claims: list[Claim] = []
    last: When | None = None
    for one in told:
        claim = _finish(one, report=report, words=words, lead=lead, carried=last, chronicle=chronicle)
        last = claim.when if one.when is not None and not claim.background else last
        claims.append(claim)
    return replace(reading, claims=tuple(claims))


def _report_of(document: Document) -> _Report:
    published = document.published
    if published is None or published.earliest is None or published.latest is None:
        return _Report(None, None)
    return _Report(published.earliest, published.latest)


def _with_expressions(claim: Claim, *, report: _Report, words: TimeWords) -> _Told:
    """Choose the claim's own expression and resolve that of the saying, if the sentence has one."""
    sentence = claim.sentence
    found = _expressions_in(sentence.text)
    saying = [one for one in found if _is_of_saying(sentence.text, one, words=words)]
    others = [one for one in found if one not in saying]
    start, end = claim.trigger.start - sentence.start, claim.trigger.end - sentence.start
    given = _given(claim.time_text, found, sentence=sentence)
    own = given if given in others else choose_expression(sentence.text, start, end, others)
    presupposed = _is_presupposed(claim, words=words)
    if presupposed or (own is not None and _says_no_day(own)):
        own = None
    said = choose_expression(sentence.text, start, end, saying)
    said_when = _near(said.text, report=report) if said else None
    return _Told(claim=claim, own=own, said=said_when, presupposed=presupposed)


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
        or (trigger in words.attributes and claim.tense in {"", "past"})
        or trigger in words.known
    )


def _says_no_day(own: TimeExpression) -> bool:
    """Tell whether a length of time is no answer to when: "the first in a year", "for 30 minutes"."""
    text = own.text.lower()
    unit = text.rstrip("s").replace("-", " ").split()[-1]
    rare = text.startswith("in ") and unit in {"week", "month", "year", "decade"} and " than " not in text
    return own.kind == "duration" and (rare or unit == "minute")


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


def _near(text: str, *, report: _Report, tense: str = "past", anchor: date | None = None) -> When | None:
    """Resolve an expression against the report's day, or against both bounds of it, joined."""
    if anchor is not None or report.low == report.high:
        return resolve_expression(text, anchor=anchor or report.high, tense=tense)
    first = resolve_expression(text, anchor=report.low, tense=tense)
    last = resolve_expression(text, anchor=report.high, tense=tense)
    if first is None or last is None or first == last:
        return first if first == last else None
    return _joined(first, last)


def _joined(first: When, last: When) -> When:
    starts, ends = (first.earliest, last.earliest), (first.latest, last.latest)
    return replace(
        last,
        earliest=None if None in starts else min(day for day in starts if day),
        latest=None if None in ends else max(day for day in ends if day),
        precision="interval",
        reason=f"{last.reason} The report's day is only known within bounds.",
        start_latest=None,
        end_earliest=None,
    )


def _with_own_time(one: _Told, *, report: _Report, words: TimeWords) -> _Told:
    """Resolve the claim's own expression, unless it counts from another event."""
    if one.own is None or _OFFSET.match(one.own.text) or _CONTEXT.match(one.own.text):
        return one
    tense = "future" if one.claim.tense == "future" else "past"
    anchor = one.said.latest if one.said and one.own.kind in {"duration", "relative"} else None
    if anchor is not None and report.high is not None and (report.high - anchor).days > 7:
        anchor = None
    when = _near(one.own.text, report=report, tense=tense, anchor=anchor)
    if one.claim.tense == "present" and one.claim.relation in words.standing and _is_over(when, report=report):
        # "Despite the recapture last year, they hold the west": the time is of the other clause.
        return replace(one, own=None)
    return replace(one, when=when)


def _is_over(when: When | None, *, report: _Report) -> bool:
    return when is not None and when.latest is not None and report.low is not None and when.latest < report.low


def _with_neighbours(told: Sequence[_Told], *, report: _Report, words: TimeWords) -> list[_Told]:
    """Resolve times that count from another event: "two days after", "the next day", "held for 10 months"."""
    done: list[_Told] = []
    for position, one in enumerate(told):
        if one.own is not None and one.when is None:
            one = replace(one, when=_counted(one, before=done, report=report))
        elif one.own is not None and one.own.kind == "duration":
            one = replace(one, when=_lasting(one, later=told[position + 1 :], words=words) or one.when)
        done.append(one)
    return done


def _counted(one: _Told, *, before: Sequence[_Told], report: _Report) -> When | None:
    """Resolve what counts from another event: "two days later", "since then", "two days after it was seized"."""
    own, claim = one.own, one.claim
    if own is None:
        return None
    edge = claim.sentence.start + own.start
    earlier = next((other.when for other in reversed(before) if _is_base(other, edge=edge)), None)
    if own.text.lower() == "since then":
        return _since_then(earlier, report=report)
    offset = _OFFSET.match(own.text)
    base = earlier.latest if earlier else report.high
    if base is not None and _CONTEXT.match(own.text):
        return resolve_expression(own.text, anchor=base)
    if offset is None or base is None:
        return None
    side = offset["side"].lower()
    if side in {"after", "before"}:
        if claim.trigger.start < edge:
            return None
        # Of "regained it two days after it was seized", the seizing is the earlier one.
        side = "earlier" if side == "after" else "later"
    return resolve_expression(f"{offset['length']} {side}", anchor=base)


def _is_base(other: _Told, *, edge: int) -> bool:
    return other.when is not None and other.when.latest is not None and other.claim.trigger.start < edge


def _since_then(earlier: When | None, *, report: _Report) -> When | None:
    if earlier is None or report.high is None:
        return None
    return When(
        earliest=earlier.earliest,
        latest=report.high,
        precision="interval",
        spans=True,
        expression="since then",
        reason=f"“since then” counts from “{earlier.expression}” to the report.",
        start_latest=earlier.latest,
        end_earliest=report.high,
    )


def _lasting(one: _Told, *, later: Sequence[_Told], words: TimeWords) -> When | None:
    """Place a stretch of known length before the event of the same sentence that ended it.

    "Kept it for 10 months, until forced out in March": it ends within March and begins ten months before.
    """
    if one.own is None or one.claim.relation not in words.lasting or one.claim.tense not in {"past", ""}:
        return None
    end = next((other.when for other in later if _ends(one.claim, other.claim, words=words)), None)
    if end is None or end.earliest is None or end.latest is None:
        return None
    first = resolve_expression(one.own.text, anchor=end.earliest)
    last = resolve_expression(one.own.text, anchor=end.latest)
    if first is None or last is None:
        return None
    return When(
        earliest=first.earliest,
        latest=end.latest,
        precision="interval",
        spans=True,
        expression=one.own.text,
        reason=f"“{one.own.text}” is counted back from the end, which “{end.expression}” gives.",
        start_latest=last.start_latest,
        end_earliest=end.earliest,
    )


def _ends(claim: Claim, other: Claim, *, words: TimeWords) -> bool:
    same = other.sentence == claim.sentence and other.trigger.start > claim.trigger.end
    return same and other.relation in words.ending and other.place.name_text == claim.place.name_text


def _is_old(when: When | None, *, report: _Report, words: TimeWords) -> bool:
    if when is None or when.latest is None or report.low is None:
        return False
    start = when.earliest or when.latest
    return when.latest < report.low and start < report.low - timedelta(days=words.news_days)


def _is_chronicle(told: Sequence[_Told], *, report: _Report, words: TimeWords) -> bool:
    """Tell whether the text tells older days in order, as an encyclopedia does: most of its times are old dates."""
    dated = [one for one in told if one.when is not None and one.own is not None]
    days = [one for one in dated if one.when and one.when.precision == "day"]
    if not any(one.own and one.own.kind == "absolute" for one in days):
        return False
    if report.high is None:
        return True
    old = [one for one in days if _is_old(one.when, report=report, words=words)]
    return 2 * len(old) > len(dated)


def _lead_day(told: Sequence[_Told], *, report: _Report, words: TimeWords) -> When | None:
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
    one: _Told, *, report: _Report, words: TimeWords, lead: When | None, carried: When | None, chronicle: bool
) -> Claim:
    """Decide background and the remaining times of one claim."""
    claim = one.claim
    history = (
        _old_for_chronicle(one.when, carried, words=words) if chronicle else _history(one, report=report, words=words)
    )
    when = one.when
    if when is None and chronicle:
        when = carried
    elif when is None and (not history or one.presupposed):
        when = (None if one.presupposed else one.said) or _news_time(claim, report=report, lead=lead, words=words)
    if when is not None and when.spans and claim.relation not in words.lasting:
        when = replace(when, spans=False)
    evidence = (Evidence(name="background", weight=0.0, reason=history),) if history else ()
    return replace(
        claim,
        when=when,
        background=bool(history),
        reported=one.said or report.when,
        evidence=(*claim.evidence, *evidence),
    )


def _old_for_chronicle(when: When | None, carried: When | None, *, words: TimeWords) -> str:
    """Return why a claim of a chronicle is background: its time lies long before the days told just now."""
    if when is None or carried is None or when.latest is None or carried.earliest is None:
        return ""
    if (carried.earliest - when.latest).days <= words.longest_days:
        return ""
    return f"Its time, “{when.expression}”, lies long before the days told around it."


def _news_time(claim: Claim, *, report: _Report, lead: When | None, words: TimeWords) -> When | None:
    """Return the time of news without a time: the report's day, or from the day of its first news to that day."""
    if lead is None or claim.relation in words.standing or lead.latest == report.high:
        return report.when
    return When(
        earliest=lead.earliest,
        latest=report.high,
        precision="interval",
        reason=f"No time is said; the report's news begins “{lead.expression}”, and this lies between then and it.",
    )


def _history(one: _Told, *, report: _Report, words: TimeWords) -> str:
    """Return why the claim is background, "" where it is news."""
    when, claim = one.when, one.claim
    if one.presupposed:
        return "A standing state, mentioned by the way." if claim.trigger.text.lower() in words.known else ""
    if _is_old(when, report=report, words=words):
        return f"Its time, “{when.expression if when else ''}”, lies well before the report."
    if when and when.earliest and when.latest and report.low and when.latest >= report.low:
        days = (when.latest - when.earliest).days
        if days > words.longest_days:
            return f"It is told of the last {days} days."
    if one.own and when and _OFFSET.match(one.own.text):
        return f"It is told as what went before, by “{one.own.text}”."
    if one.own is None and one.said and _is_old(one.said, report=report, words=words):
        return f"It was said well before the report, “{one.said.expression}”."
    clause = _clause(claim)
    cue = next((cue for cue in words.history if cue in clause), "")
    if cue:
        return f"The clause tells history: “{cue}”."
    return ""


def _clause(claim: Claim) -> str:
    """Return the words around the trigger, up to the next clause on either side, in small letters."""
    text = claim.sentence.text
    start, end = claim.trigger.start - claim.sentence.start, claim.trigger.end - claim.sentence.start
    edges = [match.end() for match in _CLAUSE_EDGE.finditer(text, 0, max(0, start))]
    after = _CLAUSE_EDGE.search(text, min(len(text), end))
    return text[edges[-1] if edges else 0 : after.start() if after else len(text)].lower()
