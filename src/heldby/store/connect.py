"""Open the database of an archive: a file path is SQLite, a URL is what it says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from heldby.errors import StoreError
from heldby.store.migrate import migrate

BUSY_TIMEOUT_MS = 30_000
SQLITE_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    # Kibibytes of pages kept in memory: with the default of 2 MB a large archive's indexes are read again and again.
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
)
DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def open_engine(location: str) -> tuple[Engine, str]:
    """Return the engine of a path or URL with its schema up to date, and the location without any password.

    Parent folders of a file are made. Raises StoreError for what is no archive and cannot become one.
    """
    url = _url(location)
    where = url.database or "" if url.drivername.startswith("sqlite") else url.render_as_string()
    with as_store_error(where):
        try:
            engine = create_engine(url, pool_pre_ping=url.drivername.startswith("postgresql"))
        except ModuleNotFoundError as error:
            raise StoreError(
                f"The driver for this database is not installed ({error.name}).",
                where=where,
                remedy="Install it: pip install 'heldby[postgres]'.",
            ) from error
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine)
        try:
            migrate(engine, where=where)
        except BaseException:
            engine.dispose()
            raise
    return engine, where


@contextmanager
def as_store_error(where: str) -> Iterator[None]:
    """Turn any error of the database inside the block into a StoreError with a remedy."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise StoreError(f"The archive cannot be used ({cause}).", where=where, remedy=_remedy(cause)) from error


def _remedy(cause: str) -> str:
    lowered = cause.lower()
    remedies = {
        "not a database": "Give the path of a new file, or of an archive made by heldby.",
        "locked": "Another program is writing to it: wait for it to end, then try again.",
        "readonly": "Give yourself the right to write to the file and its folder.",
        "read-only": "Give yourself the right to write to the file and its folder.",
        "unable to open": "Check that the folder exists and that you may write in it.",
        "disk is full": "Free some space, then run the same command again: what was captured is kept.",
        "malformed": "Restore the file from a backup.",
    }
    for words, remedy in remedies.items():
        if words in lowered:
            return remedy
    return "Check the location, that the database is running, and your rights on it."


def _url(location: str) -> URL:
    if "://" not in location:
        path = Path(location).expanduser()
        _make_parent(path)
        return URL.create("sqlite+pysqlite", database=str(path))
    try:
        url = make_url(location)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "This is no URL of a database.", remedy="Give a path, or postgresql://user@host/name."
        ) from error
    if url.drivername not in DRIVERS:
        raise StoreError(
            f"An archive cannot be kept in {url.drivername!r}.", remedy=f"Valid: {', '.join(sorted(DRIVERS))}."
        )
    url = url.set(drivername=DRIVERS[url.drivername])
    if url.drivername == "sqlite+pysqlite" and url.database:
        _make_parent(Path(url.database))
    return url


def _make_parent(path: Path) -> None:
    if path.is_dir():
        raise StoreError("This is a folder, not an archive.", where=str(path), remedy="Give a file in it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder of the archive cannot be made ({error.strerror}).",
            where=str(path),
            remedy="Give a path in a folder where you may write.",
        ) from error


def _prepare_sqlite(engine: Engine) -> None:
    """Let SQLAlchemy, not the driver, begin transactions, and take the write lock at the start of each that
    writes: two writers then wait for each other instead of failing half-way."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("heldby_writes"):
            # Transactions are kept in their order: one that is waited for takes all before it along.
            connection.exec_driver_sql(
                f"PRAGMA synchronous = {'NORMAL' if options.get('heldby_repeatable') else 'FULL'}"
            )
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("heldby_writes") else "BEGIN")
