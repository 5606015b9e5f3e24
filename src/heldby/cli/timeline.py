"""A timeline of spells in characters: one lane a holder, readable without colour, as wide as it is told to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from heldby.cli.terminal import plain
from heldby.cli.wording import day_in_words
from heldby.records import Spell

LABEL_CELLS: Final = 24
MARGIN_SHARE: Final = 0.04
SURE: Final = 0.8
RATHER_SURE: Final = 0.6
_COLOURS: Final = ("cyan", "magenta", "yellow", "green", "blue", "red")
_STEPS: Final = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


@dataclass(frozen=True, slots=True)
class Signs:
    """The characters that a timeline is drawn with."""

    sure: str = "█"
    rather: str = "▓"
    doubtful: str = "▒"
    edge: str = "░"
    empty: str = "·"
    tick: str = "┬"
    line: str = "─"
    here: str = "▲"
    before: str = "◂"
    after: str = "▸"
    counts: str = "▁▂▃▄▅▆▇█"


ASCII_SIGNS: Final = Signs(
    sure="#", rather="=", doubtful="-", edge="~", empty=".", tick="+", line="-", here="^", before="<", after=">",
    counts="123456789",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """Columns of equal length in days: `first` is the first day drawn, `days` and `columns` their number."""

    first: date
    days: int
    columns: int

    def edges(self, column: int) -> tuple[float, float]:
        """Return where a column starts and ends, in days after the first."""
        return column * self.days / self.columns, (column + 1) * self.days / self.columns

    def column(self, day: date) -> int:
        """Return the column that a day falls in, the nearest one for a day outside."""
        position = (day - self.first).days * self.columns // self.days
        return min(max(position, 0), self.columns - 1)


def draw_timeline(
    spells: Sequence[Spell],
    reported: Iterable[date],
    *,
    width: int,
    signs: Signs | None = None,
    on: date | None = None,
) -> list[Text]:
    """Return the lines of a timeline: lanes of the spells, a lane that counts claims, an axis; empty without days.

    `reported`: the day of each claim's report, once for each claim. `width`: cells of a line. `on`: a day to mark.
    """
    signs = signs or Signs()
    told = sorted(reported)
    days = _days_drawn(spells, told, on)
    if not days:
        return []
    spells = [spell for spell in spells if (_first_day(spell) or days[0]) <= days[-1]]
    lanes = _lanes(spells)
    styles = holder_styles(spells)
    label_cells = min(LABEL_CELLS, max((cell_len(name) for name in (*lanes, "claims told")), default=0))
    scale = _scale(days, columns=max(10, width - label_cells - 3))
    lines = [
        _line(name, _lane(own, scale, signs=signs), label_cells=label_cells, style=styles[name])
        for name, own in lanes.items()
    ]
    if told:
        counts = _counts(told, scale, signs=signs)
        lines.append(_line("claims told", counts, label_cells=label_cells, style="bright_black"))
    lines += [_line("", row, label_cells=label_cells, style="bright_black") for row in _axis(scale, signs=signs)]
    if on:
        mark = f"{' ' * scale.column(on)}{signs.here} {day_in_words(on)}"
        lines.append(_line("", _kept_inside(mark, scale, on, signs=signs), label_cells=label_cells, style="bold"))
    return lines


def holder_styles(spells: Iterable[Spell]) -> dict[str, str]:
    """Return the colour of each lane by the lane's name: a colour each for the holders, none for the rest."""
    styles = {}
    for order, (name, own) in enumerate(_lanes(spells).items()):
        styles[name] = _COLOURS[order % len(_COLOURS)] if own[0].status == "held" else "bright_black"
    return styles


def lane_name(spell: Spell) -> str:
    """Return what the lane of a spell is called: its holder, or its status."""
    return plain(spell.holder_name or spell.holder) if spell.status == "held" else spell.status


def legend(signs: Signs) -> str:
    """Return one line that explains the signs of a timeline."""
    return (
        f"{signs.sure} likely  {signs.rather} rather likely  {signs.doubtful} doubtful  "
        f"{signs.edge} changed hands somewhere in here  {signs.empty} not held  "
        f"{signs.before}{signs.after} goes on"
    )


def _days_drawn(spells: Iterable[Spell], told: Sequence[date], on: date | None) -> list[date]:
    """Return the days that the drawing must hold, sorted.

    It ends with the last report: how long a spell lasts after that is nobody's word.
    """
    ends = ((s.start_earliest, s.start_latest, s.end_earliest, s.end_latest) for s in spells)
    days = [day for spell_ends in ends for day in spell_ends if day is not None]
    if told:
        days = [day for day in days if day <= told[-1]]
    return sorted([*days, *told, *([on] if on else [])])


def _first_day(spell: Spell) -> date | None:
    return spell.start_earliest or spell.start_latest


