"""Who repeats whom, as a small tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from heldby.cli.terminal import plain
from heldby.cli.wording import count, moment_in_words
from heldby.lineage_view import LineageGraph, LineageNode

NODES_SHOWN: Final = 8
WORDS_SHOWN: Final = 90
KIND_WORDS: Final = {
    "identical": "the same words",
    "near_copy": "near copy",
    "same_sentence": "the same sentence",
    "retold_in_copy": "told again in a copy",
    "same_statement": "the same statement",
    "same_speaker": "the same voice, another statement",
    "judged": "a person says so",
}


def print_lineage(graphs: Sequence[LineageGraph], *, console: Console) -> None:
    """Print which voice each record counts as, and below it what it repeats and what repeats it."""
    if len(graphs) > 1:
        graphs = [graph for graph in graphs if graph.repeats or graph.repeated_by]
    if not graphs:
        return
    console.print()
    console.print(Text("Which voice it counts as, and who repeats whom", style="bold"))
    for voice, group in _by_voice(graphs).items():
        console.print(_tree(voice, group))


def _by_voice(graphs: Sequence[LineageGraph]) -> dict[str, list[LineageGraph]]:
    voices: dict[str, list[LineageGraph]] = {}
    for graph in graphs:
        voices.setdefault(graph.voice, []).append(graph)
    return voices


def _tree(voice: str, graphs: Sequence[LineageGraph]) -> Tree:
    head = Text(plain(voice) or "no voice yet", style="bold").append(
        f"  {plain(graphs[0].reason)}", style="not bold bright_black"
    )
    tree = Tree(head)
    for graph in graphs:
        branch = tree.add(Text(plain(graph.record_id))) if len(graphs) > 1 else tree
        _add(branch, "repeats", graph.repeats)
        _add(branch, "is repeated by", graph.repeated_by)
        if not graph.repeats and not graph.repeated_by:
            branch.add(Text("repeats nobody, and nobody repeats it", style="bright_black"))
    return tree


def _add(tree: Tree, label: str, nodes: Sequence[LineageNode]) -> None:
    if not nodes:
        return
    records = {node.record_id: [other for other in nodes if other.record_id == node.record_id] for node in nodes}
    branch = tree.add(Text(f"{label} {count(len(records), 'record')}"))
    for links in list(records.values())[:NODES_SHOWN]:
        branch.add(_node(links))
    if len(records) > NODES_SHOWN:
        branch.add(Text(f"and {len(records) - NODES_SHOWN} more", style="bright_black"))


def _node(links: Sequence[LineageNode]) -> Text:
    node = links[0]
    known = f", {moment_in_words(node.known_at)}" if node.known_at else ""
    line = Text(f"{plain(node.outlet) or 'an unnamed outlet'}{known}  ").append(node.record_id, style="bright_black")
    words = plain(" ".join(node.words.split()))
    if words:
        line.append(f"\n“{words[:WORDS_SHOWN]}{'…' if len(words) > WORDS_SHOWN else ''}”")
    for link in links:
        score = f" {link.score:.0%}" if link.kind == "near_copy" else ""
        line.append(f"\n{KIND_WORDS.get(link.kind, link.kind)}{score}: {plain(link.reason)}", style="bright_black")
    return line
