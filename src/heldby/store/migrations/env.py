"""Run by Alembic with the connection that `migrate` hands over; the archive is opened by no other way."""

from __future__ import annotations

from alembic import context

VERSION_TABLE = "heldby_version"


def run() -> None:
    """Apply the steps on the connection given, inside its transaction."""
    context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
    with context.begin_transaction():
        context.run_migrations()


run()
