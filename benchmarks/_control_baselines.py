"""What users have today, on the claims that heldby read and placed: no weights, no lineage, no model of time.

Each asserted claim that tells a holder has one vote: who takes, holds or beats off an attack on the place, and whom
a withdrawal leaves it to; fighting for it, and having a part of it, is a vote for `contested`. It counts from the day
of the event, the last where there are several, or of its report. Votes for sides that hold nothing in the truth file
are left out, in favour of the baselines.

- last report: the newest vote wins, by the day of the event, then that of the report.
- majority: of the votes of the 30 days up to the day, in hindsight also of the 30 days after it, the most (VIINA's
  vote); where there are none, of the 30 days up to the last vote before.
- Dawid-Skene (1979): the same windows, one task for each pair; the worker is the innermost voice (`crowd-kit`). It
  learns how far to trust a voice from all windows, those of later days too.
- sides only: the same without votes for `contested`.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from _control_ask import Known, days_around, event_day, nearest_start
from _control_sides import CONTESTED, NO_ANSWER, OTHER, Answer, Sides
from _control_truth import Change, Pair
from heldby.records import Claim, Party

WINDOW = timedelta(days=30)
GAINS = frozenset({"takes", "holds", "repels"})


@dataclass(frozen=True, slots=True)
class Vote:
    """A claim's word on who holds a place: the state that it names, by whom, of which day, and known since when."""

    day: date
    known: date
    voice: str
    state: str


def read_votes(claims: Iterable[Claim]) -> list[Vote]:
    """Return the votes of claims, the oldest event first."""
    found = []
    for claim in claims:
        state = _state(claim)
        if state and claim.modality == "asserted" and not (claim.when is None and claim.historic):
            found.append(Vote(event_day(claim), claim.known_at.date(), _voice(claim), state))
    return sorted(found, key=lambda vote: (vote.day, vote.known))


def _state(claim: Claim) -> str:
    if claim.relation == "contests" or (claim.extent == "part" and claim.relation in GAINS):
        return CONTESTED
    if claim.extent == "part":
        return ""
    return _side(claim.actor) if claim.relation in GAINS else _side(claim.opponent) * (claim.relation == "withdraws")


def _side(party: Party) -> str:
    if party.actor_ids:
        return party.actor_ids[0]
    return f"name:{party.name.casefold()}" if party.name else ""


def _voice(claim: Claim) -> str:
    if not claim.chain:
        return f"report:{claim.document_id}"
    last = claim.chain[-1]
    return last.source_id or (last.name or last.name_text or last.mention.text).casefold()


# -- which votes count ---------------------------------------------------------------------------------------------


def last_vote(votes: Sequence[Vote], day: date, *, as_known: bool) -> list[Vote]:
    """Return the votes of events up to a day, in order; the last of them counts."""
    return [vote for vote in votes if vote.day <= day]


def in_window(votes: Sequence[Vote], day: date, *, as_known: bool) -> list[Vote]:
    """Return the votes that count for a day: those around it, or else around the last one before it."""
    last = day if as_known else day + WINDOW
    near = [vote for vote in votes if day - WINDOW <= vote.day <= last]
    before = [vote.day for vote in votes if vote.day <= day]
    if near or not before:
        return near
    return [vote for vote in votes if before[-1] - WINDOW <= vote.day <= before[-1]]


# -- the baselines -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ballot:
    """A pair with the votes that count for it: voice and holder, the oldest event first."""

    pair: Pair
    votes: tuple[tuple[str, str], ...]


def last_report(ballots: Sequence[Ballot]) -> list[Answer]:
    """Answer with the last vote."""
    return [
        Answer(ballot.votes[-1][1], {ballot.votes[-1][1]: 1.0}) if ballot.votes else NO_ANSWER for ballot in ballots
    ]


