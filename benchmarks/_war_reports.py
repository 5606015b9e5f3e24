"""The reports of the simulated war, as the archive takes them: captured text and claims already read and resolved.

Reports come day by day, with the memory of a few weeks; the same war gives the same reports.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from _war import War, day_of, fights_by_day, side_id
from _war_voices import Draws, Fact, News, Voice, bend, make_voices, misread, tell_late
from _war_words import make_colour
from heldby.records import (
    Block,
    Capture,
    CapturedItem,
    Claim,
    Document,
    Party,
    PlaceRef,
    Reading,
    SourceLink,
    Span,
    When,
)
from heldby.records.ids import content_hash, record_id

# The share of each relation among the claims of real reports.
SHARES = (
    ("strikes", 0.27), ("holds", 0.20), ("takes", 0.20), ("contests", 0.10), ("attacks", 0.08), ("withdraws", 0.05),
    ("advances", 0.04), ("repels", 0.02), ("enters", 0.02), ("besieges", 0.02),
)  # fmt: skip
WORDS = {
    "takes": "captured", "withdraws": "withdrew from", "holds": "controls", "contests": "fought for",
    "besieges": "besieged", "enters": "entered", "advances": "advanced on", "attacks": "attacked",
    "repels": "repelled an attack on", "strikes": "shelled",
}  # fmt: skip
HEDGES = ("reportedly", "allegedly", "apparently")
MEAN_MORE_CLAIMS = 2.0
REMEMBERED = 400
VERSION = "simulated-1"
WHOLE_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Report:
    """A captured item with what was read in it, and for each claim the truth that it was made from."""

    item: CapturedItem
    reading: Reading
    facts: tuple[Fact, ...]


def make_reports(war: War) -> Iterator[Report]:
    """Yield the reports in the order in which they became known, until as many claims are told as the setup asks."""
    setup = war.setup
    draws = Draws(setup.seed)
    news, teller = News(war, draws), _Teller(war, draws)
    told, number = 0, 0
    for day, (ended, going) in enumerate(fights_by_day(war)):
        news.turn(day, ended, going)
        due = round(setup.claims * (day + 1) / setup.days)
        minutes = WHOLE_DAY / max(1.0, (due - told) / 2.0)
        at = 0.0
        while told < due:
            known_at = datetime.combine(day_of(day), time(), tzinfo=UTC) + timedelta(minutes=int(min(at, 1439)))
            report = teller.tell(news, day=day, known_at=known_at, number=number, most=due - told)
            yield report
            told += len(report.reading.claims)
            number += 1
            at += minutes


class _Teller:
    """Makes reports, and remembers the latest of them for those who copy."""

    def __init__(self, war: War, draws: Draws) -> None:
        self._war, self._draws = war, draws
        # Numbers of their own, so that what is told beside the claims changes none of these.
        self._words = Draws(war.setup.seed + 1)
        self._neutral, self._partisan = make_voices(war)
        self._earlier: deque[Report] = deque(maxlen=REMEMBERED)
        self._relations = [name for name, _ in SHARES]
        self._bounds = [sum(share for _, share in SHARES[: n + 1]) for n in range(len(SHARES))]

    def tell(self, news: News, *, day: int, known_at: datetime, number: int, most: int) -> Report:
        """Return one report: somebody's own, or a copy of one of the last days."""
        if self._earlier and self._draws.share() < self._war.setup.copying:
            earlier = self._earlier[self._draws.below(len(self._earlier))]
            if len(earlier.reading.claims) <= most:
                return self._copy(earlier, known_at=known_at, number=number)
        report = self._own(news, day=day, known_at=known_at, number=number, most=most)
        self._earlier.append(report)
        return report

    def _own(self, news: News, *, day: int, known_at: datetime, number: int, most: int) -> Report:
        draws = self._draws
        voices = self._partisan if draws.share() < self._war.setup.partisan else self._neutral
        voice = voices[draws.below(len(voices))]
        count = min(most, 1 + draws.geometric(MEAN_MORE_CLAIMS))
        facts = [self._fact(news, voice, day) for _ in range(count)]
        chain = (voice.link,) if voice.link else ()
        return self._write(facts, chain, outlet=voice.outlet, known_at=known_at, number=number)

    def _fact(self, news: News, voice: Voice, day: int) -> Fact:
        setup, draws = self._war.setup, self._draws
        for _ in range(3):
            fact = news.fact(self._relation(), setup=setup)
            if not _unwatched(fact.place, day, setup.gaps):
                break
        fact = bend(fact, voice, war=self._war, draws=draws)
        if draws.share() < setup.late:
            fact = self._late(fact, day)
        return misread(fact, war=self._war, draws=draws) if draws.share() < setup.misread else fact

    def _late(self, fact: Fact, day: int) -> Fact:
        """A standing fact is told as it was weeks ago; a happening as if it were of today."""
        if not fact.standing:
            return tell_late(fact, today=day, draws=self._draws)
        number = int(self._war.control[fact.place, max(0, day - 5 - self._draws.below(60))])
        return replace(fact, actor=number) if number < len(self._war.sides) else fact

    def _relation(self) -> str:
        share = self._draws.share()
        return next((n for n, bound in zip(self._relations, self._bounds, strict=True) if share < bound), "strikes")

    def _copy(self, earlier: Report, *, known_at: datetime, number: int) -> Report:
        """Word for word, with or without credit, or told in other words with fewer claims."""
        draws = self._draws
        way = draws.share()
        outlet = f"Paper {4 + draws.below(12)}"
        first = earlier.reading.claims[0]
        credit = _agency(earlier.reading.document.outlet)
        known_at = max(known_at, first.known_at)
        if way < 0.6:
            chain = first.chain if way < 0.35 else (credit, *first.chain)
            return _repeat(earlier, chain, outlet=outlet, known_at=known_at, number=number)
        kept = [fact for fact in earlier.facts if draws.share() < 0.8] or list(earlier.facts[:1])
        return self._write(kept, (credit, *first.chain), outlet=outlet, known_at=known_at, number=number)

    def _write(
        self, facts: list[Fact], chain: tuple[SourceLink, ...], *, outlet: str, known_at: datetime, number: int
    ) -> Report:
        document_id = record_id("simdoc", self._war.setup.seed, number)
        claims, sentences, at = [], [], 0
        for fact in facts:
            text = _sentence(fact, chain, self._war, self._draws)
            span = Span(at, at + len(text), text)
            claims.append(_claim(fact, span, chain, war=self._war, draws=self._draws, known_at=known_at))
            sentences.append(span)
            at += len(text) + 1
        for text in make_colour(self._words):
            sentences.append(Span(at, at + len(text), text))
            at += len(text) + 1
        claims = [_named(claim, document_id) for claim in claims]
        return _report(claims, sentences, tuple(facts), outlet=outlet, known_at=known_at, document_id=document_id)


