"""What observers are told of an exchange: everything worth showing, nothing secret, and never at the price of the
call.
"""

from __future__ import annotations

import json
import logging

import pytest

from tests.integration.hum.conftest import API_KEY, Simulated, Upstream
from tests.integration.hum.wire import TOKEN, http_answer, reset, session_body
from webapp.hum.client import HumClient
from webapp.hum.errors import HumError
from webapp.hum.sessions import AgentState
from webapp.upstream.call import Call

SECURITY_TOKEN = "c2VjdXJpdHktdG9rZW4tb2YtYS1wcm92aWRlcg" * 2
ADDRESS = {"street1": "1001 Woodward Ave", "zip": "48226"}


def test_a_call_tells_the_whole_exchange(upstream: Upstream) -> None:
    body = json.dumps(session_body()).encode()
    upstream.wire.answer(
        http_answer(
            200, body, "X-RateLimit-Remaining: 98", "Set-Cookie: a=b", f"session_token: {TOKEN}", "X-Powered-By: x"
        )
    )
    upstream.client.create_session(ADDRESS, campaign_id="summer")
    (call,) = upstream.calls
    assert (call.operation, call.method, call.path, call.status, call.error) == (
        "create",
        "POST",
        "/sessions",
        200,
        None,
    )
    assert call.request_headers["Authorization"] == "Bearer [hidden]"
    assert json.loads(call.request_body or "") == {**ADDRESS, "campaign_id": "summer"}
    assert call.response_headers == {
        "Content-Length": str(len(body)),
        "X-RateLimit-Remaining": "98",
        "session_token": "XqCm…",
    }
    assert json.loads(call.response_body)["data"] == {"service_address": "1 MAIN ST"}
    assert call.size == len(body)


def test_paths_are_templates(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(200, session_body()))
    upstream.client.get_session(TOKEN)
    upstream.client.get_internet(TOKEN)
    upstream.client.close_session(TOKEN)
    paths = ["/sessions/{token}", "/sessions/{token}/services/internet", "/sessions/{token}"]
    assert [(call.path, call.request_body) for call in upstream.calls] == [(path, None) for path in paths]


def test_times_come_from_the_clocks_that_were_given(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(200, session_body()))
    ticks = iter([10.0, 10.0, 10.25])
    client = HumClient(
        upstream.wire.url,
        API_KEY,
        observers=[upstream.calls.append],
        clock=lambda: 1_763_800_000.5,
        monotonic=lambda: next(ticks),
    )
    client.get_session(TOKEN)
    assert (upstream.calls[0].started_at, upstream.calls[0].milliseconds) == (1_763_800_000.5, 250)


def secretive(body: object) -> list[bytes]:
    text = json.dumps(body).encode()
    return [
        http_answer(200, text),
        http_answer(500, text),
        http_answer(422, text),
        http_answer(200, text[:-30]),
        http_answer(401, b"<p>" + text),
    ]


@pytest.mark.parametrize("number", range(5))
def test_no_secret_reaches_an_observer_an_error_or_what_is_stored(upstream: Upstream, number: int) -> None:
    provider = {
        "provider_name": "Cityline",
        "security_token": SECURITY_TOKEN,
        "url": f"https://x.example.com/?t={SECURITY_TOKEN}&s={TOKEN}",
    }
    body = session_body(
        data={"internet": [provider]}, message=f"Bearer {API_KEY} / {TOKEN}", errors={"base": [f"{API_KEY} {TOKEN}"]}
    )
    upstream.wire.answer(secretive(body)[number])
    seen = [repr(upstream.client)]
    for ask in (upstream.client.get_session, upstream.client.get_internet, upstream.client.close_session):
        try:
            answer = ask(TOKEN).facts
        except HumError as error:
            seen += [str(error), repr(error), repr(vars(error))]
        else:
            seen += [repr(answer), repr(getattr(answer, "providers", ""))]
    try:
        session = upstream.client.create_session(ADDRESS).facts
        seen += [repr(session), repr(session.providers)]
    except HumError as error:
        seen += [str(error), repr(vars(error))]
    seen += [repr(call) for call in upstream.calls]
    assert len(upstream.calls) == 4
    for secret in (API_KEY, TOKEN, SECURITY_TOKEN):
        assert not [text for text in seen if secret in text]


def test_bodies_are_cut_at_256_kb(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(500, b"<" * 99_000))
    with pytest.raises(HumError):
        upstream.client.get_session(TOKEN)
    assert len(upstream.calls[0].response_body) == 99_000
    wide = HumClient(upstream.wire.url, API_KEY, observers=[upstream.calls.append])
    upstream.wire.answer(http_answer(500, b"<" * 400_000))
    with pytest.raises(HumError):
        wide.get_session(TOKEN)
    assert len(upstream.calls[1].response_body) == 256 * 1024
    assert upstream.calls[1].size == 400_000


def test_a_failed_exchange_is_told_too(upstream: Upstream) -> None:
    upstream.wire.answer(reset)
    with pytest.raises(HumError):
        upstream.client.get_session(TOKEN)
    (call,) = upstream.calls
    assert (call.status, call.error, call.response_body, call.size) == (None, "connection", "", 0)


def test_an_observer_that_raises_breaks_nothing(simulated: Simulated, caplog: pytest.LogCaptureFixture) -> None:
    def broken(call: Call) -> None:
        raise RuntimeError("observer is broken")

    seen: list[Call] = []
    client = HumClient("http://simulator.localhost", API_KEY, http=simulated.http, observers=[broken, seen.append])
    with caplog.at_level(logging.WARNING):
        session = client.create_session(ADDRESS, campaign_id="scenario:fast").facts
    assert session.geocoding is AgentState.PENDING
    assert len(seen) == 1
    assert "observer" in caplog.text
    assert session.token is not None
    assert session.token not in caplog.text
