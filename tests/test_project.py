"""What holds for the project as a whole: one version, no machine's paths, documents that match the program."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer.main

import heldby
from heldby import records
from heldby.cli.app import COMMANDS, GROUPS, build_app
from heldby.knowledge import read_knowledge
from heldby.settings import Settings

ROOT = Path(__file__).parent.parent
KNOWLEDGE = sorted((ROOT / "src" / "heldby" / "knowledge").glob("*.toml"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "samples").glob("*.md")])


def tracked_files() -> list[Path]:
    """Return the files that git tracks; skips where this is no checkout."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so there are no tracked files to look at")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_the_version_stands_in_one_place() -> None:
    """The version that pip shows is the one that the program prints."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "src/heldby/version.py"
    literal = f'"{heldby.__version__}"'
    places = [path for path in (ROOT / "src").rglob("*.py") if literal in path.read_text("utf-8")]
    assert [path.name for path in places] == ["version.py"]
    assert f"## {heldby.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_no_path_of_a_machine() -> None:
    """Nobody's home folder or checkout stands in a tracked file."""
    private = re.compile(rb"(?<![\w.])/(?:home|Users|root|work|farm)/[\w.-]+")
    found = [
        f"{path.relative_to(ROOT)}: {match.group().decode(errors='replace')}"
        for path in tracked_files()
        if (data := path.read_bytes()) and b"\0" not in data
        for match in private.finditer(data)
    ]
    assert found == []


@pytest.mark.parametrize("path", KNOWLEDGE, ids=lambda path: path.stem)
def test_every_knowledge_file_loads(path: Path) -> None:
    """A knowledge file with a slip of the pen would stop every run."""
    assert read_knowledge(path.stem)


def test_the_documents_name_real_commands() -> None:
    """A reader can run every `heldby ...` line of the documents: its command and its options exist."""
    group = typer.main.get_command(build_app())
    wrong = []
    for path in DOCUMENTS:
        for line in re.findall(r"(?m)(?:^    |`)(heldby [a-z][^`\n]*)", path.read_text("utf-8")):
            name, words = line.split()[1], re.findall(r"(?<![\w-])--[a-z][a-z-]*", line)
            command = getattr(group, "commands", {}).get(name)
            if name in GROUPS and len(line.split()) > 2:
                command = getattr(command, "commands", {}).get(line.split()[2])
            known = {"--help"} | {option for p in getattr(command, "params", ()) for option in p.opts}
            if command is None or not set(words) <= known:
                wrong.append(f"{path.name}: {line}")
    assert wrong == []


def test_the_reference_knows_every_option() -> None:
    """No command and no option is missing in the reference."""
    text = (ROOT / "docs" / "reference" / "cli.md").read_text("utf-8")
    group = typer.main.get_command(build_app())
    for name in COMMANDS:
        assert f"## `heldby {name}" in text
        section = text.split(f"## `heldby {name}", 1)[1].split("\n## ", 1)[0] + text.split("\n## ", 1)[0]
        options = {option for p in group.commands[name].params for option in p.opts if option.startswith("--")}  # type: ignore[attr-defined]
        assert {option for option in options if option not in section} == set(), name
    for name, (_, commands) in GROUPS.items():
        section = text.split(f"## `heldby {name}", 1)[1].split("\n## ", 1)[0]
        assert {
            second for second in commands if f"`{second}" not in section and f"{name} {second}" not in section
        } == set()


def test_the_reference_knows_every_field() -> None:
    """No field of a record and no setting is missing in the reference."""
    text = (ROOT / "docs" / "reference" / "records.md").read_text("utf-8")
    kinds = [getattr(records, name) for name in records.__all__]
    fields = {field.name for kind in kinds for field in dataclasses.fields(kind)} - {"capture", "data", "document"}
    assert {name for name in fields if f"`{name}`" not in text and name not in text} == set()
    settings = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    assert {f.name for f in dataclasses.fields(Settings) if f"`{f.name}`" not in settings} == set()


def test_links_lead_somewhere() -> None:
    """A link from one document to another file of the project works."""
    broken = []
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []


def test_every_dependency_has_its_reason() -> None:
    """A new dependency is explained in the first decision."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    names = {re.split(r"[\[<>=~! ]", line, maxsplit=1)[0] for line in [*project["dependencies"], *extras]}
    text = (ROOT / "docs" / "decisions" / "0001-foundations.md").read_text("utf-8")
    assert {name for name in names if name not in text} == set()
