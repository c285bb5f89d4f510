"""The operator's status page: how Hum does, asked once a minute however many look, and what failed last."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.integration.web.clock import Clock
from tests.integration.web.page import text_in
from tests.integration.web.site import Site, open_site, open_site_where_waiting_takes_no_time
from tests.integration.web.visitor import Visitor
from webapp.database import open_engine
from webapp.health.service import HealthCheck
from webapp.health.store import HealthStore, Pinged
from webapp.pages.status_page import grades


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    opened = open_site_where_waiting_takes_no_time(tmp_path)
    yield opened
    opened.close()


def test_it_says_that_hum_answers_and_takes_the_key(visitor: Visitor) -> None:
    page = visitor.get("/status")
    for said in ("API Hum is responding.", "Key The key is accepted.", "as Hum expects, at most 100 ms."):
        assert said in page.text


def test_it_names_rate_limit_data_set_and_versions(visitor: Visitor) -> None:
    assert "no lookup answered yet" in visitor.get("/status").text
    visitor.last(visitor.look_up("fast"))
    page = visitor.get("/status")
    assert "DEMO, data set 25041808" in page.text
    assert "of 100,000 requests left" in page.text
    assert "flask 3." in page.text


def test_it_says_whether_a_worker_was_alive_in_the_last_minute(site: Site, visitor: Visitor) -> None:
    assert "None was alive in the last minute. Batches wait for one" in visitor.get("/status").text
    site.services.heartbeats.beat("a-worker")
    assert "A worker was alive in the last minute." in visitor.get("/status").text
    assert visitor.get("/healthz").text == "ok worker alive"
    site.clock.advance(61)
    assert visitor.get("/healthz").text == "ok no worker"


def test_the_last_failures_are_listed_newest_first(visitor: Visitor) -> None:
    assert "No failed calls." in visitor.get("/status").text
    visitor.last(visitor.look_up("server-error-once"))
    visitor.last(visitor.look_up("timeout"))
    visitor.press(visitor.get("/?scenario=unauthorized"), "Look up")
    page = visitor.get("/status")
    rows = [[text_in(cell) for cell in row][1:] for row in page.root.iter("tr")][1:]
    assert rows[0] == ["create", "401"]
    assert ["status", "timeout"] in rows
    assert rows[-1] == ["status", "500"]


def test_a_day_later_they_are_old(site: Site, visitor: Visitor) -> None:
    visitor.press(visitor.get("/?scenario=unauthorized"), "Look up")
    site.clock.advance(86_401)
    assert "No failed calls." in visitor.get("/status").text


class Hum:
    """A Hum whose pings are counted."""

    def __init__(self, site: Site) -> None:
        self._hum = site.services.hum
        self.pings = 0

    def ping(self) -> object:
        self.pings += 1
        return self._hum.ping()


def test_hum_is_asked_once_a_minute_however_many_look(site: Site, database_url: str) -> None:
    engine = open_engine(database_url)
    clock, hum = Clock(), Hum(site)
    checks = [HealthCheck(HealthStore(engine), hum, environment="DEMO", clock=clock) for _ in range(8)]
    for minute in range(1, 4):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(HealthCheck.now, checks))
        assert all(check.now().pinged is not None for check in checks)
        assert hum.pings == minute
        clock.advance(59)
        checks[0].now()
        assert hum.pings == minute
        clock.advance(1)
    engine.dispose()


def test_the_answer_of_another_worker_is_shown(site: Site, visitor: Visitor) -> None:
    visitor.get("/status")
    with site.database() as connection:
        connection.execute(sa.text("UPDATE ping SET milliseconds = 777"))
    assert "777 ms: slow, above 500 ms." in visitor.get("/status").text
    site.clock.advance(61)
    assert "777" not in visitor.get("/status").text


def test_a_hum_that_is_not_there_is_said_to_be_down(tmp_path: Path) -> None:
    site = open_site(tmp_path / "down", HUM_API_KEY="some-key-of-a-test", HUM_API_URL="http://127.0.0.1:9")
    page = site.visitor().get("/status")
    assert "API Hum does not answer." in page.text
    assert "some-key-of-a-test" not in page.html
    assert "127.0.0.1:9" not in page.html
    site.close()


@pytest.mark.parametrize(
    ("milliseconds", "tone", "words"),
    [
        (100, "good", "as Hum expects"),
        (101, "good", "slower than the 100 ms"),
        (500, "good", "slower than the 100 ms"),
        (501, "warn", "slow, above 500 ms"),
        (1000, "warn", "slow, above 500 ms"),
        (1001, "bad", "critical, above 1,000 ms"),
    ],
)
def test_hums_own_figures_grade_the_response_time(milliseconds: int, tone: str, words: str) -> None:
    grade = grades(Pinged(0.0, answers=True, key_accepted=True, milliseconds=milliseconds))[-1]
    assert (grade.tone, words in grade.text) == (tone, True)


def test_a_refused_key_and_a_busy_hum_are_told_apart() -> None:
    refused = grades(Pinged(0.0, answers=True, key_accepted=False, milliseconds=20))
    busy = grades(Pinged(0.0, answers=True, key_accepted=None, milliseconds=None))
    assert [grade.tone for grade in refused] == ["good", "bad", "good"]
    assert [(grade.name, grade.tone) for grade in busy] == [("API", "good"), ("Key", "warn")]
