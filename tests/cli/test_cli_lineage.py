"""Who repeats whom, as the commands show it and a person corrects it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_shell import SAMPLES, Shell

ORIGINAL, COPY = "02-orontes-wire-2015-05-21.html", "03-levant-courier-2015-05-21.html"


@pytest.fixture
def shell(fresh_shell: Callable[[], Shell]) -> Shell:
    """An archive of an agency's report and a paper's copy of it."""
    shell = fresh_shell()
    shell.run("read", str(SAMPLES / ORIGINAL), str(SAMPLES / COPY))
    return shell


def documents_of(shell: Shell) -> dict[str, str]:
    """The ids of the documents by outlet."""
    claims = json.loads(shell.run("claims", "--json"))
    shown = (json.loads(shell.run("show", id_, "--json")) for id_ in {claim["document_id"] for claim in claims})
    return {document["record"]["outlet"]: document["record"]["id"] for document in shown}


def test_a_copy_shows_its_original_and_can_be_split_from_it(shell: Shell) -> None:
    """The tree names the original, the kind of the link and the voice; after a split it names nobody."""
    documents = documents_of(shell)
    copy, original = documents["Levant Courier"], documents["Orontes Wire"]
    said = shell.run("show", copy)
    assert "repeats 1 record" in said and original in said and "near copy" in said
    assert "is repeated by 1 record" in shell.run("show", original)
    shell.run("judge", copy, "split", original, "--reason", "two reporters", "--author", "a tester")
    said = shell.run("show", copy)
    assert "repeats nobody" in said and "two reporters" in said
    graph = json.loads(shell.run("show", copy, "--json"))["lineage"][0]
    assert graph["record_id"] == copy and graph["repeats"] == []


def test_a_claim_of_a_copy_shows_the_claim_that_it_repeats(shell: Shell) -> None:
    """A claim's tree leads to the sentence in the original, on a narrow terminal too."""
    claims = json.loads(shell.run("claims", "--json"))
    graphs = {c["id"]: json.loads(shell.run("show", c["id"], "--json"))["lineage"] for c in claims}
    repeating = [id_ for id_, found in graphs.items() if found and found[0]["repeats"]]
    assert repeating
    said = shell.run("show", repeating[0], environ={"COLUMNS": "40"})
    assert "Which voice it counts as" in said and "\x1b" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("merge",), "another record"),
        (("merge", "doc_0000000000000000"), "no record"),
        (("reject", "doc_0000000000000000"), "takes no other"),
    ],
)
def test_a_decision_that_makes_no_sense_is_one_line(shell: Shell, words: tuple[str, ...], said: str) -> None:
    """A merge without its other record, or with an unknown one, is refused with a way on."""
    document = next(iter(documents_of(shell).values()))
    line = shell.run("judge", document, *words, "--reason", "r", code=1)
    assert line.startswith("heldby: ") and said in line


def test_hostile_words_command_nothing(fresh_shell: Callable[[], Shell], tmp_path: Path) -> None:
    """Escape sequences of a page do not reach the terminal through the tree."""
    shell = fresh_shell()
    text = "Islamic State captured the city of Palmyra on Monday after days of heavy fighting around it, it was said."
    for n in range(2):
        path = tmp_path / f"{n}.txt"
        path.write_text(f"\x1b]0;owned\x07{text} {'Again. ' * n}")
        shell.run("read", str(path), "--outlet", f"\x1b[2JPaper {n}", "--published", f"2015-05-2{n + 1}")
    for claim in json.loads(shell.run("claims", "--json")):
        assert "\x1b" not in shell.run("show", claim["id"])
