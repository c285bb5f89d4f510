"""Requests that no browser sends: refused or read as far as they can be, in words, never with a fault of ours."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path

import pytest
from werkzeug.test import Client

from tests.integration.attacks.owned import Owned, own
from tests.integration.web.site import Site, open_site

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
FORM = "application/x-www-form-urlencoded"
DEEP = "[" * 20_000
BODIES: dict[str, tuple[str, bytes]] = {
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "empty boundary": ("multipart/form-data; boundary=", b"--\r\n\r\n"),
    "long boundary": (f"multipart/form-data; boundary={'x' * 5_000}", b"--x\r\n\r\n"),
    "cut part": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="street1"\r\n\r\n1 A',
    ),
    "part without a name": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n",
    ),
    "part without headers": ("multipart/form-data; boundary=x", b"--x\r\n\r\n1\r\n--x--\r\n"),
    "part with a bad charset": (
        "multipart/form-data; boundary=x",
        (
            b'--x\r\nContent-Disposition: form-data; name="street1"\r\nContent-Type: text/plain; '
            b"charset=no-such\r\n\r\n1\r\n--x--\r\n"
        ),
    ),
    "a file instead of a text": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="street1"; filename="../../x"\r\n\r\n1\r\n--x--\r\n',
    ),
    "too many parts": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 60 + b"--x--\r\n",
    ),
    "line ends only": ("multipart/form-data; boundary=x", b"\r\n" * 20_000),
    "broken percent signs": (FORM, b"street1=%&zip=%4&city=%zz&state=%u0041&=&&&;%"),
    "broken UTF-8": (FORM, b"street1=%ff%fe&zip=\xff\xfe&city=%c3&state=%ed%a0%80"),
    "NUL": (FORM, b"street1=1%00A&zip=%00&memory=%00&submit_key=%00&replaces=%00&paste=%00\0"),
    "the same name often": (FORM, b"street1=1&" * 900),
    "ten thousand names": (FORM, b"".join(b"a%d=&" % number for number in range(10_000))),
    "a huge body": (FORM, b"paste=" + b"x" * 70_000),
    "another charset": (f"{FORM}; charset=utf-16", "street1=1 A St".encode("utf-16")),
    "a charset that is none": (f"{FORM}; charset=no-such", b"street1=1"),
    "JSON": ("application/json", b'{"street1": "1 A St"}'),
    "deep JSON": ("application/json", DEEP.encode()),
    "a deep memory": (FORM, b"memory=" + DEEP.encode()[:15_000]),
    "a memory of other kinds": (FORM, b'memory={"before":[],"filled":1,"read":{},"chosen":1e999,"kept":null}'),
    "a memory of huge numbers": (
        FORM,
        b'memory={"before":{},"filled":{"zip":' + b"9" * 5_000 + b'},"read":"","chosen":1,"kept":["x"]}',
    ),
    "XML": ("application/xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file://localhost/etc/passwd">]><x>&e;</x>'),
    "no content type": ("", b"street1=1"),
    "a content type that is none": (";;=,\x7f", b"street1=1"),
}
QUERIES = (
    *(
        "%",
        "%zz",
        "%ff%fe",
        "%00",
        "&&&=;",
        "a" * 3_000,
        "seen=%00&seen=1e999",
        "seen[]=1",
        "refresh=%00",
        "from=%00%ff",
        "sort=%00",
    ),
    *(
        "tour=-1",
        "tour=" + "9" * 4_000,
        "tour=\u0663",
        "deleted=" + "9" * 4_000,
        "before=inf_x&after=nan_x",
        "before=1_%00",
        "q=" + "%00" * 50,
    ),
    *(
        "down=1e999&up=nan&price=-0",
        "down=" + "9" * 4_000,
        "plan=%00&plan=%ff",
        "scenario[]=x&scenario=%00",
        "tz=../../etc/passwd",
        "tz=America",
    ),
)


def signed_in(site: Site) -> tuple[Client, str]:
    """A browser that can send what no browser would, and its form token."""
    client = site.app.test_client()
    return client, client.get("/").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def test_bodies_that_cannot_be_read_are_refused_in_words(database_url: str, tmp_path: Path) -> None:
    with closing(open_site(tmp_path, DATABASE_URL=database_url)) as site:
        client, token = signed_in(site)
        for kind, (content_type, body) in BODIES.items():
            signed = f"csrf_token={token}&".encode() if content_type.startswith(FORM) else b""
            for path in ("/lookups", "/address-form", "/try", "/presenter", "/speed"):
                answer = client.post(path, data=signed + body, content_type=content_type, headers=SAME_SITE)
                assert answer.status_code in {200, 204, 303, 400, 403, 404, 413, 415, 422}, (kind, path)
                assert answer.headers["Cache-Control"] == "no-store"
                assert "root:" not in answer.text
        assert not site.secrets_of_sessions(), "none of these is an address"


def test_json_is_no_form(site: Site) -> None:
    """Its values can be of kinds that no box has."""
    client, token = signed_in(site)
    for value in (
        "[1]",
        '"x"',
        "{",
        "null",
        "1e999",
        "[" * 20_000,
        '{"submit_key": 5}',
        '{"street1": {"a": 1}, "zip": [48226]}',
    ):
        for kind in ("application/json", "application/vnd.api+json", "text/plain"):
            headers = {**SAME_SITE, "X-CSRFToken": token}
            assert client.post("/lookups", data=value, content_type=kind, headers=headers).status_code == 415, (
                kind,
                value[:20],
            )


@pytest.mark.soak
def test_queries_that_make_no_sense_are_read_as_far_as_they_do(database_url: str, tmp_path: Path) -> None:
    with closing(open_site(tmp_path, DATABASE_URL=database_url, METRICS_ADDRESSES="127.0.0.1")) as site:
        owned = own(site)
        paths = [path for path in owned.addresses("GET") if not path.startswith(("/scenarios", "/tour"))]
        for number, query in enumerate(QUERIES):
            # Each on a sixth of the addresses, and on the three that read most of their query.
            for path in {*paths[number % 6 :: 6], owned.lookup.path, "/", "/lookups"}:
                assert owned.lookup.visitor.get(f"{path}?{query}").status in {200, 302, 303}, (path, query)


def test_every_address_answers_every_method_without_a_fault(owned: Owned) -> None:
    visitor = owned.lookup.visitor
    for address in sorted({*owned.addresses("GET"), *owned.addresses("POST")}):
        for method in ("HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND", "X" * 50):
            page = visitor.ask(method, address, **SAME_SITE)
            readable = {200, 302, 303, 405} if method in {"HEAD", "OPTIONS"} else {405}
            assert page.status in readable, (method, address)
            if method == "TRACE":
                assert "viewer=" not in page.html


def test_headers_that_no_browser_sends_are_no_fault(owned: Owned) -> None:
    odd = (
        {"Cookie": "viewer=" + "x" * 8_000},
        {"Cookie": "; ".join(f"a{number}=1" for number in range(500))},
        {"Cookie": "=;;viewer=\xff\xfe; viewer"},
        {"HX-Request": "\xff" * 100, "HX-Target": "'\"<", "HX-Current-URL": "//["},
        {"HX-Request": "true", "HX-History-Restore-Request": "true", "HX-Prompt": "\x01"},
        {"Accept": "*/*;q=x, text/;q=9, /", "Accept-Language": "xx-" * 500, "Accept-Encoding": "x" * 1_000},
        {"Range": "bytes=-1-,9999999999999999999-0", "If-None-Match": '"' * 99, "If-Modified-Since": "yesterday"},
        {"Content-Length": "5", "Content-Type": "text/html"},
        {"Authorization": "Basic \xff", "Expect": "100-continue", "Upgrade": "h2c", "Connection": "Upgrade"},
        {"X-Forwarded-For": "\xff, " * 200, "X-Forwarded-Proto": "gopher", "X-Forwarded-Port": "x"},
        {"Referer": "http://["},
    )
    for headers in odd:
        stranger = owned.site.app.test_client()
        for path in ("/", owned.lookup.path, f"/shared/{owned.share_token}", "/lookups", "/status", "/nothing"):
            assert stranger.get(path, headers=headers).status_code in {200, 400, 404}, (headers, path)


def test_a_fault_of_ours_tells_nothing_of_the_program(owned: Owned, log_lines: io.StringIO) -> None:
    with owned.site.database() as connection:
        connection.exec_driver_sql("UPDATE snapshot SET providers = '[{\"secret-of-ours'")
        connection.exec_driver_sql("UPDATE lookup SET snapshot_digest = 'damaged'")
    page = owned.lookup.page()
    assert page.status == 500
    for word in ("Traceback", "webapp/", "site-packages", "json", "secret-of-ours", "snapshot", "Werkzeug", "sqlite"):
        assert word not in page.html
    assert "secret-of-ours" not in log_lines.getvalue()
    assert page.headers["X-Request-Id"] in page.html
