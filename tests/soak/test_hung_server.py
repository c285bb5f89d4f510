"""PostgreSQL hangs: every request has a timeout, and everything goes on by itself when it answers again.

The bounds are generous: without deadlines of our own each of these would wait as long as the server is stopped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.soak.own_server import own_server, stopped
from tests.soak.server import serving
from webapp.database import DatabaseUnavailable, Timeouts, open_engine

AT_ONCE = 5
"""Seconds for an answer that takes two, on a machine that is busy with other tests."""
IN_TIME = 40
SHORT = Timeouts(connect=2, lock=0.2, statement=0.5, pool=1.0)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with own_server() as own:
        yield own.url


def fails_in_time(act: Callable[[], object]) -> bool:
    """Whether something ends, and with the database's own error, while a test waits for it."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except DatabaseUnavailable as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(IN_TIME)
    return bool(failed)


def test_a_statement_under_way_is_given_up_and_its_connection_with_it(server: str) -> None:
    engine = open_engine(server, pool_size=1, waits=SHORT)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        with stopped(server):
            assert fails_in_time(lambda: connection.exec_driver_sql("SELECT 2"))
        assert connection.invalidated
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 3").scalar() == 3
    engine.dispose()


def test_a_connection_out_of_the_pool_is_not_waited_for_either(server: str) -> None:
    engine = open_engine(server, pool_size=1, waits=SHORT)
    engine.connect().close()
    with stopped(server):
        assert fails_in_time(engine.connect)
    engine.connect().close()
    engine.dispose()


def test_the_served_site_says_so_and_goes_on_afterwards(server: str, tmp_path: Path) -> None:
    with serving(tmp_path, DATABASE_URL=server, WEB_CONCURRENCY="1") as site:
        with requests.Session() as person:
            assert person.get(f"{site.url}/lookups", timeout=IN_TIME).status_code == 200
            with stopped(server):
                health = requests.get(f"{site.url}/healthz", timeout=AT_ONCE)
                assert (health.status_code, health.text) == (503, "degraded\n")
                assert person.get(f"{site.url}/", timeout=AT_ONCE).status_code == 200
                page = person.get(f"{site.url}/lookups", timeout=IN_TIME)
                assert page.status_code == 503
                assert "The database cannot be reached right now" in page.text
                assert requests.get(f"{site.url}/healthz", timeout=AT_ONCE).status_code == 503
            assert person.get(f"{site.url}/lookups", timeout=IN_TIME).status_code == 200
        deadline = time.monotonic() + IN_TIME
        while requests.get(f"{site.url}/healthz", timeout=AT_ONCE).status_code != 200:
            assert time.monotonic() < deadline, "it does not recover"
            time.sleep(0.2)
        assert "Traceback" not in site.said
