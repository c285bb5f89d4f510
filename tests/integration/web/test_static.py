"""Static files: under a name that changes with their content, kept forever, readable by this site only."""

from __future__ import annotations

import base64
import gzip
import hashlib

import pytest
from werkzeug.test import TestResponse

from tests.integration.web.rules import CSP
from tests.integration.web.site import Site
from tests.paths import ROOT

YEAR = 365 * 24 * 3600


def files_of(site: Site) -> dict[str, str]:
    """URL -> promised checksum ("" for none) of every file the form and a lookup load."""
    visitor = site.visitor()
    form = visitor.get("/?scenario=fast")
    loaded: dict[str, str] = {}
    for page in (form, visitor.follow(visitor.press(form, "Look up"))):
        for element in page.elements:
            if element.tag in {"script", "link"} and element.get("rel") != "icon":
                loaded[element.get("src") or element.get("href") or ""] = element.get("integrity", "")
    return loaded


def fetch(site: Site, path: str, **headers: str) -> TestResponse:
    answer = site.app.test_client().get(path, headers=headers)
    answer.get_data()
    answer.close()
    return answer


def test_every_file_is_there_as_promised_and_may_be_kept(site: Site) -> None:
    loaded = files_of(site)
    assert {url.rpartition("/")[2] for url in loaded} >= {"app.css", "app.js", "htmx.min.js"}
    for url, integrity in loaded.items():
        answer = fetch(site, url)
        assert answer.status_code == 200
        assert answer.cache_control.max_age is not None
        assert answer.cache_control.max_age >= YEAR
        assert answer.cache_control.immutable
        digest = base64.b64encode(hashlib.sha384(answer.data).digest()).decode()
        assert integrity == f"sha384-{digest}"
        assert integrity


def test_files_carry_the_security_headers_and_no_permission_for_other_sites(site: Site) -> None:
    for url in files_of(site):
        headers = fetch(site, url, Origin="https://elsewhere.example").headers
        assert "Access-Control-Allow-Origin" not in headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert policy == {name: CSP[name] if name == "default-src" else "'none'" for name in policy}
        assert set(policy) == {"default-src", "base-uri", "form-action", "frame-ancestors"}
        assert "Set-Cookie" not in headers


def test_all_files_share_one_prefix_that_is_a_hash(site: Site) -> None:
    prefixes = {url.split("/")[2] for url in files_of(site)}
    assert len(prefixes) == 1
    prefix = prefixes.pop()
    assert len(prefix) == 12
    assert set(prefix) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "end", ["app.css", "nothing.js", "../webapp/settings/values.py", "%2e%2e/pyproject.toml", "vendor/", ""]
)
def test_nothing_else_is_served(site: Site, end: str) -> None:
    prefix = "/static/000000000000/" if end == "app.css" else next(iter(files_of(site))).rpartition("/")[0] + "/"
    assert fetch(site, prefix + end).status_code == 404


def test_the_style_sheet_weighs_no_more_than_eight_kilobytes() -> None:
    sheet = (ROOT / "static" / "app.css").read_bytes()
    assert len(gzip.compress(sheet)) <= 8 * 1024
