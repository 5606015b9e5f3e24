"""What one claim says about the days of a place: how much it weighs, why, and for which states it speaks when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from heldby.reconcile.weights import Effect, Weights
from heldby.records import Claim, Evidence, Party

CONTESTED = "contested"
UNKNOWN = "unknown"
DAY = timedelta(days=1)
# Days before this one are taken as this one: older history says nothing of who holds a place, and costs time.
LONGEST_UNCERTAIN_DAYS = 366
FIRST_DAY = date(1900, 1, 1)
# Relations that one side gains by and the other loses by; fighting without a result is nobody's admission.
OUTCOMES = frozenset({"takes", "holds", "withdraws", "enters", "repels"})
VERBS = {
    "takes": ("took", "take"),
    "withdraws": ("left", "leave"),
    "holds": ("held", "hold"),
    "contests": ("fought for", "fight for"),
    "besieges": ("besieged", "besiege"),
    "enters": ("entered", "enter"),
    "advances": ("advanced on", "advance on"),
    "attacks": ("attacked", "attack"),
    "repels": ("beat off an attack on", "beat off an attack on"),
    "strikes": ("struck", "strike"),
}
VOICE_WORDS = {
    "rights_monitor": "a rights monitor",
    "un_or_ngo": "a UN body or aid group",
    "news_agency": "a news agency",
    "outlet": "another outlet",
    "activist_group": "an activist group",
    "witness": "a witness",
    "analyst": "an analyst",
    "government": "an official of a government",
    "military": "a military",
    "state_media": "a state's media",
    "armed_group": "an armed group",
    "armed_group_outlet": "an armed group's outlet",
    "other": "a voice of no known kind",
    "unnamed": "a voice without a name",
    "report": "the report itself",
}
NO_EFFECT = Effect()


@dataclass(frozen=True, slots=True)
class Saying:
    """On `day` the claim speaks for (positive) or against (negative) a state; `listed` is False for what it only
    lets guess about the time before."""

    day: date
    state: str
    score: float
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Testimony:
    """A claim, its weight from 0 to 1 with the reasons, and what it says of which day."""

    claim: Claim
    weight: float
    reason: str
    sayings: tuple[Saying, ...]


Scorer = Callable[[Claim, Weights], Evidence]


def weigh(claim: Claim, *, weights: Weights, beside: Sequence[Claim] = ()) -> Testimony:
    """Return what a claim says about who holds its place; `beside` are the other claims of its sentence.

    A claim without any bearing (strikes, plans, history without a time) has no sayings and weight 0.
    """
    effect, why_not = _effect(claim, weights)
    scores = [scorer(claim, weights) for scorer in SCORERS]
    scores.append(_score_order(claim, weights, beside))
    weight = 1.0
    for score in scores:
        weight *= score.weight
    reason = "; ".join([_say(claim), *(score.reason for score in scores if score.reason)])
    if effect == NO_EFFECT:
        return Testimony(claim, 0.0, f"{_say(claim)}; {why_not}", ())
    weight = round(min(1.0, weight), 4)
    return Testimony(claim, weight, reason, _sayings(claim, effect, weights))


def side_of(party: Party) -> str:
    """Return the state that stands for a party: its actor's id, `name:` and its name where that is unresolved, ""
    where there is none. Of joint sides the first named stands for all."""
    if party.actor_ids:
        return party.actor_ids[0]
    return f"name:{party.name.casefold()}" if party.name else ""


def _effect(claim: Claim, weights: Weights) -> tuple[Effect, str]:
    if claim.when is None and (claim.historic or (claim.background and claim.relation != "holds")):
        return NO_EFFECT, "history without a time says nothing of any day"
    if claim.when is None and (claim.reported is None or claim.reported.precision in {"interval", "unknown"}):
        return NO_EFFECT, "neither the claim nor its report is dated, so it speaks of no day"
    if _is_too_wide(claim):
        return NO_EFFECT, "its time is known too loosely to tell who held the place on any day"
    if claim.modality == "planned":
        return NO_EFFECT, "a plan says nothing of who holds the place"
    table = {"denied": weights.denied, "attempted": weights.attempted}.get(claim.modality, weights.effects)
    effect = table.get(claim.relation, NO_EFFECT)
    if claim.extent == "part":
        share = weights.part["contested"] if effect.actor > 0 or effect.contested > 0 else 0.0
        effect = Effect(contested=share)
    if claim.modality == "possible":
        factor = weights.possible["factor"]
        effect = Effect(
            actor=effect.actor * factor, opponent=effect.opponent * factor, contested=effect.contested * factor
        )
    return effect, "this says nothing of who holds the place"


def _is_too_wide(claim: Claim) -> bool:
    """Tell whether a happening may lie anywhere in more than a year; a state that lasted so long is no such case."""
    when = claim.when
    if when is None or when.spans or when.earliest is None or when.latest is None:
        return False
    return (when.latest - when.earliest).days > LONGEST_UNCERTAIN_DAYS


# -- how much it weighs: small scorers, each a factor and the words that explain it ---------------------------------


def _score_voice(claim: Claim, weights: Weights) -> Evidence:
    """Weigh who speaks, and whether the claim serves or hurts the side that the voice shares."""
    kind = (claim.chain[-1].kind or "unnamed") if claim.chain else "report"
    side = claim.chain[-1].side if claim.chain else ""
    winners, losers = _interests(claim)
    words = VOICE_WORDS[kind]
    if side and side in losers and side not in winners:
        return Evidence(
            name="voice", weight=weights.interest.admission, reason=f"{words} speaks against its own side's interest"
        )
    base = weights.voices[kind]
    if side and side in winners:
        return Evidence(
            name="voice", weight=base * weights.interest.own_gain, reason=f"{words} speaks for its own side"
        )
    return Evidence(name="voice", weight=base, reason=f"told by {words}")


def _interests(claim: Claim) -> tuple[frozenset[str], frozenset[str]]:
    """Return the sides that would like to hear the claim, and those that would not."""
    actors, opponents = frozenset(claim.actor.actor_ids), frozenset(claim.opponent.actor_ids)
    if claim.relation not in OUTCOMES or claim.modality in {"attempted", "planned"}:
        return frozenset(), frozenset()
    good_for_actor = (claim.relation == "withdraws") == (claim.modality == "denied")
    return (actors, opponents) if good_for_actor else (opponents, actors)


def _score_hedges(claim: Claim, weights: Weights) -> Evidence:
    words = ", ".join(f"“{hedge.text}”" for hedge in claim.hedges)
    factor = weights.hedge ** min(len(claim.hedges), 3)
    return Evidence(name="hedges", weight=factor, reason=f"hedged with {words}" if words else "")


def _score_precision(claim: Claim, weights: Weights) -> Evidence:
    if claim.when is None:
        return Evidence(name="precision", weight=weights.precision["none"], reason="its time is the report's own")
    precision = claim.when.precision
    reason = "" if precision == "day" else f"its time is known to the {precision}"
    return Evidence(name="precision", weight=weights.precision[precision], reason=reason)


def _score_reading(claim: Claim, weights: Weights) -> Evidence:
    """A claim that is surely misread (confidence 0) still weighs half: what it was read from says something."""
    factor = 0.5 + 0.5 * min(1.0, max(0.0, claim.confidence))
    return Evidence(name="reading", weight=factor, reason=f"read with confidence {claim.confidence:.2f}")


SCORERS: tuple[Scorer, ...] = (_score_voice, _score_hedges, _score_precision, _score_reading)


def _score_order(claim: Claim, weights: Weights, beside: Sequence[Claim]) -> Evidence:
    """In "retook the town after briefly withdrawing" the result stands, not the way to it."""
    took = any(
        other.relation == "takes" and other.modality == "asserted" and side_of(other.actor) == side_of(claim.actor)
        for other in beside
    )
    if claim.relation == "withdraws" and took:
        reason = "the same sentence says that this side took the place"
        return Evidence(name="order", weight=weights.same_sentence_withdrawal, reason=reason)
    return Evidence(name="order", weight=1.0, reason="")


def strength(weight: float) -> str:
    """Return a weight in one word."""
    if weight >= 0.6:
        return "strong"
    return "fair" if weight >= 0.3 else "weak"


def _say(claim: Claim) -> str:
    """Return in plain words what the claim says."""
    actor, (past, infinitive) = claim.actor.name or "somebody", VERBS[claim.relation]
    what = "a part of it" if claim.extent == "part" else "it"
    return {
        "asserted": f"says that {actor} {past} {what}",
        "denied": f"denies that {actor} {past} {what}",
        "attempted": f"says that {actor} tried to {infinitive} {what}",
        "planned": f"says that {actor} means to {infinitive} {what}",
        "possible": f"says that perhaps {actor} {past} {what}",
    }[claim.modality]


# -- of which days it speaks -------------------------------------------------------------------------------------


def _sayings(claim: Claim, effect: Effect, weights: Weights) -> tuple[Saying, ...]:
    first, last = _days(claim)
    actor, opponent = side_of(claim.actor), side_of(claim.opponent)
    now = [(actor, effect.actor), (opponent, effect.opponent), (CONTESTED, effect.contested)]
    now = [(state, score) for state, score in now if state and score]
    before = [(actor, effect.before_actor)]
    if claim.opponent.mention is not None:
        # Only who is named as the loser is said to have held it before; an implied one is our own inference.
        before += [(opponent, effect.before_opponent), (CONTESTED, effect.before_contested)]
    before = [(state, score) for state, score in before if state and score]
    if claim.relation == "holds":
        days, told_start = _standing_days(claim, first, last, weights)
        before = before if told_start else []
    elif claim.relation in {"takes", "withdraws"}:
        days = {last: 1.0}
        before = before if claim.when is None or claim.when.earliest is not None else []
    else:
        days = _fighting_days(claim, first, last, weights)
    after = [Saying(day, state, score * share) for day, share in days.items() for state, score in now]
    guessed = [Saying(first - DAY, state, score, listed=False) for state, score in before]
    return (*guessed, *after)


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

    It speaks fully on the first and last day that it surely means, and half on the first of each month between; how
    far inside its bounds these lie is told by the record, or guessed as a share of the whole.
    """
    when = claim.when
    if when is None or first == last:
        return {_earlier(claim, first, weights): 1.0}, False
    open_days = timedelta(days=min(weights.open_days, int((last - first).days * weights.open_share)))
    start = min(when.start_latest or (first + open_days if when.earliest else first), last)
    loose_end = when.latest is not None and when.latest <= claim.known_at.date()
    end = max(start, min(when.end_earliest or (last - open_days if loose_end else last), last))
    days = {start: 1.0, end: 1.0}
    month = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    while month < end:
        days.setdefault(month, 0.5)
        month = (month + timedelta(days=32)).replace(day=1)
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
