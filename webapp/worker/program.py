"""One worker: batches' rows, lookups that nobody watches, and deleting what is old; until it is told to end."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from functools import partial

from webapp.batches.batch import BatchRow
from webapp.batches.running import DailyLimitReached, Pace, RowLookup, RunningBatches
from webapp.batches.store import BatchStore
from webapp.database.readiness import make_ready_patiently
from webapp.health.heartbeats import BEAT_EACH
from webapp.lookups.polling import NoQuota
from webapp.quotas.lookup_quota import LookupQuota, QuotaExceeded
from webapp.services import Services, build_services
from webapp.settings import Settings
from webapp.telemetry import configure_logging, log
from webapp.upstream.circuit_breaker import OPEN_FOR
from webapp.worker.duties import Duties, Duty
from webapp.worker.engine import Engine, EngineUnusable, RowRun

BEGIN_EACH, SEE_TO_LOST_EACH, FINISH_EACH, TRACE_EACH, PRUNE_EACH = 1.0, 5.0, 10.0, 10.0, 3600.0
"""Seconds between two rounds of a duty."""
LAST_CALLS = 30.0
"""Seconds in which calls that are under way may end: above the deadline of every call to Hum."""


def run(settings: Settings, stopped: threading.Event, say: Callable[[str], None]) -> None:
    """Works until `stopped` is set. `say` gets lines for the person who started it.

    Raises DatabaseUnusable for a database, and EngineUnusable for engine's tables, that waiting would not mend.
    """
    configure_logging(settings.log_level)
    services = build_services(settings)

    def sleep(seconds: float) -> None:
        if stopped.wait(seconds):
            raise SystemExit(0)

    make_ready_patiently(services.engine, say, sleep=sleep)
    worker = BackgroundWork(services, stopped)
    worker.start()
    stopped.wait()
    worker.stop()
    services.engine.dispose()


class BackgroundWork:
    """The parts of a worker around ready services."""

    def __init__(self, services: Services, stopped: threading.Event) -> None:
        settings, store = services.settings, BatchStore(services.engine)
        self.id = secrets.token_hex(8)
        self._services = services
        self._batches = RunningBatches(
            store,
            Pace(services.stated_limit, is_demo=settings.demo),
            environment=settings.environment,
            clock=services.clock,
        )
        row_lookup = RowLookup(
            store,
            services.lookups,
            BatchQuota(services.starts),
            campaign_id=settings.campaign_id or None,
            foreseen_wait=self._foreseen_wait,
            wait=stopped.wait,
            clock=services.clock,
        )
        self._engine = Engine(settings.database_url, settings.state_dir, self.id, row_lookup.run)
        self._heartbeat = Duty("heartbeat", BEAT_EACH, self._beat)
        self._leave = Duty("leave", 0.0, partial(services.heartbeats.leave, self.id))
        duties = [
            self._heartbeat,
            Duty("begin rows", BEGIN_EACH, self._begin_rows),
            Duty("lost rows", SEE_TO_LOST_EACH, self._see_to_lost_rows),
            Duty("unwatched lookups", FINISH_EACH, services.unwatched.finish),
            *self._research_duties(services),
            Duty("retention", PRUNE_EACH, services.retention.prune),
        ]
        if services.traces is not None:
            duties.append(Duty("traces", TRACE_EACH, partial(services.traces.exporter.export, stopped.is_set)))
        self._duties = Duties(duties, stopped)

    @staticmethod
    def _research_duties(services: Services) -> list[Duty]:
        if services.researches is None:
            return []
        return [Duty("abandoned research", FINISH_EACH, services.researches.finish_abandoned)]

    def start(self) -> None:
        """Begins to work. Raises EngineUnusable."""
        # Before others could take it for dead.
        self._heartbeat.do_once()
        try:
            self._engine.start()
        except EngineUnusable:
            self._leave.do_once()
            raise
        self._duties.start()
        log.info("worker_started", worker=self.id)

    def stop(self) -> None:
        """Ends in order: calls that are under way end, and rows wait for another worker."""
        self._duties.join(LAST_CALLS)
        self._engine.stop(LAST_CALLS)
        self._leave.do_once()
        log.info("worker_stopped", worker=self.id)

    def _beat(self) -> None:
        services = self._services
        services.heartbeats.beat(self.id)
        if services.metrics is not None and services.hum.is_down:
            services.metrics.counters.note_hum_down(services.clock())

    def _begin_rows(self) -> None:
        self._engine.hand_over([_run_of(row) for row in self._batches.begin_rows()])

    def _see_to_lost_rows(self) -> None:
        living = self._services.heartbeats.living() | {self.id}
        taken_over = self._engine.take_over(living)
        if taken_over:
            log.warning("rows_taken_over", rows=taken_over)
        self._engine.forget_other_versions(living)
        self._engine.clear()
        self._engine.hand_over([_run_of(row) for row in self._batches.begun_long_ago()])

    def _foreseen_wait(self) -> float:
        if self._services.hum.is_down:
            return OPEN_FOR
        return self._services.limiter.wait_of_a_batch()


class BatchQuota(NoQuota):
    """A batch's lookups count for the day. It has no minute of its own to use up: it goes as fast as it may."""

    def __init__(self, quota: LookupQuota) -> None:
        self._quota = quota

    def count(self, *, viewer: str, network: str) -> None:
        """Counts a lookup, or raises DailyLimitReached."""
        try:
            self._quota.count(viewer=viewer, network=network, for_day_only=True)
        except QuotaExceeded:
            raise DailyLimitReached from None


def _run_of(row: BatchRow) -> RowRun:
    """Named by what is different each time that a row is begun."""
    begun_at = round((row.begun_at or 0.0) * 1000)
    return RowRun(f"{row.batch_id}-{row.position}-{row.attempt}-{begun_at}", row.batch_id, row.position)
