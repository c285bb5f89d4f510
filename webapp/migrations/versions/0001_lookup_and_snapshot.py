"""Lookups and their newest provider list.

Revision: 0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "lookup",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("viewer", sa.String(64), nullable=False),
        sa.Column("submit_key", sa.String(64), nullable=False),
        sa.Column("environment", sa.String(16), nullable=False),
        sa.Column("street1", sa.String(100), nullable=False),
        sa.Column("street2", sa.String(50)),
        sa.Column("city", sa.String(50)),
        sa.Column("state_code", sa.String(2)),
        sa.Column("zip", sa.String(10)),
        sa.Column("campaign_id", sa.String(100)),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("token", sa.String(128)),
        sa.Column("geocoding", sa.String(16)),
        sa.Column("internet", sa.String(16)),
        sa.Column("matched_address", sa.Text),
        sa.Column("latitude", sa.Double),
        sa.Column("longitude", sa.Double),
        sa.Column("warning", sa.Text),
        sa.Column("data_set", sa.Text),
        sa.Column("provider_count", sa.Integer, nullable=False),
        sa.Column("plan_count", sa.Integer, nullable=False),
        sa.Column("plans_missing", sa.Integer, nullable=False),
        sa.Column("left_out", sa.Integer, nullable=False),
        sa.Column("snapshot_digest", sa.String(64)),
        sa.Column("answered_at", sa.Double),
        sa.Column("geocoded_at", sa.Double),
        sa.Column("providers_at", sa.Double),
        sa.Column("finished_at", sa.Double),
        sa.Column("polls", sa.Integer, nullable=False),
        sa.Column("window_polls", sa.Integer, nullable=False),
        sa.Column("window_started_at", sa.Double, nullable=False),
        sa.Column("window_seconds", sa.Double, nullable=False),
        sa.Column("poll_interval", sa.Double, nullable=False),
        sa.Column("next_poll_at", sa.Double),
        sa.Column("claimed_at", sa.Double),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("unchanged", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lookup"),
        sa.UniqueConstraint("viewer", "submit_key", name="uq_lookup_viewer"),
    )
    op.create_table(
        "snapshot",
        sa.Column("lookup_id", sa.String(22), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("taken_at", sa.Double, nullable=False),
        sa.Column("providers", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["lookup_id"], ["lookup.id"], name="fk_snapshot_lookup_id_lookup", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lookup_id", name="pk_snapshot"),
    )


def downgrade() -> None:
    op.drop_table("snapshot")
    op.drop_table("lookup")
