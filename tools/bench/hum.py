"""A Hum that costs next to nothing: the simulator's own answers, kept ready, sent after a fixed wait on one event loop.

It shares the loop with the viewers and tells them what it knows: how long a session's questions kept the app waiting.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from webapp.simulator import SCENARIOS, create_app

GEOCODED_AFTER = 1.2
_STREET = re.compile(rb'"street1": ?"(\d+) ')
_HEADERS = {"Authorization": "Bearer bench", "Content-Type": "application/json"}


@dataclass
class Session:
    """One session: whose it is, when it began and when its providers come (seconds of `time.perf_counter`; None for
    never).

    `waited` is how long its questions have kept the app waiting so far; `answered` holds the moments of its answers.
    """

    number: int
    born: float
    ready_at: float | None
    waited: float = 0.0
    answered: list[float] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)


class Hum:
    """Answers every call after `latency` seconds; `ready_after(number)` says how old a session's providers come, None
    for never. `rewrite_list` may enlarge the body that has the providers.
    """

    def __init__(
        self,
        latency: float,
        ready_after: Callable[[int], float | None],
        rewrite_list: Callable[[bytes], bytes] = lambda body: body,
    ) -> None:
        self.asked: Counter[str] = Counter()
        self.by_number: dict[int, Session] = {}
        self._latency = latency
        self._ready_after = ready_after
        self._sessions: dict[str, Session] = {}
        self._answers = _recorded()
        status, body = self._answers["internet ready"]
        self._answers["internet ready"] = (status, rewrite_list(body))
        self._server: asyncio.Server | None = None

    async def listen(self) -> str:
        """Opens a loopback port and returns its URL."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(self), "127.0.0.1", 0, backlog=4096
        )
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Stops listening."""
        if self._server is not None:
            self._server.close()

    def take(self, method: bytes, path: bytes, body: bytes) -> tuple[Session | None, Callable[[], bytes]]:
        """The session that a call is about, and what to answer when its time has come."""
        if method == b"POST":
            found = _STREET.search(body)
            token, session = self.begin(int(found[1]) if found else 0)
            return session, lambda: self._answer("create", session, token)
        token, _, rest = path.decode().removeprefix("/sessions/").partition("/")
        known = self._sessions.get(token)
        if known is None:
            return None, lambda: b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"
        return known, lambda: self._answer("internet" if rest else "status", known, token)

    def begin(self, number: int) -> tuple[str, Session]:
        """A new session, and its token."""
        born, after = time.perf_counter(), self._ready_after(number)
        session = Session(number, born, None if after is None else born + after)
        token = f"bench-session-{len(self._sessions):08d}"
        self._sessions[token] = self.by_number[number] = session
        return token, session

    @property
    def latency(self) -> float:
        """Seconds before each answer."""
        return self._latency

    def _answer(self, operation: str, session: Session, token: str) -> bytes:
        self.asked[operation] += 1
        session.calls[operation] += 1
        now = time.perf_counter()
        ready = session.ready_at is not None and now >= session.ready_at
        stage = "ready" if ready else "geocoded" if now - session.born >= GEOCODED_AFTER else "new"
        status, body = self._answers[operation if operation == "create" else f"{operation} {stage}"]
        text = body.replace(b"TOKEN", token.encode())
        return b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
            status,
            len(text),
            text,
        )


class _Connection(asyncio.Protocol):
    """One kept connection of the app: one request at a time, as its client sends them."""

    def __init__(self, hum: Hum) -> None:
        self._hum = hum
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The app has connected."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """A request, or a part of one."""
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or len(body) < _content_length(head):
            return
        self._received = b""
        method, path, _ = head.split(b" ", 2)
        session, answer = self._hum.take(method, path, body)
        asyncio.get_running_loop().call_later(self._hum.latency, self._send, time.perf_counter(), session, answer)

    def _send(self, asked_at: float, session: Session | None, answer: Callable[[], bytes]) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(answer())
        if session is not None:
            session.answered.append(time.perf_counter())
            session.waited += session.answered[-1] - asked_at


def _content_length(head: bytes) -> int:
    found = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return int(found[1]) if found else 0


def _recorded() -> dict[str, tuple[int, bytes]]:
    """The simulator's answers at every stage of a session, with TOKEN for its token."""
    now = 1_790_000_000.0
    client = create_app(clock=lambda: now, rate_limit=1000).test_client()
    created = client.post("/sessions", headers=_HEADERS, json=SCENARIOS["fast"].address)
    token = json.loads(created.data)["data"]["session_token"]
    answers = {"create": (created.status_code, created.data)}
    for stage, moment in (("new", 0.5), ("geocoded", 2.0), ("ready", 6.0)):
        now = 1_790_000_000.0 + moment
        for operation, path in (("status", f"/sessions/{token}"), ("internet", f"/sessions/{token}/services/internet")):
            answer = client.get(path, headers=_HEADERS)
            answers[f"{operation} {stage}"] = (answer.status_code, answer.data)
    return {name: (status, body.replace(token.encode(), b"TOKEN")) for name, (status, body) in answers.items()}
