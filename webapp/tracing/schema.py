"""The table of traces: what is to be sent, what was sent, what was given up."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.database import metadata

trace_table = sa.Table(
    "trace",
    metadata,
    # Whoever deletes a lookup also deletes what waits to be sent of it.
    sa.Column("lookup_id", sa.String(22), sa.ForeignKey("lookup.id", ondelete="CASCADE"), primary_key=True),
    # The lookup's counter of polls when it was sent last, -1 before: another one says that more has happened since.
    sa.Column("polls", sa.Integer, nullable=False),
    # The newest call that was sent; 0 for none.
    sa.Column("last_call_id", sa.Integer, nullable=False),
    # When to send it: schedule, lease and fence in one. None where nothing is to be sent.
    sa.Column("next_at", sa.Double, index=True),
    sa.Column("waiting_since", sa.Double, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("error", sa.String(32)),
    sa.Column("sent_at", sa.Double, index=True),
    sa.Column("dropped_at", sa.Double, index=True),
)
