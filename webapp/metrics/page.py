"""`/metrics`: the counts of all processes, and what the database knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client.core import GaugeMetricFamily

from webapp.database import DatabaseUnavailable
from webapp.metrics.counters import NAMESPACE, Counters
from webapp.metrics.store import MetricsStore, StoredFigures
from webapp.tracing.store import TraceStore, TraceSummary


class MetricsPage:
    """What is shown to whoever may read it. `traces` is None where none are sent."""

    def __init__(
        self, counters: Counters, store: MetricsStore, traces: TraceStore | None, *, clock: Callable[[], float]
    ) -> None:
        self._counters = counters
        self._store = store
        self._traces = traces
        self._clock = clock

    def text(self) -> bytes:
        """The page. A database that is away leaves out what it would know, and is said to be away."""
        return self._counters.exposition(list(self._stored()))

    def _stored(self) -> Iterator[GaugeMetricFamily]:
        now = self._clock()
        figures = self._store.figures(now)
        yield _gauge("database_up", "1 where the database answers.", 0 if figures is None else 1)
        if figures is None:
            return
        yield from _of_lookups(figures, now)
        yield from _of_batches(figures, now)
        traces = self._trace_summary()
        if traces is not None:
            yield from _of_traces(traces, now)

    def _trace_summary(self) -> TraceSummary | None:
        if self._traces is None:
            return None
        try:
            return self._traces.summary()
        except DatabaseUnavailable:
            return None


def _of_lookups(figures: StoredFigures, now: float) -> Iterator[GaugeMetricFamily]:
    yield _gauge("lookups_asked_about", "Lookups that Hum is still asked about.", figures.lookups_asked_about)
    yield _gauge("workers_alive", "Workers that were alive in the last minute.", figures.workers_alive)
    if figures.limit:
        yield _gauge("rate_limit", "Calls that Hum allows in a window.", figures.limit)
        yield _gauge("rate_limit_left", "Calls that are left of it.", figures.limit_left)
    yield _gauge("rate_limit_pause_seconds", "How long Hum still has to be left alone.", figures.paused_until - now)


def _of_batches(figures: StoredFigures, now: float) -> Iterator[GaugeMetricFamily]:
    rows = GaugeMetricFamily(f"{NAMESPACE}_batch_rows", "Rows of running batches to be looked up.", labels=["state"])
    for state, count in figures.rows.items():
        rows.add_metric([state], count)
    yield rows
    is_waiting = bool(figures.rows)
    yield _gauge("batch_age_seconds", "Since the oldest running batch began.", _age(figures.oldest_batch_at, now))
    idle = _age(figures.batch_moved_at, now) if is_waiting else 0.0
    yield _gauge("batch_idle_seconds", "Since a row of a running batch last began or ended, while rows wait.", idle)


def _of_traces(traces: TraceSummary, now: float) -> Iterator[GaugeMetricFamily]:
    yield _gauge("traces_waiting", "Traces that are to be sent.", traces.waiting)
    yield _gauge("traces_age_seconds", "How long the oldest of them has waited.", _age(traces.oldest, now))
    yield _gauge("traces_dropped", "Traces of kept lookups that were given up.", traces.dropped)


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{NAMESPACE}_{name}", meaning, value=max(0.0, value))


def _age(since: float | None, now: float) -> float:
    return 0.0 if since is None else now - since
