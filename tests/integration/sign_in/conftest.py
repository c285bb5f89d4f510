"""A provider for the whole folder, and a site whose people sign in there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.sign_in.provider import Provider, honest, provider
from tests.integration.web.site import Site, open_site_where_waiting_takes_no_time


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture
def idp(running_provider: Provider) -> Provider:
    """The provider, honest again."""
    running_provider.changes, running_provider.key, running_provider.publishes_key = honest, None, False
    running_provider.token_answer = None
    running_provider.describes = {}
    running_provider.asked.clear()
    return running_provider


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, running_provider: Provider) -> Iterator[Site]:
    """One for all tests of a file; each signs its own people in. Its operators are in `isp-operators`."""
    settings = running_provider.settings(AUTH_OPERATOR_GROUPS="isp-operators")
    opened = open_site_where_waiting_takes_no_time(tmp_path_factory.mktemp("state"), **settings)
    yield opened
    opened.close()
