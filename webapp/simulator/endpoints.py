"""The calls of the Hum API: create, status, internet, close, ping, coverage, blocks; and the simulator's own
description.
"""

from __future__ import annotations

from importlib import resources

from flask import Blueprint, Response, request

from webapp.simulator import areas, session
from webapp.simulator.catalog import Json
from webapp.simulator.clock import session_now
from webapp.simulator.creation import created
from webapp.simulator.envelopes import DATA_SET, Refusal, as_json, date, success
from webapp.simulator.faults import timing
from webapp.simulator.faults.scenario_faults import refuse_or_wait
from webapp.simulator.scenario import Catalog, FaultKind
from webapp.simulator.session_tokens import Ticket, read
from webapp.simulator.state import simulator

blueprint = Blueprint("hum", __name__)

OPENAPI = resources.files("webapp.simulator").joinpath("openapi.json").read_text("utf-8")


@blueprint.post("/sessions")
def create() -> Response:
    """A new session for the address in the body."""
    return created(request.get_data(), request.headers.get("X-Simulator-Scenario"))


@blueprint.get("/sessions/<token>")
def status(token: str) -> Response:
    """How far the session is, and the matched address."""
    ticket, answered = _polled(token)
    if answered is not None:
        return answered
    now = session_now(ticket)
    view = session.at(ticket, ticket.age(now))
    code = session.status_code(ticket, view)
    message = "Session is being processed"
    if code == 200:
        message = "Session data retrieved successfully"
    return success(
        code,
        message,
        session.session_meta(token, ticket, view, now),
        session.address_data(ticket, view),
    )


@blueprint.get("/sessions/<token>/services/internet")
def internet(token: str) -> Response:
    """The providers, once the search is done; 202 before."""
    ticket, answered = _polled(token)
    if answered is not None:
        return answered
    now = session_now(ticket)
    view = session.at(ticket, ticket.age(now))
    meta = session.session_meta(token, ticket, view, now)
    if not view.searched:
        has_data = not ticket.scenario.accepted_until_ready
        return success(202, "Internet services are being processed", meta, {"internet": []}, has_data=has_data)
    warning = ticket.scenario.catalog is Catalog.SLOPPY
    message = "Internet services retrieved successfully"
    if warning:
        message = "Some provider details are incomplete"
    return success(200, message, meta, {"internet": session.providers(ticket, view)}, warning=warning)


@blueprint.delete("/sessions/<token>")
def close(token: str) -> Response:
    """The end of a session. Its answer still says open, as the documented sample does."""
    ticket = _open_ticket(token)
    now = session_now(ticket)
    meta = session.session_meta(token, ticket, session.at(ticket, ticket.age(now)), now)
    simulator().sessions.close(token)
    return success(200, "Session closed successfully", meta, {})


@blueprint.get("/ping")
def ping() -> Response:
    """Whether the API is up; the key was checked before, if one was sent."""
    return as_json(
        200, {"message": "The API is up", "request_status": "ok", "data": {}, "timestamp": date(simulator().clock())}
    )


@blueprint.get("/coverage", endpoint="coverage")
def coverage_by_area() -> Response:
    """The providers of states, counties, tracts or blocks."""
    query: dict[str, list[str]] = {}
    titles = []
    for kind in areas.AREAS:
        given = request.args.getlist(f"{kind}[]")
        if given:
            query[kind] = given
            titles.append(f"{kind}: {', '.join(given)}")
    if errors := areas.query_errors(query):
        raise Refusal(422, message="The query could not be answered. See errors for details.", errors=errors)
    providers = areas.covering(query)
    meta = {"provider_count": len(providers), "query": query}
    return _area_answer(f"Coverage for {'; '.join(titles)}", providers, meta)


@blueprint.get("/blocks")
def blocks() -> Response:
    """Census facts and providers of up to 100 blocks."""
    geoids = request.args.getlist("geoids[]")
    if errors := areas.geoids_errors(geoids):
        raise Refusal(422, message="The query could not be answered. See errors for details.", errors=errors)
    found = areas.blocks(geoids)
    return _area_answer(
        "Blocks retrieved successfully", found, {"blocks_found": len(found), "blocks_requested": len(geoids)}
    )


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of all calls."""
    return Response(OPENAPI, content_type="application/json; charset=utf-8")


def _polled(token: str) -> tuple[Ticket, Response | None]:
    """The open session and, while its scenario has a fault that is an answer of its own, that answer."""
    ticket = _open_ticket(token)
    now = session_now(ticket)
    timing.apply_at_poll(ticket, now)
    fault = ticket.scenario.poll_fault
    if fault is None or not fault.covers(ticket.age(now)):
        return ticket, None
    until = None
    if fault.end is not None:
        # The caller waits by its own clock, whatever the age it has given the session.
        until = round(ticket.moment(fault.end) + simulator().clock() - now, 3)
    return ticket, refuse_or_wait(fault.kind, speed=ticket.speed, token=token, until=until)


def _open_ticket(token: str) -> Ticket:
    state = simulator()
    if not token.strip():
        raise Refusal(400)
    ticket = read(token, state.secret, state.numbered)
    if ticket is None:
        raise Refusal(404, token=token)
    now = session_now(ticket)
    if state.sessions.is_gone(token, ticket.born, now) or _ended_by_scenario(ticket, now, FaultKind.GONE):
        raise Refusal(410, token=token)
    if _ended_by_scenario(ticket, now, FaultKind.NOT_FOUND):
        raise Refusal(404, token=token)
    state.sessions.touch(token, now)
    return ticket


def _ended_by_scenario(ticket: Ticket, now: float, kind: FaultKind) -> bool:
    """404 and 410 hold for DELETE too: the session no longer exists."""
    fault = ticket.scenario.poll_fault
    return fault is not None and fault.kind is kind and fault.covers(ticket.age(now))


def _area_answer(message: str, data: list[Json], meta: Json) -> Response:
    dated = {"responded_at": date(simulator().clock()), "hum_data_set": DATA_SET, **meta}
    return as_json(200, {"message": message, "request_status": "ok", "data": data, "meta": dated})
