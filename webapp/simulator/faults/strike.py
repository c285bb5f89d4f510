"""When a fault of the catalogue strikes, one rule for all, and the striking: the finished answer goes through the
fault's play.
"""

from __future__ import annotations

import math

from flask import Response, g

from webapp.simulator.refusals import Refusal
from webapp.simulator.scenario import Scenario
from webapp.simulator.tokens import Ticket

AT_CREATE, AT_PLANS = "at create", "at plans"
"""The values of `street2` that move a fault from the two GETs at second 2 to the create call, or to after the
providers.
"""
STRIKES_AT, STRIKES_AT_PLANS = 2.0, 6.0
_BEFORE_HTTP = "this fault strikes before HTTP: it is chosen by where HUM_API_URL points"


def plans_at(ticket: Ticket) -> float | None:
    """When a session's plans come: never while a fault strikes between providers and plans. None: with the
    providers.
    """
    return math.inf if _moment(ticket.scenario, ticket.params.get("street2")) == AT_PLANS else ticket.scenario.plans_at


def strike_create(scenario: Scenario, street2: object, *, in_process: bool) -> None:
    """Let the fault spoil the answer to this create call, if it is to.

    A fault before HTTP refuses the call that got through to choose it, unless it comes later and the adapter plays it.
    """
    at_create = _moment(scenario, street2) == AT_CREATE
    if scenario.before_http and (at_create or not in_process):
        raise Refusal(422, errors={"base": [_BEFORE_HTTP]})
    if at_create:
        g.play = scenario.play


def strike_poll(ticket: Ticket, now: float) -> None:
    """Let the fault spoil the answer to this status or list call, if it has begun."""
    begins = {AT_CREATE: math.inf, AT_PLANS: STRIKES_AT_PLANS}.get(
        _moment(ticket.scenario, ticket.params.get("street2")), STRIKES_AT
    )
    if ticket.scenario.play is not None and ticket.age(now) >= begins:
        g.play = ticket.scenario.play


def spoil(response: Response) -> Response:
    """The last thing done to an answer: what its fault, if it has one, makes of it."""
    play = g.pop("play", None)
    spoiled: Response = response if play is None else play(response)
    return spoiled


def _moment(scenario: Scenario, street2: object) -> str:
    return street2.strip().lower() if scenario.play is not None and isinstance(street2, str) else ""
