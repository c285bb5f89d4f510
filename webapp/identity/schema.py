"""The table of those who are signed in."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.database import metadata

sign_in_table = sa.Table(
    "sign_in",
    metadata,
    # The digest of what the browser's cookie holds: whoever reads the table can sign in as nobody.
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("viewer", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(255), nullable=False),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("roles", sa.String(64), nullable=False),
    # Some providers end their own sign-in only for whoever shows it.
    sa.Column("id_token", sa.Text, nullable=False),
    sa.Column("began_at", sa.Double, nullable=False),
    sa.Column("seen_at", sa.Double, nullable=False, index=True),
    sa.Column("ends_at", sa.Double, nullable=False),
    sa.Column("browser", sa.String(40)),
)
