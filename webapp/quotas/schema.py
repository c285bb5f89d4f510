"""The tables of quotas: what is left of Hum's rate limit, lookups begun in a minute or a day, and by whom in the last
minute.
"""

from __future__ import annotations

import sqlalchemy as sa

from webapp.database import metadata

allowance_table = sa.Table(
    "allowance",
    metadata,
    # Whose limit it is: one of Hum's environments, such as LIVE.
    sa.Column("environment", sa.String(16), primary_key=True),
    sa.Column("most", sa.Integer, nullable=False),
    sa.Column("remaining", sa.Integer, nullable=False),
    sa.Column("reset_at", sa.Double, nullable=False),
    # A window that began by our own clock, before an answer has told when it really ends.
    sa.Column("assumed", sa.Boolean, nullable=False),
    sa.Column("pause_until", sa.Double, nullable=False),
    # Answers 429 in a row that named no wait.
    sa.Column("refusals", sa.Integer, nullable=False, server_default="0"),
)

start_count_table = sa.Table(
    "start_count",
    metadata,
    # Since the epoch: the minute that is counted, or the one at which the day began.
    sa.Column("minute", sa.Integer, primary_key=True),
    sa.Column("who", sa.String(32), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
)

recent_start_table = sa.Table(
    "recent_start",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("environment", sa.String(16), nullable=False),
    sa.Column("who", sa.String(32), nullable=False),
    sa.Column("started_at", sa.Double, nullable=False),
)
