"""`heldby sources`: the voices that the archive has heard."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from heldby.cli.opening import open_to_view
from heldby.cli.options import ArchiveOption, JsonOption
from heldby.cli.terminal import plain, standard_output, to_json, write_line
from heldby.cli.wording import count
from heldby.records import TrackRecord

# The record of a voice takes a column of its own where there is room for it.
WIDE = 110


def sources_command(archive: ArchiveOption = None, as_json: JsonOption = False) -> None:
    """List the voices heard: of which kind, on whose side, and how many claims rest on each."""
    with open_to_view(archive) as opened:
        seen = list(opened.sources())
    if as_json:
        write_line(to_json(seen))
        return
    console = standard_output()
    if not seen:
        console.print("No voice heard yet. Read something first: heldby read PATH")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("voice", "kind", "side"):
        table.add_column(name, overflow="fold")
    table.add_column("claims", justify="right")
    table.add_column("carried", justify="right")
    table.add_column("heard")
    table.add_column("letter")
    wide = console.width >= WIDE
    if wide:
        table.add_column("record", overflow="fold")
    for heard in seen:
        source = heard.source
        table.add_row(
            plain(source.name),
            source.kind.replace("_", " "),
            plain(source.side),
            str(heard.claims),
            str(heard.carried),
            f"{heard.first_seen}"
            if heard.first_seen == heard.last_seen
            else f"{heard.first_seen} to {heard.last_seen}",
            heard.letter,
            *([record_in_words(heard.records)] if wide else []),
        )
    console.print(table)
    console.print(
        f"{count(len(seen), 'voice')}. claims: those that the voice itself makes; carried: those of others that it "
        "passes on. letter: Admiralty reliability, A (reliable) to E, F where too little is known; record: so "
        "much of what it told agrees with what others told of the same."
    )


def record_in_words(records: Sequence[TrackRecord]) -> str:
    """Return a voice's record by the stance that it took, "" where none has been learned."""
    words = {"neutral": "others' affairs", "gain": "own gains", "loss": "own losses"}
    return ", ".join(f"{words[one.stance]} {one.right:.1f} of {one.total:.1f}" for one in records)
