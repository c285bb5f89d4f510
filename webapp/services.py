"""Where the parts meet: settings in, ready services out. No Flask here, so a worker or a script can build the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import requests
import sqlalchemy as sa

from webapp.agent_simulator import create_app as create_agent_simulator
from webapp.batches.preparing import Batches
from webapp.batches.store import BatchStore
from webapp.database import WAITS, DatabaseUnavailable, Timeouts, clock_of, open_engine
from webapp.database.readiness import make_ready
from webapp.embedding.capability import Capabilities
from webapp.health.availability import Availability
from webapp.health.heartbeats import Heartbeats
from webapp.health.service import HealthCheck
from webapp.health.store import HealthStore
from webapp.hum.client import HumClient
from webapp.identity.store import Lifetime, SignIns
from webapp.lookups.history import History, HistoryStore
from webapp.lookups.polling import LookupService
from webapp.lookups.recorded_calls import CallStore
from webapp.lookups.retention import Retention, RetentionStore
from webapp.lookups.sharing import ShareStore, Sharing
from webapp.lookups.state_coverage import CoverageStore, StateCoverages
from webapp.lookups.store import LookupStore
from webapp.lookups.unwatched import LEFT_AFTER, LEFT_AFTER_IN_A_DEMO, UnwatchedLookups
from webapp.metrics.counters import FOLDER, Counters
from webapp.metrics.page import MetricsPage
from webapp.metrics.store import MetricsStore
from webapp.quotas.allowance import AllowanceStore
from webapp.quotas.form_requests import FormRequests
from webapp.quotas.lookup_quota import LookupQuota, QuotaLimits
from webapp.research.client import AgentClient
from webapp.research.service import Researches, no_one
from webapp.research.store import ResearchStore
from webapp.research.task import Caps
from webapp.settings import Settings
from webapp.simulator import SCENARIOS, Scenario, SimulatorAdapter
from webapp.simulator import create_app as create_simulator
from webapp.simulator.honeyhive import create_app as create_honeyhive_simulator
from webapp.telemetry import log, log_call
from webapp.tracing.client import HoneyHiveClient
from webapp.tracing.exporting import TraceExporter
from webapp.tracing.store import TraceStore
from webapp.upstream.call import Observer
from webapp.upstream.circuit_breaker import CircuitBreaker
from webapp.upstream.give_way import GiveWay
from webapp.upstream.limits import ConcurrencyLimit, RateLimiter
from webapp.upstream.transport import SIMULATOR_URL, open_http

EXAMPLES = (
    "normal",
    "late-plans",
    "slow",
    "multiple",
    "geocode-failed",
    "no-providers",
    "sixty-providers",
    "server-error-once",
)

LET_OTHERS_RUN = partial(time.sleep, 0.0001)
"""Lets the other requests of a gevent worker go on. `sleep(0)` would not look at sockets."""


HONEYHIVE, HONEYHIVE_SIMULATOR_FILE = "honeyhive", "honeyhive-simulator.sqlite3"


@dataclass(frozen=True, slots=True)
class Traces:
    """What sends traces, what is known of them, and the client that can read one back."""

    exporter: TraceExporter
    store: TraceStore
    client: HoneyHiveClient


@dataclass(frozen=True, slots=True)
class Metrics:
    """What this process counts, and the page of all of them."""

    counters: Counters
    page: MetricsPage


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the web layer may call."""

    settings: Settings
    engine: sa.Engine
    limiter: RateLimiter
    hum: HumClient
    lookups: LookupService
    unwatched: UnwatchedLookups
    history: History
    sharing: Sharing
    coverage: StateCoverages
    calls: CallStore
    retention: Retention
    starts: LookupQuota
    form_requests: FormRequests
    health: HealthCheck
    availability: Availability
    batches: Batches
    heartbeats: Heartbeats
    clock: Callable[[], float]
    give_way: GiveWay
    sign_ins: SignIns
    frames: Capabilities
    allowance: AllowanceStore | None
    researches: Researches | None
    """None where the web cannot be searched."""
    traces: Traces | None
    metrics: Metrics | None

    def stated_limit(self) -> int:
        """Calls a minute, as Hum last stated them; 0 while it has not, and in a demo."""
        return 0 if self.allowance is None else self.allowance.stated_limit()

    def examples(self) -> tuple[Scenario, ...]:
        """Addresses worth trying, each with what it shows; none where a real Hum answers."""
        return tuple(SCENARIOS[key] for key in EXAMPLES) if self.settings.demo else ()

    def example_address(self, key: str) -> Mapping[str, str]:
        """The address that plays a scenario; empty for an unknown key or where a real Hum answers."""
        return SCENARIOS[key].address if self.settings.demo and key in SCENARIOS else {}


