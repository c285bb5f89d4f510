"""What the client makes of Hum, played by the simulator: one scenario after the other, told as a caller sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.integration.hum.conftest import API_KEY, Simulated, Upstream
from tests.integration.hum.wire import TOKEN, http_answer, session_body
from webapp.hum.client import HumClient
from webapp.hum.errors import (
    Cause,
    HumError,
    InvalidAddress,
    NotAuthorized,
    RateLimited,
    Rejected,
    SessionGone,
    SessionNotFound,
    Unavailable,
    Unusable,
)
from webapp.hum.sessions import AgentState, InternetServices, Ping, Session
from webapp.plans.model import Technology
from webapp.upstream.transport import SIMULATOR_URL

ADDRESS = {"street1": "1001 Woodward Ave", "city": "Detroit", "state": "MI", "zip": "48226"}


def opened(simulated: Simulated, scenario: str) -> str:
    session = simulated.client.create_session(ADDRESS, campaign_id=f"scenario:{scenario}").facts
    assert session.token is not None
    return session.token


def watched(simulated: Simulated, scenario: str) -> Iterator[tuple[float, Session | HumError]]:
    """The status of a session every second for 30 s."""
    token = opened(simulated, scenario)
    for second in range(30):
        try:
            yield second, simulated.client.get_session(token).facts
        except HumError as error:
            yield second, error
        simulated.now += 1


def final(simulated: Simulated, scenario: str) -> tuple[Session, InternetServices]:
    token = opened(simulated, scenario)
    simulated.now += 29
    return simulated.client.get_session(token).facts, simulated.client.get_internet(token).facts


def test_a_lookup_from_an_address_to_plans(simulated: Simulated) -> None:
    session = simulated.client.create_session(ADDRESS, headers={"X-Simulator-Scenario": "fast"}).facts
    assert (session.geocoding, session.internet, session.providers) == (AgentState.PENDING, AgentState.PENDING, None)
    assert json.loads(str(simulated.calls[0].request_body))["street1"] == "1001 Woodward Ave"
    assert session.token is not None
    assert not simulated.client.get_internet(session.token).facts.ready
    simulated.now += 5
    status = simulated.client.get_session(session.token).facts
    assert (status.geocoding, status.internet) == (AgentState.MATCHED, AgentState.MATCHED)
    assert status.service_address is not None
    assert status.service_address.text == "1001 WOODWARD AVE, DETROIT, MI 48226"
    services = simulated.client.get_internet(session.token).facts
    assert services.ready
    assert services.providers is not None
    plans = [plan for provider in services.providers.providers for plan in provider.plans]
    assert any(plan.monthly_price and plan.download and plan.technology is not Technology.OTHER for plan in plans)
    simulated.client.close_session(session.token)
    with pytest.raises(SessionGone):
        simulated.client.get_session(session.token)
    simulated.client.close_session(session.token)


def test_providers_may_come_with_the_first_answer(simulated: Simulated) -> None:
    session = simulated.client.create_session(ADDRESS, campaign_id="scenario:instant").facts
    assert session.token is not None
    assert session.providers is not None
    assert session.providers.providers
    assert session.providers == simulated.client.get_internet(session.token).facts.providers


@pytest.mark.parametrize(
    ("scenario", "geocoding", "internet"),
    [
        ("slow", AgentState.MATCHED, AgentState.MATCHED),
        ("never", AgentState.MATCHED, AgentState.PENDING),
        ("accepted-then-ready", AgentState.MATCHED, AgentState.MATCHED),
        ("multiple", AgentState.MULTIPLE, AgentState.FAILED),
        ("geocode-failed", AgentState.FAILED, AgentState.PENDING),
        ("internet-failed", AgentState.MATCHED, AgentState.FAILED),
        ("no-providers", AgentState.MATCHED, AgentState.MATCHED),
    ],
)
def test_where_each_course_of_events_ends(
    simulated: Simulated, scenario: str, geocoding: AgentState, internet: AgentState
) -> None:
    status, _ = final(simulated, scenario)
    assert (status.geocoding, status.internet) == (geocoding, internet)


def test_accepted_means_still_processing(simulated: Simulated) -> None:
    told = [status for _, status in watched(simulated, "accepted-then-ready") if isinstance(status, Session)]
    assert told[0].processing
    assert not told[-1].processing


def test_no_providers_is_an_answer_and_no_answer_is_not(simulated: Simulated) -> None:
    _, none = final(simulated, "no-providers")
    assert none.ready
    assert none.providers is not None
    assert none.providers.providers == ()
    _, unknown = final(simulated, "never")
    assert not unknown.ready
    assert unknown.providers is None


@pytest.mark.parametrize(
    "scenario", ["empty-catalog", "sixty-providers", "null-fields", "range-speeds", "old-promo", "object-address"]
)
def test_odd_answers_still_name_their_providers(simulated: Simulated, scenario: str) -> None:
    _, services = final(simulated, scenario)
    assert services.providers is not None
    assert services.providers.left_out == 0
    assert {"sixty-providers": 60}.get(scenario, 1) <= len(services.providers.providers)
    assert all(provider.name for provider in services.providers.providers)


def test_the_old_address_object_brings_coordinates(simulated: Simulated) -> None:
    status, _ = final(simulated, "object-address")
    assert status.service_address is not None
    assert status.service_address.text.startswith("1001 WOODWARD AVE")
    assert (status.service_address.latitude, status.service_address.longitude) == pytest.approx(
        (42.33, -83.05), abs=0.01
    )
    assert status.data_set == "v.1005"


def test_a_flat_promotion_is_said(simulated: Simulated) -> None:
    _, services = final(simulated, "old-promo")
    assert services.providers is not None
    assert any(provider.promo_text for provider in services.providers.providers)


def test_ranges_are_read_as_ranges(simulated: Simulated) -> None:
    _, services = final(simulated, "range-speeds")
    assert services.providers is not None
    speeds = [plan.download for provider in services.providers.providers for plan in provider.plans if plan.download]
    assert any(speed.low_mbps and speed.high_mbps and speed.low_mbps < speed.high_mbps for speed in speeds)


@pytest.mark.parametrize(
    ("scenario", "trouble", "recovers"),
    [
        ("rate-limited", RateLimited, True),
        ("server-error-once", Unavailable, True),
        ("html-error", Unavailable, True),
        ("timeout", Unavailable, True),
        ("gone-mid-poll", SessionGone, False),
        ("not-found", SessionNotFound, False),
    ],
)
def test_trouble_in_the_middle(simulated: Simulated, scenario: str, trouble: type[HumError], recovers: bool) -> None:
    told = [status for _, status in watched(simulated, scenario)]
    errors = [status for status in told if isinstance(status, HumError)]
    assert errors
    assert {type(error) for error in errors} == {trouble}
    assert isinstance(told[-1], Session) is recovers


def test_a_hanging_answer_is_a_timeout(simulated: Simulated) -> None:
    errors = [status for _, status in watched(simulated, "timeout") if isinstance(status, HumError)]
    assert all(error.is_timeout and error.retryable for error in errors)


def test_a_create_is_not_repeated_after_a_timeout(simulated: Simulated) -> None:
    with pytest.raises(Unavailable) as caught:
        opened(simulated, "create-timeout")
    assert caught.value.uncertain
    assert [call.operation for call in simulated.calls] == ["create"]


def test_a_refused_address_says_which_field(simulated: Simulated) -> None:
    with pytest.raises(InvalidAddress) as caught:
        opened(simulated, "invalid")
    assert set(caught.value.field_errors) == {"street1", "zip"}
    assert caught.value.base_errors


def test_an_address_hum_cannot_take_is_refused_by_hum_itself(simulated: Simulated) -> None:
    with pytest.raises(InvalidAddress) as caught:
        simulated.client.create_session({"street1": "1 Main St", "zip": "4822"})
    assert set(caught.value.field_errors) == {"zip"}


def test_a_wrong_key_is_refused_everywhere_and_ping_says_so(simulated: Simulated) -> None:
    http = simulated.http
    stranger = HumClient(SIMULATOR_URL, "wrong-key", http=http)
    with pytest.raises(NotAuthorized):
        stranger.create_session(ADDRESS)
    with pytest.raises(NotAuthorized):
        stranger.get_session(opened(simulated, "fast"))
    assert (stranger.ping().facts.ok, stranger.ping().facts.key_accepted) == (True, False)
    assert (simulated.client.ping().facts.ok, simulated.client.ping().facts.key_accepted) == (True, True)


def test_429_pauses_the_budget_until_the_reset(simulated: Simulated) -> None:
    with pytest.raises(RateLimited) as caught:
        opened(simulated, "create-rate-limited")
    assert caught.value.retry_after == pytest.approx(3, abs=1)
    assert simulated.client.vendor.limiter.spend(interactive=True) == pytest.approx(caught.value.retry_after)
    simulated.now += caught.value.retry_after
    assert simulated.client.vendor.limiter.spend(interactive=True) == 0


def test_a_429_without_a_word_on_the_budget_pauses_all_the_same(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(429, {}, "Retry-After: 7"))
    with pytest.raises(RateLimited) as caught:
        upstream.client.get_session(TOKEN)
    assert caught.value.retry_after == 7
    assert upstream.client.vendor.limiter.spend(interactive=True) == pytest.approx(7, abs=1)


def test_the_headers_of_every_answer_feed_the_budget(simulated: Simulated) -> None:
    opened(simulated, "fast")
    assert simulated.client.vendor.limiter.limit == 100
    assert simulated.client.vendor.limiter.remaining == 99


def test_only_what_is_there_is_sent(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(201, session_body()))
    upstream.client.create_session({"street1": "1 Main St", "street2": "", "zip": "48226"})
    upstream.client.create_session(
        {"street1": "1 Main St", "zip": "48226"},
        campaign_id="summer",
        sync=("geocode", "internet"),
    )
    upstream.client.create_session({"street1": "1 Main St", "zip": "48226"})
    bodies = [json.loads(request.partition(b"\r\n\r\n")[2]) for request in upstream.wire.requests]
    plain = {"street1": "1 Main St", "zip": "48226"}
    full = {**plain, "campaign_id": "summer", "sync": ["geocode", "internet"]}
    assert bodies == [plain, full, plain]


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("place", ["meta", "data", "header"])
def test_a_session_is_open_wherever_its_token_stands(upstream: Upstream, status: int, place: str) -> None:
    body = {
        "meta": {"session_token": TOKEN} if place == "meta" else {},
        "data": {"session_token": TOKEN} if place == "data" else None,
    }
    headers = [f"session_token: {TOKEN}"] if place == "header" else []
    upstream.wire.answer(http_answer(status, body, *headers))
    assert upstream.client.create_session(ADDRESS).facts.token == TOKEN


def test_providers_without_a_token_are_still_shown(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(201, {"data": [{"provider_name": "Cityline"}], "meta": {}}))
    session = upstream.client.create_session(ADDRESS).facts
    assert session.token is None
    assert session.providers is not None


@pytest.mark.parametrize("place", ["meta", "data", "header"])
@pytest.mark.parametrize("other", ["another-session-token", "x" * 1000])
def test_an_answer_about_another_session_is_refused(upstream: Upstream, place: str, other: str) -> None:
    body = session_body(other if place == "meta" else TOKEN, data={"session_token": other} if place == "data" else {})
    headers = [f"session_token: {other}"] if place == "header" else []
    upstream.wire.answer(http_answer(200, body, *headers))
    for ask in (upstream.client.get_session, upstream.client.get_internet):
        with pytest.raises(Unusable) as caught:
            ask(TOKEN)
        assert caught.value.reason is Cause.OTHER_SESSION


def test_an_answer_that_names_no_session_is_about_ours(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(200, {"meta": {"session_token": None}}))
    assert upstream.client.get_session(TOKEN).facts.token == TOKEN


@pytest.mark.parametrize("status", [200, 202, 204, 404, 410])
def test_closing_succeeds_when_the_session_is_over_in_any_way(upstream: Upstream, status: int) -> None:
    upstream.wire.answer(http_answer(status, b"" if status == 204 else b"{half"))
    upstream.client.close_session(TOKEN)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (204, Unusable),
        (206, Unusable),
        (304, Unusable),
        (400, Rejected),
        (401, NotAuthorized),
        (403, NotAuthorized),
        (404, SessionNotFound),
        (405, Unusable),
        (406, Rejected),
        (410, SessionGone),
        (418, Unusable),
        (422, Rejected),
        (429, RateLimited),
        (451, Unusable),
        (500, Unavailable),
        (503, Unavailable),
        (599, Unavailable),
    ],
)
def test_every_status_has_a_meaning_whatever_its_body(upstream: Upstream, status: int, meaning: type[HumError]) -> None:
    for body in (b"" if status in (204, 304) else b"<html>", b"" if status in (204, 304) else b'{"message": "x"}'):
        upstream.wire.answer(http_answer(status, body))
        upstream.client.vendor.limiter.pause_until = 0.0
        with pytest.raises(HumError) as caught:
            upstream.client.get_session(TOKEN)
        assert type(caught.value) is meaning
        assert caught.value.status == status


def test_404_and_410_on_create_are_no_sessions(upstream: Upstream) -> None:
    for status in (404, 410):
        upstream.wire.answer(http_answer(status, {}))
        with pytest.raises(Unusable) as caught:
            upstream.client.create_session(ADDRESS)
        assert not caught.value.uncertain


def test_ping_says_how_it_is_instead_of_raising(upstream: Upstream) -> None:
    answers = [
        http_answer(200, {"data": {}, "timestamp": "now"}),
        http_answer(403, {}),
        http_answer(500, {}),
        http_answer(200, b"ok"),
    ]
    upstream.wire.answer(*answers, lambda wire, sock: None)
    told: list[Ping] = [upstream.client.ping().facts for _ in range(5)]
    expected = [(True, True), (True, False), (False, False), (True, True), (False, False)]
    assert [(ping.ok, ping.key_accepted) for ping in told] == expected


def test_the_client_prints_no_key() -> None:
    assert API_KEY not in repr(HumClient("https://api.letshum.com", API_KEY))
