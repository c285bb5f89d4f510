"""Counting starts on both databases: however many come at once, no more than a limit allows, and what one limit refuses
counts for no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from tests.integration.web.clock import START, Clock
from webapp.database import open_engine, writing
from webapp.quotas.lookup_quota import LookupQuota, QuotaExceeded, QuotaLimits, SiteQuota, count_start

AT_ONCE = 8
MINUTE = 29_396_667


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(database_url, pool_size=AT_ONCE)
    yield engine
    engine.dispose()


def begin(engine: sa.Engine, times: int, *, most: int) -> list[int]:
    def count(_number: int) -> int:
        with writing(engine) as connection:
            return count_start(connection, "somebody", MINUTE, most=most)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(count, range(times)))


def test_no_more_than_the_limit_begin_however_many_come_at_once(engine: sa.Engine) -> None:
    assert sorted(begin(engine, 40, most=25)) == [0] * 15 + list(range(1, 26))


def test_without_a_limit_all_begin_and_all_are_counted(engine: sa.Engine) -> None:
    assert sorted(begin(engine, 40, most=0)) == list(range(1, 41))


def test_what_one_limit_refuses_counts_for_no_other(engine: sa.Engine) -> None:
    clock = Clock()
    limits = QuotaLimits(per_viewer=2, per_address=1, per_day=10)
    quota = LookupQuota(engine, limits, secret=b"s", zone=ZoneInfo("UTC"), clock=clock)
    quota.count(viewer="one", network="crowded")
    for _ in range(5):
        with pytest.raises(QuotaExceeded):
            quota.count(viewer="two", network="crowded")
    assert quota.begun_today() == 1
    for network in ("free", "open"):
        quota.count(viewer="two", network=network)
    with pytest.raises(QuotaExceeded):
        quota.count(viewer="two", network="third")


def test_many_people_who_come_at_once_wait_for_each_other_and_not_for_ever(engine: sa.Engine) -> None:
    """Their transactions take the same rows, always in the same order, also of those who begin a day."""
    limits = QuotaLimits(per_viewer=0, per_address=30, per_day=30)

    def quota_at(moment: float) -> LookupQuota:
        return LookupQuota(engine, limits, secret=b"s", zone=ZoneInfo("UTC"), clock=lambda: moment)

    before_midnight, after = quota_at(START), quota_at(START + 86_400)

    def count(number: int) -> None:
        quota = after if number >= 20 else before_midnight
        quota.count(viewer=str(number % 3), network=str(number % 2))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(count, range(40)))
    assert after.begun_today() == 20


def test_what_was_counted_two_days_ago_is_forgotten(engine: sa.Engine) -> None:
    limits = QuotaLimits(per_viewer=5, per_address=5, per_day=5)
    clock = Clock()
    quota = LookupQuota(engine, limits, secret=b"s", zone=ZoneInfo("UTC"), clock=clock)
    for day, rows in enumerate([3, 6, 8, 8]):
        clock.now = START + day * 86_400
        quota.count(viewer="one", network="net")
        quota.forget_old()
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM start_count").scalar() == rows, day


def test_a_site_s_frames_have_a_limit_together_and_a_refused_one_counts_for_none(engine: sa.Engine) -> None:
    limits = QuotaLimits(per_viewer=2, per_address=0, per_day=0, per_site=3)
    quota = SiteQuota(
        LookupQuota(engine, limits, secret=b"s", zone=ZoneInfo("UTC"), clock=Clock()), "https://intranet.example"
    )

    def may_begin(viewer: str) -> bool:
        try:
            quota.count(viewer=viewer, network="")
        except QuotaExceeded:
            return False
        return True

    assert [may_begin("one") for _ in range(8)] == [True] * 2 + [False] * 6
    assert may_begin("two"), "what was refused to one is left to others"
    assert not may_begin("three")
