"""`heldby show`: one record of any kind, down to the sentence in its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from heldby.archive import Archive, ShownRecord
from heldby.cli.episodes import describe_episode, describe_joins
from heldby.cli.judge import correction_in_words
from heldby.cli.lineage import print_lineage
from heldby.cli.opening import ledger_of, open_to_view
from heldby.cli.options import ArchiveOption, JsonOption
from heldby.cli.quoting import claim_in_words, marks_legend, sentence_with_marks
from heldby.cli.spells import describe_spell
from heldby.cli.terminal import plain, standard_output, to_json, write_line
from heldby.cli.wording import moment_in_words, place_in_words, when_in_words
from heldby.records import Block, Capture, Claim, Document, Episode, Judgement, Party, PlaceRef, SourceLink, Spell
from heldby.records.codec import to_builtins

TEXT_SHOWN: Final = 400
LABEL_CELLS: Final = 14


def show_command(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="The id of any record.")],
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a record: for a claim its sentence in the page, the chain of voices, the reason for each field, and who
    repeats whom."""
    with open_to_view(archive) as opened:
        shown = opened.show(record_id)
        if as_json:
            write_line(to_json(shown))
            return
        print_record(shown, archive=opened, console=standard_output())


def print_record(shown: ShownRecord, *, archive: Archive, console: Console) -> None:
    """Print a record and the way back to the bytes that it rests on."""
    coloured = console.is_terminal and not console.no_color
    record = shown.record
    if isinstance(record, Claim):
        _print_claim(record, shown, console=console, coloured=coloured)
    elif isinstance(record, Document):
        _print_document(record, shown, console=console)
    elif isinstance(record, Spell):
        ledger = ledger_of(archive, shown.claims)
        for part in describe_spell(record, place=record.place_id, ledger=ledger, coloured=coloured, every_voice=True):
            console.print(part)
    elif isinstance(record, Episode):
        ledger = ledger_of(archive, shown.claims)
        for part in (
            *describe_episode(record, ledger=ledger),
            *describe_joins(record, ledger=ledger, coloured=coloured),
        ):
            console.print(part)
    else:
        console.print(Text(f"{shown.kind} {plain(str(getattr(record, 'id', '')))}", style="bold"))
        _print_fields(_flat(to_builtins(record)), console=console)
        if shown.sentence:
            console.print(Text(f"“{plain(shown.sentence.text)}”"))
    if shown.capture and not isinstance(record, Capture):
        _print_origin(shown, console=console)
    print_lineage(shown.lineage, console=console)
    _print_judgements(shown.judgements, console=console)


def _print_claim(claim: Claim, shown: ShownRecord, *, console: Console, coloured: bool) -> None:
    console.print(Text(claim_in_words(claim), style="bold").append(f"  {claim.id}", style="not bold bright_black"))
    console.print()
    around = Text(f"… {plain(shown.before)} " if shown.before.strip() else "", style="bright_black")
    around.append_text(Text(style="not dim").append_text(sentence_with_marks(claim, coloured=coloured)))
    around.append(f" {plain(shown.after)} …" if shown.after.strip() else "", style="bright_black")
    console.print(Padding(around, (0, 2)))
    if coloured:
        console.print(Padding(marks_legend(), (0, 2)))
    console.print()
    console.print(Text("Who says so, outermost first", style="bold"))
    outlet = shown.document.outlet if shown.document else ""
    console.print(Padding(Text(f"{plain(outlet) or 'an unnamed outlet'} (the outlet)"), (0, 2)))
    for depth, link in enumerate(claim.chain, start=1):
        console.print(Padding(_link(link), (0, 0, 0, 2 + 2 * depth)))
    if not claim.chain:
        console.print(Padding(Text("on its own word", style="bright_black"), (0, 4)))
    console.print()
    _print_fields(_claim_fields(claim), console=console)
    console.print()
    console.print(
        Text(f"Why it is a claim (probability {claim.confidence:.2f} that a reader accepts it)", style="bold")
    )
    for evidence in claim.evidence:
        console.print(Padding(Text(plain(f"{evidence.weight:+.2f}  {evidence.name}: {evidence.reason}")), (0, 2)))


def _link(link: SourceLink) -> Text:
    line = Text(plain(link.mention.text), style="bold")
    if link.name and link.name != link.mention.text:
        line.append(f" = {plain(link.name)}", style="not bold")
    facts = [link.kind.replace("_", " "), f"side: {link.side}" if link.side else "", link.source_id]
    facts.append(f"cue: {link.cue.text}" if link.cue else "")
    line.append(f" ({', '.join(plain(fact) for fact in facts if fact)})", style="not bold bright_black")
    return line.append(f" {plain(link.reason)}" if link.reason else "", style="not bold bright_black")


