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


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The keyless app on its simulator."""
    opened = open_site(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor()
