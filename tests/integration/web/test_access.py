"""A lookup belongs to the browser that began it; and nobody else's page can press a button here."""

from __future__ import annotations

import pytest

from tests.integration.web.page import Page
from tests.integration.web.site import Site
from tests.integration.web.visitor import Visitor

ACTIONS = ("stop", "keep-checking", "check-plans", "again")
NOBODYS = "/lookups/AAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def lookup(visitor: Visitor) -> str:
    """The path of a running lookup of `visitor`."""
    return visitor.press(visitor.get("/?scenario=never"), "Look up").location


def token(page: Page) -> str:
    return page.values(page.form_with("Look up"))["csrf_token"]


@pytest.mark.parametrize("known", [False, True], ids=["never here before", "with lookups of its own"])
@pytest.mark.parametrize("end", ["", "?refresh=1", "/progress"])
def test_another_browser_finds_nothing_to_read(site: Site, lookup: str, end: str, known: bool) -> None:
    other = site.visitor()
    if known:
        other.look_up("fast")
    page = other.get(lookup + end)
    assert page.status == 404
    assert "Scenario Way" not in page.html


@pytest.mark.parametrize("known", [False, True], ids=["never here before", "with a token of its own"])
@pytest.mark.parametrize("action", ACTIONS)
def test_another_browser_finds_nothing_to_press(
    site: Site, visitor: Visitor, lookup: str, action: str, known: bool
) -> None:
    other = site.visitor()
    data = {"csrf_token": token(other.get("/"))} if known else {}
    assert other.post(f"{lookup}/{action}", data).status == 404
    assert visitor.get(lookup).poller is not None


def test_whatever_the_owners_pages_lead_to_is_hidden_from_others(site: Site, visitor: Visitor) -> None:
    answer = visitor.press(visitor.get("/?scenario=fast"), "Look up")
    path = answer.location
    ended = visitor.last(visitor.follow(answer))
    pages = {address: visitor.get(address) for address in ended.addresses_below(path)}
    deeper = {address for page in pages.values() if page.is_html for address in page.addresses_below(path)} - set(pages)
    pages |= {address: visitor.get(address) for address in deeper}
    assert len(pages) > 5
    assert {address: page.status for address, page in pages.items()} == dict.fromkeys(pages, 200)
    other = site.visitor()
    other.look_up("fast")
    assert {address: other.get(address).status for address in pages} == dict.fromkeys(pages, 404)


def test_another_browser_cannot_fill_its_form_from_it(site: Site, lookup: str) -> None:
    page = site.visitor().get(f"/?from={lookup.rpartition('/')[2]}")
    assert page.values(page.form_with("Look up"))["street1"] == ""


def test_another_browser_cannot_stop_it_by_replacing_it(site: Site, visitor: Visitor, lookup: str) -> None:
    other = site.visitor()
    other.press(other.get("/?scenario=fast"), "Look up", replaces=lookup.rpartition("/")[2])
    assert visitor.get(lookup).poller is not None


def test_reading_sets_no_cookie(site: Site, lookup: str) -> None:
    assert "Set-Cookie" not in site.visitor().get(lookup).headers


@pytest.mark.parametrize(
    "path", [NOBODYS, f"{NOBODYS}/progress", "/lookups/..%2f..", "/lookups/'%20OR%201=1", "/lookups/", "/nothing"]
)
def test_an_unknown_address_is_404(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    assert page.status == 404
    assert page.heading == "There is nothing here"


@pytest.mark.parametrize("action", ACTIONS)
def test_an_unknown_lookup_cannot_be_acted_on(visitor: Visitor, action: str) -> None:
    assert visitor.post(f"{NOBODYS}/{action}", {"csrf_token": token(visitor.get("/"))}).status == 404


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("given", [{}, {"csrf_token": "forged"}], ids=["none", "forged"])
def test_a_button_without_its_token_does_nothing(
    visitor: Visitor, lookup: str, action: str, given: dict[str, str]
) -> None:
    page = visitor.post(f"{lookup}/{action}", given)
    assert page.status == 403
    assert page.heading == "This page was open in an older session"
    assert visitor.get(lookup).poller is not None


def test_a_token_of_another_browser_does_not_count(site: Site, visitor: Visitor, lookup: str) -> None:
    assert visitor.post(f"{lookup}/stop", {"csrf_token": token(site.visitor().get("/"))}).status == 403


@pytest.mark.own_site
def test_the_form_without_its_token_comes_back_filled(site: Site, visitor: Visitor) -> None:
    visitor.get("/")
    page = visitor.post("/lookups", {"street1": "1001 Woodward Ave", "zip": "48226"})
    assert page.status == 422
    assert page.values(page.form_with("Look up"))["street1"] == "1001 Woodward Ave"
    assert "everything you typed is kept" in page.text_of("faults")
    assert not site.secrets_of_sessions()
    assert visitor.press(page, "Look up").status == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "", "Origin": "http://localhost"},
    ],
    ids=lambda headers: " ".join(f"{name}={value!r}" for name, value in headers.items()),
)
@pytest.mark.parametrize("path", ["/lookups", "{lookup}/stop", "{lookup}/again"])
def test_a_request_from_another_site_is_refused_even_with_a_token(
    visitor: Visitor, lookup: str, path: str, headers: dict[str, str]
) -> None:
    data = {"csrf_token": token(visitor.get("/")), "street1": "1 A St", "zip": "48226"}
    assert visitor.post(path.format(lookup=lookup), data, **headers).status == 403
    assert visitor.get(lookup).poller is not None


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost", True),
        ("http://localhost.evil.example", False),
        ("http://evil.example", False),
        ("null", False),
    ],
)
def test_without_fetch_metadata_the_origin_decides(site: Site, origin: str, allowed: bool) -> None:
    browser = site.visitor(Origin=origin)
    answer = browser.post_without_metadata(
        "/lookups", {"csrf_token": token(browser.get("/")), "street1": "1 A St", "zip": "48226"}
    )
    assert answer.status == (303 if allowed else 403)


def test_a_browser_that_says_nothing_of_where_it_comes_from_needs_its_token(site: Site) -> None:
    browser = site.visitor()
    good = {"csrf_token": token(browser.get("/")), "street1": "1 A St", "zip": "48226"}
    assert browser.post_without_metadata("/lookups", good).status == 303
    assert browser.post_without_metadata("/lookups", good | {"csrf_token": ""}).status == 422


@pytest.mark.parametrize(
    "path", ["/lookups/{id}/stop", "/lookups/{id}/again", "/lookups/{id}/keep-checking", "/lookups/{id}/check-plans"]
)
def test_reading_changes_nothing(visitor: Visitor, lookup: str, path: str) -> None:
    page = visitor.get(path.format(id=lookup.rpartition("/")[2]))
    assert page.status == 405
    assert visitor.get(lookup).poller is not None


def test_the_cookie_is_for_this_site_and_no_script(site: Site) -> None:
    cookie = site.visitor().get("/").headers["Set-Cookie"]
    assert cookie.startswith("viewer=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_a_poll_does_not_send_the_cookie_again(visitor: Visitor) -> None:
    page = visitor.look_up("fast")
    assert "Set-Cookie" not in visitor.poll(page).headers
