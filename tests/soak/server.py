"""A real gunicorn with the app's own settings, to be killed in every way a machine or an operator can."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from tests.paths import ROOT

COMMAND = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.gunicorn_conf", "webapp:create_app()"]
PATIENCE = 60
"""Seconds after which a server that does not do what it should fails the test."""


class Server:
    """One address, whatever has become of the processes behind it, which run the program in `root`. What gunicorn says
    is in `said`.
    """

    def __init__(self, folder: Path, root: Path = ROOT, **environment: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._root = root
        self._log = folder / "gunicorn.log"
        self._environment = (
            os.environ | {"PORT": str(self.port), "STATE_DIR": str(folder), "LOG_LEVEL": "error"} | environment
        )
        self._masters: list[subprocess.Popen[bytes]] = []

    @property
    def said(self) -> str:
        return self._log.read_text()

    def start(self) -> None:
        """Starts it, again and again as a supervisor does while workers of a killed one hold the port; returns when it
        answers.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with self._log.open("ab") as log:
                # A session of its own: a Ctrl-C is for the tests, and what is left in the end can be ended together.
                self._masters.append(
                    subprocess.Popen(
                        COMMAND, cwd=self._root, env=self._environment, stdout=log, stderr=log, start_new_session=True
                    )
                )
            while self._masters[-1].poll() is None and time.monotonic() < deadline:
                if self._answers():
                    return
                time.sleep(0.1)
        raise AssertionError(f"it does not start:\n{self.said[-3000:]}")

    def _answers(self) -> bool:
        """Whether the newest master's workers do; those of one that was killed may answer for a moment, too."""
        if f"[{self._masters[-1].pid}] [INFO] Listening at" not in self.said:
            return False
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/healthz", timeout=5).ok
        return False

    def workers(self) -> list[int]:
        """The processes that serve now, in the order they came."""
        return [pid for pid in map(int, re.findall(r"Booting worker with pid: ([0-9]+)", self.said)) if _is_alive(pid)]

    def kill(self, pid: int) -> None:
        """SIGKILL: no clean-up, no last words."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def kill_master(self) -> None:
        """SIGKILL for it; the workers are asked to leave, as a supervisor does: by themselves they would, but not
        before all browsers.
        """
        self._masters[-1].kill()
        self._masters[-1].wait(PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(self._masters[-1].pid, signal.SIGTERM)

    def kill_machine(self) -> None:
        """SIGKILL for all of its processes at once."""
        os.killpg(self._masters[-1].pid, signal.SIGKILL)
        self._masters[-1].wait(PATIENCE)

    def tell(self, signal_: signal.Signals) -> None:
        """SIGHUP deploys: new workers, the old ones may finish. SIGTERM ends it, and it may finish."""
        self._masters[-1].send_signal(signal_)

    def renew(self, root: Path) -> None:
        """Ends it in order and starts the program in another folder in its place."""
        self.tell(signal.SIGTERM)
        self.ended()
        self._root = root
        self.start()

    def interrupt(self) -> None:
        """Ctrl-C at its terminal: SIGINT for master and workers at once."""
        os.killpg(self._masters[-1].pid, signal.SIGINT)

    def ended(self) -> int:
        """Waits for the end; the exit status."""
        return self._masters[-1].wait(PATIENCE)

    def close(self) -> None:
        for master in self._masters:
            with suppress(ProcessLookupError):
                os.killpg(master.pid, signal.SIGKILL)
            master.wait(PATIENCE)


@contextmanager
def serving(folder: Path, root: Path = ROOT, **environment: str) -> Iterator[Server]:
    """A server that has started."""
    server = Server(folder, root, **environment)
    try:
        server.start()
        yield server
    finally:
        server.close()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