def build_services(
    settings: Settings,
    *,
    http: requests.Session | None = None,
    agent_http: requests.Session | None = None,
    clock: Callable[[], float] | None = None,
    machine_clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
    observers: Sequence[Observer] = (),
    waits: Timeouts = WAITS,
    give_way: GiveWay = LET_OTHERS_RUN,
) -> Services:
    """Opens the database (bringing its schema up to date, unless it is away) and wires the Hum client; without a key,
    to the simulator in process. Raises `database.readiness.DatabaseUnusable` for a database that waiting would not
    mend.

    `clock` gives epoch seconds; without one it is the clock of the database, which is the same for all machines that
    share it, or `machine_clock`, this machine's own, where a SQLite file belongs to one machine. `http` carries the
    calls to Hum, by default over the network or to the simulator, and `agent_http` those to H Company. `observers` see
    every exchange with either besides those that the program itself has. `waits` say how long the database may take.
    `monotonic` measures durations.
    """
    engine = open_engine(
        settings.database_url, pool_size=settings.database_connections, waits=waits, machine_clock=machine_clock
    )
    try:
        make_ready(engine)
    except DatabaseUnavailable as error:
        # A worker that is started again while the database is away serves pages which say so, and goes on when it is
        # back.
        log.error("database_unavailable", kind=type(error).__name__)
    clock = clock or clock_of(engine)
    # A demo's faults are plays for one person: they must not make others wait.
    binding = not settings.demo
    allowance = AllowanceStore(engine, settings.environment) if binding else None
    limiter = RateLimiter(clock, allowance, binding=binding)
    calls = CallStore(engine)
    if http is None:
        http = _open_http(settings, clock, sleep)

    counters = Counters(settings.state_dir / FOLDER) if settings.metrics_addresses else None
    counting = () if counters is None else (counters.count_call,)
    hum = HumClient(
        settings.upstream_url,
        settings.hum_api_key or "demo-key",
        http=http,
        observers=(log_call, *counting, *observers),
        clock=clock,
        monotonic=monotonic,
        limiter=limiter,
        breaker=CircuitBreaker(monotonic) if binding else None,
        concurrency=ConcurrencyLimit(settings.hum_connections),
        give_way=give_way,
    )
    starts = LookupQuota(
        engine,
        QuotaLimits(
            per_viewer=settings.lookups_per_minute,
            per_address=settings.lookups_per_minute_address,
            per_day=settings.lookups_per_day,
            per_site=settings.embed_lookups_per_minute,
        ),
        secret=settings.derived_secret("starts"),
        zone=settings.time_zone,
        allowance=allowance,
        clock=clock,
    )
    lookup_store = LookupStore(engine)
    lookups = LookupService(
        lookup_store,
        hum,
        environment=settings.environment,
        poll_interval=settings.poll_interval,
        sync=settings.hum_sync,
        clock=clock,
        monotonic=monotonic,
        calls=calls if settings.calls_kept_days else None,
        quota=starts,
        on_end=None if counters is None else counters.count_lookup,
        give_way=give_way,
    )
    health, heartbeats = HealthStore(engine), Heartbeats(engine, clock)
    traces = _traces(settings, engine, clock, monotonic)
    batches = BatchStore(engine)
    return Services(
        settings,
        engine,
        limiter,
        hum,
        lookups,
        unwatched=UnwatchedLookups(
            lookup_store,
            lookups,
            environment=settings.environment,
            left_after=LEFT_AFTER_IN_A_DEMO if settings.demo else LEFT_AFTER,
            clock=clock,
        ),
        history=History(HistoryStore(engine), lookups, clock=clock, sleep=sleep),
        sharing=Sharing(ShareStore(engine), lookups, secret=settings.derived_secret("share"), clock=clock),
        coverage=StateCoverages(CoverageStore(engine), hum, environment=settings.environment, clock=clock),
        calls=calls,
        retention=Retention(
            RetentionStore(engine),
            calls,
            lookups_kept_days=settings.lookups_kept_days,
            calls_kept_days=settings.calls_kept_days,
            delete_batches=batches.delete_old,
            forget_starts=starts.forget_old,
            clock=clock,
            sleep=sleep,
        ),
        starts=starts,
        form_requests=FormRequests(monotonic),
        health=HealthCheck(health, hum, environment=settings.environment, clock=clock),
        availability=Availability(health, heartbeats.is_worker_alive, monotonic=monotonic),
        heartbeats=heartbeats,
        batches=Batches(
            batches,
            environment=settings.environment,
            stated_limit=allowance.stated_limit if allowance is not None else _no_limit,
            clock=clock,
            sleep=sleep,
            give_way=give_way,
        ),
        clock=clock,
        give_way=give_way,
        sign_ins=SignIns(
            engine, Lifetime(3_600.0 * settings.auth_session_hours, 60.0 * settings.auth_idle_minutes), clock=clock
        ),
        frames=Capabilities(settings.derived_secret("frames"), clock),
        allowance=allowance,
        researches=_build_researches(
            settings,
            engine,
            lookups,
            agent_http,
            traces,
            clock=clock,
            sleep=sleep,
            monotonic=monotonic,
            observers=observers,
        ),
        traces=traces,
        metrics=None if counters is None else _metrics(settings, engine, counters, traces, clock),
    )


