"""The API console in a real browser: live, by keyboard, without scripts, on a narrow screen, and with its texts copied out."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import WIDTHS, assert_faultless, assert_fits
from tests.browser.browsing import SPOKEN, Browsing
from tests.integration.web.site import Site

pytestmark = pytest.mark.browser


def open_console(browsing: Browsing, page: Page, scenario: str) -> None:
    browsing.look_up(page, scenario)
    page.locator("#more-summary").click()
    page.get_by_role("link", name="API console").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("API console")


def to_the_end(browsing: Browsing, page: Page) -> None:
    """Lets Hum's time pass until there is nothing more to wait for."""
    browsing.site.turn(40)
    expect(page.get_by_text("Finished: ")).to_be_visible()


def test_calls_appear_while_the_lookup_runs(site: Site, browsing: Browsing) -> None:
    page = browsing.window()
    page.add_init_script(SPOKEN)
    open_console(browsing, page, "fast")
    expect(page.locator(".call h3").first).to_have_text(re.compile(r"1 POST /sessions 201 Created"))
    site.turn(2)
    expect(page.get_by_text("pending → is now matched").first).to_be_visible()
    bars = page.locator(".waterfall li").count()
    site.turn(4)
    expect(page.locator(".call h3", has_text="/services/internet").first).to_be_visible()
    to_the_end(browsing, page)
    expect(page.get_by_text("Finished: 6 providers found.")).to_be_visible()
    assert page.locator(".waterfall li").count() > bars
    numbers = [text.split()[1] for text in page.locator(".call h3").all_inner_texts()]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    spoken = [text for text in page.evaluate("spoken") if text]
    assert len(spoken) == 1
    assert spoken[0].startswith(f"The lookup has ended: {len(numbers)} calls, 0 of them")


@pytest.mark.soak
def test_what_was_unfolded_and_focused_stays_so_while_calls_arrive(site: Site, browsing: Browsing, page: Page) -> None:
    open_console(browsing, page, "never")
    table = page.get_by_text("Show as table")
    table.click()
    sent = page.locator(".call").first.get_by_text("Sent", exact=True).first
    sent.click()
    calls = page.locator(".call").count()
    site.turn(2.5)
    expect(page.locator(".call")).not_to_have_count(calls)
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.locator(".call").first.locator("details[open] .code").first).to_contain_text(
        '"street1": "904 Scenario Way"'
    )
    assert page.evaluate("document.activeElement.closest('.call') !== null")


@pytest.mark.soak
def test_a_body_is_folded_and_unfolded_by_keyboard(browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "fast")
    browsing.finish(page)
    page.locator("#more-summary").click()
    page.get_by_role("link", name="API console").click()
    call = page.locator(".call", has=page.get_by_text("16.4 kB")).first
    call.locator("summary", has_text="Answer").focus()
    page.keyboard.press("Enter")
    providers = call.locator(".code summary", has_text="internet")
    expect(providers).to_be_visible()
    provider = call.locator(".code summary[data-note*='14 members']").first
    expect(call.get_by_text('"provider_name"').first).to_be_hidden()
    provider.focus()
    page.keyboard.press("Space")
    expect(call.get_by_text('"provider_name"').first).to_be_visible()
    page.keyboard.press("Space")
    expect(call.get_by_text('"provider_name"').first).to_be_hidden()


@pytest.mark.soak
def test_curl_and_body_are_copied_whole(browsing: Browsing) -> None:
    page = browsing.window(permissions=["clipboard-read", "clipboard-write"])
    browsing.look_up(page, "fast")
    browsing.finish(page)
    page.locator("#more-summary").click()
    page.get_by_role("link", name="API console").click()
    page.get_by_role("button", name="Copy as curl (bash) (call 1)").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    command = page.evaluate("navigator.clipboard.readText()")
    assert command.startswith(
        'curl --request POST "http://127.0.0.1:8900/sessions" \\\n  --header "Authorization: Bearer $HUM_API_KEY"'
    )
    assert '"street1": "902 Scenario Way"' in command
    body = page.locator(".call", has=page.get_by_text("16.4 kB")).first
    body.get_by_role("button", name="Copy body").click()
    expect(body.get_by_role("button", name="Copied")).to_be_visible()
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert len(copied["data"]["internet"]) == 6
    assert copied["meta"]["session_token"].endswith("…")


