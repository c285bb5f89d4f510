"""Whether lookups can be read and saved right now, for `/healthz`: known within a moment, however long the database
hangs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

BEAT_EVERY = 5.0
"""Seconds between two heartbeats of one process that were written; reading is tried each time."""
PATIENCE = 1.5
"""Seconds after which a database that has not answered counts as one that does not."""


class Database(Protocol):
    """What is tried; see `webapp.health.store.HealthStore`."""

    def is_available(self) -> bool:
        """Whether it can be read."""

    def beat(self) -> bool:
        """Whether something can be saved."""


@dataclass(slots=True)
class _Check:
    ended: threading.Event = field(default_factory=threading.Event)
    good: bool = False


class Availability:
    """Tries the database in a separate thread, at most one at a time, and waits at most `patience` seconds for it."""

    def __init__(
        self, database: Database, *, monotonic: Callable[[], float] = time.monotonic, patience: float = PATIENCE
    ) -> None:
        self._database = database
        self._monotonic = monotonic
        self._patience = patience
        self._lock = threading.Lock()
        self._running: _Check | None = None
        self._beat_at: float | None = None

    def now(self) -> bool:
        """True when the database answers and has recently saved something."""
        with self._lock:
            check = self._running
            if check is None:
                check = self._running = _Check()
                threading.Thread(target=self._try, args=(check,), name="availability", daemon=True).start()
        return check.ended.wait(self._patience) and check.good

    def _try(self, check: _Check) -> None:
        try:
            check.good = self._database.is_available() and self._has_saved()
        finally:
            with self._lock:
                self._running = None
            check.ended.set()

    def _has_saved(self) -> bool:
        now = self._monotonic()
        if self._beat_at is not None and now - self._beat_at < BEAT_EVERY:
            return True
        saved = self._database.beat()
        self._beat_at = now if saved else None
        return saved
