"""Takes the pictures of the documentation: serves the demo in this process, uses it in Chromium, writes
docs/images/*.png.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tools import browser, proxied
from tools.embed_demo import other_site
from webapp import create_app
from webapp.settings import load

IMAGES = Path(__file__).parent.parent / "docs" / "images"


def form(page: Page) -> None:
    """The page that everything begins with."""
    page.goto("/")


def phone(page: Page) -> None:
    """A finished lookup as a phone shows it."""
    page.set_viewport_size({"width": 390, "height": 844})
    _look_up(page, "normal")
    page.wait_for_selector("#outcome")


def result(page: Page) -> None:
    """A finished lookup with one provider's plans open."""
    _look_up(page, "normal")
    page.wait_for_selector("#outcome")
    page.locator("a.plans", has_text="more plan").first.click()
    page.locator("details.plans[open]").wait_for()


def running(page: Page) -> None:
    """A lookup whose address is matched and whose providers are still being found."""
    _look_up(page, "slow")
    page.locator(".step-running", has_text="Finding providers").wait_for()


class Quiet(WSGIRequestHandler):
    """Serves without a log line a request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing."""


def comparison(page: Page) -> None:
    """Three plans side by side."""
    result(page)
    for box in page.locator(".provider > .pick").all()[:3]:
        box.check()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.locator("table.compare").wait_for()


def printed(page: Page) -> None:
    """The result as it goes to paper."""
    page.add_init_script("window.print = () => {};")
    _look_up(page, "normal")
    page.wait_for_selector("#outcome")
    page.goto(f"{page.url.partition('?')[0]}/print")
    page.emulate_media(media="print")


def console(page: Page) -> None:
    """What the API was asked and what it said, beside the result."""
    _look_up(page, "normal")
    page.wait_for_selector("#outcome")
    page.goto(f"{page.url.partition('?')[0]}?calls=1")
    page.locator("#calls").wait_for()


def embed(page: Page) -> None:
    """An intranet's page with a lookup in it, and what the page is told."""
    page.goto(OTHER_SITE)
    page.locator("#go").click()
    page.frame_locator("iframe").first.locator("article.provider").first.wait_for()
    page.wait_for_timeout(1_000)


def web_search(page: Page) -> None:
    """What an agent has found on the web where Hum names no provider."""
    _look_up(page, "no-providers")
    page.get_by_role("button", name="Search the web").click()
    page.get_by_text("Found on the web, not verified").first.wait_for(timeout=120_000)


OTHER_PORT = proxied.free_port()
OTHER_SITE = f"http://localhost:{OTHER_PORT}"

PICTURES: dict[str, Callable[[Page], None]] = {
    "form": form,
    "result": result,
    "phone": phone,
    "running": running,
    "comparison": comparison,
    "print": printed,
    "console": console,
    "embed": embed,
    "web-search": web_search,
}


def _look_up(page: Page, scenario: str) -> None:
    page.goto(f"/?scenario={scenario}")
    page.locator("#look-up").click()


def main() -> None:
    """Writes every picture anew."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as state:
        server = make_server(
            "127.0.0.1",
            0,
            create_app(load({"STATE_DIR": state, "LOG_LEVEL": "error", "EMBED_ORIGINS": OTHER_SITE})),
            threaded=True,
            request_handler=Quiet,
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with other_site(OTHER_PORT, f"http://127.0.0.1:{server.server_port}"), sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser.find())
            for name, prepare in PICTURES.items():
                size: ViewportSize = {"width": 1280, "height": 800}
                page = chromium.new_page(
                    base_url=f"http://127.0.0.1:{server.server_port}", viewport=size, color_scheme="light"
                )
                prepare(page)
                page.screenshot(path=IMAGES / f"{name}.png")
                print(f"{name}: {(IMAGES / f'{name}.png').stat().st_size // 1024} kB")
            chromium.close()
        server.shutdown()


if __name__ == "__main__":
    main()
