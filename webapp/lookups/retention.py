"""How long things are kept, and deleting what is older. Knows no web and no shell: a command, a timer or a worker may
run it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.database import writing
from webapp.lookups.recorded_calls import CallStore
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


DAY = 86_400.0
LINKS_KEPT_DAYS = 7
"""Days for which the page of links still lists one that has ended."""
COVERAGE_KEPT_DAYS = 7
"""Lists of who serves a state are good for a day; Hum renews them weekly."""
MOST_LOOKUPS, MOST_ROWS, MOST_BATCHES = 100, 500, 1
"""Deleted in one transaction. A lookup takes its provider list, links and late calls along, a batch up to 10,000
rows.
"""
PAUSE_BETWEEN_BATCHES = 0.02
"""Seconds between two transactions, in which SQLite lets another writer in."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows were deleted; calls and links that went with their lookup are not counted, nor are the rows of a
    batch.
    """

    lookups: int
    calls: int
    links: int
    coverage: int
    batches: int = 0


class Retention:
    """The use case of `flask prune`. A lookup that is still asked about is minutes old, and no setting keeps less than
    a day. `delete_batches` deletes old batches as the store here deletes lookups, `forget_starts` what was counted for
    limits that have ended.
    """

    def __init__(
        self,
        store: RetentionStore,
        calls: CallStore,
        *,
        lookups_kept_days: int,
        calls_kept_days: int,
        delete_batches: Callable[[float, int], int] | None = None,
        forget_starts: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._calls = calls
        self._delete_batches = delete_batches
        self._forget_starts = forget_starts
        self._lookups_kept = lookups_kept_days * DAY
        self._calls_kept = min(calls_kept_days, lookups_kept_days) * DAY
        self._clock = clock
        self._sleep = sleep

    def prune(self) -> Pruned:
        """Deletes everything that has been kept long enough. May be stopped at any moment, and run twice at once."""
        now = self._clock()
        # Calls first: they are the most, and those of old lookups would otherwise all go in the transactions of their
        # lookups.
        calls = self._all(self._calls.prune, now - self._calls_kept, MOST_ROWS)
        lookups = self._all(self._store.delete_lookups, now - self._lookups_kept, MOST_LOOKUPS)
        links = self._all(self._store.delete_links, now - LINKS_KEPT_DAYS * DAY, MOST_ROWS)
        coverage = self._store.delete_coverage(now - COVERAGE_KEPT_DAYS * DAY)
        batches = 0
        if self._delete_batches is not None:
            batches = self._all(self._delete_batches, now - self._lookups_kept, MOST_BATCHES)
        if self._forget_starts is not None:
            self._forget_starts()
        return Pruned(lookups, calls, links, coverage, batches)

    def _all(self, delete: Callable[[float, int], int], before: float, most: int) -> int:
        deleted = 0
        while count := delete(before, most):
            deleted += count
            self._sleep(PAUSE_BETWEEN_BATCHES)
        return deleted
