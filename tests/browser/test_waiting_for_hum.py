"""What the button says while Hum takes its time to accept a lookup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from flask import request
from playwright.sync_api import Page

from tests.browser.browsing import Browsing
from tests.integration.web.site import open_site, serve
from webapp.simulator.app import create_app as create_simulator
from webapp.simulator.scenarios import SCENARIOS

pytestmark = pytest.mark.browser

LOOKING, WAITING = "Looking up…", "Waiting for Hum to accept the lookup…"

TELLING = """
const timer = setTimeout;
window.setTimeout = (work, after, ...given) => {
  if (after >= 1000) console.log(`timer: ${after}`);
  return timer(work, after / 20, ...given);
};
addEventListener("DOMContentLoaded", () => {
  for (const [name, id] of [["button", "look-up"], ["spoken", "announcement"]]) {
    const part = document.getElementById(id);
    if (part) new MutationObserver(() => console.log(`${name}: ${part.textContent}`)).observe(part, {childList: true});
  }
});
"""
"""Tells on the console what the page says: Playwright's questions wait while the next page is on its way. Timers run 20 times as fast."""


class SlowHum:
    """The simulator, which accepts a lookup only after `accept` is set."""

    def __init__(self) -> None:
        self.accept = Event()
        self.app = create_simulator()
        self.app.before_request(self._wait)

    def _wait(self) -> None:
        if request.method == "POST":
            assert self.accept.wait(30)


@pytest.fixture
def hum() -> Iterator[SlowHum]:
    slow = SlowHum()
    yield slow
    slow.accept.set()


@pytest.fixture
def page(hum: SlowHum, tmp_path: Path, new_context: object) -> Iterator[Page]:
    with serve(hum.app) as upstream:
        site = open_site(tmp_path, HUM_API_URL=upstream, HUM_API_KEY="any")
        with serve(site.app) as url:
            browsing = Browsing(site, url, new_context)  # type: ignore[arg-type]
            window = browsing.window()
            window.add_init_script(TELLING)
            yield window
            hum.accept.set()
            assert not browsing.unexpected()
        site.close()


def test_the_button_says_that_it_waits_and_after_five_seconds_for_what(hum: SlowHum, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/?focus=street1")
    address = SCENARIOS["fast"].address
    page.get_by_label("Street address").fill(address["street1"])
    page.get_by_label("ZIP code").fill(address["zip"])
    with page.expect_console_message(lambda message: message.text == f"spoken: {WAITING}"):
        page.evaluate("document.getElementById('look-up').click()")
    assert [line for line in said if line.startswith("button: ")] == [f"button: {LOOKING}", f"button: {WAITING}"]
    assert [line for line in said if line.startswith("timer: ")] == ["timer: 5000"]
    # The advice on what was typed may be spoken in between: its answer comes when it comes.
    spoken = [line for line in said if line in (f"spoken: {LOOKING}", f"spoken: {WAITING}")]
    assert spoken == [f"spoken: {LOOKING}", f"spoken: {WAITING}"]
    hum.accept.set()
    page.wait_for_url("**/lookups/*")
