"""Who serves a state at all, for a lookup that found no provider. Hum is asked once a day for each state."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.addresses.address import Address
from webapp.addresses.places import by_zip
from webapp.addresses.usps import STATES, ZIP_ONLY_STATES
from webapp.database import writing
from webapp.hum.client import HumClient
from webapp.hum.coverage import Coverage
from webapp.hum.providers import ProviderList, providers_from
from webapp.lookups.schema import coverage_table

KEPT_FOR = 24 * 3600.0
"""Seconds a list is good for: Hum renews its coverage weekly."""


@dataclass(frozen=True, slots=True)
class StateCoverage:
    """The providers Hum lists anywhere in a state; `fetched_at` is in epoch seconds."""

    state: str
    fetched_at: float
    providers: ProviderList
    data_set: str | None


def state_of(address: Address) -> str | None:
    """The postal code of the state: as typed, else that of the ZIP; None when neither tells."""
    if address.state:
        return address.state
    place = by_zip(address.zip)
    return place.state if place else None


def state_name(state: str) -> str:
    """`Michigan` for `MI`; an unknown code stands for itself."""
    return (STATES | ZIP_ONLY_STATES).get(state, state)


class StateCoverages:
    """Lists by state, kept for a day and shared by all viewers: they hold nothing of anybody."""

    def __init__(
        self, store: CoverageStore, hum: HumClient, *, environment: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._hum = hum
        self._environment = environment
        self._clock = clock

    def find(self, state: str) -> StateCoverage | None:
        """The list of a state that is less than a day old, without asking Hum."""
        found = self._store.get(state, self._environment, self._clock() - KEPT_FOR)
        return None if found is None else StateCoverage(state, found[0], found[1].providers, found[1].data_set)

    def ask(self, state: str) -> StateCoverage:
        """The list of a state, from Hum when none is kept (one call). Raises HumError; nothing is stored then."""
        kept = self.find(state)
        if kept is not None:
            return kept
        coverage = self._hum.get_coverage([state]).facts
        now = self._clock()
        self._store.put(state, self._environment, now, coverage)
        return StateCoverage(state, now, coverage.providers, coverage.data_set)


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
