"""The rate limit that all our workers share: what the vendor last said of it, who may still spend from it, and the
pause after a 429.

A vendor counts by key, so the count that matters is one for all workers. It is kept by a `SharedAllowance` (a database
row), from which each call is taken before it is made.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from webapp.upstream.rate_limit_headers import LONGEST_WAIT, SHORTEST_WAIT, count_in, seconds_until_reset

BACKGROUND_RESERVE = 0.2
"""Share of the limit that is left to people who wait for a lookup."""
LOOK_AGAIN = 1.0
"""Seconds between two looks at what other workers know, and at most between two reports to them unless the limit is
reached.
"""


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether a call was taken. A new window begins at `until` (epoch seconds)."""

    taken: bool
    until: float


class SharedAllowance(Protocol):
    """The count that all workers share. None of its methods raises: without it each worker goes by what it hears
    itself.
    """

    def take(self, now: float, *, interactive: bool) -> Grant | None:
        """Takes one call; None when no limit is known."""

    def heard(self, limit: int, remaining: int, reset_at: float, now: float) -> None:
        """Takes note of what an answer said."""

    def pause(self, until: float) -> None:
        """Nobody asks before `until`. A pause is never shortened."""

    def paused_until(self) -> float:
        """When the last pause ends or ended, in epoch seconds."""


class RateLimiter:
    """What rate-limit headers last said, shared by all threads. What they say holds for at most 60 s, then we
    dare again.

    Without `binding` it only takes note: no call is held back.
    """

    def __init__(
        self, clock: Callable[[], float] = time.time, shared: SharedAllowance | None = None, *, binding: bool = True
    ) -> None:
        self._binding = binding
        self._clock = clock
        self._shared = shared
        self._lock = threading.Lock()
        self.limit: int | None = None
        self.remaining: int | None = None
        self.reset_at: float | None = None
        self.pause_until = 0.0
        self._holds_until = 0.0
        self._look_again_at = self._report_again_at = self._unlimited_until = 0.0

    def update(self, headers: Mapping[str, str], now: float) -> None:
        """Takes note of an answer's headers; those that are missing or unreadable change nothing."""
        limit, remaining = (count_in(headers.get(f"X-RateLimit-{name}")) for name in ("Limit", "Remaining"))
        until_reset = seconds_until_reset(headers, now)
        with self._lock:
            if limit is not None:
                self.limit = limit
            if until_reset is not None:
                self.reset_at = now + until_reset
            if remaining is not None:
                self.remaining = remaining
                self._holds_until = now + min(until_reset or LONGEST_WAIT, LONGEST_WAIT)
            news = self._shared is not None and remaining is not None and self.limit is not None
            if not news or not (remaining == 0 or now >= self._report_again_at):
                return
            self._report_again_at = now + LOOK_AGAIN
        if self._shared is not None and remaining is not None and self.limit is not None:
            self._shared.heard(self.limit, remaining, self._holds_until, now)
            self._unlimited_until = 0.0

    def pause(self, until: float) -> None:
        """Nobody asks before `until` (epoch seconds): the answer to a 429. A pause is never shortened."""
        with self._lock:
            self.pause_until = max(self.pause_until, until)
        if self._shared is not None:
            self._shared.pause(until)

    def spend(self, *, interactive: bool) -> float:
        """0 when a call may be made now, which counts it, else the seconds to wait.

        A waiting person may use the last call; everything else leaves a fifth untouched.
        """
        if not self._binding:
            return 0.0
        now = self._clock()
        with self._lock:
            if self._shared is not None and now >= self._look_again_at:
                self._look_again_at = now + LOOK_AGAIN
                self.pause_until = max(self.pause_until, self._shared.paused_until())
            if now < self.pause_until:
                return self.pause_until - now
            if self._shared is None:
                return self._spend_own(now, interactive)
            return self._spend_shared(self._shared, now, interactive)

    def _spend_own(self, now: float, interactive: bool) -> float:
        if self.remaining is None or now >= self._holds_until:
            return 0.0
        reserve = 0.0 if interactive else BACKGROUND_RESERVE * (self.limit or 0)
        if self.remaining <= reserve:
            return max(self._holds_until - now, SHORTEST_WAIT)
        self.remaining -= 1
        return 0.0

    def _spend_shared(self, shared: SharedAllowance, now: float, interactive: bool) -> float:
        if now < self._unlimited_until:
            return 0.0
        grant = shared.take(now, interactive=interactive)
        if grant is None:
            self._unlimited_until = now + LOOK_AGAIN
            return 0.0
        if not grant.taken:
            return min(max(grant.until - now, SHORTEST_WAIT), LONGEST_WAIT)
        return 0.0
