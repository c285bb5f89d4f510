"""Counting starts on both databases: however many come at once, no more than a limit allows."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from webapp.database import open_engine
from webapp.quotas.lookup_quota import StartStore

AT_ONCE = 8
MINUTE = 29_396_667


@pytest.fixture
def starts(database_url: str) -> Iterator[StartStore]:
    engine = open_engine(database_url, pool_size=AT_ONCE)
    yield StartStore(engine)
    engine.dispose()


def begin(starts: StartStore, times: int, *, most: int, minute: int = MINUTE) -> list[bool]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda _: starts.count("somebody", minute, most=most, forget_before=MINUTE), range(times)))


def test_no_more_than_the_limit_begin_however_many_come_at_once(starts: StartStore) -> None:
    assert sum(begin(starts, 40, most=25)) == 25
    assert starts.counted("somebody", MINUTE) == 25
    assert starts.counted("somebody else", MINUTE) == 0


def test_without_a_limit_all_begin_and_all_are_counted(starts: StartStore) -> None:
    assert all(begin(starts, 40, most=0))
    assert starts.counted("somebody", MINUTE) == 40


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("most", "may"), [(0, True), (2, True), (1, False)])
def test_another_worker_that_begins_to_count_at_the_same_moment_takes_no_place(
    database_url: str, most: int, may: bool
) -> None:
    engine = open_engine(database_url)
    starts, who = StartStore(engine), f"at most {most}"
    to_come = ["the other worker"]

    def come_between(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE start_count") and to_come:
            to_come.clear()
            assert starts.count(who, MINUTE, most=most, forget_before=MINUTE)

    sa.event.listen(engine, "after_cursor_execute", come_between)
    assert starts.count(who, MINUTE, most=most, forget_before=MINUTE) is may
    assert starts.counted(who, MINUTE) == 1 + may
    engine.dispose()


def test_what_is_older_is_forgotten(starts: StartStore) -> None:
    begin(starts, 2, most=0, minute=MINUTE - 1)
    begin(starts, 1, most=0)
    assert starts.counted("somebody", MINUTE - 1) == 0
