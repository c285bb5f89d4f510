"""The address that browsers know the app by: host names of every kind, a path prefix, and whose buttons may be pressed
there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site
from tests.integration.web.visitor import Visitor

FIELDS = {"street1": "902 Scenario Way", "zip": "48226"}
OTHER_SITE = "This request did not come from this site"


def token_of(visitor: Visitor, path: str = "/") -> str:
    form = visitor.get(path)
    return form.values(form.form_with("Look up"))["csrf_token"]


def send(visitor: Visitor, **headers: str) -> Page:
    """The answer to the form, sent with its token by a browser that does not say Sec-Fetch-Site."""
    return visitor.post_without_metadata("/lookups", FIELDS | {"csrf_token": token_of(visitor)}, **headers)


def visitor_of(site: Site, host: str) -> Visitor:
    """A browser with this name in its address bar. It keeps its cookies by the name, as browsers do."""
    return Visitor(site.app, site.clock, {}, base_url=f"http://{host}")


@pytest.mark.parametrize(
    "host",
    ["sales_tool:8211", "_a.b_c", "sales-tool", "intranet.", "10.1.2.3:8000", "[fd00::1]:8000", "[::1]", "x" * 63],
)
def test_links_to_share_and_buttons_work_under_any_host_name(site: Site, host: str) -> None:
    visitor = visitor_of(site, host)
    page = visitor.last(visitor.follow(send(visitor, Origin=f"http://{host}")))
    export = page.find("export")
    assert export is not None
    path = export.get("action", "").rpartition("/")[0]
    assert f"Lookup: http://{host}{path}" in visitor.get(f"{path}/report").html


@pytest.mark.parametrize(
    ("host", "origin", "works"),
    [
        # What a browser says, exactly.
        ("intranet:8080", "http://intranet:8080", True),
        ("sales_tool:8211", "http://sales_tool:8211", True),
        ("INTRANET", "http://intranet", True),
        ("intranet:443", "https://intranet", True),
        ("intranet:80", "http://intranet", True),
        ("localhost:443", "https://localhost", True),
        ("localhost", "https://localhost", True),
        # A proxy has dropped the port, or the browser keeps the origin to itself.
        ("intranet", "http://intranet:8080", True),
        ("intranet:8080", "null", True),
        # Another port that the Host header names is another site, and so is another name.
        ("intranet:8080", "http://intranet:9090", False),
        ("intranet:8080", "http://intranet", False),
        ("intranet", "http://evil.example", False),
        ("intranet", "http://intranet.evil.example", False),
        ("intranet", "http://evil_intranet", False),
        ("sales_tool", "http://evil_tool", False),
        ("intranet", "ftp://intranet", False),
        ("intranet", "intranet", False),
        ("127.0.0.1:8000", "http://intranet", False),
        # On this machine browsers say Sec-Fetch-Site, too, so that one which does not gets no benefit of doubt.
        ("localhost:8000", "null", False),
        ("app.localhost", "null", False),
        ("127.0.0.1:8000", "null", False),
        ("[::1]:8000", "null", False),
        ("127.0.0.1", "http://127.0.0.1:9090", False),
    ],
)
def test_whose_buttons_may_be_pressed_over_plain_http(site: Site, host: str, origin: str, works: bool) -> None:
    answer = send(visitor_of(site, host), Origin=origin)
    assert answer.status == (303 if works else 403)
    if not works:
        assert answer.heading == OTHER_SITE
        assert "In nginx: proxy_set_header Host $http_host;" in answer.text
        assert "cookie" not in answer.text


@pytest.mark.parametrize(
    ("host", "origin", "works"),
    [
        ("lookup.example", "https://lookup.example", True),
        ("lookup.example:443", "https://lookup.example", True),
        ("lookup.example:8443", "https://lookup.example:8443", True),
        ("lookup.example", "https://lookup.example:8443", False),
        ("lookup.example", "null", False),
    ],
)
def test_behind_tls_an_old_browser_must_name_the_site(tmp_path: Path, host: str, origin: str, works: bool) -> None:
    site = open_site(tmp_path, HTTPS="1")
    visitor = Visitor(site.app, site.clock, {}, base_url=f"https://{host}")
    assert send(visitor, Origin=origin).status == (303 if works else 403)
    site.close()


@pytest.mark.parametrize("host", ["lookup.example", "lookup.example:8443", "127.0.0.1:8000"])
def test_a_browser_that_says_its_site_is_believed_whatever_a_proxy_does_to_the_host(tmp_path: Path, host: str) -> None:
    site = open_site(tmp_path, HTTPS="1")
    visitor = Visitor(site.app, site.clock, {}, base_url=f"https://{host}")
    assert send(visitor, Origin="https://sales.example", **{"Sec-Fetch-Site": "same-origin"}).status == 303
    for said in ("cross-site", "same-site"):
        assert send(visitor, Origin=f"https://{host}", **{"Sec-Fetch-Site": said}).status == 403
    site.close()


@pytest.mark.own_site
def test_without_the_token_of_its_session_no_origin_helps(site: Site) -> None:
    visitor = visitor_of(site, "intranet")
    for origin in ("null", "http://intranet", "http://intranet:8080"):
        for token in ("", "forged", token_of(site.visitor())):
            assert (
                visitor.post_without_metadata("/lookups", FIELDS | {"csrf_token": token}, Origin=origin).status == 422
            )
    assert not site.secrets_of_sessions()


def test_each_refusal_says_its_own_cause(site: Site, visitor: Visitor) -> None:
    token = token_of(visitor)
    stranger = site.visitor()
    refusals = {
        visitor.post("/presenter", {"csrf_token": token}, **{"Sec-Fetch-Site": "cross-site"}).heading: OTHER_SITE,
        visitor.post("/presenter", {"csrf_token": "stale"}).heading: "This page was open in an older session",
        stranger.post("/presenter", {"csrf_token": token}).heading: "This page needs a cookie",
    }
    assert list(refusals) == list(refusals.values())
    stranger = site.visitor()
    form = stranger.post("/lookups", FIELDS | {"csrf_token": token})
    assert "This page needs a cookie" in form.text_of("faults")
    # From then on it has the cookie, if it takes one.
    assert stranger.press(form, "Look up").status == 303


def test_calls_that_are_switched_off_say_so(tmp_path: Path) -> None:
    site = open_site(tmp_path, HUM_API_KEY="key-of-a-test", HUM_API_URL="production")
    assert site.visitor().post("/try", {"operation": "ping"}).heading == "Try the API is switched off here"
    site.close()


@pytest.mark.parametrize("in_path", [True, False], ids=["left in the path", "taken off"])
@pytest.mark.parametrize("told_by", ["setting", "header"])
@pytest.mark.parametrize("prefix", ["/isp", "/tools/isp-lookup"])
def test_every_address_has_the_prefix(tmp_path: Path, prefix: str, told_by: str, in_path: bool) -> None:
    site = open_site(tmp_path, PROXY_HOPS="1", SCRIPT_NAME=prefix if told_by == "setting" else "")
    headers = {"X-Forwarded-Prefix": prefix} if told_by == "header" else {}
    client, before = site.app.test_client(), prefix if in_path else ""
    form = Page(client.get(f"{before}/", headers=headers))
    assert f"Path={prefix};" in form.headers["Set-Cookie"]
    static = [element.get("href", "") for element in form.elements if element.get("rel") == "stylesheet"]
    assert static
    with client.get(before + static[0].removeprefix(prefix), headers=headers) as sheet:
        assert sheet.status_code == 200
    addresses = [
        element.get(name, "")
        for element in form.elements
        for name in ("href", "src", "action", "data-hx-post", "data-back")
    ]
    led = [address for address in addresses if address.startswith("/")]
    assert len(led) > 10
    assert all(address.startswith(f"{prefix}/") for address in led)
    for path, leads in (("/address-form", f"{prefix}/"), ("/favicon.ico", f"{prefix}/static/")):
        assert client.get(before + path, headers=headers).headers["Location"].startswith(leads)
    site.close()


def test_the_prefix_alone_is_the_start_page_and_a_longer_word_is_not(tmp_path: Path) -> None:
    site = open_site(tmp_path, SCRIPT_NAME="/isp")
    visitor = site.visitor()
    assert visitor.get("/isp").heading == "Find internet providers at an address"
    assert visitor.get("/ispx").status == 404
    assert visitor.get("/isp/isp").status == 404
    assert visitor.get("/healthz").status == 200
    site.close()


def test_presenter_mode_leads_back_below_the_prefix(tmp_path: Path) -> None:
    site = open_site(tmp_path, SCRIPT_NAME="/isp")
    visitor = site.visitor()
    token = token_of(visitor, "/isp/")
    for before, after in (
        ("/isp/lookups", "/isp/lookups"),
        ("/lookups", "/isp/presenter"),
        ("/isp/nothing", "/isp/presenter"),
    ):
        answer = visitor.post("/isp/presenter", {"csrf_token": token, "on": "1"}, Referer=f"http://localhost{before}")
        assert (answer.status, answer.location) == (303, after)
    site.close()


def test_back_fills_the_form_for_the_browser_that_sent_it_alone(site: Site, visitor: Visitor) -> None:
    form = visitor.get("/?scenario=fast")
    back = form.form_with("Look up").get("data-back", "")
    assert back.startswith("/?sent=")
    visitor.press(form, "Look up")
    again = visitor.get(back)
    boxes = again.values(again.form_with("Look up"))
    assert (boxes["street1"], boxes["zip"]) == ("902 Scenario Way", "48226")
    assert again.form_with("Look up").get("data-back") != back
    for stranger, address in (
        (site.visitor(), back),
        (visitor, "/?sent=%00"),
        (visitor, "/?sent=" + "A" * 24),
        (visitor, "/?sent="),
    ):
        page = stranger.get(address)
        assert (page.status, "902 Scenario Way" in page.text_of("address-form")) == (200, False)
        assert page.values(page.form_with("Look up"))["street1"] == ""


def test_without_scripts_the_form_moves_once_to_the_address_that_names_it(site: Site, visitor: Visitor) -> None:
    opened = visitor.get("/?scenario=fast&focus=zip")
    named = _moves_to(opened)
    assert named is not None
    form = visitor.get(named)
    key = form.values(form.form_with("Look up"))["submit_key"]
    assert named == f"/?sent={key}&scenario=fast&focus=zip"
    assert _moves_to(form) is None
    assert form.values(form.form_with("Look up"))["street1"] == "902 Scenario Way"
    refused = visitor.press(form, "Look up", street1="")
    assert (refused.status, _moves_to(refused)) == (422, None)
    visitor.press(refused, "Look up", street1="904 Scenario Way")
    # Back from the lookup: the form is filled, and its next lookup will be found by another name.
    back = visitor.get(named)
    assert back.values(back.form_with("Look up"))["street1"] == "904 Scenario Way"
    anew = _moves_to(back)
    assert anew is not None
    assert key not in anew
    again = visitor.get(anew)
    assert again.values(again.form_with("Look up"))["street1"] == "904 Scenario Way"
    assert _moves_to(again) is None


def _moves_to(page: Page) -> str | None:
    for meta in page.root.iter("meta"):
        if meta.get("http-equiv") == "refresh":
            return meta.get("content", "").removeprefix("0;url=")
    return None
