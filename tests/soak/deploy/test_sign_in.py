"""nginx on the shipped files asks a sign-in service who it is, and the app believes nginx alone."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import flask
import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.integration.web.site import serve
from tools import proxied

HOME = f"https://{proxied.NAME}"
SNIPPET = proxied.DEPLOY / "nginx" / "hum-isp-lookup-sign-in.conf"
FORGED = {"X-Auth-Request-User": "eve", "X_Auth_Request_User": "eve", "X-Auth-Request-Groups": "operators"}


def sign_in_service() -> flask.Flask:
    """Whoever brings a cookie `who` is signed in as that."""
    app = flask.Flask(__name__)

    @app.get("/oauth2/auth")
    def auth() -> tuple[str, int, dict[str, str]]:
        who = flask.request.cookies.get("who", "")
        headers = {"X-Auth-Request-User": who, "X-Auth-Request-Preferred-Username": f"{who}'s name"}
        return "", 202 if who else 401, headers

    @app.get("/oauth2/sign_in")
    def sign_in() -> str:
        return "Who are you?"

    return app


@pytest.fixture(scope="module")
def deployed(programs: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[proxied.Site]:
    folder, port = tmp_path_factory.mktemp("signing-in"), proxied.free_port()
    settings = {"AUTH": "proxy", "AUTH_PRESET": "nginx", "AUTH_PROXY_ADDRESSES": "127.0.0.1", "WEB_CONCURRENCY": "1"}
    with serve(sign_in_service()) as service:
        snippet = SNIPPET.read_text().replace("http://127.0.0.1:4180", service)
        assert service in snippet
        (folder / "sign-in.conf").write_text(snippet)
        changes = {"    error_page 400 403": f"    include {folder}/sign-in.conf;\n    error_page 400 403"}
        with proxied.gunicorn(folder, port, settings), proxied.proxy(folder, port, changes) as running:
            yield running


def test_nobody_is_sent_to_sign_in_and_back_to_the_page(deployed: proxied.Site) -> None:
    answer = deployed.browser().get(f"{HOME}/lookups?q=main", allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/oauth2/sign_in?rd=/lookups?q=main")
    assert deployed.browser().get(f"{HOME}/oauth2/sign_in", timeout=10).text == "Who are you?"


def test_whom_the_service_names_is_in_whatever_the_browser_claims(deployed: proxied.Site) -> None:
    browser = deployed.browser()
    browser.cookies.set("who", "ada")
    for headers in ({}, FORGED):
        page = browser.get(f"{HOME}/lookups", headers=headers, timeout=10)
        assert page.status_code == 200
        assert "ada&#39;s name" in page.text
        assert "eve" not in page.text
    assert browser.get(f"{HOME}/status", headers=FORGED, timeout=10).status_code == 403


@pytest.mark.parametrize("path", ["/lookups", "/shared/x", "/static/x", "/oauth2/auth"])
def test_claims_of_a_browser_that_is_not_signed_in_are_worth_nothing(deployed: proxied.Site, path: str) -> None:
    answer = deployed.browser().get(f"{HOME}{path}", headers=FORGED, allow_redirects=False, timeout=10)
    assert answer.status_code in {302, 404}
    assert "eve" not in answer.text


def test_health_needs_no_sign_in(deployed: proxied.Site) -> None:
    assert deployed.browser().get(f"{HOME}/healthz", timeout=10).status_code == 200


class FromAnotherAddress(HTTPAdapter):
    """Connects from an address of this machine that is not the proxy's."""

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        super().init_poolmanager(*args, **kwargs, source_address=("127.0.0.2", 0))  # type: ignore[arg-type]


def test_past_nginx_nobody_is_believed(deployed: proxied.Site) -> None:
    past = requests.Session()
    past.mount("http://", FromAnotherAddress())
    url, host = f"http://127.0.0.1:{deployed.upstream}/lookups", {"Host": proxied.NAME}
    assert past.get(url, headers=host | FORGED, timeout=10).status_code == 401
    assert requests.get(url, headers=host | {"X-Auth-Request-User": quote("ada")}, timeout=10).status_code == 200
    assert requests.get(url, headers=host | {"X_Auth_Request_User": "eve"}, timeout=10).status_code == 401
