"""Our own limit: so many lookups a minute for each browser and for each network address, counted for all workers together."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable

from webapp.quotas.store import StartStore

MINUTE = 60.0


class TooMany(Exception):
    """This browser or network address has begun as many lookups as a minute may hold; `wait` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"wait {wait:.0f} s")
        self.wait = wait


class Starts:
    """The use case: ask before each start. A limit of 0 is none. Network addresses are stored as keyed hashes only."""

    def __init__(
        self, store: StartStore, *, per_viewer: int, per_address: int, secret: bytes, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._limits = {"viewer": per_viewer, "address": per_address}
        self._secret = secret
        self._clock = clock

    def count(self, *, viewer: str, address: str) -> None:
        """Counts a start. Raises TooMany when it is one too many; a refused one counts too, so that hammering does not pay."""
        now = self._clock()
        minute = int(now // MINUTE)
        for kind, name in (("viewer", viewer), ("address", address)):
            limit = self._limits[kind]
            if limit and self._store.count(self._key(kind, name), minute) > limit:
                raise TooMany((minute + 1) * MINUTE - now)

    def _key(self, kind: str, name: str) -> str:
        return hmac.new(self._secret, f"{kind}\0{name}".encode(), hashlib.sha256).hexdigest()[:32]
