"""Collects what one turn of a lookup asks Hum and stores it when the turn is over, however it ended. Never breaks the lookup."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from webapp.hum.calls import Call
from webapp.hum.listening import heard
from webapp.lookups.calls import CallStore, RecordedCall, Turn, TurnKind
from webapp.telemetry import log

Recording = Callable[[str, TurnKind], AbstractContextManager[None]]
"""Given a lookup's id: a context whose calls of Hum belong to that lookup."""

DAY = 86_400.0
PRUNE_EVERY = 60.0
PRUNE_AT_ONCE = 500


class CallLog:
    """The recorded calls of all lookups; `recording` goes to the lookup service. Hum's client must have `listen` for an observer.

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
    def recording(self, lookup_id: str, kind: TurnKind) -> Iterator[None]:
        """Records what is asked inside, and stores it in a transaction of its own afterwards."""
        if not self.kept_days:
            yield
            return
        started_at, started = self._clock(), self._monotonic()
        calls: list[Call] = []
        try:
            with heard() as calls:
                yield
        finally:
            if calls:
                self._keep(lookup_id, Turn(kind, started_at, round((self._monotonic() - started) * 1000)), calls)

    def of_lookup(self, lookup_id: str) -> tuple[RecordedCall, ...]:
        """All recorded calls of a lookup in order."""
        return self._store.of_lookup(lookup_id)

    def newest_headers(self) -> tuple[float, Mapping[str, str]] | None:
        """The headers of the newest answer of any lookup and when it came; all workers see the same."""
        return self._store.newest_headers()

    def prune(self) -> int:
        """Deletes every call that is older than `kept_days`; returns how many there were."""
        before = self._clock() - self.kept_days * DAY
        deleted = 0
        while count := self._store.prune(before, PRUNE_AT_ONCE):
            deleted += count
        return deleted

    def _keep(self, lookup_id: str, turn: Turn, calls: list[Call]) -> None:
        try:
            self._store.add(lookup_id, turn, calls)
            if turn.kind is TurnKind.START and self._clock() >= self._prune_at:
                self._prune_at = self._clock() + PRUNE_EVERY
                self._store.prune(self._clock() - self.kept_days * DAY, PRUNE_AT_ONCE)
        except Exception as error:
            # The lookup is stored already. The error's own text would quote the bodies, so only its kind is logged.
            log.warning("calls_not_recorded", kind=type(error).__name__)
