"""Real workers over one database, to be killed; and batches for them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.paths import ROOT
from webapp.addresses.address import Address
from webapp.batches.batch import UNFINISHED_ROWS, Batch, BatchRow, BatchState, RowState, RowVerdict
from webapp.batches.store import BatchStore
from webapp.database import clock_of, open_engine
from webapp.health.heartbeats import Heartbeats

COMMAND = ["-m", "webapp.worker"]
OLDER_RELEASE = """
import runpy
from webapp.worker import engine
engine.VERSION = "0"
runpy.run_module("webapp.worker", run_name="__main__")
"""
PATIENCE = 60.0
VIEWER = "viewer"


class WorkerProcess:
    """One worker; what it says is in `said`."""

    def __init__(self, folder: Path, number: int, environment: dict[str, str], arguments: Sequence[str]) -> None:
        self._log = folder / f"worker-{number}.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=os.environ | {"STATE_DIR": str(folder), "LOG_LEVEL": "info"} | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._log.read_text()

    def wait_until_it_works(self) -> None:
        until(lambda: "worker_started" in self.said or self.process.poll() is not None, "the worker does not start")
        assert self.process.poll() is None, self.said

    def kill(self) -> None:
        """SIGKILL: no clean-up, no last words."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def end(self, wish: signal.Signals = signal.SIGTERM) -> int:
        """Asks it to end; its exit status."""
        self.process.send_signal(wish)
        return self.process.wait(PATIENCE)


class Workers:
    """All workers that a test starts in a folder, on the same settings."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._folder = folder
        self._environment = environment
        self.processes: list[WorkerProcess] = []

    def start(self, arguments: Sequence[str] = COMMAND) -> WorkerProcess:
        """A new one, which may still be getting ready."""
        worker = WorkerProcess(self._folder, len(self.processes), self._environment, arguments)
        self.processes.append(worker)
        return worker

    def said(self) -> str:
        return "".join(worker.said for worker in self.processes)


@contextmanager
def workers_on(folder: Path, **environment: str) -> Iterator[Workers]:
    """None at first; those that live in the end are killed."""
    workers = Workers(folder, **environment)
    try:
        yield workers
    finally:
        for worker in workers.processes:
            worker.kill()


class RunningBatch:
    """A batch of so many addresses in a database, as pages would have started it; of 0 addresses, one that is there."""

    def __init__(self, database_url: str, size: int, environment: str = "CUSTOM", *, first: int = 1000) -> None:
        self.engine = open_engine(database_url, pool_size=4)
        self.store = BatchStore(self.engine)
        self.heartbeats = Heartbeats(self.engine, clock_of(self.engine))
        self.id = f"batch-{first}"
        if size:
            self._add(size, first, environment)

    def _add(self, size: int, first: int, environment: str) -> None:
        now = clock_of(self.engine)()
        streets = [f"{first + number} Main St" for number in range(size)]
        rows = [
            BatchRow(
                self.id, number, number, (), Address(street, zip="48226"), RowVerdict.READY, state=RowState.WAITING
            )
            for number, street in enumerate(streets, 1)
        ]
        batch = Batch(self.id, VIEWER, "A", environment, now, size, state=BatchState.RUNNING, started_at=now)
        self.store.add(batch, rows)

    @property
    def state(self) -> BatchState:
        found = self.store.find(self.id)
        assert found is not None
        return found.state

    def rows(self) -> list[BatchRow]:
        return self.store.rows(self.id, 10_000)

    def ended(self) -> int:
        return sum(row.state not in UNFINISHED_ROWS for row in self.rows())

    def ends(self) -> Counter[tuple[str, str | None, str | None]]:
        """How many rows ended how: state, outcome and error."""
        return Counter((row.state.value, row.outcome, row.error) for row in self.rows())

    def standing(self) -> str:
        """The batch's state, how its rows ended, and those that have not."""
        unfinished = [row for row in self.rows() if row.state in UNFINISHED_ROWS]
        return f"{self.state}, {dict(self.ends())}, {unfinished}"

    def close(self) -> None:
        self.engine.dispose()


def until(
    happened: Callable[[], object], otherwise: str, patience: float = PATIENCE, *, tell: Callable[[], object] = str
) -> float:
    """Waits; the seconds that it took. `tell` says how things stand when it has waited in vain."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < patience, f"{otherwise}: {tell()}"
        time.sleep(0.1)
    return time.monotonic() - began
