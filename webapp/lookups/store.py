"""Lookup and snapshot rows. `claim_poll` and `finish_poll` are the poll lease: one conditional UPDATE each, on any database.

`next_poll_at` is schedule and lease at once, `polls` counter and fence. Nothing here talks to Hum or knows the clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import sqlalchemy as sa

from webapp.address import FIELDS, Address
from webapp.hum.models import AgentState, ProviderList
from webapp.lookups.finding import search_text
from webapp.lookups.lifecycle import ACTIVE, Lookup, Reason, State
from webapp.lookups.schema import lookup_table, snapshot_table

_ADDRESS_COLUMNS = {name: "state_code" if name == "state" else name for name in FIELDS}
_ENUMS = {"state": State, "reason": Reason, "geocoding": AgentState, "internet": AgentState}


class LookupStore:
    """Reads and writes lookups. Every write is one short transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, lookup: Lookup) -> bool:
        """Stores a new lookup; False when this viewer has already sent this submit key."""
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(lookup_table).values(_to_row(lookup)))
        except sa.exc.IntegrityError:
            return False
        return True

    def get(self, lookup_id: str, viewer: str) -> Lookup | None:
        """The viewer's own lookup; None for unknown ids and for other people's, which are the same thing from outside."""
        return self._one(lookup_table.c.id == lookup_id, lookup_table.c.viewer == viewer)

    def find_submitted(self, viewer: str, submit_key: str) -> Lookup | None:
        """The lookup that a form with this submit key began."""
        return self._one(lookup_table.c.viewer == viewer, lookup_table.c.submit_key == submit_key)

    def claim_poll(self, seen: Lookup, *, now: float, lease_until: float) -> Lookup | None:
        """Takes the right to ask Hum until `lease_until`; None when the poll is not due or somebody else has it."""
        claimed = replace(seen, next_poll_at=lease_until, polls=seen.polls + 1, claimed_at=now)
        conditions = (
            lookup_table.c.id == seen.id,
            lookup_table.c.polls == seen.polls,
            lookup_table.c.state.in_([state.value for state in ACTIVE]),
            lookup_table.c.next_poll_at <= now,
        )
        claim = {name: getattr(claimed, name) for name in ("next_poll_at", "polls", "claimed_at", "stepped")}
        return claimed if self._update(conditions, claim) else None

    def finish_poll(self, claimed: Lookup, after: Lookup, providers: str | None) -> bool:
        """Writes what a claimed poll learned and gives the lease back.

        `providers` is the provider list as JSON when it changed. False when the lease had run out and another poll
        overtook this one: its answer is newer, so this one is dropped.
        """
        row = _to_row(replace(after, claimed_at=None))
        with self._engine.begin() as connection:
            won = connection.execute(
                sa.update(lookup_table).where(lookup_table.c.id == claimed.id, lookup_table.c.polls == claimed.polls).values(row)
            ).rowcount
            if won and providers is not None:
                _write_snapshot(connection, after, providers)
        return bool(won)

    def interrupt(self, seen: Lookup, after: Lookup) -> bool:
        """Writes a person's decision (stop, keep checking) over an active lookup and fences out a poll in flight."""
        conditions = (
            lookup_table.c.id == seen.id,
            lookup_table.c.polls == seen.polls,
            lookup_table.c.state.in_([state.value for state in ACTIVE]),
        )
        return self._update(conditions, _to_row(replace(after, polls=seen.polls + 1, claimed_at=None)))

    def providers(self, lookup_id: str) -> list[Any] | None:
        """The newest provider list of a lookup, as Hum's JSON without secrets; None before there is one."""
        with self._engine.connect() as connection:
            text = connection.execute(sa.select(snapshot_table.c.providers).where(snapshot_table.c.lookup_id == lookup_id)).scalar()
        return None if text is None else json.loads(text)

    def _one(self, *conditions: sa.ColumnElement[bool]) -> Lookup | None:
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(lookup_table).where(*conditions)).mappings().first()
        return None if row is None else _from_row(dict(row))

    def _update(self, conditions: tuple[sa.ColumnElement[bool], ...], values: Mapping[str, Any]) -> bool:
        with self._engine.begin() as connection:
            return bool(connection.execute(sa.update(lookup_table).where(*conditions).values(values)).rowcount)


def snapshot_of(providers: ProviderList) -> tuple[str, str]:
    """The provider list as canonical JSON text and the digest that tells whether it changed."""
    body = json.dumps(providers.raw, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest(), body


def _write_snapshot(connection: sa.Connection, lookup: Lookup, providers: str) -> None:
    values = {"digest": lookup.snapshot_digest, "taken_at": lookup.answered_at, "providers": providers}
    updated = connection.execute(sa.update(snapshot_table).where(snapshot_table.c.lookup_id == lookup.id).values(values)).rowcount
    if not updated:
        connection.execute(sa.insert(snapshot_table).values(lookup_id=lookup.id, **values))


def _to_row(lookup: Lookup) -> dict[str, Any]:
    row = {field.name: getattr(lookup, field.name) for field in fields(Lookup) if field.name != "address"}
    for name in _ENUMS:
        row[name] = None if row[name] is None else row[name].value
    row |= {"outcome": None if lookup.outcome is None else lookup.outcome.value, "search_text": search_text(lookup)}
    return row | {column: getattr(lookup.address, name) for name, column in _ADDRESS_COLUMNS.items()}


def _from_row(values: dict[str, Any]) -> Lookup:
    for derived in ("outcome", "search_text"):
        del values[derived]
    address = Address(**{name: values.pop(column) for name, column in _ADDRESS_COLUMNS.items()})
    for name, kind in _ENUMS.items():
        values[name] = None if values[name] is None else kind(values[name])
    return Lookup(address=address, **values)
