"""Writes the records that one report becomes into docs/way-of-the-data.md, between its `records` marks.

    python benchmarks/way.py REPORT --outlet NAME --published DATE --place PLACE

Fields that are empty are left out of what is shown, and claims that weigh next to nothing; texts are cut short.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import heldby
from heldby.records import Claim, Document, Spell
from heldby.records.codec import to_builtins

PAGE = Path(__file__).parent.parent / "docs" / "way-of-the-data.md"
TEXT_SHOWN = 48
LEAST_WEIGHT = 0.1


def without_empty(value: Any) -> Any:
    """Return plain values without the fields that say nothing."""
    if isinstance(value, dict):
        kept = {key: without_empty(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner is not None and inner not in ("", [], {})}
    if isinstance(value, (list, tuple)):
        return [without_empty(inner) for inner in value]
    return None if value is False else value


def as_json(value: Any) -> str:
    """Return a record as a fenced block of JSON."""
    plain = _cut_texts(without_empty(to_builtins(value)))
    return f"```json\n{json.dumps(plain, indent=2, ensure_ascii=False)}\n```"


def _cut_texts(value: Any) -> Any:
    """Return a value with every text of the report in it cut short: the report belongs to its publisher."""
    if isinstance(value, dict):
        return {name: cut(part) if name == "text" else _cut_texts(part) for name, part in value.items()}
    return [_cut_texts(part) for part in value] if isinstance(value, list) else value


def outline(document: Document) -> dict[str, Any]:
    """Return a document with its blocks, each cut short, in place of its text."""
    record = to_builtins(document)
    record["text"] = f"({len(document.text)} characters)"
    record["blocks"] = [
        {
            "kind": block.kind,
            "characters": f"{block.start}-{block.end}, captured {block.source_start}-{block.source_end}",
            "text": cut(document.text[block.start : block.end]),
            "date": block.date.iso() if block.date else None,
            "reason": block.reason,
        }
        for block in document.blocks
    ]
    return record


def cut(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= TEXT_SHOWN else f"{line[:TEXT_SHOWN]} ..."


def claim_lines(claims: Iterable[Claim]) -> str:
    """Return every claim as one line of a table."""
    rows = ["| trigger | relation | by | against | place | modality | history | when | voices |", "|---" * 9 + "|"]
    for claim in claims:
        place = f"{claim.place.name_text} ({claim.part.text})" if claim.part else claim.place.name_text
        cells = (
            claim.trigger.text,
            claim.relation,
            claim.actor.name,
            claim.opponent.name,
            place,
            claim.modality,
            "yes" if claim.background else "",
            (claim.when.iso() if claim.when else "") or "",
            " < ".join(link.name or link.mention.text for link in claim.chain),
        )
        rows.append("| " + " | ".join(" ".join(cell.split()).replace("|", "/") for cell in cells) + " |")
    return "\n".join(rows)


def without_weak(spell: Spell) -> Spell:
    """Return a spell without the claims whose weight would change nothing."""
    return replace(
        spell,
        claims_for=tuple(weighed for weighed in spell.claims_for if weighed.weight >= LEAST_WEIGHT),
        claims_against=tuple(weighed for weighed in spell.claims_against if weighed.weight >= LEAST_WEIGHT),
    )


def sections(archive: heldby.Archive, *, place: str) -> dict[str, str]:
    """Return what stands between each pair of marks."""
    answer = archive.place(place)
    document = next(archive.documents())
    claims = list(archive.claims())
    news = max(answer.spells, key=lambda spell: len(spell.claims_for))
    dissent = [weighed.claim_id for weighed in sorted(news.claims_against, key=lambda weighed: -weighed.weight)]
    far = max(claims, key=lambda claim: (len(claim.chain), -claim.sentence.start))
    history = next((claim for claim in claims if claim.background), far)
    against = next((claim for claim in claims if dissent and claim.id == dissent[0]), far)
    day = archive.place(place, on=document.published.latest if document.published else date.max).day
    return {
        "capture": as_json(archive.show(document.capture_id).record),
        "document": as_json(outline(document)),
        "claims": claim_lines(claims),
        "claim": as_json(far),
        "history": as_json({"when": history.when, "historic": history.historic, "trigger": history.trigger}),
        "dissent": as_json({"trigger": against.trigger, "chain": against.chain, "relation": against.relation}),
        "spells": as_json([without_weak(spell) for spell in answer.spells]),
        "day": as_json(day),
    }


def main() -> None:
    """Read the report into a new archive and write its records into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report")
    parser.add_argument("--outlet", default="")
    parser.add_argument("--published", default="")
    parser.add_argument("--place", required=True)
    options = parser.parse_args()
    report = Path(options.report).resolve()
    with tempfile.TemporaryDirectory() as folder, heldby.Archive(str(Path(folder) / "one.heldby")) as archive:
        archive.read([str(report)], outlet=options.outlet, published=options.published)
        texts = sections(archive, place=options.place)
    page = PAGE.read_text("utf-8")
    for name, text in texts.items():
        text = text.replace(str(report), report.name)
        pattern = rf"(<!-- records: {name} -->\n).*?(<!-- end -->)"
        page, number = re.subn(
            pattern, lambda found, text=text: f"{found[1]}{text}\n{found[2]}", page, flags=re.DOTALL
        )
        if number != 1:
            raise SystemExit(f"{PAGE.name} has no mark `<!-- records: {name} -->`.")
    PAGE.write_text(page, "utf-8")
    print(f"wrote {len(texts)} blocks of records into {PAGE.name}")


if __name__ == "__main__":
    main()
