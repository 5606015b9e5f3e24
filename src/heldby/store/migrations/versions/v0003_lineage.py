"""Lineage of documents, found by the keys under which texts that are alike meet; judgements that tie two records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; every document in force waits to be settled."""
    op.create_table(
        "origins",
        sa.Column("document_id", sa.String(64), sa.ForeignKey("documents.id"), primary_key=True),
        sa.Column("known_at", sa.String(32), nullable=False),
        sa.Column("version", sa.String(128), nullable=False),
        sa.Column("original_id", sa.String(64), nullable=False),
        sa.Column("voice", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_origins_original_id", "origins", ["original_id"])
    op.create_index("ix_origins_waiting", "origins", ["version", "known_at", "document_id"])
    op.create_table(
        "bands",
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("original", sa.Boolean, primary_key=True),
        sa.Column("document_id", sa.String(64), sa.ForeignKey("documents.id"), primary_key=True),
    )
    op.create_index("ix_bands_document_id", "bands", ["document_id"])
    op.execute(
        "INSERT INTO origins (document_id, known_at, version, original_id, voice, reason) "
        "SELECT id, known_at, '', '', '', '' FROM documents WHERE superseded_by = ''"
    )
    op.add_column("judgements", sa.Column("other_id", sa.Text, nullable=False, server_default=""))
    op.create_index("ix_judgements_other_id", "judgements", ["other_id"])


def downgrade() -> None:
    """Take the tables away; lineage of documents can be found anew."""
    op.execute("DELETE FROM lineage WHERE place_id = ''")
    op.drop_index("ix_judgements_other_id", table_name="judgements")
    with op.batch_alter_table("judgements") as batch:
        batch.drop_column("other_id")
    op.drop_table("bands")
    op.drop_table("origins")
