"""Our own limits: lookups a minute for each browser and each network address, and a day for everybody together, over all workers."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from webapp.quotas.store import StartStore

MINUTE = 60.0
EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many lookups may be begun; 0 for any number."""

    per_viewer: int
    per_address: int
    per_day: int


class TooMany(Exception):
    """As many lookups as a limit allows have been begun; `wait` is in seconds. `per_day` is the limit when it is that of the day."""

    def __init__(self, wait: float, per_day: int = 0) -> None:
        super().__init__(f"wait {wait:.0f} s")
        self.wait = wait
        self.per_day = per_day


class Starts:
    """The use case: ask before each start. Network addresses are stored as keyed hashes only; a day ends at midnight in `zone`."""

    def __init__(self, store: StartStore, limits: Limits, *, secret: bytes, zone: ZoneInfo, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._limits = limits
        self._secret = secret
        self._zone = zone
        self._clock = clock

    def count(self, *, viewer: str, address: str) -> None:
        """Counts a start, or raises TooMany. What is refused for its minute does not count for the day."""
        now = self._clock()
        today, tomorrow = self._day(now)
        minute = int(now // MINUTE)
        for kind, name, limit in (("viewer", viewer, self._limits.per_viewer), ("address", address, self._limits.per_address)):
            if limit and not self._store.count(self._key(kind, name), minute, most=limit, forget_before=today):
                raise TooMany((minute + 1) * MINUTE - now)
        if not self._store.count(EVERYBODY, today, most=self._limits.per_day, forget_before=today):
            raise TooMany(tomorrow * MINUTE - now, self._limits.per_day)

    def begun_today(self) -> int:
        """Lookups that everybody together has begun since midnight."""
        return self._store.counted(EVERYBODY, self._day(self._clock())[0])

    def _day(self, now: float) -> tuple[int, int]:
        """The minutes (since the epoch) at which today began and tomorrow begins."""
        midnight = datetime.fromtimestamp(now, self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return int(midnight.timestamp() // MINUTE), int((midnight + timedelta(days=1)).timestamp() // MINUTE)

    def _key(self, kind: str, name: str) -> str:
        return hmac.new(self._secret, f"{kind}\0{name}".encode(), hashlib.sha256).hexdigest()[:32]
