"""Rows of coverage: the newest provider list of a state, one for each environment, since a sandbox says nothing about
the real Hum.
"""

from __future__ import annotations

import json

import sqlalchemy as sa

from webapp.database import writing
from webapp.hum.coverage import Coverage
from webapp.hum.providers import providers_from
from webapp.lookups.schema import coverage_table


class CoverageStore:
    """Reads and writes coverage. Every write is one short transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def get(self, state: str, environment: str, since: float) -> tuple[float, Coverage] | None:
        """When the state's list was fetched, and the list; None when there is none or it is older than `since` (epoch
        seconds).
        """
        statement = sa.select(coverage_table).where(*_key(state, environment), coverage_table.c.fetched_at >= since)
        with self._engine.connect() as connection:
            row = connection.execute(statement).mappings().first()
        return (
            None
            if row is None
            else (row["fetched_at"], Coverage(providers_from(json.loads(row["providers"])), row["data_set"]))
        )

    def put(self, state: str, environment: str, fetched_at: float, coverage: Coverage) -> None:
        """Stores a list in place of the one before. Of two workers at the same moment either list will do."""
        body = json.dumps(coverage.providers.raw, separators=(",", ":"))
        values = {"fetched_at": fetched_at, "data_set": coverage.data_set, "providers": body}
        try:
            with writing(self._engine) as connection:
                if not connection.execute(
                    sa.update(coverage_table).where(*_key(state, environment)).values(values)
                ).rowcount:
                    connection.execute(
                        sa.insert(coverage_table).values(state_code=state, environment=environment, **values)
                    )
        except sa.exc.IntegrityError:
            return


def _key(state: str, environment: str) -> tuple[sa.ColumnElement[bool], ...]:
    return coverage_table.c.state_code == state, coverage_table.c.environment == environment
