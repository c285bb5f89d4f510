"""The clock moved by hand, with the poll interval that people have: in place, by keyboard alone, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import Browsing
from tests.browser.test_scenarios import run, set_speed
from tests.integration.web.site import Site, open_site_where_waiting_takes_no_time, serve

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    site = open_site_where_waiting_takes_no_time(tmp_path_factory.mktemp("state"))
    with serve(site.app) as url:
        yield site, url
    site.close()


def step(page: Page) -> None:
    """Enter on *Next*, once htmx has taken over what it swapped in; until then the button posts the page, which works too."""
    expect(page.locator(".htmx-settling")).to_have_count(0)
    page.keyboard.press("Enter")


def test_next_moves_the_clock_in_place_and_by_keyboard_alone(site: Site, page: Page) -> None:
    set_speed(page, "Step by step")
    run(page, "late-plans")
    page.evaluate("window.mark = 'the page was not loaded anew'")
    button = page.get_by_role("button", name="Next", exact=True)
    expect(button).to_be_focused()
    expect(page.locator("#speed-note")).to_contain_text("stands at 0.0 s. Next moves it to 2.0 s")
    for moment, following in (("2.0", "5.5"), ("5.5", "10.5")):
        step(page)
        expect(page.locator("#speed-note")).to_contain_text(f"stands at {moment} s. Next moves it to {following} s")
        expect(button).to_be_focused()
        site.turn(50)
    expect(page.get_by_text("6 providers found", exact=True)).to_be_visible()
    step(page)
    expect(page.locator("#progress")).to_contain_text("6 providers, ")
    assert page.evaluate("window.mark") == "the page was not loaded anew"


@pytest.mark.soak
def test_stepping_works_without_scripts(browsing: Browsing) -> None:
    page = browsing.window(java_script_enabled=False)
    set_speed(page, "Step by step")
    run(page, "geocode-failed")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.locator("#outcome")).to_contain_text("Address not recognized")


def test_the_tours_bar_leads_to_the_calls_and_changes_the_speed_at_once(browsing: Browsing, page: Page) -> None:
    page.goto("/tour")
    page.get_by_role("button", name="Run Fast", exact=True).click()
    browsing.finish(page)
    for title in ("Create", "Poll", "List", "curl and HAR"):
        page.get_by_role("link", name=f"Next stop {title}").click()
        expect(page.get_by_role("heading", name=f": {title}")).to_be_visible()
        expect(page.locator(".call-shown")).to_be_in_viewport()
    bar = page.locator(".tour").bounding_box()
    assert bar is not None
    assert bar["height"] <= 48
    with page.expect_navigation():
        page.get_by_label("Speed of the demo").select_option("Step by step")
    page.get_by_role("link", name="Next stop Try the API").click()
    expect(page.get_by_label("Speed of the demo")).to_have_value("step")
    page.get_by_role("button", name="Next stop Late plans").click()
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_visible()
    with page.expect_navigation():
        page.get_by_label("Speed of the demo").select_option("Real time")
    expect(page.get_by_role("button", name="Next", exact=True)).to_have_count(0)
