"""How fast a demo lookup's clock runs, and how far it was moved by hand; when Hum was last pinged.

Revision: 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("lookup", sa.Column("speed", sa.Double, nullable=False, server_default="1"))
    op.add_column("lookup", sa.Column("stepped", sa.Double, nullable=False, server_default="0"))
    op.create_table(
        "ping",
        sa.Column("environment", sa.String(16), nullable=False),
        sa.Column("next_at", sa.Double, nullable=False),
        sa.Column("asked_at", sa.Double),
        sa.Column("answers", sa.Boolean),
        sa.Column("key_accepted", sa.Boolean),
        sa.Column("milliseconds", sa.Integer),
        sa.PrimaryKeyConstraint("environment", name="pk_ping"),
    )


def downgrade() -> None:
    op.drop_table("ping")
    op.drop_column("lookup", "stepped")
    op.drop_column("lookup", "speed")
