"""Ends lookups that nobody watches any more, while Hum still knows what it has found: a closed tab loses no answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from webapp.lookups.lifecycle import Reason
from webapp.lookups.polling import SESSION_LIFE, LookupService
from webapp.lookups.store import LookupStore
from webapp.upstream.vendor_http import Priority

LEFT_AFTER = 10.0
"""Seconds after which a poll that nobody made shows that nobody is there: a page asks within three, and one without
JavaScript within three more.
"""
LEFT_AFTER_IN_A_DEMO = 600.0
"""In a demo a person may move the clock by hand, and think between two steps."""
MOST_AT_ONCE = 50


class UnwatchedLookups:
    """Takes one turn of asking for each, which is one call or two, as for a person at the end of a window."""

    def __init__(
        self,
        store: LookupStore,
        lookups: LookupService,
        *,
        environment: str,
        left_after: float = LEFT_AFTER,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._lookups = lookups
        self._environment = environment
        self._left_after = left_after
        self._clock = clock

    def finish(self) -> int:
        """Asks about those that there are now, and stops when the rate limit is all that is left to people; how many
        were asked about.
        """
        now = self._clock()
        left = self._store.left(
            self._environment,
            due_before=now - self._left_after,
            seen_after=now - SESSION_LIFE,
            most=MOST_AT_ONCE,
        )
        for asked, lookup in enumerate(left):
            after = self._lookups.refresh(lookup, priority=Priority.BATCH)
            if after.reason in (Reason.RATE_LIMITED, Reason.DOWN):
                return asked
        return len(left)
