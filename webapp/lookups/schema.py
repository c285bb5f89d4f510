"""The tables of lookups: the lookup, its newest provider list, links that share it, what it asked Hum; and who serves a
state at all.
"""

from __future__ import annotations

import sqlalchemy as sa

from webapp.database import metadata

lookup_table = sa.Table(
    "lookup",
    metadata,
    sa.Column("id", sa.String(22), primary_key=True),
    sa.Column("viewer", sa.String(64), nullable=False),
    sa.Column("submit_key", sa.String(64), nullable=False),
    sa.Column("environment", sa.String(16), nullable=False),
    sa.Column("street1", sa.String(100), nullable=False),
    sa.Column("street2", sa.String(50)),
    sa.Column("city", sa.String(50)),
    sa.Column("state_code", sa.String(2)),
    sa.Column("zip", sa.String(10)),
    sa.Column("campaign_id", sa.String(100)),
    sa.Column("created_at", sa.Double, nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(16)),
    sa.Column("token", sa.String(128)),
    sa.Column("geocoding", sa.String(16)),
    sa.Column("internet", sa.String(16)),
    sa.Column("matched_address", sa.Text),
    sa.Column("latitude", sa.Double),
    sa.Column("longitude", sa.Double),
    sa.Column("warning", sa.Text),
    sa.Column("data_set", sa.Text),
    sa.Column("provider_count", sa.Integer, nullable=False),
    sa.Column("plan_count", sa.Integer, nullable=False),
    sa.Column("plans_missing", sa.Integer, nullable=False),
    sa.Column("left_out", sa.Integer, nullable=False),
    sa.Column("snapshot_digest", sa.String(64)),
    sa.Column("answered_at", sa.Double),
    sa.Column("geocoded_at", sa.Double),
    sa.Column("providers_at", sa.Double),
    sa.Column("finished_at", sa.Double),
    sa.Column("polls", sa.Integer, nullable=False),
    sa.Column("window_polls", sa.Integer, nullable=False),
    sa.Column("window_started_at", sa.Double, nullable=False),
    sa.Column("window_seconds", sa.Double, nullable=False),
    sa.Column("next_poll_at", sa.Double),
    sa.Column("claimed_at", sa.Double),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("dropped_unit", sa.String(50)),
    sa.Column("lowest_price", sa.Integer),
    sa.Column("left_at", sa.Double),
    # The batch that it is a row of; a person's own lookups have none.
    sa.Column("batch_id", sa.String(22)),
    # Both follow from the other columns and are written with every row, so that a list of lookups can filter and search
    # by them.
    sa.Column("outcome", sa.String(16)),
    sa.Column("search_text", sa.Text, nullable=False, server_default=""),
    # The submit key makes a double click one lookup, also across workers: the second insert fails and finds the first.
    sa.UniqueConstraint("viewer", "submit_key"),
    sa.Index("ix_lookup_viewer_batch", "viewer", "batch_id", "created_at", "id"),
    sa.Index("ix_lookup_viewer_outcome", "viewer", "outcome", "created_at", "id"),
)

snapshot_table = sa.Table(
    "snapshot",
    metadata,
    sa.Column("lookup_id", sa.String(22), sa.ForeignKey("lookup.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("taken_at", sa.Double, nullable=False),
    sa.Column("providers", sa.Text, nullable=False),
)

share_table = sa.Table(
    "share",
    metadata,
    sa.Column("id", sa.String(22), primary_key=True),
    sa.Column("lookup_id", sa.String(22), sa.ForeignKey("lookup.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("viewer", sa.String(64), nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("expires_at", sa.Double, nullable=False),
    sa.Column("revoked_at", sa.Double),
)

coverage_table = sa.Table(
    "coverage",
    metadata,
    sa.Column("state_code", sa.String(2), primary_key=True),
    sa.Column("environment", sa.String(16), primary_key=True),
    sa.Column("fetched_at", sa.Double, nullable=False),
    sa.Column("data_set", sa.Text),
    sa.Column("providers", sa.Text, nullable=False),
)

call_table = sa.Table(
    "call",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("lookup_id", sa.String(22), sa.ForeignKey("lookup.id", ondelete="CASCADE"), nullable=False),
    sa.Column("turn", sa.String(8), nullable=False),
    sa.Column("turn_started_at", sa.Double, nullable=False),
    sa.Column("turn_milliseconds", sa.Integer, nullable=False),
    sa.Column("operation", sa.String(16), nullable=False),
    sa.Column("method", sa.String(8), nullable=False),
    sa.Column("path", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("started_at", sa.Double, nullable=False, index=True),
    sa.Column("milliseconds", sa.Integer, nullable=False),
    sa.Column("request_headers", sa.Text, nullable=False),
    sa.Column("request_body", sa.Text),
    sa.Column("response_headers", sa.Text, nullable=False),
    sa.Column("response_body", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("error", sa.String(32)),
    sa.Column("cut", sa.Boolean, nullable=False),
    sa.Index("ix_call_lookup_id", "lookup_id", "id"),
)
