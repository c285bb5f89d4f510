"""Limits over all workers: lookups a minute for each browser and each network address, a fair share of Hum's limit, and
lookups a day.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from webapp.database import writing
from webapp.lookups.polling import NoQuota
from webapp.quotas.allowance import MINUTE, AllowanceStore
from webapp.quotas.schema import start_count_table
from webapp.telemetry import log
from webapp.upstream.limits import LONGEST_WAIT

EVERYBODY = "everybody"
"""Stands in the table, in place of a viewer, for all of them."""
CALLS_PER_VIEWER, CALLS_PER_NETWORK = 20, 60
"""Single calls a minute that people may make by hand, outside of lookups."""
LOOKUPS_WITHOUT_STATED_LIMIT = 20
"""Lookups a minute of a browser that is to have a fair share of Hum's limit, until Hum has stated one."""

KEPT_MINUTES = 2 * 24 * 60
"""Counts of before that are of no use to anybody; the count of a day stands at the minute in which it began."""

_starts = start_count_table.c
_INSERT: Mapping[str, Callable[[sa.Table], postgresql.Insert | sqlite.Insert]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


@dataclass(frozen=True, slots=True)
class QuotaLimits:
    """How many lookups may be begun; 0 for any number. With None `per_viewer` is a fair share of Hum's limit."""

    per_viewer: int | None
    per_address: int
    per_day: int
    per_site: int = 0
    """Of all frames in pages of one site together."""


class QuotaExceeded(Exception):
    """A limit is used up; `limit` names it for the log, and `wait` is in seconds.

    `per_day` is the limit when it is the daily one, `per_minute` Hum's limit of calls when that is what runs low.
    """

    def __init__(self, limit: str, wait: float, *, per_day: int = 0, per_minute: int = 0) -> None:
        super().__init__(f"{limit}: wait {wait:.0f} s")
        self.limit = limit
        self.wait = wait
        self.per_day = per_day
        self.per_minute = per_minute


class LookupQuota:
    """Counts before each start, in one transaction: what one limit refuses counts for no other. Viewers and network
    addresses are stored as keyed hashes only; a day ends at midnight in `zone`.

    Without `allowance` Hum's own limit is not shared out.
    """

    def __init__(
        self,
        engine: sa.Engine,
        limits: QuotaLimits,
        *,
        secret: bytes,
        zone: ZoneInfo,
        allowance: AllowanceStore | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._limits = limits
        self._allowance = allowance
        self._secret = secret
        self._zone = zone
        self._clock = clock

    def count(self, *, viewer: str, network: str, site: str = "", for_day_only: bool = False) -> None:
        """Counts a lookup, one in a frame also for the site that holds it, or raises QuotaExceeded."""
        now = self._clock()
        per_viewer = 0 if for_day_only else self._limit_of_a_viewer()
        today, tomorrow = self._day(now)
        with self._counting() as connection:
            if not for_day_only:
                self._count_in_minute(connection, viewer, network, per_viewer, now)
            if site:
                self._count_once(connection, "site", site, self._limits.per_site, now)
            if not count_start(connection, EVERYBODY, today, most=self._limits.per_day):
                raise QuotaExceeded("everybody, a day", tomorrow * MINUTE - now, per_day=self._limits.per_day)

    def count_window(self, *, viewer: str, network: str) -> None:
        """Counts another polling window of a lookup, or raises QuotaExceeded. It takes as many calls as a lookup, but
        does not count for the day.
        """
        per_viewer = self._limit_of_a_viewer()
        with self._counting() as connection:
            self._count_in_minute(connection, viewer, network, per_viewer, self._clock())

    def count_call(self, *, viewer: str, network: str) -> None:
        """Counts a single call that a person makes by hand, or raises QuotaExceeded."""
        now = self._clock()
        with self._counting() as connection:
            self._count_once(connection, "viewer's calls", viewer, CALLS_PER_VIEWER, now)
            self._count_once(connection, "network's calls", network, CALLS_PER_NETWORK, now)

    def forget_old(self) -> None:
        """Deletes what was counted two days ago and before."""
        oldest = int(self._clock() // MINUTE) - KEPT_MINUTES
        with writing(self._engine) as connection:
            connection.execute(sa.delete(start_count_table).where(_starts.minute < oldest))

    @contextmanager
    def _counting(self) -> Iterator[sa.Connection]:
        """A transaction whose refusal is told after it: the log may be slow, and others wait for the database."""
        try:
            with writing(self._engine) as connection:
                yield connection
        except QuotaExceeded as refusal:
            log.warning("limit_reached", limit=refusal.limit)
            raise

    def _count_in_minute(
        self, connection: sa.Connection, viewer: str, network: str, per_viewer: int, now: float
    ) -> None:
        self._count_once(connection, "viewer", viewer, per_viewer, now)
        self._take_fair_share(connection, viewer, now)
        self._count_once(connection, "address", network, self._limits.per_address, now)

    def _limit_of_a_viewer(self) -> int:
        if self._limits.per_viewer is not None:
            return self._limits.per_viewer
        is_shared_out = self._allowance is not None and self._allowance.stated_limit() > 0
        return 0 if is_shared_out else LOOKUPS_WITHOUT_STATED_LIMIT

    def _count_once(self, connection: sa.Connection, kind: str, name: str, limit: int, now: float) -> None:
        minute = int(now // MINUTE)
        if limit and not count_start(connection, self._key(kind, name), minute, most=limit):
            raise QuotaExceeded(f"{kind}, a minute", (minute + 1) * MINUTE - now)

    def _take_fair_share(self, connection: sa.Connection, viewer: str, now: float) -> None:
        if self._allowance is None:
            return
        full = self._allowance.start(connection, self._key("viewer", viewer), now)
        if full is not None:
            raise QuotaExceeded("fair share", min(full.reset_at - now, LONGEST_WAIT), per_minute=full.limit)

    def begun_today(self) -> int:
        """How many lookups have been started since midnight, by all viewers together."""
        today, _tomorrow = self._day(self._clock())
        since_midnight = sa.select(_starts.times).where(_starts.minute == today, _starts.who == EVERYBODY)
        with self._engine.connect() as connection:
            return int(connection.execute(since_midnight).scalar() or 0)

    def _day(self, now: float) -> tuple[int, int]:
        """The minutes (since the epoch) at which today began and tomorrow begins."""
        midnight = datetime.fromtimestamp(now, self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return int(midnight.timestamp() // MINUTE), int((midnight + timedelta(days=1)).timestamp() // MINUTE)

    def _key(self, kind: str, name: str) -> str:
        return hmac.new(self._secret, f"{kind}\0{name}".encode(), hashlib.sha256).hexdigest()[:32]


class SiteQuota(NoQuota):
    """Counts lookups of frames for the site that holds them, too, however many frames that has."""

    def __init__(self, quota: LookupQuota, site: str) -> None:
        self._quota = quota
        self._site = site

    def count(self, *, viewer: str, network: str) -> None:
        """Counts a lookup, or raises QuotaExceeded."""
        self._quota.count(viewer=viewer, network=network, site=self._site)


def count_start(connection: sa.Connection, who: str, minute: int, *, most: int) -> int:
    """Counts one more start of `who` in the minute (since the epoch) in which counting began, and says how many there
    are; 0 when there were `most` already, and this one was not counted. A `most` of 0 allows any number.
    """
    first = _INSERT[connection.dialect.name](start_count_table).values(minute=minute, who=who, times=1)
    counted = first.on_conflict_do_update(
        index_elements=[_starts.minute, _starts.who],
        set_={"times": _starts.times + 1},
        where=_starts.times < most if most else None,
    )
    return connection.execute(counted.returning(_starts.times)).scalar() or 0
