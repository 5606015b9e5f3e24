"""How near heldby comes to the truth of a simulated war as its voices get worse.

    python benchmarks/war.py [--places P] [--claims N] [--json OUT] [--svg OUT]

Each row makes one kind of voice more common than in the war that the others start from, and compares what is derived
with the truth, on every seventh day at every place told of, from the first report on the place on. Right: the state
found is the true one; not knowing is never right. Brier: squared distance of the probabilities of all states from the
truth, summed (Brier 1950; 0 to 2). Calibration: mean distance of the probability said and the share right, over bins
of a tenth. Beside it what users have today: the last report wins, and the majority of the last 30 days' reports.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from _reliability import bins, calibration_error
from _war import War, WarSetup, day_of, make_war
from _war_reports import make_reports
from heldby.reconcile import Case, Weights, control_days
from heldby.records import Claim, Document
from heldby.relate import relate
from heldby.weighing import open_weights

STEP_DAYS = 7
WINDOW_DAYS = 30
LEVELS = (0.0, 0.2, 0.4, 0.6)
ROWS = ("lying", "bias", "copying", "late", "misread")
SPEAKS_FOR_ACTOR = frozenset({"takes", "holds", "repels"})
WIDTH, HEIGHT, EDGE = 640, 380, 52
COLOURS = {"heldby": "#2a6f97", "last report": "#c1553b", "majority": "#b08d2f"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one method says of a place and day: the state, "" for not knowing, and the probability of each state."""

    state: str
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Score:
    """How one method does: shares of all answers, and the Brier score and calibration error."""

    right: float
    abstained: float
    brier: float
    calibration: float
    n: int


def main() -> None:
    """Measure each kind of voice at each level, print the table, write JSON and a picture where asked for."""
    options = _options()
    weights = open_weights()
    setup = WarSetup(places=options.places, claims=options.claims, days=options.days, seed=options.seed)
    levels = [("as it is", setup)]
    levels += [(f"{name} {level:.1f}", replace(setup, **{name: level})) for name in ROWS for level in LEVELS]
    levels.append(("all bad", replace(setup, lying=0.3, bias=0.9, copying=0.7, late=0.4, misread=0.3)))
    results: dict[str, dict[str, Score]] = {}
    judged: list[tuple[float, bool]] = []
    print(f"{'voices':<14}{'method':<14}{'right':>8}{'unsure':>8}{'Brier':>8}{'calib.':>8}{'n':>8}")
    for name, changed in levels:
        scores, seen = measure(changed, weights)
        results[name] = scores
        judged = judged or seen
        for method, score in scores.items():
            print(
                f"{name:<14}{method:<14}{score.right:>8.3f}{score.abstained:>8.3f}{score.brier:>8.3f}"
                f"{score.calibration:>8.3f}{score.n:>8}",
                flush=True,
            )
    print("\nSaid and right, as it is:")
    for one in bins(judged):
        print(f"  {one.said:.2f} said, {one.right:.2f} right, {one.count} answers")
    if options.json:
        table = {name: {m: _as_row(score) for m, score in scores.items()} for name, scores in results.items()}
        options.json.write_text(json.dumps(table, indent=1) + "\n", "utf-8")
    if options.svg:
        options.svg.write_text(draw(results), "utf-8")


def measure(setup: WarSetup, weights: Weights) -> tuple[dict[str, Score], list[tuple[float, bool]]]:
    """Return the score of each method on one war, and heldby's certainties with whether each was right."""
    war = make_war(setup)
    claims, documents = _by_place(war)
    answers: dict[str, list[tuple[Answer, str]]] = defaultdict(list)
    for number, place in enumerate(war.places):
        told = claims.get(place.id)
        if told:
            for method, answer, truth in _answers(war, number, told, documents[place.id], weights):
                answers[method].append((answer, truth))
    judged = {method: [_certainty(answer, truth) for answer, truth in found] for method, found in answers.items()}
    scores = {method: _score(found, judged[method]) for method, found in answers.items()}
    return scores, judged["heldby"]


def _by_place(war: War) -> tuple[dict[str, list[Claim]], dict[str, dict[str, Document]]]:
    claims: dict[str, list[Claim]] = defaultdict(list)
    documents: dict[str, dict[str, Document]] = defaultdict(dict)
    for report in make_reports(war):
        for claim in report.reading.claims:
            place_id = claim.place.place.id if claim.place.place else ""
            claims[place_id].append(claim)
            documents[place_id][claim.document_id] = report.reading.document
    return claims, documents


