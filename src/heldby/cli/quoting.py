"""Claims in words: the sentence with what was read in it, the chain of voices, one line for each claim."""

from __future__ import annotations

from typing import Final

from rich.text import Text

from heldby.cli.terminal import plain
from heldby.cli.wording import between_in_words
from heldby.records import Claim, Document, Span

RELATION_WORDS: Final = {
    "takes": "took",
    "withdraws": "withdrew from",
    "holds": "holds",
    "contests": "fights in",
    "besieges": "besieges",
    "enters": "entered",
    "advances": "advances on",
    "attacks": "attacked",
    "repels": "repelled an attack on",
    "strikes": "struck",
}
MODALITY_WORDS: Final = {
    "asserted": "",
    "denied": "denied: ",
    "attempted": "attempted: ",
    "planned": "planned: ",
    "possible": "possible: ",
}
_STYLES: Final = {
    "trigger": "bold yellow",
    "actor": "bold cyan",
    "opponent": "magenta",
    "place": "bold green",
    "part": "green",
    "source": "underline",
    "time": "blue",
    "hedge": "italic red",
}


def claim_in_words(claim: Claim) -> str:
    """Return a claim as `Islamic State took part of Palmyra (from Syrian government)`."""
    actor = claim.actor.name or (claim.actor.mention.text if claim.actor.mention else "somebody")
    against = f" (against {claim.opponent.name})" if claim.opponent.name else ""
    return plain(f"{MODALITY_WORDS[claim.modality]}{actor} {RELATION_WORDS[claim.relation]} {_what(claim)}{against}")


def voices_in_words(claim: Claim, document: Document | None) -> str:
    """Return who says so, outermost first, as `Orontes Wire < state media < a provincial official`."""
    names = [_outlet(document), *(link.name or link.name_text or link.mention.text for link in claim.chain)]
    # An outlet that quotes itself ("..., the Monitor said") is named once.
    return " < ".join(plain(name) for name, before in zip(names, ["", *names], strict=False) if name != before)


def report_in_words(claim: Claim, document: Document | None) -> str:
    """Return when the report came out, with the words `no date` where nothing is known of it."""
    if document is None or document.published is None:
        return "no date"
    published = document.published
    if published.earliest is None or published.latest is None:
        return "no date"
    return between_in_words(published.earliest, published.latest)


def sentence_with_marks(claim: Claim, *, coloured: bool) -> Text:
    """Return a claim's sentence with trigger, sides, place, sources and times marked, by colour or by brackets."""
    text = Text()
    for name, words in _pieces(claim):
        if name and not coloured:
            text.append(f"[{name}: {words}]")
        else:
            text.append(words, style=_STYLES[name] if name else "")
    return text


def quote(claim: Claim, *, coloured: bool) -> Text:
    """Return a claim's sentence in quotation marks; without colour only its trigger is marked, as *trigger*."""
    # a sentence that is itself a quotation keeps its own marks
    own = claim.sentence.text[:1] in {"“", '"'}
    text = Text("" if own else "“")
    for name, words in _pieces(claim):
        shown = f"*{words}*" if name == "trigger" and not coloured else words
        text.append(shown, style=_STYLES[name] if name and coloured else "")
    return text if own else text.append("”")


def marks_legend() -> Text:
    """Return one line that shows the colour of each mark."""
    line = Text()
    for name, style in _STYLES.items():
        line.append(name, style=style)
        line.append("  ")
    return line


def _what(claim: Claim) -> str:
    """Return the place, and which part of it where one is meant."""
    place = claim.place.name_text or claim.place.mention.text
    part = claim.part.text if claim.part else ""
    if part and part.lower() not in place.lower():
        return f"{part}, part of {place}"
    return f"part of {place}" if claim.extent == "part" and not part else place


def _pieces(claim: Claim) -> list[tuple[str, str]]:
    """Return the sentence cut into marked and other words, each with the name of its mark or ""."""
    pieces, position = [], claim.sentence.start
    for name, span in sorted(_marks(claim), key=lambda mark: (mark[1].start, -mark[1].end)):
        if span.start >= position and span.end <= claim.sentence.end:
            pieces += [("", _cut(claim, position, span.start)), (name, plain(span.text))]
            position = span.end
    return [*pieces, ("", _cut(claim, position, claim.sentence.end))]


def _marks(claim: Claim) -> list[tuple[str, Span]]:
    spans: list[tuple[str, Span | None]] = [
        ("trigger", claim.trigger),
        ("actor", claim.actor.mention),
        ("opponent", claim.opponent.mention),
        ("place", claim.place.mention),
        ("part", claim.part),
        ("time", claim.time_text),
    ]
    spans += [("hedge", span) for span in claim.hedges]
    spans += [("source", link.mention) for link in claim.chain]
    return [(name, span) for name, span in spans if span is not None]


def _cut(claim: Claim, start: int, end: int) -> str:
    """Return characters of the sentence, its white space as single spaces, control characters left out."""
    raw = claim.sentence.text[start - claim.sentence.start : end - claim.sentence.start]
    shown = plain(raw)
    before = " " if raw[:1].isspace() and shown else ""
    after = " " if raw[-1:].isspace() else ""
    return f"{before}{shown}{after}"


def _outlet(document: Document | None) -> str:
    return (document.outlet if document else "") or "an unnamed outlet"
