"""Lookup and snapshot rows. `claim_poll` and `finish_poll` are the poll lease: one conditional UPDATE each, on any database.

`next_poll_at` is schedule and lease at once, `polls` counter and fence. Nothing here talks to Hum or knows the clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import sqlalchemy as sa

from webapp.address import FIELDS, Address
from webapp.database import writing
from webapp.hum.models import AgentState, ProviderList
from webapp.lookups.calls import insert_calls
from webapp.lookups.finding import search_text
from webapp.lookups.lifecycle import ACTIVE, Lookup, Reason, State
from webapp.lookups.schema import lookup_table, snapshot_table

_ADDRESS_COLUMNS = {name: "state_code" if name == "state" else name for name in FIELDS}
_ENUMS = {"state": State, "reason": Reason, "geocoding": AgentState, "internet": AgentState}
_NAMES = tuple(field.name for field in fields(Lookup) if field.name != "address")

# Statements are built once: for a table as wide as this one, building one costs several times what running it does.
_ACTIVE = lookup_table.c.state.in_([state.value for state in ACTIVE])
_SEEN = (lookup_table.c.id == sa.bindparam("seen_id"), lookup_table.c.polls == sa.bindparam("seen_polls"))
_COLUMNS: dict[str, sa.BindParameter[Any]] = {column.name: sa.bindparam(column.name) for column in lookup_table.columns}
_FIND = sa.select(lookup_table).where(lookup_table.c.id == sa.bindparam("id"), lookup_table.c.viewer == sa.bindparam("viewer"))
_FIND_SUBMITTED = sa.select(lookup_table).where(
    lookup_table.c.viewer == sa.bindparam("viewer"), lookup_table.c.submit_key == sa.bindparam("submit_key")
)
_CLAIM = (
    sa.update(lookup_table)
    .where(*_SEEN, _ACTIVE, lookup_table.c.next_poll_at <= sa.bindparam("now"))
    .values({name: _COLUMNS[name] for name in ("next_poll_at", "polls", "claimed_at", "stepped")})
)
_FINISH = sa.update(lookup_table).where(*_SEEN).values(_COLUMNS)
_INTERRUPT = sa.update(lookup_table).where(*_SEEN, _ACTIVE).values(_COLUMNS)
_PROVIDERS = sa.select(snapshot_table.c.providers).where(snapshot_table.c.lookup_id == sa.bindparam("lookup_id"))


class CallsRefused(Exception):
    """The database takes the lookup and not the calls it made."""


class LookupStore:
    """Reads and writes lookups. Every write is one short transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, lookup: Lookup) -> bool:
        """Stores a new lookup; False when this viewer has already sent this submit key."""
        try:
            with writing(self._engine) as connection:
                connection.execute(sa.insert(lookup_table).values(_to_row(lookup)))
        except sa.exc.IntegrityError:
            # Any other clash is no double click: taking it for one would lead a person to a lookup that is not there.
            if self.find_submitted(lookup.viewer, lookup.submit_key) is None:
                raise
            return False
        return True

    def get(self, lookup_id: str, viewer: str) -> Lookup | None:
        """The viewer's own lookup; None for unknown ids and for other people's, which are the same thing from outside."""
        if "\0" in lookup_id:  # names nothing, and PostgreSQL refuses to look for it
            return None
        return self._one(_FIND, id=lookup_id, viewer=viewer)

    def find_submitted(self, viewer: str, submit_key: str) -> Lookup | None:
        """The lookup that a form with this submit key began."""
        return self._one(_FIND_SUBMITTED, viewer=viewer, submit_key=submit_key)

    def claim_poll(self, seen: Lookup, *, now: float, lease_until: float) -> Lookup | None:
        """Takes the right to ask Hum until `lease_until`; None when the poll is not due or somebody else has it."""
        claimed = replace(seen, next_poll_at=lease_until, polls=seen.polls + 1, claimed_at=now)
        claim = {"next_poll_at": lease_until, "polls": claimed.polls, "claimed_at": now, "stepped": claimed.stepped}
        with writing(self._engine) as connection:
            won = connection.execute(_CLAIM, {**_seen(seen), "now": now, **claim}).rowcount
        return claimed if won else None

    def finish_poll(self, claimed: Lookup, after: Lookup, providers: str | None, calls: Sequence[Mapping[str, Any]] = ()) -> bool:
        """Writes what a claimed poll learned, and the calls it made, and gives the lease back.

        `providers` is the provider list as JSON when it changed, `calls` are rows of `calls.call_rows`. False when the lease had run out
        and another poll overtook this one: its answer is newer, so this one is dropped, and nothing is written. Raises CallsRefused, with
        nothing written, when the calls alone could not be stored.
        """
        with writing(self._engine) as connection:
            won = connection.execute(_FINISH, {**_seen(claimed), **_to_row(replace(after, claimed_at=None))}).rowcount
            if won and providers is not None:
                _write_snapshot(connection, after, providers)
            if won and calls:
                _write_calls(connection, calls)
        return bool(won)

    def interrupt(self, seen: Lookup, after: Lookup) -> bool:
        """Writes a person's decision (stop, keep checking) over an active lookup and fences out a poll in flight."""
        row = _to_row(replace(after, polls=seen.polls + 1, claimed_at=None))
        with writing(self._engine) as connection:
            return bool(connection.execute(_INTERRUPT, {**_seen(seen), **row}).rowcount)

    def providers(self, lookup_id: str) -> list[Any] | None:
        """The newest provider list of a lookup, as Hum's JSON without secrets; None before there is one."""
        with self._engine.connect() as connection:
            text = connection.execute(_PROVIDERS, {"lookup_id": lookup_id}).scalar()
        return None if text is None else json.loads(text)

    def _one(self, statement: sa.Select[Any], **values: str) -> Lookup | None:
        with self._engine.connect() as connection:
            row = connection.execute(statement, values).mappings().first()
        return None if row is None else _from_row(dict(row))


def _seen(lookup: Lookup) -> dict[str, Any]:
    """The row that a write is about, if nobody else has written it since it was read."""
    return {"seen_id": lookup.id, "seen_polls": lookup.polls}


def _write_calls(connection: sa.Connection, calls: Sequence[Mapping[str, Any]]) -> None:
    try:
        insert_calls(connection, calls)
    except sa.exc.DBAPIError as error:
        raise CallsRefused(type(error).__name__) from None


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
    row = {name: getattr(lookup, name) for name in _NAMES}
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
