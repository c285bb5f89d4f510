"""How often the address form may send requests: a bucket of tokens for each browser and each network.

Nothing is written to the database, because the form sends requests while a person types.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.quotas.token_buckets import Rate, TokenBuckets, network_of
from webapp.telemetry import log

CHARACTERS_PER_TOKEN = 500
MOST_TOKENS = 5
"""A request takes one token, and another for each 500 characters of pasted text, five at most: that is how its work
grows.
"""

PER_VIEWER = Rate(most=100, per_second=20)
"""The page asks at most once every 0.3 s while a person types, which is at most 17 tokens a second: typing alone never
reaches this limit.
"""
PER_NETWORK = Rate(most=600, per_second=60)
"""Sixty people at one office, all typing; a dozen of the longest pastes a second."""


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
            log.warning("limit_reached", limit="requests of the form")
            raise QuotaExceeded("requests of the form", wait)
