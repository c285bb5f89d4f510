"""GET /coverage: the providers of whole states, without a session, read as tolerantly as the others and failing as they
do.
"""

from __future__ import annotations

import pytest

from tests.integration.hum.conftest import API_KEY, Simulated, Upstream
from tests.integration.hum.wire import http_answer
from webapp.hum.errors import Cause, HumError, NotAuthorized, RateLimited, Unavailable, Unusable
from webapp.plans.model import Technology


def body(data: object, **changes: object) -> dict[str, object]:
    return {"message": "Coverage", "request_status": "ok", "data": data, "meta": {"hum_data_set": "25041808"}} | changes


def test_the_providers_of_a_state_by_postal_or_fips_code(simulated: Simulated) -> None:
    by_name, by_number = simulated.client.get_coverage(["MI"]).facts, simulated.client.get_coverage(["26"]).facts
    assert by_name.providers.providers == by_number.providers.providers
    fiber = next(provider for provider in by_name.providers.providers if provider.name == "Rocket Fiber")
    assert [offering.technology for offering in fiber.offerings] == [Technology.FIBER]
    assert fiber.telephone == "+13135550105"
    assert by_name.data_set == "25041808"


def test_several_states_are_asked_for_at_once(simulated: Simulated) -> None:
    names = {provider.name for provider in simulated.client.get_coverage(["MI", "PR"]).facts.providers.providers}
    assert {"Rocket Fiber", "Liberty Puerto Rico"} <= names


def test_the_query_goes_out_with_brackets_and_nothing_else(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(200, body([])))
    assert upstream.client.get_coverage(["MI", "06"]).facts.providers.providers == ()
    assert upstream.wire.requests[0].startswith(b"GET /coverage?states%5B%5D=MI&states%5B%5D=06 HTTP/1.1\r\n")


def test_observers_are_told_of_the_call_without_the_key(simulated: Simulated) -> None:
    simulated.client.get_coverage(["MI"])
    (call,) = simulated.calls
    assert (call.operation, call.method, call.path, call.status) == ("coverage", "GET", "/coverage", 200)
    assert API_KEY not in repr(call)


@pytest.mark.parametrize("states", [[], ["Michigan"], ["mi"], ["MI", ""], ["MI&x=1"], ["٢٦"], ["MI\n"]])
def test_what_is_no_state_is_refused_before_anything_is_sent(upstream: Upstream, states: list[str]) -> None:
    upstream.wire.answer(http_answer(200, body([])))
    with pytest.raises(ValueError, match="Coverage is asked for"):
        upstream.client.get_coverage(states)
    assert upstream.wire.requests == []


def test_one_bad_entry_costs_that_entry_only(upstream: Upstream) -> None:
    entries = [
        None,
        {"provider_name": "Rocket Fiber", "offerings": "none", "url": "javascript:alert(1)", "provider_id": 130317},
        7,
    ]
    upstream.wire.answer(http_answer(200, body(entries)))
    listed = upstream.client.get_coverage(["MI"]).facts.providers
    assert [(provider.name, provider.id, provider.offerings, provider.url) for provider in listed.providers] == [
        ("Rocket Fiber", "130317", (), None)
    ]
    assert listed.left_out == 2


def test_no_secret_is_kept_in_what_is_stored(upstream: Upstream) -> None:
    secret = "s3cret-" * 8
    entry = {"provider_name": f"Rocket {secret}", "security_token": secret, "matched_areas": {"states": ["26"]}}
    upstream.wire.answer(http_answer(200, body([entry])))
    listed = upstream.client.get_coverage(["MI"]).facts.providers
    assert secret not in repr(listed)
    assert listed.raw == [{"provider_name": "Rocket [hidden]", "matched_areas": {"states": ["26"]}}]


@pytest.mark.parametrize("data", [None, {}, "none", 7, {"states": []}])
def test_an_answer_without_a_list_cannot_be_used(upstream: Upstream, data: object) -> None:
    upstream.wire.answer(http_answer(200, body(data)))
    with pytest.raises(Unusable) as caught:
        upstream.client.get_coverage(["MI"])
    assert caught.value.reason is Cause.NO_LIST


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, NotAuthorized), (429, RateLimited), (500, Unavailable), (404, Unusable), (422, Unusable), (302, Unusable)],
)
def test_refusals_mean_what_they_mean_elsewhere(upstream: Upstream, status: int, error: type[HumError]) -> None:
    upstream.wire.answer(http_answer(status, {"message": "no", "request_status": "error"}))
    with pytest.raises(HumError) as caught:
        upstream.client.get_coverage(["MI"])
    assert type(caught.value) is error
    assert (caught.value.operation, caught.value.status) == ("coverage", status)
    assert len(upstream.wire.requests) == 1
