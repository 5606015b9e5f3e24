"""Claims get the time that the text gives them, and history is told from news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.errors import KnowledgeError
from heldby.knowledge import read_knowledge
from heldby.records import Block, Claim, Document, Party, PlaceRef, Reading, Span, When
from heldby.resolve.times import TimeWords, resolve_times, time_words

SUNDAY = date(2016, 12, 11)
NOW = datetime(2016, 12, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def words() -> TimeWords:
    """The words of time that come with heldby."""
    return time_words(read_knowledge("time_words"))


def reading_of(*told: tuple[str, str, str], published: When | None = None, tense: str = "past") -> Reading:
    """Return a reading of sentences, each with a trigger and its relation; the place is always Palmyra."""
    text = " ".join(dict.fromkeys(sentence for sentence, _, _ in told))
    document = Document(
        id="d",
        capture_id="c",
        text=text,
        blocks=(Block(kind="paragraph", start=0, end=len(text)),),
        published=published,
        known_at=NOW,
    )
    claims = []
    for number, (sentence, trigger, relation) in enumerate(told):
        start = text.index(sentence)
        at = start + sentence.index(trigger)
        place = PlaceRef(mention=Span.of(text, start, start + 1), name_text="Palmyra")
        claims.append(
            Claim(
                id=str(number),
                document_id="d",
                sentence=Span.of(text, start, start + len(sentence)),
                trigger=Span.of(text, at, at + len(trigger)),
                relation=relation,
                actor=Party(),
                opponent=Party(),
                place=place,
                tense=tense,
                known_at=NOW,
            )
        )
    return Reading(document=document, sentences=(), mentions=(), claims=tuple(claims), quantities=())


def on(day: date) -> When:
    """Return one day as an interval."""
    return When(earliest=day, latest=day)


def days_of(reading: Reading) -> list[str | None]:
    """Return the claims' intervals as ISO text."""
    return [claim.when.iso() if claim.when else None for claim in reading.claims]


HISTORY = "The rebels captured the port last year and kept it for 10 months before they were forced out in March."


def test_a_history_in_one_sentence(words: TimeWords) -> None:
    """Taken last year, held ten months, lost in March: the holding is bounded from the end backwards."""
    told = [(HISTORY, "captured", "takes"), (HISTORY, "kept", "holds"), (HISTORY, "forced out", "takes")]
    reading = resolve_times(reading_of(*told, published=on(SUNDAY)), words=words)
    assert days_of(reading) == ["2015-01-01/2015-12-31", "2015-05-01/2016-03-31", "2016-03-01/2016-03-31"]
    held = reading.claims[1].when
    assert held is not None
    assert (held.spans, held.start_latest, held.end_earliest) == (True, date(2015, 5, 31), date(2016, 3, 1))
    assert all(claim.background for claim in reading.claims)
    assert all(claim.evidence[-1].reason for claim in reading.claims)


def test_news_without_a_time_is_of_the_reports_day(words: TimeWords) -> None:
    """A bare "troops entered the town" in a report of Sunday is Sunday's news."""
    reading = resolve_times(
        reading_of(("Troops entered the town.", "entered", "enters"), published=on(SUNDAY)), words=words
    )
    assert days_of(reading) == ["2016-12-11"]
    assert not reading.claims[0].background


def test_undated_news_lies_between_the_lead_and_the_report(words: TimeWords) -> None:
    """A Monday's report on Sunday's battle leaves its undated claims between the two days."""
    told = [("Rebels took the town on Sunday.", "took", "takes"), ("They shelled the castle.", "shelled", "strikes")]
    reading = resolve_times(reading_of(*told, published=on(SUNDAY + timedelta(days=1))), words=words)
    assert days_of(reading) == ["2016-12-11", "2016-12-11/2016-12-12"]


