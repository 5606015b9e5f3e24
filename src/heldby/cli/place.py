"""`heldby place`: a timeline of who held a place, and under each spell who says so."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from heldby.archive import Archive, PlaceAnswer
from heldby.cli.episodes import episodes_on, print_episodes
from heldby.cli.opening import archive_words, ledger_of, open_to_view
from heldby.cli.options import ArchiveOption, JsonOption, KnownByOption, parse_day, parse_moment
from heldby.cli.quoting import marks_legend
from heldby.cli.spells import Ledger, describe_spell, unknown_in_words
from heldby.cli.terminal import can_draw, plain, standard_output, to_json, write_line
from heldby.cli.timeline import ASCII_SIGNS, Signs, draw_timeline, holder_styles, lane_name, legend
from heldby.cli.wording import count, day_in_words, moment_in_words, place_in_words, surety_in_words
from heldby.records import Claim, DayControl, Document, Spell

MONTH: Final = 31
LEAST_SHARE: Final = 0.005


def place_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The place's name, or its id.")],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="Who held it on this day?")] = None,
    known_by: KnownByOption = None,
    episodes: Annotated[
        bool, typer.Option("--episodes", help="List what happened there instead, and where reports differ.")
    ] = False,
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who held a place, from when to when, and who says so."""
    day = parse_day(on, option="--on") if on else None
    moment = parse_moment(known_by, option="--known-by")
    with open_to_view(archive) as opened:
        if episodes:
            _show_episodes(opened, name, day=day, moment=moment, as_json=as_json)
            return
        answer = opened.place(name, on=day, known_by=moment)
        claims = [c for c in opened.claims(place=answer.place.id) if moment is None or c.known_at <= moment]
        if as_json:
            write_line(to_json(answer))
            return
        ledger = ledger_of(opened, claims)
    print_place(answer, claims=claims, ledger=ledger, console=standard_output(), archive=archive)


def _show_episodes(archive: Archive, name: str, *, day: date | None, moment: datetime | None, as_json: bool) -> None:
    found = episodes_on(archive.episodes(name, known_by=moment), day)
    if as_json:
        write_line(to_json(found))
        return
    claims = {claim.id: claim for claim in archive.claims(place=name)}
    print_episodes(found, ledger=Ledger(claims=claims, documents={}), console=standard_output())


def print_place(
    answer: PlaceAnswer, *, claims: Sequence[Claim], ledger: Ledger, console: Console, archive: str | None
) -> None:
    """Print the timeline of a place, what each spell rests on, and what is unknown."""
    name = plain(answer.asked)
    days = reported_days(claims, ledger=ledger)
    on = answer.day.day if answer.day else None
    signs = Signs() if can_draw(console) else ASCII_SIGNS
    _print_head(answer, claims=claims, console=console)
    for line in draw_timeline(answer.spells, days, width=console.width, signs=signs, on=on):
        console.print(line, soft_wrap=True)
    if answer.spells:
        console.print(Text(legend(signs), style="bright_black"))
    coloured = console.is_terminal and not console.no_color
    if coloured:
        console.print(marks_legend())
    if answer.day:
        console.print()
        console.print(day_in_line(answer.day, spells=answer.spells))
    styles = holder_styles(answer.spells)
    for spell in _asked_for(answer.spells, on):
        console.print()
        style = styles[lane_name(spell)]
        for part in describe_spell(spell, place=name, ledger=ledger, coloured=coloured, style=style):
            console.print(part)
    console.print()
    console.print(Text("What is not known", style="bold"))
    for sentence in unknown_in_words(answer.spells, days, place=name):
        console.print(Padding(Text(sentence), (0, 0, 0, 2)))
    _print_next(answer, claims=claims, console=console, archive=archive)


def reported_days(claims: Sequence[Claim], *, ledger: Ledger) -> list[date]:
    """Return the day of each claim's report, for those whose report is dated to a month or better."""
    documents = (ledger.document_of(claim) for claim in claims)
    return [day for document in documents if document and (day := _day_of(document))]


def day_in_line(control: DayControl, *, spells: Sequence[Spell]) -> Text:
    """Return who held a place on one day, with the probability of each other answer."""
    names = {spell.holder: spell.holder_name for spell in spells if spell.holder_name}
    who = plain(control.holder_name or control.holder) if control.status == "held" else control.status
    line = Text(f"On {day_in_words(control.day)}: {who}, {surety_in_words(control.probability)}", style="bold")
    others = [
        f"{plain(names.get(state, state))} {share:.0%}"
        for state, share in control.distribution
        if share >= LEAST_SHARE and state not in {control.holder, control.status}
    ]
    return line.append(f"; {', '.join(others)}" if others else "", style="not bold")


def _day_of(document: Document) -> date | None:
    published = document.published
    if published is None or published.earliest is None or published.latest is None:
        return None
    return published.latest if (published.latest - published.earliest).days <= MONTH else None


def _asked_for(spells: Sequence[Spell], on: date | None) -> list[Spell]:
    """Return the spells of which something is told, all of them or those that may cover a day."""
    told = [spell for spell in spells if spell.status != "unknown" or spell.claims_for or spell.claims_against]
    if on is None:
        return told
    return [spell for spell in told if (spell.start_earliest or date.min) <= on <= (spell.end_latest or date.max)]


def _print_head(answer: PlaceAnswer, *, claims: Sequence[Claim], console: Console) -> None:
    head = Text(plain(answer.asked), style="bold")
    head.append(f" = {plain(place_in_words(answer.place))}, {answer.place.id}", style="not bold")
    console.print(head)
    if answer.candidates:
        others = "; ".join(plain(f"{c.label} ({c.place_id})") for c in answer.candidates[:3])
        console.print(Text(f"not meant: {others}", style="bright_black"))
    documents = len({claim.document_id for claim in claims})
    facts = f"{count(answer.claims, 'claim')} in {count(documents, 'report')}"
    if answer.known_by:
        facts += f", as known on {moment_in_words(answer.known_by)}"
    console.print(Text(facts, style="bright_black"))
    console.print()


def _print_next(answer: PlaceAnswer, *, claims: Sequence[Claim], console: Console, archive: str | None) -> None:
    suffix = archive_words(archive)
    asked = shlex.quote(plain(answer.asked))
    example: Any = next((w.claim_id for s in answer.spells for w in s.claims_for), claims[0].id if claims else None)
    console.print()
    if example:
        console.print(f"A claim in its page: heldby show {example}{suffix}", soft_wrap=True)
    console.print(f"All claims: heldby claims --place {asked}{suffix}", soft_wrap=True)
