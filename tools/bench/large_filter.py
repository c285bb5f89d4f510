"""How long a filter of sixty providers keeps a browser busy, and how much it is sent: `python -m
tools.bench.large_filter`.

A real browser opens a list of sixty providers with sixty plans each, shows all rows, and filters and sorts it. Its own
observer of long tasks (over 50 ms) tells how long the longest kept it from answering a person.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tools import browser
from tools.page_weight import VIEWER, many_providers, store_result
from webapp import create_app
from webapp.services import build_services
from webapp.settings import load

OBSERVE = """
window.longest = 0;
new PerformanceObserver((list) => { for (const task of list.getEntries()) longest = Math.max(longest, task.duration); })
  .observe({type: "longtask", buffered: true});
"""


class LargeFilter(NamedTuple):
    """Milliseconds of the longest task (0: none over 50), and bytes of the answer before compression."""

    task_ms: float
    answer_bytes: int


class _Silent(WSGIRequestHandler):
    """Prints no line for each request between the figures."""

    def log(self, *_arguments: object) -> None:
        pass


def measure() -> LargeFilter:
    """Opens, filters and sorts the list once in a browser of its own."""
    with tempfile.TemporaryDirectory() as folder:
        services = build_services(load({"STATE_DIR": str(Path(folder)), "LOG_LEVEL": "error"}))
        app = create_app(services=services)
        path = store_result(services, many_providers(), "large-filter")
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
        Thread(target=server.serve_forever, daemon=True).start()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        url = f"http://127.0.0.1:{server.server_port}"
        try:
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser.find(), args=["--no-sandbox"])
                context = chromium.new_context(base_url=url)
                name = app.config["SESSION_COOKIE_NAME"]
                context.add_cookies([{"name": name, "value": serializer.dumps({"viewer": VIEWER}), "url": url}])
                page = context.new_page()
                page.add_init_script(OBSERVE)
                return _filtered(page, path)
        finally:
            server.shutdown()
            services.engine.dispose()


def _filtered(page: Page, path: str) -> LargeFilter:
    page.goto(path)
    with page.expect_response("**tech=*") as answered:
        page.locator("#tech-cable").check()
    answer_bytes = len(answered.value.body())
    page.locator("#list-head.list-head-filtered").wait_for()
    page.locator("#sort").select_option("speed")
    page.wait_for_url("**sort=speed*")
    of_twenty = page.evaluate("longest")
    page.goto(f"{path}?all=1")
    page.locator("#sort").select_option("name")
    page.wait_for_url("**sort=name*")
    return LargeFilter(max(of_twenty, page.evaluate("longest")), answer_bytes)


def row() -> str:
    """The figures as a row of Markdown."""
    found = measure()
    return (
        "| A filter of 60 providers with 60 plans each in a browser: longest task, answer before compression | "
        f"{found.task_ms:.0f} ms, {found.answer_bytes / 1024:.0f} KB |"
    )


if __name__ == "__main__":
    print(row())
