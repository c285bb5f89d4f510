"""Rows of share links. A link is found by its id alone, listed and revoked by its owner only."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa

from webapp.database import writing
from webapp.lookups.schema import share_table
from webapp.lookups.shares import Share


class ShareStore:
    """Reads and writes share links. Every write is one short transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, share: Share) -> None:
        """Stores a new link."""
        with writing(self._engine) as connection:
            connection.execute(sa.insert(share_table).values(asdict(share)))

    def get(self, share_id: str) -> Share | None:
        """The link of this id, whatever has become of it."""
        found = self._read(share_table.c.id == share_id)
        return found[0] if found else None

    def of_lookup(self, lookup_id: str, viewer: str) -> list[Share]:
        """The viewer's links to a lookup, newest first."""
        return self._read(share_table.c.lookup_id == lookup_id, share_table.c.viewer == viewer)

    def revoke(self, share_id: str, lookup_id: str, viewer: str, now: float) -> bool:
        """Ends a link at `now`; False when the viewer has no such link to this lookup. A second time changes
        nothing.
        """
        if "\0" in share_id:  # names nothing, and PostgreSQL refuses to look for it
            return False
        own = (share_table.c.id == share_id, share_table.c.lookup_id == lookup_id, share_table.c.viewer == viewer)
        first = sa.func.coalesce(share_table.c.revoked_at, now)
        with writing(self._engine) as connection:
            return bool(connection.execute(sa.update(share_table).where(*own).values(revoked_at=first)).rowcount)

    def _read(self, *conditions: sa.ColumnElement[bool]) -> list[Share]:
        statement = (
            sa.select(share_table).where(*conditions).order_by(share_table.c.created_at.desc(), share_table.c.id)
        )
        with self._engine.connect() as connection:
            return [Share(**row) for row in connection.execute(statement).mappings()]
