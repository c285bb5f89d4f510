"""Where the live Hum answers and the setting says so, the first lookup of a day is confirmed; and every page says whose
data it shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.web.site import Site, open_site_where_waiting_takes_no_time
from tests.integration.web.visitor import Visitor
from webapp import create_app
from webapp.settings.values import PRODUCTION_URL, SANDBOX_URL

BOX = {"costs_money": "1"}
ADDRESS = {"street1": "1001 Woodward Ave", "zip": "48226"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    opened = open_site_where_waiting_takes_no_time(tmp_path)
    yield opened
    opened.close()


def at(site: Site, url: str, **changed: bool) -> Visitor:
    """The same app, believing that the simulator is the Hum at this address."""
    settings = site.services.settings.model_copy(
        update={"hum_api_key": "a-key-of-a-test", "hum_api_url": url, **changed}
    )
    return Visitor(create_app(services=replace(site.services, settings=settings)), site.clock, {})


@pytest.fixture
def live(site: Site) -> Visitor:
    return at(site, PRODUCTION_URL, confirm_live=True)


def test_nothing_is_started_before_it_is_confirmed(site: Site, live: Visitor) -> None:
    page = live.press(live.get("/"), "Look up", **ADDRESS, costs_money="")
    assert page.status == 422
    assert "This lookup costs money" in page.text_of("trouble")
    assert page.values(page.form_with("Look up"))["street1"] == ADDRESS["street1"]
    assert site.upstream_calls("create") == 0
    assert live.press(page, "Look up", **BOX).status == 303


def test_it_is_asked_once_a_day(site: Site, live: Visitor) -> None:
    assert live.press(live.get("/"), "Look up", **ADDRESS, **BOX).status == 303
    page = live.get("/")
    assert page.find("costs-money") is None
    assert live.press(page, "Look up", **ADDRESS).status == 303
    site.clock.advance(86_400)
    assert live.get("/").find("costs-money") is not None


def test_look_up_again_asks_too_and_the_old_lookup_goes_on(site: Site, live: Visitor) -> None:
    path = live.press(live.get("/"), "Look up", **ADDRESS, **BOX).location
    live.last(live.get(path))
    site.clock.advance(86_400)
    asked = site.upstream_calls("create")
    page = live.press(live.get(path), "Look up again")
    assert page.status == 422
    assert page.find("costs-money") is not None
    assert site.upstream_calls("create") == asked
    assert live.press(page, "Look up", **BOX).status == 303


@pytest.mark.parametrize(
    ("url", "confirm"), [(PRODUCTION_URL, False), (SANDBOX_URL, True), ("https://hum.example", True)]
)
def test_nothing_is_asked_elsewhere(site: Site, url: str, confirm: bool) -> None:
    visitor = at(site, url, confirm_live=confirm)
    page = visitor.get("/")
    assert page.find("costs-money") is None
    assert visitor.press(page, "Look up", **ADDRESS).status == 303


@pytest.mark.parametrize(
    ("url", "badge"), [(PRODUCTION_URL, "LIVE"), (SANDBOX_URL, "SANDBOX"), ("https://hum.example", "CUSTOM")]
)
def test_every_title_and_badge_names_the_environment(site: Site, url: str, badge: str) -> None:
    visitor = at(site, url)
    path = visitor.press(visitor.get("/"), "Look up", **ADDRESS).location
    page = visitor.get(path)
    fragments = [fragment for fragment in visitor.watch(page) if fragment.title]
    plain = (
        "/",
        "/lookups",
        "/presenter",
        "/try",
        "/status",
        "/nothing",
        path,
        f"{path}/report",
        f"{path}/shares",
        f"{path}/coverage",
    )
    for shown in (*(visitor.get(address) for address in plain), *fragments):
        assert f" - {badge} - Hum ISP Lookup" in shown.title
    assert f"{badge}" in visitor.get("/status").text
