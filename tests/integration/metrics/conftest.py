"""Batches' rows on each database that the app supports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.lookups.stage import Stage
from tests.integration.worker.rows import RowStage


@pytest.fixture
def any_rows(database_url: str) -> Iterator[RowStage]:
    """Batches' rows on SQLite, then on PostgreSQL."""
    stage = Stage(database_url)
    yield RowStage(stage)
    stage.close()
