"""When a fault of the catalog begins, one rule for all of them; the finished answer then goes through the fault."""

from __future__ import annotations

import math

from flask import Response, g

from webapp.simulator.envelopes import Refusal
from webapp.simulator.faults import AnswerFault
from webapp.simulator.scenario import Scenario
from webapp.simulator.session_tokens import Ticket

AT_CREATE, AT_PLANS = "at create", "at plans"
"""The values of `street2` that move a fault from the two GETs at second 3 to the create call, or to after the
providers have been found.
"""
STARTS_AT, STARTS_AT_PLANS = 3.0, 6.0
_BEFORE_HTTP = "this fault happens before HTTP: it is chosen by where HUM_API_URL points"


def plans_at(ticket: Ticket) -> float | None:
    """The age at which a session's plans come: never when a fault comes between providers and plans. None: with the
    providers.
    """
    if _moment(ticket.scenario, ticket.params.get("street2")) == AT_PLANS:
        return math.inf
    return ticket.scenario.plans_at


def apply_at_create(scenario: Scenario, street2: object, *, in_process: bool) -> None:
    """Apply the fault to the answer of this create call, if it belongs there.

    A fault before HTTP refuses the call that chooses it, unless it comes later and the adapter can imitate it.
    """
    at_create = _moment(scenario, street2) == AT_CREATE
    if scenario.before_http and (at_create or not in_process):
        raise Refusal(422, errors={"base": [_BEFORE_HTTP]})
    if at_create:
        g.answer_fault = scenario.answer_fault


def apply_at_poll(ticket: Ticket, now: float) -> None:
    """Apply the fault to the answer of this status or list call, if it has begun."""
    moment = _moment(ticket.scenario, ticket.params.get("street2"))
    if ticket.scenario.answer_fault is None or moment == AT_CREATE:
        return
    begins = STARTS_AT
    if moment == AT_PLANS:
        begins = STARTS_AT_PLANS
    if ticket.age(now) >= begins:
        g.answer_fault = ticket.scenario.answer_fault


def alter_answer(response: Response) -> Response:
    """The last thing done to an answer: its fault, if it has one, alters it."""
    answer_fault: AnswerFault | None = g.pop("answer_fault", None)
    if answer_fault is None:
        return response
    return answer_fault(response)


def _moment(scenario: Scenario, street2: object) -> str:
    if scenario.answer_fault is None or not isinstance(street2, str):
        return ""
    return street2.strip().lower()
