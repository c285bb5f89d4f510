"""docs/demo.md works: every line of it that opens, chooses, presses, sees or waits is done in a browser, in the given order."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import Browsing
from tests.integration.web.site import Site, open_site_where_waiting_takes_no_time, serve
from tests.paths import ROOT

pytestmark = pytest.mark.browser

SCRIPT = ROOT / "docs" / "demo.md"
STEP = re.compile(r"(Open|Choose|[Pp]ress|See|Wait for) (?:`(/[^`]*)`|\*\*([^*]+)\*\*)")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """As people run it: with the poll interval that the script's seconds come from."""
    site = open_site_where_waiting_takes_no_time(tmp_path_factory.mktemp("state"))
    with serve(site.app) as url:
        yield site, url
    site.close()


def steps() -> list[tuple[str, str]]:
    """Verb and object of each step, in order."""
    lines = [line for line in SCRIPT.read_text("utf-8").splitlines() if line.startswith("- ")]
    assert all(STEP.search(line) for line in lines), "a line of the script says nothing to do"
    return [(found[1].lower(), found[2] or found[3]) for line in lines for found in STEP.finditer(line)]


def press(page: Page, name: str) -> None:
    """The button or link of this name; hidden words that complete it for screen readers may follow."""
    button = page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True))
    button.click()


def test_every_step_of_the_script_can_be_done(browsing: Browsing, page: Page) -> None:
    done = steps()
    for verb, what in done:
        match verb:
            case "open":
                page.goto(what)
            case "choose":
                page.get_by_label(what, exact=True).check()
            case "press":
                press(page, what)
            case "see":
                expect(page.get_by_text(what).first).to_be_visible()
            case "wait for":
                browsing.site.turn(40)
                # The page asks in real seconds, twice until the list is there.
                expect(page.get_by_text(what).first).to_be_visible(timeout=15_000)
    assert len(done) > 15
    expect(page.get_by_role("heading", level=1)).to_have_text("Tour")
