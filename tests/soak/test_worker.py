"""Workers as processes: they end quietly, are killed without losing or repeating anything, keep to Hum's limit, and let
people go first.

What happened is printed: `pytest tests/soak -o log_cli=true --log-cli-level=info`. KILL_ROUNDS sets how often the web
server and the worker are killed.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import migrated
from tests.integration.web.site import serve
from tests.soak.limited_hum import LimitedHum
from tests.soak.own_server import migrated_server
from tests.soak.server import serving
from tests.soak.worker_processes import OLDER_RELEASE, RunningBatch, Workers, until, workers_on
from webapp.addresses.address import Address
from webapp.batches.batch import BatchState
from webapp.batches.running import BEGUN_AT_ONCE
from webapp.lookups.lifecycle import Outcome, Reason
from webapp.lookups.polling import Request
from webapp.services import Services, build_services
from webapp.settings import load
from webapp.worker.engine import CONNECTIONS

pytestmark = [pytest.mark.soak, pytest.mark.long, pytest.mark.slow("it waits for workers that are killed")]

SIZE = 200
TAKEN_OVER_WITHIN = 60.0
SERVED = ("done", "served", None)
UNCERTAIN = ("failed", "refused", "uncertain")
log = logging.getLogger(__name__)


def settings_for(hum: str, database_url: str) -> dict[str, str]:
    return {"HUM_API_URL": hum, "HUM_API_KEY": "key", "DATABASE_URL": database_url, "POLL_INTERVAL": "0.5"}


@pytest.fixture
def plentiful() -> Iterator[tuple[LimitedHum, str]]:
    """A Hum that feeds 50 rows at once, and takes its time, so that there is a middle to be killed in."""
    hum = LimitedHum(600, 5.0, latency=0.3, speed=4)
    with serve(hum) as url:  # type: ignore[arg-type]
        yield hum, url


@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_quietly_and_leaves_its_rows_to_others(wish: signal.Signals, tmp_path: Path) -> None:
    with workers_on(tmp_path) as workers:
        worker = workers.start()
        worker.wait_until_it_works()
        batch = RunningBatch(f"sqlite:///{tmp_path / 'lookups.sqlite3'}", 10, "DEMO")
        until(lambda: batch.store.looking("DEMO"), "no row is begun")
        assert worker.end(wish) == 0
        assert "Traceback" not in worker.said
        assert batch.heartbeats.is_worker_alive() is False
        workers.start()
        until(lambda: batch.state is BatchState.FINISHED, "the next worker does not go on")
    assert batch.ends() == {SERVED: 10}
    batch.close()


def test_what_is_wrong_with_its_settings_is_said_in_one_message(tmp_path: Path) -> None:
    with workers_on(tmp_path, POLL_INTERVAL="often", DATABASE_URL="mysql://") as workers:
        worker = workers.start()
        assert worker.process.wait(60) == 1
    assert worker.said.startswith("The settings cannot be used:\n")
    assert worker.said.count("\n") == 3


def test_tables_of_its_own_that_it_may_not_change_are_said(tmp_path: Path) -> None:
    (tmp_path / "worker.sqlite3").mkdir()
    with workers_on(tmp_path) as workers:
        worker = workers.start()
        assert worker.process.wait(60) == 1
    *_, last = worker.said.strip().splitlines()
    assert last.startswith("The worker's own tables cannot be used")
    assert "Traceback" not in worker.said
    with closing(sqlite3.connect(tmp_path / "lookups.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM workers").fetchone() == (0,), "it is not said to be alive"


@dataclass(frozen=True, slots=True)
class Database:
    """One to be used while its server is started anew; a SQLite file has none."""

    url: str
    restart: Callable[[str], None]

    @property
    def kind(self) -> str:
        return self.url.partition(":")[0]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield Database(migrated.begin(f"sqlite:///{tmp_path / 'test.sqlite3'}"), lambda mode: None)
        return
    with migrated_server() as server:
        yield Database(server.url, server.restart)


def test_killing_web_and_worker_loses_no_row_and_pays_for_none_twice(
    database: Database, plentiful: tuple[LimitedHum, str], tmp_path: Path
) -> None:
    """In each third round the database's server is started anew, now in order and now without any."""
    rounds, chance = int(os.environ.get("KILL_ROUNDS", "8")), random.Random(20261127)
    hum, url = plentiful
    batch = RunningBatch(database.url, SIZE)
    environment = settings_for(url, database.url)
    with (
        serving(tmp_path, WEB_CONCURRENCY="2", **environment) as server,
        workers_on(tmp_path, **environment) as workers,
    ):
        for number in range(rounds):
            worker = workers.start()
            worker.wait_until_it_works()
            if number % 3 == 2:
                database.restart(chance.choice(["fast", "immediate"]))
            time.sleep(chance.uniform(0.5, 4))
            worker.kill()
            server.kill(chance.choice(server.workers()))
        begun_by_then = SIZE - sum(row.begun_at is None for row in batch.rows())
        workers.start()
        took = until(lambda: batch.state is BatchState.FINISHED, "rows are lost", 240, tell=batch.standing)
        ends, sessions = batch.ends(), dict(hum.sessions)
        batch.store.retry_failed(batch.id, time.time())
        until(lambda: batch.state is BatchState.FINISHED, "rows are lost", 240, tell=batch.standing)
    log.info(
        "%s: %d rounds, %d rows begun in them, ended %.0f s after the last one: %s; %d calls, %d sessions, %d refused",
        *(database.kind, rounds, begun_by_then, took, dict(ends)),
        *(hum.calls, sum(sessions.values()), hum.refused),
    )
    assert ends.keys() <= {SERVED, UNCERTAIN}
    assert ends.total() == SIZE
    assert max(sessions.values()) == 1, "nobody is paid for twice"
    assert batch.ends() == {SERVED: SIZE}, "a person's Retry brings the others"
    assert ends[UNCERTAIN] <= rounds * BEGUN_AT_ONCE, "only what was killed in the middle of its create"
    assert "Traceback" not in workers.said()
    batch.close()


