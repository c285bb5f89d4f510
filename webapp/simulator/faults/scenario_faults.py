"""The faults of scenarios: most end the call with an error answer, one is a gateway's HTML page, one makes the caller
wait.
"""

from __future__ import annotations

import math

from flask import Response

from webapp.simulator.clock import wait
from webapp.simulator.envelopes import Refusal
from webapp.simulator.scenario import FaultKind
from webapp.simulator.state import simulator
from webapp.simulator.transport_faults import HANG_SECONDS

RESET_SECONDS = 3.0

_GATEWAY_PAGE = (
    "<!doctype html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>Bad gateway</h1></body></html>\n"
)


def refuse_or_wait(
    kind: FaultKind, *, speed: float, token: str | None = None, until: float | None = None
) -> Response | None:
    """Raise the fault's Refusal, or return its page, or wait and return None: the call then goes on.

    `until` (epoch seconds) is when a rate limit ends, by default 3 s from now.
    """
    if kind is FaultKind.HANG:
        wait(HANG_SECONDS, speed)
        return None
    if kind is FaultKind.HTML:
        return Response(_GATEWAY_PAGE, 502, content_type="text/html; charset=utf-8")
    if kind is FaultKind.RATE_LIMITED:
        if until is None:
            until = simulator().clock() + RESET_SECONDS
        raise Refusal(429, reset=math.ceil(until))
    raise Refusal(int(kind.value), token=token)
