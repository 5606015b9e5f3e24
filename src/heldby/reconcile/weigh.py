"""What one claim says about a place: how far it is to be believed, why, and of which states it speaks when."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

from heldby.reconcile.blocs import Blocs
from heldby.reconcile.messages import Message, Saying, Testimony
from heldby.reconcile.weights import Speaks, Weights
from heldby.reconcile.wording import VOICE_WORDS, say
from heldby.records import Claim, Party
from heldby.records.spell import Stance

DAY = timedelta(days=1)
# A happening that may lie anywhere in more than this says nothing of any day.
LONGEST_UNCERTAIN_DAYS = 366
# Days before this one are taken as this one: older history says nothing of who holds a place, and costs time.
FIRST_DAY = date(1900, 1, 1)
# A record that differs by less from what is thought of a voice is not worth a word.
NOTED = 0.03
# Relations that one side gains by and the other loses by; fighting without a result is nobody's admission.
OUTCOMES = frozenset({"takes", "holds", "withdraws", "enters", "repels"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """With what knowledge claims are heard: the blocs of the place, and the learned reliability of voices (or kinds,
    as `kind:` and the kind) by stance."""

    blocs: Blocs = field(default_factory=lambda: Blocs({}, ""))
    records: Mapping[tuple[str, Stance], float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A claim with all that its weight is told from."""

    claim: Claim
    voice: str
    kind: str
    side: str
    stance: Stance
    ear: Ear
    weights: Weights
    beside: Sequence[Claim]
    divided: bool


# A factor, and the words that explain it.
Score: TypeAlias = tuple[float, str]
Scorer: TypeAlias = Callable[[_Heard], Score]


def weigh(
    claim: Claim, *, weights: Weights, voice: str = "", ear: Ear | None = None, within: Sequence[Claim] = ()
) -> Testimony:
    """Return what a claim says about who holds its place; `within` are the claims of its report about that place.

    A claim without any bearing (plans, history without a time) has no sayings and weight 0.
    """
    ear = ear or Ear()
    kind, side = speaker_of(claim)
    stance = stance_of(claim, side=side, blocs=ear.blocs) if weights.with_interest else "neutral"
    called = _is_called_divided(claim, weights)
    divided = called or _is_divided(claim, within)
    tables = weights.divided if called else weights.part if divided or is_partial(claim) else weights.typical
    speaks, why_not = _speaks(claim, weights, asserted=tables)
    if speaks is None:
        return Testimony(claim, 0.0, f"{say(claim)}; {why_not}", (), stance)
    beside = [o for o in within if o.id != claim.id and o.sentence == claim.sentence] if len(within) > 1 else []
    heard = _Heard(claim, voice, kind, side, stance, ear, weights, beside, divided)
    scores = [scorer(heard) for scorer in SCORERS]
    weight = math.prod([factor for factor, _ in scores])
    reason = "; ".join([say(claim), *[words for _, words in scores if words]])
    return Testimony(claim, round(min(1.0, weight), 4), reason, _sayings(claim, speaks, weights, ear.blocs), stance)


def states_of(party: Party, *, blocs: Blocs, day: date) -> tuple[str, ...]:
    """Return the states that stand for a party: the blocs of its sides, `name:` and its name where it is unresolved,
    nothing where there is none."""
    if len(party.actor_ids) == 1:
        return (blocs.of(party.actor_ids[0], day),)
    if party.actor_ids:
        return tuple(dict.fromkeys(blocs.of(id_, day) for id_ in party.actor_ids))
    return (f"name:{party.name.casefold()}",) if party.name else ()


def speaker_of(claim: Claim) -> tuple[str, str]:
    """Return the kind of the voice that tells a claim ("report" where none is named), and the side it shares."""
    if claim.chain:
        return claim.chain[-1].kind or "unnamed", claim.chain[-1].side
    if claim.teller is not None and (claim.teller.side or claim.teller.kind != "outlet"):
        return claim.teller.kind, claim.teller.side
    return "report", ""


