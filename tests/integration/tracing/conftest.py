"""HoneyHive's simulator over real HTTP, clients of it, and lookups to be traced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from tests.integration.lookups.stage import START, Clock, Stage
from tests.integration.web.site import serve
from webapp.lookups.polling import LookupService
from webapp.lookups.recorded_calls import CallStore
from webapp.simulator.honeyhive import create_app
from webapp.simulator.honeyhive.events import Events
from webapp.simulator.serving import SimulatorRequests
from webapp.tracing.client import HoneyHiveClient
from webapp.tracing.exporting import TraceExporter
from webapp.tracing.store import TraceStore
from webapp.upstream.call import Call
from webapp.upstream.circuit_breaker import CircuitBreaker
from webapp.upstream.limits import RateLimiter
from webapp.upstream.transport import Limits, open_http

API_KEY = "hh_ingst_key_of_the_tests"
PATIENT = Limits(connect=5, read=10, total=20, max_bytes=1_000_000)
HASTY = Limits(connect=1, read=0.2, total=0.3, max_bytes=1_000_000)


@dataclass
class HoneyHive:
    """The simulator on a socket, and a clock that the test turns."""

    app: Flask
    url: str
    clock: Clock
    calls: list[Call] = field(default_factory=list)

    @property
    def events(self) -> Events:
        return self.app.extensions["honeyhive"].events

    def break_down(self, fault: str | None) -> None:
        """Plays a fault from now on; None for none."""
        self.app.extensions["honeyhive"].fault = fault

    def asked(self) -> dict[str, int]:
        """How often each call was made."""
        return self.app.extensions["honeyhive"].calls.counts()

    def client(
        self, limits: Limits = PATIENT, key: str = API_KEY, breaker: CircuitBreaker | None = None
    ) -> HoneyHiveClient:
        return HoneyHiveClient(
            self.url,
            key,
            http=open_http(),
            observers=[self.calls.append],
            clock=self.clock,
            limiter=RateLimiter(self.clock, chance=lambda: 0.5),
            breaker=breaker,
            limits=limits,
        )


@pytest.fixture
def honeyhive(tmp_path: Path) -> Iterator[HoneyHive]:
    clock = Clock(START)
    app = create_app(tmp_path / "honeyhive.sqlite3", clock=clock, api_key=API_KEY)
    with serve(app, SimulatorRequests) as url:
        yield HoneyHive(app, url, clock)


class TraceStage:
    """A site's lookups, which are traced. Their calls are kept unless `keeps_calls` says otherwise."""

    def __init__(self, database_url: str, honeyhive: HoneyHive, *, keeps_calls: bool = True) -> None:
        self.stage = Stage(database_url, clock=honeyhive.clock)
        self.clock = honeyhive.clock
        self.honeyhive = honeyhive
        self.calls = CallStore(self.stage.engine)
        self.stage.service = LookupService(
            self.stage.store,
            self.stage.hum,
            environment="DEMO",
            clock=self.clock,
            monotonic=self.clock,
            calls=self.calls if keeps_calls else None,
        )
        self.store = TraceStore(self.stage.engine, "DEMO")
        self.exporter = self.worker()

    def worker(self) -> TraceExporter:
        """What one more worker does."""
        return TraceExporter(self.store, self.honeyhive.client(), clock=self.clock)

    def export_later(self, seconds: float = 60.0) -> int:
        """Turns the clock and sends what is to be sent."""
        self.clock.sleep(seconds)
        return self.exporter.export()


@pytest.fixture
def traced(database_url: str, honeyhive: HoneyHive) -> Iterator[TraceStage]:
    """Traces on SQLite, then on PostgreSQL."""
    opened = TraceStage(database_url, honeyhive)
    yield opened
    opened.stage.close()
