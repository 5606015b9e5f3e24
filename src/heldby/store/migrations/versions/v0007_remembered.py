"""What must be known of a place's claims so that new ones can be related to them without opening them all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("remembered", "weighed")


def upgrade() -> None:
    """Add the tables; each place is derived once as a whole before reports add to it."""
    for name in TABLES:
        op.create_table(
            name,
            sa.Column("place_id", sa.String(64), primary_key=True),
            sa.Column("payload", sa.LargeBinary, nullable=False),
        )


def downgrade() -> None:
    """Open all claims of a place for each new one again."""
    for name in TABLES:
        op.drop_table(name)