def test_the_day_of_saying_is_not_the_day_of_the_event(words: TimeWords) -> None:
    """ "Seized on Thursday, the monitor said on Saturday" happened on Thursday and was reported on Saturday."""
    text = "Fighters seized the field on Thursday, the monitor told the agency on Saturday."
    claim = resolve_times(reading_of((text, "seized", "takes"), published=on(SUNDAY)), words=words).claims[0]
    assert claim.when is not None
    assert claim.reported is not None
    assert (claim.when.iso(), claim.reported.iso()) == ("2016-12-08", "2016-12-10")


def test_event_before_the_main_one(words: TimeWords) -> None:
    """ "Regained it two days after it was seized" puts the seizing two days before, as background."""
    text = "Troops regained the town on Sunday two days after it was seized by fighters."
    told = [(text, "regained", "takes"), (text, "seized", "takes")]
    reading = resolve_times(reading_of(*told, published=on(SUNDAY)), words=words)
    assert days_of(reading) == ["2016-12-11", "2016-12-09"]
    assert [claim.background for claim in reading.claims] == [False, True]


def test_a_state_mentioned_by_the_way_takes_no_time_from_its_sentence(words: TimeWords) -> None:
    """ "Shells have hit the rebel-held town since 2012" does not say since when rebels hold it."""
    text = "Shells have hit the rebel-held town since 2012."
    told = [(text, "hit", "strikes"), (text, "-held", "holds")]
    reading = resolve_times(reading_of(*told, published=on(SUNDAY)), words=words)
    assert days_of(reading) == ["2012-01-01/2016-12-11", "2016-12-11"]
    assert [claim.background for claim in reading.claims] == [True, False]


def test_a_chronicle_carries_its_days(words: TimeWords) -> None:
    """An account of older days is no history inside news: undated sentences follow the last day told."""
    told = [
        ("On 16 November the army took the mill.", "took", "takes"),
        ("It then entered the old town.", "entered", "enters"),
        ("The next day rebels left the castle.", "left", "withdraws"),
    ]
    reading = resolve_times(reading_of(*told, published=on(date(2016, 12, 28))), words=words)
    assert days_of(reading) == ["2016-11-16", "2016-11-16", "2016-11-17"]
    assert not any(claim.background for claim in reading.claims)


def test_unknown_report_day_resolves_only_full_dates(words: TimeWords) -> None:
    """Without the report's day "on Sunday" stays unknown, a full date does not."""
    told = [("Rebels took the town on Sunday.", "took", "takes"), ("It fell on 9 May 2015.", "fell", "takes")]
    assert days_of(resolve_times(reading_of(*told), words=words)) == [None, "2015-05-09"]


@given(st.integers(0, 400))
def test_a_wider_report_never_gives_a_tighter_time(width: int) -> None:
    """If the report's day is known only within bounds, the time holds every day that it could have been."""
    table = time_words(read_knowledge("time_words"))
    told = [("Rebels took the town on Thursday.", "took", "takes")]
    bounds = When(earliest=SUNDAY - timedelta(days=width), latest=SUNDAY)
    wide = resolve_times(reading_of(*told, published=bounds), words=table).claims[0].when
    assert wide is not None
    for day in (bounds.earliest, bounds.latest):
        sure = resolve_times(reading_of(*told, published=on(day)), words=table).claims[0].when if day else None
        assert sure is not None
        assert wide.earliest <= sure.earliest <= sure.latest <= wide.latest


def test_the_claims_own_time_wins(words: TimeWords) -> None:
    """The span that the reading of the sentence chose is used, not the nearest one."""
    text = "On Friday, as rebels were shelled on Saturday, the army advanced."
    reading = reading_of((text, "advanced", "advances"), published=on(SUNDAY))
    claim = replace(reading.claims[0], time_text=Span.of(text, 0, 9))
    assert days_of(resolve_times(replace(reading, claims=(claim,)), words=words)) == ["2016-12-09"]


def test_a_broken_knowledge_file_is_named() -> None:
    """A person who edits the file is told which file to correct."""
    with pytest.raises(KnowledgeError, match=r"time_words\.toml"):
        time_words({"saying": ["said"]})
