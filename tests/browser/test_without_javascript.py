"""The same job where scripts are off: plain posts, and pages that reload themselves until the end."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import Browsing
from tests.browser.results import open_plans
from tests.integration.web.site import Site

pytestmark = pytest.mark.browser


def test_from_a_fault_to_providers_and_plans(site: Site, browsing: Browsing) -> None:
    browsing.tolerate("status of 422")
    page = browsing.window(java_script_enabled=False)
    browsing.open_form(page, "?focus=street1")
    page.get_by_label("ZIP code").fill("48226")
    page.get_by_role("button", name="Look up").click()
    page.get_by_role("link", name="Enter the street address too: a ZIP code alone covers many homes.").click()
    expect(page.get_by_label("Street address")).to_be_focused()
    expect(page.get_by_label("ZIP code")).to_have_value("48226")
    page.get_by_label("Street address").fill("902 Scenario Way")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_text("Matching the address")).to_be_visible()
    site.turn(40)
    expect(page.locator("#outcome")).to_contain_text("Cheapest above 100 Mbps")
    open_plans(page, "AT&T")
    page.get_by_label("Sort").select_option("Name")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#order-said")).to_contain_text("by name")
    expect(page.locator(".plan")).to_have_count(4)


@pytest.mark.soak
def test_an_open_row_stays_open_while_the_page_reloads_itself(site: Site, browsing: Browsing) -> None:
    page = browsing.window(java_script_enabled=False)
    browsing.look_up(page, "instant")
    open_plans(page, "AT&T")
    site.turn(40)
    page.wait_for_url("**refresh=1&open=*")
    expect(page.locator("#outcome")).to_be_visible()
    expect(page.locator(".plans > summary")).to_contain_text("AT&T")


def test_keep_checking_stop_and_look_up_again(site: Site, browsing: Browsing) -> None:
    page = browsing.window(java_script_enabled=False)
    browsing.look_up(page, "never")
    site.turn(40)
    page.get_by_role("button", name="Keep checking").click()
    expect(page.get_by_text("Finding providers (in progress)", exact=True)).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#outcome")).to_contain_text("Stopped")
    page.get_by_role("button", name="Look up again").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("904 Scenario Way")
    expect(page.get_by_text("Matching the address")).to_be_visible()


def test_back_after_look_up_leads_to_the_address(site: Site, browsing: Browsing) -> None:
    page = browsing.window(java_script_enabled=False)
    browsing.open_form(page, "?focus=street1")
    named = page.url
    page.get_by_label("Street address").fill("904 Scenario Way")
    page.get_by_label("Apartment, suite or unit").fill("Apt 4")
    page.get_by_label("ZIP code").fill("48226")
    page.get_by_role("button", name="Look up").click()
    page.wait_for_url("**/lookups/*")
    first = page.url
    page.go_back()
    expect(page.get_by_label("Street address")).to_have_value("904 Scenario Way")
    expect(page.get_by_label("Apartment, suite or unit")).to_have_value("Apt 4")
    expect(page.get_by_label("ZIP code")).to_have_value("48226")
    # The form that came back is a new one, with a name of its own: pressed again it is a new lookup.
    page.wait_for_url(lambda url: "sent=" in url and url != named)
    before = site.upstream_calls("create")
    page.get_by_label("Street address").fill("902 Scenario Way")
    page.get_by_role("button", name="Look up").click()
    page.wait_for_url(lambda url: "/lookups/" in url and url != first)
    assert site.upstream_calls("create") == before + 1
    page.go_back()
    expect(page.get_by_label("Street address")).to_have_value("902 Scenario Way")


@pytest.mark.soak
def test_back_shows_another_viewer_an_empty_form(browsing: Browsing) -> None:
    page = browsing.window(java_script_enabled=False)
    browsing.open_form(page, "?focus=street1")
    named = page.url
    page.get_by_label("Street address").fill("904 Scenario Way")
    page.get_by_label("ZIP code").fill("48226")
    page.get_by_role("button", name="Look up").click()
    page.wait_for_url("**/lookups/*")
    stranger = browsing.window(java_script_enabled=False)
    for viewer in (stranger, page):
        if viewer is page:
            # Signed out: the cookie is gone, and with it the lookups.
            page.context.clear_cookies()
        answer = viewer.goto(named)
        assert answer is not None
        assert answer.headers["cache-control"] == "no-store"
        expect(viewer.get_by_label("Street address")).to_have_value("")


def test_a_form_that_names_a_lookup_keeps_its_address_until_it_is_sent(browsing: Browsing) -> None:
    page = browsing.window(java_script_enabled=False)
    browsing.look_up(page, "never")
    page.locator("#more-summary").click()
    page.get_by_role("link", name="Edit address").click()
    page.wait_for_url("**sent=*")
    expect(page.get_by_label("Street address")).to_have_value("904 Scenario Way")
    page.reload()
    expect(page.get_by_label("Street address")).to_have_value("904 Scenario Way")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("904 Scenario Way")
