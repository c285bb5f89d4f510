"""nginx on the files of `deploy/`, in front of gunicorn or of a server that keeps what it is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.hum.wire import Wire
from tools import proxied

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n"


@pytest.fixture(scope="session")
def deployed(programs: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[proxied.Site]:
    """The app as it is deployed, in one process."""
    with proxied.site(tmp_path_factory.mktemp("deployed"), WEB_CONCURRENCY="1") as running:
        yield running


@pytest.fixture(scope="session")
def keeper(programs: None) -> Iterator[Wire]:
    """A server that keeps every request as the bytes it came in."""
    wire = Wire()
    wire.answer(ANSWER)
    yield wire
    wire.stop()


@pytest.fixture(scope="session")
def watched(keeper: Wire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[proxied.Site]:
    """nginx in front of the keeper."""
    with proxied.proxy(tmp_path_factory.mktemp("watched"), keeper.port) as running:
        yield running
