"""The outcome `not_recognised` takes its American spelling.

Revision: 0011.
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("UPDATE lookup SET outcome = 'not_recognized' WHERE outcome = 'not_recognised'")


def downgrade() -> None:
    op.execute("UPDATE lookup SET outcome = 'not_recognised' WHERE outcome = 'not_recognized'")
