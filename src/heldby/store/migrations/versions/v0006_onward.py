"""Up to when what was found at a place still holds, so that later reports only add to it, and its claims at hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table; each place is derived once as a whole before reports add to it."""
    op.add_column("derivations", sa.Column("found_to", sa.String(32), nullable=False, server_default=""))
    op.create_table(
        "gathered",
        sa.Column("place_id", sa.String(64), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """Derive every place as a whole again."""
    op.drop_table("gathered")
    with op.batch_alter_table("derivations") as batch:
        batch.drop_column("found_to")
