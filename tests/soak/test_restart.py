"""Ending and deploying the app in the middle of its work: whoever has asked is answered, and what was begun goes on."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from tests.integration.web.site import serve
from tests.soak.people import HTMX, Person
from tests.soak.server import PATIENCE, ROOT, serving
from tests.soak.upstream import Upstream

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Gate:
    """Hum behind a gate: who comes while it is closed is counted, and waits."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._open = threading.Event()
        self._open.set()
        self._came = threading.Semaphore(0)
        self.polled = False
        """Whether a poll has come while it was closed."""

    def close(self) -> None:
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    def wait_for(self, callers: int) -> None:
        for _ in range(callers):
            assert self._came.acquire(timeout=PATIENCE), "somebody did not come as far as Hum"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not self._open.is_set():
            self.polled = self.polled or environ["REQUEST_METHOD"] == "GET"
            self._came.release()
            self._open.wait(PATIENCE)
        return self._upstream(environ, start_response)


def _poll(person: Person, path: str, gate: Gate) -> requests.Response:
    """The answer to the first poll that comes as far as Hum; those before it are not due yet."""
    while True:
        answer = person.ask("GET", f"{path}/progress", HTMX)
        if gate.polled:
            return answer
        time.sleep(0.05)


@pytest.mark.long
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP], ids=["ended", "deployed"])
def test_who_has_asked_is_answered_and_what_was_begun_goes_on(told: signal.Signals, tmp_path: Path) -> None:
    upstream = Upstream(latency=0)
    gate = Gate(upstream)
    with (
        serve(gate) as hum,  # type: ignore[arg-type]
        serving(tmp_path, WEB_CONCURRENCY="1", POLL_INTERVAL="0.3", HUM_API_URL=hum, HUM_API_KEY="key") as server,
        ThreadPoolExecutor(2) as pool,
    ):
        watching, beginning = Person(server.url), Person(server.url)
        path = watching.begin("1 Main St")
        gate.close()
        polled = pool.submit(_poll, watching, path, gate)
        begun = pool.submit(beginning.begin, "2 Main St")
        gate.wait_for(2)
        (old,) = server.workers()
        server.tell(told)
        said = "Handling signal: " + ("term" if told is signal.SIGTERM else "hup")
        _until(lambda: said in server.said, "the server did not hear")
        gate.open()

        assert 'id="progress"' in polled.result(PATIENCE).text
        second = begun.result(PATIENCE)
        for person in (watching, beginning):
            assert person.notes.broken == 0, "answered at the first time of asking"
            person.leave()  # a connection that is kept open would be waited for, too
        _until(lambda: old not in server.workers(), "the old worker stays")
        if told is signal.SIGTERM:
            assert server.ended() == 0
            server.start()
        watching.watch(path)
        beginning.watch(second)
        for person in (watching, beginning):
            assert all('id="outcome"' in page and "provider" in page for page in person.notes.ended.values())
            assert person.notes.statuses.keys() == {200, 303}
            person.leave()
    assert upstream.sessions == {"1 Main St": 1, "2 Main St": 1}


def test_a_deploy_runs_the_new_program_also_where_the_master_holds_the_old_one(tmp_path: Path) -> None:
    release = tmp_path / "release"
    for folder in ("webapp", "templates", "static"):
        shutil.copytree(ROOT / folder, release / folder, ignore=shutil.ignore_patterns("__pycache__"))
    with serving(tmp_path, release, WEB_CONCURRENCY="1") as server:
        (old,) = server.workers()
        with (release / "webapp" / "database" / "__init__.py").open("a") as file:
            file.write("\n\ndef is_available(engine: sa.Engine) -> bool:\n    return False\n")
        server.tell(signal.SIGHUP)
        _until(lambda: server.workers() not in ([old], []) and old not in server.workers(), "no new worker")
        _until(
            lambda: requests.get(f"{server.url}/healthz", timeout=PATIENCE).text == "degraded\n",
            "the new worker runs the old program",
        )


def test_ctrl_c_ends_it_without_a_trace(tmp_path: Path) -> None:
    with serving(tmp_path, WEB_CONCURRENCY="2") as server:
        server.interrupt()
        assert server.ended() == 0
        assert not server.workers()
        assert "Traceback" not in server.said


def _until(happened: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)
