"""The fence around the tests: loopback is open, everything else fails the test that tries it."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.com"])
def test_the_world_is_out_of_reach(host: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="loopback only"):
        socket.create_connection((host, 80), timeout=1)


def test_datagrams_are_fenced_in_too() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        pytest.raises(pytest.fail.Exception, match="loopback only"),
    ):
        sender.sendto(b"?", ("192.0.2.1", 53))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_open(host: str) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection((host, server.getsockname()[1])) as client,
    ):
        assert client.getpeername()[0] == "127.0.0.1"


def test_a_host_that_cannot_exist_is_refused_as_a_resolver_would() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("hum.invalid", 80), timeout=1)
