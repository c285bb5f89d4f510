"""Nothing a request says of hosts leads a browser elsewhere: redirects are paths of ours, and foreign host names get no
page.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import request

from tests.integration.attacks.owned import Owned, token_of
from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site

HOSTILE_HEADERS = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "javascript",
    "X-Forwarded-Prefix": "//evil.example",
    "X-Forwarded-For": "127.0.0.1",
    "X-Host": "evil.example",
    "X-Original-URL": "//evil.example/",
    "X-Rewrite-URL": "//evil.example/",
    "Forwarded": "host=evil.example;proto=https",
}
PLACES = (
    "//evil.example/",
    "https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/%2f/evil.example",
    "@evil",
)
NAMES = (
    "next",
    "url",
    "back",
    "return",
    "redirect",
    "continue",
    "to",
    "do",
    "before",
    "after",
    "q",
    "tour",
    "speed",
    "unit",
)
MOVES = ("Location", "HX-Redirect", "HX-Push-Url", "HX-Location", "Refresh", "Content-Location")


def leads(page: Page) -> list[str]:
    """Where the headers of an answer send a browser."""
    return [page.headers[name] for name in MOVES if name in page.headers]


def is_a_path(address: str) -> bool:
    return address.startswith("/") and not address.startswith(("//", "/\\")) and "evil" not in address.partition("?")[0]


@pytest.mark.parametrize("by_htmx", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_every_redirect_stays_here_whatever_the_request_asks_for(owned: Owned, by_htmx: bool) -> None:
    visitor, htmx = (
        owned.lookup.visitor,
        {"HX-Request": "true", "HX-Current-URL": "https://evil.example/"} if by_htmx else {},
    )
    fields = {
        "street1": "1 A St",
        "zip": "48226",
        "csrf_token": owned.csrf_token,
        "operation": "ping",
        "days": "7",
        "on": "1",
    }
    found = []
    for place in PLACES:
        hostile = dict.fromkeys(NAMES, place)
        query = "&".join(f"{name}={place}" for name in NAMES)
        # Pages that are read lead nowhere, but for these; that the others do not is seen once.
        read = owned.addresses("GET") if place == PLACES[0] else [owned.lookup.path, "/address-form", "/favicon.ico"]
        for address in read:
            found += leads(visitor.get(f"{address}?{query}", Referer=place, **htmx))
        for address in owned.addresses("POST"):
            if not address.endswith(("/delete", "/clear")):
                found += leads(visitor.post(f"{address}?{query}", hostile | fields, Referer=place, **htmx))
    found += leads(visitor.post(f"{owned.lookup.path}/delete", hostile | fields, **htmx))
    assert len(found) > 50
    assert [address for address in found if not is_a_path(address)] == []


def test_no_header_names_another_host_for_redirects(owned: Owned) -> None:
    """The test client sends its cookie to `localhost` only, so these are a stranger's requests."""
    for name, value in HOSTILE_HEADERS.items():
        stranger = owned.site.visitor(**{name: value})
        form = stranger.get("/")
        for path in (
            "/favicon.ico",
            "/address-form",
            "//evil.example/",
            "/lookups//evil.example",
            "/lookups/",
            "/\\evil.example",
            "/?scenario=fast",
        ):
            page = stranger.get(path)
            assert page.status in {200, 302, 303, 404}, (name, path)
            assert all(map(is_a_path, leads(page))), (name, path)
        assert "evil.example" not in form.html


def test_only_what_a_proxy_of_ours_adds_last_counts(tmp_path: Path) -> None:
    host = {"X-Forwarded-Host": "evil.example, lookup.example", "X-Forwarded-Proto": "http, https"}
    for hops, shown in (("0", "http://localhost/"), ("1", "https://lookup.example/")):
        site = open_site(tmp_path / hops, PROXY_HOPS=hops)
        with site.app.test_client() as client:
            client.get("/", headers=host)
            assert request.url == shown
        site.close()