def _answers(
    war: War, number: int, claims: list[Claim], documents: dict[str, Document], weights: Weights
) -> Iterator[tuple[str, Answer, str]]:
    place_id = war.places[number].id
    first = (claims[0].known_at.date() - day_of(0)).days
    asked = range(first, war.setup.days, STEP_DAYS)
    related = relate(claims, documents=documents.values())
    case = Case(claims=claims, voices=related.voices, statements=related.statements)
    days = control_days(place_id, start=day_of(first), end=day_of(war.setup.days - 1), case=case, weights=weights)
    for day in asked:
        truth, when = war.state(number, day), day_of(day)
        control = days[day - first]
        state = {"held": control.holder, "contested": "contested", "unknown": ""}[control.status]
        yield "heldby", Answer(state, dict(control.distribution)), truth
        yield "last report", _last_report(claims, when), truth
        yield "majority", _majority(claims, when), truth


def _said(claim: Claim) -> str:
    """Return the state that a claim speaks for outright, "" for none."""
    if claim.modality != "asserted" or claim.extent == "part":
        return "contested" if claim.relation == "contests" and claim.modality == "asserted" else ""
    if claim.relation in SPEAKS_FOR_ACTOR:
        return claim.actor.actor_ids[0] if claim.actor.actor_ids else ""
    if claim.relation == "withdraws":
        return claim.opponent.actor_ids[0] if claim.opponent.actor_ids else ""
    return "contested" if claim.relation == "contests" else ""


def _told(claim: Claim) -> date:
    return claim.when.latest if claim.when and claim.when.latest else claim.known_at.date()


def _last_report(claims: Sequence[Claim], day: date) -> Answer:
    told = [(_told(claim), claim.known_at, _said(claim)) for claim in claims if _said(claim) and _told(claim) <= day]
    state = max(told)[2] if told else ""
    return Answer(state, {state: 1.0} if state else {})


def _majority(claims: Sequence[Claim], day: date) -> Answer:
    """Return what most of the last month's claims say, the last report where there were none."""
    recent = [claim for claim in claims if day - timedelta(days=WINDOW_DAYS) <= _told(claim) <= day]
    votes = Counter(said for claim in recent if (said := _said(claim)))
    if not votes:
        return _last_report(claims, day)
    state = min(votes, key=lambda one: (-votes[one], one))
    return Answer(state, {one: count / votes.total() for one, count in votes.items()})


def _certainty(answer: Answer, truth: str) -> tuple[float, bool]:
    return answer.shares.get(answer.state, 0.0), answer.state == truth


def _score(answers: Sequence[tuple[Answer, str]], judged: Sequence[tuple[float, bool]]) -> Score:
    known = [one for one, (answer, _) in zip(judged, answers, strict=True) if answer.state]
    squares = [
        sum((answer.shares.get(state, 0.0) - (state == truth)) ** 2 for state in {*answer.shares, truth})
        for answer, truth in answers
    ]
    count = max(1, len(answers))
    return Score(
        right=sum(right for _, right in judged) / count,
        abstained=1.0 - len(known) / count,
        brier=sum(squares) / count,
        calibration=calibration_error(known),
        n=len(answers),
    )


def _as_row(score: Score) -> dict[str, float]:
    figures = (score.right, score.brier, score.abstained, score.calibration)
    return dict(zip(("right", "brier", "abstained", "calibration"), (round(f, 4) for f in figures), strict=True)) | {
        "n": score.n
    }


def draw(results: Mapping[str, Mapping[str, Score]]) -> str:
    """Return an SVG of the share right of each method as voices get worse, one panel for each kind of voice."""
    parts, wide = [], (WIDTH - 2 * EDGE) / len(ROWS)
    for name, group in groupby((key for key in results if key.split()[0] in ROWS), key=lambda key: key.split()[0]):
        keys = list(group)
        left = EDGE + ROWS.index(name) * wide
        parts.append(f'<text x="{left + wide / 2 - 6:.0f}" y="{HEIGHT - 14}" text-anchor="middle">{name}</text>')
        for method, colour in COLOURS.items():
            line = " ".join(
                f"{left + float(key.split()[1]) / 0.6 * (wide - 16):.1f},{_height(results[key][method].right):.1f}"
                for key in keys
            )
            parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
    for tenth in range(0, 11, 2):
        y = _height(tenth / 10)
        parts.append(f'<line x1="{EDGE}" y1="{y:.0f}" x2="{WIDTH - EDGE}" y2="{y:.0f}" stroke="#ddd"/>')
        parts.append(f'<text x="{EDGE - 6}" y="{y + 4:.0f}" text-anchor="end">{tenth / 10:.1f}</text>')
    for n, (method, colour) in enumerate(COLOURS.items()):
        parts.append(f'<text x="{EDGE + 130 * n}" y="20" fill="{colour}">{method}</text>')
    title = "Share of places and days right, as more voices (0 to 0.6) lie, bend, copy, are late or are misread"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><title>{title}</title><rect width="100%" height="100%" fill="white"/>'
        f"{''.join(parts)}</svg>\n"
    )


def _height(share: float) -> float:
    return HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, default=300)
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=1100)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--svg", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
