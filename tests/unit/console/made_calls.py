"""Calls as they are recorded, made by hand."""

from __future__ import annotations

import json
from dataclasses import replace

from webapp.lookups.recorded_calls import RecordedCall, Turn, TurnKind
from webapp.upstream.call import Call

START = 1_790_000_000.0
PATHS = {
    "create": ("POST", "/sessions"),
    "status": ("GET", "/sessions/{token}"),
    "internet": ("GET", "/sessions/{token}/services/internet"),
    "close": ("DELETE", "/sessions/{token}"),
}


def call(operation: str = "status", status: int | None = 200, *, body: object = None, **facts: object) -> Call:
    """A call that answers with a JSON body; `facts` replace any field."""
    method, path = PATHS[operation]
    text = "" if body is None else json.dumps(body)
    plain = Call(
        operation, method, path, status, START, 100, {"Accept": "application/json"}, None, {}, text, len(text), None
    )
    return replace(plain, **facts)  # type: ignore[arg-type]


def recorded(
    number: int, call: Call, kind: TurnKind = TurnKind.POLL, *, turn_at: float | None = None, took: int = 120
) -> RecordedCall:
    """The call in a turn of its own, or in the one that began at `turn_at`."""
    return RecordedCall(number, Turn(kind, call.started_at if turn_at is None else turn_at, took), call, cut=False)
