"""The timeline is true to its spells at every width, with and without block characters."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from heldby.cli.timeline import ASCII_SIGNS, Signs, draw_timeline
from heldby.records import Spell

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))


def spell(
    holder: str,
    start: tuple[date | None, date | None],
    end: tuple[date | None, date | None],
    *,
    status: str = "held",
    probability: float = 0.9,
) -> Spell:
    """Return a spell with two uncertain ends."""
    return Spell(
        id=f"spl_{holder}",
        place_id="p",
        status=status,  # type: ignore[arg-type]
        holder=holder,
        holder_name=holder,
        start_earliest=start[0],
        start_latest=start[1],
        end_earliest=end[0],
        end_latest=end[1],
        probability=probability,
    )


FIRST = spell("Side A", (None, date(2015, 1, 1)), (date(2015, 7, 1), date(2015, 7, 1)))
SECOND = spell("Side B", (date(2015, 7, 1), date(2015, 7, 1)), (None, None), probability=0.5)


def test_one_lane_a_holder() -> None:
    """Each holder has a lane, held on the days of its spells and on no others."""
    lines = [line.plain for line in draw_timeline([FIRST, SECOND], [date(2015, 12, 31)], width=80)]
    assert lines[0].startswith(" Side A")
    assert lines[1].startswith(" Side B")
    half = len(lines[0]) // 2
    assert "█" in lines[0][:half]
    assert "█" not in lines[0][half + 8 :]
    assert "▒" in lines[1][half + 8 :]
    assert lines[1].endswith("▸")
    assert lines[0].split()[2].startswith("◂")


def test_a_day_long_spell_is_seen() -> None:
    """A city held for a single day in ten years does not vanish from the drawing."""
    short = spell("Side C", (date(2016, 3, 1), date(2016, 3, 1)), (date(2016, 3, 1), date(2016, 3, 1)))
    long = spell("Side A", (date(2010, 1, 1), date(2010, 1, 1)), (date(2020, 1, 1), date(2020, 1, 1)))
    lane = next(line.plain for line in draw_timeline([long, short], [], width=60) if "Side C" in line.plain)
    assert lane.count("█") == 1


def test_reports_are_counted_in_their_columns() -> None:
    """The lane of claims is empty where nobody said anything."""
    told = [date(2015, 1, 1)] * 3 + [date(2015, 12, 31)]
    lane = next(line.plain for line in draw_timeline([FIRST, SECOND], told, width=80) if "claims told" in line.plain)
    assert lane.split("claims told")[1].split() == ["▃", "▁"]


def test_the_day_asked_for_is_marked() -> None:
    """The mark stands in the drawing with its date, at the left and at the right edge too."""
    for day in (date(2015, 1, 1), date(2015, 6, 1), date(2016, 6, 1)):
        mark = draw_timeline([FIRST, SECOND], [], width=60, on=day)[-1].plain
        assert "▲" in mark
        assert str(day.year) in mark
        assert len(mark) <= 60


def test_plain_signs_where_blocks_cannot_be_written() -> None:
    """A terminal without Unicode gets the same timeline in ASCII."""
    drawn = "\n".join(line.plain for line in draw_timeline([FIRST, SECOND], [], width=60, signs=ASCII_SIGNS))
    assert drawn.isascii()
    assert "#" in drawn


def test_nothing_known_draws_nothing() -> None:
    """A place without a spell and without a dated report has no timeline."""
    assert draw_timeline([], [], width=80) == []


@given(
    st.lists(st.tuples(st.none() | DAYS, st.none() | DAYS, st.text(max_size=30), st.floats(0, 1)), max_size=4),
    st.lists(DAYS, max_size=4),
    st.integers(5, 250),
)
def test_any_spells_fit_the_width(
    raw: list[tuple[date | None, date | None, str, float]], told: list[date], width: int
) -> None:
    """No line is wider than the terminal, whatever the days are."""
    spells = []
    for start, end, name, probability in raw:
        later = end if start is None or end is None or end >= start else start
        spells.append(spell(name, (start, start), (later, later), probability=probability))
    for line in draw_timeline(spells, told, width=width, signs=Signs()):
        assert line.cell_len <= max(width, 40)


def test_weeks_are_labelled_by_day() -> None:
    """A spell of days has days on its axis."""
    start = date(2016, 12, 8)
    week = spell("Side A", (start, start), (start + timedelta(5), start + timedelta(5)))
    axis = draw_timeline([week], [], width=90)[-1].plain
    assert "9 Dec" in axis
