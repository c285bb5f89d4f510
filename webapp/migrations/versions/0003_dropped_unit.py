"""Which unit a lookup was made without, when a person chose to leave it out.

Revision: 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("lookup", sa.Column("dropped_unit", sa.String(50)))


def downgrade() -> None:
    op.drop_column("lookup", "dropped_unit")
