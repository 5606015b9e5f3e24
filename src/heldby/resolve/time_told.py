"""What is known of a claim's time on the way: the report's bounds, the words of its own time, that of the saying."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from heldby.dates import TimeExpression, resolve_expression
from heldby.records.claim import Claim, Reading
from heldby.records.time import When
from heldby.resolve.time_words import TimeWords


@dataclass(frozen=True, slots=True)
class Report:
    """The bounds of the report's own day (None: unknown), and where its headline and first sentences end."""

    low: date | None
    high: date | None
    lead_end: int = 0

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
class Told:
    """A claim with the expression of its own time, the one of the saying, and what they were resolved to."""

    claim: Claim
    own: TimeExpression | None
    said: When | None
    when: When | None = None
    presupposed: bool = False


def report_of(reading: Reading, *, words: TimeWords) -> Report:
    published = reading.document.published
    first = reading.sentences[: words.lead_sentences]
    lead_end = first[-1].end if first else 0
    if published is None or published.earliest is None or published.latest is None:
        return Report(None, None, lead_end)
    return Report(published.earliest, published.latest, lead_end)


def near(text: str, *, report: Report, tense: str = "past", anchor: date | None = None) -> When | None:
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


def is_over(when: When | None, *, report: Report) -> bool:
    return when is not None and when.latest is not None and report.low is not None and when.latest < report.low


def is_old(when: When | None, *, report: Report, words: TimeWords) -> bool:
    if when is None or when.latest is None or report.low is None:
        return False
    start = when.earliest or when.latest
    return when.latest < report.low and start < report.low - timedelta(days=words.news_days)
