"""The WSGI app: create, changes, status, force an answer, delete, quota; and its own description."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from threading import Lock
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from webapp.agent_simulator import session_ids
from webapp.agent_simulator.scenarios import DEFAULT, OTHER_BODY, SCENARIOS, AgentScenario, Refusal
from webapp.agent_simulator.session_ids import Ticket
from webapp.agent_simulator.validation import fault, faults_in, first_message

DEFAULT_SECRET = b"agent simulator: its ids guard nothing"
WRONG_KEY = "wrong-key"
OPENAPI = resources.files("webapp.agent_simulator").joinpath("openapi.json").read_text("utf-8")

SECONDS_A_STEP = 1.5
ANSWERS_AFTER_FORCE = 2.0
"""Seconds from force_answer to the answer."""
TERMINAL = frozenset({"completed", "failed", "timed_out", "interrupted"})
_LARGEST_BODY = 10 * 1024 * 1024
_LONGEST_KEY = 128
_CHOSEN = re.compile(r"\bresearch:([a-z-]{1,40})")

blueprint = Blueprint("agents", __name__, url_prefix="/api/v2")


@dataclass(slots=True)
class AgentSimulator:
    """What one app holds, reached as `app.extensions["agent_simulator"]`. `calls` counts requests by operation,
    `default` is played where a task chooses no scenario.
    """

    clock: Callable[[], float]
    sleep: Callable[[float], None]
    api_key: str | None
    limit: int
    secret: bytes
    default: AgentScenario = DEFAULT
    calls: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)
    sessions: dict[str, Ticket] = field(default_factory=dict)
    bodies: dict[str, tuple[str, str]] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    forced: dict[str, float] = field(default_factory=dict)
    deleted: dict[str, float] = field(default_factory=dict)

    def active(self) -> list[str]:
        """Ids of the sessions made here that hold a place."""
        now = self.clock()
        return [each for each, ticket in self.sessions.items() if view(self, each, ticket, now).status not in TERMINAL]


def create_app(
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    api_key: str | None = None,
    limit: int = 3,
    secret: bytes = DEFAULT_SECRET,
) -> Flask:
    """The simulator as a Flask app.

    `clock` gives epoch seconds and is all that moves sessions on; `sleep` is used by slow answers. `api_key` None
    accepts any bearer token but `wrong-key`. `limit` sessions may be active at once. Apps with the same `secret` answer
    for each other's sessions.
    """
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config.update(PROVIDE_AUTOMATIC_OPTIONS=False, MAX_CONTENT_LENGTH=_LARGEST_BODY)
    app.extensions["agent_simulator"] = AgentSimulator(clock, sleep, api_key, limit, secret)
    app.register_blueprint(blueprint)
    app.add_url_rule("/openapi.json", "openapi", _openapi)
    app.before_request(_admit)
    app.register_error_handler(HTTPException, _http_error)
    return app


def simulator() -> AgentSimulator:
    """The simulator of the current app."""
    return cast(AgentSimulator, current_app.extensions["agent_simulator"])


@dataclass(frozen=True, slots=True)
class View:
    """A session at a moment. `ended_at` is in epoch seconds, None while it runs; `events` counts what has happened."""

    status: str
    steps: int
    working_at: float | None
    ended_at: float | None
    events: int
    answer: Any


def view(state: AgentSimulator, session_id: str, ticket: Ticket, now: float) -> View:
    """How a session stands at `now` (epoch seconds)."""
    scenario = ticket.scenario
    working_at = ticket.born + scenario.working_at
    ends_at, ends_as = _end(state, session_id, ticket)
    until = now
    if ends_at is not None and ends_at <= now:
        until = ends_at
    steps = max(0, int((until - working_at) / SECONDS_A_STEP))
    events = 0 if until < working_at else 2 + 2 * steps
    began = working_at if until >= working_at else None
    if ends_at is None or now < ends_at:
        status = "running" if began is not None else scenario.waits_as
        return View(status, steps, began, None, events, None)
    answer = None if ends_as == "interrupted" else scenario.answer
    return View(ends_as, steps, began, ends_at, events + 1, answer)


def _end(state: AgentSimulator, session_id: str, ticket: Ticket) -> tuple[float | None, str]:
    """When a session ends and as what."""
    scenario = ticket.scenario
    moments = []
    if scenario.settled_at is not None:
        moments.append(ticket.born + scenario.settled_at)
    if scenario.heeds_caps and ticket.max_seconds:
        moments.append(ticket.born + scenario.working_at + ticket.max_seconds)
    if scenario.heeds_caps and ticket.max_steps:
        moments.append(ticket.born + scenario.working_at + ticket.max_steps * SECONDS_A_STEP)
    if scenario.heeds_caps and session_id in state.forced:
        moments.append(state.forced[session_id] + ANSWERS_AFTER_FORCE)
    deleted_at = state.deleted.get(session_id)
    ends_at = min(moments, default=None)
    if deleted_at is not None and (ends_at is None or deleted_at < ends_at or scenario.ends_as == "idle"):
        return deleted_at, "interrupted"
    return ends_at, scenario.ends_as


@blueprint.post("/sessions")
def create() -> Response:
    """A new session, or the one that this key has made."""
    state = simulator()
    raw = request.get_data()
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > _LONGEST_KEY:
        return _json(
            422, {"detail": [fault("string_too_long", ["header", "Idempotency-Key"], "At most 128 characters")]}
        )
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return _json(422, {"detail": [fault("json_invalid", ["body"], "JSON decode error")]})
    faults = faults_in(body)
    if faults:
        return _json(422, {"detail": faults})
    scenario = _chosen(first_message(body), request.headers.get("X-Simulator-Scenario"))
    if scenario.answer_takes:
        state.sleep(scenario.answer_takes)
    with state.lock:
        return _created(state, scenario, body, key, hashlib.sha256(raw).hexdigest())


def _created(state: AgentSimulator, scenario: AgentScenario, body: dict[str, Any], key: str, digest: str) -> Response:
    if key in state.bodies:
        earlier, session_id = state.bodies[key]
        if earlier != digest:
            return _json(422, OTHER_BODY)
        return _json(201, _session(state, session_id, body))
    refusal = scenario.create_refusal
    if refusal is not None and state.refusals[key] < refusal.times:
        state.refusals[key] += 1
        return _refused(refusal)
    if scenario.refuses_format and "answer_format" in body:
        return _json(
            422, {"detail": [fault("extra_forbidden", ["body", "answer_format"], "Extra inputs are not permitted")]}
        )
    if len(state.active()) >= state.limit:
        return _json(429, {"message": "Too many sessions", "detail": [_plan_limit(state.limit)]})
    ticket = Ticket(scenario, state.clock(), int(body.get("max_time_s") or 0), body.get("max_steps") or 0)
    session_id = session_ids.issue(ticket, state.secret)
    while session_id in state.sessions:
        # Born in the same millisecond, with the same byte that tells such ids apart.
        session_id = session_ids.issue(ticket, state.secret)
    state.sessions[session_id] = ticket
    if key:
        state.bodies[key] = digest, session_id
    return _json(201, _session(state, session_id, body))


def _plan_limit(limit: int) -> dict[str, str]:
    return {"type": "plan_limit", "message": f"{limit} of {limit} sessions are active", "scope": "org"}


@blueprint.get("/sessions/quota")
def quota() -> Response:
    """How many sessions may be active, and are."""
    state = simulator()
    active = len(state.active())
    facts = {"scope": "org", "limit": state.limit, "active": active, "available": max(0, state.limit - active)}
    return _json(200, facts)


@blueprint.get("/sessions/<session_id>")
def session(session_id: str) -> Response:
    """One session; its answer is in the changes."""
    state = simulator()
    if _ticket(state, session_id) is None:
        return _unknown()
    return _json(200, _session(state, session_id, {}))


@blueprint.get("/sessions/<session_id>/status")
def status(session_id: str) -> Response:
    """How a session stands."""
    state = simulator()
    ticket = _ticket(state, session_id)
    if ticket is None:
        return _unknown()
    return _json(200, _status(ticket.scenario, view(state, session_id, ticket, state.clock())))


@blueprint.get("/sessions/<session_id>/changes")
def changes(session_id: str) -> Response:
    """What has changed since an index, with the answer; 204 when nothing has."""
    state = simulator()
    ticket = _ticket(state, session_id)
    if ticket is None:
        return _unknown()
    scenario = ticket.scenario
    if scenario.answer_takes:
        state.sleep(scenario.answer_takes)
    if scenario.changes_refusal is not None:
        return _refused(scenario.changes_refusal)
    index = request.args.get("from_index", "0")
    if not (index.isascii() and index.isdigit() and len(index) < 10):
        return _json(
            422, {"detail": [fault("int_parsing", ["query", "from_index"], "Input should be a valid integer")]}
        )
    seen = view(state, session_id, ticket, state.clock())
    if seen.events <= int(index):
        return Response(status=204)
    with_events = request.args.get("include_events", "true").lower() != "false"
    return _json(200, _changes(scenario, seen, int(index), with_events=with_events))


@blueprint.post("/sessions/<session_id>/force_answer")
def force_answer(session_id: str) -> Response:
    """The agent is to answer from what it has."""
    state = simulator()
    ticket = _ticket(state, session_id)
    if ticket is None:
        return _unknown()
    now = state.clock()
    if view(state, session_id, ticket, now).ended_at is not None:
        return _json(400, {"detail": "Session is not running"})
    state.forced.setdefault(session_id, now)
    return _json(202, {})


@blueprint.delete("/sessions/<session_id>")
def delete(session_id: str) -> Response:
    """The end of a session."""
    state = simulator()
    ticket = _ticket(state, session_id)
    if ticket is None:
        return _unknown()
    state.deleted.setdefault(session_id, state.clock())
    return Response(status=204)


def _openapi() -> Response:
    return Response(OPENAPI, content_type="application/json; charset=utf-8")


def _admit() -> Response | None:
    state = simulator()
    operation = (request.endpoint or "").rpartition(".")[2]
    if operation:
        state.calls[operation] += 1
    if operation == "openapi":
        return None
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    given = given.strip()
    is_ours = state.api_key is None or hmac.compare_digest(given.encode(), state.api_key.encode())
    if scheme.lower() != "bearer" or not given or given == WRONG_KEY or not is_ours:
        # The gateway's own shape.
        return _json(401, {"message": "Unauthorized"})
    return None


def _chosen(message: str, header: str | None) -> AgentScenario:
    found = _CHOSEN.search(message)
    key = header or (found[1] if found else "")
    return SCENARIOS.get(key, simulator().default)


def _ticket(state: AgentSimulator, session_id: str) -> Ticket | None:
    # A session of another process is known by its id alone.
    return state.sessions.get(session_id) or session_ids.read(session_id, state.secret)


def _session(state: AgentSimulator, session_id: str, body: dict[str, Any]) -> dict[str, Any]:
    ticket = cast(Ticket, _ticket(state, session_id))
    seen = view(state, session_id, ticket, state.clock())
    return {
        "id": session_id,
        "request": body,
        "status": _status(ticket.scenario, seen),
        "created_at": _iso(ticket.born),
        "started_at": _iso(seen.working_at),
        "finished_at": _iso(seen.ended_at),
        "agent_view_url": f"https://platform.example.com/sessions/{session_id}",
    }


def _status(scenario: AgentScenario, seen: View) -> dict[str, Any]:
    return {
        "status": seen.status,
        "error": _error(scenario, seen),
        "steps": seen.steps,
        "usage_per_model": [
            {
                "name": "holo3-1-35b",
                "input_tokens": 5_000 * seen.steps,
                "output_tokens": 200 * seen.steps,
                "reasoning_tokens": 0,
            }
        ],
        "subagent_session_ids": [],
        "error_code": scenario.error_code if seen.ended_at is not None else None,
        "outcome": scenario.outcome if seen.ended_at is not None else None,
    }


def _changes(scenario: AgentScenario, seen: View, index: int, *, with_events: bool) -> dict[str, Any]:
    events = []
    if with_events:
        for number in range(index, seen.events):
            events.append(
                {"type": "AgentEvent", "data": {"kind": "policy_event", "number": number}, "timestamp": _iso(0.0)}
            )
    told = {
        "status": seen.status,
        "started_at": _iso(seen.working_at),
        "finished_at": _iso(seen.ended_at),
        "error": _error(scenario, seen),
        "answer": seen.answer,
        "new_events": events,
    }
    if scenario.has_old_shapes:
        return told
    cost = round(seen.steps * scenario.dollars_a_step, 4)
    metrics = {"steps": seen.steps, "total_cost": cost, "input_cost": cost, "output_cost": 0.0, "cost_per_model": []}
    ended = seen.ended_at is not None
    return {
        **told,
        "metrics": metrics,
        "first_index": index,
        "outcome": scenario.outcome if ended else None,
        "error_code": scenario.error_code if ended else None,
    }


def _error(scenario: AgentScenario, seen: View) -> str | None:
    if seen.ended_at is None or seen.status not in ("failed", "timed_out"):
        return None
    return f"The session ended: {scenario.error_code}"


def _unknown() -> Response:
    return _json(404, {"detail": "Session not found"})


def _refused(refusal: Refusal) -> Response:
    if isinstance(refusal.body, str):
        response = Response(refusal.body, refusal.status, content_type="text/html; charset=utf-8")
    else:
        response = _json(refusal.status, refusal.body)
    if refusal.retry_after:
        response.headers["Retry-After"] = refusal.retry_after
    return response


def _json(status: int, body: Any) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


def _http_error(error: HTTPException) -> Response:
    response = _json(error.code or 500, {"detail": error.name})
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _iso(moment: float | None) -> str | None:
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")
