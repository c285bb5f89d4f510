"""The tables of health: pings, one row per environment, which holds both the newest answer and the lease for the next
ping; heartbeats, which try whether the database takes writes; and the workers that were alive lately.
"""

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

heartbeat_table = sa.Table(
    "heartbeat",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("filler", sa.Text, nullable=False),
)
"""Rows that are deleted in the transaction which adds them."""

worker_table = sa.Table(
    "workers",
    metadata,
    # A worker process; a new one each time that it starts.
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("seen_at", sa.Double, nullable=False),
)
