"""A trace: what HoneyHive is told of one lookup. Pure.

Nothing here knows the street, the city, who asked, or a key; of the ZIP code only three digits ever come in.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from webapp.hum.operations import STATUS
from webapp.hum.readers import mapping
from webapp.hum.sessions import agent_state
from webapp.lookups.recorded_calls import TurnKind
from webapp.texts import clean

Json = dict[str, Any]

NAMESPACE = uuid.UUID("5f0b4f3e-6f0f-5b0e-9a65-6a1f4c1d7a11")
SESSION_NAME, SOURCE = "isp-lookup", "hum-isp-lookup"
LARGEST_EVENT = 64 * 1024
"""Bytes of one event as JSON. HoneyHive documents no limit."""
MOST_POLLS_TOLD = 50
SEARCH_CHANGES = "h_changes"
"""The call to H Company whose answers hold status and cost."""
LONGEST_TEXT = 100
HEADERS_TOLD = {"X-Request-Id": "hum_request_id", "X-RateLimit-Remaining": "rate_limit_remaining"}


@dataclass(frozen=True, slots=True)
class TracedLookup:
    """A lookup without its address. Times are epoch seconds; `outcome` is None for one whose end nobody learned."""

    id: str
    environment: str
    campaign_id: str | None
    state_code: str | None
    zip3: str | None
    has_unit: bool
    created_at: float
    outcome: str | None
    reason: str | None
    token: str | None
    geocoding: str | None
    internet: str | None
    data_set: str | None
    provider_count: int
    plan_count: int
    polls: int
    geocoded_at: float | None
    providers_at: float | None
    finished_at: float | None
    left_at: float | None

    @property
    def session_id(self) -> str:
        """HoneyHive's id of this lookup."""
        return session_id_of(self.id)


@dataclass(frozen=True, slots=True)
class TracedCall:
    """One call to Hum, or to H Company in a turn `research`. `response_body` is there where it is read."""

    id: int
    turn: str
    operation: str
    method: str
    path: str
    status: int | None
    started_at: float
    milliseconds: int
    size: int
    error: str | None
    response_headers: Mapping[str, str]
    response_body: str


def session_id_of(lookup_id: str) -> str:
    """HoneyHive's id of a lookup: the same each time that it is sent. One that is no UUID would be replaced."""
    return str(uuid.uuid5(NAMESPACE, lookup_id))


def session_of(lookup: TracedLookup, version: str) -> Json:
    """The body that starts the session. `version` is this program's."""
    return {
        "session_id": lookup.session_id,
        "session_name": SESSION_NAME,
        "source": SOURCE,
        "start_time": _ms(lookup.created_at),
        "inputs": _given(
            state=lookup.state_code, zip3=lookup.zip3, has_unit=lookup.has_unit, campaign_id=lookup.campaign_id
        ),
        "metadata": _given(
            environment=lookup.environment,
            app_version=version,
            lookup_id=lookup.id,
            hum_session_sha256=None if lookup.token is None else hashlib.sha256(lookup.token.encode()).hexdigest(),
        ),
    }


def events_of(lookup: TracedLookup, calls: Sequence[TracedCall]) -> list[Json]:
    """The children: an event for each call to Hum, but one for all status polls together, where the first of them was
    made; and one for the web search with all of its calls.
    """
    search, calls = _parted(calls)
    polls = [call for call in calls if call.operation == STATUS.name]
    events = []
    for call in calls:
        if call.operation != STATUS.name:
            events.append(_event(lookup, call, f"hum.{call.operation}", call.started_at + call.milliseconds / 1000))
        elif call is polls[0]:
            events.append(_poll_event(lookup, polls))
    if search:
        events.append(_search_event(lookup, search))
    return events


def ending_of(lookup: TracedLookup, calls: Sequence[TracedCall]) -> Json:
    """The change that ends the session: the outcome, with `calls` all that were made for the lookup."""
    _, calls = _parted(calls)
    ended_at = lookup.finished_at or max((_end_of(call) for call in calls), default=lookup.created_at)
    elapsed = max(0, _ms(ended_at) - _ms(lookup.created_at))
    # What is found after nobody watched was there at a time that nobody knows.
    is_known = lookup.left_at is None
    return {
        "outputs": _given(
            outcome=lookup.outcome or "unfinished",
            reason=lookup.reason,
            geocoding=lookup.geocoding,
            internet=lookup.internet,
            providers_count=lookup.provider_count,
            plans_count=lookup.plan_count,
            elapsed_ms=elapsed if is_known else None,
        ),
        "metrics": _given(
            hum_calls=len(calls) or None,
            hum_failures=sum(_error_of(call) is not None for call in calls) if calls else None,
            address_ms=_since_start(lookup, lookup.geocoded_at) if is_known else None,
            providers_ms=_since_start(lookup, lookup.providers_at) if is_known else None,
        ),
        "metadata": _given(hum_data_set=_short(lookup.data_set), left=None if is_known else True),
        "duration": elapsed,
        "end_time": _ms(ended_at),
    }


