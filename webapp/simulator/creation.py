"""POST /sessions: reads the body, picks the scenario, refuses or creates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NoReturn, cast

from flask import Response, request

from webapp.simulator import session
from webapp.simulator.adapter import Patience
from webapp.simulator.catalog import Json
from webapp.simulator.clock import requested_speed, wait
from webapp.simulator.envelopes import Refusal, success
from webapp.simulator.faults import timing
from webapp.simulator.faults.scenario_faults import refuse_or_wait
from webapp.simulator.faults.table import FAULTS
from webapp.simulator.scenario import FIRST_HOUSE_NUMBER, FaultKind, Scenario
from webapp.simulator.scenarios import NORMAL
from webapp.simulator.session_tokens import PACKED_FIELDS, Ticket, issue
from webapp.simulator.state import simulator
from webapp.simulator.transport_faults import HANG_SECONDS
from webapp.simulator.validation import BAD_COMBINATION, BAD_ZIP, BLANK, errors_in

_MAGIC_STREET = re.compile(r"\s*([0-9]{3,4})\s+scenario\s+way\b.*", re.IGNORECASE | re.DOTALL)
_CAMPAIGN_PREFIX = "scenario:"
_UNKNOWN = "names a scenario that this simulator does not have"
_SWITCHED_OFF = "names a fault, and this simulator was started without --faults"

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
    timing.apply_at_create(scenario, body.get("street2"), in_process=Patience.ENVIRON_KEY in request.environ)
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
    """The scenario that a create call chooses: by header, else by `scenario:<key>` as campaign id, else by street, else
    the normal flow.

    An unknown name is refused, so that a typing error in a test cannot pass as the normal flow. A street is an address:
    where faults are switched off, their house numbers are houses like any other.
    """
    campaign_id, street1 = body.get("campaign_id"), body.get("street1")
    if header is not None:
        return _named("base", header.strip())
    if isinstance(campaign_id, str) and campaign_id.startswith(_CAMPAIGN_PREFIX):
        return _named("campaign_id", campaign_id.removeprefix(_CAMPAIGN_PREFIX).strip())
    magic = _MAGIC_STREET.fullmatch(str(street1))
    if magic is None:
        return NORMAL
    return simulator().numbered(int(magic[1]) - FIRST_HOUSE_NUMBER) or NORMAL


def _named(field: str, key: str) -> Scenario:
    scenario = simulator().scenarios.get(key)
    if scenario is None:
        problem = _UNKNOWN
        if key in FAULTS:
            problem = _SWITCHED_OFF
        raise Refusal(422, errors={field: [problem]})
    return scenario


def _play_fault(scenario: Scenario, body: Mapping[str, object], speed: int) -> Response | None:
    if scenario.create_fault is None:
        return None
    if scenario.create_fault is FaultKind.INVALID:
        errors: Json = {"street1": [BLANK], "zip": [BAD_ZIP], "base": [BAD_COMBINATION]}
        if body.get("street2") == TWICE_NESTED_UNIT:
            errors = {"errors": errors}
        raise Refusal(422, errors=errors)
    return refuse_or_wait(scenario.create_fault, speed=speed)


def _wait_for_agents(scenario: Scenario, body: Mapping[str, object], speed: int) -> float:
    """Run the agents named in `sync` inside the call: wait for them, at most 30 s. Returns the seconds by which the
    session has aged meanwhile.
    """
    agents = cast(list[str], body.get("sync") or [])
    seconds = 0.0
    if "geocode" in agents:
        seconds = scenario.geocoded_at
    if "internet" in agents:
        ready_at = session.internet_at(Ticket(scenario, 0.0, _params(body)))
        if ready_at is None:
            ready_at = HANG_SECONDS
        seconds = max(seconds, min(ready_at, HANG_SECONDS))
    if seconds:
        wait(seconds, speed)
    return seconds


def _params(body: Mapping[str, object]) -> dict[str, str]:
    params = {}
    for name in PACKED_FIELDS:
        if body.get(name) is not None:
            params[name] = str(body[name])
    return params


def _answer(token: str, ticket: Ticket, now: float) -> Response:
    view = session.at(ticket, ticket.age(now))
    if ticket.scenario.immediate:
        meta = session.brief_meta(token, ticket, now)
        return success(201, "Session created successfully.", meta, session.providers(ticket, view))
    meta = session.session_meta(token, ticket, view, now)
    return success(201, "Session created successfully.", meta, {"session_token": token})
