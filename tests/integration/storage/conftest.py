"""The app in front of a database of its own, which a test may lock, fill, move or damage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import migrated
from tests.integration.storage.upstream import Place, open_place


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    if database_url.startswith("sqlite"):
        (tmp_path / "database").mkdir()
        database_url = migrated.begin(f"sqlite:///{tmp_path / 'database' / 'lookups.sqlite3'}")
    with open_place(tmp_path / "state", database_url) as place:
        yield place
