"""The WSGI app: what is true of every call (key, error shape, faults). The calls are in `endpoints`."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from webapp.simulator.honeyhive import endpoints
from webapp.simulator.honeyhive.events import Events
from webapp.simulator.honeyhive.faults import FAULTS
from webapp.simulator.honeyhive.state import HoneyHive, Refusal, as_json, honeyhive

WRONG_KEY = "wrong-key"
_OPEN_TO_ALL = "honeyhive.openapi"
_LARGEST_BODY = 5 * 1024 * 1024


def create_app(
    file: Path, *, clock: Callable[[], float] = time.time, api_key: str | None = None, fault: str | None = None
) -> Flask:
    """The simulator as a Flask app that keeps its events in a SQLite `file`: apps of one file know the same events.

    `clock` gives epoch seconds. `api_key` None accepts any bearer token but `wrong-key`. `fault` is a key of
    `faults.FAULTS`; a test changes it later in `app.extensions["honeyhive"]`, which also counts the calls.
    """
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config.update(PROVIDE_AUTOMATIC_OPTIONS=False, MAX_CONTENT_LENGTH=_LARGEST_BODY)
    app.url_map.merge_slashes = False
    app.extensions["honeyhive"] = HoneyHive(clock, api_key, Events(file), fault)
    app.register_blueprint(endpoints.blueprint)
    app.before_request(_count)
    app.before_request(_authorize)
    app.before_request(_refuse)
    app.after_request(_alter)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _count() -> None:
    if request.endpoint is not None:
        honeyhive().calls.add(request.endpoint.rpartition(".")[2])


def _authorize() -> None:
    if request.endpoint == _OPEN_TO_ALL:
        return
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    expected = honeyhive().api_key
    if (
        scheme.lower() != "bearer"
        or not given.strip()
        or given == WRONG_KEY
        or (expected is not None and not hmac.compare_digest(given.encode(), expected.encode()))
    ):
        raise Refusal(401, "Unauthorized: the API key is missing or not valid")


def _refuse() -> Response | None:
    """Faults that come in place of an answer: nothing is stored."""
    fault = FAULTS.get(honeyhive().fault or "")
    if fault is None or not fault.refuses or not fault.concerns(request.endpoint):
        return None
    return fault.alter(Response())


def _alter(response: Response) -> Response:
    """Faults of the answer: what was sent has been stored all the same."""
    fault = FAULTS.get(honeyhive().fault or "")
    if fault is None or fault.refuses or not fault.concerns(request.endpoint):
        return response
    return fault.alter(response)


def _refused(refusal: Refusal) -> Response:
    return as_json(refusal.status, {"message": refusal.message, "errorCode": refusal.code})


def _http_error(error: HTTPException) -> Response:
    response = as_json(error.code or 500, {"message": error.name, "errorCode": "HTTP_ERROR"})
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response
