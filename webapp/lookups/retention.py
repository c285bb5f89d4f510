"""How long things are kept, and deleting what is older. Knows no web and no shell: a command, a timer or a worker may
run it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from webapp.lookups.recorded_calls import CallStore
from webapp.lookups.retention_store import RetentionStore

DAY = 86_400.0
LINKS_KEPT_DAYS = 7
"""Days for which the page of links still lists one that has ended."""
COVERAGE_KEPT_DAYS = 7
"""Lists of who serves a state are good for a day; Hum renews them weekly."""
MOST_LOOKUPS, MOST_ROWS = 100, 500
"""Deleted in one transaction. A lookup takes its provider list, links and late calls along."""
PAUSE_BETWEEN_BATCHES = 0.02
"""Seconds between two transactions, in which SQLite lets another writer in."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows were deleted; calls and links that went with their lookup are not counted."""

    lookups: int
    calls: int
    links: int
    coverage: int


class Retention:
    """The use case of `flask prune`. A lookup that is still asked about is minutes old, and no setting keeps less than
    a day.
    """

    def __init__(
        self,
        store: RetentionStore,
        calls: CallStore,
        *,
        lookups_kept_days: int,
        calls_kept_days: int,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._calls = calls
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
        return Pruned(lookups, calls, links, self._store.delete_coverage(now - COVERAGE_KEPT_DAYS * DAY))

    def _all(self, delete: Callable[[float, int], int], before: float, most: int) -> int:
        deleted = 0
        while count := delete(before, most):
            deleted += count
            self._sleep(PAUSE_BETWEEN_BATCHES)
        return deleted
