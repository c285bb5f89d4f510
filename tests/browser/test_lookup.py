"""The main job in a real browser: an address in, providers and plans out, also when Hum is slow, doubtful or in trouble."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import SPOKEN, Browsing
from tests.browser.results import open_plans
from tests.integration.web.site import Site
from tests.sweeps import few

pytestmark = pytest.mark.browser

LINES = "part => { const text = document.createRange(); text.selectNodeContents(part); return text.getClientRects().length; }"


def test_by_keyboard_alone_from_the_address_to_the_plans(site: Site, page: Page) -> None:
    page.goto("/")
    expect(page.locator("#paste")).to_be_focused()
    keys = page.keyboard
    keys.type("1001 Woodward Ave, Suite 100, Detroit, MI 48226")
    keys.press("Enter")
    page.wait_for_url("**/lookups/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1001 Woodward Ave, Suite 100")
    expect(page.get_by_text("Matching the address")).to_be_visible()
    site.turn(2)
    expect(page.get_by_text("Address matched", exact=True)).to_be_visible()
    expect(page.get_by_text("Finding providers (in progress)", exact=True)).to_be_visible()
    site.turn(6)
    expect(page.get_by_role("heading", name="6 providers")).to_be_visible()
    site.turn(30)
    expect(page.locator("#outcome")).to_contain_text("Cheapest above 100 Mbps")
    expect(page).to_have_title(re.compile(r"^6 providers found - 1001 Woodward Ave, Suite 100"))
    page.get_by_role("link", name="more plan").first.focus()
    keys.press("Enter")
    expect(page.locator(".plan").first).to_be_visible()
    expect(page.locator(".plan").first).to_contain_text(re.compile(r"\$\d+"))


@pytest.mark.parametrize("width", few([320, 390, 1280], [320]))
def test_the_header_is_one_line_and_leads_everywhere(browsing: Browsing, page: Page, width: int) -> None:
    browsing.look_up(page, "never")
    page.set_viewport_size({"width": width, "height": 800})
    assert page.locator(".bar").evaluate("bar => bar.scrollHeight") <= 56
    page.locator("#menu-summary").click()
    page.get_by_role("link", name="Scenarios").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Scenarios")
    page.get_by_label("Look up another address").fill("902 Scenario Way, Detroit, MI 48226")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lookups/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("902 Scenario Way, Detroit, MI 48226")


def test_a_paste_outside_any_box_lands_in_the_box_of_the_header(browsing: Browsing) -> None:
    page = browsing.window(permissions=["clipboard-read", "clipboard-write"])
    browsing.look_up(page, "never")
    first = page.url
    page.evaluate("navigator.clipboard.writeText('902 Scenario Way, Detroit, MI 48226')")
    page.locator("h1").click()
    page.keyboard.press("ControlOrMeta+v")
    expect(page.get_by_label("Look up another address")).to_have_value("902 Scenario Way, Detroit, MI 48226")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/lookups/" in url and url != first)
    page.goto(first)
    expect(page.locator("#outcome")).to_contain_text("Stopped")


@pytest.mark.soak
def test_ten_addresses_take_twenty_actions(site: Site, browsing: Browsing) -> None:
    """Each is pasted wherever one is, and sent with Enter."""
    page = browsing.window(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/")
    actions = 0
    for number in range(1001, 1011):
        page.evaluate(f"navigator.clipboard.writeText('{number} Woodward Ave, Detroit, MI 48226')")
        before = page.url
        for key in ("ControlOrMeta+v", "Enter"):
            page.keyboard.press(key)
            actions += 1
        page.wait_for_url(lambda url, before=before: "/lookups/" in url and url != before)
        expect(page.locator("h1")).to_contain_text(f"{number} Woodward Ave")
        site.turn(10)
        expect(page.locator("#provider-1")).to_be_visible()
    assert actions <= 20


def test_an_address_in_doubt_is_asked_about_and_not_sent(site: Site, browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "never")
    before = site.upstream_calls("create")
    page.get_by_label("Look up another address").fill("24 Eagle St, Albany, NY 48226")
    page.keyboard.press("Enter")
    expect(page.locator("#assist")).to_contain_text("ZIP code 48226 is in Detroit, Michigan, not in New York.")
    assert site.upstream_calls("create") == before


def test_a_fault_takes_the_focus_and_leads_to_its_box(browsing: Browsing, page: Page) -> None:
    browsing.tolerate("status of 422")
    page.goto("/?focus=street1")
    page.get_by_label("Street address").fill("1001 Woodward Ave")
    page.get_by_label("ZIP code").fill("482")
    page.keyboard.press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    summary.get_by_role("link", name=re.compile("^Enter a ZIP code as five digits")).click()
    expect(page.get_by_label("ZIP code")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("48226")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lookups/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1001 Woodward Ave")


def test_an_ambiguous_address_is_explained_and_can_be_made_precise(browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "multiple")
    browsing.finish(page)
    expect(page.locator("#outcome")).to_contain_text("More than one address matches")
    expect(page.get_by_text("Several addresses match")).to_be_visible()
    page.get_by_label("Unit", exact=True).fill("Unit 3")
    page.locator("#look-up-precise").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("906 Scenario Way, Unit 3")


@pytest.mark.soak
def test_a_lookup_too_slow_for_its_time_goes_on_when_asked(site: Site, browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "slow")
    # The simulator's slowest answer comes within our 30 seconds, so this lookup is given ten.
    with site.database() as connection:
        connection.exec_driver_sql("UPDATE lookup SET window_seconds = 10 WHERE id = ?", (page.url.rpartition("/")[2],))
    site.turn(12)
    expect(page.locator("#outcome")).to_contain_text("Still unknown")
    page.get_by_role("button", name="Keep checking").click()
    expect(page.get_by_text("Finding providers (in progress)", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    site.turn(15)
    expect(page.get_by_role("heading", name="6 providers")).to_be_visible()


def test_an_outage_in_mid_poll_is_told_and_recovers(site: Site, browsing: Browsing, page: Page) -> None:
    for scenario in ("server-error-once", "html-error"):
        browsing.look_up(page, scenario)
        site.turn(2.2)
        expect(page.get_by_text("Hum did not answer properly")).to_be_visible()
        site.turn(3.3)
        expect(page.get_by_text("Address matched", exact=True)).to_be_visible()
        expect(page.get_by_text("Hum did not answer properly")).to_have_count(0)
        site.turn(5)
        expect(page.get_by_role("heading", name="6 providers")).to_be_visible()
        expect(page.get_by_text("Hum did not answer properly")).to_have_count(0)


def test_a_lookup_stopped_by_keyboard_goes_on_by_keyboard_and_offers_nothing_to_copy(
    browsing: Browsing, page: Page
) -> None:
    browsing.look_up(page, "never")
    page.get_by_role("button", name="Stop").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#again-now")).to_be_focused()
    page.locator("#more-summary").click()
    for name in ("Copy", "Save", "Print", "Share"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


@pytest.mark.soak
def test_stop_then_look_up_again_keeps_the_address(browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "never")
    first = page.url
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#outcome")).to_contain_text("Stopped")
    page.get_by_role("button", name="Look up again").click()
    expect(page.get_by_text("Matching the address")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("904 Scenario Way")
    assert page.url != first


@pytest.mark.soak
def test_a_lookup_that_ended_asks_no_more(site: Site, browsing: Browsing, page: Page) -> None:
    page.clock.install()
    browsing.look_up(page, "fast")
    site.turn(40)
    page.clock.run_for(1_000)
    expect(page.locator("#outcome")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(120_000)
    assert not asked


@pytest.mark.long
@pytest.mark.soak
def test_it_speaks_news_and_not_every_poll(site: Site, browsing: Browsing) -> None:
    page = browsing.window()
    page.add_init_script(SPOKEN)
    browsing.look_up(page, "late-plans")
    polls = 0
    for seconds in (0.5, 1, 1, 1, 1, 1, 4):
        with page.expect_response("**/progress*"):
            site.turn(seconds)
        polls += 1
    browsing.finish(page)
    spoken = [text for text in page.evaluate("spoken") if text]
    assert 2 <= len(spoken) <= 5 < polls
    assert len(spoken) == len(set(spoken))
    assert spoken[-1] == "6 providers found. Lowest price $9.99 a month in the first year."


@pytest.mark.soak
def test_the_focus_survives_swaps_and_the_end(site: Site, browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "fast")
    page.get_by_role("button", name="Stop").focus()
    for _ in range(3):
        with page.expect_response("**/progress*"):
            site.turn(0.4)
    expect(page.get_by_text("Address matched", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    browsing.finish(page)
    page.wait_for_function("document.activeElement !== document.body")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.soak
def test_plans_that_were_opened_stay_open_while_it_goes_on(site: Site, browsing: Browsing, page: Page) -> None:
    # The first answer brings plans, and the status is still asked for the address.
    browsing.look_up(page, "instant")
    opened = open_plans(page, "AT&T")
    expect(page.locator(".plan").first).to_be_visible()
    browsing.finish(page)
    expect(page.locator(".plan").first).to_be_visible()
    expect(opened).to_be_focused()


@pytest.mark.soak
def test_a_check_for_more_plans_is_told_where_the_button_was_pressed(
    site: Site, browsing: Browsing, page: Page
) -> None:
    browsing.look_up(page, "fast")
    site.turn(2)
    expect(page.get_by_text("Address matched", exact=True)).to_be_visible()
    site.turn(6)
    expect(page.locator("#progress")).to_contain_text("6 providers")
    page.locator("#more-summary").click()
    button = page.get_by_role("button", name="Check for more plans", exact=True)
    button.focus()
    before = site.upstream_calls("internet")
    page.keyboard.press("Enter")
    expect(page.locator("#plan-check")).to_have_text("No new plans.")
    expect(page.locator("#announcement")).to_have_text("No new plans.")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#plan-check")).to_contain_text("Hum was asked a moment ago.")
    assert site.upstream_calls("internet") == before + 1
