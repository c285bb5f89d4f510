"""The tables of batches: the batch, and its rows in the order of the sheet."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.database import metadata

batch_table = sa.Table(
    "batch",
    metadata,
    sa.Column("id", sa.String(22), primary_key=True),
    sa.Column("viewer", sa.String(64), nullable=False),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("environment", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("pause_reason", sa.String(32)),
    sa.Column("created_at", sa.Double, nullable=False, index=True),
    sa.Column("started_at", sa.Double),
    sa.Column("finished_at", sa.Double),
    sa.Column("row_count", sa.Integer, nullable=False),
    # JSON lists of texts: the names of the columns (none where the sheet has no header), what each column holds, and
    # the rows above the header.
    sa.Column("header", sa.Text, nullable=False),
    sa.Column("roles", sa.Text, nullable=False),
    sa.Column("above", sa.Text, nullable=False),
    sa.Index("ix_batch_viewer_created_at", "viewer", "created_at", "id"),
)

batch_row_table = sa.Table(
    "batch_row",
    metadata,
    sa.Column("batch_id", sa.String(22), sa.ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True),
    # Counted from 1 without empty rows; `line` is the number that a spreadsheet shows beside the row.
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("line", sa.Integer, nullable=False),
    # A JSON list of texts, as they came.
    sa.Column("cells", sa.Text, nullable=False),
    sa.Column("street1", sa.String(200)),
    sa.Column("street2", sa.String(200)),
    sa.Column("city", sa.String(200)),
    sa.Column("state_code", sa.String(200)),
    sa.Column("zip", sa.String(200)),
    # The same for rows of one address.
    sa.Column("address_key", sa.String(16)),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("is_mended", sa.Boolean, nullable=False),
    # The position of the row whose lookup answers this one too.
    sa.Column("duplicate_of", sa.Integer),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("lookup_id", sa.String(22)),
    sa.Column("outcome", sa.String(16)),
    sa.Column("error", sa.String(32)),
    sa.Column("begun_at", sa.Double),
    sa.Column("ended_at", sa.Double),
    sa.Index("ix_batch_row_address", "batch_id", "address_key"),
    sa.Index("ix_batch_row_state", "batch_id", "state", "position"),
)
