"""What one app holds, the shape of its answers, and how a call is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from flask import Response, current_app

from webapp.simulator.honeyhive.events import Events, Json
from webapp.simulator.memory import Calls

CODES = {400: "INVALID_REQUEST", 401: "UNAUTHORIZED", 404: "NOT_FOUND"}


@dataclass(slots=True)
class HoneyHive:
    """Reached as `app.extensions["honeyhive"]`. `fault` may be changed at any time."""

    clock: Callable[[], float]
    api_key: str | None
    events: Events
    fault: str | None
    calls: Calls = field(default_factory=Calls)


class Refusal(Exception):
    """End the call with an error answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status)
        self.status = status
        self.message = message
        self.code = CODES[status]


def honeyhive() -> HoneyHive:
    """The state of the current app."""
    return cast(HoneyHive, current_app.extensions["honeyhive"])


def as_json(status: int, body: Json) -> Response:
    """A JSON response."""
    return Response(json.dumps(body), status, content_type="application/json; charset=utf-8")
