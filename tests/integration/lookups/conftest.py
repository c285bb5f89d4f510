"""Stages for the tests of lookups: a quick one on SQLite, and one on each database that the app supports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import migrated
from tests.integration.lookups.stage import Stage
from webapp.database import bring_up_to_date, open_engine


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
def migrated_url(database_url: str) -> str:
    """A database of this test alone on each of the two supported, schema in place."""
    engine = open_engine(migrated.begin(database_url))
    bring_up_to_date(engine)
    engine.dispose()
    return database_url


@pytest.fixture
def any_stage(migrated_url: str) -> Iterator[Stage]:
    """A worker on SQLite, then one on PostgreSQL."""
    stage = Stage(migrated_url)
    yield stage
    stage.close()
