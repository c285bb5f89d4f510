"""`/metrics` of a site with two web processes and a worker: whichever of them is asked tells of all."""

from __future__ import annotations

from pathlib import Path

import requests

from tests.integration.metrics.test_metrics import figures
from tests.soak.server import Server, serving
from tests.soak.worker_processes import RunningBatch, until, workers_on

ROWS = 4
ASKED = 60
SETTINGS = {"METRICS_ADDRESSES": "127.0.0.1", "WEB_CONCURRENCY": "2"}


def read(server: Server) -> dict[tuple[str, ...], float]:
    answer = requests.get(f"{server.url}/metrics", timeout=10)
    assert answer.status_code == 200
    return figures(answer.text)


def test_all_processes_are_added_up_and_a_killed_one_takes_no_count_along(tmp_path: Path) -> None:
    with serving(tmp_path, **SETTINGS) as server, workers_on(tmp_path, **SETTINGS) as workers:
        workers.start().wait_until_it_works()
        before = read(server).get(("requests_total", "health.healthz", "200"), 0)
        for _ in range(ASKED):
            requests.get(f"{server.url}/healthz", timeout=10)
        assert len(server.workers()) == 2
        counted_by = {path.name for path in (tmp_path / "metrics").glob("counter_*.db")}
        assert {f"counter_{pid}-" for pid in server.workers()} <= {name.partition("-")[0] + "-" for name in counted_by}
        assert read(server)["requests_total", "health.healthz", "200"] == before + ASKED
        assert read(server)["workers_alive",] == 1

        batch = RunningBatch(f"sqlite:///{tmp_path / 'lookups.sqlite3'}", ROWS, environment="DEMO")
        until(lambda: batch.ended() == ROWS, "rows are not looked up", tell=batch.standing)
        batch.close()
        found = read(server)
        assert found["lookups_ended_total", "batch", "served"] == ROWS, "the worker's own counts"
        assert found["hum_calls_total", "create", "201"] == ROWS
        until(lambda: read(server)["batch_age_seconds",] == 0, "the batch does not end")

        server.kill(server.workers()[0])
        until(lambda: len(server.workers()) == 2, "no process takes its place")
        workers.processes[0].kill()
        after = read(server)
        assert after["requests_total", "health.healthz", "200"] >= before + ASKED
        assert after["lookups_ended_total", "batch", "served"] == ROWS
