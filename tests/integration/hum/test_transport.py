"""Answers that never end, break off, or lead elsewhere: every call ends with a fact or a `HumError`, and nothing is
sent twice.
"""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.hum.conftest import Upstream
from tests.integration.hum.wire import TOKEN, Wire, hang, http_answer, reset, session_body
from webapp.hum.client import Deadlines, HumClient
from webapp.hum.errors import Cause, HumError, NotAuthorized, RateLimited, SessionGone, Unavailable, Unusable
from webapp.hum.sessions import AgentState
from webapp.upstream.transport import open_http

ADDRESS = {"street1": "1001 Woodward Ave", "zip": "48226"}
GOOD = http_answer(200, session_body())
BOMB = gzip.compress(b" " * 20_000_000, compresslevel=1)


def failed_status(client: HumClient) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        client.get_session(TOKEN)
    return caught.value


def failed_create(client: HumClient) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        client.create_session(ADDRESS)
    return caught.value


def drip_status_line(wire: Wire, sock: socket.socket) -> None:
    wire.drip(sock, b"X")


def drip_headers(wire: Wire, sock: socket.socket) -> None:
    """Endless headers, each line in time; a client without a deadline would at last get a good answer."""
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    wire.drip(sock, b"X-More: 1\r\n", times=80)
    sock.sendall(GOOD.partition(b"\r\n")[2])


def drip_body(wire: Wire, sock: socket.socket) -> None:
    head, _, body = GOOD.partition(b"\r\n\r\n")
    sock.sendall(head.replace(str(len(body)).encode(), str(len(body) + 200).encode()) + b"\r\n\r\n")
    wire.drip(sock, b" ")
    sock.sendall(body)


