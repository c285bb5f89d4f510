"""From any paste to a right address in a real browser: through the clipboard, by keyboard alone, without scripts, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.accessibility import assert_faultless, assert_fits
from tests.browser.browsing import SPOKEN, Browsing
from tests.sweeps import few

pytestmark = pytest.mark.browser

SMALL_TARGETS = """() => [...document.querySelectorAll("#asking :is(button, input, select, textarea)")]
  .filter((part) => part.offsetParent && !part.closest(".unseen") && part.getBoundingClientRect().height < 24).map((part) => part.id)"""

LINE = "24 Eagle St, Albany, NY 12207"
SIGNATURE = "Copper Kettle Supply\n1437 Bannock Street, Suite 200\nDenver, Colorado 80202\nTel: 720-555-0142"
ROW = "Harbor Books\t389 Congress St\t\tPortland\tME\t04101"
TWO = "Bill to:\n24 Eagle St\nAlbany NY 12207\nShip to:\n30 Church St\nRochester NY 14614"


@pytest.fixture
def page(browsing: Browsing) -> Page:
    """A window whose clipboard the test may fill."""
    return opened(browsing)


def opened(browsing: Browsing, **options: object) -> Page:
    page = browsing.window(permissions=["clipboard-read", "clipboard-write"], **options)
    page.goto("/?focus=street1")
    return page


def paste(page: Page, text: str, into: str = "#paste") -> None:
    """Puts a text on the clipboard and pastes it by keyboard."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.locator(into).focus()
    page.keyboard.press("ControlOrMeta+v")


def expect_boxes(page: Page, **expected: str) -> None:
    """The boxes named hold this, the others nothing."""
    for name in ("street1", "street2", "zip", "city", "state"):
        expect(page.locator(f"#{name}")).to_have_value(expected.get(name, ""))


