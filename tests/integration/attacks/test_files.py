"""Only the files of `static/` are served, under their names: no path leads out, however it is written."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.integration.web.site import Site, serve

SECRETS = ("requires-python", "SECRET_KEY", "create_app", "root:x:", "SQLite format", "ref: refs/", "[core]")
UPWARDS = (
    "..",
    "%2e%2e",
    "%2E.",
    ".%2e",
    "%252e%252e",
    "..%00",
    "%c0%ae%c0%ae",
    "%u002e%u002e",
    "....",
    "%e2%80%a5",
    "..;",
    ".%09.",
)
SLASHES = ("/", "%2f", "%5c", "\\", "//", "%252f", "%c0%af")
TARGETS = ("pyproject.toml", "webapp/settings/values.py", "var/secret", "etc/passwd", ".git/HEAD", ".env")


@pytest.fixture
def connection(site: Site) -> Iterator[HTTPConnection]:
    """A client that sends an address just as it is written."""
    with serve(site.app) as url:
        connection = HTTPConnection(urlsplit(url).netloc)
        yield connection
        connection.close()


def asked(connection: HTTPConnection, path: str) -> tuple[int, str]:
    connection.putrequest("GET", path, skip_accept_encoding=True)
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace")


def test_no_way_of_writing_a_path_leads_out_of_the_folder(site: Site, connection: HTTPConnection) -> None:
    with site.app.test_request_context():
        static = site.app.jinja_env.globals["static_url"]("app.css").removesuffix("app.css")  # type: ignore[operator]
    assert asked(connection, f"{static}app.css")[0] == 200
    paths = [
        f"{static}{up}{slash}{up}{slash}{target}"
        for number, (up, slash) in enumerate((up, slash) for up in UPWARDS for slash in SLASHES)
        for target in TARGETS[number % 3 :: 3]
    ]
    paths += [
        f"{prefix}{target}"
        for prefix in ("/", "/static/", "//", static, f"{static}vendor/../../", "/static/..;/", "file://localhost/")
        for target in TARGETS
    ]
    paths += [
        f"{static}{name}"
        for name in (
            "",
            ".",
            "vendor",
            "vendor/maps/",
            "app.css/",
            "app.css%00.js",
            "APP.CSS",
            "app.css::$DATA",
            "app.css~",
        )
    ]
    for path in paths:
        status, body = asked(connection, path)
        assert status in {400, 404}, path
        assert not [secret for secret in SECRETS if secret in body], path


def test_what_lies_beside_an_app_is_not_there(connection: HTTPConnection) -> None:
    for path in (
        "/.git/config",
        "/.env",
        "/console",
        "/debug",
        "/admin",
        "/server-status",
        "/openapi.json",
        "/robots.txt",
        "/?__debugger__=yes&cmd=resource&f=x",
    ):
        status, body = asked(connection, path)
        assert status == 404 or path.startswith("/?"), path
        assert "Traceback" not in body
        assert "debugger" not in body.lower()
