"""The one door to H Company: a method per endpoint. Each gives facts and the calls it made, or raises an `AgentError`
that names them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import requests

from webapp.hum.readers import mapping
from webapp.research.errors import AgentError, Unavailable, failure_of
from webapp.research.operations import CHANGES, CREATE, DELETE, FORCE_ANSWER
from webapp.research.sessions import AgentSession, Changes, is_session_id, read_changes, read_session
from webapp.upstream.call import Call, Observer, Operation
from webapp.upstream.circuit_breaker import CircuitBreaker
from webapp.upstream.limits import AtCapacity, ConcurrencyLimit, RateLimiter
from webapp.upstream.transport import Limits
from webapp.upstream.vendor_http import (
    Answer,
    CircuitOpen,
    HttpRequest,
    LimitReached,
    Priority,
    Reply,
    VendorHttp,
    headers_with_key,
)

# An id opens a session to whoever has a key, and a shared one to anybody.
_SECRET_MEMBERS = frozenset({"id", "session_id", "parent_session_id", "subagent_session_ids"})
_SUCCESS = frozenset({200, 201, 202, 204})


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The limits of a call, in seconds and bytes. `total` bounds the whole exchange, `read` each wait for the next
    bytes.
    """

    connect: float = 3.0
    read: float = 6.0
    total: float = 8.0
    create: float = 12.0
    max_bytes: int = 1_000_000


class AgentClient:
    """Calls H Company with one key at one base URL, which must have been checked. Threads may share it. See
    `VendorHttp` for the arguments.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        http: requests.Session | None = None,
        observers: Sequence[Observer] = (),
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        breaker: CircuitBreaker | None = None,
        concurrency: ConcurrencyLimit | None = None,
        deadlines: Deadlines | None = None,
    ) -> None:
        self.base_url = base_url
        self.deadlines = deadlines or Deadlines()
        self._clock = clock
        self._vendor = VendorHttp(
            secrets=(api_key,),
            secret_members=_SECRET_MEMBERS,
            http=http,
            observers=observers,
            clock=clock,
            monotonic=monotonic,
            # H limits sessions, not calls: after its 429 for one session the others must be read and ended all the
            # same.
            limiter=RateLimiter(clock, binding=False),
            breaker=breaker,
            concurrency=concurrency,
        )
        self._headers = headers_with_key("H Company", api_key)

    def __repr__(self) -> str:
        return f"AgentClient({self.base_url!r})"

    def create_session(self, body: str, key: str) -> Answer[AgentSession]:
        """Starts an agent (POST /sessions), which costs money. With the same `key` and body it may be sent again: H
        makes one session. Raises AgentError.
        """
        deadlines = self.deadlines
        limits = Limits(deadlines.connect, deadlines.create, deadlines.create, deadlines.max_bytes)
        extra = {"Idempotency-Key": key, "Content-Type": "application/json"}
        with self._turn(CREATE) as calls:
            reply = self._ask(calls, HttpRequest(CREATE, self._url(CREATE), {**self._headers, **extra}, limits, body))
            # The id is a secret, so that it stands in the answer as it came alone.
            session = read_session(mapping(reply.json))
            if session is None:
                raise Unavailable(CREATE, reply.status)
            return Answer(session, tuple(calls))

    def get_changes(self, session_id: str, from_index: int = 0) -> Answer[Changes | None]:
        """How a session stands and what it has answered (GET …/changes), without its events, which hold pictures of the
        agent's screen. None when nothing has changed since `from_index`. Raises AgentError.
        """
        query = f"?from_index={from_index}&include_events=false&wait_for_seconds=0"
        with self._turn(CHANGES) as calls:
            reply = self._ask(calls, self._request(CHANGES, session_id, query=query))
            if reply.status == 204:
                return Answer(None, tuple(calls))
            if not isinstance(reply.kept, Mapping):
                raise Unavailable(CHANGES, reply.status)
            return Answer(read_changes(reply.kept, from_index), tuple(calls))

    def force_answer(self, session_id: str) -> Answer[None]:
        """Asks the agent to answer now from what it has (POST …/force_answer). Raises AgentError."""
        with self._turn(FORCE_ANSWER) as calls:
            self._ask(calls, self._request(FORCE_ANSWER, session_id))
            return Answer(None, tuple(calls))

    def delete_session(self, session_id: str) -> Answer[None]:
        """Ends a session for good (DELETE …) and frees its place. Raises AgentError."""
        with self._turn(DELETE) as calls:
            self._ask(calls, self._request(DELETE, session_id))
            return Answer(None, tuple(calls))

    @contextmanager
    def _turn(self, operation: Operation) -> Iterator[list[Call]]:
        """The calls made inside, also for the error that ends them."""
        calls: list[Call] = []
        try:
            with self._vendor.acquire():
                yield calls
        except AtCapacity:
            raise Unavailable(operation) from None
        except AgentError as error:
            error.calls = tuple(calls)
            raise

    def _ask(self, calls: list[Call], request: HttpRequest) -> Reply:
        operation = request.operation
        try:
            self._vendor.admit(operation, Priority.INTERACTIVE)
        except (CircuitOpen, LimitReached):
            raise Unavailable(operation) from None
        reply = self._vendor.exchange(request)
        calls.append(reply.call)
        if reply.status not in _SUCCESS:
            raise failure_of(reply, operation, self._clock())
        # What was done is done, even where the body that says so cannot be read.
        if reply.fault is not None and operation in (CREATE, CHANGES):
            raise Unavailable(operation, reply.status)
        return reply

    def _request(self, operation: Operation, session_id: str, *, query: str = "") -> HttpRequest:
        if not is_session_id(session_id):
            raise Unavailable(operation)
        deadlines = self.deadlines
        return HttpRequest(
            operation,
            self._url(operation).replace("{id}", session_id) + query,
            self._headers,
            Limits(deadlines.connect, deadlines.read, deadlines.total, deadlines.max_bytes),
            secrets=(session_id,),
        )

    def _url(self, operation: Operation) -> str:
        return self.base_url + operation.path
