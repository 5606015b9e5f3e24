"""Whose voice a report is where it names nobody: the agency that a credit line names, else its outlet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from heldby.records import Document
from heldby.relate.names import fold_name
from heldby.relate.rules import LineageRules

OPENING_BLOCKS = 4
OPENING_CHARACTERS = 160
CLOSING_BLOCKS = 8
CLOSING_CHARACTERS = 240
UNNAMED_AGENCIES = "agencies"


def own_voice(document: Document, *, rules: LineageRules) -> tuple[str, str]:
    """Return the voice of what a report tells without naming anybody, and the reason; both "" where it is the
    report's own.

    A dateline, byline or sign-off that credits an agency makes it the agency's, whose key is its id; otherwise an
    outlet is one voice in all of its reports, where the rules say so.
    """
    credited = _credited(document, rules=rules)
    if credited:
        return credited
    name = fold_name(document.outlet)
    if not name or rules.own_voice != "outlet":
        return "", ""
    source_id = rules.source_ids.get(name, "")
    return source_id or f"outlet:{name}", f"{document.outlet} tells it on its own word."


def _credited(document: Document, *, rules: LineageRules) -> tuple[str, str] | None:
    lines = list(_lines(document))
    words = "\n".join(line for _, line in lines)
    named = any(name in words for name in rules.agency_names)
    best: tuple[int, str, str] | None = None
    for where, line in lines if named else ():
        for credit in rules.credits:
            found = _search(credit.patterns, line) if credit.where == where else None
            if found and (best is None or credit.weight > best[0]):
                source_id = rules.source_ids.get(fold_name(found), fold_name(found))
                name = rules.source_names.get(source_id, found)
                best = (credit.weight, source_id, credit.reason.replace("{name}", name))
    if best:
        return best[1], best[2]
    unnamed, folded = rules.unnamed_agencies, words.casefold()
    if unnamed is None or not any(word in folded for word in rules.agency_words):
        return None
    if any(_search(unnamed.patterns, line) for _, line in lines):
        return UNNAMED_AGENCIES, unnamed.reason
    return None


def _lines(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the lines where credits stand: byline, first blocks and last blocks, each with where it stands."""
    if document.byline:
        yield "opening", document.byline.strip()
    blocks = [document.text[block.start : block.end].strip() for block in document.blocks]
    blocks = [line.strip() for block in blocks for line in block.split("\n") if line.strip()] or [document.text]
    for line in blocks[:OPENING_BLOCKS]:
        yield "opening", line[:OPENING_CHARACTERS]
    for line in blocks[-CLOSING_BLOCKS:]:
        yield "closing", line[-CLOSING_CHARACTERS:]


def _search(patterns: tuple[re.Pattern[str], ...], line: str) -> str:
    for pattern in patterns:
        found = pattern.search(line)
        if found:
            return found["name"]
    return ""
