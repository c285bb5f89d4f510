"""How often the address form may send requests: a token bucket for each browser and each network, kept in this process.

Nothing is written to the database, because the form sends requests while a person types: a write for each keystroke
would cost more than the reading that it limits. Each worker therefore counts for itself, and the limits hold for each
worker.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass

from webapp.quotas.lookup_quota import QuotaExceeded

CHARACTERS_PER_TOKEN = 500
MOST_TOKENS = 5
"""A request takes one token, and another for each 500 characters of pasted text, five at most: that is how its work
grows.
"""
MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Tokens that a bucket holds, and that come back in a second."""

    most: float
    per_second: float


PER_VIEWER = Rate(most=100, per_second=20)
"""The page asks at most once every 0.3 s while a person types, which is at most 17 tokens a second: typing alone never
reaches this limit.
"""
PER_NETWORK = Rate(most=600, per_second=60)
"""Sixty people at one office, all typing; a dozen of the longest pastes a second."""


class TokenBuckets:
    """A bucket of tokens for each key; those used longest ago are forgotten first. `clock` gives seconds."""

    def __init__(self, rate: Rate, clock: Callable[[], float], most_buckets: int = MOST_BUCKETS) -> None:
        self._rate = rate
        self._clock = clock
        self._most_buckets = most_buckets
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str, tokens: int) -> float:
        """Takes the tokens and returns 0; or takes none and returns the seconds until there are enough."""
        now = self._clock()
        left, at = self._buckets.pop(key, (self._rate.most, now))
        left = min(self._rate.most, left + max(0.0, now - at) * self._rate.per_second)
        wait = max(0.0, (tokens - left) / self._rate.per_second)
        if not wait:
            left -= tokens
        self._buckets[key] = (left, now)
        if len(self._buckets) > self._most_buckets:
            del self._buckets[next(iter(self._buckets))]
        return wait


class FormRequests:
    """Counts each request of the form before any work is done for it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._viewers = TokenBuckets(PER_VIEWER, clock)
        self._networks = TokenBuckets(PER_NETWORK, clock)

    def count(self, *, viewer: str, address: str, characters: int) -> None:
        """Counts a request with a pasted text of so many characters, or raises QuotaExceeded. `viewer` is empty for a
        browser that has no cookie yet.
        """
        tokens = min(1 + characters // CHARACTERS_PER_TOKEN, MOST_TOKENS)
        # The browser first: a request it is refused must not count against everyone else in its network.
        wait = 0.0
        if viewer:
            wait = self._viewers.take(viewer, tokens)
        if not wait:
            wait = self._networks.take(network_of(address), tokens)
        if wait:
            raise QuotaExceeded(wait)


def network_of(address: str) -> str:
    """The network of one subscriber: an IPv4 address, or the first 64 bits of an IPv6 address."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 6:
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)
