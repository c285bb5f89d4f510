"""What can go wrong in a call to H Company, named by meaning.

    AgentError             any failed call; catch this to catch them all
    ├── KeyRefused         the API key is not accepted (401, 403)
    ├── NoCapacity         as many sessions run as the plan allows, or the platform is full (429)
    ├── StillInFlight      another request with this Idempotency-Key has not been answered yet (409)
    ├── RequestRefused     the request would be refused again (400, 405, 406, 412, 413, 415, 422)
    ├── SessionUnknown     there is no such session, or no such agent (404, 410)
    └── Unavailable        no answer that counts: time-out, connection, 5xx, not what we can read; or not even asked

No error holds a key, a session's id or H's own free text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from webapp.hum.readers import items, mapping
from webapp.upstream.call import Call, Operation
from webapp.upstream.limits import stated_wait
from webapp.upstream.vendor_http import Reply

LONGEST_IN_FLIGHT = 10.0
"""Seconds that we wait at most for another request with the same key: it ends within its own deadline."""

_FINAL = frozenset({400, 405, 406, 412, 413, 415, 422})
_FIELD = re.compile(r"[A-Za-z_]{1,40}")


class AgentError(Exception):
    """A call that failed. `status` is the HTTP status, None without an answer; `calls` are the exchanges made."""

    def __init__(self, operation: Operation, status: int | None = None) -> None:
        super().__init__(operation.name, status)
        self.operation = operation.name
        self.status = status
        self.calls: tuple[Call, ...] = ()

    def __str__(self) -> str:
        status = "no status" if self.status is None else str(self.status)
        return f"{type(self).__name__}: {self.operation}, {status}"


class KeyRefused(AgentError):
    """The API key is missing, wrong or revoked."""


class NoCapacity(AgentError):
    """No further session may run at the moment. It is about sessions that run at once, not about calls in a minute."""


class StillInFlight(AgentError):
    """The same request is being answered elsewhere. `retry_after` is the wait in seconds, from 1 to 10."""

    def __init__(self, operation: Operation, status: int | None, retry_after: float) -> None:
        super().__init__(operation, status)
        self.retry_after = retry_after


class RequestRefused(AgentError):
    """H refused what was sent. `fields` are the names of the members that it objects to, as far as it names any."""

    def __init__(self, operation: Operation, status: int | None, fields: frozenset[str] = frozenset()) -> None:
        super().__init__(operation, status)
        self.fields = fields


class SessionUnknown(AgentError):
    """H knows no such session."""


class Unavailable(AgentError):
    """No answer that counts. The same request may succeed later."""


def failure_of(reply: Reply, operation: Operation, now: float) -> AgentError:
    """The error that the status of an answer stands for. `now` is in epoch seconds."""
    status = reply.status
    if status in (401, 403):
        return KeyRefused(operation, status)
    if status in (404, 410):
        return SessionUnknown(operation, status)
    if status == 409:
        return StillInFlight(operation, status, _wait(reply.headers, now))
    if status == 429:
        return NoCapacity(operation, status)
    if status in _FINAL:
        return RequestRefused(operation, status, _fields(reply.json))
    return Unavailable(operation, status or None)


def _wait(headers: Mapping[str, str], now: float) -> float:
    wait = stated_wait(headers, now)
    if wait is None:
        return 1.0
    return min(wait, LONGEST_IN_FLIGHT)


def _fields(body: object) -> frozenset[str]:
    """Names in `{"detail": [{"loc": ["body", "max_steps"], …}]}`; any other shape names none."""
    found = set()
    for fault in items(mapping(body).get("detail"))[:20]:
        for part in items(mapping(fault).get("loc"))[:10]:
            if isinstance(part, str) and _FIELD.fullmatch(part):
                found.add(part)
    return frozenset(found)
