"""AUTH=proxy: headers are believed from the proxy alone, name one person, and may have to be signed."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from tests.integration.web.clock import START, Clock
from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site, serve
from webapp.identity.person import NobodyNamed
from webapp.identity.presets import PRESETS
from webapp.identity.signed_headers import SignedTokens
from webapp.settings import SettingsError, load
from webapp.settings.values import proxy_addresses
from webapp.web.proxy_door import is_among

PROXY, STRANGER = "10.0.0.5", "203.0.113.7"
SETTINGS = {
    "AUTH": "proxy",
    "AUTH_PROXY_ADDRESSES": PROXY,
    "AUTH_PRESET": "nginx",
    "AUTH_OPERATOR_GROUPS": "isp operators",
}
AUDIENCE = "app-of-ours"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    opened = open_site(tmp_path_factory.mktemp("state"), **SETTINGS)
    yield opened
    opened.close()


def get(site: Site, path: str = "/lookups", peer: str = PROXY, **environ: str) -> Page:
    """One request of a browser without a cookie, as it comes from a peer."""
    return Page(site.app.test_client().get(path, environ_overrides={"REMOTE_ADDR": peer, **environ}))


def test_whom_the_proxy_names_is_in(site: Site) -> None:
    page = get(site, HTTP_X_AUTH_REQUEST_USER="ada", HTTP_X_AUTH_REQUEST_PREFERRED_USERNAME="Ada L.")
    assert page.status == 200
    assert "Ada L." in page.text


def test_from_any_other_address_the_headers_are_no_headers(site: Site) -> None:
    for peer in (STRANGER, "10.0.0.50", "::1", "127.0.0.1", "", "unix", "10.0.0.5, 1.1.1.1"):
        page = get(site, peer=peer, HTTP_X_AUTH_REQUEST_USER="ada")
        assert page.status == 401, peer
        assert "did not say who you are" in page.text


def test_a_forwarded_address_is_no_peer(tmp_path: Path) -> None:
    """With proxies counted, the address that others see is the browser's, which may be anything."""
    site = open_site(tmp_path, PROXY_HOPS="1", **SETTINGS)
    forged = get(site, peer=STRANGER, HTTP_X_FORWARDED_FOR=PROXY, HTTP_X_AUTH_REQUEST_USER="ada")
    assert forged.status == 401
    assert get(site, HTTP_X_FORWARDED_FOR=STRANGER, HTTP_X_AUTH_REQUEST_USER="ada").status == 200
    site.close()


@pytest.mark.parametrize(
    "user", ["", " ", "ada,eve", "ada, eve", "a" * 300, "a\x00b", "a\u200bb".encode().decode("latin-1")]
)
def test_a_name_that_may_mean_nobody_or_two_lets_nobody_in(site: Site, user: str) -> None:
    assert get(site, HTTP_X_AUTH_REQUEST_USER=user).status == 401


def test_names_come_as_utf_8(site: Site) -> None:
    name = "Zoë".encode().decode("latin-1")
    assert "Zoë" in get(site, HTTP_X_AUTH_REQUEST_USER="zoe", HTTP_X_AUTH_REQUEST_PREFERRED_USERNAME=name).text


@pytest.mark.parametrize("groups", ["isp operators", "staff,isp operators", "a; isp operators |b"])
def test_operators_are_known_by_their_groups(site: Site, groups: str) -> None:
    assert get(site, "/status", HTTP_X_AUTH_REQUEST_USER="olga", HTTP_X_AUTH_REQUEST_GROUPS=groups).status == 200
    assert get(site, "/status", HTTP_X_AUTH_REQUEST_USER="olga", HTTP_X_AUTH_REQUEST_GROUPS="isp").status == 403


def test_a_browser_that_changes_its_person_keeps_nothing_of_the_other(site: Site) -> None:
    client = site.app.test_client()

    def ask(user: str, path: str = "/presenter") -> Page:
        return Page(client.get(path, environ_overrides={"REMOTE_ADDR": PROXY, "HTTP_X_AUTH_REQUEST_USER": user}))

    page = ask("ada")
    data = {"csrf_token": page.html.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]}
    environ = {"REMOTE_ADDR": PROXY, "HTTP_X_AUTH_REQUEST_USER": "ada"}
    client.post(
        "/presenter", data=data | {"on": "1"}, environ_overrides=environ, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert "are hidden" in ask("ada").text
    assert "are hidden" not in ask("ben", "/").text


def test_signing_out_is_the_proxys(site: Site, tmp_path: Path) -> None:
    assert "Sign out" not in get(site, "/", HTTP_X_AUTH_REQUEST_USER="ada").text
    with_page = open_site(tmp_path, AUTH_SIGN_OUT_URL="/oauth2/sign_out", **SETTINGS)
    page = get(with_page, "/", HTTP_X_AUTH_REQUEST_USER="ada")
    assert [link.get("href") for link in page.root.iter("a") if "Sign out" in (link.text or "")] == ["/oauth2/sign_out"]
    with_page.close()


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//evil.example", "/\\evil", "http://plain.example", "/a b"]
)
def test_where_signing_out_leads_is_a_page(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsError, match="AUTH_SIGN_OUT_URL must be a path"):
        load({"STATE_DIR": str(tmp_path), "AUTH_SIGN_OUT_URL": address})


def test_machines_need_no_person(site: Site) -> None:
    assert get(site, "/healthz", peer=STRANGER).status == 200


