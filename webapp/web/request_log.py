"""One log line a request, with an id that the person sees on error pages too. Paths are logged by route, never with
what was typed.
"""

from __future__ import annotations

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request

from webapp.telemetry import log

FRAGMENTS = ("lookups.progress", "console.live")

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def register(app: Flask) -> None:
    """Binds the request id to every log line of the request and logs its end."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(6)
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" in g:
            response.headers["X-Request-Id"] = g.request_id
            # Pages that are watched ask every few seconds; a line for each would bury all others, and Hum's calls have
            # lines of their own.
            tell = log.debug if request.endpoint in FRAGMENTS and response.status_code == 200 else log.info
            tell(
                "request",
                method=request.method,
                route=str(request.url_rule) if request.url_rule else None,
                status=response.status_code,
                ms=round((time.perf_counter() - g.began) * 1000, 1),
            )
        return response
