"""Finds old lookups without reading all of them, for `flask prune`.

Revision: 0006.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("ix_lookup_created_at", "lookup", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_lookup_created_at", "lookup")
