"""What every page must pass: no fault that axe knows, in light and dark, and no sideways scroll however narrow."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
# Nothing is told of what is right: that takes a sixth off each run.
RUN_AXE = """async (rules) => (await axe.run({resultTypes: ["violations"], reporter: "no-passes", ...(rules && {runOnly: rules})})).violations.map(
  (fault) => `${fault.id}: ${fault.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`)"""
RULES = {"light": None, "dark": ["color-contrast", "link-in-text-block"]}
"""All rules once, and once more in the dark those that look at colors: the others see the same document."""

WIDTHS = (1280, 768, 360, 320)
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !element.closest(".unseen, .skip, .scroll"))
  .map((element) => `${element.tagName}.${element.className}`).slice(0, 5)"""


def assert_faultless(page: Page) -> None:
    """No accessibility fault that axe knows, in light and dark."""
    page.evaluate(AXE)
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        faults = page.evaluate(RUN_AXE, rules)
        assert not faults, (scheme, faults)


def assert_fits(page: Page, *widths: int) -> None:
    """No sideways scroll of the page at these widths."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), (width, page.evaluate(TOO_WIDE))