def _scale(days: Sequence[date], *, columns: int) -> Scale:
    first, last = min(days), max(days)
    margin = max(3, round((last - first).days * MARGIN_SHARE))
    start = first - timedelta(days=min(margin, (first - date.min).days))
    end = last + timedelta(days=min(margin, (date.max - last).days))
    return Scale(start, max(1, (end - start).days + 1), columns)


def _lanes(spells: Iterable[Spell]) -> dict[str, list[Spell]]:
    """Return spells by what their lane is called, holders in the order in which they come, then the rest."""
    lanes: dict[str, list[Spell]] = {}
    for spell in sorted(spells, key=lambda s: (s.status != "held", s.status, s.start_latest or date.min)):
        lanes.setdefault(lane_name(spell), []).append(spell)
    return lanes


def _line(label: str, row: str, *, label_cells: int, style: str) -> Text:
    line = Text(" ", no_wrap=True, overflow="crop")
    line.append(set_cell_size(label, label_cells), style="bold" if label else "")
    line.append(" ")
    return line.append(row, style=style)


def _lane(spells: Iterable[Spell], scale: Scale, *, signs: Signs) -> str:
    row = [signs.empty] * scale.columns
    for spell in spells:
        _draw_spell(row, spell, scale, signs=signs)
    return "".join(row)


def _draw_spell(row: list[str], spell: Spell, scale: Scale, *, signs: Signs) -> None:
    full = signs.sure if spell.probability >= SURE else signs.rather
    full = full if spell.probability >= RATHER_SURE else signs.doubtful
    outer_start, inner_start = _days(spell.start_earliest, spell.start_latest, scale, open_end=0)
    inner_end, outer_end = _days(spell.end_earliest, spell.end_latest, scale, open_end=scale.days)
    drawn = False
    for column in range(scale.columns):
        left, right = scale.edges(column)
        half = (right - left) / 2
        if min(right, inner_end) - max(left, inner_start) >= half:
            row[column], drawn = full, True
        elif min(right, outer_end) - max(left, outer_start) >= half:
            row[column], drawn = signs.edge, True
    if not drawn:
        # A spell shorter than half a column must still be seen.
        row[min(int(max(outer_start, 0) * scale.columns / scale.days), scale.columns - 1)] = full
    if spell.start_earliest is None:
        row[0] = signs.before
    if spell.end_latest is None or (spell.end_latest - scale.first).days > scale.days:
        row[-1] = signs.after


def _days(earliest: date | None, latest: date | None, scale: Scale, *, open_end: int) -> tuple[float, float]:
    """Return an uncertain day as two distances from the first day drawn; what is open lies at the drawing's edge."""
    low = (earliest - scale.first).days if earliest else None
    high = (latest - scale.first).days if latest else None
    if low is None and high is None:
        return open_end, open_end
    if low is None:
        return (high or 0, high or 0) if open_end else (0, high or 0)
    return low, low if high is None else high


def _counts(reported: Iterable[date], scale: Scale, *, signs: Signs) -> str:
    numbers = [0] * scale.columns
    for day in reported:
        numbers[scale.column(day)] += 1
    steps = signs.counts
    return "".join(steps[min(number, len(steps)) - 1] if number else " " for number in numbers).rstrip()


def _axis(scale: Scale, *, signs: Signs) -> tuple[str, str]:
    """Return a line with ticks and a line with their months or years (days where all lies within some weeks)."""
    line, labels = [signs.line] * scale.columns, [" "] * scale.columns
    free = 0
    for day, label in _ticks(scale):
        column = scale.column(day)
        if column >= free and column + len(label) <= scale.columns:
            line[column] = signs.tick
            labels[column : column + len(label)] = label
            free = column + len(label) + 1
    return "".join(line), "".join(labels).rstrip()


def _ticks(scale: Scale) -> list[tuple[date, str]]:
    last = scale.first.toordinal() + scale.days - 1
    if scale.days <= 70:
        step = max(1, -(-scale.days * 7 // scale.columns))
        every = range(scale.first.toordinal(), min(last, date.max.toordinal()) + 1, step)
        return [(date.fromordinal(n), f"{date.fromordinal(n).day} {date.fromordinal(n):%b}") for n in every]
    months = scale.days / 30.4
    step = next((s for s in _STEPS if months / s * 9 <= scale.columns), _STEPS[-1])
    ticks = []
    for number in range(scale.first.year * 12, date.fromordinal(min(last, date.max.toordinal())).year * 12 + 12):
        if number % step == 0 and number >= 12:
            day = date(number // 12, number % 12 + 1, 1)
            if scale.first <= day and day.toordinal() <= last:
                ticks.append((day, str(day.year) if step >= 12 or day.month == 1 else f"{day:%b %Y}"))
    return ticks


def _kept_inside(mark: str, scale: Scale, day: date, *, signs: Signs) -> str:
    """Put the words of a mark to its left where they would leave the drawing on the right."""
    if len(mark) <= scale.columns:
        return mark
    words = f"{day_in_words(day)} {signs.here}"
    return " " * max(0, scale.column(day) + 1 - len(words)) + words
