"""What nginx hands on, byte by byte: its own word on who asks and for whom, whole requests, each once."""

from __future__ import annotations

import re
import socket
import threading

from tests.integration.hum.wire import Wire
from tests.soak.deploy.conftest import ANSWER
from tests.soak.deploy.line import PATIENCE, Line
from tests.soak.deploy.odd_requests import HOST, SMUGGLED, get
from tools import proxied
from webapp.web.security import page_headers

LARGE = 20_000_000
"""More than all the sockets on the way hold."""
LIES = [
    b"X-Forwarded-For: 6.6.6.6",
    b"X-Forwarded-For: 7.7.7.7, 8.8.8.8",
    b"X-Forwarded-Host: evil.example",
    b"X-Forwarded-Proto: http",
    b"X-Forwarded-Port: 666",
    b"X-Forwarded-Prefix: /evil",
    b"X-Forwarded-Server: evil.example",
    b"X-Forwarded-User: root",
    b"Forwarded: for=6.6.6.6;host=evil.example",
    b"X-Real-IP: 6.6.6.6",
    b"X-Original-URL: /evil",
    b"X-Rewrite-URL: /evil",
    b"X-HTTP-Method-Override: DELETE",
    b"X-Request-Id: evilevilevil",
    b"Connection: keep-alive, X-Forwarded-For",
    b"X_Forwarded_For: 6.6.6.6",
    b"X_FORWARDED_HOST: evil.example",
    b"SCRIPT_NAME: /evil",
    b"Content_Length: 666",
    b"X-Forwarded-F\xc3\xb6r: 6.6.6.6",
]
OURS = [
    b"Cookie: __Host-viewer=abc",
    b"HX-Request: true",
    b"HX-Target: progress",
    b"Origin: https://lookup.example.com",
    b"Sec-Fetch-Site: same-origin",
]


def headers_of(request: bytes) -> dict[str, list[str]]:
    """Name in lower case -> values, of a request as it came in."""
    found: dict[str, list[str]] = {}
    for line in request.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
        name, _, value = line.decode("latin-1").partition(": ")
        found.setdefault(name.lower(), []).append(value)
    return found


def handed_on(watched: proxied.Site, keeper: Wire, sent: bytes) -> bytes:
    """The one request that reaches the app when this is sent."""
    before = len(keeper.requests)
    with Line(watched) as line:
        line.send(sent)
        answer = line.answer()
    assert answer is not None
    assert answer.status == 200
    (request,) = keeper.requests[before:]
    return request


def test_nothing_that_a_client_says_of_itself(watched: proxied.Site, keeper: Wire) -> None:
    request = handed_on(watched, keeper, get(b"/lookups", *LIES))
    found = headers_of(request)
    assert re.fullmatch("[0-9a-f]{32}", found.pop("x-request-id")[0])
    assert found == {
        "host": [proxied.NAME],
        "x-forwarded-for": ["127.0.0.1"],
        "x-forwarded-proto": ["https"],
        "x-forwarded-host": [proxied.NAME],
    }


def test_what_the_app_lives_on(watched: proxied.Site, keeper: Wire) -> None:
    found = headers_of(handed_on(watched, keeper, get(b"/lookups", *OURS)))
    for header in OURS:
        name, _, value = header.decode().partition(": ")
        assert found[name.lower()] == [value]


def test_the_name_in_the_request_line_counts(watched: proxied.Site, keeper: Wire) -> None:
    request = handed_on(watched, keeper, get(b"https://lookup.example.com/lookups", host=b"Host: evil.example\r\n"))
    assert b"evil" not in request


def test_the_address_that_connects(watched: proxied.Site, keeper: Wire) -> None:
    before = len(keeper.requests)
    with Line(watched, source="127.0.0.2") as line:
        line.send(get())
        assert line.answer() is not None
    assert headers_of(keeper.requests[before])["x-forwarded-for"] == ["127.0.0.2"]


def test_chunks_arrive_as_a_body_of_a_known_length(watched: proxied.Site, keeper: Wire) -> None:
    sent = (
        b"POST /lookups HTTP/1.1\r\n"
        + HOST
        + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(SMUGGLED)
        + SMUGGLED
        + b"\r\n0\r\n\r\n"
    )
    request = handed_on(watched, keeper, sent)
    assert headers_of(request)["content-length"] == [str(len(SMUGGLED))]
    assert "transfer-encoding" not in headers_of(request)
    assert request.partition(b"\r\n\r\n")[2] == SMUGGLED


def test_no_half_of_a_request(watched: proxied.Site, keeper: Wire) -> None:
    before = len(keeper.requests)
    with Line(watched) as slow:
        slow.send(b"POST /slow HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\n" + b"a" * 99)
        handed_on(watched, keeper, get(b"/other"))
        assert not [request for request in keeper.requests[before:] if b"/slow" in request]
        slow.send(b"a")
        assert slow.answer() is not None
    assert keeper.requests[-1].endswith(b"a" * 100)


def test_an_answer_that_is_not_read_leaves_the_app_at_once(watched: proxied.Site, keeper: Wire) -> None:
    rid_of_it = threading.Event()

    def answer_at_length(wire: Wire, sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n" % LARGE + b"a" * LARGE)
        rid_of_it.set()

    keeper.answer(answer_at_length, ANSWER)
    with Line(watched) as line:
        line.send(get(b"/lookups"))
        assert rid_of_it.wait(PATIENCE)


def cut_off(wire: Wire, sock: socket.socket) -> None:
    """Takes the request and closes without an answer."""


def test_a_post_whose_answer_is_lost_is_not_sent_again(watched: proxied.Site, keeper: Wire) -> None:
    before = len(keeper.requests)
    # A connection that has served before is where nginx would think of a second try.
    handed_on(watched, keeper, get())
    keeper.answer(cut_off)
    with Line(watched) as line:
        line.send(b"POST /lookups HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n")
        answer = line.answer()
    keeper.answer(ANSWER)
    assert answer is not None
    assert answer.status == 502
    assert b"What was started is kept" in answer.body
    assert len(keeper.requests) == before + 2


def test_what_nginx_says_itself_carries_the_headers_of_the_apps_pages(watched: proxied.Site, keeper: Wire) -> None:
    with Line(watched) as line:
        line.send(b"POST /lookups HTTP/1.1\r\n" + HOST + b"Content-Length: 99999\r\n\r\n")
        answer = line.answer()
    assert answer is not None
    assert answer.status == 413
    expected = {name.lower(): value for name, value in page_headers(https=True).items()}
    assert {name: answer.headers.get(name) for name in expected} == expected
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["server"] == "nginx"
