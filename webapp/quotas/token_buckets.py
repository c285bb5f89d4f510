"""Token buckets, kept in this process, for requests where a write to the database would cost more than the work that is
limited. Each worker counts for itself, and the limits hold for each worker.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Tokens that a bucket holds, and that come back in a second."""

    most: float
    per_second: float


class TokenBuckets:
    """A bucket of tokens for each key; those used longest ago are forgotten first. `clock` gives seconds."""

    def __init__(self, rate: Rate, clock: Callable[[], float], most_buckets: int = MOST_BUCKETS) -> None:
        self._rate = rate
        self._clock = clock
        self._most_buckets = most_buckets
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def take(self, key: str, tokens: int) -> float:
        """Takes the tokens and returns 0; or takes none and returns the seconds until there are enough."""
        now = self._clock()
        with self._lock:
            left, at = self._buckets.pop(key, (self._rate.most, now))
            left = min(self._rate.most, left + max(0.0, now - at) * self._rate.per_second)
            wait = max(0.0, (tokens - left) / self._rate.per_second)
            if not wait:
                left -= tokens
            self._buckets[key] = (left, now)
            if len(self._buckets) > self._most_buckets:
                del self._buckets[next(iter(self._buckets))]
        return wait


def network_of(address: str) -> str:
    """The network of one subscriber: an IPv4 address, or the first 64 bits of an IPv6 address."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 6:
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)
