"""A sheet from drop to start: seen, mended and started with and without scripts; no accessibility fault, no sideways scroll."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.accessibility import WIDTHS, assert_faultless, assert_fits
from tests.browser.browsing import Browsing
from webapp.pages.batches.sample import sample_csv

pytestmark = pytest.mark.browser

SAMPLE: FilePayload = {"name": "public-buildings.csv", "mimeType": "text/csv", "buffer": sample_csv()}
DROP = """(text) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([text], "sites.csv", { type: "text/csv" }));
  document.querySelector("h1").dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
}"""


def test_a_dropped_sheet_is_seen_mended_and_started(page: Page) -> None:
    page.goto("/batches")
    assert_faultless(page)
    assert_fits(page, *WIDTHS)
    page.goto("/")
    page.evaluate(DROP, "Name,Where,City,State\nA,5201 Woodward Ave,Detroit,MI\nB,Woodward Ave,Detroit,MI\n")
    expect(page.get_by_role("heading", level=1)).to_have_text("sites.csv")
    page.get_by_text("What the columns hold").click()
    assert_faultless(page)
    assert_fits(page, *WIDTHS)
    page.get_by_label("Where").select_option("Not part of the address")
    expect(page.get_by_text("No row is ready")).to_be_visible()
    page.get_by_label("Where").select_option("Street address")
    expect(page.get_by_role("button", name="Look up 1 address", exact=True)).to_be_visible()
    page.get_by_role("link", name="Fix row 3").click()
    expect(page.get_by_label("Street address")).to_be_focused()
    assert_faultless(page)
    assert_fits(page, *WIDTHS)
    page.get_by_label("Street address").fill("2 Woodward Ave")
    page.get_by_role("button", name="Use this address").click()
    expect(page.get_by_role("link", name="Edit row 3")).to_be_focused()
    expect(page.locator("#announcement")).to_have_text("Row 3: Ready.")
    page.get_by_role("button", name="Look up 2 addresses").click()
    expect(page.get_by_role("heading", name="Running")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Rows looked up")).to_be_visible()
    assert_faultless(page)
    assert_fits(page, *WIDTHS)


@pytest.mark.soak
def test_the_sample_sheet_without_scripts(browsing: Browsing) -> None:
    browsing.tolerate("status of 422")
    page = browsing.window(java_script_enabled=False)
    page.goto("/batches")
    page.get_by_role("button", name="Check the addresses").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a file, or paste addresses")
    page.get_by_label("A spreadsheet or text file").set_input_files(SAMPLE)
    page.get_by_role("button", name="Check the addresses").click()
    page.get_by_role("link", name="Fix row 21").click()
    page.get_by_label("Street address").fill("")
    page.get_by_role("button", name="Use this address").click()
    page.get_by_role("link", name="Enter the street address too").or_(
        page.get_by_text("Enter the street address")
    ).first.click()
    page.get_by_label("Street address").fill("3 Woodward Ave")
    page.get_by_role("button", name="Use this address").click()
    page.get_by_role("button", name="Look up 19 addresses").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("No further row is begun until you go on")).to_be_visible()
    page.get_by_role("button", name="Cancel the rest").click()
    expect(page.get_by_role("heading", name="Canceled")).to_be_visible()
