"""Collects what one turn of a lookup asks Hum and stores it when the turn is over, however it ended. Never breaks the
lookup.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from webapp.hum.listening import heard
from webapp.lookups.recorded_calls import CallStore, RecordedCall, Turn, TurnKind, call_rows
from webapp.telemetry import log
from webapp.upstream.call import Call


class Asked:
    """What a turn has asked Hum so far. `stored` is set by whoever has stored `rows`, so that they are stored once."""

    def __init__(self, lookup_id: str, turn: Callable[[], Turn]) -> None:
        self.calls: list[Call] = []
        self.stored = False
        self._lookup_id = lookup_id
        self._turn = turn

    def rows(self) -> list[dict[str, Any]]:
        """One for each call, for a transaction that writes more than them; none once they are stored."""
        return [] if self.stored or not self.calls else call_rows(self._lookup_id, self._turn(), self.calls)


Recording = Callable[[str, TurnKind], AbstractContextManager[Asked]]
"""Given a lookup's id: a context whose calls of Hum belong to that lookup."""


@contextmanager
def no_recording(lookup_id: str, kind: TurnKind) -> Iterator[Asked]:
    """For those who keep no calls."""
    yield Asked(lookup_id, lambda: Turn(kind, 0.0, 0))


DAY = 86_400.0
PRUNE_EVERY = 60.0
PRUNE_AT_ONCE = 500


class CallLog:
    """The recorded calls of all lookups; `recording` goes to the lookup service. Hum's client must have `listen` for an
    observer.

    Calls are kept for `kept_days`; 0 records nothing.
    """

    def __init__(
        self,
        store: CallStore,
        *,
        kept_days: int,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.kept_days = kept_days
        self._store = store
        self._clock = clock
        self._monotonic = monotonic
        self._prune_at = 0.0

    @contextmanager
    def recording(self, lookup_id: str, kind: TurnKind) -> Iterator[Asked]:
        """Records what is asked inside, and stores it in a transaction of its own afterwards unless that has been done
        by then.
        """
        if not self.kept_days:
            with no_recording(lookup_id, kind) as nothing:
                yield nothing
            return
        started_at, started = self._clock(), self._monotonic()
        asked = Asked(lookup_id, lambda: Turn(kind, started_at, round((self._monotonic() - started) * 1000)))
        try:
            with heard() as asked.calls:
                yield asked
        finally:
            self._keep(asked, kind)

    def of_lookup(self, lookup_id: str) -> tuple[RecordedCall, ...]:
        """All recorded calls of a lookup in order."""
        return self._store.of_lookup(lookup_id)

    def newest_headers(self) -> tuple[float, Mapping[str, str]] | None:
        """The headers of the newest answer of any lookup and when it came; all workers see the same."""
        return self._store.newest_headers()

    def _keep(self, asked: Asked, kind: TurnKind) -> None:
        try:
            if rows := asked.rows():
                self._store.add(rows)
            if kind is TurnKind.START and self._clock() >= self._prune_at:
                self._prune_at = self._clock() + PRUNE_EVERY
                self._store.prune(self._clock() - self.kept_days * DAY, PRUNE_AT_ONCE)
        except Exception as error:
            # The lookup is stored already. The error's own text would quote the bodies, so only its kind is logged.
            log.warning("calls_not_recorded", kind=type(error).__name__)
