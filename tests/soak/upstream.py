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
    """Answers after `latency` seconds, so that there is a middle to be killed in. `sessions` counts by street.

    One in `refuses_every` creates is answered with 503 and begins nothing; 0 refuses none.
    """

    def __init__(self, latency: float, *, refuses_every: int = 0) -> None:
        self._latency = latency
        self._refuses_every = refuses_every
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
            refuses = method == "POST" and self._refuses_every > 0 and self.calls["POST"] % self._refuses_every == 0
            if method == "POST" and not refuses:
                self.sessions[json.loads(body)["street1"]] += 1
        if refuses:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return []
        time.sleep(self._latency / 2)
        answer = self._simulator(environ, start_response)
        time.sleep(self._latency / 2)
        return answer
