"""What each process counts: web processes and workers of one machine, in files that they share.

Each process writes files of its own in one folder, and whoever is asked adds them up. The files of processes that have
ended stay: their counts would otherwise be taken for new ones. They go when the server starts anew.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from webapp.lookups.lifecycle import Lookup
from webapp.upstream.call import Call

NAMESPACE = "isp_lookup"
FOLDER = "metrics"
REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
CALL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 20.0, 25.0)
LOOKUP_BUCKETS = (2.0, 4.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 60.0, 300.0)
_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_HOST = socket.gethostname().replace("_", "-")


class Counters:
    """The counters of this process, kept in `folder`, which is made. A process has one of them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        # How the library is told where its files are. Containers that share a volume may have the same process ids.
        os.environ[_FOLDER_VARIABLE] = str(folder)
        values.ValueClass = values.MultiProcessValue(_process)  # type: ignore[no-untyped-call]
        self._lookups = Counter(
            f"{NAMESPACE}_lookups_ended", "Lookups that ended or paused.", ("outcome", "kind"), registry=None
        )
        self._lookup_seconds = _histogram("lookup_seconds", "From the form to the end.", "outcome", LOOKUP_BUCKETS)
        self._calls = Counter(
            f"{NAMESPACE}_hum_calls", "Calls to Hum; status is a code or a word.", ("call", "status"), registry=None
        )
        self._call_seconds = _histogram("hum_call_seconds", "Calls to Hum, to the last byte.", "call", CALL_BUCKETS)
        self._requests = Counter(
            f"{NAMESPACE}_requests", "Requests that were answered.", ("route", "status"), registry=None
        )
        self._request_seconds = _histogram(
            "request_seconds", "Requests; lookups.progress is the fragment.", "route", REQUEST_BUCKETS
        )
        self._hum_down = Gauge(
            f"{NAMESPACE}_hum_down_timestamp_seconds",
            "When the breaker last refused calls.",
            multiprocess_mode="max",
            registry=None,
        )

    def count_lookup(self, lookup: Lookup) -> None:
        """A lookup has ended or paused. Seconds that nobody measured are left out."""
        outcome = "unknown" if lookup.outcome is None else lookup.outcome.value
        self._lookups.labels(outcome, "person" if lookup.batch_id is None else "batch").inc()
        if lookup.finished_at is not None and lookup.left_at is None:
            self._lookup_seconds.labels(outcome).observe(lookup.finished_at - lookup.created_at)

    def count_call(self, call: Call) -> None:
        """Observer of every exchange with Hum."""
        self._calls.labels(call.operation, call.error or str(call.status)).inc()
        self._call_seconds.labels(call.operation).observe(call.milliseconds / 1000)

    def count_request(self, route: str, status: int, seconds: float) -> None:
        """A request was answered. `route` is its name, never its path."""
        self._requests.labels(route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def note_hum_down(self, now: float) -> None:
        """The breaker of this process refuses calls. `now` is in epoch seconds."""
        self._hum_down.set(now)

    def exposition(self, stored: Iterable[Metric]) -> bytes:
        """The counts of all processes and the `stored` figures, as Prometheus reads them."""
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(self._folder))  # type: ignore[no-untyped-call]
        registry.register(_Stored(stored))
        return generate_latest(registry)


def forget_ended_processes(folder: Path) -> None:
    """Deletes the files of this machine's processes that have ended."""
    for file in folder.glob(f"*-{_HOST}.db"):
        process_id = file.name.removesuffix(f"-{_HOST}.db").rpartition("_")[2]
        if process_id.isdigit() and not _is_alive(int(process_id)):
            with suppress(OSError):
                file.unlink()


def _histogram(name: str, meaning: str, label: str, buckets: tuple[float, ...]) -> Histogram:
    return Histogram(f"{NAMESPACE}_{name}", meaning, (label,), buckets=buckets, registry=None)


class _Stored(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """What the database knows."""
        return self._metrics


def _process() -> str:
    return f"{os.getpid()}-{_HOST}"


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        # Another user's.
        return True
    return True
