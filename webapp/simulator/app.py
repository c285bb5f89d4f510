"""The WSGI app: what is true of every call (rate limit, key, content type, headers, error shape). The calls are in
`endpoints`.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from webapp.simulator import endpoints
from webapp.simulator.envelopes import MESSAGES, Refusal, failure
from webapp.simulator.faults import timing
from webapp.simulator.faults.table import FAULTS
from webapp.simulator.memory import Allowance, RateLimit
from webapp.simulator.scenario import Scenario
from webapp.simulator.scenarios import SCENARIOS
from webapp.simulator.state import Simulator, simulator

DEFAULT_SECRET = b"hum simulator: its tokens guard nothing"
WRONG_KEY = "wrong-key"
_OPEN_TO_ALL = "openapi"
_LARGEST_BODY = 64 * 1024


def create_app(
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    api_key: str | None = None,
    rate_limit: int = 100,
    rate_window: float = 60.0,
    secret: bytes = DEFAULT_SECRET,
    faults: bool = False,
    more_scenarios: Iterable[Scenario] = (),
) -> Flask:
    """The simulator as a Flask app.

    `clock` gives epoch seconds and is all that moves sessions on; `sleep` is used by answers that hang. `api_key` None
    accepts any bearer token but `wrong-key`. `rate_limit` requests are answered per key and `rate_window` seconds. Apps
    with the same `secret` answer for each other's sessions. With `faults` the fault catalog can be chosen besides the
    scenarios, and so can `more_scenarios`, whose numbers and keys must be their own. `app.extensions["simulator"]`
    counts calls: see `state.Simulator`.
    """
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config.update(PROVIDE_AUTOMATIC_OPTIONS=False, MAX_CONTENT_LENGTH=_LARGEST_BODY)
    app.url_map.merge_slashes = False
    scenarios = SCENARIOS
    if faults:
        scenarios = {**SCENARIOS, **FAULTS}
    scenarios = {**scenarios, **{scenario.key: scenario for scenario in more_scenarios}}
    limit = RateLimit(rate_limit, rate_window)
    app.extensions["simulator"] = Simulator(clock, sleep, api_key, limit, secret, scenarios)
    app.register_blueprint(endpoints.blueprint)
    app.before_request(_count)
    app.before_request(_spend)
    app.before_request(_authorize)
    app.before_request(_check_content_type)
    # Flask runs these last to first: a fault alters the answer as it would have left.
    app.after_request(timing.alter_answer)
    app.after_request(_add_rate_headers)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _count() -> None:
    operation = _operation()
    if operation is not None:
        simulator().calls.add(operation)


def _spend() -> None:
    if _operation() == _OPEN_TO_ALL:
        return
    state = simulator()
    g.allowance = state.rate_limit.spend(_bearer() or "", state.clock())
    if g.allowance.refused:
        raise Refusal(429)


def _authorize() -> None:
    if _operation() == _OPEN_TO_ALL or (_operation() == "ping" and "Authorization" not in request.headers):
        return
    given, expected = _bearer(), simulator().api_key
    if (
        not given
        or given == WRONG_KEY
        or (expected is not None and not hmac.compare_digest(given.encode(), expected.encode()))
    ):
        raise Refusal(401)


def _check_content_type() -> None:
    """Hum refuses other content types on every call; a call without a body may leave the header out."""
    given = request.headers.get("Content-Type", "")
    if (
        request.mimetype == "application/json"
        or (not given and request.method != "POST")
        or _operation() in {None, _OPEN_TO_ALL}
    ):
        return
    raise Refusal(406, message=MESSAGES[406].format(given[:100]))


def _operation() -> str | None:
    if request.endpoint is None:
        return None
    return request.endpoint.rpartition(".")[2]


def _bearer() -> str | None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return given.strip() or None


def _add_rate_headers(response: Response) -> Response:
    allowance: Allowance | None = g.get("allowance")
    if allowance is not None:
        response.headers.update(allowance.headers())
    return response


def _refused(refusal: Refusal) -> Response:
    if refusal.reset is not None and "allowance" in g:
        g.allowance = replace(g.allowance, remaining=0, reset=refusal.reset)
    return failure(
        refusal.status, simulator().clock(), message=refusal.message, errors=refusal.errors, token=refusal.token
    )


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    message = MESSAGES.get(status, error.name)
    if status == 404:
        message = "Not found"
    response = failure(status, simulator().clock(), message=message)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response
