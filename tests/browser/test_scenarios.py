"""The scenario picker in a browser: one of each kind run to its end; presenting and trying; the new pages for every eye and reader."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import WIDTHS, assert_faultless, assert_fits
from tests.browser.browsing import Browsing
from tests.integration.web.test_scenarios import ENDS, REFUSED_AT_ONCE
from tests.sweeps import few
from webapp.simulator import SCENARIOS

pytestmark = pytest.mark.browser

CORE = [key for key, scenario in SCENARIOS.items() if not scenario.extra]
PAGES = ("/scenarios", "/tour", "/presenter", "/try", "/status")


def run(page: Page, key: str) -> None:
    page.goto("/scenarios")
    page.get_by_role("button", name=f"Run {SCENARIOS[key].title}", exact=True).click()


def set_speed(page: Page, title: str) -> None:
    page.goto("/scenarios")
    page.get_by_label(title, exact=True).check()
    # Without scripts a choice counts when it is sent.
    button = page.get_by_role("button", name="Apply")
    if button.is_visible():
        button.click()
    expect(page.locator("#speed .hint")).to_contain_text(f"{title}:")


@pytest.mark.parametrize("key", few(CORE, ["fast", "no-providers", "unauthorized"]))
def test_a_scenario_runs_to_its_end(browsing: Browsing, page: Page, key: str) -> None:
    if key in REFUSED_AT_ONCE:
        browsing.tolerate(f"status of {REFUSED_AT_ONCE[key]}")
        run(page, key)
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("Street address")).to_have_value(SCENARIOS[key].address["street1"])
        page.wait_for_load_state()
        return
    set_speed(page, "Fast")
    run(page, key)
    page.wait_for_url("**/lookups/*")
    for _ in range(60):
        if page.locator("#outcome").is_visible():
            break
        # Two simulated seconds for each look at the page.
        browsing.site.turn(0.6)
        page.wait_for_timeout(50)
    expect(page.locator("#outcome h2")).to_contain_text(ENDS[key])
    expect(page.locator("#progress[data-hx-get]")).to_have_count(0)


def test_presenting_works_without_scripts_and_is_seen_while_scrolled(browsing: Browsing) -> None:
    page = browsing.window(java_script_enabled=False)
    run(page, "sixty-providers")
    browsing.site.turn(40)
    path = page.url
    page.goto("/presenter")
    page.get_by_role("button", name="Switch on presenter mode").click()
    page.goto(path + "?refresh=1")
    browsing.site.turn(40)
    page.goto(path + "?refresh=1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("••• Scenario Way")
    page.mouse.wheel(0, 4000)
    expect(page.get_by_role("button", name="Switch off presenter mode")).to_be_in_viewport()
    page.get_by_role("button", name="Switch off presenter mode").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("911 Scenario Way")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_api_can_be_tried(browsing: Browsing, scripts: bool) -> None:
    page = browsing.window(java_script_enabled=scripts)
    page.goto("/try")
    page.get_by_role("button", name="Create a session").click()
    expect(page.get_by_role("heading", name="POST /sessions: 201")).to_be_visible()
    page.get_by_role("button", name="GET /sessions/{token}").click()
    expect(page.get_by_role("heading", name="GET /sessions/{token}: 202")).to_be_visible()
    expect(page.get_by_label("Response body")).to_contain_text("agent_status")


@pytest.mark.parametrize(
    "path",
    few(
        [*PAGES, "/try after a call", "a stop of the tour", "a lookup by hand"],
        ["/scenarios", "/try after a call", "/status"],
    ),
)
@pytest.mark.parametrize("presenting", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["", "presenting"])
def test_no_fault_for_eyes_or_readers(browsing: Browsing, page: Page, path: str, presenting: bool) -> None:
    if presenting:
        page.goto("/presenter")
        page.get_by_role("button", name="Switch on presenter mode").click()
    match path:
        case "/try after a call":
            page.goto("/try")
            page.get_by_role("button", name="Create a session").click()
            page.get_by_text("Response headers").click()
        case "a stop of the tour":
            page.goto("/tour")
            page.get_by_role("button", name="Run Fast").click()
            browsing.finish(page)
        case "a lookup by hand":
            set_speed(page, "Step by step")
            run(page, "fast")
            page.get_by_role("button", name="Next", exact=True).click()
            expect(page.locator("#speed-note")).to_be_visible()
        case _:
            page.goto(path)
    assert_faultless(page)
    assert_fits(page, *WIDTHS)
