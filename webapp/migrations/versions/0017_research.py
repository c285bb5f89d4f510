"""What the web says about a lookup's address.

Revision: 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "research",
        sa.Column("lookup_id", sa.String(22), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("session_id", sa.String(64)),
        sa.Column("slot", sa.Integer),
        sa.Column("begun_at", sa.Double, nullable=False),
        sa.Column("working_at", sa.Double),
        sa.Column("finished_at", sa.Double),
        sa.Column("next_poll_at", sa.Double),
        sa.Column("polls", sa.Integer, nullable=False),
        sa.Column("from_index", sa.Integer, nullable=False),
        sa.Column("forced_at", sa.Double),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("steps", sa.Integer, nullable=False),
        sa.Column("cost", sa.Double),
        sa.Column("answer", sa.Text),
        sa.PrimaryKeyConstraint("lookup_id", name="pk_research"),
        sa.ForeignKeyConstraint(["lookup_id"], ["lookup.id"], name="fk_research_lookup_id_lookup", ondelete="CASCADE"),
        sa.UniqueConstraint("slot", name="uq_research_slot"),
    )
    op.create_index("ix_research_next_poll_at", "research", ["next_poll_at"])


def downgrade() -> None:
    op.drop_table("research")
