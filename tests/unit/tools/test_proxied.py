"""The ports on which the deployed app is tried."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING

from tools import proxied

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest


def test_no_port_is_given_out_twice_although_the_system_offers_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = iter((41_001, 41_001, 41_002))

    @contextmanager
    def listening(_place: tuple[str, int]) -> Iterator[SimpleNamespace]:
        port = next(offered)
        yield SimpleNamespace(getsockname=lambda: ("127.0.0.1", port))

    monkeypatch.setattr("socket.create_server", listening)
    assert [proxied.free_port(), proxied.free_port()] == [41_001, 41_002]
