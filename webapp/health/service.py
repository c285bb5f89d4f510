"""Pings Hum at most once a minute, however many people and workers want to know."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from webapp.health.store import Failure, HealthStore, Pinged
from webapp.hum.client import HumClient
from webapp.hum.errors import RateLimited

PING_EVERY = 60.0
EXPECTED_MS, WARNING_MS, CRITICAL_MS = 100, 500, 1000
"""Hum's own figures for its /ping: expected below, a warning above, critical above."""
FAILURES_SHOWN = 10
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Health:
    """What is known now. `pinged` is None while the very first ping is under way."""

    pinged: Pinged | None
    failures: tuple[Failure, ...]
    data_set: str | None


class HealthCheck:
    """What the status page shows."""

    def __init__(
        self, store: HealthStore, hum: HumClient, *, environment: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._hum = hum
        self._environment = environment
        self._clock = clock

    def now(self) -> Health:
        """What is known; pings Hum first if the last ping is over a minute old and no other request is doing so."""
        now = self._clock()
        if self._store.claim(self._environment, now, now + PING_EVERY):
            self._store.put(self._environment, self._ping(now))
        return Health(
            self._store.newest(self._environment),
            self._store.failures(now - DAY, FAILURES_SHOWN),
            self._store.data_set(self._environment),
        )

    def _ping(self, now: float) -> Pinged:
        try:
            ping = self._hum.ping().facts
        except RateLimited:
            # Busy is not down, and says nothing of the key.
            return Pinged(now, answers=True, key_accepted=None, milliseconds=None)
        if not ping.ok:
            return Pinged(now, answers=False, key_accepted=None, milliseconds=None)
        return Pinged(now, answers=True, key_accepted=ping.key_accepted, milliseconds=ping.milliseconds)
