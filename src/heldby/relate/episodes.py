"""Which claims tell one happening, and what they agree and differ on.

Claims are taken in the order in which they became known. Each joins the episode that it is most like among those
near it in place, kind and time, or begins one of its own; so what is found among the claims known by a day never
depends on later ones, and the cost grows with what is near, not with all that is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

from heldby.records import Claim, Episode, Evidence, Join, When
from heldby.relate.accounts import make_episode
from heldby.relate.episode_rules import EpisodeRules
from heldby.relate.joining import Reasons, as_evidence, compare
from heldby.relate.tellings import Scene, Telling, tell, told_days

Block: TypeAlias = tuple[object, ...]


@dataclass(slots=True)
class Group:
    """The claims of one episode in the order in which they became known, why each belongs to it, and those that
    stand for it in comparisons. `heard` are the claims that are no copies."""

    claims: list[Claim] = field(default_factory=list)
    heard: list[Telling] = field(default_factory=list)
    stand_for: list[Telling] = field(default_factory=list)
    joins: list[Join] = field(default_factory=list)


def find_episodes(claims: Iterable[Claim], *, rules: EpisodeRules, scene: Scene | None = None) -> tuple[Episode, ...]:
    """Return the happenings that claims with a resolved place tell, in order of time."""
    finder = EpisodeFinder(rules, scene=scene)
    for claim in sorted(claims, key=lambda claim: (claim.known_at, claim.id)):
        finder.hear(claim)
    episodes = [make_episode(group.claims, heard=group.heard, joins=group.joins) for group in finder.groups]
    return tuple(sorted(episodes, key=lambda episode: episode_order(episode.id, episode.when)))


def episode_order(episode_id: str, when: When) -> tuple[date, date, str]:
    """Return what puts episodes in order of time."""
    return when.earliest or date.min, when.latest or date.max, episode_id


@dataclass(frozen=True, slots=True)
class Outline:
    """Of an episode its id, the number of its first claim, and the first and last of its days (ordinals)."""

    id: str
    first: int
    days: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEpisodes:
    """Of the claims about a place, by number in the order in which they became known: what they tell, of which days
    (ordinals), and the first claim of their episode; and the episodes in order of time."""

    relations: list[str]
    days: list[tuple[int, int]]
    firsts: list[int]
    outlines: list[Outline]

    def extended(
        self, claims: Sequence[Claim], *, ids: Sequence[str], changed: Iterable[Episode], rules: EpisodeRules
    ) -> PastEpisodes:
        """Return it with claims that became known after the others (`ids` are those of all), and the episodes that
        they have changed or begun."""
        since, numbers = len(self.relations), {id_: n for n, id_ in enumerate(ids)}
        firsts = [*self.firsts, *([-1] * len(claims))]
        outlines = {outline.id: outline for outline in self.outlines}
        for episode in changed:
            number, when = numbers[episode.claim_ids[0]], episode.when
            bounds = (when.earliest or date.min).toordinal(), (when.latest or date.max).toordinal()
            outlines[episode.id] = Outline(episode.id, number, bounds)
            for id_ in episode.claim_ids:
                if numbers[id_] >= since:
                    firsts[numbers[id_]] = number
        days = [told_days(claim, rules.family_of(claim.relation)[1]) for claim in claims]
        return PastEpisodes(
            relations=[*self.relations, *(claim.relation for claim in claims)],
            days=[*self.days, *((first.toordinal(), last.toordinal()) for first, last in days)],
            firsts=firsts,
            outlines=sorted(outlines.values(), key=lambda outline: (*outline.days, outline.id)),
        )


NO_EPISODES = PastEpisodes(relations=[], days=[], firsts=[], outlines=[])


def may_join(past: PastEpisodes, new: Sequence[Claim], *, rules: EpisodeRules) -> set[int]:
    """Return the numbers of the earlier claims of a place that are near enough in kind and time to some new one that
    it may be compared with them."""
    near: dict[str, list[tuple[bool, int, int]]] = {}
    for claim in new:
        name, family = rules.family_of(claim.relation)
        first, last = told_days(claim, family)
        reach = _reach(first.toordinal(), last.toordinal(), rules=rules, margin=family.apart_days)
        near.setdefault(name, []).append(reach)
    families = {relation: reaches for name, reaches in near.items() for relation in rules.family[name].relations}
    found: set[int] = set()
    for number, (relation, (start, end)) in enumerate(zip(past.relations, past.days, strict=True)):
        if relation in families:
            vague, first_, last_ = _reach(start, end, rules=rules, margin=0)
            if any(vague == is_ and first_ <= to and last_ >= at for is_, at, to in families[relation]):
                found.add(number)
    return found


def _reach(first: int, last: int, *, rules: EpisodeRules, margin: int) -> tuple[bool, int, int]:
    """Return whether a time (ordinals) is known vaguely only, and the first and last stretch of its blocks."""
    size = rules.bucket_days
    return last - first > rules.vague_days, max(first - margin, 1) // size, (last + margin) // size


def find_new_episodes(
    known: Iterable[Sequence[Claim]],
    new: Iterable[Claim],
    *,
    joins: Mapping[str, Sequence[Join]],
    rules: EpisodeRules,
    scene: Scene,
) -> tuple[Episode, ...]:
    """Return the episodes that new claims join or begin, from the claims of each of those known that they may join.

    The claims are given in the order in which they became known, the episodes in that of their first ones; `joins`
    are those of each episode, by its first claim.
    """
    finder = EpisodeFinder(rules, scene=scene)
    for claims in known:
        finder.recall(claims, joins=joins.get(claims[0].id, ()))
    changed = dict.fromkeys(number for claim in new if (number := finder.hear(claim)) is not None)
    groups = [finder.groups[number] for number in changed]
    return tuple(make_episode(group.claims, heard=group.heard, joins=group.joins) for group in groups)


class EpisodeFinder:
    """Puts claims, given in the order in which they became known, into groups; `compared` counts how many pairs of
    claims were laid side by side."""

    def __init__(self, rules: EpisodeRules, *, scene: Scene | None = None) -> None:
        self._rules = rules
        self._scene = scene or Scene()
        self._blocks: dict[Block, list[int]] = defaultdict(list)
        self._group_of: dict[str, int] = {}
        self.groups: list[Group] = []
        self.compared = 0

    def hear(self, claim: Claim) -> int | None:
        """Find the group of a claim, and return its number; one without a place has none."""
        if claim.place.place is None:
            return None
        original = self._scene.repeats.get(claim.id, "")
        if original in self._group_of:
            self._add_copy(claim, original)
            return self._group_of[claim.id]
        telling = tell(claim, rules=self._rules, scene=self._scene)
        found = self._by_person(claim) or self._nearest(telling)
        if found is None:
            self.groups.append(Group())
            self._add(telling, len(self.groups) - 1)
            return len(self.groups) - 1
        number, join = found
        self.groups[number].joins.append(join)
        self._add(telling, number)
        return number

    def recall(self, claims: Sequence[Claim], *, joins: Iterable[Join]) -> None:
        """Take in a group that has been found, with its claims in the order in which they became known."""
        number = len(self.groups)
        self.groups.append(Group(joins=list(joins)))
        for claim in claims:
            if self._scene.repeats.get(claim.id, "") in self._group_of:
                self.groups[number].claims.append(claim)
                self._group_of[claim.id] = number
            else:
                self._add(tell(claim, rules=self._rules, scene=self._scene), number)

    def _add(self, telling: Telling, number: int) -> None:
        group = self.groups[number]
        group.claims.append(telling.claim)
        group.heard.append(telling)
        self._group_of[telling.claim.id] = number
        if len(group.stand_for) >= self._rules.stand_for or any(_alike(one, telling) for one in group.stand_for):
            return
        group.stand_for.append(telling)
        for block in self._blocks_of(telling, margin=0):
            if number not in self._blocks[block]:
                self._blocks[block].append(number)

    def _add_copy(self, claim: Claim, original: str) -> None:
        number = self._group_of[original]
        reason = f"A copy tells again what stands in {original}."
        self.groups[number].joins.append(self._certain(claim, original, name="copy", reason=reason))
        self.groups[number].claims.append(claim)
        self._group_of[claim.id] = number

    def _certain(self, claim: Claim, other_id: str, *, name: str, reason: str) -> Join:
        """Return a join that needs no comparison; it has the score that was needed."""
        threshold = self._rules.threshold
        evidence = Evidence(name=name, weight=threshold, reason=reason)
        return Join(claim_id=claim.id, to_id=other_id, score=threshold, evidence=(evidence,))

    def _by_person(self, claim: Claim) -> tuple[int, Join] | None:
        """Return the group of an earlier claim that a person has said to be one with this one.

        Claims of which a person has said that they are not one may still tell one happening, in two voices.
        """
        ties = self._scene.ties
        for other in sorted(ties.partners(claim.id)):
            if other in self._group_of and ties.are_one(claim.id, other):
                reason = "A person has said that the two claims are one."
                return self._group_of[other], self._certain(claim, other, name="judged", reason=reason)
        return None

    def _nearest(self, telling: Telling) -> tuple[int, Join] | None:
        """Return the group that a telling is most like, the earliest of equals, where it fits any."""
        near: set[int] = set()
        for block in self._blocks_of(telling, margin=telling.rules.apart_days):
            near.update(self._blocks.get(block, ()))
        joins = ((number, self._fit(telling, self.groups[number])) for number in sorted(near))
        fitting = [(number, join) for number, join in joins if join]
        return max(fitting, key=lambda found: (found[1].score, -found[0]), default=None)

    def _fit(self, telling: Telling, group: Group) -> Join | None:
        best: tuple[float, Telling, Reasons] | None = None
        for other in group.stand_for:
            self.compared += 1
            score, reasons = compare(other, telling, rules=self._rules)
            if score < self._rules.floor:
                return None
            if best is None or score > best[0]:
                best = (score, other, reasons)
        if best is None or best[0] < self._rules.threshold:
            return None
        score, other, reasons = best
        return Join(claim_id=telling.claim.id, to_id=other.claim.id, score=score, evidence=as_evidence(reasons))

    def _blocks_of(self, telling: Telling, *, margin: int) -> list[Block]:
        """Return the blocks in which claims of the same place, kind and time meet; none for history of no time."""
        place = telling.claim.place.place
        key = (place.id if place else "", telling.family)
        if not telling.timed:
            return []
        if telling.days > self._rules.vague_days:
            return [(*key, telling.first, telling.last)]
        first = (telling.first - timedelta(days=min(margin, (telling.first - date.min).days))).toordinal()
        last = telling.last.toordinal() + margin
        size = self._rules.bucket_days
        return [(*key, bucket) for bucket in range(first // size, last // size + 1)]


def _alike(one: Telling, other: Telling) -> bool:
    """Tell whether a comparison with one claim says what one with the other would say."""
    return (
        one.claim.relation == other.claim.relation
        and one.claim.modality == other.claim.modality
        and (one.doer, one.other, one.part, one.first, one.last)
        == (other.doer, other.other, other.part, other.first, other.last)
        and one.words == other.words
    )
