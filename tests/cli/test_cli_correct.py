"""`heldby judge ID correct` and `heldby place NAME --episodes`, as a person uses them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from cli_shell import SAMPLES, Shell


@pytest.fixture
def read_shell(fresh_shell: Callable[[], Shell]) -> Shell:
    """A shell whose archive holds two samples."""
    shell = fresh_shell()
    for name in ("02-orontes-wire-2015-05-21.html", "11-orontes-wire-2016-12-11.html"):
        shell.run("read", str(SAMPLES / name))
    return shell


def test_a_claim_is_corrected_shown_and_told(read_shell: Shell) -> None:
    """From the correction one comes to the claim as it is now, its decision, and the change that it made."""
    claims = json.loads(read_shell.run("claims", "--place", "Palmyra", "--json"))
    claim = next(c for c in claims if c["relation"] == "takes" and c["actor"]["actor_ids"] == ["islamic-state"])
    said = read_shell.run(
        "judge", claim["id"], "correct", "--set", "actor=russia,syrian-government", "--set", "when=2016-12-10",
        "--reason", "the sentence before names them", "--author", "a tester",
    )  # fmt: skip
    assert "is corrected: actor: russia, syrian-government; when: 2016-12-10" in said
    shown = " ".join(read_shell.run("show", claim["id"]).split())
    assert "Russia and Syrian government" in shown and "read as Islamic State" in shown
    assert "correct actor: russia, syrian-government; when: 2016-12-10 by a tester" in shown
    told = " ".join(read_shell.run("changes", "--since", "2020-01-01").split())
    assert "corrected by a tester: correct actor to" in told
    read_shell.run("judge", claim["id"], "correct", "--unset", "actor", "--reason", "no")
    assert json.loads(read_shell.run("show", claim["id"], "--json"))["record"]["actor"] == claim["actor"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("correct",), 1, "name a field"),
        (("correct", "--set", "actor"), 2, "actor=islamic-state"),
        (("correct", "--set", "actor=nobody-known"), 1, "no side"),
        (("correct", "--set", "colour=red"), 1, "colour"),
        (("reject", "--set", "actor=russia"), 2, "correct alone"),
        (("correct", "clm_0", "--set", "actor=russia"), 2, "correct alone"),
    ],
)
def test_a_correction_that_makes_no_sense_is_one_line(
    shell: Shell, words: tuple[str, ...], code: int, said: str
) -> None:
    """What cannot be is refused in one line with a way on."""
    claim = json.loads(shell.run("claims", "--json"))[0]["id"]
    line = shell.run("judge", claim, *words, "--reason", "r", code=code)
    assert said in " ".join(line.split()) and "Traceback" not in line


def test_the_episodes_of_a_place_lead_to_their_claims(shell: Shell) -> None:
    """What happened is listed by day with its voices; each can be shown with its sentences and reasons."""
    said = shell.run("place", "Palmyra", "--episodes", environ={"COLUMNS": "200"})
    assert "happenings in" in said and "told by several voices" in said
    episodes = json.loads(shell.run("place", "Palmyra", "--episodes", "--json"))
    joined = max(episodes, key=lambda episode: len(episode["voices"]))
    assert len(joined["voices"]) > 1 and joined["joins"]
    shown = shell.run("show", joined["id"], environ={"COLUMNS": "200"})
    assert "Who tells it" in shown and joined["claim_ids"][-1] in shown
    assert joined["joins"][0]["evidence"][0]["reason"] in shown


def test_the_episodes_of_a_day_and_of_what_was_known(shell: Shell) -> None:
    """A day, and a time up to which reports are heard, narrow the list; nothing in it is of later reports."""
    all_ = json.loads(shell.run("place", "Palmyra", "--episodes", "--json"))
    early = json.loads(shell.run("place", "Palmyra", "--episodes", "--known-by", "2015-06-01", "--json"))
    assert 0 < len(early) < len(all_)
    later = {episode["id"]: episode["claim_ids"] for episode in all_}
    assert all(later[e["id"]][: len(e["claim_ids"])] == e["claim_ids"] for e in early)
    day = json.loads(shell.run("place", "Palmyra", "--episodes", "--on", "2016-12-11", "--json"))
    assert day and all(e["when"]["earliest"] <= "2016-12-11" <= e["when"]["latest"] for e in day)
