"""Which browser a sign-in is of, for its person to tell one from another. The release before writes none.

Revision: 0019.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("browser", sa.String(40)))


def downgrade() -> None:
    op.drop_column("sign_in", "browser")
