"""`heldby claims`: the claims as a table for people or as lines for programs."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Final

import typer
from rich.table import Table
from rich.text import Text

from heldby.cli.opening import archive_words, ledger_of, open_to_view
from heldby.cli.options import ArchiveOption, JsonOption
from heldby.cli.quoting import claim_in_words, quote, report_in_words, voices_in_words
from heldby.cli.spells import Ledger
from heldby.cli.tables import write_csv
from heldby.cli.terminal import standard_output, to_json, write_json_lines, write_line
from heldby.cli.wording import count, when_in_words
from heldby.records import Claim

COLUMNS: Final = (
    "id", "document_id", "outlet", "published", "relation", "actor", "opponent", "place_id", "place", "country",
    "place_text", "extent", "part", "modality", "background", "when", "sources", "trigger", "sentence", "confidence",
    "known_at",
)  # fmt: skip


class ClaimsFormat(StrEnum):
    """How claims are written."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


def claims_command(
    place: Annotated[str, typer.Option("--place", metavar="NAME", help="Only claims about this place.")] = "",
    form: Annotated[ClaimsFormat, typer.Option("--format", help="How to write them.")] = ClaimsFormat.TABLE,
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the claims: who did what to which place, when, and who says so."""
    with open_to_view(archive) as opened:
        claims = opened.claims(place=place)
        if as_json:
            write_line(to_json(list(claims)))
        elif form is ClaimsFormat.JSONL:
            write_json_lines(claims)
        else:
            ledger = ledger_of(opened, claims)
            if form is ClaimsFormat.CSV:
                write_csv((claim_row(c, ledger) for c in ledger.claims.values()), columns=COLUMNS)
            else:
                _print_table(ledger.claims.values(), ledger=ledger, archive=archive)


def claim_row(claim: Claim, ledger: Ledger) -> dict[str, Any]:
    """Return a claim as the cells of one row."""
    document = ledger.document_of(claim)
    published = document.published.iso() if document and document.published else None
    place = claim.place.place
    return {
        "id": claim.id,
        "document_id": claim.document_id,
        "outlet": document.outlet if document else "",
        "published": published,
        "relation": claim.relation,
        "actor": claim.actor.name,
        "opponent": claim.opponent.name,
        "place_id": place.id if place else "",
        "place": place.name if place else "",
        "country": place.country if place else "",
        "place_text": claim.place.name_text or claim.place.mention.text,
        "extent": claim.extent,
        "part": claim.part.text if claim.part else "",
        "modality": claim.modality,
        "background": str(claim.background).lower(),
        "when": claim.when.iso() if claim.when else None,
        "sources": " < ".join(link.name or link.name_text or link.mention.text for link in claim.chain),
        "trigger": claim.trigger.text,
        "sentence": claim.sentence.text,
        "confidence": f"{claim.confidence:.3f}",
        "known_at": claim.known_at.isoformat(),
    }


def _print_table(claims: Iterable[Claim], *, ledger: Ledger, archive: str | None) -> None:
    console = standard_output()
    table = Table(box=None, pad_edge=False, header_style="bold", row_styles=("", "on grey11"), expand=True)
    table.add_column("when", ratio=3)
    table.add_column("who did what", ratio=5)
    table.add_column("who says so", ratio=4)
    table.add_column("sentence", ratio=9)
    table.add_column("id", no_wrap=True)
    coloured = console.is_terminal and not console.no_color
    number = 0
    for claim in claims:
        number += 1
        document = ledger.document_of(claim)
        when = Text(when_in_words(claim.when)).append("\n(history)" if claim.background else "", style="bright_black")
        told = claim_in_words(claim)
        said = Text(voices_in_words(claim, document)).append(f"\n{report_in_words(claim, document)}", "bright_black")
        table.add_row(when, told, said, quote(claim, coloured=coloured), claim.id)
    if number == 0:
        console.print("No claims yet. Read something first: heldby read PATH")
        return
    console.print(table)
    console.print(
        f"{count(number, 'claim')}. One of them in full: heldby show ID{archive_words(archive)}", soft_wrap=True
    )
