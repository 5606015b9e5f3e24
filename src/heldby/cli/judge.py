"""`heldby judge`: a person's decision on a claim or a report, appended and never overwritten."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from heldby.cli.opening import archive_words, open_to_view
from heldby.cli.options import ArchiveOption, JsonOption
from heldby.cli.terminal import plain, standard_output, to_json, write_line
from heldby.errors import SettingsError

SIDES: Final = ("actor", "opponent")


class Verdict(StrEnum):
    """What can be decided on the command line."""

    ACCEPT = "accept"
    REJECT = "reject"
    MERGE = "merge"
    SPLIT = "split"
    CORRECT = "correct"


DONE = {
    Verdict.ACCEPT: "takes part in answers again",
    Verdict.REJECT: "takes no part in answers any more",
    Verdict.MERGE: "counts as one with",
    Verdict.SPLIT: "counts apart from",
    Verdict.CORRECT: "is corrected:",
}


def judge_command(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="The id of a claim, a document or a voice.")],
    verdict: Annotated[
        Verdict,
        typer.Argument(
            help="`reject` takes it out of every answer, `accept` lets it back in; `merge` says that it and OTHER "
            "are one (copies, one statement, one voice), `split` that they are not; `correct` changes fields "
            "of a claim (--set)."
        ),
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept with the decision.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="For merge and split: the other record.")] = "",
    changed: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="For correct: actor, opponent (ids of sides, with commas; nothing for nobody), place (id), when "
            "(YYYY-MM-DD, or two with a slash), relation, modality, extent. May be given several times.",
        ),
    ] = None,
    unset: Annotated[
        list[str] | None,
        typer.Option("--unset", metavar="FIELD", help="For correct: take a field as it was read again."),
    ] = None,
    author: Annotated[
        str, typer.Option("--author", metavar="NAME", help="Who decides. Default: your user name.")
    ] = "",
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """Reject or correct a claim that is read wrongly, or let it back in; say who repeats whom, and who does not."""
    value = other
    if changed or unset:
        value = _correction(verdict, changed or [], unset or [], other=other)
    with open_to_view(archive) as opened:
        judgement = opened.judge(record_id, verdict.value, author=author or _user(), reason=reason, value=value)
    if as_json:
        write_line(to_json(judgement))
        return
    console = standard_output()
    named = correction_in_words(judgement.value) if verdict is Verdict.CORRECT else other
    done = f"{DONE[verdict]} {plain(named)}".strip()
    console.print(f"{plain(record_id)} {done} ({judgement.id}, by {plain(judgement.author)}).", soft_wrap=True)
    console.print(f"See it with: heldby show {plain(record_id)}{archive_words(archive)}", soft_wrap=True)


def _correction(verdict: Verdict, changed: Sequence[str], unset: Sequence[str], *, other: str) -> str:
    """Return the options as JSON; raises SettingsError for what is no field with a value."""
    if verdict is not Verdict.CORRECT or other:
        raise SettingsError(
            "--set and --unset go with correct alone, and without another record.",
            where=other or verdict.value,
            remedy="Write: heldby judge ID correct --set actor=islamic-state --reason TEXT",
        )
    fields: dict[str, Any] = dict.fromkeys(unset)
    for text in changed:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not name:
            raise SettingsError(
                f"{text!r} is no field with a value.", where="--set", remedy="Write it as actor=islamic-state."
            )
        fields[name] = value.split(",") if name in SIDES and "," in value else value
    return json.dumps(fields)


def correction_in_words(value: str) -> str:
    """Return a correction as `actor: islamic-state; when: 2016-12-11`."""
    fields = {name: said for name, said in json.loads(value).items() if name != "names"}
    words = (
        f"{name}: {', '.join(said) if isinstance(said, list) else said or 'none'}" for name, said in fields.items()
    )
    return "; ".join(words) or "nothing, it is as it was read"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unnamed user"
