"""The list of lookups, share links and the state's providers in a real browser, with and without JavaScript, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import WIDTHS, assert_faultless, assert_fits
from tests.browser.browsing import Browsing
from tests.browser.results import open_plans
from tests.sweeps import few

pytestmark = pytest.mark.browser

SMALLEST_TARGET = """() => Math.min(...[...document.querySelectorAll("main button, main input, main select")]
  .filter((each) => each.offsetParent).map((each) => each.getBoundingClientRect().height))"""


def look_up(browsing: Browsing, page: Page, scenario: str) -> str:
    """A lookup brought to its end; its URL."""
    browsing.look_up(page, scenario)
    url = page.url
    browsing.site.turn(40)
    page.goto(f"{url}?refresh=1")
    expect(page.locator("#outcome")).to_be_visible()
    return url


def empty_list(browsing: Browsing, page: Page) -> None:
    page.goto("/lookups")


def full_list(browsing: Browsing, page: Page) -> None:
    for scenario in ("fast", "no-providers", "geocode-failed"):
        look_up(browsing, page, scenario)
    browsing.look_up(page, "never")
    page.goto("/lookups")


def nothing_fits(browsing: Browsing, page: Page) -> None:
    look_up(browsing, page, "fast")
    page.goto("/lookups?q=boston&outcome=expired")


def question(browsing: Browsing, page: Page) -> None:
    look_up(browsing, page, "fast")
    page.goto("/lookups/clear")


def links(browsing: Browsing, page: Page) -> None:
    page.goto(look_up(browsing, page, "fast") + "/shares")
    for _ in range(2):
        page.get_by_role("button", name="Create a link").click()
    page.get_by_role("button", name="Revoke").last.click()
    expect(page.get_by_text("Ended")).to_be_visible()


def shared(browsing: Browsing, page: Page) -> None:
    page.goto(look_up(browsing, page, "other-house") + "/shares")
    page.get_by_role("button", name="Create a link").click()
    page.goto(page.get_by_label("Link, valid until").input_value())
    page.evaluate("document.querySelectorAll('details').forEach((plans) => { plans.open = true; })")


def gone(browsing: Browsing, page: Page) -> None:
    browsing.tolerate("status of 404")
    page.goto("/shared/nothing")


def unasked(browsing: Browsing, page: Page) -> None:
    page.goto(look_up(browsing, page, "no-providers") + "/coverage")


def covered(browsing: Browsing, page: Page) -> None:
    page.goto(look_up(browsing, page, "no-providers") + "/coverage")
    if page.get_by_role("article").count() == 0:
        page.get_by_role("button", name="Ask who serves Michigan").click()
    expect(page.get_by_role("article", name="Rocket Fiber")).to_be_visible()


STATES: dict[str, Callable[[Browsing, Page], None]] = {
    "no lookups": empty_list,
    "lookups": full_list,
    "nothing fits": nothing_fits,
    "delete all?": question,
    "links": links,
    "shared": shared,
    "link gone": gone,
    "state not asked for": unasked,
    "state": covered,
}


@pytest.mark.parametrize("state", few(STATES, ["lookups", "links", "shared"]))
def test_no_fault_for_eyes_or_readers(browsing: Browsing, page: Page, state: str) -> None:
    STATES[state](browsing, page)
    assert_faultless(page)
    assert_fits(page, *WIDTHS)
    assert page.evaluate(SMALLEST_TARGET) >= 24


@pytest.mark.parametrize("script", few([True, False], [True]), ids=["with JavaScript", "without"])
def test_find_look_up_again_and_delete(browsing: Browsing, script: bool) -> None:
    page = browsing.window(java_script_enabled=script, viewport={"width": 360, "height": 740})
    for scenario in ("fast", "no-providers"):
        look_up(browsing, page, scenario)
    page.locator("#menu-summary").click()
    page.get_by_role("link", name="Lookups", exact=True).click()
    rows = page.get_by_role("article")
    expect(rows).to_have_count(2)
    page.get_by_label("Street, city or ZIP code").fill("902 detroit")
    page.get_by_label("Outcome").select_option("Providers found")
    page.get_by_role("button", name="Find").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("6 providers")
    page.get_by_role("button", name="Look up again 902 Scenario Way").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("902 Scenario Way")
    page.goto("/lookups")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Delete 909 Scenario Way").click()
    expect(page.get_by_role("status")).to_contain_text("1 lookup deleted")
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Delete all lookups").click()
    page.get_by_role("button", name="Delete 2 lookups").click()
    expect(page.get_by_text("No lookups yet")).to_be_visible()


@pytest.mark.parametrize("script", few([True, False], [True]), ids=["with JavaScript", "without"])
def test_share_open_and_revoke(browsing: Browsing, script: bool) -> None:
    page = browsing.window(java_script_enabled=script, viewport={"width": 360, "height": 740})
    page.goto(look_up(browsing, page, "fast") + "/shares")
    page.get_by_label("Valid for").select_option("1 day")
    page.get_by_role("button", name="Create a link").click()
    expect(page.get_by_role("heading", name="1 active link")).to_be_visible()
    link = page.get_by_label("Link, valid until").input_value()

    stranger = browsing.window(java_script_enabled=script)
    stranger.goto(link)
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("902 Scenario Way")
    expect(stranger.get_by_text("This link is valid until")).to_be_visible()
    open_plans(stranger, "AT&T")
    expect(stranger.locator(".plan").first).to_be_visible()
    for role in ("button", "textbox", "checkbox", "combobox"):
        expect(stranger.get_by_role(role)).to_have_count(0)
    assert stranger.context.cookies() == []

    browsing.tolerate("status of 404")
    page.get_by_role("button", name="Revoke link 1").click()
    expect(page.get_by_role("heading", name="0 active links")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This link is no longer valid")


def test_a_double_click_makes_one_link_and_the_copy_button_copies_it(browsing: Browsing) -> None:
    page = browsing.window(permissions=["clipboard-read", "clipboard-write"])
    page.goto(look_up(browsing, page, "fast") + "/shares")
    page.get_by_role("button", name="Create a link").dblclick()
    expect(page.get_by_role("heading", name="1 active link")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="1 active link")).to_be_visible()
    page.get_by_role("button", name="Copy link 1").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.get_by_label("Link, valid until").input_value()


def test_times_are_shown_in_the_readers_own_zone(browsing: Browsing) -> None:
    page = browsing.window(timezone_id="America/Detroit", locale="en-US")
    look_up(browsing, page, "fast")
    page.goto("/lookups")
    expect(page.locator("time")).to_have_text(re.compile(r"Nov 2\d, 2025, \d+:\d\d [AP]M EST"))
