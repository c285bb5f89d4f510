"""What one client does to the server itself: requests without a pause between them, and requests that cannot be
understood.
"""

from __future__ import annotations

import io
import logging
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from tests.soak.server import Server, serving
from webapp.telemetry import without_request_text

PIPELINED = 300
"""Requests that each of the two greedy connections sends at once."""
SECRET = "Sycamore"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server"), WEB_CONCURRENCY="1", LOG_LEVEL="info") as running:
        yield running


class Greedy:
    """A connection that sends many requests at once and counts the answers as they come."""

    def __init__(self, address: tuple[str, int], started: Event) -> None:
        self.answered = 0
        self._started = started
        self._socket = socket.create_connection(address, timeout=60)
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        self._socket.sendall(request * PIPELINED)
        end = b""
        while self.answered < PIPELINED and (received := self._socket.recv(65_536)):
            text = end + received
            self.answered += text.count(b"HTTP/1.1 200")
            # A status line that is cut in two is counted with its second half.
            end = text[-11:]
            if self.answered >= 10:
                self._started.set()

    def finish(self) -> None:
        self._thread.join(60)
        self._socket.close()


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    with socket.create_connection(address_of(server), timeout=60) as connection:
        yield connection


def address_of(server: Server) -> tuple[str, int]:
    host, _, port = server.url.removeprefix("http://").partition(":")
    return host, int(port)


def answer(server: Server, request: bytes) -> str:
    """All that comes back for a request until the server closes the connection."""
    with connected(server) as connection:
        connection.sendall(request)
        received = b""
        while part := connection.recv(65_536):
            received += part
    return received.decode("latin-1")


def test_connections_that_never_pause_leave_the_worker_to_others(server: Server) -> None:
    started = Event()
    greedy = [Greedy(address_of(server), started) for _ in range(2)]
    assert started.wait(60)
    waited = []
    for _ in range(5):
        before = sum(each.answered for each in greedy)
        assert answer(server, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").startswith(
            "HTTP/1.1 200"
        )
        waited.append(sum(each.answered for each in greedy) - before)
    done = sum(each.answered for each in greedy)
    for each in greedy:
        each.finish()
    assert done < 2 * PIPELINED, "the others were answered when the greedy ones had what they wanted"
    assert max(waited) <= 30, f"answers that greedy connections got while another one waited: {waited}"
    assert sum(each.answered for each in greedy) == 2 * PIPELINED, "they get their answers all the same"


@pytest.mark.parametrize("host", ["a..b", f"{'x' * 64}.example", ".", "x" * 300, "a..b:8000"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_host_that_cannot_be_is_refused_and_nothing_of_the_request_is_logged(
    server: Server, host: str, method: str
) -> None:
    request = (
        f"{method} /lookups?street1={SECRET} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nSec-Fetch-Site: "
        "cross-site\r\n"
        "Content-Length: 0\r\n\r\n"
    )
    answered = answer(server, request.encode())
    assert answered.startswith("HTTP/1.1 400"), answered[:300]
    assert "cannot be the name of a site" in answered
    assert re.search(r"(?i)^content-security-policy: default-src 'none'", answered, re.MULTILINE)
    assert re.search(r"(?i)^cache-control: no-store", answered, re.MULTILINE)
    assert SECRET not in server.said
    assert "Traceback" not in server.said


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /?street1=Sycamore HTTP/1.1 and more\r\nHost: localhost\r\n\r\n",
        b"GET /?street1=Sycamore\r\nHost: localhost\r\n\r\n",
        b"G@T /?street1=Sycamore HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nSycamore Street: 1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: 1\r\n Sycamore\r\n\r\n",
    ],
)
def test_a_request_that_cannot_be_read_is_not_logged(server: Server, request_: bytes) -> None:
    before = server.said.count("could not be read")
    assert answer(server, request_).startswith("HTTP/1.1 4")
    assert server.said.count("could not be read") == before + 1
    assert SECRET not in server.said


def test_gunicorn_logs_a_failure_of_the_app_without_the_request() -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.addFilter(without_request_text)
    log = logging.Logger("gunicorn.error")
    log.addHandler(handler)
    try:
        raise ValueError(SECRET)
    except ValueError:
        log.exception("Error handling request %s %s", "GET", f"/?street1={SECRET}")
        log.exception("Exception in worker process")
    first, *rest = lines.getvalue().splitlines()
    assert first.startswith("A request failed: ValueError at test_gunicorn.py:")
    assert rest[0] == "Exception in worker process", "what is no request is logged whole"
    assert SECRET not in first
