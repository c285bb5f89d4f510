"""Where the parts meet: settings in, ready services out. No Flask here, so a worker or a script can build the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from requests.adapters import BaseAdapter

from webapp.database import WAITS, Waits, bring_up_to_date, open_engine
from webapp.health.service import HealthCheck
from webapp.health.store import HealthStore
from webapp.hum.breaker import Breaker
from webapp.hum.budget import Budget
from webapp.hum.calls import Observer
from webapp.hum.client import HumClient
from webapp.hum.listening import listen
from webapp.hum.seats import Seats
from webapp.hum.transport import open_http
from webapp.lookups.calls import CallStore
from webapp.lookups.coverage import StateCoverages
from webapp.lookups.coverage_store import CoverageStore
from webapp.lookups.history import History
from webapp.lookups.history_store import HistoryStore
from webapp.lookups.pace import LookupClock
from webapp.lookups.recording import CallLog
from webapp.lookups.retention import Retention
from webapp.lookups.retention_store import RetentionStore
from webapp.lookups.service import LookupService
from webapp.lookups.share_store import ShareStore
from webapp.lookups.sharing import Sharing
from webapp.lookups.store import LookupStore
from webapp.lookups.strain import no_strain
from webapp.quotas.starts import Limits, Starts
from webapp.quotas.store import AllowanceStore, StartStore
from webapp.settings import Settings
from webapp.simulator import SCENARIOS, Scenario, SimulatorAdapter
from webapp.simulator import create_app as create_simulator
from webapp.telemetry import log_call

EXAMPLES = ("normal", "late-plans", "slow", "multiple", "geocode-failed", "no-providers", "sixty-providers", "server-error-once")


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the web layer may call."""

    settings: Settings
    engine: sa.Engine
    budget: Budget
    hum: HumClient
    lookups: LookupService
    history: History
    sharing: Sharing
    coverage: StateCoverages
    calls: CallLog
    retention: Retention
    starts: Starts
    health: HealthCheck
    clock: Callable[[], float]

    def examples(self) -> tuple[Scenario, ...]:
        """Addresses worth trying, each with what it shows; none where a real Hum answers."""
        return tuple(SCENARIOS[key] for key in EXAMPLES) if self.settings.demo else ()

    def example_address(self, key: str) -> Mapping[str, str]:
        """The address that plays a scenario; empty for an unknown key or where a real Hum answers."""
        return SCENARIOS[key].address if self.settings.demo and key in SCENARIOS else {}


def build_services(
    settings: Settings,
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
    observers: Sequence[Observer] = (),
    waits: Waits = WAITS,
    strain: Callable[[], float] = no_strain,
) -> Services:
    """Opens the database (bringing its schema up to date) and wires the Hum client; without a key, to the simulator in process.

    `observers` see every exchange with Hum besides those that the program itself has; `waits` say how long the database may take;
    `monotonic` is the clock of the circuit breaker; `strain` says how busy this process is.
    """
    # Outside demo mode no lookup has a time of its own, and this is the plain clock.
    clock = times = LookupClock(clock, sleep)
    engine = open_engine(settings.database_url, waits=waits)
    bring_up_to_date(engine)
    # A demo's faults are plays for one person: they shall not make everybody else wait.
    binding = not settings.demo
    allowance = AllowanceStore(engine, settings.environment) if binding else None
    budget = Budget(clock, allowance, binding=binding)
    recorded = CallStore(engine)
    calls = CallLog(recorded, kept_days=settings.calls_kept_days, clock=clock, monotonic=times.monotonic)
    http = open_http(simulator_adapter=_simulator(settings, times) if settings.demo else None, pool_size=settings.hum_connections)
    hum = HumClient(
        settings.upstream_url,
        settings.hum_api_key or "demo",
        http=http,
        observers=(log_call, listen, *observers),
        clock=clock,
        monotonic=times.monotonic,
        budget=budget,
        breaker=Breaker(monotonic) if binding else None,
        seats=Seats(settings.hum_connections),
    )
    starts = Starts(
        StartStore(engine),
        Limits(settings.lookups_per_minute, settings.lookups_per_minute_address, settings.lookups_per_day),
        secret=settings.derived_secret("starts"),
        zone=settings.time_zone,
        allowance=allowance,
        clock=clock,
    )
    lookups = LookupService(
        LookupStore(engine),
        hum,
        environment=settings.environment,
        poll_interval=settings.poll_interval,
        sync=settings.hum_sync,
        clock=clock,
        recording=calls.recording,
        strain=strain,
        quota=starts,
    )
    return Services(
        settings,
        engine,
        budget,
        hum,
        lookups,
        history=History(HistoryStore(engine), lookups, clock=clock),
        sharing=Sharing(ShareStore(engine), lookups, secret=settings.derived_secret("share"), clock=clock),
        coverage=StateCoverages(CoverageStore(engine), hum, environment=settings.environment, clock=clock),
        calls=calls,
        retention=Retention(
            RetentionStore(engine),
            recorded,
            lookups_kept_days=settings.lookups_kept_days,
            calls_kept_days=settings.calls_kept_days,
            clock=clock,
            sleep=sleep,
        ),
        starts=starts,
        health=HealthCheck(HealthStore(engine), hum, environment=settings.environment, clock=clock),
        clock=clock,
    )


def _simulator(settings: Settings, times: LookupClock) -> BaseAdapter:
    # One secret for all workers, so that any of them can answer for a session another one began.
    app = create_simulator(clock=times, sleep=times.sleep, secret=settings.derived_secret("simulator"), rate_limit=100_000)
    return SimulatorAdapter(app, sleep=times.sleep)