def drip_chunks(wire: Wire, sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    wire.drip(sock, b"1\r\n \r\n")
    sock.sendall(b"2\r\n{}\r\n0\r\n\r\n")


def drip_interim_answers(wire: Wire, sock: socket.socket) -> None:
    wire.drip(sock, b"HTTP/1.1 100 Continue\r\n\r\n")
    sock.sendall(GOOD)


def hang_in_body(wire: Wire, sock: socket.socket) -> None:
    sock.sendall(GOOD[:-20])
    hang(wire, sock)


@pytest.mark.parametrize(
    "play", [hang, drip_status_line, drip_headers, drip_body, drip_chunks, drip_interim_answers, hang_in_body]
)
def test_an_answer_that_does_not_end_in_time_is_a_timeout(upstream: Upstream, play) -> None:
    upstream.wire.answer(play)
    failure = failed_status(upstream.hasty)
    assert failure.is_timeout
    assert failure.reason is Cause.TIMEOUT
    assert failure.retryable
    assert not upstream.wire.waited_to_the_end
    assert [call.error for call in upstream.calls] == ["timeout"]


def endless_body(wire: Wire, sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(1000):
        sock.sendall(b" " * 65536)


def endless_chunk_of_negative_size(_: Wire, sock: socket.socket) -> None:
    """http.client reads a chunk of size -1 to the end of the stream, however far that is."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
    for _ in range(1000):
        sock.sendall(b" " * 65536)


@pytest.mark.parametrize(
    "play", [endless_body, endless_chunk_of_negative_size, http_answer(200, b"", "Content-Length: 64000000")]
)
def test_an_answer_past_the_cap_is_refused_and_not_kept(upstream: Upstream, play) -> None:
    upstream.wire.answer(play)
    failure = failed_status(upstream.client)
    assert isinstance(failure, Unusable)
    assert failure.reason is Cause.TOO_LARGE


@pytest.mark.parametrize(
    "play",
    [
        reset,
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n{}   ",
        b"HTTP/1.1 2OO OK\r\n\r\n{}",
        b"NOT HTTP AT ALL\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 70_000 + b"\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 300 + b"\r\n{}",
        lambda _, sock: sock.sendall(GOOD[:-20]),
        lambda _, sock: None,
    ],
    ids=[
        "reset",
        "two lengths",
        "bad status",
        "no http",
        "bad chunk",
        "negative chunk",
        "long header",
        "many headers",
        "cut",
        "closed",
    ],
)
def test_a_broken_answer_is_a_broken_connection(upstream: Upstream, play) -> None:
    upstream.wire.answer(play)
    failure = failed_status(upstream.client)
    assert failure.reason is Cause.CONNECTION
    assert len(upstream.wire.requests) == 1


def test_an_encoded_body_is_refused_without_being_unpacked(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(200, BOMB, "Content-Encoding: gzip"))
    assert failed_status(upstream.client).reason is Cause.ENCODED
    assert b"accept-encoding: identity" in upstream.wire.requests[0].lower()


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(upstream: Upstream, status: int) -> None:
    elsewhere = Wire()
    elsewhere.answer(GOOD)
    upstream.wire.answer(http_answer(status, {}, f"Location: {elsewhere.url}/sessions/{TOKEN}"))
    failure = failed_status(upstream.client)
    elsewhere.stop()
    assert isinstance(failure, Unusable)
    assert failure.reason is Cause.REDIRECT
    assert elsewhere.requests == []
    assert len(upstream.wire.requests) == 1


def test_the_body_of_a_redirect_is_not_unpacked_either(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(302, BOMB, "Content-Encoding: gzip", "Location: http://other.invalid/"))
    assert failed_status(upstream.client).reason is Cause.REDIRECT
    assert upstream.calls[0].error == "encoded"
    assert upstream.calls[0].response_body == ""


@pytest.mark.parametrize(("status", "meaning"), [(401, NotAuthorized), (410, SessionGone), (429, RateLimited)])
def test_a_refusal_keeps_its_meaning_when_its_body_cannot_be_taken(
    upstream: Upstream, status: int, meaning: type[HumError]
) -> None:
    upstream.wire.answer(http_answer(status, gzip.compress(b"{}"), "Content-Encoding: gzip"))
    with pytest.raises(meaning):
        upstream.client.get_session(TOKEN)


def test_connections_are_kept_and_used_again(upstream: Upstream) -> None:
    upstream.wire.answer(GOOD)
    for _ in range(5):
        assert upstream.client.get_session(TOKEN).facts.geocoding is AgentState.MATCHED
    assert upstream.wire.connections == 1


def good_and_gone(_: Wire, sock: socket.socket) -> None:
    """A whole answer that promises to stay, and then the end of the connection."""
    sock.sendall(GOOD)


def test_a_connection_that_hum_has_closed_meanwhile_is_not_used_again(upstream: Upstream) -> None:
    upstream.wire.answer(good_and_gone, good_and_gone, GOOD)
    for _ in range(2):
        assert upstream.client.get_session(TOKEN).facts.geocoding is AgentState.MATCHED
        assert upstream.wire.ended.acquire(timeout=5)
    assert upstream.client.get_session(TOKEN).facts.geocoding is AgentState.MATCHED
    assert upstream.wire.connections == 3


def test_one_session_serves_several_hosts_and_goes_on_after_a_close() -> None:
    http, wires = open_http(), [Wire() for _ in range(6)]
    try:
        for number in range(18):
            if number == 12:
                http.close()
            wire = wires[number % 6]
            wire.answer(GOOD)
            assert HumClient(wire.url, "a-key", http=http).get_session(TOKEN).facts.geocoding is AgentState.MATCHED
        assert [(len(wire.requests), wire.connections) for wire in wires] == [(3, 2)] * 6
    finally:
        for wire in wires:
            wire.stop()


@pytest.mark.parametrize("play", [hang, drip_body, reset, hang_in_body])
def test_after_a_broken_exchange_the_next_one_is_sound(upstream: Upstream, play) -> None:
    upstream.wire.answer(GOOD, play, GOOD)
    upstream.client.get_session(TOKEN)
    failed_status(upstream.hasty)
    assert upstream.client.get_session(TOKEN).facts.geocoding is AgentState.MATCHED
    assert upstream.wire.connections == 2


@pytest.mark.parametrize(
    ("play", "reason"),
    [
        (hang, Cause.TIMEOUT),
        (reset, Cause.CONNECTION),
        (http_answer(201, b"{half"), Cause.NOT_JSON),
        (http_answer(201, b"[]"), Cause.NOT_AN_OBJECT),
        (http_answer(201, {"data": {}, "meta": {}}), Cause.NO_TOKEN),
        (http_answer(204), Cause.UNEXPECTED_STATUS),
        (http_answer(504, b"<html>"), Cause.SERVER_ERROR),
    ],
)
def test_a_create_that_may_have_arrived_is_never_repeated(upstream: Upstream, play, reason: Cause) -> None:
    upstream.wire.answer(play)
    failure = failed_create(upstream.hasty if play is hang else upstream.client)
    assert failure.uncertain
    assert not failure.retryable
    assert failure.reason is reason
    assert len(upstream.wire.requests) == 1


def test_a_create_that_hum_answered_with_its_own_error_is_certain(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(500, {"message": "Internal server error"}))
    assert not failed_create(upstream.client).uncertain


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def client_at(url: str, upstream: Upstream) -> HumClient:
    return HumClient(
        url, "key-for-tests-0123456789", observers=[upstream.calls.append], deadlines=Deadlines(connect=0.3, total=0.6)
    )


@pytest.mark.parametrize("host", ["http://127.0.0.1:{port}", "https://no-such-host.invalid"])
def test_a_create_that_never_left_is_tried_once_more(upstream: Upstream, host: str) -> None:
    client = client_at(host.format(port=closed_port()), upstream)
    with pytest.raises(Unavailable) as caught:
        client.create_session(ADDRESS)
    assert not caught.value.uncertain
    assert caught.value.reason is Cause.CONNECTION
    assert [(call.status, call.error) for call in upstream.calls] == [(None, "connection")] * 2


def test_a_read_that_never_left_is_not_tried_again(upstream: Upstream) -> None:
    with pytest.raises(Unavailable):
        client_at(f"http://127.0.0.1:{closed_port()}", upstream).get_session(TOKEN)
    assert len(upstream.calls) == 1


def test_a_failed_tls_handshake_leaves_no_doubt(upstream: Upstream) -> None:
    upstream.wire.answer(lambda wire, sock: None)
    with pytest.raises(Unavailable) as caught:
        client_at(f"https://127.0.0.1:{upstream.wire.port}", upstream).create_session(ADDRESS)
    assert not caught.value.uncertain


def test_nothing_of_the_environment_is_picked_up(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    proxy = Wire()
    proxy.answer(GOOD)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    monkeypatch.setenv("NO_PROXY", "")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    upstream.wire.answer(GOOD)
    upstream.client.get_session(TOKEN)
    proxy.stop()
    assert proxy.requests == []
    assert b"Authorization: Bearer key-for-tests-0123456789\r\n" in upstream.wire.requests[0]


def test_cookies_are_not_kept(upstream: Upstream) -> None:
    upstream.wire.answer(http_answer(200, session_body(), "Set-Cookie: who=someone; Path=/"))
    upstream.client.get_session(TOKEN)
    upstream.client.get_session(TOKEN)
    assert b"cookie" not in upstream.wire.requests[1].lower()


def test_every_call_says_what_it_sends_and_takes(upstream: Upstream) -> None:
    upstream.wire.answer(GOOD)
    upstream.client.create_session(ADDRESS)
    upstream.client.get_session(TOKEN)
    upstream.client.close_session(TOKEN)
    upstream.client.ping()
    for request in upstream.wire.requests:
        head = request.partition(b"\r\n\r\n")[0].lower()
        assert b"content-type: application/json" in head
        assert b"accept: application/json" in head


def test_the_addresses_of_a_host_share_one_deadline(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host with many addresses that do not answer and a last one that would: the call ends before it gets there."""
    upstream.wire.answer(GOOD)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        deaf = listener.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(deaf)
        places = [deaf] * 5 + [("127.0.0.1", upstream.wire.port)]
        resolve = socket.getaddrinfo

        def many(host: str, port: int, *rest: object, **options: object) -> list[tuple[object, ...]]:
            if host != "localhost":
                return resolve(host, port, *rest, **options)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]

        monkeypatch.setattr(socket, "getaddrinfo", many)
        client = HumClient("http://localhost", "a-key", deadlines=Deadlines(connect=0.2, total=0.3))
        assert failed_status(client).is_timeout
        for filler in fillers:
            filler.close()
    upstream.client.get_session(TOKEN)
    assert upstream.wire.connections == 1


@pytest.fixture
def tls_wire(tmp_path: Path) -> Iterator[Wire]:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl program to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    options = [
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-days",
        "2",
        "-nodes",
        "-newkey",
        "ec",
    ]
    curve = ["-pkeyopt", "ec_paramgen_curve:prime256v1"]
    subprocess.run(
        [openssl, "req", "-x509", *options, *curve, "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = Wire(context)
    yield server
    server.stop()


@pytest.mark.parametrize("play", [drip_headers, drip_body, hang])
def test_the_deadline_holds_over_tls(tls_wire: Wire, tmp_path: Path, play) -> None:
    tls_wire.answer(GOOD, play, GOOD)
    http = open_http()
    http.verify = str(tmp_path / "certificate.pem")
    client, hasty = (
        HumClient(f"https://localhost:{tls_wire.port}", "a-key", http=http, deadlines=Deadlines(read=read, total=total))
        for read, total in ((10, 20), (0.15, 0.25))
    )
    assert client.get_session(TOKEN).facts.geocoding is AgentState.MATCHED
    assert failed_status(hasty).is_timeout
    assert not tls_wire.waited_to_the_end
    assert client.get_session(TOKEN).facts.geocoding is AgentState.MATCHED


def test_an_untrusted_certificate_is_refused_before_the_key_is_sent(tls_wire: Wire) -> None:
    tls_wire.answer(GOOD)
    client = HumClient(f"https://localhost:{tls_wire.port}", "a-key", deadlines=Deadlines(connect=10))
    with pytest.raises(Unavailable) as caught:
        client.create_session(ADDRESS)
    assert not caught.value.uncertain
    assert tls_wire.requests == []
