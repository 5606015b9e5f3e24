"""`heldby judge`: a person's decision on a claim or a report, appended and never overwritten."""

from __future__ import annotations

import getpass
from enum import StrEnum
from typing import Annotated

import typer

from heldby.cli.opening import archive_words, open_to_view
from heldby.cli.options import ArchiveOption, JsonOption
from heldby.cli.terminal import plain, standard_output, to_json, write_line


class Verdict(StrEnum):
    """What can be decided on the command line."""

    ACCEPT = "accept"
    REJECT = "reject"
    MERGE = "merge"
    SPLIT = "split"


DONE = {
    Verdict.ACCEPT: "takes part in answers again",
    Verdict.REJECT: "takes no part in answers any more",
    Verdict.MERGE: "counts as one with",
    Verdict.SPLIT: "counts apart from",
}


def judge_command(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="The id of a claim, a document or a voice.")],
    verdict: Annotated[
        Verdict,
        typer.Argument(
            help="`reject` takes it out of every answer, `accept` lets it back in; `merge` says that it and OTHER "
            "are one (copies, one statement, one voice), `split` that they are not."
        ),
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept with the decision.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="For merge and split: the other record.")] = "",
    author: Annotated[
        str, typer.Option("--author", metavar="NAME", help="Who decides. Default: your user name.")
    ] = "",
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """Reject a claim or a report that is read wrongly, or let it back in; say who repeats whom, and who does not."""
    with open_to_view(archive) as opened:
        judgement = opened.judge(record_id, verdict.value, author=author or _user(), reason=reason, value=other)
    if as_json:
        write_line(to_json(judgement))
        return
    console = standard_output()
    done = f"{DONE[verdict]} {plain(other)}".strip()
    console.print(f"{plain(record_id)} {done} ({judgement.id}, by {plain(judgement.author)}).", soft_wrap=True)
    console.print(f"See it with: heldby show {plain(record_id)}{archive_words(archive)}", soft_wrap=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unnamed user"
