"""Texts that are near in time meet by their sketches, others by few keys: bands take a fifth of the room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables anew; every document in force waits to be settled again."""
    op.drop_table("bands")
    _create_bands(sqlite_with_rowid=False)
    op.add_column("origins", sa.Column("sketch", sa.LargeBinary))
    op.create_index("ix_origins_known", "origins", ["known_at"])
    _wait_again()


def downgrade() -> None:
    """Go back to keys alone."""
    op.drop_table("bands")
    _create_bands()
    op.create_index("ix_bands_document_id", "bands", ["document_id"])
    op.drop_index("ix_origins_known", table_name="origins")
    with op.batch_alter_table("origins") as batch:
        batch.drop_column("sketch")
    _wait_again()


def _create_bands(**options: bool) -> None:
    op.create_table(
        "bands",
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("original", sa.Boolean, primary_key=True),
        sa.Column("document_id", sa.String(64), sa.ForeignKey("documents.id"), primary_key=True),
        **options,
    )


def _wait_again() -> None:
    op.execute("DELETE FROM lineage WHERE place_id = ''")
    op.execute("UPDATE origins SET version = '', original_id = ''")
