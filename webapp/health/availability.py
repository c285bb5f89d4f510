"""Whether lookups can be read and saved right now, and whether a worker is there, for `/healthz`: known within a
moment, however long the database hangs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

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


class Found(NamedTuple):
    """`saves`: the database answers and has recently saved something. `has_worker`: one was alive in the last minute;
    None where that is not known.
    """

    saves: bool
    has_worker: bool | None


_NOT_KNOWN = Found(saves=False, has_worker=None)


@dataclass(slots=True)
class _Check:
    ended: threading.Event = field(default_factory=threading.Event)
    found: Found = _NOT_KNOWN


class Availability:
    """Tries the database in a separate thread, at most one at a time, and waits at most `patience` seconds for it."""

    def __init__(
        self,
        database: Database,
        has_worker: Callable[[], bool | None],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
    ) -> None:
        self._database = database
        self._has_worker = has_worker
        self._monotonic = monotonic
        self._patience = patience
        self._lock = threading.Lock()
        self._running: _Check | None = None
        self._beat_at: float | None = None

    def now(self) -> Found:
        """What is known now; nothing good of a database that does not answer in time."""
        with self._lock:
            check = self._running
            if check is None:
                check = self._running = _Check()
                threading.Thread(target=self._try, args=(check,), name="availability", daemon=True).start()
        check.ended.wait(self._patience)
        return check.found

    def _try(self, check: _Check) -> None:
        try:
            saves = self._database.is_available() and self._has_saved()
            check.found = Found(saves, self._has_worker() if saves else None)
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