def within_limit(event: Json) -> Json:
    """The event, or where it is larger than 64 KB what names and times it, marked as cut."""
    if len(json.dumps(event)) <= LARGEST_EVENT:
        return event
    kept = {name: value for name, value in event.items() if not isinstance(value, dict | list)}
    return {**kept, "inputs": {}, "metadata": {"cut": True}}


def _poll_event(lookup: TracedLookup, polls: Sequence[TracedCall]) -> Json:
    event = _event(lookup, polls[0], "hum.poll", max(map(_end_of, polls)))
    errors = [error for error in map(_error_of, polls) if error is not None]
    event["error"] = errors[-1] if errors else None
    event["outputs"] = {
        "count": len(polls),
        "failures": len(errors),
        "path": [_told_by(lookup, call) for call in islice(polls, MOST_POLLS_TOLD)],
    }
    event["metadata"] = {}
    return event


def _search_event(lookup: TracedLookup, calls: Sequence[TracedCall]) -> Json:
    """The web search: how it went and what it cost, and nothing of what it found."""
    event = _event(lookup, calls[0], "h.session", max(map(_end_of, calls)))
    metrics: Mapping[str, Any] = {}
    status = None
    for call in calls:
        changes = _json_of(call)
        metrics = mapping(changes.get("metrics")) or metrics
        status = changes.get("status") or status
    event["event_id"] = str(uuid.uuid5(NAMESPACE, f"{lookup.id} web search"))
    event["event_type"] = "chain"
    event["outputs"] = _given(
        count=len(calls),
        failures=sum(_error_of(call) is not None for call in calls),
        status=_short(status) if isinstance(status, str) else None,
    )
    event["metadata"] = _given(steps=_number(metrics.get("steps")), cost=_number(metrics.get("total_cost")))
    return event


def _parted(calls: Sequence[TracedCall]) -> tuple[list[TracedCall], list[TracedCall]]:
    """The calls to H Company, and those to Hum."""
    search = [call for call in calls if call.turn == TurnKind.RESEARCH.value]
    return search, [call for call in calls if call.turn != TurnKind.RESEARCH.value]


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _json_of(call: TracedCall) -> Mapping[str, Any]:
    try:
        return mapping(json.loads(call.response_body))
    except (ValueError, RecursionError):
        return {}


def _event(lookup: TracedLookup, call: TracedCall, name: str, ended_at: float) -> Json:
    headers = {told: _short(call.response_headers.get(header)) for header, told in HEADERS_TOLD.items()}
    return {
        # The same call gets the same id each time that it is sent.
        "event_id": str(uuid.uuid5(NAMESPACE, f"{lookup.id} {call.id}")),
        "parent_id": lookup.session_id,
        "event_type": "tool",
        "event_name": name,
        "source": SOURCE,
        "start_time": _ms(call.started_at),
        "end_time": _ms(ended_at),
        "duration": max(0, _ms(ended_at) - _ms(call.started_at)),
        "inputs": {"method": call.method, "path": call.path},
        "outputs": _given(status=call.status, bytes=call.size),
        "error": _error_of(call),
        "metadata": _given(turn=call.turn, **headers),
    }


def _told_by(lookup: TracedLookup, poll: TracedCall) -> Json:
    """What one status poll said, and how long after the lookup's beginning it was made."""
    meta = mapping(_json_of(poll).get("meta"))
    agents = mapping(meta.get("agent_status"))
    return _given(
        at_ms=_since_start(lookup, poll.started_at),
        status=poll.status,
        error=poll.error,
        geocoding=agent_state(agents.get("geocoding")),
        internet=agent_state(agents.get("internet")),
    )


def _error_of(call: TracedCall) -> str | None:
    if call.error is not None:
        return call.error
    if call.status is not None and call.status >= 400:
        return f"HTTP {call.status}"
    return None


def _end_of(call: TracedCall) -> float:
    return call.started_at + call.milliseconds / 1000


def _since_start(lookup: TracedLookup, at: float | None) -> int | None:
    return None if at is None else max(0, _ms(at) - _ms(lookup.created_at))


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _short(value: str | None) -> str | None:
    return None if value is None else clean(value)[:LONGEST_TEXT]


def _given(**values: object) -> Json:
    """What is known: a field that would be null is left out."""
    return {name: value for name, value in values.items() if value is not None}
