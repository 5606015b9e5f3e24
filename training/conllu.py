"""Universal Dependencies treebanks as plain records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

KEPT_SUBTYPES = frozenset(
    {
        "nsubj:pass",
        "aux:pass",
        "obl:agent",
        "nmod:poss",
        "compound:prt",
        "acl:relcl",
        "obl:unmarked",
        "nmod:unmarked",
        "nmod:desc",
    }
)


@dataclass(frozen=True, slots=True)
class Tree:
    """One sentence: words with their character spans in text, tags, heads (0 is the root) and relations."""

    id: str
    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    lemmas: tuple[str, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]
    misc: tuple[str, ...]
    new_document: bool
    new_paragraph: bool

    def __len__(self) -> int:
        return len(self.words)


def cut(relation: str) -> str:
    """Cuts a relation to its main type, unless its subtype is one that the reader keeps."""
    return relation if relation in KEPT_SUBTYPES else relation.split(":")[0]


def read(path: Path) -> Iterator[Tree]:
    """Yields the sentences of a CoNLL-U file in order."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = block.splitlines()
        if any(line and not line.startswith("#") for line in lines):
            yield _tree(lines)


def _tree(lines: list[str]) -> Tree:
    comments = [line for line in lines if line.startswith("#")]
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    text = next(line[len("# text = ") :] for line in comments if line.startswith("# text = "))
    units = [row for row in rows if "-" not in row[0] and "." not in row[0]]
    columns = list(zip(*units, strict=True))
    return Tree(
        id=next((line[len("# sent_id = ") :] for line in comments if line.startswith("# sent_id = ")), ""),
        text=text,
        words=columns[1],
        spans=_spans(text, rows),
        upos=columns[3],
        xpos=columns[4],
        lemmas=columns[2],
        heads=tuple(int(head) for head in columns[6]),
        relations=columns[7],
        misc=columns[9],
        new_document=any(line.startswith("# newdoc") for line in comments),
        new_paragraph=any(line.startswith(("# newpar", "# newdoc")) for line in comments),
    )


def _spans(text: str, rows: list[list[str]]) -> tuple[tuple[int, int], ...]:
    """Finds each syntactic word in the text; the words of a contraction share out its surface form."""
    spans: list[tuple[int, int]] = []
    position, index = 0, 0
    while index < len(rows):
        row = rows[index]
        index += 1
        if "." in row[0]:
            continue
        start = text.index(row[1], position)
        position = start + len(row[1])
        if "-" not in row[0]:
            spans.append((start, position))
            continue
        first, last = (int(part) for part in row[0].split("-"))
        parts = [rows[index + offset][1] for offset in range(last - first + 1)]
        index += len(parts)
        spans.extend(_share(start, position, parts))
    return tuple(spans)


def _share(start: int, end: int, parts: list[str]) -> list[tuple[int, int]]:
    if sum(map(len, parts)) != end - start:
        width = max(1, (end - start) // len(parts))
        edges = [min(start + width * place, end) for place in range(len(parts))] + [end]
    else:
        edges = [start]
        for part in parts:
            edges.append(edges[-1] + len(part))
    return list(pairwise(edges))
