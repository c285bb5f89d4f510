"""What a lookup asked Hum and what came back, for the API console.

Revision: 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("lookup_id", sa.String(22), nullable=False),
        sa.Column("turn", sa.String(8), nullable=False),
        sa.Column("turn_started_at", sa.Double, nullable=False),
        sa.Column("turn_milliseconds", sa.Integer, nullable=False),
        sa.Column("operation", sa.String(16), nullable=False),
        sa.Column("method", sa.String(8), nullable=False),
        sa.Column("path", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("started_at", sa.Double, nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("request_headers", sa.Text, nullable=False),
        sa.Column("request_body", sa.Text),
        sa.Column("response_headers", sa.Text, nullable=False),
        sa.Column("response_body", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("error", sa.String(32)),
        sa.Column("cut", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["lookup_id"], ["lookup.id"], name="fk_call_lookup_id_lookup", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_call"),
    )
    op.create_index("ix_call_lookup_id", "call", ["lookup_id", "id"])
    op.create_index("ix_call_started_at", "call", ["started_at"])


def downgrade() -> None:
    op.drop_table("call")