@pytest.mark.soak
def test_the_har_file_is_saved(browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "fast")
    browsing.finish(page)
    page.locator("#more-summary").click()
    page.get_by_role("link", name="API console").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as HAR file").click()
    assert download.value.suggested_filename.endswith(".har")
    archive = json.loads(download.value.path().read_text())
    assert len(archive["log"]["entries"]) == page.locator(".call").count()


@pytest.mark.soak
def test_a_saved_har_file_can_be_played_back(browsing: Browsing, page: Page) -> None:
    """Chromium itself reads the archive and answers from it, as its network tools would show it."""
    browsing.look_up(page, "fast")
    browsing.finish(page)
    page.locator("#more-summary").click()
    page.get_by_role("link", name="API console").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as HAR file").click()
    path = download.value.path().with_suffix(".har")
    download.value.save_as(path)
    answer = page.context.new_page()
    answer.route_from_har(path, url="http://simulator.localhost/**", not_found="abort")
    browsing.tolerate("request to another host: http://simulator.localhost/")
    answer.goto("http://simulator.localhost/sessions/SESSION_TOKEN/services/internet")
    assert len(json.loads(answer.inner_text("body"))["data"]["internet"]) == 6


@pytest.mark.soak
def test_without_javascript(site: Site, browsing: Browsing) -> None:
    page = browsing.window(java_script_enabled=False)
    open_console(browsing, page, "fast")
    site.turn(40)
    expect(page.get_by_text("Finished: ")).to_be_visible(timeout=20_000)
    page.locator(".call", has=page.get_by_text("16.4 kB")).first.get_by_text("Answer", exact=True).click()
    expect(page.get_by_text('"internet": [').first).to_be_visible()
    expect(page.get_by_role("button", name="Copy as curl").first).to_be_hidden()
    page.locator(".call").first.get_by_text("curl (bash)", exact=True).first.click()
    expect(page.get_by_text("$HUM_API_KEY").first).to_be_visible()
    page.get_by_text("Show as table").click()
    page.get_by_role("row").nth(2).get_by_role("link").click()
    assert page.url.endswith(page.locator(".call").nth(1).get_attribute("id") or "no id")


@pytest.mark.parametrize("scenario", ["fast", "html-error", "sixty-providers", "never"])
@pytest.mark.soak
def test_no_fault_for_eyes_or_readers(browsing: Browsing, page: Page, scenario: str) -> None:
    open_console(browsing, page, scenario)
    if scenario == "html-error":
        browsing.site.turn(3)
        expect(page.locator(".call-bad").first).to_be_visible()
    if scenario != "never":
        to_the_end(browsing, page)
        page.evaluate("document.querySelectorAll('details').forEach((fold, index) => { fold.open = index < 60; })")
    assert_faultless(page)
    assert_fits(page, *WIDTHS)


def test_the_calls_stand_beside_the_result_and_come_as_they_are_made(browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "fast")
    page.get_by_role("link", name="Address, show the call").click()
    page.wait_for_url("**calls=1*")
    expect(page.locator(".call")).to_have_count(1)
    browsing.finish(page)
    expect(page.locator("#providers-title")).to_have_text("6 providers")
    expect(page.locator("#call-of-providers")).to_have_count(1)
    beside = page.evaluate(
        """() => [".result", ".calls-beside"].map((part) => document.querySelector(part).getBoundingClientRect())
            .map(({left, right}) => [left, right])"""
    )
    assert beside[0][1] <= beside[1][0]
    # There is half the room, so filters and order open over the page.
    page.get_by_role("button", name="Filter and sort").click()
    page.get_by_label("Sort").select_option("Name")
    expect(page).to_have_url(re.compile("calls=1&sort=name"))
    page.get_by_role("button", name="Done").click()
    page.set_viewport_size({"width": 1000, "height": 800})
    assert page.locator(".calls-beside").bounding_box()["y"] > page.locator("#providers").bounding_box()["y"]  # type: ignore[index]
    assert_fits(page, 1280, 1000, 360)
    assert_faultless(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name="Hide calls").click()
    expect(page.locator(".calls-beside")).to_have_count(0)
