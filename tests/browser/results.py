"""A finished lookup in a browser, and ways to look at it that several tests share."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page, expect

from tests.browser.browsing import Browsing

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RUN_AXE = """async () => (await axe.run()).violations.map(
  (fault) => `${fault.id}: ${fault.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`)"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !element.closest(".unseen, .skip, .scroll"))
  .map((element) => `${element.tagName}.${element.className}`).slice(0, 5)"""


def finished(browsing: Browsing, page: Page, scenario: str = "fast") -> str:
    """Looks a scenario up, watches it to its end, and gives the URL of the lookup."""
    browsing.look_up(page, scenario)
    browsing.finish(page)
    return page.url


def names(page: Page) -> list[str]:
    """The providers listed, in order."""
    return page.locator("h3[id^=provider-]").all_inner_texts()


def plan_paths(page: Page) -> list[str]:
    """Where the plans of the list have their pages, in order."""
    links = page.locator(".plan-name a")
    return [str(links.nth(index).get_attribute("href")) for index in range(links.count())]


def plan_keys(page: Page) -> list[str]:
    """The keys of the plans of the list, in order."""
    return [path.rpartition("/")[2] for path in plan_paths(page)]


def assert_faultless(page: Page) -> None:
    """No accessibility fault that axe knows, in light and dark."""
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        faults = page.evaluate(RUN_AXE)
        assert not faults, (scheme, faults)


def assert_fits(page: Page, width: int) -> None:
    """No sideways scroll of the page at this width."""
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), (width, page.evaluate(TOO_WIDE))


def copied(page: Page) -> str:
    """What is on the clipboard."""
    page.context.grant_permissions(["clipboard-read"])
    page.bring_to_front()
    return str(page.evaluate("navigator.clipboard.readText()"))


def expect_announced(page: Page, text: str) -> None:
    """The live region says this, for those who do not see what changed."""
    expect(page.locator("#announcement")).to_contain_text(text)
