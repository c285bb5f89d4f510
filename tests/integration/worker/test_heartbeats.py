"""Workers say that they are alive, pages say whether one is, and a duty that fails is done again."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import structlog

from tests.integration.lookups.stage import START, Clock
from tests.integration.worker.rows import RowStage
from webapp.health.heartbeats import DEAD_AFTER, FORGOTTEN_AFTER, SAID_TO_BE_ALIVE_FOR, Heartbeats
from webapp.telemetry import configure_logging
from webapp.worker.duties import Duties, Duty


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    lines = io.StringIO()
    monkeypatch.setattr("sys.stdout", lines)
    configure_logging("info")
    yield lines
    structlog.reset_defaults()


def test_a_worker_lives_as_long_as_it_says_so(any_rows: RowStage) -> None:
    clock = Clock()
    heartbeats = Heartbeats(any_rows.stage.engine, clock)
    assert heartbeats.is_worker_alive() is False
    heartbeats.beat("one")
    heartbeats.beat("two")
    clock.now = START + DEAD_AFTER + 1
    heartbeats.beat("two")
    assert heartbeats.living() == {"two"}
    clock.now = START + DEAD_AFTER + SAID_TO_BE_ALIVE_FOR
    assert heartbeats.is_worker_alive() is True
    heartbeats.leave("two")
    assert heartbeats.is_worker_alive() is False
    clock.now = START + FORGOTTEN_AFTER + 1
    heartbeats.beat("three")
    with any_rows.stage.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT id FROM workers")).scalars().all() == ["three"]


def test_a_duty_that_fails_is_done_again_and_its_error_is_not_quoted(log_lines: io.StringIO) -> None:
    stopped, done = threading.Event(), []

    def fail() -> None:
        done.append(1)
        if len(done) == 3:
            stopped.set()
        raise ValueError("1 Main St")

    duties = Duties([Duty("failing", 0.001, fail)], stopped)
    duties.start()
    duties.join(10)
    assert len(done) == 3
    assert log_lines.getvalue().count('"duty": "failing"') == 3
    assert "Main St" not in log_lines.getvalue()
