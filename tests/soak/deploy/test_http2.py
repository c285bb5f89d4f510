"""HTTP/2 has no request line and other lengths: what reaches the app is one ordinary HTTP/1.1 request, or nothing."""

from __future__ import annotations

import pytest

from tests.integration.hum.wire import Wire
from tests.soak.deploy import http2
from tests.soak.deploy.http2 import START
from tests.soak.deploy.odd_requests import SMUGGLED
from tests.soak.deploy.test_what_reaches_the_app import headers_of
from tools import proxied

FORM = b"a=b&c"
LENGTH = (b"content-length", b"5")

ODD: dict[str, tuple[tuple[http2.Header, ...], bytes]] = {
    "length shorter than the body": ((*START, (b"content-length", b"0")), SMUGGLED),
    "length longer than the body": ((*START, (b"content-length", b"500")), FORM),
    "two lengths": ((*START, LENGTH, (b"content-length", b"6")), FORM),
    "transfer coding": ((*START, (b"transfer-encoding", b"chunked")), b"0\r\n\r\n" + SMUGGLED),
    "line break in a value": ((*START, LENGTH, (b"x-a", b"b\r\nTransfer-Encoding: chunked")), FORM),
    "request in a value": ((*START, LENGTH, (b"x-a", b"b\r\n\r\n" + SMUGGLED)), FORM),
    "line break in a name": ((*START, LENGTH, (b"x-a: b\r\nx-b", b"c")), FORM),
    "line break in the path": ((*START[:3], (b":path", b"/ HTTP/1.1\r\nX-A: b\r\n\r\n" + SMUGGLED), LENGTH), FORM),
    "line break in the method": (((b":method", b"GET /smuggled HTTP/1.1\r\nX-A: b"), *START[1:], LENGTH), FORM),
    "blank in the path": ((*START[:3], (b":path", b"/smuggled HTTP/1.1"), LENGTH), FORM),
    "another host": ((*START[:2], (b":authority", b"evil.example"), START[3], LENGTH), FORM),
    "two hosts": ((*START, (b":authority", b"evil.example"), LENGTH), FORM),
    "host beside the authority": ((*START, (b"host", b"evil.example"), LENGTH), FORM),
    "connection header": ((*START, LENGTH, (b"connection", b"x-forwarded-for")), FORM),
    "NUL in a value": ((*START, LENGTH, (b"x-a", b"a\0b")), FORM),
    "capitals in a name": ((*START, LENGTH, (b"X-A", b"b")), FORM),
    "unknown pseudo-header": ((*START, (b":x", b"y"), LENGTH), FORM),
    "path without a slash": ((*START[:3], (b":path", b"smuggled"), LENGTH), FORM),
    "lies": ((*START, LENGTH, (b"x-forwarded-for", b"6.6.6.6"), (b"x_forwarded_host", b"evil.example")), FORM),
}


def test_a_request_as_browsers_send_it_arrives(watched: proxied.Site, keeper: Wire) -> None:
    before = len(keeper.requests)
    assert http2.ask(watched, (*START, LENGTH, (b"hx-request", b"true")), FORM)
    (request,) = keeper.requests[before:]
    assert request.startswith(b"POST /lookups HTTP/1.1\r\n")
    assert request.endswith(b"\r\n\r\n" + FORM)
    assert headers_of(request)["hx-request"] == ["true"]


@pytest.mark.parametrize("name", ODD)
def test_an_odd_one_is_one_ordinary_request_or_none(watched: proxied.Site, keeper: Wire, name: str) -> None:
    before = len(keeper.requests)
    http2.ask(watched, *ODD[name])
    arrived = keeper.requests[before:]
    assert len(arrived) <= 1
    for request in arrived:
        start, _, body = request.partition(b"\r\n\r\n")
        assert start.startswith(b"POST /lookups HTTP/1.1\r\n")
        found = headers_of(request)
        assert found["host"] == found["x-forwarded-host"] == [proxied.NAME]
        assert found["x-forwarded-for"] == ["127.0.0.1"]
        assert found["content-length"] == [str(len(body))]
        assert "transfer-encoding" not in found
        assert not set(found) & {"x-b", "connection", "x_forwarded_host"}
        assert b"evil" not in request
