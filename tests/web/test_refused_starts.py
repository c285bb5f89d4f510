"""A lookup that cannot be started: the form comes back filled, with the reason, and says when to try again."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.web.page import Page
from tests.web.site import Site, open_site, open_site_where_waiting_takes_no_time
from tests.web.visitor import Visitor

ADDRESS = {"street1": "1001 Woodward Ave", "street2": "Suite 100", "zip": "48226", "city": "Detroit", "state": "MI"}


def assert_form_kept(page: Page, typed: dict[str, str]) -> None:
    assert page.status == 503
    assert page.title.startswith("Error: ")
    assert typed.items() <= page.values(page.form_with("Look up")).items()


def test_hum_out_of_reach(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    site = open_site(tmp_path, HUM_API_URL=f"http://127.0.0.1:{port}", HUM_API_KEY="a-key")
    visitor = site.visitor()
    page = visitor.press(visitor.get("/"), "Look up", **ADDRESS)
    assert_form_kept(page, ADDRESS)
    assert "Hum cannot be reached right now" in page.text_of("trouble")
    assert "Nothing was started" in page.text_of("trouble")
    assert int(page.headers["Retry-After"]) > 0
    site.close()


def test_too_many_requests_says_how_long_to_wait(site: Site, visitor: Visitor) -> None:
    form = visitor.get("/?scenario=create-rate-limited")
    page = visitor.press(form, "Look up")
    assert_form_kept(page, {"zip": "48226"})
    wait = int(page.headers["Retry-After"])
    assert 1 <= wait <= 4
    assert f"try again in {wait} seconds" in page.text_of("trouble")


def test_a_refused_key_tells_whom_to_tell(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/?scenario=unauthorized"), "Look up")
    assert_form_kept(page, {"zip": "48226"})
    assert "does not accept this installation's key" in page.text_of("trouble")
    assert "trying again will not help" in page.text_of("trouble")
    assert "Retry-After" not in page.headers


def test_an_error_of_hum_started_nothing(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/?scenario=create-server-error"), "Look up")
    assert_form_kept(page, {"zip": "48226"})
    assert "Nothing was started" in page.text_of("trouble")
    assert "Hum answers with HTTP 500" in page.text_of("trouble"), "it is in reach, and whoever runs the page wants to know more"


def test_an_answer_that_never_came_leaves_doubt_and_says_so(tmp_path: Path) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path)
    visitor = site.visitor()
    page = visitor.press(visitor.get("/?scenario=create-timeout"), "Look up")
    assert_form_kept(page, {"zip": "48226"})
    assert "We do not know whether the lookup was started" in page.text_of("trouble")
    assert "second lookup" in page.text_of("trouble")
    site.close()


@pytest.mark.parametrize("scenario", ["create-rate-limited", "invalid"])
def test_the_form_that_came_back_is_a_new_attempt(visitor: Visitor, scenario: str) -> None:
    refused = visitor.press(visitor.get(f"/?scenario={scenario}"), "Look up")
    page = visitor.follow(visitor.press(refused, "Look up", street1="1001 Woodward Ave"))
    assert page.heading == "1001 Woodward Ave"
    assert page.poller is not None
