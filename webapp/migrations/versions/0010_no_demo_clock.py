"""A demo's time lives in the simulator: a lookup keeps neither a speed nor how far its clock was moved by hand.

Revision: 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    # SQLite drops a column in place too; a batch would copy the table, and with it delete what refers to its rows.
    op.drop_column("lookup", "stepped")
    op.drop_column("lookup", "speed")


def downgrade() -> None:
    op.add_column("lookup", sa.Column("speed", sa.Double, nullable=False, server_default="1"))
    op.add_column("lookup", sa.Column("stepped", sa.Double, nullable=False, server_default="0"))
