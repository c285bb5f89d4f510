"""The one door to HoneyHive: a method for each endpoint that is used. Each says nothing when what was sent is there, or
raises a `TraceError` that names what is wrong.

Documents of different age disagree about answers, so any of their shapes will do: a session bare or in an object, a
success with or without a body, some events taken and some not.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from urllib.parse import quote

import requests

from webapp.hum.operations import check_base_url
from webapp.hum.readers import mapping
from webapp.tracing.trace import Json, within_limit
from webapp.upstream.call import Observer, Operation
from webapp.upstream.circuit_breaker import CircuitBreaker
from webapp.upstream.limits import RateLimiter
from webapp.upstream.transport import Limits
from webapp.upstream.vendor_http import (
    CircuitOpen,
    HttpRequest,
    LimitReached,
    Priority,
    Reply,
    VendorHttp,
    headers_with_key,
)

START = Operation("start", "POST", "/v1/sessions")
ADD = Operation("events", "POST", "/v1/sessions/{session_id}/events/batch")
END = Operation("end", "PUT", "/v1/events/{event_id}")
READ = Operation("read", "GET", "/v1/sessions/{session_id}")

LIMITS = Limits(connect=3.0, read=5.0, total=5.0, max_bytes=1_000_000)
MOST_EVENTS = 100
"""Of one call: a lookup that a person keeps checking may have more."""


class Cause(StrEnum):
    """Why a trace was not sent; short words, safe for logs and pages."""

    KEY = "key"
    RATE_LIMIT = "rate limit"
    NO_ANSWER = "no answer"
    SERVER_ERROR = "server error"
    UNUSABLE = "unusable answer"
    DOWN = "down"
    REFUSED = "refused"
    UNKNOWN_SESSION = "unknown session"
    OTHER_SESSION = "other session"


CONCERNS_ONE = frozenset({Cause.REFUSED, Cause.UNKNOWN_SESSION, Cause.OTHER_SESSION})


class TraceError(Exception):
    """A call to HoneyHive that failed. `status` is None where no answer came; `wait` is the seconds that it asks for, 0
    for none.
    """

    def __init__(self, cause: Cause, status: int | None = None, wait: float = 0.0) -> None:
        super().__init__(cause, status)
        self.cause = cause
        self.status = status
        self.wait = wait

    @property
    def concerns_all(self) -> bool:
        """Whether the next trace would fail just so."""
        return self.cause not in CONCERNS_ONE


class HoneyHiveClient:
    """Calls HoneyHive with one key at one base URL. Threads may share it. See `VendorHttp` for the arguments."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        http: requests.Session | None = None,
        observers: Sequence[Observer] = (),
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        limiter: RateLimiter | None = None,
        breaker: CircuitBreaker | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self._headers = {**headers_with_key("HoneyHive", api_key), "Content-Type": "application/json"}
        self._base_url = check_base_url(base_url)
        self._limits = limits
        self._vendor = VendorHttp(
            secrets=(api_key,),
            http=http,
            observers=observers,
            clock=clock,
            monotonic=monotonic,
            limiter=limiter,
            breaker=breaker,
        )

    def __repr__(self) -> str:
        return f"HoneyHiveClient({self._base_url!r})"

    def start_session(self, session: Json) -> None:
        """Starts a session (POST /v1/sessions), which must bring its own id; one that exists is merged into."""
        reply = self._ask(START, "", session)
        told = _session_id(_taken(reply))
        if told is None:
            raise TraceError(Cause.UNUSABLE, reply.status)
        # A session that HoneyHive gave another id would be another one each time that it is sent.
        if str(told).lower() != session["session_id"]:
            raise TraceError(Cause.OTHER_SESSION, reply.status)

    def add_events(self, session_id: str, events: Sequence[Json]) -> int:
        """Adds children to a session (POST /v1/sessions/{id}/events/batch), in as many calls as they need; how many of
        them HoneyHive says it could not use. Those are lost: the same events would fail again.
        """
        failed = 0
        for first in range(0, len(events), MOST_EVENTS):
            batch = [within_limit(event) for event in events[first : first + MOST_EVENTS]]
            reply = self._ask(ADD, session_id, {"events": batch})
            if _is_partly_taken(reply):
                failed += len(_errors_in(reply))
            else:
                _taken(reply)
        return failed

    def end_session(self, session_id: str, ending: Json) -> None:
        """Ends a session (PUT /v1/events/{id}: a session is an event). Its outputs and times are replaced."""
        _taken(self._ask(END, session_id, ending))

    def read_session(self, session_id: str) -> Mapping[str, object]:
        """A session with its children (GET /v1/sessions/{id}), without secrets."""
        reply = self._ask(READ, session_id, None)
        _taken(reply)
        return mapping(reply.kept)

    def _ask(self, operation: Operation, event_id: str, body: Json | None) -> Reply:
        try:
            self._vendor.admit(operation, Priority.INTERACTIVE)
        except CircuitOpen as refusal:
            raise TraceError(Cause.DOWN, wait=refusal.wait) from None
        except LimitReached as refusal:
            raise TraceError(Cause.RATE_LIMIT, wait=refusal.wait) from None
        path = re.sub(r"\{\w+\}", quote(event_id, safe=""), operation.path)
        text = None if body is None else json.dumps(body)
        return self._vendor.exchange(HttpRequest(operation, self._base_url + path, self._headers, self._limits, text))


# What an answer means.

_CAUSES = {
    400: Cause.REFUSED,
    401: Cause.KEY,
    403: Cause.KEY,
    404: Cause.UNKNOWN_SESSION,
    408: Cause.NO_ANSWER,
    413: Cause.REFUSED,
    422: Cause.REFUSED,
    429: Cause.RATE_LIMIT,
}


def _taken(reply: Reply) -> Mapping[str, object]:
    """The answer's object, empty for an empty body; raises what any other answer means."""
    if reply.status == 0:
        raise TraceError(Cause.NO_ANSWER)
    if not 200 <= reply.status < 300:
        raise TraceError(_cause_of(reply.status), reply.status, reply.retry_after or 0.0)
    if reply.fault is None and not reply.body.strip():
        return {}
    if reply.fault is not None or not isinstance(reply.json, Mapping):
        raise TraceError(Cause.UNUSABLE, reply.status)
    if reply.json.get("success") is False:
        raise TraceError(Cause.REFUSED, reply.status)
    return reply.json


def _cause_of(status: int) -> Cause:
    if status >= 500:
        return Cause.SERVER_ERROR
    return _CAUSES.get(status, Cause.UNUSABLE)


def _is_partly_taken(reply: Reply) -> bool:
    """Whether some events were taken and some were not: an older document answers that with 500."""
    is_answer = 200 <= reply.status < 300 or reply.status == 500
    return is_answer and mapping(reply.json).get("success") is True and bool(_errors_in(reply))


def _errors_in(reply: Reply) -> Sequence[object]:
    errors = mapping(reply.json).get("errors")
    return errors if isinstance(errors, list) else ()


def _session_id(answer: Mapping[str, object]) -> object:
    """The id in an answer, bare or in an object named by what it is; None where there is none."""
    for holder in (answer, mapping(answer.get("session")), mapping(answer.get("event"))):
        for name in ("session_id", "event_id"):
            if holder.get(name):
                return holder[name]
    return None
