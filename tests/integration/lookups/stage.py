"""One worker of the app on a simulator in process, with one clock for both that the test turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from webapp.addresses.address import Address
from webapp.database import open_engine
from webapp.hum.client import HumClient
from webapp.hum.errors import HumError
from webapp.hum.providers import ProviderList, read_providers
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.polling import POLL_LEASE, LookupService, Request
from webapp.lookups.store import LookupStore
from webapp.simulator import SCENARIOS, SimulatorAdapter, create_app
from webapp.upstream.call import Call
from webapp.upstream.limits import RateLimiter
from webapp.upstream.transport import SIMULATOR_URL, open_http

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

START = 1_790_000_000.0
VIEWER = "viewer-of-the-tests"


class Clock:
    """Epoch seconds that stand still until told otherwise; whoever sleeps moves them."""

    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def request_for(scenario: str, *, viewer: str = VIEWER, submit_key: str = "first") -> Request:
    """What a person would send who wants to see this scenario."""
    return Request(Address(**SCENARIOS[scenario].address), viewer=viewer, submit_key=submit_key)


def listed(*plan_counts: int) -> ProviderList:
    """Providers by how many plans each of them lists."""
    raw = [
        {
            "provider_name": f"Provider {number}",
            "product_catalog": [{"products": [{"name": f"Plan {plan}"} for plan in range(plans)]}],
        }
        for number, plans in enumerate(plan_counts)
    ]
    found = read_providers(raw)
    assert found is not None
    return found


class Stage:
    """A service on an up-to-date database. Every exchange with Hum is in `calls`; `upstream` may stand in for the
    simulator.

    While `outage` is a status line, Hum answers nothing else, with `outage_body` and `outage_headers`; `wait` is what
    happens while Hum lets its caller wait.
    """

    def __init__(
        self, database_url: str, *, clock: Clock | None = None, upstream: WSGIApplication | None = None
    ) -> None:
        self.clock = clock or Clock()
        self.calls: list[Call] = []
        self.outage: str | None = None
        self.outage_body = '{"message": "no", "request_status": "error"}'
        self.outage_headers: dict[str, str] = {}
        self.wait: Callable[[float], None] = self.clock.sleep
        self.engine = open_engine(database_url, pool_size=4)
        self.store = LookupStore(self.engine)
        self.app = create_app(clock=self.clock, sleep=self._wait, rate_limit=100_000)
        self.upstream: WSGIApplication = upstream or self.app
        http = open_http(simulator_adapter=SimulatorAdapter(self._answer, sleep=self._wait))
        self.hum = HumClient(
            SIMULATOR_URL,
            "key",
            http=http,
            observers=[self.calls.append],
            clock=self.clock,
            limiter=RateLimiter(self.clock, binding=False, chance=lambda: 0.5),
        )
        self.service = self.service_for("DEMO")

    def service_for(self, environment: str) -> LookupService:
        """The service as it would run with another badge over the same database and upstream."""
        return LookupService(self.store, self.hum, environment=environment, clock=self.clock)

    def close(self) -> None:
        self.engine.dispose()

    def asked(self, operation: str) -> int:
        """How often this process asked Hum for an operation."""
        return sum(call.operation == operation for call in self.calls)

    def start(self, scenario: str, **options: str) -> Lookup:
        return self.service.start(request_for(scenario, **options)).lookup

    def started(self, scenario: str) -> Lookup:
        """The lookup of a scenario's address, also where Hum refused it."""
        try:
            return self.start(scenario)
        except HumError:
            kept = self.store.find_submitted(VIEWER, request_for(scenario).key)
            assert kept is not None, "a refused lookup must be kept"
            return kept

    def stored(self, lookup: Lookup) -> Lookup:
        found = self.store.get(lookup.id, lookup.viewer)
        assert found is not None
        return found

    def refresh_when_due(self, lookup: Lookup) -> Lookup:
        """Turns the clock to the lookup's next poll and refreshes it."""
        assert lookup.next_poll_at is not None
        self.clock.now = max(self.clock.now, lookup.next_poll_at)
        return self.service.refresh(lookup)

    def claim_when_due(self, lookup: Lookup) -> Lookup:
        """Turns the clock to the lookup's next poll and takes its lease, as a worker does that then asks Hum."""
        assert lookup.next_poll_at is not None
        now = self.clock.now = max(self.clock.now, lookup.next_poll_at)
        claimed = self.store.claim_poll(lookup, now=now, lease_until=now + POLL_LEASE)
        assert claimed is not None
        return claimed

    def watch(self, lookup: Lookup, until: Callable[[Lookup], bool] = lambda _: False) -> Lookup:
        """Refreshes at every due time, as an open page does, until the lookup is no longer asked about or `until`
        holds.
        """
        for _ in range(60):
            if until(lookup) or not lookup.being_asked:
                return lookup
            lookup = self.refresh_when_due(lookup)
        pytest.fail(f"the page would ask forever: {lookup}")

    def _wait(self, seconds: float) -> None:
        self.wait(seconds)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.outage is None:
            return self.upstream(environ, start_response)
        start_response(self.outage, [("Content-Type", "application/json"), *self.outage_headers.items()])
        return [self.outage_body.encode()]
