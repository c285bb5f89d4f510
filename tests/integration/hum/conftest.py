"""Hum clients under test: one on a wire that can misbehave, one on the simulator with a clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.integration.hum.wire import Wire
from webapp.hum.client import Deadlines, HumClient
from webapp.simulator.adapter import SimulatorAdapter
from webapp.simulator.app import create_app
from webapp.upstream.call import Call
from webapp.upstream.transport import SIMULATOR_URL, open_http

API_KEY = "key-for-tests-0123456789"
MAX_BYTES = 100_000


@dataclass
class Upstream:
    """What a test of the client has in hand: the wire, two clients on it with the same connections, every call
    observers were told of.

    `client` waits as long as a busy machine may need; `hasty` gives up soon, for answers that must not come in time.
    """

    wire: Wire
    client: HumClient
    hasty: HumClient
    calls: list[Call] = field(default_factory=list)


@pytest.fixture
def wire() -> Iterator[Wire]:
    server = Wire()
    yield server
    server.stop()


@pytest.fixture
def upstream(wire: Wire) -> Upstream:
    calls: list[Call] = []
    http = open_http()
    patient = Deadlines(read=10, total=20, max_bytes=MAX_BYTES)
    hasty = Deadlines(connect=1, read=0.15, total=0.25, create=0.25, create_with_sync=0.25, max_bytes=MAX_BYTES)
    client, soon = (
        HumClient(wire.url, API_KEY, http=http, observers=[calls.append], deadlines=limits)
        for limits in (patient, hasty)
    )
    return Upstream(wire, client, soon, calls)


@dataclass
class Simulated:
    """The simulator behind a client, on a clock that the test turns."""

    now: float = 1_763_800_000.0
    calls: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = create_app(clock=self.clock, sleep=self.sleep, api_key=API_KEY)
        self.http = open_http(simulator_adapter=SimulatorAdapter(self.app, sleep=self.sleep))
        self.client = HumClient(SIMULATOR_URL, API_KEY, http=self.http, observers=[self.calls.append], clock=self.clock)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def simulated() -> Simulated:
    return Simulated()
