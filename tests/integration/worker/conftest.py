"""Stages for the tests of batches' rows: a quick one on SQLite, and one on each database that the app supports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import migrated
from tests.integration.lookups.stage import Stage
from tests.integration.worker.rows import RowStage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A worker on SQLite."""
    stage = Stage(migrated.begin(f"sqlite:///{tmp_path / 'lookups.sqlite3'}"))
    yield stage
    stage.close()


@pytest.fixture
def rows(stage: Stage) -> RowStage:
    """Batches' rows on SQLite."""
    return RowStage(stage)


@pytest.fixture
def any_rows(database_url: str) -> Iterator[RowStage]:
    """Batches' rows on SQLite, then on PostgreSQL."""
    stage = Stage(database_url)
    yield RowStage(stage)
    stage.close()
