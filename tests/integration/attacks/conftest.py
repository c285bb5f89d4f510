"""The sites of the web tests, a lookup that has everything an attacker may be after, and a browser that reads a hostile
Hum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.integration.attacks.hostile import FLOW, Attacked, HostileHum
from tests.integration.attacks.owned import Owned, own
from tests.integration.attacks.watch import Watch
from tests.integration.web.conftest import log_lines, visitor
from tests.integration.web.site import Site, open_site, open_site_where_waiting_takes_no_time, serve
from webapp import create_app
from webapp.lookups.state_coverage import CoverageStore, StateCoverages
from webapp.quotas.form_requests import FormRequests

__all__ = ["log_lines", "visitor"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An app of its own for each attack, because everything in its database is looked at afterwards."""
    opened = open_site(tmp_path, METRICS_ADDRESSES="127.0.0.1")
    yield opened
    opened.close()


@pytest.fixture
def owned(site: Site) -> Owned:
    return own(site)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """The keyless app on a hostile Hum."""
    as_many_as_we_like = {"LOOKUPS_PER_MINUTE": "0", "LOOKUPS_PER_MINUTE_ADDRESS": "0"}
    site = open_site_where_waiting_takes_no_time(
        tmp_path_factory.mktemp("state"), POLL_INTERVAL="0.3", **as_many_as_we_like
    )
    assert site.simulator is not None
    hum = HostileHum(site.simulator.wsgi_app)
    site.simulator.wsgi_app = hum  # type: ignore[method-assign]
    services = site.services
    coverage = StateCoverages(CoverageStore(services.engine), services.hum, environment="DEMO", clock=site.clock)
    # The attacks come faster than any person types; on this clock a minute passes between two of them.
    unhurried = FormRequests(count(step=60).__next__)
    with serve(create_app(services=replace(services, coverage=coverage, form_requests=unhurried))) as url:
        yield Attacked(site, hum, url)
    site.close()


@pytest.fixture
def attacked(served: Attacked) -> Attacked:
    """The same, and Hum as hostile as a lookup can bear."""
    served.hum.spared, served.hum.numbers_too = FLOW, False
    return served


@pytest.fixture
def watch(attacked: Attacked, new_context: Callable[..., BrowserContext]) -> Iterator[Watch]:
    """Windows in which nothing may happen."""
    windows = Watch(attacked.site, attacked.url, new_context)
    windows.tolerate("responded with a status of 4(04|22)", "Response Status Error Code 4(04|22)")
    yield windows
    assert not windows.unexpected()


@pytest.fixture
def page(watch: Watch) -> Page:
    return watch.window()
