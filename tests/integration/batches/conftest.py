"""A store of batches on each database that the app supports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from webapp.batches.store import BatchStore
from webapp.database import open_engine


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def batches(engine: sa.Engine) -> BatchStore:
    return BatchStore(engine)
