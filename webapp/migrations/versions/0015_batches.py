"""Batches and their rows; a lookup knows the batch that it belongs to.

Revision: 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("viewer", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("environment", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("pause_reason", sa.String(32)),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("started_at", sa.Double),
        sa.Column("finished_at", sa.Double),
        sa.Column("row_count", sa.Integer, nullable=False),
        sa.Column("header", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("above", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
    )
    op.create_index("ix_batch_viewer_created_at", "batch", ["viewer", "created_at", "id"])
    op.create_index("ix_batch_created_at", "batch", ["created_at"])
    op.create_index("ix_batch_state", "batch", ["state"])
    op.create_table(
        "batch_row",
        sa.Column("batch_id", sa.String(22), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("cells", sa.Text, nullable=False),
        sa.Column("street1", sa.String(200)),
        sa.Column("street2", sa.String(200)),
        sa.Column("city", sa.String(200)),
        sa.Column("state_code", sa.String(200)),
        sa.Column("zip", sa.String(200)),
        sa.Column("address_key", sa.String(16)),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("is_mended", sa.Boolean, nullable=False),
        sa.Column("duplicate_of", sa.Integer),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("lookup_id", sa.String(22)),
        sa.Column("outcome", sa.String(16)),
        sa.Column("error", sa.String(32)),
        sa.Column("begun_at", sa.Double),
        sa.Column("ended_at", sa.Double),
        sa.PrimaryKeyConstraint("batch_id", "position", name="pk_batch_row"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_batch_row_batch", ondelete="CASCADE"),
    )
    op.create_index("ix_batch_row_address", "batch_row", ["batch_id", "address_key"])
    op.create_index("ix_batch_row_state", "batch_row", ["batch_id", "state", "position"])
    op.add_column("lookup", sa.Column("batch_id", sa.String(22)))
    # The list of a person's own lookups leaves out those of their batches, which may be a hundred times as many.
    op.create_index("ix_lookup_viewer_batch", "lookup", ["viewer", "batch_id", "created_at", "id"])
    op.drop_index("ix_lookup_viewer_created_at", "lookup")


def downgrade() -> None:
    op.create_index("ix_lookup_viewer_created_at", "lookup", ["viewer", "created_at", "id"])
    op.drop_index("ix_lookup_viewer_batch", "lookup")
    op.drop_column("lookup", "batch_id")
    op.drop_table("batch_row")
    op.drop_table("batch")