def test_a_signature_from_the_clipboard_then_enter(page: Page) -> None:
    paste(page, SIGNATURE)
    expect_boxes(page, street1="1437 Bannock Street", street2="Suite 200", city="Denver", state="CO", zip="80202")
    expect(page.locator("#reading")).to_contain_text("Copper Kettle Supply")
    expect(page.locator("#paste")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/lookups/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1437 Bannock Street, Suite 200")


def test_enter_at_once_after_the_paste_waits_for_the_split(page: Page) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", LINE)
    page.locator("#paste").focus()
    # The Enter comes in the very event that pastes: no person is faster.
    page.evaluate("""() => document.addEventListener("paste", (event) => event.target.dispatchEvent(
      new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true})))""")
    page.keyboard.press("ControlOrMeta+v")
    page.wait_for_url("**/lookups/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("24 Eagle St")


@pytest.mark.soak
def test_two_pastes_in_a_row_leave_the_second(page: Page) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", LINE)
    page.locator("#paste").focus()
    page.keyboard.press("ControlOrMeta+v")
    expect(page.locator("#reading")).to_be_visible()
    paste(page, SIGNATURE)
    expect(page.get_by_label("Unit")).to_have_value("Suite 200")
    page.locator("#paste").press("Enter")
    page.wait_for_url("**/lookups/*")


@pytest.mark.soak
def test_a_spreadsheet_row_pasted_into_the_street_box(page: Page) -> None:
    paste(page, ROW, into="#street1")
    expect_boxes(page, street1="389 Congress St", city="Portland", state="ME", zip="04101")
    expect(page.locator("#paste")).to_have_value(ROW)
    expect(page.get_by_label("Street address")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/lookups/*")


@pytest.mark.soak
def test_a_whole_line_pasted_into_a_filled_street_box_does_not_spoil_it(page: Page) -> None:
    page.get_by_label("Street address").fill("12 Main St")
    paste(page, LINE, into="#street1")
    expect_boxes(page, street1="12 Main St", city="Albany", state="NY", zip="12207")
    expect(page.locator("#assist")).to_contain_text("you have 12 Main St, the text says 24 Eagle St")
    page.get_by_role("button", name="Replace Street address with 24 Eagle St").click()
    expect(page.get_by_label("Street address")).to_have_value("24 Eagle St")
    expect(page.get_by_role("button", name="Look up", exact=True)).to_be_focused()


@pytest.mark.soak
def test_a_street_pasted_into_the_street_box_stays_there(page: Page) -> None:
    paste(page, "1001 Woodward Ave", into="#street1")
    expect(page.locator("#hint")).to_have_text("Add a ZIP code, or the city and state.")
    page.keyboard.type(" North")
    expect_boxes(page, street1="1001 Woodward Ave North")
    expect(page.locator("#paste")).to_have_value("")


@pytest.mark.soak
def test_undo_and_a_second_text(page: Page) -> None:
    page.get_by_label("City").fill("Troy")
    paste(page, LINE)
    expect_boxes(page, street1="24 Eagle St", city="Troy", state="NY", zip="12207")
    page.get_by_role("button", name="Undo").click()
    expect_boxes(page, city="Troy")
    expect(page.locator("#paste")).to_be_focused()
    page.get_by_label("City").fill("")
    paste(page, "")
    page.locator("#split").click()
    expect_boxes(page, street1="24 Eagle St", city="Albany", state="NY", zip="12207")
    paste(page, SIGNATURE)
    expect_boxes(page, street1="1437 Bannock Street", street2="Suite 200", city="Denver", state="CO", zip="80202")
    expect(page.locator("#paste")).to_have_value(SIGNATURE)


def test_what_is_typed_while_the_split_is_under_way_is_not_lost(page: Page) -> None:
    answered = 0

    def type_meanwhile(route: Route) -> None:
        nonlocal answered
        answered += 1
        if answered == 1:
            page.locator("#street2").fill("Apt 7")
        route.continue_()

    page.route("**/address-form", type_meanwhile)
    paste(page, LINE)
    expect_boxes(page, street1="24 Eagle St", street2="Apt 7", city="Albany", state="NY", zip="12207")


def test_by_keyboard_alone_from_two_addresses_to_the_result(page: Page) -> None:
    paste(page, TWO)
    expect(page.locator("#reading")).to_contain_text("Which one do you mean?")
    expect_boxes(page)
    with page.expect_response("**/address-form"):
        page.keyboard.press("Enter")
    expect(page.locator("#split")).not_to_have_class(re.compile("htmx-request"))
    expect_boxes(page)
    wanted = page.get_by_role("button", name="30 Church St")
    for _ in range(8):
        # Where one begins depends on how far the swap is; a person tabs until the button is reached.
        if wanted.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Look up", exact=True)).to_be_focused()
    expect_boxes(page, street1="30 Church St", city="Rochester", state="NY", zip="14614")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lookups/*")


def test_typed_text_needs_enter_and_shift_enter_is_a_new_line(page: Page) -> None:
    box = page.locator("#paste")
    box.focus()
    page.keyboard.type("24 Eagle St")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Albany NY 48226")
    expect(box).to_have_value("24 Eagle St\nAlbany NY 48226")
    page.keyboard.press("Enter")
    expect(page.locator("#assist")).to_contain_text("ZIP code 48226 is in Detroit, Michigan, not in New York.")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lookups/*")


def test_enter_in_a_box_looks_up_and_does_not_split(page: Page) -> None:
    page.locator("#paste").fill("30 Church St, Rochester, NY 14614")
    page.get_by_label("Street address").fill("1001 Woodward Ave")
    page.get_by_label("ZIP code").fill("48226")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lookups/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1001 Woodward Ave")


def test_hints_follow_the_typing_and_are_spoken_once(browsing: Browsing) -> None:
    page = browsing.window()
    page.add_init_script(SPOKEN)
    page.goto("/?focus=street1")
    page.get_by_label("Street address").fill("1001 Woodward Ave")
    expect(page.locator("#hint")).to_have_text("Add a ZIP code, or the city and state.")
    page.get_by_label("City").fill("Detroit")
    expect(page.locator("#hint")).to_have_text("Add the state, or a ZIP code.")
    page.get_by_label("City").fill("Detroi")
    with page.expect_response("**/address-form"):
        page.get_by_label("City").fill("Detroit")
    page.get_by_label("State").select_option("MI")
    expect(page.locator("#hint")).to_have_text("Ready to look up.")
    expect(page.get_by_label("City")).to_be_focused()
    spoken = [text.strip() for text in page.evaluate("spoken") if text.strip()]
    assert spoken == ["Add a ZIP code, or the city and state.", "Add the state, or a ZIP code.", "Ready to look up."]


@pytest.mark.soak
def test_a_suggestion_is_taken_with_one_press(page: Page) -> None:
    page.get_by_label("Street address").fill("500 Griswold St Suite 400")
    page.get_by_label("ZIP code").fill("48226")
    page.get_by_role("button", name="Use Detroit, MI").click()
    expect_boxes(page, street1="500 Griswold St Suite 400", zip="48226", city="Detroit", state="MI")
    page.get_by_role("button", name="Move it to the unit field").click()
    expect_boxes(page, street1="500 Griswold St", street2="Suite 400", zip="48226", city="Detroit", state="MI")
    expect(page.get_by_role("button", name="Look up", exact=True)).to_be_focused()


@pytest.mark.soak
def test_an_earlier_address_is_chosen_while_typing(page: Page) -> None:
    page.get_by_label("Street address").fill("1001 Woodward Ave")
    page.get_by_label("ZIP code").fill("48226")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lookups/*")
    page.goto("/?focus=street1")
    # The browser's own list cannot be driven; choosing from it is this input.
    earlier = page.locator("#recent option").first.get_attribute("value")
    assert earlier == "1001 Woodward Ave, 48226"
    page.get_by_label("Street address").fill(earlier)
    expect_boxes(page, street1="1001 Woodward Ave", zip="48226")


def test_when_the_server_does_not_answer_nothing_is_lost(browsing: Browsing, page: Page) -> None:
    browsing.tolerate("ERR_FAILED", "htmx:")
    page.route("**/address-form", lambda route: route.abort())
    paste(page, LINE)
    expect(page.locator("#hint")).to_have_text("The text could not be read just now. Try again, or fill in the fields.")
    expect(page.locator("#paste")).to_have_value(LINE)
    page.unroute("**/address-form")
    page.locator("#split").click()
    expect_boxes(page, street1="24 Eagle St", city="Albany", state="NY", zip="12207")


@pytest.mark.soak
def test_a_text_far_too_long_is_refused_in_words(browsing: Browsing, page: Page) -> None:
    browsing.tolerate("413")
    paste(page, "and so on " * 9_000)
    expect(page.locator("#hint")).to_have_text("This text is too long. Paste just the part with the address.")


def test_without_scripts_a_button_fills_in_the_fields(browsing: Browsing) -> None:
    page = browsing.window(java_script_enabled=False)
    browsing.open_form(page, "?focus=street1")
    page.locator("#paste").fill(SIGNATURE)
    page.get_by_label("ZIP code").fill("80203")
    page.locator("#split").click()
    expect(page.locator("#reading")).to_be_focused()
    expect_boxes(page, street1="1437 Bannock Street", street2="Suite 200", city="Denver", state="CO", zip="80203")
    page.get_by_role("button", name="Replace ZIP code with 80202").click()
    expect(page.get_by_label("ZIP code")).to_have_value("80202")
    page.get_by_role("button", name="Undo").click()
    expect_boxes(page, zip="80203")
    page.get_by_label("ZIP code").fill("")
    page.get_by_role("button", name="Look up", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1437 Bannock Street, Suite 200")


FILLED: dict[str, Callable[[Page], None]] = {
    "split": lambda page: paste(page, SIGNATURE),
    "asked": lambda page: paste(page, TWO),
    "conflicts": lambda page: (
        page.locator("#zip").fill("48226"),
        page.locator("#city").fill("Troy"),
        paste(page, LINE),
    )[-1],
    "nothing found": lambda page: paste(page, "thanks a lot"),
}


@pytest.mark.parametrize("state", few(FILLED, ["asked"]))
def test_no_fault_for_eyes_or_readers(page: Page, state: str) -> None:
    FILLED[state](page)
    expect(page.locator("#reading")).to_be_visible()
    for width in (1280, 360, 320):
        assert_fits(page, width)
        assert_faultless(page)
        assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.soak
def test_an_error_keeps_everything_on_the_phone_too(browsing: Browsing) -> None:
    browsing.tolerate("status of 422")
    page = opened(browsing, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    paste(page, "24 Eagle St, Albany")
    expect(page.get_by_label("Street address")).to_have_value("24 Eagle St")
    page.get_by_label("Apartment, suite or unit").fill("Apt 2")
    page.get_by_role("button", name="Look up", exact=True).tap()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    expect_boxes(page, street1="24 Eagle St", street2="Apt 2", city="Albany")
    expect(page.locator("#paste")).to_have_value("24 Eagle St, Albany")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_a_typed_address_is_read_under_its_box_while_nothing_is_pressed(page: Page) -> None:
    page.goto("/")
    page.locator("#paste").press_sequentially("1001 Woodward Ave, Suite 400, Detroit, MI 48226")
    expect(page.locator("#typed li")).to_have_text(["1001 Woodward Ave", "Suite 400", "Detroit, MI 48226"])
    expect(page.locator("#paste")).to_be_focused()
    expect(page.locator("#paste")).to_have_value("1001 Woodward Ave, Suite 400, Detroit, MI 48226")
