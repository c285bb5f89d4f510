"""A lookup that cannot be started: the form comes back filled, with the reason, and says when to try again."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site, open_site_where_waiting_takes_no_time
from tests.integration.web.visitor import Visitor
from webapp.lookups.polling import SESSION_LIFE
from webapp.simulator.scenarios import SCENARIOS

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
    assert "Hum answers with HTTP 500" in page.text_of("trouble"), (
        "it is in reach, and whoever runs the page wants to know more"
    )


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
    assert page.heading == "1001 Woodward Ave, Detroit, MI 48226"
    assert page.poller is not None


@pytest.mark.parametrize("door", ["/", "/try"])
def test_a_lookup_that_may_be_running_is_started_again_only_after_a_tick(tmp_path: Path, door: str) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path)
    visitor = site.visitor()
    button, address = ("Look up", "/") if door == "/" else ("Create a session", "/try")
    typed = {"street1": "", **SCENARIOS["create-timeout"].address}
    visitor.press(visitor.get("/"), "Look up", **typed)
    assert site.upstream_calls("create") == 1
    pages = [visitor.press(visitor.get(address), button, **typed) for _ in range(7)]
    assert {page.status for page in pages} == {422}
    assert site.upstream_calls("create") == 1
    page = pages[-1]
    assert "We do not know whether the lookup was started" in page.text_of("trouble")
    assert page.find("start-again") is not None
    assert page.values(page.form_with(button))["street1"] == typed["street1"], "what was typed is kept"
    again = visitor.press(page, button, start_again="1")
    assert again.status in {200, 503}, "it was asked again, and again there was no answer"
    assert site.upstream_calls("create") == 2
    assert visitor.press(again, button, **typed).status == 422, "one tick is for one lookup"
    site.close()


def test_the_box_is_there_as_soon_as_the_answer_is_missing(tmp_path: Path) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path)
    visitor = site.visitor()
    page = visitor.press(visitor.get("/?scenario=create-timeout"), "Look up")
    assert page.find("start-again") is not None
    assert visitor.get("/").find("start-again") is None
    assert visitor.press(page, "Look up", start_again="1").status == 503
    assert site.upstream_calls("create") == 2
    site.close()


def test_only_the_same_address_of_the_same_browser_is_in_doubt_and_not_for_ever(tmp_path: Path) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path)
    visitor, other = site.visitor(), site.visitor()
    typed = SCENARIOS["create-timeout"].address
    visitor.press(visitor.get("/"), "Look up", **typed)
    assert visitor.press(visitor.get("/"), "Look up", **SCENARIOS["fast"].address).status == 303
    assert other.press(other.get("/"), "Look up", **typed).status == 503
    assert visitor.press(visitor.get("/"), "Look up", **typed).status == 422
    site.clock.advance(SESSION_LIFE)
    assert visitor.press(visitor.get("/"), "Look up", **typed).status == 503, "whatever was started has ended by itself"
    site.close()


def test_look_up_again_asks_for_the_tick_too(tmp_path: Path) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path)
    visitor = site.visitor()
    visitor.press(visitor.get("/?scenario=create-timeout"), "Look up")
    (path,) = {
        link.get("href", "")
        for link in visitor.get("/lookups").root.iter("a")
        if re.fullmatch(r"/lookups/[\w-]{22}", link.get("href", ""))
    }
    page = visitor.press(visitor.get(path), "Look up again")
    assert page.status == 422
    assert page.find("start-again") is not None
    assert site.upstream_calls("create") == 1
    site.close()


def test_a_refused_start_leaves_the_lookup_that_it_would_replace_running(tmp_path: Path) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path, LOOKUPS_PER_MINUTE="1")
    visitor = site.visitor()
    page = visitor.look_up("never")
    path = page.poller.get("data-hx-get", "").split("/progress")[0] if page.poller is not None else ""
    edited = visitor.get(f"/?from={path.rpartition('/')[2]}")
    refused = visitor.press(edited, "Look up", street1="902 Scenario Way")
    assert refused.status == 429
    assert visitor.get(path).poller is not None
    site.clock.advance(60)
    assert visitor.press(refused, "Look up").status == 303
    assert visitor.get(path).poller is None, "the new one takes its place"
    site.close()
