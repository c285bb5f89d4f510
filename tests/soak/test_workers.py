"""Many tabs in several processes over one database: Hum is asked once per interval, whoever dies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import inspect
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.integration.lookups.stage import START, VIEWER, request_for
from tests.soak.workers import (
    PATIENCE,
    SPAWN,
    Place,
    SharedClock,
    Worker,
    look_and_refresh,
    service_at,
    submit,
    upgrade,
)
from webapp.database import open_engine
from webapp.lookups.lifecycle import Lookup, Outcome, State
from webapp.lookups.polling import POLL_LEASE, LookupService
from webapp.simulator import create_app

PROCESSES, TABS_EACH = 2, 10


class Silent(WSGIRequestHandler):
    """Logs nothing; the tests' output is theirs."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        """Nothing."""


@dataclass
class Upstream:
    """The simulator over HTTP in the test's own process. A scenario's hang lasts until `released`."""

    clock: SharedClock
    url: str = ""
    hanging: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.app = create_app(clock=self.clock, sleep=self._hang, rate_limit=100_000)

    def asked(self, operation: str) -> int:
        return int(self.app.extensions["simulator"].counts().get(operation, 0))

    def _hang(self, _: float) -> None:
        self.hanging.set()
        self.released.wait(PATIENCE)


@dataclass
class Team:
    """Workers of ten threads each; all twenty begin what they are told at the same moment."""

    clock: SharedClock
    workers: list[Worker]

    def do(self, work: Callable[..., object], place: Place, *arguments: object) -> list[object]:
        for worker in self.workers:
            worker.say(work, place, *arguments)
        return [result for worker in self.workers for result in worker.hear()]


@pytest.fixture(scope="module")
def team() -> Iterator[Team]:
    clock = SharedClock(START)
    together = SPAWN.Barrier(PROCESSES * TABS_EACH)
    workers = [Worker(clock, together, TABS_EACH) for _ in range(PROCESSES)]
    yield Team(clock, workers)
    for worker in workers:
        worker.kill()


@pytest.fixture
def clock(team: Team) -> SharedClock:
    team.clock.turn_to(START)
    return team.clock


@pytest.fixture
def upstream(clock: SharedClock) -> Iterator[Upstream]:
    upstream = Upstream(clock)
    server = make_server("127.0.0.1", 0, upstream.app, threaded=True, request_handler=Silent)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    upstream.url = f"http://127.0.0.1:{server.server_port}"
    yield upstream
    upstream.released.set()
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def place(database_url: str, upstream: Upstream) -> Place:
    return Place(database_url, upstream.url)


@pytest.fixture
def service(place: Place, clock: SharedClock) -> Iterator[LookupService]:
    service, close = service_at(place, clock)
    yield service
    close()


def stored(service: LookupService, lookup: Lookup) -> Lookup:
    found = service.find(lookup.id, VIEWER)
    assert found is not None
    return found


def test_twenty_tabs_in_two_processes_ask_hum_once_per_interval(
    team: Team, place: Place, service: LookupService, upstream: Upstream, clock: SharedClock
) -> None:
    lookup = service.start(request_for("fast")).lookup
    due_times = []
    while lookup.being_asked:
        assert lookup.next_poll_at is not None
        due_times.append(lookup.next_poll_at)
        clock.turn_to(lookup.next_poll_at)
        before = (upstream.asked("status"), upstream.asked("internet"))
        seen = team.do(look_and_refresh, place, lookup.id, VIEWER)
        assert len(seen) == PROCESSES * TABS_EACH
        lookup = stored(service, lookup)
        assert lookup.polls == len(due_times), "one claim for each due time"
        asked = (upstream.asked("status") - before[0], upstream.asked("internet") - before[1])
        assert asked in {(1, 0), (1, 1), (0, 1)}, "one turn of asking: the status, the list, or both"

    assert len(set(due_times)) == len(due_times)
    assert lookup.outcome is Outcome.SERVED
    assert upstream.asked("create") == 1
    # What one single tab costs, and so what twenty may cost.
    alone = service.start(request_for("fast", submit_key="alone")).lookup
    asked = (upstream.asked("status"), upstream.asked("internet"))
    while alone.being_asked:
        assert alone.next_poll_at is not None
        clock.turn_to(alone.next_poll_at)
        alone = service.refresh(alone)
    assert alone.polls == lookup.polls
    assert (upstream.asked("status"), upstream.asked("internet")) == (asked[0] * 2, asked[1] * 2)


def test_twenty_clicks_on_one_form_make_one_session(
    team: Team, place: Place, upstream: Upstream, service: LookupService
) -> None:
    ids = team.do(submit, place, request_for("fast"))
    assert len(ids) == PROCESSES * TABS_EACH
    assert len(set(ids)) == 1
    assert upstream.asked("create") == 1
    lookup = service.find(str(ids[0]), VIEWER)
    assert lookup is not None
    assert lookup.token is not None


def test_a_worker_killed_while_it_asks_delays_the_lookup_and_never_loses_it(
    place: Place, service: LookupService, upstream: Upstream, clock: SharedClock
) -> None:
    lookup = service.start(request_for("timeout")).lookup
    clock.turn_to(START + 2.5)
    victim = Worker(clock, SPAWN.Barrier(1), 1)
    victim.say(look_and_refresh, place, lookup.id, VIEWER)
    assert upstream.hanging.wait(PATIENCE), "the victim has taken the lease and waits for Hum"
    victim.kill()
    assert victim.process.exitcode == -9

    held = stored(service, lookup)
    assert (held.polls, held.next_poll_at, held.state) == (1, START + 2.5 + POLL_LEASE, lookup.state)
    asked = upstream.asked("status")
    clock.turn_to(START + 2.5 + POLL_LEASE - 0.1)
    assert service.refresh(held) == held
    assert upstream.asked("status") == asked, "until the lease ends nobody knows that the worker is dead"

    clock.turn_to(START + 2.5 + POLL_LEASE)
    lookup = service.refresh(held)
    assert lookup.polls == 2
    assert lookup.state is not State.GEOCODING
    while lookup.being_asked:
        assert lookup.next_poll_at is not None
        clock.turn_to(lookup.next_poll_at)
        lookup = service.refresh(lookup)
    assert lookup.outcome is Outcome.SERVED
    listed = service.providers(lookup)
    assert listed is not None
    assert len(listed.providers) == lookup.provider_count > 0


@pytest.mark.parametrize("round_", range(3))
def test_twenty_starts_at_once_bring_one_schema(team: Team, empty_database_url: str, round_: int) -> None:
    team.do(upgrade, Place(empty_database_url, ""))
    engine = open_engine(empty_database_url, pool_size=1)
    assert {"lookup", "snapshot", "alembic_version"} <= set(inspect(engine).get_table_names())
    engine.dispose()