def _claim_fields(claim: Claim) -> Iterator[tuple[str, str]]:
    yield "relation", f"{claim.relation}, from the words “{claim.trigger.text}”"
    yield "actor", _party(claim.actor)
    yield "opponent", _party(claim.opponent)
    yield "place", _place(claim.place)
    for candidate in claim.place.candidates[:3]:
        yield "", f"not {candidate.label} ({candidate.place_id}, {candidate.score:.2f}): {candidate.reason}"
    yield "extent", f"part: {claim.part.text}" if claim.part else claim.extent
    hedges = ", ".join(f"“{hedge.text}”" for hedge in claim.hedges)
    yield "modality", f"{claim.modality}{f', hedged by {hedges}' if hedges else ''}"
    when = claim.when
    yield "when", f"{when_in_words(when)}{f' ({when.precision}). {when.reason}' if when else ''}"
    yield "told as", f"history{f' ({claim.historic})' if claim.historic else ''}" if claim.background else "news"
    yield "reported", when_in_words(claim.reported)
    yield "known since", moment_in_words(claim.known_at)
    yield "version", claim.version


def _party(party: Party) -> str:
    if not party.name and party.mention is None:
        return "not said"
    words = f"“{party.mention.text}”" if party.mention else "only implied"
    ids = f" [{', '.join(party.actor_ids)}]" if party.actor_ids else ""
    return f"{party.name or 'not resolved'}{ids}, {words}. {party.reason}"


def _place(ref: PlaceRef) -> str:
    words = f"“{ref.mention.text}”"
    if ref.name_text and ref.name_text != ref.mention.text:
        words += f", that is {ref.name_text}"
    found = f"{place_in_words(ref.place)} [{ref.place.id}]" if ref.place else "not resolved"
    within = f", within {ref.within}" if ref.within else ""
    return f"{found}{within}, {words}. {ref.reason}"


def _print_document(document: Document, shown: ShownRecord, *, console: Console) -> None:
    console.print(
        Text(plain(document.title) or "(no headline)", style="bold").append(f"  {document.id}", "bright_black")
    )
    published = when_in_words(document.published)
    reason = f" {document.published.reason}" if document.published else ""
    _print_fields(
        (
            ("outlet", document.outlet or "unknown"),
            ("byline", document.byline or "unknown"),
            ("published", f"{published} (found in: {document.published_from}).{reason}"),
            ("known since", moment_in_words(document.known_at)),
            ("language", document.language or "unknown"),
            ("url", document.url or "none"),
        ),
        console=console,
    )
    console.print()
    _print_fields(((block.kind, _block_in_words(block, document)) for block in document.blocks), console=console)
    console.print()
    console.print(Text(f"{len(shown.claims)} claims", style="bold"))
    for claim in shown.claims:
        console.print(Padding(Text(f"{claim.id}  {claim_in_words(claim)}"), (0, 2)))


def _block_in_words(block: Block, document: Document) -> str:
    text = plain(document.text[block.start : block.end])
    if len(text) > TEXT_SHOWN:
        text = f"{text[:TEXT_SHOWN]} … ({len(text)} characters)"
    return f"{text} [{block.reason}]" if block.reason else text


def _print_origin(shown: ShownRecord, *, console: Console) -> None:
    capture = shown.capture
    if capture is None:
        return
    console.print()
    console.print(Text("Where it comes from", style="bold"))
    fields = [
        ("document", shown.document.id if shown.document else ""),
        ("capture", f"{capture.id}, {capture.media_type}, {capture.size} bytes"),
        ("origin", capture.origin + (f" at {capture.pointer}" if capture.pointer else "")),
        ("sha256", capture.sha256),
        ("fetched", moment_in_words(capture.fetched_at)),
    ]
    if shown.source_start >= 0:
        fields.append(("characters", f"{shown.source_start} to {shown.source_end} of the captured text"))
    elif shown.sentence:
        fields.append(("characters", "the sentence could not be found again in the captured text"))
    _print_fields([field for field in fields if field[1]], console=console)


def _print_judgements(judgements: Sequence[Judgement], *, console: Console) -> None:
    if not judgements:
        return
    console.print()
    console.print(Text("Decisions on it, newest last", style="bold"))
    for judgement in judgements:
        words = (
            f"{judgement.decision}{_tied(judgement)} by {judgement.author}, {moment_in_words(judgement.made_at)}: "
            f"{judgement.reason}"
        )
        console.print(Padding(Text(plain(words)), (0, 2)))


def _tied(judgement: Judgement) -> str:
    if judgement.decision == "correct":
        return f" {correction_in_words(judgement.value)}"
    return f" {judgement.record_id} and {judgement.value}" if judgement.decision in {"merge", "split"} else ""


def _print_fields(fields: Iterator[tuple[str, str]] | Sequence[tuple[str, str]], *, console: Console) -> None:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="bright_black", min_width=LABEL_CELLS)
    grid.add_column(overflow="fold")
    for label, words in fields:
        grid.add_row(plain(label), Text(plain(words)))
    console.print(grid)


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the fields of a record with dotted names."""
    if isinstance(value, dict):
        for key in value:
            yield from _flat(value[key], f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _flat(item, f"{name}[{number}]")
    else:
        yield name, "none" if value in (None, "") else str(value)
