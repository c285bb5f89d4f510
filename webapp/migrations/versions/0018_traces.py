"""What is to be sent to a trace service, and what was sent.

Revision: 0018.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "trace",
        sa.Column("lookup_id", sa.String(22), nullable=False),
        sa.Column("polls", sa.Integer, nullable=False),
        sa.Column("last_call_id", sa.Integer, nullable=False),
        sa.Column("next_at", sa.Double),
        sa.Column("waiting_since", sa.Double, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("error", sa.String(32)),
        sa.Column("sent_at", sa.Double),
        sa.Column("dropped_at", sa.Double),
        sa.PrimaryKeyConstraint("lookup_id", name="pk_trace"),
        sa.ForeignKeyConstraint(["lookup_id"], ["lookup.id"], name="fk_trace_lookup_id_lookup", ondelete="CASCADE"),
    )
    for name in ("next_at", "sent_at", "dropped_at"):
        op.create_index(f"ix_trace_{name}", "trace", [name])


def downgrade() -> None:
    op.drop_table("trace")
