"""Sites for the tests of the pages."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.web.site import Site, open_site
from tests.integration.web.visitor import Visitor
from webapp.telemetry import configure_logging


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """What the program writes to standard output. Ask for it before the site: logging is set up when the app is
    made.
    """
    lines = io.StringIO()
    with contextlib.redirect_stdout(lines):
        yield lines
    configure_logging("info")


DAY = 86_400.0


@pytest.fixture(scope="module")
def site_of_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The keyless app on its simulator, for all tests of a file that leave it usable for the next one."""
    opened = open_site(tmp_path_factory.mktemp("state"))
    yield opened
    opened.close()


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """The keyless app on its simulator, on a day of its own: visitors are new, and what is limited, kept or measured in
    time was long ago.

    Making an app and answering its first requests costs more than most tests do, so they share one. A test that counts
    rows, names a date or breaks something is marked `own_site`.
    """
    if request.node.get_closest_marker("own_site") is not None:
        opened = open_site(tmp_path)
        yield opened
        opened.close()
        return
    shared: Site = request.getfixturevalue("site_of_file")
    configure_logging("info")
    shared.turn(DAY)
    yield shared


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor()
