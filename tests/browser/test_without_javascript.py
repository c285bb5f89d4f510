"""The same job where scripts are off: plain posts, and pages that reload themselves until the end."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import Browsing
from tests.integration.web.site import Site

pytestmark = pytest.mark.browser


def test_from_a_fault_to_providers_and_plans(site: Site, browsing: Browsing) -> None:
    browsing.tolerate("status of 422")
    page = browsing.window(java_script_enabled=False)
    page.goto("/")
    page.get_by_label("ZIP code").fill("48226")
    page.get_by_role("button", name="Look up").click()
    page.get_by_role("link", name="Enter the street address too: a ZIP code alone covers many homes.").click()
    expect(page.get_by_label("Street address")).to_be_focused()
    expect(page.get_by_label("ZIP code")).to_have_value("48226")
    page.get_by_label("Street address").fill("902 Scenario Way")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_text("Matching the address")).to_be_visible()
    site.turn(40)
    expect(page.locator("#outcome")).to_contain_text("6 providers")
    page.locator("summary").first.click()
    expect(page.locator(".plan").first).to_be_visible()


def test_keep_checking_stop_and_look_up_again(site: Site, browsing: Browsing) -> None:
    page = browsing.window(java_script_enabled=False)
    browsing.look_up(page, "never")
    site.turn(40)
    page.get_by_role("button", name="Keep checking").click()
    expect(page.get_by_text("Finding providers (in progress)", exact=True)).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#outcome")).to_contain_text("Stopped")
    page.get_by_role("button", name="Look up again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("904 Scenario Way")
    expect(page.get_by_text("Matching the address")).to_be_visible()
