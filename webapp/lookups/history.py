"""*Your lookups*: pages of the viewer's own lookups, found by words and outcome, and their deletion."""

from __future__ import annotations

import time
from collections.abc import Callable

from webapp.addresses.address import Address
from webapp.lookups.history_store import HistoryStore
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.listing import Cursor, Page, Search
from webapp.lookups.polling import SESSION_LIFE, LookupService
from webapp.lookups.retention import MOST_LOOKUPS, PAUSE_BETWEEN_BATCHES

PAGE_SIZE = 25
RECENT_LOOKUPS = 40
"""Lookups among which the last different addresses are sought: the same address is often asked again."""
MOST_CLOSED = 5
"""Sessions that `clear` closes at Hum, one call each; the person shall not wait for more, and the rest end there by
themselves.
"""


class History:
    """The list of a viewer's lookups. What is deleted is gone with its providers and share links; nothing of it is
    kept.
    """

    def __init__(
        self,
        store: HistoryStore,
        lookups: LookupService,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._lookups = lookups
        self._clock = clock
        self._sleep = sleep

    def page(self, viewer: str, search: Search, *, before: Cursor | None = None, after: Cursor | None = None) -> Page:
        """Up to 25 lookups older than `before`, or newer than `after`; the newest without either, or when nothing newer
        is left.
        """
        if after is not None:
            found = self._store.next_newer(viewer, search, PAGE_SIZE + 1, after=after)
            if len(found) > PAGE_SIZE:
                entries = tuple(reversed(found[:PAGE_SIZE]))
                return Page(entries, older=entries[-1].cursor, newer=entries[0].cursor)
            before = None
        found = self._store.newest(viewer, search, PAGE_SIZE + 1, before=before)
        entries = tuple(found[:PAGE_SIZE])
        older = entries[-1].cursor if len(found) > PAGE_SIZE else None
        newer = entries[0].cursor if entries and before is not None else None
        return Page(entries, older, newer)

    def recent_addresses(self, viewer: str, most: int = 8) -> tuple[Address, ...]:
        """The last different addresses of the viewer, as typed, newest first."""
        different: dict[str, Address] = {}
        for entry in self._store.newest(viewer, Search(), RECENT_LOOKUPS):
            different.setdefault(entry.address.one_line().casefold(), entry.address)
        return tuple(different.values())[:most]

    def count(self, viewer: str) -> int:
        """How many lookups the viewer's list holds."""
        return self._store.count(viewer)

    def delete(self, lookup: Lookup) -> None:
        """Deletes a lookup of its viewer; one that still runs is stopped first, so that Hum closes its session."""
        self._lookups.stop(lookup)
        self._store.delete(lookup.viewer, lookup.id)

    def clear(self, viewer: str) -> None:
        """Deletes all lookups of a viewer and closes the newest sessions that may still live. Those begun meanwhile
        stay.

        Some go in each transaction, so that nobody else waits long to write; a thousand take a quarter of a second.
        """
        now = self._clock()
        for lookup_id in self._store.unfinished(viewer, now - SESSION_LIFE, MOST_CLOSED):
            lookup = self._lookups.find(lookup_id, viewer)
            if lookup is not None:
                self._lookups.stop(lookup)
        while self._store.clear(viewer, now, MOST_LOOKUPS):
            self._sleep(PAUSE_BETWEEN_BATCHES)
