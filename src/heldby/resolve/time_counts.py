"""Times that count from another event: "two days after", "the next day", "held for 10 months", "since then"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from heldby.dates import find_expressions, resolve_expression
from heldby.records.claim import Claim
from heldby.records.time import When
from heldby.resolve.time_told import Report, Told, near
from heldby.resolve.time_words import TimeWords

OFFSET = re.compile(r"(?P<length>.+?)\s+(?P<side>later|earlier|after|afterwards?|before|previously)$", re.IGNORECASE)
# Days that a text counts from the event told just before.
CONTEXT = re.compile(
    r"(?:on |later |earlier |during |early )*(?:the |that )?(?:same|next|following|previous|preceding|prior) "
    r"(?:day|morning|afternoon|evening|night|week|month|year)$|(?:later |earlier |on )*that day$|"
    r"the day (?:before|after)$",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\bsince\b[^;:]*$", re.IGNORECASE)
# "A day after they raised a flag there, even as planes stepped up their bombing": the bombing is not of that day.
_NEXT_CLAUSE = re.compile(r"[,;:]|\b(?:and|but|as|while)\b", re.IGNORECASE)
_BY = re.compile(r"by\s+", re.IGNORECASE)


def with_neighbours(told: Sequence[Told], *, report: Report, words: TimeWords) -> list[Told]:
    """Resolve times that count from another event: "two days after", "the next day", "held for 10 months"."""
    done: list[Told] = []
    for position, one in enumerate(told):
        if one.own is not None and one.when is None:
            one = replace(one, when=_counted(one, before=done, report=report))
        elif one.own is not None and one.own.kind == "duration":
            one = replace(one, when=_lasting(one, later=told[position + 1 :], words=words) or one.when)
        done.append(one)
    return done


def _counted(one: Told, *, before: Sequence[Told], report: Report) -> When | None:
    """Resolve what counts from another event: "two days later", "since then", "two days after it was seized"."""
    own, claim = one.own, one.claim
    if own is None:
        return None
    edge = claim.sentence.start + own.start
    earlier = next((other.when for other in reversed(before) if _is_base(other, edge=edge)), None)
    if own.text.lower() == "since then":
        return _since_then(earlier, report=report)
    offset = OFFSET.match(own.text)
    before_it = _before_in_sentence(one, report=report)
    earlier = before_it or earlier
    base = earlier.latest if earlier else report.high
    if base is not None and CONTEXT.match(own.text):
        return resolve_expression(own.text, anchor=base)
    if offset is None or base is None:
        return None
    side = offset["side"].lower()
    if side in {"after", "before"}:
        event = claim.sentence.text[own.end : max(0, claim.trigger.start - claim.sentence.start)]
        if claim.trigger.start < edge or _NEXT_CLAUSE.search(event):
            return None
        # Of "regained it two days after it was seized", the seizing is the earlier one.
        side = "earlier" if side == "after" else "later"
    return resolve_expression(f"{offset['length']} {side}", anchor=base)


def _before_in_sentence(one: Told, *, report: Report) -> When | None:
    """Return the time right before one that counts from it: "it began on 11 January, a day after they seized X"."""
    if one.own is None:
        return None
    for other in reversed(find_expressions(one.claim.sentence.text[: one.own.start])):
        if other.kind in {"absolute", "relative"} and not OFFSET.match(other.text) and not CONTEXT.match(other.text):
            found = near(other.text, report=report)
            return found if found is not None and found.latest is not None else None
    return None


def with_edges(one: Told, when: When | None, *, report: Report, words: TimeWords) -> When | None:
    """Return what the words before an expression make of its days.

    "Held since planes struck it in September" and "the siege that began in May" last up to the report; "had taken X
    by Saturday" was in the days before, unless the text says that it was long ago.
    """
    if one.own is None or when is None or when.latest is None or one.claim.tense == "future":
        return when
    if when.earliest is None and _BY.match(one.own.text):
        return _shortly_before(one, when, report=report, words=words)
    sentence = one.claim.sentence
    between = sentence.text[one.claim.trigger.end - sentence.start : one.own.start]
    last = between.split()[-1:]
    since = bool(_SINCE.search(between)) and not one.own.text.lower().startswith("since")
    began = bool(last) and last[0].lower() in words.began and one.claim.relation in words.begun
    if not (since or began) or report.high is None or when.latest >= report.high:
        return when
    return replace(
        when,
        latest=report.high,
        precision="interval",
        spans=True,
        reason=f"“{one.own.text}” gives the beginning; the end is the day of the report.",
        start_latest=when.latest,
        end_earliest=report.high,
    )


def _shortly_before(one: Told, when: When, *, report: Report, words: TimeWords) -> When:
    day = near(_BY.sub("", one.own.text, count=1), report=report) if one.own else None
    if day is None or day.earliest is None:
        return when
    back = words.lead_days if day.earliest == day.latest else 0
    reason = f"{when.reason} It is taken as news of the days before." if back else when.reason
    return replace(when, earliest=day.earliest - timedelta(days=back), reason=reason)


def with_same_event(told: Sequence[Told], *, report: Report, words: TimeWords) -> list[Told]:
    """Give news without a time that of the same event told with one: a headline's fall of a town, dated below it."""
    dated: dict[tuple[str, str], When] = {}
    for one in told:
        if one.when is not None and one.own is not None and _is_recent(one.when, report=report, words=words):
            dated.setdefault(_event(one.claim), one.when)
    return [
        replace(one, when=_as_told_below(dated[_event(one.claim)])) if _lacks_time(one, dated, words=words) else one
        for one in told
    ]


def _event(claim: Claim) -> tuple[str, str]:
    return claim.relation, claim.place.name_text.casefold()


def _lacks_time(one: Told, dated: Mapping[tuple[str, str], When], *, words: TimeWords) -> bool:
    bare = one.when is None and one.own is None and not one.presupposed and one.claim.relation not in words.standing
    real = one.claim.modality == "asserted" and one.claim.tense != "future"
    return bare and real and bool(one.claim.place.name_text) and _event(one.claim) in dated


def _as_told_below(when: When) -> When:
    return replace(when, reason=f"Told elsewhere in the report: {when.reason}")


def _is_recent(when: When, *, report: Report, words: TimeWords) -> bool:
    if when.earliest is None or when.latest is None or report.high is None:
        return False
    return 0 <= (report.high - when.latest).days <= words.news_days and (when.latest - when.earliest).days <= 1


def _is_base(other: Told, *, edge: int) -> bool:
    return other.when is not None and other.when.latest is not None and other.claim.trigger.start < edge


def _since_then(earlier: When | None, *, report: Report) -> When | None:
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


def _lasting(one: Told, *, later: Sequence[Told], words: TimeWords) -> When | None:
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
