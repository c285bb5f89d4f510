"""What the machine's Chromium transfers for the first page behind the shipped proxy, response headers included."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tools import browser, proxied
from tools.lighthouse import HOME, flags


@dataclass(frozen=True, slots=True)
class FirstPage:
    """Requests, and the bytes of their answers as they came over the wire (HTTP/2, gzip)."""

    requests: int
    bytes: int


def weigh() -> FirstPage:
    """Opens the form once with an empty cache."""
    with tempfile.TemporaryDirectory() as folder, proxied.site(Path(folder), LOG_LEVEL="error") as site:
        return weigh_page(HOME, flags(site))


def weigh_page(url: str, arguments: Sequence[str] = ()) -> FirstPage:
    """Opens any page once with an empty cache, until nothing more is loaded."""
    sizes: list[int] = []

    def loaded(event: dict[str, Any]) -> None:
        sizes.append(int(event["encodedDataLength"]))

    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=browser.find(), args=list(arguments)) as chromium,
    ):
        page = chromium.new_page()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", loaded)
        page.goto(url)
        page.wait_for_load_state("networkidle")
    return FirstPage(len(sizes), sum(sizes))
