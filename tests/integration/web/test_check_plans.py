"""*Check for more plans* on the page: with and without JavaScript, what it says, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site_where_waiting_takes_no_time
from tests.integration.web.visitor import Visitor
from webapp.lookups.polling import CHECK_PAUSE
from webapp.quotas.lookup_quota import CALLS_PER_VIEWER
from webapp.simulator import SCENARIOS

BUTTON = "Check for more plans"
LATE = replace(SCENARIOS["late-plans"], number=200, key="very-late-plans", plans_at=100.0)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    opened = open_site_where_waiting_takes_no_time(tmp_path, more_scenarios=[LATE])
    yield opened
    opened.close()


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor()


def without_plans(visitor: Visitor) -> Page:
    """A finished lookup whose plans come at second 100."""
    page = visitor.last(visitor.look_up(street1=f"{LATE.house_number} Scenario Way", zip="48226"))
    assert page.text_of("progress").startswith("Progress 6 providers, 0 plans.")
    return page


@pytest.mark.parametrize("through_htmx", [False, True])
def test_plans_that_have_come_are_shown_and_told(site: Site, visitor: Visitor, through_htmx: bool) -> None:
    page = without_plans(visitor)
    site.clock.advance(120)
    before = site.upstream_calls("internet"), site.upstream_calls("status")
    answer = visitor.press_through_htmx(page, BUTTON) if through_htmx else visitor.follow(visitor.press(page, BUTTON))
    assert (site.upstream_calls("internet"), site.upstream_calls("status")) == (before[0] + 1, before[1])
    told = answer.text_of("plan-check")
    assert told.endswith("new plans found.")
    assert told in (answer.html if through_htmx else answer.text_of("announcement"))
    assert answer.is_fragment is through_htmx
    assert sorted(answer.provider_names) == sorted(page.provider_names)
    assert "0 plans" not in answer.text_of("progress")
    assert "120" not in answer.text_of("progress")


def test_it_says_once_that_nothing_is_new(site: Site, visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("fast"))
    path = page.form_with(BUTTON).get("action", "").partition("/check-plans")[0]
    answer = visitor.follow(visitor.press(page, BUTTON))
    assert answer.text_of("plan-check") == answer.text_of("announcement") == "No new plans."
    assert answer.text_of("outcome") == page.text_of("outcome")
    assert visitor.get(path).find("plan-check") is None
    assert visitor.get(path).text_of("progress") == page.text_of("progress")


def test_a_second_press_at_once_asks_nobody(site: Site, visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("fast"))
    visitor.press(page, BUTTON)
    before = site.upstream_calls("internet")
    answer = visitor.press_through_htmx(page, BUTTON)
    assert answer.text_of("plan-check") == "Hum was asked a moment ago. Check again in 10 seconds."
    assert site.upstream_calls("internet") == before


def test_a_session_that_is_gone_is_said_kindly(site: Site, visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("fast"))
    site.clock.advance(3600)
    answer = visitor.press_through_htmx(page, BUTTON)
    assert answer.text_of("plan-check") == "Hum no longer has this session; look the address up again."
    assert "Look up again" in answer.text
    shown = visitor.get(page.form_with(BUTTON).get("action", "").partition("/check-plans")[0])
    assert shown.provider_names == page.provider_names
    assert shown.text_of("outcome") == page.text_of("outcome")


def test_it_counts_as_a_request_and_not_as_a_lookup(site: Site, visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("fast"))
    begun = site.services.starts.begun_today()
    site.clock.now = (site.clock.now // 60 + 1) * 60
    network = {"viewer": "", "network": "127.0.0.1"}
    for number in range(CALLS_PER_VIEWER * 3):
        site.services.starts.count_call(**network | {"viewer": f"other {number}"})
    answer = visitor.press_through_htmx(page, BUTTON)
    assert answer.text_of("plan-check").startswith("Too many requests in the last minute. Hum was not asked.")
    assert site.services.starts.begun_today() == begun
    site.clock.advance(60 + CHECK_PAUSE)
    assert visitor.press_through_htmx(page, BUTTON).text_of("plan-check") == "No new plans."


def test_its_call_is_in_the_console(visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("fast"))
    visitor.press(page, BUTTON)
    path = page.form_with(BUTTON).get("action", "").partition("/check-plans")[0]
    console = visitor.get(f"{path}/console")
    assert "Check for more plans pressed" in console.text
    assert "Call 4 GET /sessions/{token}/services/internet 200 OK" in console.text


@pytest.mark.parametrize("scenario", ["never", "no-providers", "geocode-failed", "multiple"])
def test_there_is_no_button_without_a_list(visitor: Visitor, scenario: str) -> None:
    assert BUTTON not in visitor.last(visitor.look_up(scenario)).ways_on


def test_a_shared_page_has_no_button(visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("fast"))
    path = page.form_with(BUTTON).get("action", "").partition("/check-plans")[0]
    shares = visitor.follow(visitor.press(visitor.get(f"{path}/shares"), "Create a link"))
    assert BUTTON not in shares.text
