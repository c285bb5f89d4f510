"""The calls: start a session, add events, change an event (which is how a session is ended), read and delete."""

from __future__ import annotations

import json
import uuid
from importlib import resources
from typing import cast

from flask import Blueprint, Response, request

from webapp.simulator.honeyhive.events import Json
from webapp.simulator.honeyhive.state import Refusal, as_json, honeyhive

blueprint = Blueprint("honeyhive", __name__)

OPENAPI = resources.files("webapp.simulator.honeyhive").joinpath("openapi.json").read_text("utf-8")

SCOPE = {
    "org_id": "simulated-organization",
    "workspace_id": "simulated-workspace",
    "project_id": "simulated-project",
}
EVENT_TYPES = frozenset({"model", "tool", "chain", "session"})
_OBJECTS = ("config", "inputs", "outputs", "metadata", "user_properties", "metrics", "feedback")
_TEXTS = ("session_name", "event_name", "source", "error")
_NUMBERS = ("end_time", "duration")
_MERGED_BY_POST = ("metadata", "user_properties")
_MERGED_BY_PUT = ("metadata", "feedback", "metrics", "config", "user_properties")
_REPLACED_BY_PUT = ("outputs", "duration", "end_time")


@blueprint.post("/v1/sessions")
def start_session() -> Response:
    """A new session. One that exists keeps what it has; its metadata and user properties are merged."""
    body = _body()
    _check(body)
    session_id = _uuid_or_new(body.get("session_id"))
    name = body.get("session_name") or body.get("event_name") or "unknown"

    def merge(known: Json | None) -> Json:
        if known is None:
            return _event(body, session_id, session_id, "session", name, parent_id=None)
        return {**known, **_merged(known, body, _MERGED_BY_POST)}

    return as_json(200, honeyhive().events.put(session_id, merge))


@blueprint.post("/v1/sessions/<session_id>/events/batch")
def add_events(session_id: str) -> Response:
    """Children of a session. One wrong event refuses all of them."""
    events = _body().get("events")
    if not isinstance(events, list):
        raise Refusal(400, "events must be a list")
    if honeyhive().events.find(session_id) is None:
        raise Refusal(404, "Session not found")
    for event in events:
        _check_event(event)
    for event in events:
        _add(event, session_id)
    return as_json(200, {"success": True})


@blueprint.post("/v1/events")
def add_event() -> Response:
    """One event, of the session that it names or of one of its own."""
    event = _body()
    _check_event(event)
    added = _add(event, _uuid_or_new(event.get("session_id")))
    return as_json(200, {"event_id": added["event_id"], "success": True})


@blueprint.put("/v1/events/<event_id>")
def change_event(event_id: str) -> Response:
    """Replaces outputs and times, merges everything else. The event of a session has the session's id."""
    body = _body()
    _check(body)

    def change(known: Json | None) -> Json:
        if known is None:
            raise Refusal(404, "Event not found")
        replaced = {name: body[name] for name in _REPLACED_BY_PUT if name in body}
        return {**known, **replaced, **_merged(known, body, _MERGED_BY_PUT)}

    honeyhive().events.put(event_id, change)
    return as_json(200, {"success": True})


@blueprint.get("/v1/events/<event_id>")
def read_event(event_id: str) -> Response:
    """One event."""
    event = honeyhive().events.find(event_id)
    if event is None:
        raise Refusal(404, "Event not found")
    return as_json(200, {"event": event})


@blueprint.get("/v1/sessions/<session_id>")
def read_session(session_id: str) -> Response:
    """A session with its children."""
    events = honeyhive().events.of_session(session_id)
    if not events:
        raise Refusal(404, "Session not found")
    own, *children = events
    return as_json(200, {**own, "children_ids": [child["event_id"] for child in children], "children": children})


@blueprint.delete("/v1/sessions/<session_id>")
def delete_session(session_id: str) -> Response:
    """Forgets a session and its children."""
    if not honeyhive().events.delete_session(session_id):
        raise Refusal(404, "Session not found")
    return as_json(200, {"success": True, "deleted": session_id})


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of these calls."""
    return Response(OPENAPI, content_type="application/json")


def _body() -> Json:
    try:
        body = json.loads(request.get_data(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, "The body must be JSON") from None
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be an object")
    return cast(Json, body)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _check(body: Json) -> None:
    """Types only: no field of a session is required."""
    for name in _OBJECTS:
        if not isinstance(body.get(name, {}), dict):
            raise Refusal(400, f"{name} must be an object")
    for name in _TEXTS:
        if not isinstance(body.get(name), str | None):
            raise Refusal(400, f"{name} must be a string")
    for name in _NUMBERS:
        if body.get(name) is not None and not _is_number(body[name]):
            raise Refusal(400, f"{name} must be a number")


def _check_event(event: object) -> None:
    if not isinstance(event, dict):
        raise Refusal(400, "An event must be an object")
    if not isinstance(event.get("event_type"), str) or event["event_type"] not in EVENT_TYPES:
        raise Refusal(400, f"event_type must be one of {', '.join(sorted(EVENT_TYPES))}")
    if "inputs" not in event:
        raise Refusal(400, "inputs is required")
    _check(event)


def _add(event: Json, session_id: str) -> Json:
    event_id = _uuid_or_new(event.get("event_id"))
    parent_id = event.get("parent_id") or session_id
    name = event.get("event_name") or "unknown"
    made = _event(event, event_id, session_id, event["event_type"], name, parent_id=str(parent_id))
    return honeyhive().events.put(event_id, lambda _: made)


def _event(body: Json, event_id: str, session_id: str, event_type: str, name: str, *, parent_id: str | None) -> Json:
    start_time = body.get("start_time")
    if not _is_number(start_time):
        start_time = round(honeyhive().clock() * 1000)
    return {
        "event_id": event_id,
        "session_id": session_id,
        **SCOPE,
        "parent_id": parent_id,
        "children_ids": [],
        "event_type": event_type,
        "event_name": name,
        "error": body.get("error"),
        "source": body.get("source") or "unknown",
        "start_time": start_time,
        "end_time": body.get("end_time"),
        "duration": body.get("duration"),
        **{key: body.get(key, {}) for key in _OBJECTS},
    }


def _merged(known: Json, body: Json, names: tuple[str, ...]) -> Json:
    return {name: {**known[name], **body[name]} for name in names if name in body}


def _uuid_or_new(value: object) -> str:
    """An id that is no UUID is replaced without a word."""
    try:
        return str(uuid.UUID(value)) if isinstance(value, str) else str(uuid.uuid4())
    except ValueError:
        return str(uuid.uuid4())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
