"""Who serves the state: asked for by a button, kept for a day, never taken for an answer about the address."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site, open_site, serve
from tests.integration.web.visitor import Visitor
from webapp.addresses.usps import STATES
from webapp.lookups.schema import coverage_table
from webapp.quotas.lookup_quota import CALLS_PER_VIEWER
from webapp.simulator import create_app as create_simulator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ASK = "Ask who serves Michigan"


def path_of(visitor: Visitor, **typed: str) -> str:
    """The path of a lookup of a typed address, or of one that finds nobody."""
    form = visitor.get("/") if typed else visitor.get("/?scenario=no-providers")
    return visitor.press(form, "Look up", **typed).location


def names(page: Page) -> list[str]:
    return [text_in(heading) for part in page.root.iter("article") for heading in part.iter("h2")]


@pytest.mark.own_site
def test_the_list_comes_with_a_button_and_says_what_it_is_not(visitor: Visitor) -> None:
    path = path_of(visitor)
    before = visitor.get(f"{path}/coverage")
    assert before.heading == "Providers listed in Michigan"
    assert names(before) == []
    page = visitor.follow(visitor.press(before, ASK))
    assert (
        "Providers that Hum lists anywhere in Michigan. Not an answer about this address: 909 Scenario Way" in page.text
    )
    assert "As of 2025-11-22" in page.text
    assert "Rocket Fiber" in names(page)
    assert "Rocket Fiber Fiber 1,000 Mbps down, 1,000 Mbps up" in page.text
    assert [link for link in page.root.iter("a") if link.get("href") == "tel:+13135550105"]
    assert ASK not in page.text


@pytest.mark.own_site
def test_every_technology_of_a_provider_is_listed_with_its_speeds(site: Site, visitor: Visitor) -> None:
    path = path_of(visitor)
    visitor.press(visitor.get(f"{path}/coverage"), ASK)
    ways = [("Cable", 500), ("DSL", 25), ("Fixed Wireless", 300), ("Fiber", 5000)]
    offerings = [{"technology": technology, "max_download_speed": down} for technology, down in ways]
    listed = json.dumps([{"provider_name": "Alder Networks", "offerings": offerings}])
    with site.database() as connection:
        connection.execute(sa.update(coverage_table).values(providers=listed))
    text = visitor.get(f"{path}/coverage").text
    for shown in ("Cable 500 Mbps down", "DSL 25 Mbps down", "Fixed wireless 300 Mbps down", "Fiber 5,000 Mbps down"):
        assert shown in text


@pytest.mark.own_site
def test_reading_asks_hum_nothing_and_one_answer_serves_all_viewers_for_a_day(site: Site, visitor: Visitor) -> None:
    other = site.visitor()
    path, others = path_of(visitor), path_of(other)
    assert names(visitor.get(f"{path}/coverage")) == []
    assert names(visitor.get(f"{path}/coverage")) == []
    visitor.press(visitor.get(f"{path}/coverage"), ASK)
    assert names(other.get(f"{others}/coverage")) == names(visitor.get(f"{path}/coverage")) != []
    site.clock.advance(86_401)
    assert names(visitor.get(f"{path}/coverage")) == []


def test_the_state_can_come_from_the_zip(visitor: Visitor) -> None:
    path = path_of(visitor, street1="909 Scenario Way", zip="48226")
    assert visitor.get(f"{path}/coverage").heading == "Providers listed in Michigan"


def test_an_unknown_state_is_explained_with_a_way_out(visitor: Visitor) -> None:
    path = path_of(visitor, street1="909 Scenario Way", zip="00000")
    page = visitor.get(f"{path}/coverage")
    assert page.heading == "Providers listed in the state"
    assert "The state of this address is not known" in page.text
    assert f"/?from={path.rpartition('/')[2]}" in [link.get("href") for link in page.root.iter("a")]
    assert not [button for button in page.root.iter("button") if text_in(button) == ASK]


def test_another_browser_finds_nothing(site: Site, visitor: Visitor) -> None:
    path = path_of(visitor)
    other = site.visitor()
    form = other.get("/")
    token = form.values(form.form_with("Look up"))["csrf_token"]
    assert other.get(f"{path}/coverage").status == 404
    assert other.post(f"{path}/coverage", {"csrf_token": token}).status == 404


def test_nothing_is_asked_without_the_forms_token(visitor: Visitor) -> None:
    path = path_of(visitor)
    assert visitor.post(f"{path}/coverage", {}).status == 403
    assert names(visitor.get(f"{path}/coverage")) == []


@pytest.mark.parametrize(
    ("status", "title", "text", "wait"),
    [
        ("401 Unauthorized", "Hum does not accept this installation's key", "trying again will not help", None),
        (
            "429 Too Many Requests",
            "Hum is receiving too many requests from us",
            "your lookup is kept as it is. Try again in 5 seconds",
            "5",
        ),
        (
            "500 Internal Server Error",
            "Hum gave an answer that cannot be used",
            "your lookup is kept as it is. Try again in 10 seconds",
            "10",
        ),
        (
            "200 OK",
            "Hum gave an answer that cannot be used",
            "your lookup is kept as it is. Try again in 10 seconds",
            "10",
        ),
    ],
)
def test_a_refusal_is_told_and_the_lookup_stays(
    tmp_path: Path, status: str, title: str, text: str, wait: str | None
) -> None:
    with serve(without_coverage(status)) as url:
        site = open_site(tmp_path, HUM_API_URL=url, HUM_API_KEY="a-key-of-the-tests-0123456789")
        visitor = site.visitor()
        path = path_of(visitor, street1="909 Scenario Way", zip="48226")
        page = visitor.press(visitor.get(f"{path}/coverage"), ASK)
        assert page.status == 503
        assert page.headers.get("Retry-After") == wait
        assert page.title.startswith("Error: Providers listed in Michigan")
        assert page.text_of("trouble").startswith(title)
        assert text in page.text_of("trouble")
        assert page.form_with(ASK) is not None
        assert names(visitor.get(f"{path}/coverage")) == []
        assert visitor.get(path).heading == "909 Scenario Way, 48226"
        site.close()


def without_coverage(status: str) -> WSGIApplication:
    """A Hum that answers everything but coverage, and that with a status and a wait alone."""
    simulator = create_simulator()

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/coverage":
            return simulator(environ, start_response)
        headers = [("Content-Type", "application/json"), ("Content-Length", "2"), ("Retry-After", "5")]
        start_response(status, headers)
        return [b"{}"]

    return answer


def test_one_browser_cannot_ask_for_every_state_at_once(tmp_path: Path) -> None:
    site = open_site(tmp_path, LOOKUPS_PER_MINUTE="0")
    visitor = site.visitor()
    pages = []
    for state in [*STATES][: CALLS_PER_VIEWER + 1]:
        path = path_of(visitor, street1="909 Scenario Way", city="Detroit", state=state)
        pages.append(visitor.get(f"{path}/coverage"))
    answers = [
        visitor.press(page, f"Ask who serves {state}") for page, state in zip(pages, STATES.values(), strict=False)
    ]
    assert [answer.status for answer in answers] == [303] * CALLS_PER_VIEWER + [429]
    assert "Hum was not asked" in answers[-1].text
    assert visitor.press(pages[0], f"Ask who serves {STATES['AL']}").status == 303, "what is kept needs no call"
    site.clock.advance(int(answers[-1].headers["Retry-After"]))
    assert visitor.press(pages[-1], f"Ask who serves {[*STATES.values()][CALLS_PER_VIEWER]}").status == 303
    site.close()
