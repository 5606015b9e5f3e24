"""A spell in words: who held the place, from when to when, and who says so or says otherwise, voice by voice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from rich.padding import Padding
from rich.text import Text

from heldby.cli.quoting import quote, report_in_words, voices_in_words
from heldby.cli.terminal import plain
from heldby.cli.timeline import lane_name
from heldby.cli.wording import between_in_words, count, day_in_words, moment_in_words, surety_in_words
from heldby.records import Claim, Document, Spell, WeighedClaim

# So many voices are quoted with their sentence, so many more named in a line of their own.
VOICES_QUOTED: Final = 2
VOICES_NAMED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The claims and documents that a view may have to quote, by id."""

    claims: Mapping[str, Claim]
    documents: Mapping[str, Document]

    def document_of(self, claim: Claim) -> Document | None:
        """Return the document that a claim stands in."""
        return self.documents.get(claim.document_id)


def title_of(spell: Spell, *, place: str, style: str = "") -> Text:
    """Return who held the place, and when, as one line; `style` colours the holder."""
    if spell.status == "held":
        line = Text(lane_name(spell), style=f"bold {style}").append(f" held {place}", style="not bold default")
    else:
        states = {"contested": f"{place} was contested", "unknown": f"Nothing says who held {place}"}
        line = Text(states[spell.status], style="bold")
    return line.append(f", {span_in_words(spell)}", style="not bold default")


def span_in_words(spell: Spell) -> str:
    """Return a spell's uncertain start and end in words."""
    start = between_in_words(spell.start_earliest, spell.start_latest)
    end = between_in_words(spell.end_earliest, spell.end_latest)
    if spell.start_earliest is None and spell.start_latest is None:
        start = "a day that no report tells"
    if spell.end_earliest is None and spell.end_latest is None:
        return f"from {start}, no end known"
    return f"from {start} until {end}"


def describe_spell(
    spell: Spell, *, place: str, ledger: Ledger, coloured: bool, style: str = "", every_voice: bool = False
) -> list[Text | Padding]:
    """Return what there is to say about a spell, ready to print: title, certainty, voices for and against."""
    known = f"; known since {moment_in_words(spell.known_since)}" if spell.known_since else ""
    surety = surety_in_words(spell.probability)
    graded = f"; {spell.grade}, Admiralty {spell.credibility}" if spell.grade else ""
    lines: list[Text | Padding] = [
        title_of(spell, place=place),
        Padding(Text(f"{surety}{graded}{known} · {spell.id}", style="bright_black"), (0, 0, 0, 2)),
    ]
    for label, style, claims in (("for", "green", spell.claims_for), ("against", "red", spell.claims_against)):
        voices = by_voice(claims)
        quoted = len(voices) if every_voice else VOICES_QUOTED
        for number, voice in enumerate(voices[: quoted + VOICES_NAMED]):
            described = _describe_voice(voice, label=label, style=style, ledger=ledger, coloured=coloured)
            lines += described if number < quoted else described[:1]
        if voices[quoted + VOICES_NAMED :]:
            more = len(voices) - quoted - VOICES_NAMED
            rest = f"and {count(more, 'weaker voice')} {label}: heldby show {spell.id}"
            lines.append(Padding(Text(rest, style="bright_black"), (0, 0, 0, 2)))
    if not spell.claims_for and not spell.claims_against:
        lines.append(Padding(Text("no claim speaks of this time", style="bright_black"), (0, 0, 0, 2)))
    return lines


def by_voice(claims: Sequence[WeighedClaim]) -> list[list[WeighedClaim]]:
    """Return claims grouped by the voice that they count as, the heaviest voice and claim first."""
    groups: dict[str, list[WeighedClaim]] = {}
    for weighed in sorted(claims, key=lambda w: (-w.weight, w.claim_id)):
        groups.setdefault(weighed.voice, []).append(weighed)
    return list(groups.values())


def unknown_in_words(spells: Sequence[Spell], reported: Sequence[date], *, place: str) -> list[str]:
    """Return sentences about what is not known: open ends, times without a holder, and when the reports stop."""
    sentences = []
    told = sorted(reported)
    if not told:
        sentences.append(f"No report with a date speaks of {place}.")
    else:
        sentences.append(f"Reports on {place} reach from {day_in_words(told[0])} to {day_in_words(told[-1])}.")
        gaps = [(end - start, start, end) for start, end in pairwise(told)]
        longest = max(gaps, default=None)
        if longest and longest[0].days >= 60:
            sentences.append(
                f"The longest silence is {longest[0].days} days, from {day_in_words(longest[1])} to "
                f"{day_in_words(longest[2])}: "
                "a change of hands and back in it would not be seen."
            )
    unknown = [spell for spell in spells if spell.status == "unknown"]
    sentences += [f"Nothing says who held {place} {span_in_words(spell)}." for spell in unknown]
    return sentences


def _describe_voice(
    claims: Sequence[WeighedClaim], *, label: str, style: str, ledger: Ledger, coloured: bool
) -> list[Text | Padding]:
    best = claims[0]
    claim = ledger.claims.get(best.claim_id)
    head = Text(f"{label:<7} ", style=f"bold {style}")
    if claim is None:
        return [Padding(head.append(plain(f"{best.voice}: {best.reason} ({best.claim_id})")), (0, 0, 0, 2))]
    document = ledger.document_of(claim)
    head.append(voices_in_words(claim, document), style="not bold")
    head.append(
        f" · {report_in_words(claim, document)} · weight {best.weight:.2f} · {claim.id}",
        style="not bold bright_black",
    )
    why = Text(plain(best.reason), style="bright_black")
    lines: list[Text | Padding] = [
        Padding(head, (0, 0, 0, 2)),
        Padding(quote(claim, coloured=coloured), (0, 0, 0, 10)),
        Padding(why, (0, 0, 0, 10)),
    ]
    if len(claims) > 1:
        lines.append(Padding(_the_rest(claims[1:], ledger=ledger), (0, 0, 0, 10)))
    return lines


def _the_rest(claims: Sequence[WeighedClaim], *, ledger: Ledger) -> Text:
    """Return one line for what the same voice says again, or is repeated as saying."""
    told = [ledger.claims[w.claim_id] for w in claims if w.claim_id in ledger.claims]
    outlets = dict.fromkeys(
        plain(document.outlet) for claim in told if (document := ledger.document_of(claim)) and document.outlet
    )
    by = f" (in {', '.join(outlets)})" if outlets else ""
    ids = ", ".join(w.claim_id for w in claims[:3]) + (", ..." if len(claims) > 3 else "")
    return Text(f"the same voice {count(len(claims), 'more time')}{by}: {ids}", style="bright_black")
