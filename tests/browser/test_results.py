"""Working with a result: filters and orders in place and without JavaScript, plans opened, chosen by keyboard and compared."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_faultless, assert_fits
from tests.browser.browsing import Browsing
from tests.browser.results import expect_announced, finished, names, open_plans, plan_keys, plan_paths
from tests.integration.web.site import Site
from tests.sweeps import few

pytestmark = pytest.mark.browser


def test_another_order_in_place(browsing: Browsing, page: Page) -> None:
    url = finished(browsing, page)
    by_price = names(page)
    page.evaluate("window.stayed = true")
    order = page.get_by_label("Sort")
    order.focus()
    order.select_option("Fastest")
    expect(page.locator("#order-said")).to_contain_text("fastest first")
    expect(page).to_have_url(f"{url}?sort=speed")
    assert sorted(names(page)) == sorted(by_price)
    assert names(page) != by_price
    expect(order).to_be_focused()
    expect(order).to_have_value("speed")
    expect_announced(page, "6 providers. Sorted by the highest download speed, fastest first")
    assert page.evaluate("window.stayed"), "the page was loaded anew"


def test_filters_in_place_by_keyboard(browsing: Browsing, page: Page) -> None:
    url = finished(browsing, page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "xhr" else None)
    tick = page.get_by_label("Satellite")
    tick.focus()
    page.keyboard.press("Space")
    expect(page.locator("#providers-title")).to_have_text("1 of 6 providers")
    expect(page).to_have_url(f"{url}?tech=satellite")
    expect(tick).to_be_focused()
    expect(tick).to_be_checked()
    expect_announced(page, "1 of 6 providers")
    page.keyboard.press("Space")
    expect(page.locator("#providers-title")).to_have_text("6 providers")
    expect(page).to_have_url(url)
    price = page.get_by_label("Price up to")
    price.focus()
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    expect(page.locator("#providers-title")).to_have_text("2 of 6 providers")
    expect(page).to_have_url(f"{url}?price=30")
    expect(price).to_be_focused()
    expect(price).to_have_value("30")
    page.keyboard.press("Tab")
    assert len(asked) == 3, "Enter in a box asks once"


def test_a_number_counts_as_soon_as_it_is_typed(browsing: Browsing, page: Page) -> None:
    url = finished(browsing, page)
    page.get_by_label("Speed at least").select_option("Other speed…")
    page.get_by_label("Down", exact=True).press_sequentially("1200")
    expect(page).to_have_url(f"{url}?down=1200")
    expect(page.get_by_label("Down", exact=True)).to_be_focused()


def test_a_filter_is_answered_with_the_list_alone(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    with page.expect_response("**/lookups/*?*") as answered:
        page.get_by_label("Satellite").check()
    assert answered.value.text().startswith('<div id="listed">')


def test_each_plan_can_be_a_row(browsing: Browsing, page: Page) -> None:
    url = finished(browsing, page)
    page.get_by_label("Each plan", exact=True).check()
    expect(page.locator("#rows > li")).to_have_count(10)
    expect(page).to_have_url(f"{url}?view=plans")
    expect(page.locator(".provider").first).to_contain_text("Fiber 500 Internet")


@pytest.mark.soak
def test_a_long_list_is_shown_in_parts(browsing: Browsing, page: Page) -> None:
    finished(browsing, page, "sixty-providers")
    expect(page.locator("#rows > li")).to_have_count(20)
    page.get_by_role("link", name="Show 40 more").click()
    expect(page.locator("#rows > li")).to_have_count(60)


def test_the_bar_to_compare_is_there_while_something_is_selected(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    bar = page.locator("#compare")
    expect(bar).to_be_hidden()
    boxes = page.locator(".provider > .pick")
    boxes.nth(0).check()
    expect(bar).to_be_in_viewport()
    expect(bar).to_contain_text("1 selected")
    expect(page.get_by_role("button", name="Compare", exact=True)).to_be_disabled()
    boxes.nth(1).check()
    expect(bar).to_contain_text("2 selected")
    expect(page.get_by_role("button", name="Compare", exact=True)).to_be_enabled()
    page.get_by_role("button", name="Clear").click()
    expect(bar).to_be_hidden()


def test_a_value_that_is_not_understood_is_said(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    page.get_by_label("Price up to").fill("cheap")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The highest price \u201ccheap\u201d is not an amount of dollars")).to_be_visible()
    assert len(names(page)) == 6


def test_back_and_a_copied_address_lead_to_the_same_list(browsing: Browsing, page: Page) -> None:
    url = finished(browsing, page)
    page.get_by_label("Sort").select_option("Name")
    expect(page).to_have_url(f"{url}?sort=name")
    by_name = names(page)
    page.get_by_label("Satellite").check()
    expect(page.locator("#providers-title")).to_have_text("1 of 6 providers")
    page.go_back()
    expect(page.locator("#providers-title")).to_have_text("6 providers")
    expect(page.get_by_label("Sort")).to_have_value("name")
    assert names(page) == by_name
    page.get_by_label("Satellite").check()
    expect(page.locator("#providers-title")).to_have_text("1 of 6 providers")
    other = page.context.new_page()
    other.goto(f"{url}?sort=name")
    assert names(other) == by_name


def test_the_filters_hold_while_plans_still_come(site: Site, browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "late-plans")
    site.turn(5)
    expect(page.locator("#providers-title")).to_have_text("6 providers")
    page.get_by_label("Satellite").check()
    expect(page.locator("#providers-title")).to_have_text("1 of 6 providers")
    site.turn(40)
    expect(page.locator("#outcome")).to_be_visible()
    expect(page.locator(".plan-name a").first).to_be_attached()
    expect(page.locator("#providers-title")).to_have_text("1 of 6 providers")
    expect(page.get_by_label("Satellite")).to_be_checked()


def test_filters_work_without_javascript(site: Site, browsing: Browsing) -> None:
    page = browsing.window(java_script_enabled=False)
    browsing.look_up(page, "fast")
    site.turn(40)
    page.goto(f"{page.url}?refresh=1")
    page.get_by_label("Fixed wireless").check()
    page.get_by_label("Satellite").check()
    page.get_by_label("Sort").select_option("Name")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#providers-title")).to_have_text("2 of 6 providers")
    expect(page.locator("#order-said")).to_have_text("Sorted by name, A to Z. 4 providers hidden by the filters.")
    assert names(page) == ["Starlink", "Verizon"]
    expect(page.get_by_label("Satellite")).to_be_checked()
    page.get_by_role("link", name="Clear filters").click()
    expect(page.locator("#providers-title")).to_have_text("6 providers")


def test_open_plans_and_ticks_survive_another_order(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    open_plans(page, "AT&T")
    page.get_by_label("Compare AT&T Internet 300").check()
    page.get_by_label("Sort").select_option("Name")
    expect(page.locator("#order-said")).to_contain_text("by name")
    expect(page.get_by_label("Compare AT&T Internet 300")).to_be_visible()
    expect(page.get_by_label("Compare AT&T Internet 300")).to_be_checked()


@pytest.mark.soak
def test_a_row_that_was_closed_again_stays_closed(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    open_plans(page, "WOW!")
    open_plans(page, "AT&T").click()
    page.get_by_label("Sort").select_option("Name")
    expect(page.locator("#order-said")).to_contain_text("by name")
    expect(page.locator(".plans > summary")).to_have_count(1)
    expect(page.locator(".plans > summary")).to_contain_text("WOW!")


def test_an_open_row_holds_only_what_passes_the_filters(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    open_plans(page, "AT&T")
    expect(page.locator(".plan")).to_have_count(4)
    page.get_by_label("Speed at least").select_option("1,000 Mbps or more")
    expect(page.locator(".plan")).to_have_count(2)


def test_plans_are_opened_chosen_and_compared_by_keyboard(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    page.get_by_label("Compare AT&T Internet 300").focus()
    page.keyboard.press("Space")
    page.get_by_role("link", name="+4 more plans of AT&T").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".plans > summary")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Compare AT&T Internet 500")).to_be_focused()
    page.keyboard.press("Space")
    button = page.get_by_role("button", name="Compare", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 plans side by side")
    expect(page).to_have_url(re.compile(r"/compare\?plan=[0-9a-f]+&plan=[0-9a-f]+$"))
    expect(page.get_by_role("row", name=re.compile("Monthly price"))).to_contain_text("$55.00 a month lowest stated")
    page.get_by_role("link", name="Back to 902 Scenario Way").click()
    expect(page.locator("#providers-title")).to_have_text("6 providers")


def test_the_plans_page_is_one_click_away(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    open_plans(page, "AT&T")
    page.get_by_role("link", name="Internet 1 Gig").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Internet 1 Gig by AT&T")
    expect(page.get_by_role("heading", name="Over 24 months")).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+ of 20 rows supplied"))).to_be_visible()


@pytest.mark.parametrize("count", few([2, 3, 4], [4]))
def test_the_comparison_at_any_width_and_for_any_reader(browsing: Browsing, page: Page, count: int) -> None:
    url = finished(browsing, page)
    page.goto(
        f"{url}/compare?" + "&".join(f"plan={key}" for key in [*plan_keys(page)[:3], plan_keys(page)[-1]][-count:])
    )
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{count} plans side by side")
    assert_fits(page, 1280, 320, 360)
    assert_faultless(page)
    expect(page.get_by_role("rowheader", name=re.compile("Monthly price"))).to_be_visible()


@pytest.mark.soak
def test_the_page_that_explains_an_empty_comparison_is_faultless(browsing: Browsing, page: Page) -> None:
    url = finished(browsing, page)
    page.goto(f"{url}/compare?plan=0000000000")
    expect(page.get_by_text("Choose 2 to 4 plans to compare.")).to_be_visible()
    assert_fits(page, 360)
    assert_faultless(page)


@pytest.mark.soak
def test_the_plans_page_at_any_width_and_for_any_reader(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    page.goto(plan_paths(page)[-1])
    assert_fits(page, 1280, 320, 360)
    assert_faultless(page)


@pytest.mark.soak
def test_the_providers_page_at_any_width_and_for_any_reader(browsing: Browsing, page: Page) -> None:
    url = finished(browsing, page, "sixty-providers")
    page.goto(f"{url}/providers/10")
    expect(page.locator(".plan")).to_have_count(60)
    assert_fits(page, 1280, 360, 320)
    assert_faultless(page)


def test_a_filtered_sorted_and_opened_list_is_faultless(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    page.get_by_label("Price up to").fill("cheap")
    page.get_by_label("Speed at least").select_option("100 Mbps or more")
    page.get_by_label("Sort").select_option("Fastest")
    expect(page.locator("#order-said")).to_contain_text("fastest first")
    for name in names(page):
        open_plans(page, name)
    page.locator("#pictures-summary").click()
    page.get_by_text("Show as table").click()
    assert_fits(page, 1280, 360, 320)
    assert_faultless(page)


@pytest.mark.soak
def test_a_list_of_which_nothing_is_left_is_faultless(browsing: Browsing, page: Page) -> None:
    url = finished(browsing, page)
    page.goto(f"{url}?price=1")
    expect(page.get_by_text("No plans match these filters.")).to_be_visible()
    assert_fits(page, 360)
    assert_faultless(page)


@pytest.mark.soak
def test_the_report_page_at_any_width_and_for_any_reader(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    page.locator("#more-summary").click()
    page.get_by_role("link", name="Report a problem").click()
    assert_fits(page, 1280, 360, 320)
    assert_faultless(page)
