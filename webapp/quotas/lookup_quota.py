"""Limits over all workers: lookups a minute for each browser and each network address, a fair share of Hum's limit, and
lookups a day.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from webapp.database import writing
from webapp.quotas.allowance import MINUTE, AllowanceStore
from webapp.quotas.schema import start_count_table
from webapp.upstream.limits import LONGEST_WAIT

EVERYBODY = "everybody"
"""Stands in the table, in place of a viewer, for all of them."""
CALLS_PER_VIEWER, CALLS_PER_NETWORK = 20, 60
"""Single calls a minute that people may make by hand, outside of lookups."""
LOOKUPS_WITHOUT_STATED_LIMIT = 20
"""Lookups a minute of a browser that is to have a fair share of Hum's limit, until Hum has stated one."""

_starts = start_count_table.c


KEPT_MINUTES = 2 * 24 * 60
"""Counts of minutes before that are deleted; the count of a day stands at the minute in which it began."""


@dataclass(frozen=True, slots=True)
class QuotaLimits:
    """How many lookups may be begun; 0 for any number. With None `per_viewer` is a fair share of Hum's limit."""

    per_viewer: int | None
    per_address: int
    per_day: int


class QuotaExceeded(Exception):
    """A limit is used up; `wait` is in seconds.

    `per_day` is the limit when it is the daily one, `per_minute` Hum's limit of calls when that is what runs low.
    """

    def __init__(self, wait: float, *, per_day: int = 0, per_minute: int = 0) -> None:
        super().__init__(f"wait {wait:.0f} s")
        self.wait = wait
        self.per_day = per_day
        self.per_minute = per_minute


class LookupQuota:
    """Counts before each start. Viewers and network addresses are stored as keyed hashes only; a day ends at midnight
    in `zone`.

    Without `allowance` Hum's own limit is not shared out.
    """

    def __init__(
        self,
        store: StartStore,
        limits: QuotaLimits,
        *,
        secret: bytes,
        zone: ZoneInfo,
        allowance: AllowanceStore | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._limits = limits
        self._allowance = allowance
        self._secret = secret
        self._zone = zone
        self._clock = clock

    def count(self, *, viewer: str, network: str, for_day_only: bool = False) -> None:
        """Counts a lookup, or raises QuotaExceeded. A lookup that its minute refuses does not count for the day."""
        now = self._clock()
        if not for_day_only:
            self._count_in_minute(viewer, network, now)
        today, tomorrow = self._day(now)
        if not self._store.count(EVERYBODY, today, most=self._limits.per_day, forget_before=today):
            raise QuotaExceeded(tomorrow * MINUTE - now, per_day=self._limits.per_day)

    def count_window(self, *, viewer: str, network: str) -> None:
        """Counts another polling window of a lookup, or raises QuotaExceeded. It takes as many calls as a lookup, but
        does not count for the day.
        """
        self._count_in_minute(viewer, network, self._clock())

    def count_call(self, *, viewer: str, network: str) -> None:
        """Counts a single call that a person makes by hand, or raises QuotaExceeded."""
        now = self._clock()
        self._count_once("viewer's calls", viewer, CALLS_PER_VIEWER, now)
        self._count_once("network's calls", network, CALLS_PER_NETWORK, now)

    def _count_in_minute(self, viewer: str, network: str, now: float) -> None:
        self._count_once("viewer", viewer, self._limit_of_a_viewer(), now)
        self._take_fair_share(viewer, now)
        self._count_once("address", network, self._limits.per_address, now)

    def _limit_of_a_viewer(self) -> int:
        if self._limits.per_viewer is not None:
            return self._limits.per_viewer
        is_shared_out = self._allowance is not None and self._allowance.stated_limit() > 0
        return 0 if is_shared_out else LOOKUPS_WITHOUT_STATED_LIMIT

    def _count_once(self, kind: str, name: str, limit: int, now: float) -> None:
        minute = int(now // MINUTE)
        oldest = minute - KEPT_MINUTES
        if limit and not self._store.count(self._key(kind, name), minute, most=limit, forget_before=oldest):
            raise QuotaExceeded((minute + 1) * MINUTE - now)

    def _take_fair_share(self, viewer: str, now: float) -> None:
        if self._allowance is None:
            return
        full = self._allowance.start(self._key("viewer", viewer), now)
        if full is not None:
            raise QuotaExceeded(min(full.reset_at - now, LONGEST_WAIT), per_minute=full.limit)

    def begun_today(self) -> int:
        """How many lookups have been started since midnight, by all viewers together."""
        return self._store.counted(EVERYBODY, self._day(self._clock())[0])

    def _day(self, now: float) -> tuple[int, int]:
        """The minutes (since the epoch) at which today began and tomorrow begins."""
        midnight = datetime.fromtimestamp(now, self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return int(midnight.timestamp() // MINUTE), int((midnight + timedelta(days=1)).timestamp() // MINUTE)

    def _key(self, kind: str, name: str) -> str:
        return hmac.new(self._secret, f"{kind}\0{name}".encode(), hashlib.sha256).hexdigest()[:32]


class StartStore:
    """Counts starts by the minute (since the epoch) in which counting began."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def count(self, who: str, minute: int, *, most: int, forget_before: int) -> bool:
        """Counts one more start of `who`; False when there are `most` already (0: any number). Counts from before the
        minute `forget_before` are deleted.
        """
        own = _starts.minute == minute, _starts.who == who
        more = (
            sa.update(start_count_table)
            .where(*own, *([_starts.times < most] if most else []))
            .values(times=_starts.times + 1)
        )
        for _ in range(3):
            try:
                with writing(self._engine) as connection:
                    if connection.execute(more).rowcount:
                        return True
                    times = connection.execute(sa.select(_starts.times).where(*own)).scalar()
                    if times is not None and most and times >= most:
                        return False
                    if times is not None:
                        # Another worker has begun to count between the two statements.
                        continue
                    connection.execute(sa.insert(start_count_table).values(minute=minute, who=who, times=1))
                    connection.execute(sa.delete(start_count_table).where(_starts.minute < forget_before))
                    return True
            except sa.exc.IntegrityError:
                # Another worker was first to begin.
                continue
        return True

    def counted(self, who: str, minute: int) -> int:
        """How many starts of `who` were counted in this minute."""
        with self._engine.connect() as connection:
            counted = connection.execute(
                sa.select(_starts.times).where(_starts.minute == minute, _starts.who == who)
            ).scalar()
        return int(counted or 0)