def stance_of(claim: Claim, *, side: str, blocs: Blocs) -> Stance:
    """Tell whether a voice of a side tells its own side's gain or loss."""
    if not side or claim.relation not in OUTCOMES or claim.modality in {"attempted", "planned"}:
        return "neutral"
    day = claim.known_at.date()
    own = blocs.of(side, day)
    actors, opponents = (states_of(party, blocs=blocs, day=day) for party in (claim.actor, claim.opponent))
    good_for_actor = (claim.relation == "withdraws") == (claim.modality == "denied")
    winners, losers = (actors, opponents) if good_for_actor else (opponents, actors)
    if own in winners:
        return "gain"
    return "loss" if own in losers else "neutral"


def _is_called_divided(claim: Claim, weights: Weights) -> bool:
    """Tell whether the sentence of a standing claim says that the place is divided."""
    words = " ".join(claim.sentence.text.casefold().split())
    standing = claim.relation == "holds" and claim.modality == "asserted"
    return standing and any(cue in words for cue in weights.divided_words)


def _is_divided(claim: Claim, within: Sequence[Claim]) -> bool:
    """Tell whether a report gives its place to two sides at once, and to none of them by a change that it tells."""
    if claim.relation != "holds" or claim.modality != "asserted":
        return False
    told = [other for other in within if other.modality == "asserted"]
    if any(other.relation in {"takes", "withdraws"} and not is_partial(other) for other in told):
        return False
    holders = [other for other in told if other.relation == "holds" and other.when == claim.when]
    return any(not _same_party(other.actor, claim.actor) and other.actor.name for other in holders)


def is_partial(claim: Claim) -> bool:
    """Tell whether a claim is about a part of its place only ("the castle", "eastern Aleppo")."""
    return claim.extent == "part" or bool(claim.place.side)


def _speaks(claim: Claim, weights: Weights, *, asserted: Mapping[str, Speaks]) -> tuple[Speaks | None, str]:
    """Return of which states a claim is typical, None with the reason where of none; `asserted` is the table for what
    is told as a fact."""
    if claim.when is None and (claim.historic or (claim.background and claim.relation != "holds")):
        return None, "history without a time says nothing of any day"
    if claim.when is None and (claim.reported is None or claim.reported.precision in {"interval", "unknown"}):
        return None, "neither the claim nor its report is dated, so it speaks of no day"
    if _is_too_wide(claim):
        return None, "its time is known too loosely to tell who held the place on any day"
    if claim.relation in weights.needs_doer and not claim.actor.name:
        return None, "it names no side, so it says nothing of who holds the place"
    if claim.modality == "planned":
        return None, "a plan says nothing of who holds the place"
    tables = {"denied": weights.denied, "attempted": weights.attempted}
    table = tables.get(claim.modality, asserted)
    if asserted is not weights.typical and claim.modality in tables:
        return None, "what did not happen to a part of it says nothing of who holds the place"
    return table.get(claim.relation), "this says nothing of who holds the place"


def _is_too_wide(claim: Claim) -> bool:
    """Tell whether a happening may lie anywhere in more than a year; a state that lasted so long is no such case."""
    when = claim.when
    if when is None or when.spans or when.earliest is None or when.latest is None:
        return False
    return (when.latest - when.earliest).days > LONGEST_UNCERTAIN_DAYS


# -- how far it is to be believed: small scorers, each a factor and the words that explain it -----------------------


def _score_voice(heard: _Heard) -> Score:
    """Weigh who speaks, whether the claim serves or hurts the side that the voice shares, and what its record is."""
    weights, words = heard.weights, VOICE_WORDS[heard.kind]
    base = reliability_of(heard.kind, heard.stance, weights)
    told = {
        "gain": f"{words} speaks for its own side",
        "loss": f"{words} speaks against its own side's interest",
        "neutral": f"told by {words}",
    }[heard.stance]
    records = heard.ear.records if weights.with_records else {}
    for key in (heard.voice, f"kind:{heard.kind}"):
        learned = records.get((key, heard.stance))
        if learned is not None:
            whose = "its record" if key == heard.voice else "the record of such voices"
            better = "better" if learned > base + NOTED else "worse" if learned < base - NOTED else ""
            reason = f"{told}; {whose} is {better} than thought" if better else told
            return learned, reason
    return base, told


