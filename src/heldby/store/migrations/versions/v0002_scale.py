"""What large archives need: look-ups that do not grow with what is done, revisions, and track records of voices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Indexes of the first schema that no question uses, or that a longer one takes the place of.
DROPPED = ("place_id", "relation", "when_earliest", "when_latest")


def _mark_what_is_read() -> None:
    op.add_column("captures", sa.Column("read_with", sa.String(128), nullable=False, server_default=""))
    op.execute(
        "UPDATE captures SET read_with = COALESCE("
        "(SELECT MAX(progress.version) FROM progress WHERE progress.capture_id = captures.id), '')"
    )
    op.create_index("ix_captures_waiting", "captures", ["superseded_by", "read_with", "fetched_at", "id"])


def _keep_versions() -> None:
    op.add_column("derivations", sa.Column("derived_with", sa.String(128), nullable=False, server_default=""))
    op.add_column("derivations", sa.Column("reread", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("UPDATE derivations SET derived_with = version")
    op.create_index("ix_derivations_version", "derivations", ["version"])
    op.create_table(
        "revisions",
        sa.Column("place_id", sa.String(64), primary_key=True),
        sa.Column("replaced_at", sa.String(32), primary_key=True),
        sa.Column("version", sa.String(128), nullable=False),
        sa.Column("replaced_by", sa.String(128), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_revisions_replaced_at", "revisions", ["replaced_at"])


def upgrade() -> None:
    """Add the tables, columns and indexes, and drop the indexes that they replace."""
    _mark_what_is_read()
    _keep_versions()
    op.create_table(
        "track_records",
        sa.Column("epoch", sa.String(7), primary_key=True),
        sa.Column("voice", sa.Text, primary_key=True),
        sa.Column("stance", sa.Text, primary_key=True),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_claims_place_known", "claims", ["place_id", "known_at", "superseded_by", "rejected"])
    for column in DROPPED:
        op.drop_index(f"ix_claims_{column}", table_name="claims")


def downgrade() -> None:
    """Go back to the first schema; revisions and track records are lost."""
    for column in DROPPED:
        op.create_index(f"ix_claims_{column}", "claims", [column])
    op.drop_index("ix_claims_place_known", table_name="claims")
    op.drop_table("track_records")
    op.drop_table("revisions")
    op.drop_index("ix_derivations_version", table_name="derivations")
    op.drop_index("ix_captures_waiting", table_name="captures")
    # Not by making the table anew, as Alembic does for SQLite: other tables refer to it.
    for table, column in (("derivations", "reread"), ("derivations", "derived_with"), ("captures", "read_with")):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
