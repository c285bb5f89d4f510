"""Smuggling and odd requests through nginx: refused, or one ordinary request, and the next one on the connection gets
its own answer.
"""

from __future__ import annotations

import json

import pytest

from tests.soak.deploy.line import Answer, Line
from tests.soak.deploy.odd_requests import HARMLESS, REFUSED, get
from tools import proxied


def requests_seen_by_the_app(site: proxied.Site) -> list[dict[str, object]]:
    """The app's own log lines of requests."""
    lines = (site.folder / "gunicorn.log").read_text().splitlines()
    found = [json.loads(line) for line in lines if line.startswith("{")]
    return [line for line in found if line["event"] == "request"]


def check_the_next_request(line: Line, before: Answer | None = None) -> None:
    """Where the connection stays open after the answer `before`, a question is answered by its own answer."""
    if before is not None and before.headers["connection"] == "close":
        return
    line.send(get(b"/healthz"))
    answer = line.answer()
    assert answer is None or (answer.status, answer.body) == (200, b"ok\nno worker\n")


def check_that_all_came_through_nginx(site: proxied.Site) -> None:
    """nginx gives each request an id of 32 digits; the app makes a shorter one where there is none."""
    ids = [str(request["request_id"]) for request in requests_seen_by_the_app(site)]
    assert {len(one) for one in ids} == {32}
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(deployed: proxied.Site, name: str) -> None:
    with Line(deployed) as line:
        line.send(REFUSED[name])
        answer = line.answer()
        if answer is not None:
            assert answer.status in {400, 405, 413, 414, 421, 431, 501, 505}
            assert "x-request-id" not in answer.headers, "the app answered"
            check_the_next_request(line, answer)


@pytest.mark.parametrize("name", HARMLESS)
def test_it_is_one_ordinary_request(deployed: proxied.Site, name: str) -> None:
    sent, status = HARMLESS[name]
    with Line(deployed) as line:
        line.send(sent)
        answer = line.answer()
        assert answer is not None
        assert answer.status == status
        assert len(answer.headers["x-request-id"]) == 32
        assert b"evil" not in answer.body
        check_the_next_request(line, answer)
        with Line(deployed) as another:
            check_the_next_request(another)
    check_that_all_came_through_nginx(deployed)


def test_http_0_9_gets_no_page(deployed: proxied.Site) -> None:
    for tls in (True, False):
        with Line(deployed, tls=tls) as line:
            line.send(b"GET /healthz\r\n")
            assert b"421 Misdirected Request" in line.rest()


def test_a_request_that_is_cut_short_never_reaches_the_app(deployed: proxied.Site) -> None:
    with Line(deployed) as line:
        line.send(b"POST /lookups HTTP/1.1\r\nHost: lookup.example.com\r\nContent-Length: 100\r\n\r\nstreet1=1001")
    with Line(deployed) as line:
        check_the_next_request(line)
    assert not [
        request
        for request in requests_seen_by_the_app(deployed)
        if request["route"] == "/lookups" and request["method"] == "POST"
    ]
