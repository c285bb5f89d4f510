"""Hum for the servers that are killed: takes its time, lives fast, and counts who was paid for."""

from __future__ import annotations

import io
import json
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from webapp.simulator import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

START = time.time()


def fast_clock() -> float:
    """Four seconds of a session in one of ours."""
    return START + (time.time() - START) * 4


class Upstream:
    """Answers after `latency` seconds, so that there is a middle to be killed in. `sessions` counts by street."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._simulator = create_app(clock=fast_clock, rate_limit=10_000_000)
        self._lock = threading.Lock()
        self.sessions: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        with self._lock:
            self.calls[method] += 1
            if method == "POST":
                self.sessions[json.loads(body)["street1"]] += 1
        time.sleep(self._latency / 2)
        answer = self._simulator(environ, start_response)
        time.sleep(self._latency / 2)
        return answer
