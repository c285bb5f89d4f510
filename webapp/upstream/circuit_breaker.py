"""The circuit breaker: while a vendor is down, calls are refused at once, and one at a time finds out if it is back.

There is a circuit for the vendor as a whole, opened by calls in a row that got no answer at all, and one for each
operation, opened when half of its calls fail. An open circuit refuses for 5 s, then lets one call through: its success
closes the circuit, its failure opens it again.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

IN_A_ROW = 5
"""Calls without any answer, one after the other, that open the circuit of the vendor as a whole."""
FEWEST_CALLS, FAILED_SHARE, OBSERVED = 10, 0.5, 20.0
"""An operation's circuit opens at this share of failures among so many calls in so many seconds."""
OPEN_FOR = 5.0
LONGEST_PROBE = 30.0
"""Seconds after which a probe that never told its end is given up: above every deadline of a call."""
NEWS_FOR = 30.0
"""Seconds for which a failure says something of now."""


class Admission(NamedTuple):
    """`wait` is how many seconds too early it is to call (0: call now); `is_probe` says that others wait for this
    call's end.
    """

    wait: float
    is_probe: bool = False


class _Circuit:
    def __init__(self) -> None:
        self.outcomes: deque[tuple[float, bool]] = deque(maxlen=1000)
        self.failures_in_a_row = 0
        self.opened_at: float | None = None
        self.probe_until = 0.0

    def admit(self, now: float) -> Admission:
        if self.opened_at is None:
            return Admission(0.0)
        if now < self.opened_at + OPEN_FOR:
            return Admission(self.opened_at + OPEN_FOR - now)
        if now < self.probe_until:
            return Admission(1.0)
        self.probe_until = now + LONGEST_PROBE
        return Admission(0.0, is_probe=True)

    def succeeded(self, now: float) -> None:
        if self.opened_at is not None:
            self.outcomes.clear()
        self.opened_at, self.probe_until, self.failures_in_a_row = None, 0.0, 0
        self.outcomes.append((now, True))

    def failed(self, now: float, *, opens: bool) -> None:
        self.outcomes.append((now, False))
        self.failures_in_a_row += 1
        if opens or self.opened_at is not None:
            self.opened_at, self.probe_until = now, 0.0

    def fails_often(self, now: float) -> bool:
        recent = [ok for at, ok in self.outcomes if at > now - OBSERVED]
        return len(recent) + 1 >= FEWEST_CALLS and recent.count(False) + 1 >= FAILED_SHARE * (len(recent) + 1)


class CircuitBreaker:
    """The circuits of one process; threads may share it. `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self._whole = _Circuit()
        self._operations: defaultdict[str, _Circuit] = defaultdict(_Circuit)

    def admit(self, operation: str) -> Admission:
        """Whether an operation may be called now. Whoever is let through says how it went: `answered`, `failed` or
        `unanswered`.
        """
        now = self._monotonic()
        with self._lock:
            whole = self._whole.admit(now)
            if whole.wait:
                return whole
            own = self._operations[operation].admit(now)
            return Admission(own.wait, whole.is_probe or own.is_probe)

    def answered(self, operation: str) -> None:
        """The vendor answered, with whatever but an error of its own."""
        now = self._monotonic()
        with self._lock:
            self._whole.succeeded(now)
            self._operations[operation].succeeded(now)

    def failed(self, operation: str) -> None:
        """The vendor answered with an error of its own (5xx)."""
        now = self._monotonic()
        with self._lock:
            self._whole.succeeded(now)
            self._count(operation, now)

    def unanswered(self, operation: str) -> None:
        """There was no answer: no connection, or none in time."""
        now = self._monotonic()
        with self._lock:
            self._whole.failed(now, opens=self._whole.failures_in_a_row + 1 >= IN_A_ROW)
            self._count(operation, now)

    def is_open(self, operation: str) -> bool:
        """Whether this operation would be refused, going by what has been seen in the last half minute."""
        now = self._monotonic()
        with self._lock:
            opened = (self._whole.opened_at, self._operations[operation].opened_at)
        return any(at is not None and now < at + NEWS_FOR for at in opened)

    def _count(self, operation: str, now: float) -> None:
        circuit = self._operations[operation]
        circuit.failed(now, opens=circuit.fails_often(now))