def test_every_preset_is_read(tmp_path: Path) -> None:
    for name, headers in PRESETS.items():
        if headers.signed:
            continue
        site = open_site(
            tmp_path / name if (tmp_path / name).mkdir() is None else tmp_path, **SETTINGS | {"AUTH_PRESET": name}
        )
        key = "HTTP_" + headers.user.upper().replace("-", "_")
        assert get(site, **{key: "ada"}).status == 200, name
        site.close()


@pytest.mark.parametrize(
    ("address", "known", "is_known"),
    [
        ("10.0.0.5", "10.0.0.0/24", True),
        ("10.0.1.5", "10.0.0.0/24", False),
        ("::ffff:10.0.0.5", "10.0.0.0/24", True),
        ("fd00::5", "fd00::/8", True),
        ("fe80::1%eth0", "fe80::/10", True),
        ("", "unix", True),
        ("", "10.0.0.0/24", False),
        ("10.0.0.5", "unix", False),
        ("name", "10.0.0.0/24", False),
    ],
)
def test_which_peers_are_the_proxy(address: str, known: str, is_known: bool) -> None:
    assert is_among(address, proxy_addresses(known)) is is_known


class Signer:
    """Who signs the proxy's tokens: its keys lie at a URL."""

    def __init__(self) -> None:
        self.keys = [RSAKey.generate_key(2048, {"kid": "this-year"})]
        self.fetched = 0
        self.app = flask.Flask(__name__)

        @self.app.get("/certs")
        def certs() -> dict[str, Any]:
            self.fetched += 1
            return dict(KeySet(self.keys).as_dict(private=False))

    def token(self, key: RSAKey | OctKey | None = None, alg: str = "RS256", **claims: object) -> str:
        now = int(time.time())
        body = {
            "sub": "u-1",
            "email": "ada@example.com",
            "aud": AUDIENCE,
            "iss": "https://team.example",
            "exp": now + 600,
        }
        signed_by = key or self.keys[-1]
        return jwt.encode({"alg": alg, "kid": signed_by.kid}, body | claims, signed_by, algorithms=[alg])


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer()


@pytest.fixture(scope="module")
def signed_site(tmp_path_factory: pytest.TempPathFactory, signer: Signer) -> Iterator[Site]:
    with serve(signer.app) as url:
        settings = SETTINGS | {
            "AUTH_PRESET": "cloudflare-access",
            "AUTH_JWT_KEYS": f"{url}/certs",
            "AUTH_JWT_AUDIENCE": AUDIENCE,
        }
        opened = open_site(tmp_path_factory.mktemp("state"), **settings)
        opened.clock.advance(time.time() - opened.clock())
        yield opened
        opened.close()


def show(site: Site, token: str) -> int:
    return get(
        site, HTTP_CF_ACCESS_JWT_ASSERTION=token, HTTP_CF_ACCESS_AUTHENTICATED_USER_EMAIL="eve@example.com"
    ).status


def test_a_signed_header_names_the_person_and_the_plain_one_does_not(signed_site: Site, signer: Signer) -> None:
    token = signer.token()
    page = get(
        signed_site, HTTP_CF_ACCESS_JWT_ASSERTION=token, HTTP_CF_ACCESS_AUTHENTICATED_USER_EMAIL="eve@example.com"
    )
    assert "ada@example.com" in page.text
    assert "eve@example.com" not in page.text
    assert get(signed_site, HTTP_CF_ACCESS_AUTHENTICATED_USER_EMAIL="eve@example.com").status == 401


def test_tokens_that_prove_nothing_let_nobody_in(signed_site: Site, signer: Signer) -> None:
    now = int(time.time())
    own = RSAKey.generate_key(2048, {"kid": "this-year"})
    shared = OctKey.import_key(signer.keys[0].as_dict(private=False)["n"], {"kid": "this-year"})
    for token in (
        "",
        "a.b.c",
        "x" * 5_000,
        urlsafe_b64encode(b'{"alg": "RS256", "crit": 0}').decode().rstrip("=") + ".e30.x",
        signer.token(own),
        signer.token(shared, "HS256"),
        signer.token(aud="another"),
        signer.token(aud=None),
        signer.token(exp=now - 120),
        signer.token(nbf=now + 600),
        signer.token(sub=None),
        signer.token().rpartition(".")[0] + ".",
    ):
        assert show(signed_site, token) == 401, token[:40]
    assert show(signed_site, signer.token(exp=now - 30)) == 200, "clocks are half a minute apart"


def test_a_new_key_is_fetched_and_rubbish_fetches_nothing(signed_site: Site, signer: Signer) -> None:
    assert show(signed_site, signer.token()) == 200
    before = signer.fetched
    for _ in range(20):
        show(signed_site, "a.b.c")
    assert signer.fetched <= before + 1
    signer.keys.append(RSAKey.generate_key(2048, {"kid": "next-year"}))
    signed_site.clock.advance(31)
    assert show(signed_site, signer.token()) == 200


def test_keys_that_cannot_be_had_are_not_asked_for_with_each_request() -> None:
    app, clock = flask.Flask(__name__), Clock()
    asked: list[float] = []

    @app.get("/certs")
    def certs() -> tuple[str, int]:
        asked.append(clock())
        return "", 500

    with serve(app) as url:
        tokens = SignedTokens(f"{url}/certs", AUDIENCE, clock=clock)
        for seconds in (0, 0, 1, 0, 2, 0):
            clock.advance(seconds)
            with pytest.raises(NobodyNamed):
                tokens.claims("a.b.c")
    assert asked == [START, START + 3]
