"""Browser windows that are listened to: whatever the page complains of, and every request that leaves this machine, fails the test."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError, expect

from tests.integration.web.site import Site

TELL_OF_CSP = """
addEventListener("securitypolicyviolation", (event) => console.error("refused by CSP:", event.violatedDirective, event.blockedURI));
"""
SPOKEN = """
window.spoken = [];
addEventListener("DOMContentLoaded", () => {
  const region = document.querySelector("[role=status]");
  const changes = {childList: true, characterData: true, subtree: true};
  if (region) new MutationObserver(() => spoken.push(region.textContent)).observe(region, changes);
});
"""


# A newer request takes an older one's place (hx-sync); htmx logs the older one's end as an error. Lost connections log sendError besides.
REPLACED = ("htmx:sendAbort", "htmx:afterRequest")


@dataclass
class Browsing:
    """Opens windows on the site. `tolerated` are patterns of complaints that a test provokes on purpose."""

    site: Site
    url: str
    new_context: Callable[..., BrowserContext]
    complaints: list[str] = field(default_factory=list)
    tolerated: list[str] = field(default_factory=lambda: [*REPLACED])
    scriptless: list[BrowserContext] = field(default_factory=list)

    def window(self, **options: object) -> Page:
        """A page in a browser of its own: no cookie yet. `options` are Playwright's for a context."""
        context = self.new_context(base_url=self.url, **options)
        context.set_default_timeout(8_000)
        if not options.get("java_script_enabled", True):
            self.scriptless.append(context)
        context.add_init_script(TELL_OF_CSP)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)
        return context.new_page()

    def tolerate(self, *patterns: str) -> None:
        """Complaints that belong to the test."""
        self.tolerated.extend(patterns)

    def unexpected(self) -> list[str]:
        """What was complained of and is no part of the test."""
        return [text for text in self.complaints if not any(re.search(pattern, text) for pattern in self.tolerated)]

    def open_form(self, page: Page, query: str = "") -> None:
        """The form, where scripts are off under the address that names it."""
        page.goto(f"/{query}")
        if page.context in self.scriptless:
            page.wait_for_url("**sent=*")

    def look_up(self, page: Page, scenario: str) -> None:
        """From the scenario's link to the lookup's page."""
        self.open_form(page, f"?scenario={scenario}")
        page.get_by_role("button", name="Look up").click()
        page.wait_for_url("**/lookups/*")

    def finish(self, page: Page) -> None:
        """Lets Hum's time pass until there is nothing more to wait for, and waits until the page shows it."""
        self.site.turn(40)
        expect(page.locator("#outcome")).to_be_visible()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def _on_error(self, error: WebError) -> None:
        self.complaints.append(f"exception: {error.error}")

    def _on_request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.url).netloc and not request.url.startswith("data:"):
            self.complaints.append(f"request to another host: {request.url}")
