"""Where calls may go: only to a checked base URL, and a token can do nothing in a path but name a session."""

from __future__ import annotations

import pytest

from tests.integration.hum.conftest import Upstream
from tests.integration.hum.wire import http_answer, session_body
from webapp.hum.client import HumClient
from webapp.hum.errors import Cause, Unusable
from webapp.hum.operations import check_base_url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://api.letshum.com", "https://api.letshum.com"),
        ("https://api-sandbox.letshum.com/", "https://api-sandbox.letshum.com"),
        ("HTTPS://API.letshum.com:8443/hum/v1/", "https://api.letshum.com:8443/hum/v1"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("http://localhost:5000/", "http://localhost:5000"),
        ("http://[::1]:5000", "http://[::1]:5000"),
        ("http://simulator.localhost", "http://simulator.localhost"),
    ],
)
def test_a_good_base_url_is_taken(text: str, url: str) -> None:
    assert check_base_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.letshum.com",
        "http://api.letshum.com",
        "http://127.0.0.1.evil.example",
        "ftp://api.letshum.com",
        "https://",
        "https:///sessions",
        "https://user:secret@api.letshum.com",
        "https://api.letshum.com@evil.example",
        "https://api.letshum.com?key=1",
        "https://api.letshum.com/?",
        "https://api.letshum.com#part",
        "https://api.letshum.com/../x",
        "https://api.letshum.com/a//b",
        "https://api.letshum.com/a%2fb",
        "https://api.letshum.com:99999",
        "https://api.letshum.com:port",
        "https://api..letshum.com",
        "https://api.letshum.com\\@evil.example",
        "https://api.letshum.com/\r\nHost: evil.example",
        " https://api.letshum.com",
        "https://äpi.letshum.com",
    ],
)
def test_a_base_url_that_could_lead_elsewhere_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="Hum URL") as caught:
        check_base_url(text)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "short",
        "a" * 129,
        "a" * 1000,
        "../../ping-ping",
        "abcdefgh/../x",
        "abcdefgh\r\nX: y",
        "abcdefg%2f",
        "tökentöken",
    ],
)
def test_a_malformed_token_is_refused_before_anything_is_sent(upstream: Upstream, token: str) -> None:
    upstream.wire.answer(http_answer(200, session_body()))
    for ask in (upstream.client.get_session, upstream.client.get_internet, upstream.client.close_session):
        with pytest.raises(Unusable) as caught:
            ask(token)
        assert caught.value.reason is Cause.BAD_TOKEN
    assert upstream.wire.requests == []
    assert upstream.calls == []


@pytest.mark.parametrize("key", ["", "with blank", "line\r\nbreak", "kéy"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII") as caught:
        HumClient("https://api.letshum.com", key)
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize("headers", [{"X-Ok": "a\r\nX-Evil: b"}, {"X Bad": "a"}, {"X-Ok": "é"}, {"X-Ok": ""}])
def test_a_header_that_http_does_not_allow_is_a_mistake_of_the_caller(
    upstream: Upstream, headers: dict[str, str]
) -> None:
    upstream.wire.answer(http_answer(201, session_body()))
    with pytest.raises(ValueError, match="request header"):
        upstream.client.create_session({"street1": "1 Main St", "zip": "48226"}, headers=headers)
    assert upstream.wire.requests == []
