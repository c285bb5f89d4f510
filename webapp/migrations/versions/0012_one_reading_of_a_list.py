"""A list is read once, so a lookup neither counts unchanged answers nor keeps the wait before the last poll.

Revision: 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.drop_column("lookup", "unchanged")
    op.drop_column("lookup", "poll_interval")


def downgrade() -> None:
    op.add_column("lookup", sa.Column("unchanged", sa.Integer, nullable=False, server_default="0"))
    op.add_column("lookup", sa.Column("poll_interval", sa.Double, nullable=False, server_default="0"))
