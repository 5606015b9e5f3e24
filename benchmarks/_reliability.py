"""How far a claim's confidence can be believed: claims in bins of confidence, and the share of each that is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BINS = 10
SIZE, EDGE = 420, 48


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims of like confidence: how many, their mean confidence and the share that the annotators made too."""

    count: int
    said: float
    right: float


def bins(judged: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Return the bins of equal width that hold a claim, from the least confident to the most."""
    found: list[Bin] = []
    for number in range(BINS):
        inside = [one for one in judged if min(BINS - 1, int(one[0] * BINS)) == number]
        if inside:
            said = sum(confidence for confidence, _ in inside) / len(inside)
            found.append(Bin(len(inside), said, sum(right for _, right in inside) / len(inside)))
    return found


def calibration_error(judged: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error: the mean distance of said and right, weighted by the bins' counts."""
    return sum(one.count * abs(one.said - one.right) for one in bins(judged)) / max(1, len(judged))


def brier(judged: Sequence[tuple[float, bool]]) -> float:
    """Return the Brier score, the mean squared distance of confidence and truth (Brier, 1950)."""
    return sum((confidence - right) ** 2 for confidence, right in judged) / max(1, len(judged))


def draw(path: Path, judged: Sequence[tuple[float, bool]], *, title: str) -> None:
    """Write the reliability diagram as SVG: a disc for each bin, its area the number of claims."""
    whole = SIZE - 2 * EDGE
    marks = [
        f'<line x1="{EDGE}" y1="{SIZE - EDGE}" x2="{SIZE - EDGE}" y2="{EDGE}" stroke="#999" stroke-dasharray="4"/>'
    ]
    for step in range(0, 11, 2):
        at = step / 10
        x, y = EDGE + at * whole, SIZE - EDGE - at * whole
        marks.append(f'<text x="{x:.0f}" y="{SIZE - EDGE + 18}" text-anchor="middle">{at:.1f}</text>')
        marks.append(f'<text x="{EDGE - 8}" y="{y + 4:.0f}" text-anchor="end">{at:.1f}</text>')
    most = max((one.count for one in bins(judged)), default=1)
    for one in bins(judged):
        x, y = EDGE + one.said * whole, SIZE - EDGE - one.right * whole
        radius = 3 + 13 * (one.count / most) ** 0.5
        marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#2a6f97" fill-opacity="0.7"/>')
        marks.append(f'<text x="{x:.1f}" y="{y - radius - 3:.1f}" text-anchor="middle">{one.count}</text>')
    frame = f'<rect x="{EDGE}" y="{EDGE}" width="{whole}" height="{whole}" fill="none" stroke="#333"/>'
    labels = (
        f'<text x="{SIZE / 2}" y="{SIZE - 8}" text-anchor="middle">confidence of the claim</text>'
        f'<text x="14" y="{SIZE / 2}" text-anchor="middle" transform="rotate(-90 14 {SIZE / 2})">'
        "share that annotators made too</text>"
        f'<text x="{SIZE / 2}" y="24" text-anchor="middle" font-weight="bold">{title}</text>'
    )
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" '
        f'font-family="sans-serif" font-size="12">'
        f'<rect width="{SIZE}" height="{SIZE}" fill="#fff"/>{frame}{"".join(marks)}{labels}</svg>\n',
        encoding="utf-8",
    )
