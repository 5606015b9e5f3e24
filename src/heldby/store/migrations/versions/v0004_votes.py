"""What track records of voices are learned from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; it is filled when places are derived."""
    op.create_table(
        "votes",
        sa.Column("place_id", sa.String(64), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_votes_month", "votes", ["month"])


def downgrade() -> None:
    """Take the table away; it can be filled anew."""
    op.drop_table("votes")
