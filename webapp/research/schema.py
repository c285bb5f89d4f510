"""The table of researches: at most one for each lookup."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.database import metadata

research_table = sa.Table(
    "research",
    metadata,
    sa.Column("lookup_id", sa.String(22), sa.ForeignKey("lookup.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(16)),
    sa.Column("session_id", sa.String(64)),
    # The place that the session holds at H, by our own count; the unique index is what keeps a third one out.
    sa.Column("slot", sa.Integer, unique=True),
    sa.Column("begun_at", sa.Double, nullable=False),
    sa.Column("working_at", sa.Double),
    sa.Column("finished_at", sa.Double),
    sa.Column("next_poll_at", sa.Double, index=True),
    sa.Column("polls", sa.Integer, nullable=False),
    sa.Column("from_index", sa.Integer, nullable=False),
    sa.Column("forced_at", sa.Double),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("steps", sa.Integer, nullable=False),
    sa.Column("cost", sa.Double),
    sa.Column("answer", sa.Text),
)
