"""Hum with a limit in short windows of real time, for workers that must not exceed it; counts who was paid for."""

from __future__ import annotations

import io
import json
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from webapp.simulator import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class LimitedHum:
    """Answers `limit` calls in each `window` of seconds after `latency` seconds, and 429 to all others, which `refused`
    counts. Sessions age `speed` seconds in one. `sessions` counts creates by street, `calls` all that were answered.
    """

    def __init__(self, limit: int, window: float, *, latency: float = 0.0, speed: float = 1.0) -> None:
        started = time.time()
        self._limit, self._window, self._latency = limit, window, latency
        self._simulator = create_app(clock=lambda: started + (time.time() - started) * speed, rate_limit=10_000_000)
        self._lock = threading.Lock()
        self._answered: Counter[int] = Counter()
        self.sessions: Counter[str] = Counter()
        self.refused = 0

    @property
    def calls(self) -> int:
        return sum(self._answered.values())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        number = int(time.time() // self._window)
        with self._lock:
            remaining = self._limit - self._answered[number] - 1
            if remaining < 0:
                self.refused += 1
            else:
                self._answered[number] += 1
                if environ["REQUEST_METHOD"] == "POST":
                    self.sessions[json.loads(body)["street1"]] += 1
        own = [
            ("X-RateLimit-Limit", str(self._limit)),
            ("X-RateLimit-Remaining", str(max(0, remaining))),
            ("X-RateLimit-Reset", str(int((number + 1) * self._window))),
        ]
        if remaining < 0:
            start_response("429 Too Many Requests", [*own, ("Content-Length", "0")])
            return []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            kept = [header for header in headers if not header[0].lower().startswith("x-ratelimit-")]
            return start_response(status, [*kept, *own], *more)

        time.sleep(self._latency / 2)
        answer = self._simulator(environ, start)
        time.sleep(self._latency / 2)
        return answer
