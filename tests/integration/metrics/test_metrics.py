"""What Prometheus is told, and that nobody else is."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from tests.integration.web.site import Site, open_site
from tests.integration.worker.rows import RowStage
from webapp.health.heartbeats import Heartbeats
from webapp.metrics.counters import forget_ended_processes
from webapp.metrics.store import MetricsStore

ON = {"METRICS_ADDRESSES": "127.0.0.1 10.0.0.0/8"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    opened = open_site(tmp_path, **ON)
    yield opened
    opened.close()


def figures(text: str) -> dict[tuple[str, ...], float]:
    """Each figure by its name and the values of its labels, in the order of the labels' names."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            name = sample.name.removeprefix("isp_lookup_")
            found[name, *(value for _, value in sorted(sample.labels.items()))] = sample.value
    return found


def read(site: Site, address: str = "127.0.0.1", **headers: str) -> tuple[int, str]:
    answer = site.app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers)
    return answer.status_code, answer.text


def test_a_lookup_its_calls_and_its_pages_are_counted(site: Site) -> None:
    visitor = site.visitor()
    visitor.last(visitor.look_up("fast"))
    status, text = read(site)
    assert status == 200
    found = figures(text)
    assert found["lookups_ended_total", "person", "served"] == 1
    assert found["lookup_seconds_count", "served"] == 1
    assert found["hum_calls_total", "create", "201"] == 1
    assert found["hum_calls_total", "internet", "200"] == 1
    assert found["hum_call_seconds_count", "create"] == 1
    assert found["requests_total", "lookups.create", "303"] == 1
    assert found["request_seconds_count", "lookups.progress"] >= 2
    assert found["database_up",] == 1
    assert found["workers_alive",] == 0
    assert found["traces_waiting",] == 0
    assert found["lookups_asked_about",] == 0


def test_nothing_that_was_typed_or_kept_is_in_it(site: Site) -> None:
    visitor = site.visitor()
    visitor.last(visitor.look_up("fast"))
    _, text = read(site)
    with site.database() as connection:
        lookup_id = connection.execute(sa.text("SELECT id FROM lookup")).scalar_one()
    for private in ("Scenario Way", "48226", "Detroit", lookup_id, *site.secrets_of_sessions()):
        assert private not in text


def test_failures_are_told_apart(site: Site) -> None:
    visitor = site.visitor()
    visitor.press(visitor.get("/?scenario=unauthorized"), "Look up")
    found = figures(read(site)[1])
    assert found["hum_calls_total", "create", "401"] == 1
    assert found["lookups_ended_total", "person", "refused"] == 1


def test_a_hum_that_is_down_leaves_its_moment(tmp_path: Path) -> None:
    site = open_site(tmp_path, HUM_API_KEY="key-of-the-tests", HUM_API_URL="http://127.0.0.1:9", **ON)
    visitor = site.visitor()
    assert figures(read(site)[1])["hum_down_timestamp_seconds",] == 0, "never"
    for number in range(4):
        visitor.press(visitor.get("/"), "Look up", street1=f"{number + 1} Main St", zip="48226")
    text = read(site)[1]
    found = figures(text)
    assert found["hum_down_timestamp_seconds",] == site.clock()
    assert found["hum_calls_total", "create", "connection"] >= 5
    assert "key-of-the-tests" not in text
    site.close()


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("10.1.2.3", {}, 200),
        ("11.1.2.3", {}, 404),
        ("", {}, 404),
        ("::1", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}, 404),
    ],
)
def test_only_the_listed_addresses_may_read_it(site: Site, address: str, headers: dict[str, str], status: int) -> None:
    assert read(site, address, **headers)[0] == status


def test_behind_a_known_proxy_the_address_before_it_counts(tmp_path: Path) -> None:
    site = open_site(tmp_path, PROXY_HOPS="1", **ON)
    assert read(site)[0] == 200
    assert read(site, **{"X-Forwarded-For": "203.0.113.7"})[0] == 404
    assert read(site, **{"X-Forwarded-For": "127.0.0.1, 203.0.113.7"})[0] == 404
    assert read(site, **{"X-Forwarded-For": "10.9.9.9"})[0] == 200
    site.close()


def test_without_the_setting_there_is_no_such_page_and_no_file(tmp_path: Path) -> None:
    site = open_site(tmp_path)
    assert read(site)[0] == 404
    assert site.services.metrics is None
    assert not (tmp_path / "metrics").exists()
    site.close()


def test_a_database_that_is_away_is_said_to_be(site: Site, tmp_path: Path) -> None:
    (tmp_path / "lookups.sqlite3").rename(tmp_path / "elsewhere")
    status, text = read(site)
    assert status == 200
    found = figures(text)
    assert found["database_up",] == 0
    assert ("workers_alive",) not in found


def test_queues_and_workers_are_what_the_database_knows(any_rows: RowStage) -> None:
    stage = any_rows.stage
    store = MetricsStore(stage.engine, "DEMO")
    before = store.figures(stage.clock())
    assert before is not None
    assert (before.rows, before.oldest_batch_at, before.workers_alive, before.limit) == ({}, None, 0, 0)
    began = stage.clock()
    any_rows.add("fast", "fast", "fast")
    Heartbeats(stage.engine, stage.clock).beat("a-worker")
    stage.start("slow")
    stage.clock.sleep(30)
    waiting = store.figures(stage.clock())
    assert waiting is not None
    assert (waiting.rows, waiting.oldest_batch_at, waiting.batch_moved_at) == ({"waiting": 3}, began, began)
    assert (waiting.workers_alive, waiting.lookups_asked_about) == (1, 1)
    any_rows.running.begin_rows()
    begun = store.figures(stage.clock())
    assert begun is not None
    assert (begun.rows, begun.batch_moved_at) == ({"looking": 3}, stage.clock())
    other = MetricsStore(stage.engine, "LIVE").figures(stage.clock())
    assert other is not None
    assert (other.rows, other.lookups_asked_about) == ({}, 0)


def test_files_of_ended_processes_go_and_those_of_others_stay(tmp_path: Path) -> None:
    host = socket.gethostname().replace("_", "-")
    living, ended, elsewhere = f"counter_{os.getpid()}-{host}.db", f"counter_99999999-{host}.db", "counter_1-other.db"
    for name in (living, ended, elsewhere):
        (tmp_path / name).touch()
    forget_ended_processes(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {living, elsewhere}
    forget_ended_processes(tmp_path / "missing")
