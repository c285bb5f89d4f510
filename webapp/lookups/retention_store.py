"""Deletes what is older than it may be kept, some rows a transaction, so that no poll waits long for it."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.database import writing
from webapp.lookups.schema import coverage_table, lookup_table, share_table


class RetentionStore:
    """Deletes old rows, the oldest first, at most `most` a call, which is one short transaction; returns how many there
    were.

    Two that run at once take turns: the slower one finds its rows gone. Calls have a store of their own, which does the
    same.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def delete_lookups(self, before: float, most: int) -> int:
        """Lookups that began before `before` (epoch seconds), each with its provider list, calls and links."""
        return self._delete(lookup_table.c.id, lookup_table.c.created_at, before, most)

    def delete_links(self, before: float, most: int) -> int:
        """Share links that ended, by themselves or by hand, before `before`."""
        ended_at = sa.case(
            (share_table.c.revoked_at < share_table.c.expires_at, share_table.c.revoked_at),
            else_=share_table.c.expires_at,
        )
        return self._delete(share_table.c.id, ended_at, before, most)

    def delete_coverage(self, before: float) -> int:
        """Lists of who serves a state that were fetched before `before`; there are never more than states."""
        with writing(self._engine) as connection:
            return connection.execute(sa.delete(coverage_table).where(coverage_table.c.fetched_at < before)).rowcount

    def _delete(self, key: sa.Column[str], age: sa.ColumnElement[float], before: float, most: int) -> int:
        oldest = sa.select(key).where(age < before).order_by(age).limit(most)
        with writing(self._engine) as connection:
            return connection.execute(sa.delete(key.table).where(key.in_(oldest))).rowcount
