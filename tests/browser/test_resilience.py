"""What people do to a page: double clicks, Back, second tabs, hidden tabs, a network that goes away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.browsing import Browsing
from tests.integration.web.site import Site
from tests.sweeps import few

pytestmark = pytest.mark.browser

HIDEABLE = """
let hidden = false;
Object.defineProperty(document, "hidden", {get: () => hidden});
Object.defineProperty(document, "visibilityState", {get: () => (hidden ? "hidden" : "visible")});
window.hide = (value) => { hidden = value; document.dispatchEvent(new Event("visibilitychange")); };
"""


@pytest.mark.parametrize("script", few([True, False], [True]), ids=["with JavaScript", "without"])
def test_a_double_click_makes_one_lookup(site: Site, browsing: Browsing, script: bool) -> None:
    page = browsing.window(java_script_enabled=script)
    browsing.open_form(page, "?scenario=never")
    before = site.upstream_calls("create")
    page.get_by_role("button", name="Look up").dblclick()
    page.wait_for_url("**/lookups/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("904 Scenario Way")
    assert site.upstream_calls("create") == before + 1


def test_back_leads_to_a_form_that_works(browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "never")
    first = page.url
    page.go_back()
    button = page.get_by_role("button", name="Look up")
    expect(button).to_be_enabled()
    expect(button).to_have_text("Look up")
    page.get_by_label("Street address").fill("902 Scenario Way")
    page.get_by_label("ZIP code").fill("48226")
    button.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("902 Scenario Way")
    assert page.url != first


def test_back_after_look_up_leads_to_the_address(site: Site, browsing: Browsing, page: Page) -> None:
    page.goto("/?focus=street1")
    page.get_by_label("Street address").fill("904 Scenario Way")
    page.get_by_label("ZIP code").fill("48226")
    page.get_by_role("button", name="Look up").click()
    page.wait_for_url("**/lookups/*")
    page.go_back()
    expect(page.get_by_label("Street address")).to_have_value("904 Scenario Way")
    expect(page.get_by_label("ZIP code")).to_have_value("48226")
    # Pressed again it is a new lookup, as with Edit address.
    before = site.upstream_calls("create")
    page.get_by_label("Street address").fill("902 Scenario Way")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("902 Scenario Way")
    assert site.upstream_calls("create") == before + 1
    page.go_back()
    expect(page.get_by_label("Street address")).to_have_value("902 Scenario Way")


@pytest.mark.soak
def test_back_after_a_corrected_fault_leads_to_the_address(browsing: Browsing, page: Page) -> None:
    browsing.tolerate("status of 422")
    page.goto("/?focus=street1")
    page.get_by_label("ZIP code").fill("48226")
    page.get_by_role("button", name="Look up").click()
    expect(page.locator("#faults")).to_be_visible()
    page.get_by_label("Street address").fill("902 Scenario Way")
    page.get_by_role("button", name="Look up").click()
    page.wait_for_url("**/lookups/*")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Find internet providers at an address")
    expect(page.get_by_label("Street address")).to_have_value("902 Scenario Way")


def test_back_and_forward_in_mid_poll_go_on_with_one_poller(site: Site, browsing: Browsing) -> None:
    page = browsing.window()
    page.clock.install()
    browsing.look_up(page, "late-plans")
    page.go_back()
    page.go_forward()
    expect(page.get_by_text("Matching the address")).to_be_visible()
    site.turn(5)
    page.clock.run_for(1_000)
    expect(page.get_by_role("heading", name="6 providers")).to_be_visible()
    # A filter is a place of its own in the history; htmx puts the page before it back without loading it.
    page.get_by_label("Satellite").check()
    expect(page.get_by_role("heading", name="1 of 6 providers")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="6 providers", exact=True)).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("heading", name="1 of 6 providers")).to_be_visible()
    expect(page.locator("#progress[data-hx-get]")).to_have_count(1)
    # While none is answered, no poller asks a second time.
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/progress*", hold)
    with page.expect_request("**/progress*"):
        page.clock.run_for(4_000)
    assert page.evaluate("1 + 1") == 2, "what was sent meanwhile has been told"
    assert len(held) == 1
    page.unroute("**/progress*")  # lets it go on
    polls: list[str] = []
    page.on("request", lambda request: polls.append(request.url) if "/progress" in request.url else None)
    site.turn(40)
    page.clock.run_for(10_000)
    expect(page.locator("#outcome")).to_be_visible()
    expect(page.locator("#progress[data-hx-get]")).to_have_count(0)
    del polls[:]
    page.clock.run_for(60_000)
    assert not polls


def test_back_to_a_lookup_that_has_ended_meanwhile_shows_its_end(site: Site, browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "fast")
    page.locator("#menu-summary").click()
    page.get_by_role("link", name="Lookups", exact=True).click()
    site.turn(40)
    page.go_back()
    expect(page.locator("#progress")).to_contain_text("6 providers, ")
    expect(page.locator("#progress[data-hx-get]")).to_have_count(0)


@pytest.mark.soak
def test_more_tabs_ask_hum_no_more(site: Site, browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "fast")
    tabs = [page, *(page.context.new_page() for _ in range(2))]
    for tab in tabs[1:]:
        tab.goto(page.url)
    for tab in tabs:
        with tab.expect_response("**/progress*"):
            pass
    before, lists_before = site.upstream_calls("status"), site.upstream_calls("internet")
    site.turn(1.5)
    for tab in tabs:
        expect(tab.get_by_text("Address matched", exact=True)).to_be_visible()
    assert site.upstream_calls("status") == before + 1
    site.turn(4)
    for tab in tabs:
        expect(tab.get_by_role("heading", name="6 providers")).to_be_visible()
    assert (site.upstream_calls("status"), site.upstream_calls("internet")) == (before + 1, lists_before + 1)


def test_a_hidden_tab_asks_nothing_and_asks_at_once_when_seen_again(site: Site, browsing: Browsing) -> None:
    page = browsing.window()
    page.add_init_script(HIDEABLE)
    page.clock.install()
    browsing.look_up(page, "fast")
    page.evaluate("hide(true)")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(60_000)
    assert not asked
    site.turn(40)
    page.evaluate("hide(false)")
    expect(page.locator("#outcome")).to_be_visible()


def test_a_network_that_goes_away_and_comes_back(site: Site, browsing: Browsing) -> None:
    browsing.tolerate("ERR_INTERNET_DISCONNECTED", "htmx:sendError")
    page = browsing.window()
    page.clock.install()
    browsing.look_up(page, "fast")
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.clock.run_for(1_000)
    expect(page.get_by_text("Matching the address")).to_be_visible()
    page.context.set_offline(False)
    site.turn(40)
    page.clock.run_for(10_000)
    expect(page.locator("#outcome")).to_be_visible()


def test_a_bug_of_ours_ends_the_polling_and_keeps_what_was_found(site: Site, browsing: Browsing, page: Page) -> None:
    browsing.tolerate("status of 500", "Response Status Error Code 500")
    browsing.look_up(page, "late-plans")
    site.turn(5)
    expect(page.get_by_role("heading", name="6 providers")).to_be_visible()
    with site.database() as connection:
        connection.exec_driver_sql("UPDATE lookup SET geocoding = 'nonsense'")
    site.turn(40)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Something went wrong on our side")
    expect(alert).to_contain_text("Reference: ")
    expect(page.get_by_role("heading", name="6 providers")).to_be_visible()
    assert page.locator("#progress[data-hx-get]").count() == 0
