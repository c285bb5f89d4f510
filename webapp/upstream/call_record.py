"""Makes the `Call` of an exchange: headers by an allow-list, bodies masked and clamped. What is not named here is never
recorded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.hum.answers import Reading
from webapp.hum.endpoints import Operation
from webapp.hum.texts import clean
from webapp.upstream.call import MAX_BODY_CHARACTERS, Call
from webapp.upstream.masking import HIDDEN, Mask, hint, storable

REQUEST_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent", "X-Simulator-Scenario")
RESPONSE_HEADERS = (
    "Age",
    "Cache-Control",
    "Content-Length",
    "Content-Type",
    "Date",
    "Retry-After",
    "Server-Timing",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-Id",
    "session_token",
)


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """When an exchange began (epoch seconds) and how long it took."""

    started_at: float
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Received:
    """What came back: all of it optional, since an exchange can fail at any point. `error` is one short word."""

    status: int | None
    headers: Mapping[str, str]
    body: bytes
    reading: Reading
    size: int
    error: str | None


def call_of(
    operation: Operation,
    took: Stopwatch,
    headers: Mapping[str, str],
    request_body: str | None,
    received: Received,
    mask: Mask,
) -> Call:
    """The exchange as observers may see it."""
    return Call(
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        status=received.status,
        started_at=took.started_at,
        milliseconds=took.milliseconds,
        request_headers={"Authorization": f"Bearer {HIDDEN}", **_allowed(headers, REQUEST_HEADERS, mask)},
        request_body=None if request_body is None else mask.text(request_body)[:MAX_BODY_CHARACTERS],
        response_headers=_allowed(received.headers, RESPONSE_HEADERS, mask),
        response_body=_shown(received, mask)[:MAX_BODY_CHARACTERS],
        size=received.size,
        error=received.error,
    )


def _allowed(headers: Mapping[str, str], names: tuple[str, ...], mask: Mask) -> dict[str, str]:
    said = {name: clean(headers[name]) for name in names if name in headers}
    return {name: hint(text) if name == "session_token" else mask.text(text) for name, text in said.items()}


def _shown(received: Received, mask: Mask) -> str:
    if received.reading.is_json:
        return json.dumps(mask.with_hints(received.reading.value), ensure_ascii=False)
    return mask.raw_text(storable(received.body.decode("utf-8", "replace")))
