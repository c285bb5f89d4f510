"""The app as it is run: gunicorn with its own settings on a free loopback port, and what its workers cost."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class App:
    """A running server: gunicorn or uvicorn with its workers, or with `alone` one process that does everything."""

    url: str
    master: int
    alone: bool = False

    @property
    def workers(self) -> tuple[int, ...]:
        """The process ids of those that answer."""
        if self.alone:
            return (self.master,)
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text()
        # Python's own watcher of shared memory is a child of uvicorn, too.
        return tuple(int(word) for word in children.split() if not _is_tracker(int(word)))

    def cpu_seconds(self) -> float:
        """CPU that the workers have used so far, the system's part included."""
        total = 0.0
        for worker in self.workers:
            fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / _TICKS
        return total

    def megabytes(self) -> float:
        """Memory that a worker holds for itself alone, on average (private pages)."""
        sizes = []
        for worker in self.workers:
            lines = Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines()
            sizes.append(sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024)
        return sum(sizes) / len(sizes)


@contextmanager
def serve(state: Path, hum_url: str, **environment: str) -> Iterator[App]:
    """Serves the app against a Hum, with all it keeps in `state`."""
    chosen = {
        "STATE_DIR": str(state),
        "HUM_API_URL": hum_url,
        "HUM_API_KEY": "bench",
        "LOOKUPS_PER_MINUTE": "0",
        "LOOKUPS_PER_MINUTE_ADDRESS": "0",
        **environment,
    }
    with gunicorn(("--config", "python:webapp.gunicorn_conf", "webapp:create_app()"), chosen) as app:
        yield app


@contextmanager
def gunicorn(arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[App]:
    """Runs gunicorn on a free loopback port until the block ends."""
    command = (sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--log-level", "error", *arguments)
    with program(command, environment) as app:
        yield app


@contextmanager
def program(
    command: Sequence[str], environment: Mapping[str, str], *, health: str = "/healthz", alone: bool = False
) -> Iterator[App]:
    """Runs a server until the block ends. `{port}` in its command is a free loopback port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    filled = [word.replace("{port}", str(port)) for word in command]
    process = subprocess.Popen(filled, env={"PATH": os.environ["PATH"], **environment}, stdout=subprocess.DEVNULL)
    app = App(f"http://127.0.0.1:{port}", process.pid, alone)
    try:
        _wait_for(f"{app.url}{health}")
        yield app
    finally:
        process.terminate()
        process.wait(40)


def _is_tracker(process: int) -> bool:
    return b"resource_tracker" in Path(f"/proc/{process}/cmdline").read_bytes()


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            if requests.get(url, timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise RuntimeError("the app did not start")