def _build_researches(
    settings: Settings,
    engine: sa.Engine,
    lookups: LookupService,
    http: requests.Session | None,
    traces: Traces | None,
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    monotonic: Callable[[], float],
    observers: Sequence[Observer],
) -> Researches | None:
    if not settings.researches:
        return None
    key = settings.h_api_key
    if settings.demo:
        key = "demo-key"
        # One secret for all workers, as with Hum's simulator.
        simulator = create_agent_simulator(
            clock=clock, sleep=sleep, limit=100, secret=settings.derived_secret("agent simulator")
        )
        http = http or open_http(simulator_adapter=SimulatorAdapter(simulator, sleep=sleep))
    client = AgentClient(
        settings.agent_url,
        key,
        http=http,
        observers=(partial(log_call, event="agent_call"), *observers),
        clock=clock,
        monotonic=monotonic,
        breaker=None if settings.demo else CircuitBreaker(monotonic),
        concurrency=ConcurrencyLimit(settings.hum_connections),
    )
    return Researches(
        ResearchStore(engine),
        client,
        agent=settings.h_agent,
        caps=Caps(settings.h_max_seconds, settings.h_max_steps, settings.h_max_cost, settings.h_concurrency),
        secret=settings.derived_secret("research"),
        find_lookup=lookups.find,
        calls=CallStore(engine) if settings.calls_kept_days else None,
        note_ended=no_one if traces is None else traces.exporter.note_again,
        clock=clock,
        monotonic=monotonic,
    )


def _no_limit() -> int:
    return 0


def _open_http(settings: Settings, clock: Callable[[], float], sleep: Callable[[float], None]) -> requests.Session:
    if not settings.demo:
        return open_http(pool_size=settings.hum_connections)
    # One secret for all workers, so that any of them can answer for a session another one began.
    secret = settings.derived_secret("simulator")
    simulator = create_simulator(clock=clock, sleep=sleep, secret=secret, rate_limit=100_000)
    return open_http(simulator_adapter=SimulatorAdapter(simulator, sleep=sleep), pool_size=settings.hum_connections)


def _metrics(
    settings: Settings, engine: sa.Engine, counters: Counters, traces: Traces | None, clock: Callable[[], float]
) -> Metrics:
    trace_store = None if traces is None else traces.store
    return Metrics(
        counters, MetricsPage(counters, MetricsStore(engine, settings.environment), trace_store, clock=clock)
    )


def _traces(
    settings: Settings, engine: sa.Engine, clock: Callable[[], float], monotonic: Callable[[], float]
) -> Traces | None:
    """Nothing without a key, but in a demo the simulator of HoneyHive takes its place."""
    if settings.traces_are_simulated:
        # A file, so that a page can show what the worker has sent.
        simulator = create_honeyhive_simulator(settings.state_dir / HONEYHIVE_SIMULATOR_FILE, clock=clock)
        url, http = SIMULATOR_URL, open_http(simulator_adapter=SimulatorAdapter(simulator))
    elif settings.honeyhive_api_key:
        url, http = settings.honeyhive_api_url, open_http(pool_size=1)
    else:
        return None
    client = HoneyHiveClient(
        url,
        settings.honeyhive_api_key or "demo-key",
        http=http,
        observers=(partial(log_call, event="honeyhive_call"),),
        clock=clock,
        monotonic=monotonic,
        limiter=RateLimiter(clock, AllowanceStore(engine, HONEYHIVE)),
        breaker=CircuitBreaker(monotonic),
    )
    store = TraceStore(engine, settings.environment)
    return Traces(TraceExporter(store, client, clock=clock), store, client)
