"""The site as visitors meet it: names, TLS, compression, and what is written down of a visit."""

from __future__ import annotations

import re
import ssl

import pytest

from tests.soak.deploy.line import PATIENCE, Line
from tests.soak.deploy.odd_requests import HOST, get
from tests.soak.deploy.test_slow_clients import static_file
from tools import proxied
from webapp.web.application import MAX_BODY
from webapp.web.own_batches import MOST_SENT

HOME = f"https://{proxied.NAME}"


def test_plain_http_leads_to_https(deployed: proxied.Site) -> None:
    with Line(deployed, tls=False) as line:
        line.send(get(b"/lookups?q=1"))
        answer = line.answer()
    assert answer is not None
    assert (answer.status, answer.headers["location"]) == (301, f"{HOME}/lookups?q=1")


@pytest.mark.parametrize("tls", [True, False])
def test_another_name_is_not_served(deployed: proxied.Site, tls: bool) -> None:
    with Line(deployed, tls=tls) as line:
        line.send(get(b"/", host=b"Host: evil.example\r\n"))
        answer = line.answer()
    assert answer is not None
    assert answer.status == 421
    assert "location" not in answer.headers


def test_tls_for_another_name_is_not_even_begun(deployed: proxied.Site) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        Line(deployed, server_name="evil.example")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_tls_is_refused(deployed: proxied.Site) -> None:
    old = deployed.trust()
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        Line(deployed, trust=old)


@pytest.mark.parametrize(
    ("site", "compressed"),
    [("same-origin", True), ("none", True), ("same-site", False), ("cross-site", False), (None, False)],
)
def test_pages_are_compressed_for_this_site_and_the_person_only(
    deployed: proxied.Site, site: str | None, compressed: bool
) -> None:
    browser = deployed.browser()
    headers = {"Sec-Fetch-Site": site} if site else {}
    for path in ("/", "/nothing", "/try"):
        answer = browser.get(HOME + path, headers=headers, timeout=PATIENCE)
        assert answer.headers.get("Content-Encoding") == ("gzip" if compressed else None), path


def test_files_are_compressed_and_kept(deployed: proxied.Site) -> None:
    browser = deployed.browser()
    for name in ("htmx.min.js", "app.css"):
        answer = browser.get(
            HOME + static_file(browser, name), headers={"Sec-Fetch-Site": "cross-site"}, timeout=PATIENCE
        )
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]


def test_nginx_takes_what_the_app_takes() -> None:
    limits = re.findall(r"client_max_body_size (\d+)k;", proxied.SITE_FILE.read_text())
    assert [int(limit) * 1024 for limit in limits] == [MAX_BODY, MOST_SENT]


def test_the_figures_are_not_for_who_comes_through_nginx(deployed: proxied.Site) -> None:
    for path in ("/metrics", "/isp/metrics"):
        answer = deployed.browser().get(f"{HOME}{path}", timeout=10)
        assert answer.status_code == 404
        assert "This request was not answered" in answer.text, "nginx's own words"


def test_a_cookie_is_for_this_host_and_tls_alone(deployed: proxied.Site) -> None:
    answer = deployed.browser().get(f"{HOME}/", timeout=PATIENCE)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-viewer=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_a_share_link_is_made_of_the_public_name(deployed: proxied.Site) -> None:
    browser = deployed.browser()
    page = proxied.look_up(browser, "geocode-failed")
    links = browser.get(f"{page}/shares", timeout=PATIENCE)
    token = proxied.hidden(links.text, "csrf_token")
    made = browser.post(
        f"{page}/shares", data={"csrf_token": token}, headers={"X-Forwarded-Host": "evil.example"}, timeout=PATIENCE
    )
    assert re.search(rf"{HOME}/shared/[\w.-]+", made.text)
    assert "evil.example" not in made.text


def test_what_was_typed_is_not_written_down(deployed: proxied.Site) -> None:
    with Line(deployed) as line:
        line.send(get(b"/lookups?q=77+Cherry+Orchard"))
        assert line.answer() is not None
        line.send(b"POST /lookups/Orchard HTTP/1.1\r\n" + HOST + b"Content-Length: 70000\r\n\r\n")
        assert line.answer() is not None
    written = [path.read_text() for path in deployed.folder.glob("*.log")]
    assert any(" GET 200 " in text for text in written), "nginx wrote nothing at all"
    assert not [text for text in written if "Orchard" in text or "/lookups?" in text]