def majority(ballots: Sequence[Ballot]) -> list[Answer]:
    """Answer with what most votes say, of equals with the last; their shares are the probabilities."""
    answers = []
    for ballot in ballots:
        counts = Counter(holder for _, holder in reversed(ballot.votes))
        shares = {holder: count / len(ballot.votes) for holder, count in counts.items()}
        answers.append(Answer(counts.most_common(1)[0][0], shares) if shares else NO_ANSWER)
    return answers


def dawid_skene(ballots: Sequence[Ballot]) -> list[Answer]:
    """Answer with what Dawid and Skene's model makes of the votes of all ballots. Raises ImportError without
    `crowd-kit` (`pip install 'heldby[bench]'`)."""
    import pandas
    from crowdkit.aggregation import DawidSkene

    votes = [
        (task, voice, holder) for task, ballot in enumerate(ballots) for voice, holder in dict(ballot.votes).items()
    ]
    if not votes:
        return [NO_ANSWER for _ in ballots]
    table = pandas.DataFrame(votes, columns=["task", "worker", "label"])
    with warnings.catch_warnings():
        # It calls pandas in a way that is to go; its result is the same.
        warnings.simplefilter("ignore")
        found = DawidSkene(n_iter=100).fit_predict_proba(table)
    shares = {task: {str(name): float(p) for name, p in row.items()} for task, row in found.iterrows()}
    return [_most_likely(shares.get(task)) for task in range(len(ballots))]


def _most_likely(shares: Mapping[str, float] | None) -> Answer:
    return Answer(max(sorted(shares), key=lambda holder: shares[holder]), shares) if shares else NO_ANSWER


@dataclass(frozen=True, slots=True)
class Method:
    """A baseline: which votes it hears, what it makes of them, and whether there are votes for `contested`."""

    choose: Callable[..., list[Vote]]
    decide: Callable[[Sequence[Ballot]], list[Answer]]
    contested: bool = True


BASELINES: Mapping[str, Method] = {
    "baseline last report": Method(last_vote, last_report),
    "baseline majority": Method(in_window, majority),
    "baseline dawid-skene": Method(in_window, dawid_skene),
    "last report, sides only": Method(last_vote, last_report, contested=False),
    "majority, sides only": Method(in_window, majority, contested=False),
    "dawid-skene, sides only": Method(in_window, dawid_skene, contested=False),
}


class Baseline:
    """A baseline that is asked about places and days like heldby."""

    def __init__(self, method: Method, *, known: Sequence[Known], sides: Sides) -> None:
        self._votes = {
            one.name: [v for v in read_votes(one.claims) if method.contested or v.state != CONTESTED] for one in known
        }
        self._countries = {one.name: one.country for one in known}
        self._sides = sides
        self._method = method

    def answers(self, pairs: Sequence[Pair], *, as_known: bool) -> list[Answer]:
        """Return the answer to each pair, with all reports heard or only those known by the pair's day."""
        return self._method.decide([self._ballot(pair, as_known=as_known) for pair in pairs])

    def days_off(self, changes: Sequence[Change]) -> list[int | None]:
        """Return for each change how many days off the baseline has it."""
        spans = [days_around(change.day) for change in changes]
        pairs = [Pair(c.place, day, c.holder) for c, days in zip(changes, spans, strict=True) for day in days]
        answers = iter(self.answers(pairs, as_known=False))
        return [
            nearest_start([next(answers).holder for _ in days], change)
            for change, days in zip(changes, spans, strict=True)
        ]

    def _ballot(self, pair: Pair, *, as_known: bool) -> Ballot:
        """Return the votes about a pair's place; those for sides that hold nothing in the truth do not count."""
        votes = [vote for vote in self._votes[pair.place] if vote.known <= pair.day or not as_known]
        country = self._countries[pair.place]
        named = [
            (vote.voice, self._sides.holder(vote.state, country=country, day=vote.day, truth=pair.holder))
            for vote in self._method.choose(votes, pair.day, as_known=as_known)
        ]
        return Ballot(pair, tuple(vote for vote in named if vote[1] != OTHER))
