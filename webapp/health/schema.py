"""The table of pings: one row an environment, which is the newest answer and the lease for the next question at once."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.database import metadata

ping_table = sa.Table(
    "ping",
    metadata,
    sa.Column("environment", sa.String(16), primary_key=True),
    sa.Column("next_at", sa.Double, nullable=False),
    sa.Column("asked_at", sa.Double),
    sa.Column("answers", sa.Boolean),
    sa.Column("key_accepted", sa.Boolean),
    sa.Column("milliseconds", sa.Integer),
)
