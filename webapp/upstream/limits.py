"""How often and by how many at once a vendor may be asked: its rate limit, which all our workers share, the pause after
a 429, and the requests of one process that may ask at the same time.

A vendor counts by key, so the count that matters is one for all workers. It is kept by a `SharedAllowance` (a database
row), from which each call is taken before it is made.
"""

from __future__ import annotations

import email.utils
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Protocol

BACKGROUND_RESERVE = 0.2
"""Share of the limit that is left to people who wait for a lookup."""
LOOK_AGAIN = 1.0
"""Seconds between two looks at what other workers know, and at most between two reports to them unless the limit is
reached.
"""


FIRST_BACK_OFF = 4.0
"""Seconds of the longest first wait after a 429 that names none; each further one in a row doubles it."""


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
        """No call is made before `until`. A pause is never shortened."""

    def wait_of_a_batch(self, now: float) -> float:
        """The seconds that a call which nobody waits for would have to wait; 0 for none. Takes nothing."""

    def paused_until(self) -> float:
        """When the last pause ends or ended, in epoch seconds."""

    def back_off(self, now: float, wait_after: Callable[[int], float]) -> float | None:
        """Begins the pause after a 429 that names no wait, and gives its end in epoch seconds. `wait_after` gives its
        seconds from how many such answers came in a row. While a pause holds, its end is given and nothing is counted.
        None when there is no count.
        """

    def answered(self) -> None:
        """Begins to count anew: an answer came that was no 429."""


class RateLimiter:
    """What rate-limit headers last said, shared by all threads. What they say holds for at most 60 s, then we
    dare again.

    Without `binding` it only takes note: no call is held back. `chance` gives numbers from 0 to 1 that spread waits.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        shared: SharedAllowance | None = None,
        *,
        binding: bool = True,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._binding = binding
        self._chance = chance
        self._clock = clock
        self._shared = shared
        self._lock = threading.Lock()
        self.limit: int | None = None
        self.remaining: int | None = None
        self.reset_at: float | None = None
        self.pause_until = 0.0
        self._holds_until = 0.0
        self._look_again_at = self._report_again_at = self._unlimited_until = 0.0
        self._refusals = 0
        self._is_backing_off = False

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
        """No call is made before `until` (epoch seconds): the answer to a 429. A pause is never shortened."""
        with self._lock:
            self.pause_until = max(self.pause_until, until)
        if self._shared is not None:
            self._shared.pause(until)

    def back_off(self, now: float) -> float:
        """The seconds to wait after a 429 that names no wait: 2 to 4, then twice as long each time, at most 60. All
        workers count together, and answers to calls that were under way count once.
        """
        until = None
        if self._shared is not None:
            until = self._shared.back_off(now, self._wait_after)
        with self._lock:
            if until is None:
                until = self._back_off_alone(now)
            self._is_backing_off = True
            self.pause_until = max(self.pause_until, until)
            return min(max(self.pause_until - now, SHORTEST_WAIT), LONGEST_WAIT)

    def answered(self, now: float) -> None:
        """An answer came that was no 429. One that comes while a pause holds was asked for before, and tells nothing of
        now.
        """
        with self._lock:
            if not self._is_backing_off or now < self.pause_until:
                return
            self._is_backing_off = False
            self._refusals = 0
        if self._shared is not None:
            self._shared.answered()

    def _back_off_alone(self, now: float) -> float:
        if now < self.pause_until:
            return self.pause_until
        self._refusals = next_in_a_row(self._refusals, self.pause_until, now)
        return now + self._wait_after(self._refusals)

    def _wait_after(self, refusals: int) -> float:
        longest = min(FIRST_BACK_OFF * 2.0 ** min(refusals - 1, 10), LONGEST_WAIT)
        return longest / 2 * (1 + self._chance())

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
                paused_until = self._shared.paused_until()
                # Whichever worker is answered first after a pause ends the row of refusals for all.
                self._is_backing_off = self._is_backing_off or paused_until > self.pause_until
                self.pause_until = max(self.pause_until, paused_until)
            if now < self.pause_until:
                return self.pause_until - now
            if self._shared is None:
                return self._spend_own(now, interactive)
            return self._spend_shared(self._shared, now, interactive)

    def wait_of_a_batch(self) -> float:
        """The seconds that a call which nobody waits for would have to wait; 0 for none. Takes nothing: by the time of
        the call it may be otherwise.
        """
        if not self._binding or self._shared is None:
            return 0.0
        return self._shared.wait_of_a_batch(self._clock())

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


def next_in_a_row(refusals: int, paused_until: float, now: float) -> int:
    """How many 429s in a row it is with the one that comes now. Long after the last pause a row begins anew."""
    if now >= paused_until + LONGEST_WAIT:
        return 1
    return refusals + 1


# What rate-limit headers mean, in seconds and counts.

SHORTEST_WAIT, LONGEST_WAIT = 1.0, 60.0
FARTHEST_RESET = 3600.0

_NUMBER = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,6})?")


def stated_wait(headers: Mapping[str, str], now: float) -> float | None:
    """The wait a 429 asks for, in seconds from 1 to 60. `Retry-After` is honored, else `X-RateLimit-Reset` against our
    clock.

    None when the time is missing, unreadable, past or absurd (more than an hour away). `headers` must ignore case.
    """
    asked = _retry_after(headers.get("Retry-After"), now)
    if asked is None:
        asked = seconds_until_reset(headers, now)
    return None if asked is None else min(max(asked, SHORTEST_WAIT), LONGEST_WAIT)


def _retry_after(text: str | None, now: float) -> float | None:
    if text is None:
        return None
    text = text.strip()[:100]
    if _NUMBER.fullmatch(text):
        return float(text)
    try:
        wait = email.utils.parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return None
    return wait if wait > 0 else None


def seconds_until_reset(headers: Mapping[str, str], now: float) -> float | None:
    """What `X-RateLimit-Reset` says against our clock; None when it is missing, unreadable, past or absurd."""
    text = (headers.get("X-RateLimit-Reset") or "").strip()
    if not _NUMBER.fullmatch(text):
        return None
    wait = float(text) - now
    return wait if 0 < wait <= FARTHEST_RESET else None


def count_in(text: str | None) -> int | None:
    """The whole number of a rate-limit header; None when it is missing or unreadable."""
    stripped = (text or "").strip()
    return int(float(stripped)) if _NUMBER.fullmatch(stripped) else None


# How many may ask at once. Pages, static files and polls that are answered from storage do not count.


class AtCapacity(Exception):
    """Nothing was asked, because as many requests as may are asking."""


class Slot:
    """The right to ask, which `ConcurrencyLimit.acquire` gives for one piece of work. Whoever has one passes it on."""


class ConcurrencyLimit:
    """`count` slots for requests that ask. No request waits for one: a person who learns at once can press again."""

    def __init__(self, count: int) -> None:
        self._free = BoundedSemaphore(max(1, count))

    @contextmanager
    def acquire(self) -> Iterator[Slot]:
        """Holds a slot. Raises AtCapacity when all are taken."""
        if not self._free.acquire(blocking=False):
            raise AtCapacity
        try:
            yield Slot()
        finally:
            self._free.release()
