"""The form, every state of a lookup and the pages it leads to, in light and dark, wide and narrow: no accessibility fault that axe knows, and never a
sideways scroll. The console, history, links and scenarios are held in the files of their own tests.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import WIDTHS, assert_faultless, assert_fits
from tests.browser.browsing import Browsing
from tests.sweeps import few

pytestmark = pytest.mark.browser

State = Callable[[Browsing, Page], None]


def empty_form(browsing: Browsing, page: Page) -> None:
    page.goto("/")


def faulty_form(browsing: Browsing, page: Page) -> None:
    browsing.tolerate("status of 422")
    page.goto("/?scenario=invalid")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("alert")).to_be_visible()


def refused_form(browsing: Browsing, page: Page) -> None:
    browsing.tolerate("status of 503")
    page.goto("/?scenario=unauthorized")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("alert")).to_be_visible()


def running(browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "never")
    browsing.site.turn(2)
    expect(page.get_by_text("Finding providers (in progress)", exact=True)).to_be_visible()


def running_with_trouble(browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "html-error")
    browsing.site.turn(3)
    expect(page.get_by_text("Hum did not answer properly")).to_be_visible()


def providers_so_far(browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "late-plans")
    browsing.site.turn(5)
    expect(page.get_by_text("plans so far")).to_be_visible()


def stopped(browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "never")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#outcome")).to_contain_text("Stopped")


def not_found(browsing: Browsing, page: Page) -> None:
    browsing.tolerate("status of 404")
    page.goto("/lookups/AAAAAAAAAAAAAAAAAAAAAA")


def our_bug(browsing: Browsing, page: Page) -> None:
    browsing.tolerate("status of 500", "Response Status Error Code 500")
    browsing.look_up(page, "late-plans")
    browsing.site.turn(5)
    expect(page.get_by_text("plans so far")).to_be_visible()
    with browsing.site.database() as connection:
        connection.exec_driver_sql("UPDATE lookup SET geocoding = 'nonsense'")
    browsing.site.turn(40)
    expect(page.get_by_role("alert")).to_contain_text("Something went wrong")


def ended(scenario: str) -> State:
    def drive(browsing: Browsing, page: Page) -> None:
        browsing.look_up(page, scenario)
        browsing.finish(page)
        page.evaluate("document.querySelectorAll('details').forEach((plans, index) => { plans.open = index < 12; })")

    return drive


def beyond(link: str) -> State:
    """A page that the finished lookup leads to."""

    def drive(browsing: Browsing, page: Page) -> None:
        ended("fast")(browsing, page)
        page.locator(f"main a[href*='{link}']").first.evaluate("link => link.click()")
        page.wait_for_url(f"**{link}*")

    return drive


def compared(browsing: Browsing, page: Page) -> None:
    ended("fast")(browsing, page)
    for box in page.locator(".provider > .pick").all()[:2]:
        box.check()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_url("**/compare*")


STATES: dict[str, State] = {
    "empty form": empty_form,
    "form with faults": faulty_form,
    "form with a refusal": refused_form,
    "running": running,
    "running, with trouble": running_with_trouble,
    "providers so far": providers_so_far,
    "served": ended("fast"),
    "long result": ended("sixty-providers"),
    "odd values": ended("null-fields"),
    "old promotions": ended("old-promo"),
    "another house": ended("other-house"),
    "no service": ended("no-providers"),
    "not recognized": ended("geocode-failed"),
    "ambiguous": ended("multiple"),
    "still unknown": ended("never"),
    "expired": ended("gone-mid-poll"),
    "stopped": stopped,
    "one plan": beyond("/plans/"),
    "plans side by side": compared,
    "report": beyond("/report"),
    "nothing here": not_found,
    "our bug": our_bug,
}


TELLING = frozenset(
    (
        "form with faults",
        "running",
        "served",
        "ambiguous",
        "plans side by side",
    )
)
"""States that differ in what they are made of; the others are tried by `make soak`."""


@pytest.mark.parametrize("state", few(STATES, TELLING))
def test_no_fault_for_eyes_or_readers(browsing: Browsing, page: Page, state: str) -> None:
    STATES[state](browsing, page)
    assert_faultless(page)
    assert_fits(page, *WIDTHS)


def test_one_faint_text_among_many_alike_would_be_noticed(browsing: Browsing, page: Page) -> None:
    ended("fast")(browsing, page)
    assert_faultless(page)
    page.evaluate("document.querySelectorAll('#providers h3')[2].style.color = '#bbb'")
    with pytest.raises(AssertionError, match=r"light.*color-contrast: #provider-"):
        assert_faultless(page)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        ("document.querySelector('[for=street1]').remove()", "light.*label: #street1"),
        ("document.querySelector('h1').style.color = '#555'", "dark.*color-contrast: h1"),
    ],
    ids=["a box without a name", "too faint, and only in the dark"],
)
def test_a_fault_would_be_noticed(page: Page, spoil: str, complaint: str) -> None:
    page.goto("/?focus=street1")
    page.evaluate(spoil)
    with pytest.raises(AssertionError, match=complaint):
        assert_faultless(page)


def test_dark_and_light_look_different_without_a_setting(browsing: Browsing, page: Page) -> None:
    page.goto("/")
    colors = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        colors.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(set(colors)) == 2
