"""What the first screen of a result must hold: the answer and the first providers, at once, without a jump, for a mouse and for a keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.browsing import Browsing
from tests.browser.results import finished, open_plans
from tests.integration.web.site import Site
from tests.integration.web.test_scenarios import REFUSED_AT_ONCE
from tests.sweeps import few
from webapp.simulator import SCENARIOS

pytestmark = pytest.mark.browser

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])

ROWS = """() => [...document.querySelectorAll("#rows > li")].map((row) => row.getBoundingClientRect()).map(({top, bottom}) => ({top, bottom}))"""
SMALL_TEXTS = """() => [...document.querySelectorAll("body *")]
  .filter((part) => part.checkVisibility() && [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((part) => {
    const chart = part.closest("svg");
    const scale = chart ? chart.getBoundingClientRect().width / chart.viewBox.baseVal.width : 1;
    return parseFloat(getComputedStyle(part).fontSize) * scale < 14.9;
  }).map((part) => part.textContent.trim())"""
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const shift of list.getEntries()) if (!shift.hadRecentInput) shifted += shift.value; })
  .observe({type: "layout-shift", buffered: true});
"""


@SIZES
@pytest.mark.parametrize("scenario", few(["fast", "normal"], ["normal"]))
def test_the_first_providers_are_on_the_first_screen(browsing: Browsing, size: ViewportSize, scenario: str) -> None:
    page = browsing.window(viewport=size)
    url = finished(browsing, page, scenario)
    assert_first_screen(page, size)
    # With the calls beside the list there is half the room.
    page.goto(f"{url}?calls=1")
    assert_first_screen(page, size)


def assert_first_screen(page: Page, size: ViewportSize) -> None:
    """The first provider stands high enough, and enough providers are wholly visible."""
    rows = page.evaluate(ROWS)
    assert rows[0]["top"] <= 300
    whole = [row for row in rows if row["bottom"] <= size["height"]]
    assert len(whole) >= (6 if size is DESKTOP else 4)


@pytest.mark.parametrize("width", few([1280, 1024, 768], [1280]))
def test_the_answer_tells_a_price_in_three_steps_whole(browsing: Browsing, width: int) -> None:
    page = browsing.window(viewport={"width": width, "height": 800})
    finished(browsing, page, "normal")
    price = page.locator(".best-price").first
    expect(price).to_have_text("$9.99 for 12 mo, $19.99 for 6 mo, then $29.99", use_inner_text=True)
    assert price.evaluate("price => price.scrollWidth <= price.clientWidth && price.scrollHeight <= price.clientHeight")


def test_a_phone_is_told_the_first_price_and_the_last(browsing: Browsing) -> None:
    page = browsing.window(viewport=PHONE)
    finished(browsing, page, "normal")
    expect(page.locator(".best-price").first).to_have_text("$9.99, later $29.99", use_inner_text=True)
    expect(page.locator(".provider .price").first).to_have_text("$9.99 for 12 mo, $19.99 for 6 mo, then $29.99")


@SIZES
@pytest.mark.soak
def test_an_open_row_keeps_the_columns_of_the_list(browsing: Browsing, size: ViewportSize) -> None:
    page = browsing.window(viewport=size)
    finished(browsing, page, "normal")
    open_plans(page, "Spectrum")
    rows, plans = page.locator(".provider").first, page.locator(".plan").first
    for part in (".plan-name", ".speed"):
        above, below = rows.locator(f"> {part}").bounding_box(), plans.locator(f"> {part}").bounding_box()
        assert above is not None
        assert below is not None
        assert abs(above["x"] - below["x"]) <= 1, part
    boxes = [page.locator(".plan > .pick").first.bounding_box(), plans.locator("> .plan-name").bounding_box()]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["x"] < boxes[1]["x"]
    assert abs(boxes[0]["y"] - boxes[1]["y"]) < 16


@pytest.mark.parametrize("scenario", few(["other-house", "multiple"], ["multiple"]))
def test_what_differs_leaves_the_address_readable_on_a_narrow_phone(browsing: Browsing, scenario: str) -> None:
    page = browsing.window(viewport={"width": 360, "height": 780})
    browsing.look_up(page, scenario)
    browsing.finish(page)
    expect(page.locator(".pill")).to_be_visible()
    heading = page.evaluate(
        "(h => [h.offsetHeight, parseFloat(getComputedStyle(h).lineHeight)])(document.querySelector('h1'))"
    )
    assert heading[0] <= 3 * heading[1] + 1


@SIZES
@pytest.mark.parametrize("scenario", few([key for key in SCENARIOS if key not in REFUSED_AT_ONCE], ["fast"]))
def test_nothing_jumps_while_a_lookup_runs(site: Site, browsing: Browsing, size: ViewportSize, scenario: str) -> None:
    page = browsing.window(viewport=size)
    page.add_init_script(WATCH_SHIFTS)
    page.clock.install()
    browsing.look_up(page, scenario)
    for seconds in (1, 1.5, 2.5, 3, 32):
        site.turn(seconds)
        page.clock.run_for(3_100)
        # A poll that is under way when the clock is turned may bring the end, so none is waited for by name.
        expect(page.locator(".htmx-request")).to_have_count(0)
        page.clock.run_for(100)
        # Only frames have shifts.
        page.wait_for_function("true")
    expect(page.locator("#outcome")).to_be_visible()
    assert page.evaluate("shifted") <= 0.05


@SIZES
@pytest.mark.parametrize("scenario", few(list(REFUSED_AT_ONCE), ["invalid"]))
def test_nothing_jumps_where_a_lookup_ends_on_the_form(browsing: Browsing, size: ViewportSize, scenario: str) -> None:
    browsing.tolerate(f"status of {REFUSED_AT_ONCE[scenario]}")
    page = browsing.window(viewport=size)
    page.add_init_script(WATCH_SHIFTS)
    browsing.open_form(page, f"?scenario={scenario}")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("alert")).to_be_focused()
    # Only frames have shifts.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("shifted") <= 0.05


@SIZES
def test_no_text_is_smaller_than_fifteen_pixels(browsing: Browsing, size: ViewportSize) -> None:
    page = browsing.window(viewport=size)
    url = finished(browsing, page, "normal")
    open_plans(page, "Spectrum")
    assert page.evaluate(SMALL_TEXTS) == []
    for path in ("/", f"{url}?calls=1", f"{url}/console", f"{url}/report", "/lookups", "/batches", "/status", "/try"):
        page.goto(path)
        assert page.evaluate(SMALL_TEXTS) == [], path


@pytest.mark.soak
def test_forced_colors_leave_every_button_its_edge(browsing: Browsing) -> None:
    page = browsing.window(forced_colors="active")
    finished(browsing, page)
    open_plans(page, "AT&T")
    edges = page.locator(".button, .link-button, .chip, .pill").evaluate_all(
        "all => all.filter((part) => part.checkVisibility())"
        ".map((part) => [part.textContent.trim(), getComputedStyle(part).borderTopStyle])"
    )
    assert len(edges) > 8
    assert [text for text, style in edges if style == "none"] == []


@pytest.mark.parametrize("width", few([320, 360, 390], [320]))
def test_no_price_of_the_answer_is_cut_on_a_phone(browsing: Browsing, width: int) -> None:
    page = browsing.window(viewport={"width": width, "height": 780})
    finished(browsing, page)
    prices = page.locator(".best-price")
    # As long as a price in three steps can be.
    prices.first.evaluate("price => { price.textContent = '$20.00 for 6 mo, $25.00 for 6 mo, then $35.00'; }")
    assert prices.evaluate_all("all => all.every((price) => price.scrollWidth <= price.clientWidth)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_everyday_question_is_answered_without_a_single_action(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    answer = page.locator(".best > div", has_text="Cheapest above 100 Mbps")
    expect(answer).to_contain_text("$29.99 a month")
    expect(answer).to_be_in_viewport(ratio=1)
    answer.get_by_role("link").click()
    expect(page.locator(":target")).to_have_text("Frontier")
    expect(page.locator(":target")).to_be_in_viewport()


def test_eight_tab_stops_come_before_the_first_provider(browsing: Browsing, page: Page) -> None:
    url = finished(browsing, page)
    page.goto(url)
    page.keyboard.press("Tab")
    stops = []
    while not page.evaluate("!!document.activeElement.closest('#rows')"):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    assert len(stops) - 1 <= 8, stops
    page.locator("#copy-txt").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name="Show calls")).to_be_focused()
    page.locator("#tech-fiber").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("Each plan", exact=True)).to_be_focused()


def test_a_keyboard_reaches_the_providers_with_the_first_link(browsing: Browsing, page: Page) -> None:
    url = finished(browsing, page)
    page.goto(url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to providers")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#providers') !== null")


def test_sixty_providers_are_filtered_with_a_short_answer(browsing: Browsing, page: Page) -> None:
    finished(browsing, page, "sixty-providers")
    with page.expect_response("**/lookups/*?*") as answered:
        page.locator("#tech-fiber").check()
    expect(page.locator("#providers-title")).to_contain_text("of 60 providers")
    assert len(answered.value.body()) <= 40 * 1024
