"""*Search the web* from an address without service to the file that is taken away, with and without scripts; no fault for eyes or readers on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import WIDTHS, assert_faultless, assert_fits
from tests.browser.browsing import SPOKEN, Browsing
from tests.integration.web.site import Site

pytestmark = pytest.mark.browser

OFFER, STOP = "Search the web", "Stop the web search"


def ask_now(page: Page) -> None:
    """Lets the page ask at once, as it does when its window comes to the front again, and not after four seconds."""
    page.locator("#research").dispatch_event("resume")


def assert_sound(page: Page) -> None:
    assert_faultless(page)
    assert_fits(page, *WIDTHS)


def test_from_no_service_to_the_export(site: Site, browsing: Browsing) -> None:
    page = browsing.window()
    page.context.add_init_script(SPOKEN)
    browsing.look_up(page, "no-providers")
    browsing.finish(page)
    part = page.locator("#research")
    expect(part).to_contain_text("This sends the address to H Company")
    page.get_by_role("button", name=OFFER).press("Enter")
    expect(part.get_by_role("heading")).to_have_text("Searching the web")
    expect(part.locator(".step")).to_have_count(3)
    site.turn(5)
    ask_now(page)
    expect(part).to_contain_text("Searching the web, 2 steps so far")
    expect(part).to_contain_text("Cost so far")
    site.turn(30)
    ask_now(page)
    expect(part.get_by_role("heading", level=2)).to_have_text("Found on the web, not verified")
    expect(part.get_by_role("heading", level=3)).to_have_count(3)
    expect(page.locator("#announcement")).to_have_text("3 providers found on the web, not verified.")
    # Told twice, however often the page has asked: at the beginning and at the end.
    assert len(page.evaluate("spoken.filter((text) => /web/.test(text))")) == 2
    source = part.get_by_role("link", name="towns.example.org")
    expect(source).to_have_attribute("href", "https://towns.example.org/broadband-providers?area=east")
    expect(page.locator("#outcome")).to_contain_text("No service found")
    with page.expect_download() as saved:
        part.get_by_role("button", name="Save as CSV").click()
    content = saved.value.path().read_text("utf-8-sig")
    assert "unverified_web_results" in content
    assert "Prairie Sky Wireless (unverified)" in content
    page.get_by_role("button", name="Print").click()
    expect(page.get_by_role("heading", name="Found on the web, not verified")).to_be_visible()


@pytest.mark.soak
def test_no_fault_for_eyes_or_readers(site: Site, browsing: Browsing) -> None:
    page = browsing.window()
    browsing.look_up(page, "no-providers")
    browsing.finish(page)
    assert_sound(page)
    page.get_by_role("button", name=OFFER).click()
    expect(page.get_by_role("button", name=STOP)).to_be_visible()
    assert_sound(page)
    site.turn(30)
    ask_now(page)
    expect(page.locator("#research h3")).to_have_count(3)
    assert_sound(page)
    page.goto(f"{page.url.partition('#')[0]}/console")
    assert_sound(page)


@pytest.mark.soak
def test_stop_and_again_without_scripts(site: Site, browsing: Browsing) -> None:
    page = browsing.window(java_script_enabled=False, viewport={"width": 360, "height": 740})
    browsing.look_up(page, "no-providers")
    browsing.finish(page)
    page.get_by_role("button", name=OFFER).click()
    page.get_by_role("button", name=STOP).click()
    expect(page.get_by_role("heading", name="Web search stopped")).to_be_visible()
    page.get_by_role("button", name="Search again").click()
    expect(page.get_by_role("heading", name="Searching the web")).to_be_visible()
    site.turn(30)
    expect(page.get_by_role("heading", name="Found on the web, not verified")).to_be_visible(timeout=12_000)
    expect(page.locator("#research h3")).to_have_count(3)
