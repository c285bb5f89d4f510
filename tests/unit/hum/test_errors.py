"""Errors carry their meaning, survive being stored by a job queue, and print nothing that Hum wrote."""

from __future__ import annotations

import pickle

import pytest

from webapp.hum.errors import (
    Cause,
    HumError,
    InvalidAddress,
    NotAuthorized,
    RateLimited,
    SessionGone,
    Unavailable,
    Unusable,
)

ALL: list[HumError] = [
    InvalidAddress("create", "POST", 422, {"zip": ("text of Hum",)}, ("more text of Hum",)),
    RateLimited("status", "GET", 429, retry_after=7.0),
    NotAuthorized("ping", "GET", 401),
    SessionGone("status", "GET", 410),
    Unavailable("create", "POST", None, Cause.TIMEOUT, uncertain=True),
    Unusable("status", "GET", 200, Cause.NOT_JSON),
]


@pytest.mark.parametrize("error", ALL, ids=lambda error: type(error).__name__)
def test_an_error_survives_pickling_with_all_it_carries(error: HumError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert vars(again) == vars(error)


@pytest.mark.parametrize("error", ALL, ids=lambda error: type(error).__name__)
def test_an_error_prints_its_own_words_only(error: HumError) -> None:
    assert error.operation in str(error)
    assert "text of Hum" not in str(error)


@pytest.mark.parametrize(
    ("error", "retryable"),
    [
        (Unavailable("status", "GET", 503, Cause.SERVER_ERROR), True),
        (Unavailable("create", "POST", None, Cause.TIMEOUT, uncertain=True), False),
        (Unusable("status", "GET", 200, Cause.NOT_JSON), True),
        (Unusable("status", "GET", 406, Cause.UNEXPECTED_STATUS), False),
        (Unusable("status", "GET", 302, Cause.REDIRECT), False),
        (RateLimited("status", "GET"), True),
        (NotAuthorized("status", "GET", 401), False),
    ],
    ids=str,
)
def test_what_may_be_asked_again(error: HumError, retryable: bool) -> None:
    assert error.retryable is retryable
