"""Stages for the tests of researches: a quick one on SQLite, and one on each database that the app supports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import migrated
from tests.integration.research.stage import ResearchStage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[ResearchStage]:
    """A worker on SQLite."""
    stage = ResearchStage(migrated.begin(f"sqlite:///{tmp_path / 'lookups.sqlite3'}"))
    yield stage
    stage.close()


@pytest.fixture
def any_stage(database_url: str) -> Iterator[ResearchStage]:
    """A worker on SQLite, then one on PostgreSQL."""
    stage = ResearchStage(database_url)
    yield stage
    stage.close()
