"""Stages for the tests of lookups: a quick one on SQLite, and one on each database that the app supports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import migrated
from tests.integration.lookups.stage import Stage


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database of this test alone, schema in place."""
    return migrated.begin(f"sqlite:///{tmp_path / 'lookups.sqlite3'}")


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[Stage]:
    """A worker on SQLite."""
    stage = Stage(sqlite_url)
    yield stage
    stage.close()


@pytest.fixture
def any_stage(database_url: str) -> Iterator[Stage]:
    """A worker on SQLite, then one on PostgreSQL."""
    stage = Stage(database_url)
    yield stage
    stage.close()
