"""Claims get the time that the text gives them, and history is told from news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldby.dates import choose_expression, find_expressions
from heldby.errors import KnowledgeError
from heldby.knowledge import read_knowledge
from heldby.records import Block, Claim, Document, Party, Place, PlaceRef, Reading, Span, When
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
                time_text=nearest_time(text, start, sentence, trigger),
                known_at=NOW,
            )
        )
    return Reading(document=document, sentences=(), mentions=(), claims=tuple(claims), quantities=())


def nearest_time(text: str, start: int, sentence: str, trigger: str) -> Span | None:
    """Return the time that is nearest to the trigger, as the stage of claims gives it from the tree."""
    at = sentence.index(trigger)
    found = choose_expression(sentence, at, at + len(trigger), find_expressions(sentence))
    return Span.of(text, start + found.start, start + found.end) if found else None


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


def one_claim(text: str, trigger: str, relation: str, *, words: TimeWords, tense: str = "past") -> Claim:
    """Return the only claim of a sentence in Sunday's report, with its times."""
    reading = reading_of((text, trigger, relation), published=on(SUNDAY), tense=tense)
    return resolve_times(reading, words=words).claims[0]


@pytest.mark.parametrize(
    ("text", "trigger", "relation", "days"),
    [
        ("They have held the hill since planes struck it in September.", "held", "holds", "2016-09-01/2016-12-11"),
        ("It ends a siege that began in May.", "siege", "besieges", "2016-05-01/2016-12-11"),
        ("The army had taken the mill by Friday.", "taken", "takes", "2016-12-06/2016-12-09"),
        ("It was the fiercest attack there for a year.", "attack", "attacks", "2016-12-11"),
        ("The town fell after a year of hunger.", "fell", "takes", "2016-12-11"),
        ("They broke the siege of a base cut off for three years.", "broke", "repels", "2016-12-11"),
        ("Troops came on Tuesday, a day after rebels seized the bridge.", "seized", "takes", "2016-12-05"),
    ],
)
def test_words_around_a_time(text: str, trigger: str, relation: str, days: str, words: TimeWords) -> None:
    """What stands before a time makes a beginning, an end or no answer of it."""
    found = one_claim(text, trigger, relation, words=words).when
    assert found is not None
    assert found.iso() == days


def test_a_headline_gets_the_day_that_the_report_gives_the_same_event(words: TimeWords) -> None:
    """ "The town falls" above "rebels took the town on Friday" is Friday's event, not the report's day's."""
    told = [("The town falls.", "falls", "takes"), ("Rebels took the town on Friday.", "took", "takes")]
    assert days_of(resolve_times(reading_of(*told, published=on(SUNDAY)), words=words)) == ["2016-12-09"] * 2


def test_a_present_clause_takes_no_past_time_from_its_neighbour(words: TimeWords) -> None:
    """ "Took the mill on 2 December and is closing on the town": the closing is today's news."""
    text = "The army took the mill on 2 December and is closing on the town."
    claim = one_claim(text, "closing", "advances", words=words, tense="present")
    assert claim.when is not None
    assert (claim.when.iso(), claim.background) == ("2016-12-11", False)


def test_a_verb_is_no_attribute(words: TimeWords) -> None:
    """ "The army besieged the town in June" tells a siege; "in the besieged town" only mentions one."""
    assert one_claim("The army besieged the town in June.", "besieged", "besieges", words=words).background
    claim = one_claim("In June aid came to the besieged town.", "besieged", "besieges", words=words)
    assert claim.when is not None
    assert (claim.when.iso(), claim.background) == ("2016-12-11", False)


def test_an_attempt_that_goes_on_is_news(words: TimeWords) -> None:
    """ "Has been trying for two years to take it" is told of today; "was attacked for two years" is history."""
    text = "The army has been trying for two years to take the town."
    reading = reading_of((text, "take", "takes"), published=on(SUNDAY), tense="present")
    claim = replace(reading.claims[0], modality="attempted")
    assert not resolve_times(replace(reading, claims=(claim,)), words=words).claims[0].background


@pytest.mark.parametrize(("share", "background"), [(None, False), (0.5, False), (0.999, True)])
def test_the_reading_model_decides_where_it_is_sure(share: float | None, background: bool, words: TimeWords) -> None:
    """Where no rule finds history, only an all but sure reading of it makes background; then the day is unknown."""
    reading = reading_of(("Troops entered the town.", "entered", "enters"), published=on(SUNDAY))
    claim = replace(reading.claims[0], told_before=share)
    claim = resolve_times(replace(reading, claims=(claim,)), words=words).claims[0]
    assert (claim.background, claim.when is None) == (background, background)
    assert [one.name for one in claim.evidence] == (["background", "when"] if background else [])


