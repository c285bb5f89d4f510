"""The envelopes: success with session meta, the two error shapes, dates. Words of errors are Hum's documented ones."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from flask import Response

from webapp.simulator.catalog import Json

DATA_SET = "25041808"
DATA_SET_V1 = "v.1005"

MESSAGES = {
    400: "Missing session token",
    401: "You are not authorized to access this resource.",
    404: "Session not found",
    405: "The method is not allowed for this resource.",
    406: (
        "The content type '{}' is not supported. Please ensure that your content type is 'application/json' and try "
        "again."
    ),
    410: "The requested resource is no longer available.",
    422: "The session could not be created. See errors for details.",
    429: "Too many requests. Please try again later.",
    500: "Internal server error",
}

_HEADER_SAFE_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,128}")


class Refusal(Exception):
    """End the call with an error answer. `reset` (epoch seconds) overrides the rate-limit headers: nothing left until
    then.
    """

    def __init__(
        self,
        status: int,
        *,
        message: str | None = None,
        errors: Json | None = None,
        token: str | None = None,
        reset: int | None = None,
    ) -> None:
        super().__init__(status)
        self.status = status
        self.message = message
        self.errors = errors
        self.token = token
        self.reset = reset


def date(seconds: float) -> str:
    """Epoch seconds as Hum writes them: `2024-09-20T23:13:31.179Z`."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def success(
    status: int, message: str, meta: Json, data: object = None, *, has_data: bool = True, warning: bool = False
) -> Response:
    """A 2xx answer; its meta names the token, which is repeated as a header. `has_data` False leaves `data` out."""
    body: Json = {"message": message, "request_status": "warning" if warning else "ok"}
    if has_data:
        body["data"] = data
    return as_json(status, {**body, "meta": meta}, token=str(meta["session_token"]))


def failure(
    status: int,
    now: float,
    *,
    message: str | None = None,
    errors: Json | None = None,
    token: str | None = None,
) -> Response:
    """An error answer: shape A, or shape B when there are `errors`. The token header is given where Hum documents
    it.
    """
    body: Json = {"message": message or MESSAGES[status], "request_status": "error"}
    if errors is not None:
        body["errors"] = errors
    body["meta"] = {"responded_at": date(now), "hum_data_set": DATA_SET}
    return as_json(status, body, token=token if status not in {401, 406, 429} else None)


def as_json(status: int, body: Json, *, token: str | None = None) -> Response:
    """A JSON response in ASCII, so that even lone surrogates of an echoed text survive."""
    response = Response(json.dumps(body), status, content_type="application/json; charset=utf-8")
    if token is not None and _HEADER_SAFE_TOKEN.fullmatch(token):
        response.headers["session_token"] = token
    return response
