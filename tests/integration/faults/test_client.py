"""Every fault of the catalog in the answer to each call, over real HTTP: what the client makes of it.

What follows from that for a person is decided above the client, by the kind of failure and by what was read:
test_faults.py.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.integration.faults.expected import CLIENT
from tests.integration.faults.stage import HASTY, KEY
from tests.integration.web.clock import Clock
from tests.integration.web.site import serve
from webapp.hum.client import HumClient
from webapp.hum.errors import HumError
from webapp.simulator.app import create_app as create_simulator
from webapp.simulator.faults.table import FAULTS
from webapp.simulator.faults.timing import AT_CREATE
from webapp.simulator.scenarios import SCENARIOS
from webapp.simulator.serving import SimulatorRequests

OVER_HTTP = [key for key, fault in FAULTS.items() if not fault.before_http]


class Upstream:
    """One simulator for all faults, and a client that asks it."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.clock = clock
        self.url = url

    def client(self) -> HumClient:
        """Without a memory of the fault before: rate limit and breaker are its own."""
        return HumClient(self.url, KEY, clock=self.clock, monotonic=self.clock)

    def hasty_client(self) -> HumClient:
        """Time-outs of a tenth of a second, in real time."""
        return HumClient(self.url, KEY, clock=self.clock, deadlines=HASTY)


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    clock = Clock()
    simulator = create_simulator(clock=clock, sleep=clock.advance, api_key=KEY, rate_limit=100_000, faults=True)
    with serve(simulator, SimulatorRequests) as url:
        yield Upstream(url, clock)


def told(ask: Callable[[], object]) -> str:
    """`read`, or the kind of failure with its reason; "uncertain" where a session may have been opened."""
    try:
        ask()
    except HumError as error:
        words = [type(error).__name__, str(getattr(error, "reason", ""))]
        if getattr(error, "uncertain", False):
            words.append("uncertain")
        return " ".join(word for word in words if word)
    return "read"


def test_the_table_names_every_fault() -> None:
    assert set(CLIENT) == set(OVER_HTTP)


@pytest.mark.parametrize("key", OVER_HTTP)
def test_a_fault_in_each_answer(upstream: Upstream, key: str) -> None:
    token = upstream.client().create_session(FAULTS[key].address).facts.token
    assert token is not None
    # Every fault has begun by then. Flapping is between two of its strikes; pages see both.
    upstream.clock.advance(8)
    lasting = "Unavailable timeout" in CLIENT[key].status
    open_client = upstream.hasty_client if lasting else upstream.client
    address = {**FAULTS[key].address, "street2": AT_CREATE}
    assert told(lambda: open_client().get_session(token)) == CLIENT[key].status
    assert told(lambda: open_client().get_internet(token)) == CLIENT[key].internet
    assert told(lambda: open_client().create_session(address)) == CLIENT[key].create


def test_a_fault_before_http(upstream: Upstream) -> None:
    """A port where nobody listens, a name without an address, and TLS with a server that speaks plain HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = free.getsockname()[1]
    addresses = (f"http://127.0.0.1:{closed}", "https://hum.invalid", upstream.url.replace("http:", "https:"))
    address = SCENARIOS["fast"].address
    token = upstream.client().create_session(address).facts.token
    assert token is not None
    for url in addresses:
        client = HumClient(url, KEY, clock=upstream.clock)
        assert told(partial(client.get_session, token)) == "Unavailable connection", url
        assert told(partial(client.get_internet, token)) == "Unavailable connection", url
        assert told(partial(client.create_session, address)) == "Unavailable connection", url
