"""What the list of lookups shows and searches, links that share a lookup, and who serves a state at all.

Revision: 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# The rules as they stood when the column came; a migration must not change with the program.
_OUTCOME = """
UPDATE lookup SET outcome = CASE
  WHEN state IN ('created', 'geocoding', 'internet', 'plans') AND next_poll_at IS NOT NULL THEN NULL
  WHEN provider_count > 0 THEN 'served'
  WHEN reason = 'stopped' THEN 'stopped'
  WHEN state = 'expired' THEN 'expired'
  WHEN reason IS NOT NULL THEN 'refused'
  WHEN geocoding = 'failed' THEN 'not_recognised'
  WHEN geocoding = 'multiple' THEN 'ambiguous'
  WHEN state = 'done' THEN 'no_service'
  ELSE 'still_unknown' END
"""
_SEARCH_TEXT = """
UPDATE lookup SET search_text = lower(street1 || ' ' || coalesce(street2, '') || ' ' || coalesce(city, '') || ' ' ||
  coalesce(state_code, '') || ' ' || coalesce(zip, '') || ' ' || coalesce(matched_address, ''))
"""


def upgrade() -> None:
    op.add_column("lookup", sa.Column("lowest_price", sa.Integer))
    op.add_column("lookup", sa.Column("outcome", sa.String(16)))
    op.add_column("lookup", sa.Column("search_text", sa.Text, nullable=False, server_default=""))
    op.execute(_OUTCOME)
    op.execute(_SEARCH_TEXT)
    op.create_index("ix_lookup_viewer_created_at", "lookup", ["viewer", "created_at", "id"])
    op.create_index("ix_lookup_viewer_outcome", "lookup", ["viewer", "outcome", "created_at", "id"])
    op.create_table(
        "share",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("lookup_id", sa.String(22), nullable=False),
        sa.Column("viewer", sa.String(64), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("revoked_at", sa.Double),
        sa.ForeignKeyConstraint(["lookup_id"], ["lookup.id"], name="fk_share_lookup_id_lookup", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_share"),
    )
    op.create_index("ix_share_lookup_id", "share", ["lookup_id"])
    op.create_table(
        "coverage",
        sa.Column("state_code", sa.String(2), nullable=False),
        sa.Column("environment", sa.String(16), nullable=False),
        sa.Column("fetched_at", sa.Double, nullable=False),
        sa.Column("data_set", sa.Text),
        sa.Column("providers", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("state_code", "environment", name="pk_coverage"),
    )


def downgrade() -> None:
    op.drop_table("coverage")
    op.drop_table("share")
    op.drop_index("ix_lookup_viewer_outcome", "lookup")
    op.drop_index("ix_lookup_viewer_created_at", "lookup")
    for column in ("search_text", "outcome", "lowest_price"):
        op.drop_column("lookup", column)
