"""Faults that are an HTTP status: refusals, gateway errors, redirects, and rate limits whose headers are right, wrong
or missing.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from flask import Response, request

from webapp.simulator.catalog import Json
from webapp.simulator.envelopes import MESSAGES, failure
from webapp.simulator.faults import MARKUP, AnswerFault
from webapp.simulator.state import simulator

_NOT_OURS = {403: "Forbidden", 503: "Service Unavailable"}
_GATEWAYS = {502: "Bad Gateway", 504: "Gateway Time-out"}
_WAIT_SECONDS = 5
_ELSEWHERE = "https://elsewhere.invalid/sessions"


def refused(status: int) -> AnswerFault:
    """Hum's own error answer with this status."""
    message = MESSAGES.get(status) or _NOT_OURS[status]
    return lambda answer: failure(status, simulator().clock(), message=message)


def unsupported(answer: Response) -> Response:
    """406, although the content type was right."""
    return failure(406, simulator().clock(), message=MESSAGES[406].format("application/json"))


def unprocessable(answer: Response) -> Response:
    """422 with errors, as Hum documents it, and markup in one of them."""
    errors: Json = {"base": ["The session cannot be processed"], "zip": [f"is outside our area {MARKUP}"]}
    return failure(422, simulator().clock(), errors=errors)


def gateway_page(status: int) -> AnswerFault:
    """A gateway's HTML page, which repeats what it was sent, key and all."""
    return lambda answer: _page(status, _GATEWAYS[status])


def page_with_200(answer: Response) -> Response:
    """A page in place of JSON, as from a portal that wants people to sign in."""
    return _page(200, "Sign in to continue")


def busy(answer: Response) -> Response:
    """503 with the seconds to wait, as a load balancer sends it."""
    response = refused(503)(answer)
    response.headers["Retry-After"] = str(_WAIT_SECONDS)
    return response


def nothing(answer: Response) -> Response:
    """204: success without a body."""
    return Response(status=204)


def redirect(answer: Response) -> Response:
    """302 to another host, where the key must not go."""
    return Response(_document("Moved"), 302, {"Location": _ELSEWHERE}, content_type="text/html; charset=utf-8")


def rate_limited(headers: Callable[[float], dict[str, str]]) -> AnswerFault:
    """429 with these headers, made from the simulator's time."""

    def apply(answer: Response) -> Response:
        now = simulator().clock()
        response = failure(429, now)
        response.headers.update(headers(now))
        return response

    return apply


limited_until_reset = rate_limited(lambda now: _limit(math.ceil(now + _WAIT_SECONDS)))
limited_until_past = rate_limited(lambda now: _limit(math.floor(now - 60)))
limited_until_tomorrow = rate_limited(lambda now: _limit(math.ceil(now + 86_400)))
limited_until_garbage = rate_limited(lambda now: _limit(f"soon {MARKUP}"))
limited_without_reset = rate_limited(lambda now: {})
limited_with_retry_after = rate_limited(lambda now: {"Retry-After": str(_WAIT_SECONDS)})


def _limit(reset: object) -> dict[str, str]:
    return {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}


def _page(status: int, title: str) -> Response:
    return Response(_document(title), status, content_type="text/html; charset=utf-8")


def _document(title: str) -> str:
    asked = f"{request.method} {request.path} {request.headers.get('Authorization', '')}"
    return (
        "<!doctype "
        f"html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1>{MARKUP}<pre>{asked}</pre></body></html>\n"
    )
