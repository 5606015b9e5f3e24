"""Draws docs/images/palmyra.svg: what `heldby place Palmyra` prints for the samples, exported by Rich.

python benchmarks/picture.py
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

import heldby
from heldby.cli.opening import ledger_of
from heldby.cli.place import print_place

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "images" / "palmyra.svg"
SAMPLES = ROOT / "samples" / "palmyra"
REPORT = "11-orontes-wire-2016-12-11.html"
PLACE = "Palmyra"
EXAMPLE_WIDTH = 100
WIDTH = 112
LINES = 44
THEME = TerminalTheme(
    (30, 32, 36),
    (222, 224, 228),
    [(60, 63, 68), (220, 95, 90), (140, 180, 90), (214, 170, 80), (100, 150, 210), (180, 130, 200), (95, 180, 185),
     (210, 212, 216)],
    [(140, 144, 150), (230, 115, 110), (160, 200, 110), (230, 190, 100), (120, 170, 225), (200, 150, 215),
     (120, 200, 205), (240, 240, 242)],
)  # fmt: skip


def printed(archive: heldby.Archive, *, place: str, width: int, coloured: bool) -> list[str]:
    """Return the lines that the command prints."""
    answer = archive.place(place)
    claims = list(archive.claims(place=answer.place.id))
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=coloured, markup=False, highlight=False)
    print_place(answer, claims=claims, ledger=ledger_of(archive, claims), console=console, archive=None)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def as_svg(lines: list[str], *, title: str) -> str:
    """Return the first lines of coloured output as SVG."""
    console = Console(
        file=io.StringIO(), width=WIDTH, record=True, force_terminal=True, markup=False, highlight=False
    )
    for line in lines[:LINES]:
        console.print(Text.from_ansi(line), soft_wrap=True)
    if lines[LINES:]:
        console.print(Text(f"... and {len(lines) - LINES} lines more", style="bright_black"))
    drawn = console.export_svg(title=title, theme=THEME, unique_id="palmyra")
    # a picture in a README fetches nothing: the reader's own fixed-width font serves
    return re.sub(r"@font-face\s*\{.*?\}", "", drawn, flags=re.DOTALL)


def as_example(lines: list[str]) -> str:
    """Return the timeline and the spell that the report's news is about, as a fenced block."""
    timeline = lines[: lines.index("", 3)]
    news = next(
        number for number, line in enumerate(lines) if line.startswith("Islamic State held Palmyra, from 11 D")
    )
    spell = lines[news : lines.index("", news)]
    return "\n".join(["```text", *timeline, "...", *spell, "```"])


def main() -> None:
    """Read the samples into new archives, write the picture and the example."""
    with tempfile.TemporaryDirectory() as folder:
        with heldby.Archive(str(Path(folder) / "all.heldby")) as archive:
            archive.read([str(SAMPLES)])
            picture = as_svg(printed(archive, place=PLACE, width=WIDTH, coloured=True), title=f"heldby place {PLACE}")
        with heldby.Archive(str(Path(folder) / "one.heldby")) as archive:
            archive.read([str(SAMPLES / REPORT)])
            example = as_example(printed(archive, place=PLACE, width=EXAMPLE_WIDTH, coloured=False))
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(picture, encoding="utf-8")
    readme = README.read_text("utf-8")
    marked = re.compile(r"(<!-- example -->\n).*?(<!-- end -->)", re.DOTALL)
    README.write_text(marked.sub(lambda found: f"{found[1]}{example}\n{found[2]}", readme), "utf-8")
    print(f"wrote {PICTURE.relative_to(ROOT)} and the example of {README.name}")


if __name__ == "__main__":
    main()
