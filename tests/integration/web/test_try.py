"""*Try the API*: one call a button, the answer as it came without its secrets, and closed where calls cost money."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site_where_waiting_takes_no_time
from tests.integration.web.visitor import Visitor
from webapp import create_app
from webapp.quotas.lookup_quota import CALLS_PER_NETWORK, CALLS_PER_VIEWER
from webapp.settings.values import PRODUCTION_URL, SANDBOX_URL
from webapp.simulator import SCENARIOS
from webapp.simulator.brands import ALL
from webapp.simulator.catalog import security_token
from webapp.simulator.normalized import matched

STATUS, INTERNET, CLOSE = "GET /sessions/{token}", "GET …/services/internet", "DELETE /sessions/{token}"


def received(page: Page) -> dict[str, object]:
    """The body of the first answer."""
    found: dict[str, object] = json.loads(page.text_of("received-1"))
    return found


def elsewhere(site: Site, url: str, **changed: bool) -> Visitor:
    """The same app, believing that the simulator is the Hum at this address."""
    settings = site.services.settings.model_copy(
        update={"hum_api_key": "a-key-of-a-test", "hum_api_url": url, **changed}
    )
    return Visitor(create_app(services=replace(site.services, settings=settings)), site.clock, {})


@pytest.fixture
def created(visitor: Visitor) -> Page:
    return visitor.press(visitor.get("/try"), "Create a session")


def test_a_session_can_be_created_followed_and_closed(site: Site, visitor: Visitor, created: Page) -> None:
    assert created.text_of("answer-1") == "POST /sessions: 201"
    assert json.loads(created.text_of("sent-1"))["street1"] == "902 Scenario Way"
    assert received(created)["request_status"] == "ok"
    site.clock.advance(5)
    status = visitor.press(created, STATUS, operation="status")
    assert status.text_of("answer-1") == "GET /sessions/{token}: 200"
    assert '"geocoding": "matched"' in status.text_of("received-1")
    internet = visitor.press(status, INTERNET, operation="internet")
    assert "Frontier" in internet.text_of("received-1")
    assert visitor.press(internet, CLOSE, operation="close").text_of("answer-1") == "DELETE /sessions/{token}: 200"
    assert visitor.press(internet, STATUS, operation="status").text_of("answer-1") == "GET /sessions/{token}: 410"


def test_the_answer_shows_status_milliseconds_size_and_headers(visitor: Visitor, created: Page) -> None:
    assert " ms, " in created.text
    assert " bytes" in created.text
    assert "X-RateLimit-Limit: 100000" in created.text
    assert "Authorization: Bearer [hidden]" in created.text


def test_ping_needs_no_session(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/try"), "Ping", operation="ping")
    assert page.text_of("answer-1") == "GET /ping: 200"
    assert "timestamp" in received(page)


def test_no_token_is_on_the_page(site: Site, visitor: Visitor, created: Page) -> None:
    site.clock.advance(5)
    pages = [created, *(visitor.press(created, STATUS, operation=name) for name in ("status", "internet"))]
    line = matched(SCENARIOS["fast"].address).line()
    secrets = {*site.secrets_of_sessions(), *(security_token(brand.name, line) for brand in ALL)}
    assert "security_token" in pages[-1].html
    assert not [secret for page in pages for secret in secrets if secret in page.html]


def test_a_session_belongs_to_a_lookup_of_this_browser(site: Site, visitor: Visitor, created: Page) -> None:
    (lookup,) = [
        option.get("value", "") for option in created.root.iter("option") if len(option.get("value", "")) == 22
    ]
    assert visitor.get(f"/lookups/{lookup}").status == 200
    stranger = site.visitor()
    page = stranger.get("/try")
    sent = page.values(page.form_with("Ping"))
    for operation in ("status", "internet", "close"):
        assert stranger.post("/try", sent | {"operation": operation, "lookup": lookup}).status == 404


def test_a_refusal_is_shown_like_any_answer(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/try"), "Create a session", street1="920 Scenario Way")
    assert page.status == 200
    assert page.text_of("answer-1") == "POST /sessions: 422"
    assert "errors" in received(page)


@pytest.mark.own_site
def test_an_address_that_cannot_be_sent_is_not_sent(site: Site, visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/try"), "Create a session", street1="")
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert not site.secrets_of_sessions()


@pytest.mark.own_site
def test_a_double_click_creates_one_session_and_says_so(site: Site, visitor: Visitor) -> None:
    page = visitor.get("/try")
    visitor.press(page, "Create a session")
    assert "This form was sent before; no call was made." in visitor.press(page, "Create a session").text
    assert len(site.secrets_of_sessions()) == 1


@pytest.mark.parametrize("operation", ["nonsense", "", "__init__"])
def test_only_the_five_calls_can_be_made(visitor: Visitor, created: Page, operation: str) -> None:
    assert visitor.press(created, STATUS, operation=operation).status == 404


def test_a_call_needs_the_forms_token(visitor: Visitor) -> None:
    assert visitor.post("/try", {"operation": "ping"}).status == 403


@pytest.mark.parametrize(
    ("url", "try_live", "is_open"),
    [
        (SANDBOX_URL, False, True),
        (PRODUCTION_URL, False, False),
        (PRODUCTION_URL, True, True),
        ("https://hum.example", False, False),
        ("https://hum.example", True, True),
    ],
)
def test_where_calls_cost_money_a_setting_must_allow_it(
    tmp_path: Path, url: str, try_live: bool, is_open: bool
) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path)
    visitor = elsewhere(site, url, try_live=try_live)
    page = visitor.get("/try")
    assert ("Switched off here" in page.text) is not is_open
    token = visitor.get("/").values(visitor.get("/").form_with("Look up"))["csrf_token"]
    assert visitor.post("/try", {"operation": "ping", "csrf_token": token}).status == (200 if is_open else 403)
    assert site.upstream_calls("ping") == int(is_open)
    site.close()


@pytest.mark.own_site
def test_a_demo_session_is_never_asked_for_elsewhere(site: Site, visitor: Visitor, created: Page) -> None:
    sandbox = elsewhere(site, SANDBOX_URL)
    with site.database() as connection:
        lookup, viewer = connection.exec_driver_sql("SELECT id, viewer FROM lookup").one()
    page = sandbox.get("/try")
    with site.database() as connection:
        connection.exec_driver_sql("UPDATE lookup SET viewer = ?", (viewer,))
    sent = page.values(page.form_with("Ping")) | {"operation": "status", "lookup": lookup}
    assert sandbox.post("/try", sent).status == 404


def test_a_session_counts_like_any_lookup(tmp_path: Path) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path, LOOKUPS_PER_MINUTE="2")
    visitor = elsewhere(site, SANDBOX_URL)
    for _ in range(2):
        assert visitor.press(visitor.get("/try"), "Create a session", **SCENARIOS["fast"].address).status == 200
    refused = visitor.press(visitor.get("/try"), "Create a session", **SCENARIOS["normal"].address)
    assert refused.status == 429
    assert "Too many lookups in the last minute" in refused.text_of("trouble")
    assert refused.values(refused.form_with("Create a session"))["street1"] == SCENARIOS["normal"].address["street1"], (
        "what was typed is kept"
    )
    assert visitor.press(visitor.get("/"), "Look up", **SCENARIOS["fast"].address).status == 429, (
        "both doors lead through one limit"
    )
    assert site.upstream_calls("create") == 2
    site.clock.advance(int(refused.headers["Retry-After"]))
    assert visitor.press(refused, "Create a session").status == 200
    site.close()


def test_a_session_counts_for_the_day(tmp_path: Path) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path, LOOKUPS_PER_DAY="1")
    first, second = (elsewhere(site, SANDBOX_URL) for _ in range(2))
    assert first.press(first.get("/try"), "Create a session", **SCENARIOS["fast"].address).status == 200
    refused = second.press(second.get("/try"), "Create a session", **SCENARIOS["fast"].address)
    assert (refused.status, site.upstream_calls("create")) == (429, 1)
    assert "Today's lookups are used up" in refused.text_of("trouble")
    site.close()


def test_a_session_that_costs_money_is_confirmed_first(tmp_path: Path) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path)
    visitor = elsewhere(site, PRODUCTION_URL, try_live=True, confirm_live=True)
    sent = {**SCENARIOS["fast"].address, "costs_money": ""}
    refused = visitor.press(visitor.get("/try"), "Create a session", **sent)
    assert (refused.status, site.upstream_calls("create")) == (422, 0)
    assert "This lookup costs money" in refused.text_of("trouble")
    assert refused.find("costs-money") is not None
    assert visitor.press(refused, "Create a session", costs_money="1").status == 200
    assert site.upstream_calls("create") == 1
    site.close()


@pytest.mark.parametrize("operation", ["ping", "status"])
def test_calls_by_hand_are_limited_for_each_browser(
    site: Site, visitor: Visitor, created: Page, operation: str
) -> None:
    for _ in range(CALLS_PER_VIEWER):
        page = visitor.press(created, STATUS, operation=operation)
        assert (page.status, page.find("answer-1") is not None) == (200, True)
    refused = visitor.press(created, STATUS, operation=operation)
    assert refused.status == 429
    assert "Hum was not asked" in refused.text_of("trouble")
    assert refused.find("answer-1") is None
    other = site.visitor()
    assert other.press(other.get("/try"), "Ping", operation="ping").status == 200
    site.clock.advance(int(refused.headers["Retry-After"]))
    assert visitor.press(created, STATUS, operation=operation).status == 200


def test_calls_by_hand_are_limited_for_each_network(site: Site) -> None:
    statuses = []
    for number in range(CALLS_PER_NETWORK + 1):
        if number % CALLS_PER_VIEWER == 0:
            visitor = site.visitor()
            page = visitor.get("/try")
        statuses.append(visitor.press(page, "Ping", operation="ping").status)
    assert statuses == [200] * CALLS_PER_NETWORK + [429]
