"""What speaks for and against two claims telling one happening: small scorers in one literal list.

Each scorer gives -1 to 1 with the sentence that explains it, and nothing where it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from heldby.records import Evidence
from heldby.relate.episode_rules import EpisodeRules
from heldby.relate.tellings import Side, Telling

Score: TypeAlias = tuple[float, str]
# The name of a scorer, its weighed score, and the sentence that explains it.
Reasons: TypeAlias = list[tuple[str, float, str]]
NOTHING: Score = (0.0, "")
WORDS_NAMED = 5


def score_place(one: Telling, other: Telling, rules: EpisodeRules) -> Score:
    """The same place says the more the smaller it is; what is near a place in one claim is no other place."""
    place = one.claim.place.place
    if place is None:
        return NOTHING
    return rules.place[place.precision], f"Both tell of {place.name}, a {place.precision}."


def score_part(one: Telling, other: Telling, rules: EpisodeRules) -> Score:
    """The same part, or both the whole; a part that only one of them names says little, other parts speak against
    it."""
    parts, sides = one.part & other.part, (one.claim.place.side, other.claim.place.side)
    if one.part and other.part:
        if all(sides) and sides[0] != sides[1]:
            return -1.0, f"One tells of the {sides[0]}, the other of the {sides[1]}."
        share = len(parts) / min(len(one.part), len(other.part))
        named = ", ".join(sorted(parts))
        return (share, f"Both tell of this part: {named}.") if parts else (-1.0, "They tell of different parts.")
    if one.claim.extent == other.claim.extent:
        return 0.3, "Both tell of the whole." if one.claim.extent == "whole" else "Both tell of some part."
    unnamed = not (one.part or other.part)
    return 0.0 if unnamed else -0.2, "One tells of a part, the other of the whole."


def score_sides(one: Telling, other: Telling, rules: EpisodeRules) -> Score:
    """The same sides in the same roles, or sides of one bloc; another side in a role speaks against it."""
    straight = _roles(one.doer, other.doer), _roles(one.other, other.other)
    if one.claim.relation in one.rules.symmetric or other.claim.relation in other.rules.symmetric:
        turned = _roles(one.doer, other.other), _roles(one.other, other.doer)
        straight = max(straight, turned, key=lambda pair: _sides(*pair)[0])
    return _sides(*straight)


def _sides(doer: Score, other: Score) -> Score:
    reason = " ".join(reason for _, reason in (doer, other) if reason)
    if min(doer[0], other[0]) < 0:
        return min(doer[0], other[0]), reason
    return 0.6 * doer[0] + 0.4 * other[0], reason


def _roles(one: Side, other: Side) -> Score:
    if not one or not other:
        return NOTHING
    if one.ids & other.ids or (one.name and one.name.casefold() == other.name.casefold()):
        return 1.0, f"Both name {one.name}."
    if one.blocs & other.blocs:
        return 0.7, f"{one.name} and {other.name} are on one side."
    if one.ids and other.ids:
        return -1.0, f"One names {one.name}, the other {other.name}."
    return -0.3, f"“{one.name}” may be another side than “{other.name}”."


def score_relation(one: Telling, other: Telling, rules: EpisodeRules) -> Score:
    """The same relation; or the same seen from the other side; or one of the same family."""
    first, second = one.claim.relation, other.claim.relation
    if first == second:
        return rules.relation["same"], f"Both tell it as “{first}”."
    if (first in one.rules.mirrored) != (second in other.rules.mirrored):
        return rules.relation["mirrored"], f"“{first}” and “{second}” are one thing seen from its two sides."
    return rules.relation["family"], f"“{first}” and “{second}” can be told of one happening."


def score_time(one: Telling, other: Telling, rules: EpisodeRules) -> Score:
    """Overlapping days say the more the fewer they are; days apart speak against it, the more so where both say their
    day in words of their own."""
    apart = max((one.first - other.last).days, (other.first - one.last).days, 0)
    said = one.said_when + other.said_when
    if apart > one.rules.apart_days:
        return -1.0, f"They are {apart} days apart."
    longest = max(one.days, other.days)
    same = (one.first, one.last) == (other.first, other.last)
    if one.rules.recurs and longest > rules.longest_days and not same:
        return -0.5, f"One is told of {longest + 1} days, in which the like may have happened often."
    if apart == 0:
        score = (0.7, 0.8, 1.0)[said] / (1.0 + longest / 7.0)
        how = "" if said == 2 else " (a report's own day is taken where it says none)"
        return score, f"Both can be of {max(one.first, other.first)}{how}."
    surely = 0.7 if one.rules.recurs else 0.0 if one.rules.state else 0.3
    once = not (one.rules.recurs or one.rules.state)
    nearness = (0.8 if once else 0.5) * (1.0 - apart / (one.rules.apart_days + 1.0))
    return nearness - (surely if said == 2 else 0.0), f"They are {apart} day{'s' if apart > 1 else ''} apart."


def score_manner(one: Telling, other: Telling, rules: EpisodeRules) -> Score:
    """A plan or an attempt is not the deed, and history is not news; a denial is about what it denies."""
    first, second = one.claim.modality, other.claim.modality
    unlike = {first, second} & {"planned", "attempted"}
    if first != second and unlike:
        return -0.5, f"One is {first}, the other {second}."
    if one.claim.background != other.claim.background:
        return -0.15, "One is told as news, the other as history."
    return NOTHING if first == second else (-0.1, f"One is {first}, the other {second}.")


def score_words(one: Telling, other: Telling, rules: EpisodeRules) -> Score:
    """Words that the two sentences share beside the place and the sides."""
    shared = one.words & other.words
    shorter = min(len(one.words), len(other.words))
    if len(shared) < 2 or not shorter:
        return NOTHING
    least, most = rules.words.least, rules.words.most
    share = min(1.0, (len(shared) / shorter - least) / (most - least))
    named = ", ".join(sorted(shared)[:WORDS_NAMED])
    return (share, f"Their sentences share words: {named}.") if share > 0 else NOTHING


def score_speaker(one: Telling, other: Telling, rules: EpisodeRules) -> Score:
    """The same voice, in another report."""
    if one.voice != other.voice or one.claim.document_id == other.claim.document_id:
        return NOTHING
    return 1.0, f"The same voice says so: {one.voice}."


def score_figures(one: Telling, other: Telling, rules: EpisodeRules) -> Score:
    """Numbers of the same that agree; that they differ is common, and says little."""
    shared = sorted(set(one.counted) & set(other.counted))
    for what in shared:
        (low, high), (other_low, other_high) = one.counted[what], other.counted[what]
        if low <= other_high and other_low <= high:
            return 1.0, f"Their numbers agree: {_number(low, high)} {what}."
    if not shared:
        return NOTHING
    numbers = (_number(*one.counted[shared[0]]), _number(*other.counted[shared[0]]))
    return -0.2, f"Their numbers differ: {numbers[0]} and {numbers[1]} {shared[0]}."


def _number(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


SCORERS: tuple[tuple[str, Callable[[Telling, Telling, EpisodeRules], Score]], ...] = (
    ("place", score_place),
    ("part", score_part),
    ("sides", score_sides),
    ("relation", score_relation),
    ("time", score_time),
    ("manner", score_manner),
    ("words", score_words),
    ("speaker", score_speaker),
    ("figures", score_figures),
)


def compare(one: Telling, other: Telling, *, rules: EpisodeRules) -> tuple[float, Reasons]:
    """Return how far two claims of one place and family tell one happening, and why; most pairs are laid aside, so
    the reasons become evidence (`as_evidence`) where they are kept."""
    reasons: Reasons = []
    total = 0.0
    for name, scorer in SCORERS:
        score, reason = scorer(one, other, rules)
        if reason:
            weight = round(rules.weight[name] * score, 3)
            reasons.append((name, weight, reason))
            total += weight
    return round(total, 3), reasons


def as_evidence(reasons: Reasons) -> tuple[Evidence, ...]:
    """Return the reasons of a comparison as evidence."""
    return tuple(Evidence(name=name, weight=weight, reason=reason) for name, weight, reason in reasons)
