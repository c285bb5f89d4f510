"""What time it is for the session of a request, and how long its caller waits.

A session ages with the simulator's clock, `X-Simulator-Speed` times as fast if its create call asked for that. A caller
that keeps a session's time itself, as the demo does step by step, sends its age with each call in `X-Simulator-Age`.
"""

from __future__ import annotations

import math

from flask import request

from webapp.simulator.adapter import Patience
from webapp.simulator.envelopes import Refusal
from webapp.simulator.session_tokens import HIGHEST_SPEED, Ticket
from webapp.simulator.state import simulator

SPEED_HEADER = "X-Simulator-Speed"
AGE_HEADER = "X-Simulator-Age"
_HIGHEST_AGE = 86_400.0
_BAD_SPEED = f"{SPEED_HEADER} must be a whole number from 1 to {HIGHEST_SPEED}"
_BAD_AGE = f"{AGE_HEADER} must be a number of seconds from 0 to {_HIGHEST_AGE:g}"


def requested_speed() -> int:
    """How many seconds the session of this create call ages in one second; 1 without the header, Refusal(400) for any
    other value than 1 to 100.
    """
    given = request.headers.get(SPEED_HEADER, "1").strip()
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= HIGHEST_SPEED):
        raise Refusal(400, message=_BAD_SPEED)
    return int(given)


def session_now(ticket: Ticket) -> float:
    """The moment in the session's life, in epoch seconds: by the caller's header, else by the clock."""
    age = _requested_age()
    if age is None:
        return simulator().clock()
    return ticket.born + age


def wait(seconds: float, speed: float) -> None:
    """Let `seconds` of the session's time pass before the answer: in process no more than the caller's read timeout,
    over HTTP all of them.
    """
    patience = request.environ.get(Patience.ENVIRON_KEY)
    if isinstance(patience, Patience):
        patience.wait(seconds, speed)
    else:
        simulator().sleep(seconds / speed)


def _requested_age() -> float | None:
    given = request.headers.get(AGE_HEADER)
    if given is None:
        return None
    try:
        age = float(given)
    except ValueError:
        raise Refusal(400, message=_BAD_AGE) from None
    if not (math.isfinite(age) and 0 <= age <= _HIGHEST_AGE):
        raise Refusal(400, message=_BAD_AGE)
    return age
