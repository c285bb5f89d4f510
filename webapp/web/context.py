"""What every request has: the services of this application, the facts on every page, and an id that its log line and
error pages show. Paths are logged by route, never with what was typed.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any, cast

import structlog
from flask import Flask, Response, current_app, g, request

from webapp.pages.maps import StateMap
from webapp.services import Services
from webapp.telemetry import log
from webapp.web.forms import FormToken
from webapp.web.viewer import known_viewer

FRAGMENTS = ("lookups.progress", "console.live")

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def services() -> Services:
    """The services this application was built with."""
    return cast(Services, current_app.extensions["services"])


def state_maps() -> Mapping[str, StateMap]:
    """How places are found on the pictures of the states."""
    return cast("Mapping[str, StateMap]", current_app.extensions["state_maps"])


def page_facts() -> dict[str, Any]:
    """What the layout of every page shows."""
    return {
        "banner_token": FormToken(),
        # A browser that was given no cookie yet gets none for a box it may never use.
        "offers_lookup": bool(known_viewer()),
    }


def register(app: Flask) -> None:
    """Gives templates their facts, binds the request id to every log line of the request and logs its end."""
    app.context_processor(page_facts)

    @app.before_request
    def begin() -> None:
        g.request_id = request.headers.get("X-Request-Id", "")
        if not _REQUEST_ID.fullmatch(g.request_id):
            g.request_id = secrets.token_hex(6)
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" in g:
            response.headers["X-Request-Id"] = g.request_id
            log.log(
                _level(response),
                "request",
                method=request.method,
                route=request.url_rule and str(request.url_rule),
                status=response.status_code,
                ms=round((time.perf_counter() - g.began) * 1000, 1),
            )
        return response


def _level(response: Response) -> int:
    # A watched page asks every few seconds; a line for each would bury all others, and Hum's calls have their own.
    if request.endpoint in FRAGMENTS and response.status_code == 200:
        return logging.DEBUG
    return logging.INFO
