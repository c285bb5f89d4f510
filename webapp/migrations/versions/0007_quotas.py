"""What is left of Hum's rate limit, and how many lookups each viewer has begun in a minute.

Revision: 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "allowance",
        sa.Column("environment", sa.String(16), nullable=False),
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("remaining", sa.Integer, nullable=False),
        sa.Column("reset_at", sa.Double, nullable=False),
        sa.Column("assumed", sa.Boolean, nullable=False),
        sa.Column("pause_until", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("environment", name="pk_allowance"),
    )
    op.create_table(
        "start_count",
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("minute", "who", name="pk_start_count"),
    )


def downgrade() -> None:
    op.drop_table("start_count")
    op.drop_table("allowance")
