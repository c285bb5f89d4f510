"""POST /sessions: reads the body, picks the scenario, refuses or creates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NoReturn, cast

from flask import Response, request

from webapp.simulator import session
from webapp.simulator.adapter import Patience
from webapp.simulator.answers import success
from webapp.simulator.catalog import Json
from webapp.simulator.choice import UnknownScenario, choose
from webapp.simulator.clock import requested_speed, wait
from webapp.simulator.faults import strike
from webapp.simulator.faults.chosen import raise_or_wait
from webapp.simulator.refusals import Refusal
from webapp.simulator.scenario import FaultKind, Scenario
from webapp.simulator.sessionmeta import brief_meta, session_meta
from webapp.simulator.state import simulator
from webapp.simulator.tokens import PACKED_FIELDS, Ticket, issue
from webapp.simulator.transport_faults import HANG_SECONDS
from webapp.simulator.validation import BAD_COMBINATION, BAD_ZIP, BLANK, errors_in

TWICE_NESTED_UNIT = "nested"
"""In the `invalid` scenario this `street2` wraps the errors in a second `errors`, the other reading of Hum's schema."""


def created(raw: bytes, scenario_header: str | None) -> Response:
    """The answer to a create call with this body."""
    body = _body(raw)
    scenario = _scenario(scenario_header, body)
    speed = requested_speed()
    page = _play_fault(scenario, body, speed)
    if page is not None:
        return page
    if errors := errors_in(body):
        raise Refusal(422, errors=dict(errors))
    strike.strike_create(scenario, body.get("street2"), in_process=Patience.ENVIRON_KEY in request.environ)
    waited = _wait_for_agents(scenario, body, speed)
    if scenario.create_fault is FaultKind.HANG:
        waited += HANG_SECONDS
    now = simulator().clock()
    ticket = Ticket(scenario, now - waited / speed, _params(body), speed)
    return _answer(issue(ticket, simulator().secret), ticket, now)


def _body(raw: bytes) -> Mapping[str, object]:
    try:
        body = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, message="The request body is not valid JSON") from None
    if not isinstance(body, dict):
        raise Refusal(400, message="The request body must be a JSON object")
    return body


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _scenario(header: str | None, body: Mapping[str, object]) -> Scenario:
    campaign_id, street1 = body.get("campaign_id"), body.get("street1")
    try:
        return choose(
            header, campaign_id if isinstance(campaign_id, str) else None, street1 if isinstance(street1, str) else ""
        )
    except UnknownScenario as unknown:
        raise Refusal(422, errors={unknown.field: ["names a scenario that this simulator does not have"]}) from None


def _play_fault(scenario: Scenario, body: Mapping[str, object], speed: int) -> Response | None:
    if scenario.create_fault is None:
        return None
    if scenario.create_fault is FaultKind.INVALID:
        errors: Json = {"street1": [BLANK], "zip": [BAD_ZIP], "base": [BAD_COMBINATION]}
        raise Refusal(422, errors={"errors": errors} if body.get("street2") == TWICE_NESTED_UNIT else errors)
    return raise_or_wait(scenario.create_fault, speed=speed)


def _wait_for_agents(scenario: Scenario, body: Mapping[str, object], speed: int) -> float:
    """Run the agents named in `sync` inside the call: wait for them, at most 30 s. Returns the seconds by which the
    session has aged meanwhile.
    """
    agents = cast(list[str], body.get("sync") or [])
    seconds = scenario.geocoded_at if "geocode" in agents else 0.0
    if "internet" in agents:
        ready_at = session.internet_at(Ticket(scenario, 0.0, _params(body)))
        seconds = max(seconds, HANG_SECONDS if ready_at is None else min(ready_at, HANG_SECONDS))
    if seconds:
        wait(seconds, speed)
    return seconds


def _params(body: Mapping[str, object]) -> dict[str, str]:
    return {name: str(body[name]) for name in PACKED_FIELDS if body.get(name) is not None}


def _answer(token: str, ticket: Ticket, now: float) -> Response:
    view = session.at(ticket, ticket.age(now))
    if ticket.scenario.immediate:
        return success(
            201, "Session created successfully.", brief_meta(token, ticket, now), session.providers(ticket, view)
        )
    return success(
        201, "Session created successfully.", session_meta(token, ticket, view, now), {"session_token": token}
    )