def connections_of_the_engine(engine: sa.Engine) -> int:
    """How many all workers have opened; a server allows so many and refuses the others."""
    if engine.dialect.name != "postgresql":
        return 0
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'dbos%'"
    with engine.connect() as connection:
        return connection.execute(sa.text(count)).scalar_one()


def how_it_stands(batch: RunningBatch, workers: Workers) -> str:
    return f"{batch.standing()}\n{workers.said()}"


def test_the_living_finish_what_one_of_three_had_begun(
    database_url: str, plentiful: tuple[LimitedHum, str], tmp_path: Path
) -> None:
    hum, url = plentiful
    batch = RunningBatch(database_url, 60)
    with workers_on(tmp_path, **settings_for(url, database_url)) as workers:
        for _ in range(3):
            workers.start().wait_until_it_works()
        until(lambda: batch.ended() > 0, "no row ends")
        workers.processes[0].kill()
        standing = partial(how_it_stands, batch, workers)
        took = until(lambda: batch.state is BatchState.FINISHED, "rows are lost", TAKEN_OVER_WITHIN, tell=standing)
        assert connections_of_the_engine(batch.engine) <= 3 * CONNECTIONS
    log.info("%s: finished %.0f s after the kill: %s", database_url.partition(":")[0], took, dict(batch.ends()))
    assert batch.ends().keys() <= {SERVED, UNCERTAIN}
    assert max(hum.sessions.values()) == 1
    batch.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_new_release_takes_over_what_an_older_one_had_begun(
    database_url: str, plentiful: tuple[LimitedHum, str], tmp_path: Path
) -> None:
    hum, url = plentiful
    batch = RunningBatch(database_url, 20)
    with workers_on(tmp_path, **settings_for(url, database_url)) as workers:
        older = workers.start(["-c", OLDER_RELEASE])
        until(lambda: len(hum.sessions) == 20, "no row is begun")
        older.kill()
        workers.start()
        standing = partial(how_it_stands, batch, workers)
        until(lambda: batch.state is BatchState.FINISHED, "rows are lost", TAKEN_OVER_WITHIN, tell=standing)
    assert batch.ends().keys() <= {SERVED, UNCERTAIN}
    assert max(hum.sessions.values()) == 1
    batch.close()


LIMIT, WINDOW = 100, 40.0
WANTED = 0.8 * LIMIT / 6
"""Rows in a window."""
BETWEEN_PEOPLE = 6.0
"""Seconds between two lookups of people, which take six seconds each."""


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_uses_four_fifths_of_the_limit_and_people_go_first(
    count: int, database_url: str, tmp_path: Path
) -> None:
    """People look addresses up meanwhile, one after the other."""
    hum, rows = LimitedHum(LIMIT, WINDOW, latency=0.1), 60
    with serve(hum) as url:  # type: ignore[arg-type]
        environment = settings_for(url, database_url) | {"POLL_INTERVAL": "2"}
        batch = RunningBatch(database_url, rows)
        with workers_on(tmp_path, **environment) as workers:
            for _ in range(count):
                workers.start()
            until(lambda: batch.store.looking("CUSTOM"), "no row is begun")
            with people_of(environment | {"STATE_DIR": str(tmp_path)}) as services:
                began, people = time.monotonic(), 0
                while batch.state is not BatchState.FINISHED:
                    look_up(services, f"{5000 + people} Main St")
                    people += 1
                    assert time.monotonic() - began < 300
                    time.sleep(BETWEEN_PEOPLE)
    took = max(row.ended_at or 0.0 for row in batch.rows()) - min(row.begun_at or 0.0 for row in batch.rows())
    log.info(
        "%s, %d workers: %d rows in %.0f s, %.1f in a window, %.1f are wanted; %d calls, %d refused, %d people",
        *(database_url.partition(":")[0], count, rows, took, rows * WINDOW / took, WANTED),
        *(hum.calls, hum.refused, people),
    )
    assert batch.ends() == {SERVED: rows}
    assert hum.refused == 0, "never over the limit"
    assert rows * WINDOW / took >= WANTED
    batch.close()


@contextmanager
def people_of(environment: dict[str, str]) -> Iterator[Services]:
    """What a web process has."""
    services = build_services(load(environment))
    yield services
    services.engine.dispose()


def look_up(services: Services, street: str) -> None:
    """A person's lookup, which is neither refused nor told to wait."""
    wanted = Request(Address(street, zip="48226"), f"viewer-{street}", "key", network="net")
    lookup = services.lookups.start(wanted).lookup
    while lookup.being_asked and lookup.next_poll_at is not None:
        assert lookup.reason is not Reason.RATE_LIMITED
        time.sleep(max(0.0, lookup.next_poll_at - services.clock()))
        lookup = services.lookups.refresh(lookup)
    assert (lookup.outcome, lookup.reason) == (Outcome.SERVED, None)
