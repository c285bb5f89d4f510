"""What one process remembers: requests per key, calls per operation, closed and recently used tokens. All of it is
bounded and safe for threads.
"""

from __future__ import annotations

import math
import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass

INACTIVITY_SECONDS = 30 * 60
_MOST_KEYS = 1_000
_MOST_TOKENS = 20_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """Where a key stands after a request. `reset` is epoch seconds, rounded up, so that waiting until it is always
    enough.
    """

    limit: int
    remaining: int
    reset: int
    refused: bool

    def headers(self) -> dict[str, str]:
        """The three documented rate-limit headers."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }


class RateLimit:
    """A fixed window per key: it opens with the key's first request and closes `window` seconds later."""

    def __init__(self, limit: int, window: float) -> None:
        self._limit = limit
        self._window = window
        self._lock = threading.Lock()
        self._spent: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def spend(self, key: str, now: float) -> Allowance:
        """Count one request of `key` at `now` (epoch seconds)."""
        with self._lock:
            opened, used = self._spent.pop(key, (now, 0))
            if now >= opened + self._window:
                opened, used = now, 0
            self._spent[key] = (opened, used + 1)
            while len(self._spent) > _MOST_KEYS:
                self._spent.popitem(last=False)
        return Allowance(
            self._limit, max(0, self._limit - used - 1), math.ceil(opened + self._window), used >= self._limit
        )


class Calls:
    """Requests seen, by operation: create, status, internet, close, ping and so on. Refused ones count too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: Counter[str] = Counter()

    def add(self, operation: str) -> None:
        """Count one request."""
        with self._lock:
            self._seen[operation] += 1

    def counts(self) -> dict[str, int]:
        """How often each operation was asked for; operations never asked for are missing."""
        with self._lock:
            return dict(self._seen)

    def reset(self) -> None:
        """Start counting again."""
        with self._lock:
            self._seen.clear()


class Sessions:
    """The two things a token cannot hold: whether it was closed, and when it was last used. The 30 minutes of a
    forgotten token count from its creation.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_used: OrderedDict[str, float] = OrderedDict()
        self._closed: OrderedDict[str, None] = OrderedDict()

    def is_gone(self, token: str, born: float, now: float) -> bool:
        """Whether the token was closed here, or not used for 30 minutes."""
        with self._lock:
            return token in self._closed or now - max(born, self._last_used.get(token, born)) >= INACTIVITY_SECONDS

    def touch(self, token: str, now: float) -> None:
        """Note that the token was used: its 30 minutes begin again."""
        with self._lock:
            self._last_used[token] = now
            self._last_used.move_to_end(token)
            while len(self._last_used) > _MOST_TOKENS:
                self._last_used.popitem(last=False)

    def close(self, token: str) -> None:
        """End the token for this process."""
        with self._lock:
            self._last_used.pop(token, None)
            self._closed[token] = None
            while len(self._closed) > _MOST_TOKENS:
                self._closed.popitem(last=False)
