"""Episodes in words: what happened, who tells it, where they differ, and why they are taken for one happening."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from heldby.cli.quoting import claim_in_words, quote, report_in_words, voices_in_words
from heldby.cli.spells import Ledger
from heldby.cli.terminal import plain
from heldby.cli.wording import count, when_in_words
from heldby.records import Account, Claim, Episode, Figure, Join

VOICES_NAMED: Final = 4


def print_episodes(episodes: Sequence[Episode], *, ledger: Ledger, console: Console) -> None:
    """Print episodes in order of time, those that several claims tell with what they differ on."""
    for episode in episodes:
        for part in describe_episode(episode, ledger=ledger):
            console.print(part, soft_wrap=True)
    told = sum(len(episode.claim_ids) for episode in episodes)
    several = sum(len(episode.voices) > 1 for episode in episodes)
    words = (
        f"{count(len(episodes), 'happening')} in {count(told, 'claim')}, {several} of them told by several voices."
    )
    console.print(Text(words, style="bright_black"))


def episodes_on(episodes: Sequence[Episode], day: date | None) -> list[Episode]:
    """Return the episodes that may have been on a day, all of them where none is asked for."""
    if day is None:
        return list(episodes)
    return [e for e in episodes if (e.when.earliest or date.min) <= day <= (e.when.latest or date.max)]


def describe_episode(episode: Episode, *, ledger: Ledger) -> list[Text | Padding]:
    """Return an episode ready to print: what happened when, how many tell it, and where they differ."""
    title = Text(when_in_words(episode.when), style="bold").append(": ", style="not bold")
    title.append(_what(episode, ledger), style="not bold default")
    told = f"{count(len(episode.claim_ids), 'claim')} by {count(len(episode.voices), 'voice')} · {episode.id}"
    lines: list[Text | Padding] = [title, _indented(Text(told, style="bright_black"))]
    if len(episode.claim_ids) > 1 and episode.agree:
        lines.append(
            _indented(Text("they agree on ", style="green").append(plain("; ".join(episode.agree)), "default"))
        )
    for name in dict.fromkeys(account.field for account in episode.accounts):
        accounts = [account for account in episode.accounts if account.field == name]
        lines.append(_indented(_differing(name, accounts, ledger)))
    return lines + [_indented(_counted(figure, ledger)) for figure in episode.figures]


def describe_joins(episode: Episode, *, ledger: Ledger, coloured: bool) -> list[Text | Padding]:
    """Return each claim of an episode with its sentence, and why it is taken for the same happening."""
    joins = {join.claim_id: join for join in episode.joins}
    lines: list[Text | Padding] = [Text(), Text("Who tells it, and why it is taken for one happening", style="bold")]
    for id_ in episode.claim_ids:
        claim = ledger.claims.get(id_)
        lines += _claim(id_, claim, ledger=ledger, coloured=coloured)
        lines += _join(joins[id_]) if id_ in joins else []
    return lines


def _claim(claim_id: str, claim: Claim | None, *, ledger: Ledger, coloured: bool) -> list[Text | Padding]:
    if claim is None:
        return [_indented(Text(f"{claim_id} is not in force any more"))]
    document = ledger.document_of(claim)
    head = Text(voices_in_words(claim, document))
    head.append(f" · {report_in_words(claim, document)} · {claim_id}", style="bright_black")
    return [_indented(head), Padding(quote(claim, coloured=coloured), (0, 0, 0, 4))]


def _join(join: Join) -> list[Text | Padding]:
    head = Text(f"{join.score:+.2f} beside {join.to_id}", style="bright_black")
    lines: list[Text | Padding] = [Padding(head, (0, 0, 0, 4))]
    for each in join.evidence:
        lines.append(
            Padding(Text(plain(f"{each.weight:+.2f}  {each.name}: {each.reason}"), "bright_black"), (0, 0, 0, 6))
        )
    return lines


def _what(episode: Episode, ledger: Ledger) -> str:
    claims = [ledger.claims[id_] for id_ in episode.claim_ids if id_ in ledger.claims]
    typical = [claim for claim in claims if claim.relation == episode.relation and claim.actor.name] or claims
    if not typical:
        return episode.relation
    # What most of them say it was: one denial does not make a happening a denied one.
    told = Counter(claim.modality for claim in typical)
    return claim_in_words(max(typical, key=lambda claim: told[claim.modality]))


def _differing(name: str, accounts: Sequence[Account], ledger: Ledger) -> Text:
    line = Text("they differ on ", style="yellow").append(f"{name}: ", style="default")
    return line.append(plain(" | ".join(_said(account, ledger) for account in accounts)), style="default")


def _said(account: Account, ledger: Ledger) -> str:
    """Return a value with who gives it, by name where the reports are at hand, else how many."""
    claims = [ledger.claims[id_] for id_ in account.claim_ids if id_ in ledger.claims]
    named = dict.fromkeys(voices_in_words(c, ledger.document_of(c)) for c in claims if ledger.document_of(c))
    if not named:
        return f"{account.value} ({count(len(account.voices), 'voice')})"
    more = len(named) - VOICES_NAMED
    return f"{account.value} ({', '.join(list(named)[:VOICES_NAMED])}{f' and {more} more' if more > 0 else ''})"


def _counted(figure: Figure, ledger: Ledger) -> Text:
    bounds = str(figure.low) if figure.low == figure.high else f"{figure.low} to {figure.high}"
    line = Text(plain(f"{figure.what}: {bounds}"), style="bold")
    if len(figure.accounts) > 1:
        line.append(
            plain(f", as {' | '.join(_said(account, ledger) for account in figure.accounts)}"), style="not bold"
        )
    return line


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, 2))
