"""Slow clients wait at nginx; the app is there for the others."""

from __future__ import annotations

import re
import time

import requests

from tests.soak.deploy.crowd import KINDS, Crowd, stop_in_mid_body
from tests.soak.deploy.line import PATIENCE
from tests.soak.deploy.test_odd_requests import requests_seen_by_the_app
from tools import proxied

HOME = f"https://{proxied.NAME}"
EACH = 200
LIMIT = 256


def static_file(browser: requests.Session, name: str) -> str:
    """The address of a file that the form loads."""
    found = re.search(rf'"(/static/[^"]+{re.escape(name)})"', browser.get(f"{HOME}/", timeout=PATIENCE).text)
    assert found is not None
    return found[1]


def test_two_hundred_slow_clients_of_each_kind_leave_others_served(deployed: proxied.Site) -> None:
    browser = deployed.browser()
    large_file = static_file(browser, "htmx.min.js")
    before = len(requests_seen_by_the_app(deployed))
    with Crowd(deployed, KINDS, EACH, large_file) as crowd:
        page = proxied.look_up(browser, "normal")
        assert 'id="outcome"' in browser.get(page, timeout=PATIENCE).text
        # Past the first time-out, so that clients are thrown out and come back meanwhile.
        until = time.monotonic() + 6 * PATIENCE
        while not crowd.have_come_back("drips its headers"):
            assert time.monotonic() < until, "nobody is thrown out"
            for path in ("/", large_file, "/healthz"):
                assert browser.get(HOME + path, timeout=PATIENCE).status_code == 200
            # Whoever comes for the first time needs a connection, too.
            assert deployed.browser().get(f"{HOME}/status", timeout=PATIENCE).status_code == 200
        assert not crowd.refused.is_set(), "an office with two hundred requests in work is refused"
    posts = [request["route"] for request in requests_seen_by_the_app(deployed)[before:] if request["method"] == "POST"]
    assert posts.count("/lookups") == 1, "a form that never came to its end reached the app"


def test_one_address_that_wants_too_much_is_told_so_and_the_others_are_served(deployed: proxied.Site) -> None:
    with Crowd(deployed, {"stops in mid-body": stop_in_mid_body}, LIMIT + 20) as crowd:
        assert crowd.refused.wait(PATIENCE)
        assert deployed.browser().get(f"{HOME}/healthz", timeout=PATIENCE).status_code == 200