def reliability_of(kind: str, stance: Stance, weights: Weights) -> float:
    """Return what is thought of a voice of a kind before its record is known."""
    if stance == "loss":
        return weights.interest.admission
    return weights.reliability[kind] * (weights.interest.own_gain if stance == "gain" else 1.0)


def _score_hedges(heard: _Heard) -> Score:
    hedges = heard.claim.hedges
    words = ", ".join(f"“{hedge.text}”" for hedge in hedges)
    factor = heard.weights.hedge ** min(len(hedges), 3)
    return factor, f"hedged with {words}" if words else ""


def _score_precision(heard: _Heard) -> Score:
    when, factors = heard.claim.when, heard.weights.precision
    if when is None:
        return factors["none"], "its time is the report's own"
    reason = "" if when.precision == "day" else f"its time is known to the {when.precision}"
    return factors[when.precision], reason


def _score_modality(heard: _Heard) -> Score:
    factor = heard.weights.possible["factor"] if heard.claim.modality == "possible" else 1.0
    return factor, ""


def _score_reading(heard: _Heard) -> Score:
    """A claim says as much as it was surely read; an admission is the rarer, and so the likelier to be misread."""
    confidence = heard.claim.confidence
    odds = heard.weights.interest.admission_read if heard.stance == "loss" else 1.0
    read = min(1.0, max(0.0, confidence))
    read = odds * read / (odds * read + 1.0 - read) if read < 1.0 else 1.0
    return read, f"read with confidence {confidence:.2f}"


def _score_order(heard: _Heard) -> Score:
    """In "retook the town after briefly withdrawing", "took the army-held town" and "seized it before the army
    recovered it" the result stands, not the way to it."""
    claim = heard.claim
    changes = [other for other in heard.beside if other.relation == "takes" and other.modality == "asserted"]
    took = any(_same_party(other.actor, claim.actor) for other in changes)
    others = [other for other in changes if not _same_party(other.actor, claim.actor) and not is_partial(other)]
    lost = any(_same_party(other.actor, claim.actor) for other in heard.beside if other.relation == "withdraws")
    undone = any(_is_again(other, heard.weights) and other.when == claim.when for other in others)
    why = ""
    if claim.relation == "withdraws" and took:
        why = "the same sentence says that this side took the place"
    elif claim.relation == "holds" and (lost or others) and not took:
        why = "the same sentence says that this side lost the place"
    elif claim.relation == "takes" and undone and not _is_again(claim, heard.weights):
        why = "the same sentence says that another side took the place again"
    return heard.weights.same_sentence if why else 1.0, why


def _is_again(claim: Claim, weights: Weights) -> bool:
    words = claim.trigger.text.casefold()
    return any(cue in words for cue in weights.again_words)


def _score_implied(heard: _Heard) -> Score:
    """Who did it is our guess where no word of the text says so."""
    claim = heard.claim
    if claim.actor.mention is not None or not claim.actor.name or claim.relation == "strikes":
        return 1.0, ""
    return heard.weights.implied, "no word says who, it is only implied"


def _score_around(heard: _Heard) -> Score:
    """What happens near a place says little of who holds it."""
    part = heard.claim.part
    words = set(part.text.casefold().replace("-", " ").split()) if part else set()
    if not words & heard.weights.around_words:
        return 1.0, ""
    return heard.weights.around, "it tells of what lies around the place"


def _score_divided(heard: _Heard) -> Score:
    return 1.0, "two sides are told to have it, so each has a part of it" if heard.divided else ""


