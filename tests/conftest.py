"""The maker of records, the weights, and the databases that the contracts of the store run on."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from heldby.knowledge import read_knowledge
from heldby.reconcile import Weights
from heldby.records.ids import content_hash
from record_maker import Make

# The same examples on every machine, and no limit on the time of one: a slow machine is no failing test.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis_settings.load_profile("steady")

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session", autouse=True)
def no_added_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the user of this machine has added to the gazetteer takes no part in tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELDBY_GAZETTEER", str(tmp_path_factory.mktemp("gazetteer") / "none"))
        yield


@pytest.fixture(scope="session")
def make() -> Make:
    """The makers of records."""
    return Make()


@pytest.fixture(scope="session")
def weights() -> Weights:
    """The weights that the project ships."""
    return Weights.from_table(read_knowledge("weights"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The corpora beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the corpora beside the checkout are absent")
    return SHARED


def _postgres_folder() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    binary = found[0] if found else Path(on_path) if on_path else None
    return binary.parent if binary else None


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of our own on a socket in a temporary folder; yields the socket's folder."""
    binaries = _postgres_folder()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    as_root = os.getuid() == 0
    if as_root and "postgres" not in {user.pw_name for user in pwd.getpwall()}:
        pytest.skip("PostgreSQL refuses to run as root, and there is no user postgres")
    # A short path of its own: a socket's path may have at most 107 characters, and postgres must reach it.
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/heldby-pg-XXXXXX"], text=True).strip())
    prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if as_root else []
    if as_root:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    _run([*prefix, str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "-N"])
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    control = [*prefix, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    _run([*control, "-o", options, "-l", str(folder / "log"), "start"])
    try:
        yield str(folder)
    finally:
        _run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, cwd="/", timeout=60)


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The location of a fresh archive: a file, then a database of a real PostgreSQL."""
    if request.param == "sqlite":
        return str(tmp_path / "archive.heldby")
    import psycopg

    folder = request.getfixturevalue("postgres_server")
    name = "t" + content_hash(str(tmp_path).encode())[:16]
    with psycopg.connect(f"host={folder} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return f"postgresql://postgres@/{name}?host={folder}"
