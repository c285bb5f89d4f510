"""Taking a result elsewhere: copied, printed on one page, downloaded; times and files in the reader's own time zone."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.browsing import Browsing
from tests.browser.results import copied, expect_announced, finished, names, open_plans, plan_keys, plan_paths
from tests.integration.web.site import Site

pytestmark = pytest.mark.browser

ICON_OF_A_TEXT = r"404 \(NOT FOUND\)"
"""A text names no icon, so the browser tries /favicon.ico."""
NO_CLIPBOARD = 'Object.defineProperty(navigator, "clipboard", {value: undefined});'
NO_COPY_AT_ALL = NO_CLIPBOARD + "document.execCommand = () => false;"

ONLY_WITHIN_A_CLICK = """
let clicked = false;
for (const kind of ["click", "submit"]) {
  addEventListener(kind, (event) => { clicked = event.isTrusted; }, true);
  addEventListener(kind, () => { clicked = false; });
}
const refused = () => Promise.reject(new DOMException("not within a click", "NotAllowedError"));
const { write, writeText } = Clipboard.prototype;
Clipboard.prototype.write = function (items) { return clicked ? write.call(this, items) : refused(); };
Clipboard.prototype.writeText = function (text) { return clicked ? writeText.call(this, text) : refused(); };
const execCommand = Document.prototype.execCommand;
Document.prototype.execCommand = function (...given) { return clicked && execCommand.apply(this, given); };
"""


def allowed(browsing: Browsing, **options: object) -> Page:
    """A window whose page may write to the clipboard."""
    page = browsing.window(**options)
    page.context.grant_permissions(["clipboard-write"])
    return page


def press(page: Page, button: Locator) -> None:
    """Presses a button by keyboard."""
    button.focus()
    page.keyboard.press("Enter")


def test_copy_as_text_by_keyboard(browsing: Browsing) -> None:
    page = allowed(browsing)
    finished(browsing, page)
    button = page.locator("#copy-txt")
    press(page, button)
    expect(button).to_have_text("Copied")
    expect_announced(page, "Copied")
    expect(button).to_be_focused()
    text = copied(page)
    assert text.startswith("Internet providers at 902 SCENARIO WAY, DETROIT, MI 48226\n")
    assert all(f"\n{name} (" in text for name in names(page))
    assert "/lookups/" not in text, "the page opens in this browser alone"


@pytest.mark.soak
def test_copy_as_markdown_holds_what_is_shown(browsing: Browsing) -> None:
    page = allowed(browsing)
    url = finished(browsing, page)
    page.get_by_label("Satellite").check()
    expect(page).to_have_url(f"{url}?tech=satellite")
    page.locator("#more-summary").click()
    press(page, page.locator("#copy-md"))
    expect_announced(page, "Copied")
    text = copied(page)
    assert re.findall(r"^### (.*)$", text, re.MULTILINE) == ["Starlink (Satellite)"]
    assert "5 providers hidden by the filters" in text


@pytest.mark.parametrize("name", ["txt", "md"])
@pytest.mark.soak
def test_copying_asks_for_the_clipboard_while_the_click_is_under_way(browsing: Browsing, name: str) -> None:
    """As Safari wants it; a later call is refused there, and the page would be left for the text."""
    page = allowed(browsing)
    page.add_init_script(ONLY_WITHIN_A_CLICK)
    url = finished(browsing, page)
    if name == "md":
        page.locator("#more-summary").click()
    page.locator(f"#copy-{name}").click()
    expect_announced(page, "Copied")
    assert "Internet providers at 902 SCENARIO WAY" in copied(page)
    expect(page).to_have_url(url)


@pytest.mark.soak
def test_a_text_that_cannot_be_fetched_is_not_copied(browsing: Browsing) -> None:
    browsing.tolerate("status of 404")
    page = allowed(browsing)
    url = finished(browsing, page)
    with browsing.site.database() as connection:
        connection.exec_driver_sql("UPDATE lookup SET viewer = 'another' WHERE id = ?", (url.rpartition("/")[2],))
    page.locator("#copy-txt").click()
    expect(page.locator("#copy-txt")).to_have_text("Not fetched")
    expect(page).to_have_url(url)


@pytest.mark.soak
def test_a_second_press_leaves_the_button_its_words(browsing: Browsing) -> None:
    page = allowed(browsing)
    page.clock.install()
    browsing.look_up(page, "fast")
    browsing.site.turn(40)
    page.clock.run_for(1_000)
    expect(page.locator("#outcome")).to_be_visible()
    button = page.locator("#copy-txt")
    for _ in range(2):
        with page.expect_response("**/export.txt*"):
            button.click()
        expect(button).to_have_text("Copied")
        page.clock.run_for(500)
    page.clock.run_for(5_000)
    expect(button).to_have_text("Copy for email")


def test_copy_a_telephone_number(browsing: Browsing) -> None:
    page = allowed(browsing)
    finished(browsing, page)
    open_plans(page, "AT&T")
    button = page.get_by_role("button", name="the number of AT&T")
    press(page, button)
    expect_announced(page, "Copied")
    assert copied(page) == "800-555-0103"
    expect(page.locator("a.phone", has_text="800-555-0103")).to_have_attribute("href", "tel:+18005550103")


@pytest.mark.soak
def test_copy_the_report(browsing: Browsing) -> None:
    page = allowed(browsing)
    finished(browsing, page)
    page.locator("#more-summary").click()
    page.get_by_role("link", name="Report a problem").click()
    press(page, page.get_by_role("button", name="Copy the report"))
    expect_announced(page, "Copied")
    assert copied(page) == page.get_by_label("Report").input_value()
    assert "Typed address: 902 Scenario Way" in copied(page)


def test_where_the_clipboard_is_closed_to_scripts_the_selection_is_copied(browsing: Browsing) -> None:
    page = browsing.window()
    page.add_init_script(NO_CLIPBOARD)
    finished(browsing, page)
    open_plans(page, "AT&T")
    button = page.get_by_role("button", name="the number of AT&T")
    press(page, button)
    expect_announced(page, "Copied")
    expect(button).to_be_focused()
    expect(page.locator("textarea")).to_have_count(0)
    page.locator("#max-price").focus()
    page.keyboard.press("ControlOrMeta+v")
    expect(page.locator("#max-price")).to_have_value("800-555-0103")


@pytest.mark.soak
def test_where_nothing_may_be_copied_it_is_said_and_the_text_opens(browsing: Browsing) -> None:
    browsing.tolerate(ICON_OF_A_TEXT)
    page = browsing.window()
    page.add_init_script(NO_COPY_AT_ALL)
    url = finished(browsing, page)
    open_plans(page, "AT&T")
    button = page.get_by_role("button", name="the number of AT&T")
    button.click()
    expect_announced(page, "Copying is not allowed here. Copy the text by hand.")
    expect(page.get_by_role("button", name="Not allowed")).to_be_visible()
    page.locator("#copy-txt").click()
    page.wait_for_url(f"{url}/export.txt*")
    expect(page.locator("body")).to_contain_text("Internet providers at 902 SCENARIO WAY")


@pytest.mark.soak
def test_a_text_that_cannot_be_fetched_is_said(browsing: Browsing) -> None:
    browsing.tolerate("ERR_INTERNET_DISCONNECTED")
    page = allowed(browsing)
    finished(browsing, page)
    page.context.set_offline(True)
    page.locator("#copy-txt").click()
    expect_announced(page, "The text could not be fetched. Try again.")
    page.context.set_offline(False)
    page.locator("#more-summary").click()
    page.locator("#copy-md").click()
    expect_announced(page, "Copied")


def test_without_javascript_the_text_opens(site: Site, browsing: Browsing) -> None:
    browsing.tolerate(ICON_OF_A_TEXT)
    page = browsing.window(java_script_enabled=False)
    browsing.look_up(page, "fast")
    site.turn(40)
    page.goto(f"{page.url}?refresh=1")
    expect(page.get_by_role("button", name=re.compile("the number of"))).to_have_count(0)
    page.get_by_role("button", name="Copy for email").click()
    expect(page.locator("body")).to_contain_text("Internet providers at 902 SCENARIO WAY")


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF of Chromium has; its page objects are not compressed."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_six_providers_are_printed_on_one_page(browsing: Browsing, page: Page) -> None:
    page.goto(f"{finished(browsing, page)}/print")
    assert len(names(page)) == 6
    assert {paper: pages_of(page.pdf(format=paper)) for paper in ("Letter", "A4")} == {"Letter": 1, "A4": 1}


@pytest.mark.soak
def test_the_page_count_can_tell_one_page_from_many(browsing: Browsing, page: Page) -> None:
    page.goto(f"{finished(browsing, page, 'sixty-providers')}/print")
    assert pages_of(page.pdf(format="Letter")) > 3


def test_a_print_holds_the_facts_and_no_controls(browsing: Browsing, page: Page) -> None:
    page.goto(f"{finished(browsing, page)}/print")
    page.emulate_media(media="print")
    for control in (
        "button",
        "summary",
        "#filters",
        ".take-away",
        "input",
        ".crumb",
        ".nav",
        ".actions",
        ".compare-bar",
    ):
        assert page.locator(f"{control}:visible").count() == 0, control
    for fact in ("#outcome", "#providers-title", ".asof", ".badge", "h1", ".matched", "a.phone"):
        expect(page.locator(fact).first).to_be_visible()
    assert page.locator("h3[id^=provider-]:visible").count() == 6
    assert page.locator(".provider > .price:visible").count() == 6
    assert page.locator(".plan:visible").count() == 5, "every plan"


def test_a_print_in_mid_lookup_says_that_it_was_not_finished(browsing: Browsing, page: Page) -> None:
    browsing.look_up(page, "never")
    expect(page.get_by_text("was still running at")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("was still running at")).to_be_visible()


def test_print_is_one_press_away(browsing: Browsing, page: Page) -> None:
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    finished(browsing, page)
    page.get_by_label("Satellite").check()
    expect(page.locator("#providers-title")).to_have_text("1 of 6 providers")
    page.keyboard.press("ControlOrMeta+p")
    page.wait_for_url("**/print?tech=satellite*")
    assert page.evaluate("window.printed") == 1
    expect(page.locator("#providers-title")).to_have_text("1 of 6 providers")
    page.get_by_role("link", name="Back to 902 Scenario Way").click()
    page.locator("#more-summary").click()
    page.get_by_role("button", name="Print").click()
    page.wait_for_url("**/print?*")
    assert page.evaluate("window.printed") == 1


@pytest.mark.soak
def test_a_screen_that_is_printed_says_where_the_other_plans_are(browsing: Browsing, page: Page) -> None:
    finished(browsing, page)
    note = page.get_by_text("More, then Print, has them all.")
    expect(note).to_be_hidden()
    page.emulate_media(media="print")
    expect(note).to_be_visible()


def downloaded(page: Page, button: str) -> tuple[str, str]:
    """The name and the text of the file that a button of the menu saves."""
    page.locator("#more").evaluate("menu => { menu.open = true; }")
    with page.expect_download() as saving:
        page.get_by_role("button", name=button, exact=True).click()
    return saving.value.suggested_filename, Path(saving.value.path()).read_text("utf-8-sig")


@pytest.mark.soak
def test_files_are_saved_in_the_readers_time_zone(browsing: Browsing) -> None:
    page = browsing.window(timezone_id="America/Los_Angeles")
    finished(browsing, page)
    name, text = downloaded(page, "Save as JSON")
    assert re.fullmatch(r"lookup-[\w-]{8}\.json", name)
    document = json.loads(text)
    assert document["time_zone"] == "PST"
    assert document["as_of"].endswith("-08:00")
    assert [each["name"] for each in document["providers"]] == names(page)
    name, text = downloaded(page, "Save as CSV")
    assert re.fullmatch(r"lookup-[\w-]{8}\.csv", name)
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["as_of"] for row in rows} == {document["as_of"]}
    assert len(rows) > 6


def test_times_are_told_in_the_readers_time_zone(browsing: Browsing) -> None:
    page = browsing.window(timezone_id="Asia/Kolkata", locale="en-US")
    url = finished(browsing, page)
    stamp = page.locator(".asof time")
    expect(stamp).to_have_text(re.compile(r"^\w{3} \d{1,2}, 202\d, \d{1,2}:\d\d\s[AP]M GMT\+5:30$"))
    page.get_by_label("Sort").select_option("Name")
    expect(page.locator("#order-said")).to_contain_text("by name")
    expect(stamp).to_have_text(re.compile(r"GMT\+5:30$"))
    paths = plan_paths(page)
    for path in (paths[0], f"{url}/compare?plan={plan_keys(page)[0]}&plan={plan_keys(page)[1]}", f"{url}/report"):
        page.goto(path)
        expect(stamp).to_have_text(re.compile(r"GMT\+5:30$"))


def test_the_copied_text_is_in_the_readers_time_zone(browsing: Browsing) -> None:
    page = allowed(browsing, timezone_id="America/Detroit")
    finished(browsing, page)
    page.locator("#copy-txt").click()
    expect_announced(page, "Copied")
    assert re.search(r"^As of 202\d-\d\d-\d\d \d\d:\d\d EST, data set 25041808, DEMO$", copied(page), re.MULTILINE)
