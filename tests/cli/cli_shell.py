"""A shell for tests: runs `heldby` on one archive, in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from heldby.cli.app import build_app

SAMPLES = Path(__file__).parent.parent.parent / "samples" / "palmyra"


class Shell:
    """Runs `heldby` on the test's archive, in this process or in one of its own."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive

    def run(self, *words: str, code: int = 0, environ: dict[str, str] | None = None) -> str:
        """Return what a command prints on standard output; its exit code must be the one given."""
        result = CliRunner().invoke(build_app(), [*words, "--archive", str(self.archive)], env=environ)
        assert result.exit_code == code, (result.output, result.exception)
        return result.stdout if code == 0 else result.output

    def process(
        self, *words: str, environ: dict[str, str] | None = None, stdin: bytes | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command as a process of its own, its output in pipes."""
        command = [
            sys.executable,
            "-c",
            "from heldby.cli import main; main()",
            *words,
            "--archive",
            str(self.archive),
        ]
        return subprocess.run(
            command, capture_output=True, input=stdin, env={**os.environ, **(environ or {})}, check=False, timeout=60
        )