@pytest.mark.parametrize(("share", "background"), [(None, True), (0.5, True), (0.0001, False)])
def test_the_reading_model_overrules_a_date_where_it_is_sure(
    share: float | None, background: bool, words: TimeWords
) -> None:
    """What happened a day after something else is history, unless all its words read as news."""
    text = "Snow fell a day after troops entered the town."
    reading = reading_of((text, "entered", "enters"), published=on(SUNDAY))
    claim = replace(reading.claims[0], told_before=share)
    assert resolve_times(replace(reading, claims=(claim,)), words=words).claims[0].background is background


def test_a_state_read_as_long_known_lasts_on_the_reports_day(words: TimeWords) -> None:
    """What somebody holds is background where it reads so, and still so on the day of the report."""
    reading = reading_of(("Shells fell on the town, which rebels hold.", "hold", "holds"), published=on(SUNDAY))
    claim = replace(reading.claims[0], told_before=0.999)
    claim = resolve_times(replace(reading, claims=(claim,)), words=words).claims[0]
    assert claim.background
    assert claim.when is not None
    assert (claim.when.earliest, claim.when.latest) == (SUNDAY, SUNDAY)


@pytest.mark.parametrize(("precision", "background"), [("country", True), ("town", False)])
def test_what_goes_on_in_a_whole_country_is_no_news(precision: str, background: bool, words: TimeWords) -> None:
    """Below the first sentences and without a time, what is said of a country is background, of a town news."""
    told = (
        ("Warplanes struck the market of the town on Sunday.", "struck", "strikes"),
        ("Ten people died there.", "died", "strikes"),
        ("The alliance is striking the group in both lands.", "striking", "strikes"),
    )
    reading = reading_of(*told, published=on(SUNDAY), tense="present")
    land = Place(id="land", name="The land", country="SY", precision=precision)  # type: ignore[arg-type]
    claims = tuple(replace(claim, place=replace(claim.place, place=land)) for claim in reading.claims)
    sentences = tuple(claim.sentence for claim in claims)
    found = resolve_times(replace(reading, claims=claims, sentences=sentences), words=words).claims
    assert [claim.background for claim in found] == [False, False, background]


def test_the_time_of_a_plan_is_not_that_of_the_event(words: TimeWords) -> None:
    """What was agreed last December is an old plan; what would follow from it has no day of its own."""
    told = ("In December they agreed that the army would enter the town.", "enter", "enters")
    reading = reading_of(told, published=on(date(2016, 8, 29)), tense="future")
    planned = replace(reading, claims=tuple(replace(claim, modality="planned") for claim in reading.claims))
    (claim,) = resolve_times(planned, words=words).claims
    assert claim.background and claim.when is None
    reading = reading_of(("On Monday the army will enter the town.", "enter", "enters"), published=on(SUNDAY))
    told_on = tuple(replace(claim, modality="planned", tense="future") for claim in reading.claims)
    assert days_of(resolve_times(replace(reading, claims=told_on), words=words)) == ["2016-12-12"]


def test_headlines_of_other_reports_are_told_before(words: TimeWords) -> None:
    """What a page lists as related was told before; the same words in the report itself are its news."""
    for opening, background in (("15 Related ", True), ("READ MORE: ", True), ("", False)):
        told = (f"{opening}Rebels Take Rastan.", "Take", "takes")
        (claim,) = resolve_times(reading_of(told, published=on(SUNDAY), tense="present"), words=words).claims
        assert claim.background is background


def test_what_is_called_occupied_was_known_before(words: TimeWords) -> None:
    """A place mentioned as occupied is so for long: it is no news, though it lasts on the report's day."""
    reading = reading_of(
        ("Shells fell on the occupied heights.", "occupied", "holds"), published=on(SUNDAY), tense=""
    )
    (claim,) = resolve_times(reading, words=words).claims
    assert claim.background and days_of(resolve_times(reading, words=words)) == ["2016-12-11"]


def test_an_unknown_day_is_told_from_the_days_news(words: TimeWords) -> None:
    """News without a time names the report's day as its reason; a claim without any day says why there is none."""
    told = ("Troops entered the town.", "entered", "enters")
    dated = resolve_times(reading_of(told, published=on(SUNDAY)), words=words).claims[0]
    undated = resolve_times(reading_of(told), words=words).claims[0]
    assert dated.when is not None
    assert "report" in dated.when.reason
    assert undated.when is None
    assert "not known" in undated.evidence[-1].reason


def test_a_broken_knowledge_file_is_named() -> None:
    """A person who edits the file is told which file to correct."""
    with pytest.raises(KnowledgeError, match=r"time_words\.toml"):
        time_words({"saying": ["said"]})
