"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _create_derivations() -> None:
    op.create_table(
        "derivations",
        sa.Column("place_id", sa.String(64), primary_key=True),
        sa.Column("version", sa.String(128), nullable=False),
    )


def _create_episodes() -> None:
    op.create_table(
        "episodes",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("place_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_episodes_place_id", "episodes", ["place_id"])


def _create_failures() -> None:
    op.create_table(
        "failures",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("where", sa.Text, nullable=False),
        sa.Column("failed_at", sa.String(32), nullable=False),
        sa.Column("settled", sa.Boolean, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_failures_where", "failures", ["where"])


def _create_judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("superseded_by", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_judgements_record_id", "judgements", ["record_id"])


def _create_lineage() -> None:
    op.create_table(
        "lineage",
        sa.Column("place_id", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("earlier_id", sa.String(64), nullable=False),
        sa.Column("later_id", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_lineage_earlier_id", "lineage", ["earlier_id"])
    op.create_index("ix_lineage_later_id", "lineage", ["later_id"])


def _create_originals() -> None:
    op.create_table(
        "originals",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )


def _create_places() -> None:
    op.create_table(
        "places",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_places_country", "places", ["country"])


def _create_spells() -> None:
    op.create_table(
        "spells",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("place_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("holder", sa.String(128), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_spells_place_id", "spells", ["place_id"])


def _create_captures() -> None:
    op.create_table(
        "captures",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("originals.sha256"), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("pointer", sa.Text, nullable=False),
        sa.Column("fetched_at", sa.String(32), nullable=False),
        sa.Column("superseded_by", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_captures_origin", "captures", ["origin"])
    op.create_index("ix_captures_sha256", "captures", ["sha256"])


def _create_place_names() -> None:
    op.create_table(
        "place_names",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("place_id", sa.String(64), sa.ForeignKey("places.id"), primary_key=True),
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("capture_id", sa.String(64), sa.ForeignKey("captures.id"), nullable=False),
        sa.Column("outlet", sa.Text, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("published_earliest", sa.String(10)),
        sa.Column("published_latest", sa.String(10)),
        sa.Column("known_at", sa.String(32), nullable=False),
        sa.Column("version", sa.String(128), nullable=False),
        sa.Column("superseded_by", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("sentences", sa.Text, nullable=False),
        sa.Column("mentions", sa.Text, nullable=False),
    )
    op.create_index("ix_documents_capture_id", "documents", ["capture_id"])
    op.create_index("ix_documents_known_at", "documents", ["known_at"])


def _create_progress() -> None:
    op.create_table(
        "progress",
        sa.Column("capture_id", sa.String(64), sa.ForeignKey("captures.id"), primary_key=True),
        sa.Column("stage", sa.String(32), primary_key=True),
        sa.Column("version", sa.String(128), primary_key=True),
    )


def _create_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("document_id", sa.String(64), sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("place_id", sa.String(64), nullable=False),
        sa.Column("relation", sa.String(16), nullable=False),
        sa.Column("modality", sa.String(16), nullable=False),
        sa.Column("known_at", sa.String(32), nullable=False),
        sa.Column("when_earliest", sa.String(10)),
        sa.Column("when_latest", sa.String(10)),
        sa.Column("superseded_by", sa.String(64), nullable=False),
        sa.Column("rejected", sa.Boolean, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_claims_document_id", "claims", ["document_id"])
    op.create_index("ix_claims_known_at", "claims", ["known_at"])
    op.create_index("ix_claims_place_id", "claims", ["place_id"])
    op.create_index("ix_claims_relation", "claims", ["relation"])
    op.create_index("ix_claims_when_earliest", "claims", ["when_earliest"])
    op.create_index("ix_claims_when_latest", "claims", ["when_latest"])


def _create_quantities() -> None:
    op.create_table(
        "quantities",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("document_id", sa.String(64), sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("superseded_by", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("ix_quantities_document_id", "quantities", ["document_id"])


def _create_claim_sources() -> None:
    op.create_table(
        "claim_sources",
        sa.Column("claim_id", sa.String(64), sa.ForeignKey("claims.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("source_id", sa.String(128), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("side", sa.String(128), nullable=False),
    )
    op.create_index("ix_claim_sources_source_id", "claim_sources", ["source_id"])


def upgrade() -> None:
    """Make every table of the archive."""
    _create_derivations()
    _create_episodes()
    _create_failures()
    _create_judgements()
    _create_lineage()
    _create_originals()
    _create_places()
    _create_spells()
    _create_captures()
    _create_place_names()
    _create_documents()
    _create_progress()
    _create_claims()
    _create_quantities()
    _create_claim_sources()


def downgrade() -> None:
    """Drop every table of the archive."""
    for name in (
        "claim_sources",
        "quantities",
        "claims",
        "progress",
        "documents",
        "place_names",
        "captures",
        "spells",
        "places",
        "originals",
        "lineage",
        "judgements",
        "failures",
        "episodes",
        "derivations",
    ):
        op.drop_table(name)