def _unwatched(place: int, day: int, share: float) -> bool:
    """Tell whether nobody tells of a place in a month; the same for every run."""
    return (place * 7919 + (day // 30) * 104_729) % 1000 < share * 1000


def _agency(outlet: str) -> SourceLink:
    link_id = f"sim:{outlet.replace(' ', '-').lower()}"
    return SourceLink(
        mention=Span(0, len(outlet), outlet), name=outlet, name_text=outlet, kind="news_agency", source_id=link_id
    )


def _sentence(fact: Fact, chain: tuple[SourceLink, ...], war: War, draws: Draws) -> str:
    actor = war.sides[fact.actor] if fact.actor >= 0 else "two sides"
    against = f" from the {war.sides[fact.opponent]}" if fact.opponent >= 0 else ""
    hedge = f"{HEDGES[draws.below(3)]} " if draws.share() < 0.08 else ""
    denied = "never " if fact.modality == "denied" else ""
    said = f", {chain[-1].name} said" if chain else ""
    when = "" if fact.standing else f" on {day_of(fact.day):%d %B %Y}"
    name = war.places[fact.place].name
    return f"The {actor} {hedge}{denied}{WORDS[fact.relation]} {name}{against}{when}{said}."


def _claim(
    fact: Fact, span: Span, chain: tuple[SourceLink, ...], *, war: War, draws: Draws, known_at: datetime
) -> Claim:
    start, text = span.start, span.text
    place = war.places[fact.place]
    trigger = _span(text, WORDS[fact.relation], start)
    hedge = next((word for word in HEDGES if word in text), "")
    base = 0.55 if fact.misread else 0.8
    part = draws.share() < (0.3 if fact.relation in {"contests", "enters"} else 0.05)
    return Claim(
        id="",
        document_id="",
        sentence=span,
        trigger=trigger,
        relation=fact.relation,  # type: ignore[arg-type]
        actor=_party(fact.actor, text, start, war),
        opponent=_party(fact.opponent, text, start, war),
        place=PlaceRef(mention=_span(text, place.name, start), name_text=place.name, place=place),
        extent="part" if part else "whole",
        modality=fact.modality,  # type: ignore[arg-type]
        hedges=(_span(text, hedge, start),) if hedge else (),
        chain=chain,
        when=_when(fact, draws),
        background=fact.old,
        reported=When(earliest=known_at.date(), latest=known_at.date()),
        known_at=known_at,
        confidence=round(min(0.99, base + 0.4 * (draws.share() - 0.5)), 3),
        version=VERSION,
    )


def _when(fact: Fact, draws: Draws) -> When | None:
    if fact.standing:
        return None
    day, way = day_of(fact.day), draws.share()
    if way < 0.08:
        first = day - timedelta(days=draws.below(7))
        return When(earliest=first, latest=first + timedelta(days=6), precision="week", expression="last week")
    if way < 0.14 and fact.old:
        first = day.replace(day=1)
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return When(earliest=first, latest=last, precision="month", expression=f"{day:%B %Y}")
    return When(earliest=day, latest=day, expression=f"{day:%d %B %Y}")


def _party(number: int, text: str, start: int, war: War) -> Party:
    if number < 0:
        return Party()
    name = war.sides[number]
    return Party(mention=_span(text, name, start), actor_ids=(side_id(name),), name=name.capitalize())


def _span(text: str, words: str, start: int) -> Span:
    at = max(0, text.find(words))
    return Span(start + at, start + at + len(words), words)


def _named(claim: Claim, document_id: str) -> Claim:
    identity = (document_id, claim.trigger.start, claim.relation)
    return replace(claim, id=record_id("clm", identity), document_id=document_id)


def _repeat(
    earlier: Report, chain: tuple[SourceLink, ...], *, outlet: str, known_at: datetime, number: int
) -> Report:
    """Return the same words in another outlet."""
    reading = earlier.reading
    document_id = record_id("simcopy", number, reading.document.id)
    reported = When(earliest=known_at.date(), latest=known_at.date())
    claims = [
        _named(replace(claim, chain=chain, known_at=known_at, reported=reported), document_id)
        for claim in reading.claims
    ]
    sentences = list(reading.sentences)
    return _report(claims, sentences, earlier.facts, outlet=outlet, known_at=known_at, document_id=document_id)


def _report(
    claims: list[Claim],
    sentences: list[Span],
    facts: tuple[Fact, ...],
    *,
    outlet: str,
    known_at: datetime,
    document_id: str,
) -> Report:
    text = " ".join(span.text for span in sentences)
    data = text.encode()
    sha256 = content_hash(data)
    capture = Capture(
        id=record_id("capture", sha256, document_id),
        sha256=sha256,
        origin=f"{document_id}.txt",
        fetched_at=known_at,
        media_type="text/plain",
        method="file",
        size=len(data),
    )
    day = known_at.date()
    document = Document(
        id=document_id,
        capture_id=capture.id,
        text=text,
        blocks=(Block(kind="paragraph", start=0, end=len(text), source_start=0, source_end=len(text)),),
        outlet=outlet,
        published=When(earliest=day, latest=day),
        published_from="record",
        published_at=known_at,
        known_at=known_at,
        language="en",
        version=VERSION,
    )
    reading = Reading(document=document, sentences=tuple(sentences), mentions=(), claims=tuple(claims), quantities=())
    return Report(CapturedItem(capture, data), reading, facts)
