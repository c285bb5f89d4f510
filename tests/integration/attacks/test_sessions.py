"""The cookie that says who is looking: given by us, signed, for this host, unread by scripts; whatever else is sent is
not taken.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from werkzeug.test import Client

from tests.integration.attacks.owned import Owned
from tests.integration.web.site import Site, open_site

VIEWER = "AAAAAAAAAAAAAAAAAAAAAA"


def signed(app: Flask, held: dict[str, object]) -> str:
    """A cookie as this app would sign it."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps(held))


def given_cookie(client: Client) -> str:
    """What the form page makes of the cookies this browser has: the one it gives, or "" where it keeps to the one it
    got.
    """
    return client.get("/").headers.get("Set-Cookie", "")


def with_cookie(app: Flask, value: str, name: str = "viewer") -> Client:
    client = app.test_client()
    client.set_cookie(name, value, domain="localhost")
    return client


def plain(held: object) -> str:
    return urlsafe_b64encode(json.dumps(held).encode()).decode().rstrip("=")


def test_an_id_that_we_did_not_sign_is_not_taken(site: Site, owned: Owned, tmp_path: Path) -> None:
    """Session fixation: an attacker who can set a cookie, but not sign one, gains no browser that he shares."""
    elsewhere = open_site(tmp_path / "elsewhere", SECRET_KEY="another-installation-0123456789abcdef")
    with site.database() as connection:
        viewer = connection.exec_driver_sql("SELECT viewer FROM lookup").scalar_one()
    good = signed(site.app, {"viewer": viewer})
    assert with_cookie(site.app, good).get(owned.lookup.path).status_code == 200
    body, stamp, signature = good.split(".")
    forgeries = (
        viewer,
        plain({"viewer": viewer}),
        signed(elsewhere.app, {"viewer": viewer}),
        f"{body}.{stamp}.{signature[::-1]}",
        f"{body}.{stamp}.",
        f"{body}.{stamp}",
        f"{plain({'viewer': VIEWER})}.{stamp}.{signature}",
        f"{plain({'viewer': viewer})}.{stamp}.{signature}x",
        f".{good}",
        f'"{good}',
        "",
        "." * 4_000,
    )
    for forgery in forgeries:
        client = with_cookie(site.app, forgery)
        assert client.get(owned.lookup.path).status_code == 404, forgery
        assert VIEWER not in given_cookie(client)
        assert given_cookie(with_cookie(site.app, forgery)).startswith("viewer="), forgery
    elsewhere.close()


def test_an_id_is_taken_from_the_cookie_and_nothing_else(site: Site, owned: Owned) -> None:
    with site.database() as connection:
        viewer = connection.exec_driver_sql("SELECT viewer FROM lookup").scalar_one()
    client = site.app.test_client()
    answer = client.get(
        f"{owned.lookup.path}?viewer={viewer}&session={viewer}",
        headers={"X-Viewer": viewer, "X-Forwarded-User": viewer},
    )
    assert answer.status_code == 404
    assert f'"{viewer}"' not in given_cookie(client)


def test_every_browser_gets_an_id_of_its_own_that_cannot_be_guessed(site: Site) -> None:
    serializer = SecureCookieSessionInterface().get_signing_serializer(site.app)
    assert serializer is not None
    ids = {
        serializer.loads(re.findall("viewer=([^;]+)", given_cookie(site.app.test_client()))[0])["viewer"]
        for _ in range(20)
    }
    assert len(ids) == 20
    assert all(re.fullmatch("[A-Za-z0-9_-]{22}", id) for id in ids)


def test_the_cookie_holds_choices_and_ids_but_nothing_of_an_address(site: Site, owned: Owned) -> None:
    """It is signed, not encrypted."""
    client = site.app.test_client()
    token = re.findall('name="csrf_token"[^>]*value="([^"]+)"', client.get("/").text)[0]
    answer = client.post("/lookups", data={"csrf_token": token, "street1": "77 Quiet Hollow Ln", "zip": "48226"})
    assert answer.status_code == 303
    for path, data in (("/presenter", {"on": "1"}), ("/speed", {"speed": "fast"})):
        client.post(path, data={"csrf_token": token, **data})
    cookie = client.get_cookie("viewer")
    assert cookie is not None
    held = SecureCookieSessionInterface().get_signing_serializer(site.app).loads(cookie.value)  # type: ignore[union-attr]
    assert held.keys() == {"viewer", "csrf_token", "presenter", "speed", "_permanent"}
    assert held["presenter"] is True
    assert held["speed"] == "fast"


@pytest.mark.parametrize("https", [False, True])
def test_the_cookie_is_bound_to_this_host_and_hidden_from_scripts(tmp_path: Path, https: bool) -> None:
    site = open_site(tmp_path, HTTPS="1" if https else "0")
    name, *attributes = given_cookie(site.app.test_client()).split("; ")
    assert name.startswith("__Host-viewer=" if https else "viewer=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
    assert ("Secure" in attributes) is https
    assert not [attribute for attribute in attributes if attribute.startswith("Domain")]
    site.close()


def test_with_https_a_cookie_that_a_neighboring_host_has_set_is_not_taken(tmp_path: Path) -> None:
    """Any host of the same domain can set `viewer`, and even a rightly signed one may be the attacker's own; `__Host-`
    it cannot set.
    """
    site = open_site(tmp_path, HTTPS="1")
    fixed = signed(site.app, {"viewer": VIEWER})
    assert given_cookie(with_cookie(site.app, fixed)).startswith("__Host-viewer=")
    assert given_cookie(with_cookie(site.app, fixed, "__host-viewer")).startswith("__Host-viewer=")
    site.close()


def test_with_https_every_answer_says_so_for_two_years(tmp_path: Path) -> None:
    site = open_site(tmp_path, HTTPS="1")
    client = site.app.test_client()
    style = re.findall('href="(/static/[^"]+css)"', client.get("/").text)[0]
    for path in ("/", "/nothing", "/healthz", style):
        with client.get(path) as answer:
            assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    site.close()
