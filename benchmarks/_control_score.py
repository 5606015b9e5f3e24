"""Scores of answers about pairs of place and day.

- right: the share of pairs whose answer is the true holder; "unknown" is wrong, and counted under `abstained` too.
- macro F1: the mean over the holders of the truth (`contested` is one) of the F1 of saying just that holder.
- Brier score: the mean over pairs of the sum over holders of (probability given - 1 or 0 in truth) squared, from 0
  (sure and right) to 2 (sure and wrong) (Brier 1950). The holders are those of the truth file, `contested`, and one
  more for all else: `unknown` and sides that the file does not have. Who says nothing has given all to `unknown`: 2.
- calibration error: over the pairs that are answered, in ten bins of the probability of the answer, the mean distance
  of that probability and the share right, weighted by the bins' counts.
- days off: over the changes of hands that a system has, too, within 60 days: how far its day is from the true one;
  the median, and the mean.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from _control_sides import OTHER, UNKNOWN, Answer
from _control_truth import Pair
from _reliability import calibration_error


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair and a system's answer to it."""

    pair: Pair
    answer: Answer

    @property
    def right(self) -> bool:
        """Whether the answer is the true holder."""
        return self.answer.holder == self.pair.holder

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return self.answer.holder != UNKNOWN


def score(judged: Sequence[Judged], *, days_off: Sequence[int | None]) -> dict[str, Any]:
    """Return the scores of a system; `days_off` has one entry for each change of hands, None for one it lacks."""
    of_place = by_place(judged)
    found = [days for days in days_off if days is not None]
    return {
        "n": len(judged),
        "right": _share(one.right for one in judged),
        "macro_f1": macro_f1(judged),
        "brier": _rounded(fmean(brier(one) for one in judged)) if judged else None,
        "calibration_error": _rounded(calibration_error(probabilities(judged))),
        "abstained": _share(not one.answered for one in judged),
        "right_of_answered": _share(one.right for one in judged if one.answered),
        "days_off": median(found) if found else None,
        "days_off_mean": _rounded(fmean(found)) if found else None,
        "changes": len(days_off),
        "changes_found": len(found),
        "places": len(of_place),
        "right_over_places": _mean_over(of_place, lambda own: fmean(one.right for one in own)),
        "brier_over_places": _mean_over(of_place, lambda own: fmean(brier(one) for one in own)),
        "right_by_place": {place: _share(one.right for one in own) for place, own in of_place.items()},
        "pairs_by_place": {place: len(own) for place, own in of_place.items()},
    }


def brier(one: Judged) -> float:
    """Return the Brier score of one answer."""
    shares = dict(one.answer.shares)
    elsewhere = shares.pop(UNKNOWN, 0.0) + shares.pop(OTHER, 0.0)
    holders = {*shares, one.pair.holder}
    return elsewhere**2 + sum(
        (shares.get(holder, 0.0) - (holder == one.pair.holder)) ** 2 for holder in sorted(holders)
    )


def macro_f1(judged: Sequence[Judged]) -> float | None:
    """Return the mean F1 over the holders that the truth has in these pairs."""
    values = []
    for holder in sorted({one.pair.holder for one in judged}):
        said = sum(one.answer.holder == holder for one in judged)
        true = sum(one.pair.holder == holder for one in judged)
        both = sum(one.right and one.pair.holder == holder for one in judged)
        values.append(2 * both / (said + true))
    return _rounded(fmean(values)) if values else None


def probabilities(judged: Iterable[Judged]) -> list[tuple[float, bool]]:
    """Return for each pair that is answered the probability of the answer and whether it is right."""
    return [(min(1.0, one.answer.probability), one.right) for one in judged if one.answered]


def by_place(judged: Iterable[Judged]) -> dict[str, list[Judged]]:
    """Return the answers about each place, those with most pairs first."""
    found: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        found[one.pair.place].append(one)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def _mean_over(of_place: Mapping[str, list[Judged]], measure: Callable[[list[Judged]], float]) -> float | None:
    return _rounded(fmean(measure(own) for own in of_place.values())) if of_place else None


def _share(values: Iterable[bool]) -> float | None:
    listed = [float(value) for value in values]
    return _rounded(fmean(listed)) if listed else None


def _rounded(value: float) -> float:
    return round(value, 4)
