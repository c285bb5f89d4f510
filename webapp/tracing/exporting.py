"""Sends traces: the worker's duty. Any number of workers may do it at the same time; a conditional UPDATE decides who
sends which. HoneyHive may be away for a day, and nobody but `/status` notices.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from webapp.lookups.polling import POLL_LEASE, SESSION_LIFE
from webapp.lookups.recorded_calls import TurnKind
from webapp.telemetry import about_lookup, log
from webapp.tracing.client import HoneyHiveClient, TraceError
from webapp.tracing.store import Ages, DueTrace, TraceStore
from webapp.tracing.trace import ending_of, events_of, session_of

DROPPED_AFTER = 86_400.0
"""Seconds after a lookup's beginning at which its trace is given up."""
LEASE = 60.0
"""Seconds that sending one may take: above the deadlines of its calls."""
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
"""Seconds until the next attempt after HoneyHive failed for all, doubled each time."""
FIRST_RETRY, LONGEST_RETRY = 5.0, 900.0
"""Seconds until the next attempt for one trace, doubled each time."""
MOST_NOTED, MOST_AT_ONCE = 500, 50
LAST_CALLS = 15.0
"""Seconds in which the last calls of a web search, which end its session, are made and stored."""


def go_on() -> bool:
    """For callers that never have to end."""
    return False


class TraceExporter:
    """The use case of the duty. `clock` gives epoch seconds."""

    def __init__(self, store: TraceStore, client: HoneyHiveClient, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._client = client
        self._clock = clock
        self._version = _version()
        self._failures = 0
        self._pause_until = 0.0

    def export(self, must_end: Callable[[], bool] = go_on) -> int:
        """Sends what is to be sent, and stops when HoneyHive fails for all or `must_end`; how many were sent."""
        now = self._clock()
        ages = Ages(oldest=now - DROPPED_AFTER, ended=now - POLL_LEASE, silent=now - SESSION_LIFE)
        dropped = self._store.drop_old(ages, now)
        if dropped:
            log.warning("traces_dropped", traces=dropped)
        self._store.note_finished(ages, now, MOST_NOTED)
        if now < self._pause_until:
            return 0
        sent = 0
        for due in self._store.due(now, MOST_AT_ONCE):
            if must_end() or self._clock() < self._pause_until:
                break
            claimed = self._store.claim(due, self._clock() + LEASE)
            if claimed is None:
                continue
            with about_lookup(claimed.lookup_id):
                sent += self._send(claimed)
        return sent

    def note_again(self, lookup_id: str) -> None:
        """Sends a lookup again, soon, because a web search for it has ended."""
        now = self._clock()
        self._store.note_again(lookup_id, at=now + LAST_CALLS, oldest=now - DROPPED_AFTER)

    def _send(self, claimed: DueTrace) -> bool:
        lookup = self._store.lookup(claimed.lookup_id)
        if lookup is None:
            # A person deleted it, and its row with it.
            return False
        calls = self._store.calls(claimed.lookup_id)
        # A web search is one event, sent as a whole each time.
        new = [call for call in calls if call.id > claimed.last_call_id or call.turn == TurnKind.RESEARCH.value]
        try:
            self._client.start_session(session_of(lookup, self._version))
            unusable = self._client.add_events(lookup.session_id, events_of(lookup, new))
            self._client.end_session(lookup.session_id, ending_of(lookup, calls))
        except TraceError as error:
            self._failed(claimed, error)
            return False
        self._failures, self._pause_until = 0, 0.0
        newest = max((call.id for call in new), default=claimed.last_call_id)
        self._store.sent(claimed, polls=lookup.polls, last_call_id=newest, now=self._clock())
        if unusable:
            log.warning("trace_incomplete", events=unusable)
        return True

    def _failed(self, claimed: DueTrace, error: TraceError) -> None:
        now = self._clock()
        log.warning("trace_not_sent", cause=error.cause.value, status=error.status)
        retry_at = now + min(FIRST_RETRY * 2.0 ** min(claimed.failures, 10), LONGEST_RETRY)
        if error.concerns_all:
            pause = min(FIRST_PAUSE * 2.0 ** min(self._failures, 10), LONGEST_PAUSE)
            self._pause_until = now + max(pause, error.wait)
            self._failures += 1
        self._store.failed(claimed, error.cause.value, next_at=max(retry_at, self._pause_until))


def _version() -> str:
    try:
        return version("hum-isp-lookup")
    except PackageNotFoundError:
        return "checkout"
