"""429s in a row that named no wait are counted by all workers together; a lookup knows since when nobody watched it.

Revision: 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("allowance", sa.Column("refusals", sa.Integer, nullable=False, server_default="0"))
    op.add_column("lookup", sa.Column("left_at", sa.Double))


def downgrade() -> None:
    op.drop_column("lookup", "left_at")
    op.drop_column("allowance", "refusals")
