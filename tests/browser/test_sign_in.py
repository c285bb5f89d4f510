"""Signing in at a provider and out again, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.accessibility import assert_faultless
from tests.browser.browsing import Browsing
from tests.integration.sign_in.provider import provider
from tests.integration.web.site import Site, open_site_where_waiting_takes_no_time, serve
from tests.sweeps import few

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def signing_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    with provider() as idp:
        folder = tmp_path_factory.mktemp("state")
        site = open_site_where_waiting_takes_no_time(folder, POLL_INTERVAL="0.3", **idp.settings())
        with serve(site.app) as url:
            yield site, url
        site.close()


@pytest.fixture
def browsing(signing_in: tuple[Site, str], new_context: Callable[..., BrowserContext]) -> Iterator[Browsing]:
    windows = Browsing(*signing_in, new_context)
    windows.tolerate("request to another host: [^ ]+/oauth2/authorize")
    yield windows
    assert not windows.unexpected()


def sign_in(page: Page, who: str) -> None:
    page.goto("/lookups")
    page.locator("input[name=sub]").fill(who)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url("**/lookups")


@pytest.mark.parametrize("scripts", few([True, False], [True]), ids=["with JavaScript", "without"])
def test_a_person_signs_in_looks_up_and_signs_out(browsing: Browsing, scripts: bool) -> None:
    page = browsing.window(java_script_enabled=scripts)
    sign_in(page, "ada")
    expect(page.locator(".top .hint")).to_have_text("ada")
    browsing.look_up(page, "instant")
    browsing.site.turn(40)
    path = page.url
    other = browsing.window(java_script_enabled=scripts)
    sign_in(other, "ada")
    expect(other.locator(f"a[href$='{path.rpartition('/')[2].partition('?')[0]}']").first).to_be_visible()
    other.locator("#menu-summary").click()
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="You are signed out")).to_be_visible()
    if scripts:
        assert_faultless(other)
    expect(other.get_by_role("link", name="Sign out there too")).to_be_visible()
    page.reload()
    assert page.url == path, "signed out there, and still signed in here"


def test_a_sign_in_that_ends_while_one_types_loses_nothing(browsing: Browsing) -> None:
    page = browsing.window()
    browsing.tolerate("status of 401", "Response Status Error Code 401")
    sign_in(page, "ben")
    page.goto("/")
    browsing.site.turn(13 * 3_600)
    page.get_by_label("Address", exact=True).fill("24 Eagle St, Albany, NY 12207")
    page.get_by_role("button", name="Look up", exact=True).click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert_faultless(page)


def test_a_person_finds_where_they_are_signed_in_and_ends_it(browsing: Browsing) -> None:
    page, left_behind = browsing.window(), browsing.window()
    for window in (page, left_behind):
        sign_in(window, "ada")
    page.locator("#menu-summary").press("Enter")
    page.get_by_role("link", name="Your sign-ins").press("Enter")
    expect(page.get_by_role("heading", name="Your sign-ins")).to_be_visible()
    expect(page.get_by_role("heading", name=", this one")).to_have_count(1)
    assert_faultless(page)
    page.get_by_role("button", name="Sign out everywhere else").press("Enter")
    expect(page.locator(".entry")).to_have_count(1)
    left_behind.goto("/lookups")
    expect(left_behind.get_by_role("button", name="Authorize")).to_be_visible()
