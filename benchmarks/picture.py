"""Draws docs/images/palmyra.svg: what `heldby place Palmyra` prints for the samples, exported by Rich.

python benchmarks/picture.py
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

import heldby
from heldby.cli.opening import ledger_of
from heldby.cli.place import print_place

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "images" / "palmyra.svg"
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


def draw(archive: heldby.Archive, *, place: str) -> str:
    """Return the first lines of what the command prints, as SVG."""
    answer = archive.place(place)
    claims = list(archive.claims(place=answer.place.id))
    full = Console(file=io.StringIO(), width=WIDTH, force_terminal=True, markup=False, highlight=False)
    print_place(answer, claims=claims, ledger=ledger_of(archive, claims), console=full, archive=None)
    lines = full.file.getvalue().splitlines()  # type: ignore[attr-defined]
    shown = Console(file=io.StringIO(), width=WIDTH, record=True, force_terminal=True, markup=False, highlight=False)
    for line in lines[:LINES]:
        shown.print(Text.from_ansi(line), soft_wrap=True)
    if lines[LINES:]:
        shown.print(Text(f"... and {len(lines) - LINES} lines more", style="bright_black"))
    return shown.export_svg(title=f"heldby place {place}", theme=THEME, unique_id="palmyra")


def main() -> None:
    """Read the samples into a new archive and write the picture."""
    with (
        tempfile.TemporaryDirectory() as folder,
        heldby.Archive(str(Path(folder) / "palmyra.heldby")) as archive,
    ):
        archive.read([str(ROOT / "samples" / "palmyra")])
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        PICTURE.write_text(draw(archive, place="Palmyra"), encoding="utf-8")
    print(f"wrote {PICTURE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
