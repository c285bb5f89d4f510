"""Bodies: what is JSON and what is not, and Hum's error texts in both nestings."""

from __future__ import annotations

import pytest

from tests.integration.hum.conftest import API_KEY, Upstream
from tests.integration.hum.wire import TOKEN, http_answer, session_body
from webapp.hum.errors import Cause, InvalidAddress, Unavailable, Unusable
from webapp.upstream.vendor_http import json_of

ADDRESS = {"street1": "1001 Woodward Ave", "zip": "48226"}


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": NaN, "b": -Infinity, "c": 1e999}', {"a": None, "b": None, "c": None}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b'{"a": "\\ud800"}', {"a": "\ud800"}),
        (b'{"a": "caf\xe9"}', {"a": "caf\ufffd"}),
        (b"[" + b"1" * 5_000 + b"]", ["1" * 200]),
        (b"123456789012345678", 123456789012345678),
    ],
)
def test_x22_odd_json_is_read(body: bytes, value: object) -> None:
    assert json_of(body) == value


@pytest.mark.parametrize(
    "body", [b"", b" ", b"<html>", b"{", b"[1,]", b"{'a': 1}", "{}".encode("utf-16"), b"[" * 100_000, b'{"a":' * 50_000]
)
def test_x22_what_is_no_json_is_refused_and_nothing_worse(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        json_of(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>Bad day</html>", Cause.NOT_JSON),
        (b"", Cause.NOT_JSON),
        (b'{"data": {"internet": [', Cause.NOT_JSON),
        (b"[" * 100_000, Cause.TOO_LARGE),
        (b"[" * 50_000, Cause.NOT_JSON),
        (b"null", Cause.NOT_AN_OBJECT),
        (b"[]", Cause.NOT_AN_OBJECT),
        (b'"text"', Cause.NOT_AN_OBJECT),
    ],
    ids=["html", "empty", "half", "huge", "deep", "null", "list", "text"],
)
def test_a_success_without_an_object_is_unusable_but_may_be_asked_again(
    upstream: Upstream, body: bytes, reason: Cause
) -> None:
    upstream.wire.answer(http_answer(200, body + b" " * (1 if reason is not Cause.TOO_LARGE else 100_000)))
    for ask in (upstream.client.get_session, upstream.client.get_internet):
        with pytest.raises(Unusable) as caught:
            ask(TOKEN)
        assert caught.value.reason is reason
        assert caught.value.retryable


def test_an_empty_202_means_not_ready(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(202))
    assert not upstream.client.get_internet(TOKEN).facts.ready
    assert upstream.client.get_session(TOKEN).facts.processing


def test_x15_an_error_under_a_200_is_an_error(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(200, session_body(request_status="error", message="no")))
    with pytest.raises(Unavailable) as caught:
        upstream.client.get_session(TOKEN)
    assert caught.value.reason is Cause.REFUSED
    upstream.wire.answer(http_answer(200, {"request_status": "error", "errors": {"zip": ["is wrong"]}}))
    with pytest.raises(InvalidAddress) as invalid:
        upstream.client.create_session(ADDRESS)
    assert invalid.value.field_errors == {"zip": ("is wrong",)}


@pytest.mark.parametrize("status", [422, 400])
@pytest.mark.parametrize(
    ("errors", "fields", "base"),
    [
        ({"zip": ["bad", "worse"], "base": ["give more"]}, {"zip": ("bad", "worse")}, ("give more",)),
        ({"errors": {"zip": ["bad"], "base": ["give more"]}}, {"zip": ("bad",)}, ("give more",)),
        ({"errors": {"zip": ["bad"]}, "city": ["unknown"]}, {"zip": ("bad",), "city": ("unknown",)}, ()),
        ({"street1": "can't be blank"}, {"street1": ("can't be blank",)}, ()),
        ({"errors": "plain text"}, {}, ("plain text",)),
        ("plain text", {}, ("plain text",)),
        (["one", "two", 3, ""], {}, ("one", "two")),
        (
            {"street2": ["too long"], "campaign_id": ["unknown"]},
            {"street2": ("too long",), "campaign_id": ("unknown",)},
            (),
        ),
        ({"postal_code": ["bad"], "zip": None, "city": [""]}, {}, ("postal_code: bad",)),
        ({"state": ["<b>no</b>\u202e" + "x" * 500]}, {"state": ("<b>no</b>" + "x" * 190 + "…",)}, ()),
        ({"base": [f"Bearer {API_KEY} is odd"]}, {}, ("Bearer [hidden] is odd",)),
        ({"base": ["again"] * 50}, {}, ("again",) * 10),
    ],
)
def test_x16_error_texts_reach_their_fields(
    upstream: Upstream, status: int, errors: object, fields: dict[str, tuple[str, ...]], base: tuple[str, ...]
) -> None:
    upstream.wire.answer(
        http_answer(status, {"message": "Unprocessable", "request_status": "error", "errors": errors, "meta": {}})
    )
    with pytest.raises(InvalidAddress) as caught:
        upstream.client.create_session(ADDRESS)
    assert caught.value.field_errors == fields
    assert caught.value.base_errors == base
    assert caught.value.status == status


@pytest.mark.parametrize(("body", "base"), [({"message": "Nope"}, ("Nope",)), ({"errors": {}}, ()), (b"<html>", ())])
def test_a_422_that_says_little_is_still_about_the_address(
    upstream: Upstream, body: object, base: tuple[str, ...]
) -> None:
    upstream.wire.answer(http_answer(422, body))
    with pytest.raises(InvalidAddress) as caught:
        upstream.client.create_session(ADDRESS)
    assert (caught.value.field_errors, caught.value.base_errors) == ({}, base)


def test_a_400_that_only_has_words_is_about_the_address(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(400, {"message": "Missing required fields: zip", "request_status": "error"}))
    with pytest.raises(InvalidAddress) as caught:
        upstream.client.create_session(ADDRESS)
    assert caught.value.base_errors == ("Missing required fields: zip",)


def test_a_400_without_words_says_nothing_about_the_address(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(400, b"<html>Bad Request</html>"))
    with pytest.raises(Unusable) as caught:
        upstream.client.create_session(ADDRESS)
    assert caught.value.reason is Cause.UNEXPECTED_STATUS