SCORERS: tuple[Scorer, ...] = (
    _score_voice,
    _score_hedges,
    _score_precision,
    _score_modality,
    _score_reading,
    _score_order,
    _score_implied,
    _score_divided,
    _score_around,
)


def _same_party(one: Party, other: Party) -> bool:
    return (one.actor_ids or one.name) == (other.actor_ids or other.name)


# -- of which days it speaks -------------------------------------------------------------------------------------


def _sayings(claim: Claim, speaks: Speaks, weights: Weights, blocs: Blocs) -> tuple[Saying, ...]:
    first, last = _days(claim)
    actors, opponents = (states_of(party, blocs=blocs, day=last) for party in (claim.actor, claim.opponent))
    # A side that is named on both ends ("rebels fought rebels") is neither.
    both = tuple(state for state in actors if state in opponents)
    actors, aside = actors[:1], (*actors[1:], *both)
    opponents = tuple(state for state in opponents if state not in actors)
    if both and actors and actors[0] in both:
        return ()
    # Only who is named as the loser is said to have held it before; an implied one is our own inference.
    losers = opponents if claim.opponent.mention is not None else ()
    before = speaks.before
    if claim.relation == "holds":
        days, told_start = _standing_days(claim, first, last, weights)
        before = before if told_start else None
        fades = True
    elif before is not None:
        days, fades = {last: 1.0}, False
        before = before if claim.when is None or claim.when.earliest is not None else None
    else:
        days, fades = _fighting_days(claim, first, last, weights), True
    turn = before if before is not None and first == last and not fades else None
    now = Message(speaks.on, actors, opponents, aside, turn, losers if turn else (), fades)
    after = tuple(Saying(day, now, share) for day, share in days.items())
    if before is None:
        return after
    guess = Saying(
        first - DAY, Message(before, actors, losers, aside), share=1.0 if turn is None else 0.0, listed=False
    )
    return (guess, *after)


def _days(claim: Claim) -> tuple[date, date]:
    """Return the days that a claim speaks of, none after the day on which it became known."""
    known = claim.known_at.date()
    when = claim.when
    if when is None or (when.earliest is None and when.latest is None):
        return known, known
    last = min(when.latest or known, known)
    first = min(when.earliest or last, last)
    return max(first, FIRST_DAY), max(last, FIRST_DAY)


def _standing_days(claim: Claim, first: date, last: date, weights: Weights) -> tuple[dict[date, float], bool]:
    """Return on which days a standing claim speaks, and whether it tells when the state began.

    It speaks fully on the first and last day that it surely means, and once more, shared among them, on the first of
    each month between; how far inside its bounds these lie is told by the record, or guessed as a share of the whole.
    """
    when = claim.when
    if when is None or first == last:
        return {_earlier(claim, first, weights): 1.0}, False
    open_days = timedelta(days=min(weights.open_days, int((last - first).days * weights.open_share)))
    start = min(when.start_latest or (first + open_days if when.earliest else first), last)
    loose_end = when.latest is not None and when.latest <= claim.known_at.date()
    end = max(start, min(when.end_earliest or (last - open_days if loose_end else last), last))
    between = []
    month = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    while month < end:
        between.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    days = {day: min(0.5, 1.0 / len(between)) for day in between} | {start: 1.0, end: 1.0}
    told_start = when.spans and when.earliest is not None and when.precision == "interval"
    return days, told_start


def _fighting_days(claim: Claim, first: date, last: date, weights: Weights) -> dict[date, float]:
    count = (last - first).days + 1
    if count > weights.longest_fighting_days:
        return {}
    return {_earlier(claim, first + n * DAY, weights): 1.0 / count for n in range(count)}


def _earlier(claim: Claim, day: date, weights: Weights) -> date:
    """Return the day before where the claim is of the earlier part of its day: a day stands for its end."""
    words = f"{claim.time_text.text if claim.time_text else ''} {claim.when.expression if claim.when else ''}"
    return day - DAY if any(cue in words.casefold() for cue in weights.earlier_cues) else day
