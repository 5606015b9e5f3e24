"""The picture of the benchmark of control: how far probabilities can be believed, and the share right by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from _reliability import bins

COLOURS = ("#2a6f97", "#c1666b", "#7a9e4d", "#8d7b68")
SIDE, EDGE, ROW = 420, 48, 18
PLACES_SHOWN = 18


def draw(
    path: Path,
    *,
    judged: Mapping[str, Sequence[tuple[float, bool]]],
    right: Mapping[str, Mapping[str, float]],
    pairs: Mapping[str, int],
) -> None:
    """Write the picture as SVG: for each system the reliability diagram (a disc for each bin, its area the number of
    answers), and the share of its right answers for the places with most pairs."""
    places = list(pairs)[:PLACES_SHOWN]
    height = max(SIDE, 2 * EDGE + len(places) * ROW)
    marks = [*_reliability(judged), *_places(right, pairs, places)]
    legend = [
        f'<rect x="{EDGE + n * 180}" y="10" width="11" height="11" fill="{COLOURS[n % len(COLOURS)]}"/>'
        f'<text x="{EDGE + n * 180 + 16}" y="20">{escape(name)}</text>'
        for n, name in enumerate(judged)
    ]
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * SIDE} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="{2 * SIDE}" height="{height}" fill="#fff"/>{"".join(legend + marks)}</svg>\n',
        encoding="utf-8",
    )


def _reliability(judged: Mapping[str, Sequence[tuple[float, bool]]]) -> list[str]:
    whole = SIDE - 2 * EDGE
    marks = [
        f'<rect x="{EDGE}" y="{EDGE}" width="{whole}" height="{whole}" fill="none" stroke="#333"/>',
        f'<line x1="{EDGE}" y1="{SIDE - EDGE}" x2="{SIDE - EDGE}" y2="{EDGE}" stroke="#999" stroke-dasharray="4"/>',
        f'<text x="{SIDE / 2}" y="{SIDE - 8}" text-anchor="middle">probability of the answer</text>',
        f'<text x="14" y="{SIDE / 2}" text-anchor="middle" transform="rotate(-90 14 {SIDE / 2})">share right</text>',
    ]
    for step in range(0, 11, 2):
        at = step / 10
        x, y = EDGE + at * whole, SIDE - EDGE - at * whole
        marks.append(f'<text x="{x:.0f}" y="{SIDE - EDGE + 18}" text-anchor="middle">{at:.1f}</text>')
        marks.append(f'<text x="{EDGE - 8}" y="{y + 4:.0f}" text-anchor="end">{at:.1f}</text>')
    for n, answers in enumerate(judged.values()):
        most = max((one.count for one in bins(answers)), default=1)
        for one in bins(answers):
            x, y = EDGE + one.said * whole, SIDE - EDGE - one.right * whole
            radius = 3 + 13 * (one.count / most) ** 0.5
            marks.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{COLOURS[n % len(COLOURS)]}" '
                f'fill-opacity="0.6"><title>{one.count} answers</title></circle>'
            )
    return marks


def _places(right: Mapping[str, Mapping[str, float]], pairs: Mapping[str, int], places: Sequence[str]) -> list[str]:
    left, width = SIDE + 150, SIDE - 190
    marks = [f'<text x="{left}" y="{EDGE - 8}">share right, by place (pairs)</text>']
    bar = (ROW - 4) / max(1, len(right))
    for row, place in enumerate(places):
        top = EDGE + row * ROW
        marks.append(f'<text x="{left - 6}" y="{top + 12}" text-anchor="end">{escape(place)} ({pairs[place]})</text>')
        for n, shares in enumerate(right.values()):
            marks.append(
                f'<rect x="{left}" y="{top + 2 + n * bar:.1f}" width="{shares[place] * width:.1f}" '
                f'height="{bar:.1f}" fill="{COLOURS[n % len(COLOURS)]}"/>'
            )
    bottom = EDGE + len(places) * ROW + 4
    marks.append(f'<line x1="{left}" y1="{bottom}" x2="{left + width}" y2="{bottom}" stroke="#333"/>')
    marks += [
        f'<text x="{left + at * width:.0f}" y="{bottom + 16}" text-anchor="middle">{at:.1f}</text>'
        for at in (0.0, 0.5, 1.0)
    ]
    return marks
