"""What every page must pass: no fault that axe knows, in light and dark, and no sideways scroll however narrow."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Frame, Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
# Nothing is told of what is right: that takes a sixth off each run.
RUN_AXE = """async ([part, options]) => (await axe.run(part ?? document, {resultTypes: ["violations"], reporter: "no-passes", ...options})).violations.map(
  (fault) => `${fault.id}: ${fault.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`)"""
ONE_OF_EACH_LOOK = f"""(options) => {{
  const known = new Map(), looks = new Map(), found = new Map();
  const look = (element) => {{
    if (!element) return 0;
    if (!looks.has(element)) {{
      const style = getComputedStyle(element);
      const own = [look(element.parentElement), element.tagName, element.getAttribute("class"), style.color, style.backgroundColor,
        style.backgroundImage, style.opacity, style.textShadow, style.fontSize, style.fontWeight].join("|");
      if (!known.has(own)) known.set(own, known.size + 1);
      looks.set(element, known.get(own));
    }}
    return looks.get(element);
  }};
  const hasWords = (element) => element.matches("input, select, textarea") || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  for (const element of document.querySelectorAll("body *"))
    if (hasWords(element) && element.checkVisibility()) found.set(look(element), [...(found.get(look(element)) ?? []), element]);
  const few = [...found.values()].flatMap((alike) => [...new Set([alike[0], alike.at(-1)])]);
  return ({RUN_AXE})([{{include: few}}, options]);
}}"""
"""The contrast of each text is most of what axe costs, and the texts of a list all look alike: of those whose colors, size and surroundings are the same, the first and the last are looked at."""
CONTRAST = {"runOnly": ["color-contrast"]}
EVERY_OTHER_RULE = {"rules": {"color-contrast": {"enabled": False}}}
RULES = {"light": EVERY_OTHER_RULE, "dark": {"runOnly": ["link-in-text-block"]}}
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
        faults = page.evaluate(RUN_AXE, [None, rules]) + page.evaluate(ONE_OF_EACH_LOOK, CONTRAST)
        assert not faults, (scheme, faults)


def assert_fits(page: Page, *widths: int) -> None:
    """No sideways scroll of the page at these widths."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), (width, page.evaluate(TOO_WIDE))


def faults_in(frame: Frame) -> list[str]:
    """What axe finds in a frame, as it is."""
    frame.evaluate(AXE)
    faults: list[str] = frame.evaluate(RUN_AXE, [None, {}])
    return faults
