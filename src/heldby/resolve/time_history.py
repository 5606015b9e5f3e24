"""Tell history from news: why a claim is background, by rules and by how likely it reads as told before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import log

from heldby.records.claim import Claim
from heldby.records.time import When
from heldby.resolve.time_counts import OFFSET
from heldby.resolve.time_told import Report, Told, is_old
from heldby.resolve.time_words import TimeWords

# Counts of comments and marks stand before "Related".
_OPENING = re.compile(r"\A[\W\d]+")
_CLAUSE_EDGE = re.compile(r"[,;:]|\b(?:and|but|while|when|which|that|who|where|after|before)\b", re.IGNORECASE)


def is_chronicle(told: Sequence[Told], *, report: Report, words: TimeWords) -> bool:
    """Tell whether the text tells older days in order, as an encyclopedia does: most of its times are old dates."""
    dated = [one for one in told if one.when is not None and one.own is not None]
    days = [one for one in dated if one.when and one.when.precision == "day"]
    if not any(one.own and one.own.kind == "absolute" for one in days):
        return False
    if report.high is None:
        return True
    if any(one.said is not None and _is_of_late(one.said, report=report, words=words) for one in told):
        return False
    old = [one for one in days if is_old(one.when, report=report, words=words)]
    return 2 * len(old) > len(dated)


def _is_of_late(when: When, *, report: Report, words: TimeWords) -> bool:
    if when.latest is None or report.high is None:
        return False
    return 0 <= (report.high - when.latest).days <= words.lead_days


def old_for_chronicle(when: When | None, carried: When | None, *, words: TimeWords) -> str:
    """Return why a claim of a chronicle is background: its time lies long before the days told just now."""
    if when is None or carried is None or when.latest is None or carried.earliest is None:
        return ""
    if (carried.earliest - when.latest).days <= words.longest_days:
        return ""
    return f"Its time, “{when.expression}”, lies long before the days told around it."


def told_before(one: Told, *, report: Report, words: TimeWords) -> str:
    """Return why the claim is background, "" where it is news.

    The rules' finding and the reading model's (`Claim.told_before`) are joined as log odds. Of a state mentioned by
    the way without a word that tells it as long known, the rules alone decide: readers disagree on whether
    "rebel-held" is background, and no word tells.
    """
    by_time = _by_place_on_page(one, words=words) or _by_time(one, report=report, words=words)
    found = told_by_rule(one, report=report, words=words)
    if (goes_on := _goes_on(one, report=report)) and not found:
        return goes_on
    read = one.claim.told_before
    if read is None or (one.presupposed and not found):
        return found
    scale = words.scale
    share = min(1.0 - scale.least, max(scale.least, read))
    weight = scale.state if one.claim.relation in words.standing else scale.event
    rule = scale.time if by_time else scale.words if found else 0.0
    odds = scale.bias + rule + weight * log(share / (1.0 - share))
    if odds <= 0:
        return ""
    return found or f"Its words read as told history (probability {read:.2f})."


def _goes_on(one: Told, *, report: Report) -> str:
    """Return why a claim of a whole country is background: below the lead and without a time it says what goes on."""
    claim, place = one.claim, one.claim.place
    timeless = one.own is None and claim.modality == "asserted" and claim.sentence.start >= report.lead_end > 0
    if place.place is None or place.place.precision != "country" or place.side or not timeless:
        return ""
    return "It is told of a whole country, below the report's news and without a time."


def told_by_rule(one: Told, *, report: Report, words: TimeWords) -> str:
    """Return what the rules alone find that tells history, "" where nothing does."""
    return (
        _by_place_on_page(one, words=words)
        or _by_time(one, report=report, words=words)
        or _by_words(one, report=report, words=words)
    )


def _by_place_on_page(one: Told, *, words: TimeWords) -> str:
    """Return why a claim tells what was told before where it stands on the page, "" where that says nothing."""
    opening = _OPENING.sub("", one.claim.sentence.text).lower()
    return "It stands among the headlines of other reports." if opening.startswith(words.others) else ""


def _by_time(one: Told, *, report: Report, words: TimeWords) -> str:
    """Return what in the claim's own time, or in how a state is mentioned, tells history, "" where nothing does."""
    when, claim = one.when, one.claim
    if one.presupposed:
        return "A standing state, mentioned by the way." if claim.trigger.text.lower() in words.known else ""
    if is_old(when, report=report, words=words):
        return f"Its time, “{when.expression if when else ''}”, lies well before the report."
    if when and when.earliest and when.latest and report.low and when.latest >= report.low:
        days = (when.latest - when.earliest).days
        if days > words.longest_days and not _still_tried(claim):
            return f"It is told of the last {days} days."
    offset = OFFSET.match(one.own.text) if one.own and when else None
    if one.own and offset and offset["side"].lower() == "after":
        return f"It is told as what went before, by “{one.own.text}”."
    return ""


def _by_words(one: Told, *, report: Report, words: TimeWords) -> str:
    """Return what in the time of the saying, or in the words of the clause, tells history, "" where nothing does."""
    if one.presupposed:
        return ""
    if one.own is None and one.said and is_old(one.said, report=report, words=words):
        return f"It was said well before the report, “{one.said.expression}”."
    clause = _clause(one.claim)
    cue = next((cue for cue in words.history if cue in clause), "")
    return f"The clause tells history: “{cue}”." if cue else ""


def _still_tried(claim: Claim) -> bool:
    """Tell whether it is an attempt that goes on: "has been trying for two years to take it" is news."""
    return claim.modality == "attempted" and claim.tense in {"present", "perfect"}


def _clause(claim: Claim) -> str:
    """Return the words around the trigger, up to the next clause on either side, in small letters."""
    text = claim.sentence.text
    start, end = claim.trigger.start - claim.sentence.start, claim.trigger.end - claim.sentence.start
    edges = [match.end() for match in _CLAUSE_EDGE.finditer(text, 0, max(0, start))]
    after = _CLAUSE_EDGE.search(text, min(len(text), end))
    return text[edges[-1] if edges else 0 : after.start() if after else len(text)].lower()
