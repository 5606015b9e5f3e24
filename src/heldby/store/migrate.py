"""Bring an archive's schema up to the one of this version of heldby, under a lock, without an ini file."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text

from heldby.errors import StoreError
from heldby.store.tables import METADATA

SCHEMA_HEAD = "0007"
SCHEMA_VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
VERSION_TABLE = "heldby_version"
MIGRATION_LOCK = 0x68656C64  # "held": the key of PostgreSQL's advisory lock while the schema changes


def migrate(engine: Engine, *, where: str) -> None:
    """Apply the steps that an archive lacks.

    Raises StoreError where the schema is newer than this version of heldby knows, or where the database holds
    tables of something else.
    """
    with engine.connect() as connection:
        if _schema_version(connection, where=where) == SCHEMA_HEAD:
            return
    with engine.execution_options(heldby_writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        if _schema_version(connection, where=where) != SCHEMA_HEAD:
            _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "heldby.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _schema_version(connection: Connection, *, where: str) -> str:
    """Return the schema's version, "" for a database that is still empty."""
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE in tables:
        row = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).first()
        version = str(row[0]) if row else ""
        if version and version not in SCHEMA_VERSIONS:
            raise StoreError(
                f"The archive has schema {version}, which is newer than this heldby knows ({SCHEMA_HEAD}).",
                where=where,
                remedy="Install a newer heldby: pip install --upgrade heldby.",
            )
        return version
    # A file belongs to one program; a PostgreSQL database may be shared as long as the names are free.
    foreign = tables if connection.dialect.name == "sqlite" else tables & set(METADATA.tables)
    if foreign:
        raise StoreError(
            f"This is a database of something else (it has the table {sorted(foreign)[0]!r}).",
            where=where,
            remedy="Give another path or database for the archive.",
        )
    return ""