def test_a_prefix_that_is_no_path_stays_out_of_every_page(tmp_path: Path) -> None:
    """A proxy of ours may hand on what the client says of a prefix."""
    site = open_site(tmp_path, PROXY_HOPS="1", SCRIPT_NAME="/isp")
    for prefix in (
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/..",
        '/"><script>',
        "/a//evil",
        "/evil example",
        "evil",
        "/./evil",
    ):
        visitor = site.visitor(**{"X-Forwarded-Prefix": prefix})
        page = visitor.get("/")
        assert page.status == 200
        assert "evil" not in page.html, prefix
        assert page.form_with("Look up").get("action") == "/isp/lookups", prefix
        assert visitor.get("/favicon.ico").location.startswith("/isp/static/"), prefix
        assert "Path=/isp;" in page.headers["Set-Cookie"], prefix
    site.close()


def test_what_is_no_host_name_gets_no_page_whoever_is_trusted(site: Site) -> None:
    client = site.app.test_client()
    for host in (
        "a..b",
        "a" * 64,
        ".".join(["a" * 60] * 5),
        "[::1",
        "a b",
        "name:0",
        "name:65536",
        "name:x",
        "user@name",
        "-/..",
        "ä.example",
    ):
        for method, path in (("GET", "/"), ("POST", "/lookups"), ("GET", "/nothing"), ("GET", "/lookups?q=secret")):
            for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
                answer = client.open(path, method=method, headers={"Host": host, **headers})
                assert (answer.status_code, answer.mimetype) == (400, "text/plain"), host
                assert "Location" not in answer.headers
                assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_another_host_name_gets_no_page_and_no_redirect(tmp_path: Path) -> None:
    site = open_site(tmp_path, TRUSTED_HOSTS="lookup.example, .branch.example")
    client = site.app.test_client()
    foreign = (
        "evil.example",
        "lookup.example.evil.example",
        "evil-lookup.example",
        "lookup.example@evil.example",
        "branch.example.",
        "",
        "[::1",
        "a b",
    )
    impossible = ("lookup.example@evil.example", "[::1", "a b")
    for host in foreign:
        for method, path in (
            ("GET", "/"),
            ("GET", "/favicon.ico"),
            ("GET", "/nothing"),
            ("POST", "/lookups"),
            ("GET", "/lookups//x"),
        ):
            answer = client.open(path, method=method, headers={"Host": host, "X-Forwarded-Host": "lookup.example"})
            assert answer.status_code == 400, (host, path)
            assert answer.mimetype == "text/plain"
            expected = "cannot be the name of a site" if host in impossible else "TRUSTED_HOSTS"
            assert expected in answer.text
            assert "evil" not in answer.text
            assert "Location" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for host in ("lookup.example", "lookup.example:8443", "a.branch.example"):
        assert client.get("/", headers={"Host": host}).status_code == 200, host
    site.close()


def test_the_name_in_a_share_link_is_the_one_the_owner_used(owned: Owned) -> None:
    """The only page with an absolute address, read by nobody but the sender of the request."""
    page = owned.lookup.page("/shares")
    links = [box.get("value", "") for box in page.root.iter("input") if box.get("readonly") is not None]
    assert links == [f"http://localhost/shared/{owned.share_token}"]
    for end in ("/console", "/report", "/export.json", ""):
        assert (
            "evil"
            not in owned.lookup.page(end, **{"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}).html
        )


def test_a_button_pressed_elsewhere_leads_to_a_page_of_ours(site: Site) -> None:
    """Presenter mode leads back to the page it was pressed on, by the Referer header: the one address that comes from
    outside.
    """
    visitor = site.visitor()
    token = token_of(visitor.get("/presenter"))
    for referer in (
        *PLACES,
        "http://[",
        "http://localhost//evil.example/",
        "http://localhost/\\evil.example",
        "http://localhost:1/lookups",
        "http://localhost@evil.example/lookups",
        "http://evil.example/http://localhost/lookups",
        "http://localhost/lookups/clear\t/..//evil.example",
    ):
        page = visitor.post("/presenter", {"csrf_token": token, "on": "1"}, Referer=referer)
        assert (page.status, page.location) == (303, "/presenter"), referer
