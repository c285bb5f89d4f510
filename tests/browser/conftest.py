"""One server for all browser tests, on a clock that the tests turn; a browser context for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.browsing import Browsing
from tests.integration.web.site import Site, open_site_where_waiting_takes_no_time, serve
from webapp.telemetry import configure_logging


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """The keyless app and its URL. A short poll interval makes the pages ask often, which is what is watched here."""
    site = open_site_where_waiting_takes_no_time(tmp_path_factory.mktemp("state"), POLL_INTERVAL="0.3")
    with serve(site.app) as url:
        yield site, url
    site.close()


@pytest.fixture
def site(served: tuple[Site, str]) -> Site:
    configure_logging("info")
    return served[0]


@pytest.fixture
def browsing(site: Site, served: tuple[Site, str], new_context: Callable[..., BrowserContext]) -> Iterator[Browsing]:
    """Windows whose complaints fail the test."""
    windows = Browsing(site, served[1], new_context)
    yield windows
    assert not windows.unexpected()


@pytest.fixture
def page(browsing: Browsing) -> Page:
    """A window in a browser with JavaScript, 1280 pixels wide."""
    return browsing.window()
