"""Lookup and snapshot rows. `claim_poll` and `finish_poll` are the poll lease: one conditional UPDATE each, on any
database.

`next_poll_at` is schedule and lease at once, `polls` counter and fence. Nothing here talks to Hum or knows the clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import sqlalchemy as sa

from webapp.addresses.address import FIELDS, Address
from webapp.database.statements import DirectConnection, Statement, reading, writing
from webapp.hum.models import AgentState, ProviderList
from webapp.lookups.lifecycle import ACTIVE, Lookup, Reason, State
from webapp.lookups.recorded_calls import insert_calls
from webapp.lookups.schema import lookup_table, snapshot_table
from webapp.lookups.search_text import search_text

_ADDRESS_COLUMNS = {name: "state_code" if name == "state" else name for name in FIELDS}
_ENUMS = {"state": State, "reason": Reason, "geocoding": AgentState, "internet": AgentState}
_NAMES = tuple(field.name for field in fields(Lookup) if field.name != "address")

_FIXED = {
    "id",
    "viewer",
    "submit_key",
    "environment",
    "campaign_id",
    "created_at",
    "dropped_unit",
    *_ADDRESS_COLUMNS.values(),
}
"""Columns that no write changes. Naming them in an UPDATE would renew their indexes, and check whatever refers to the
row.
"""

_WIDTH = len(_NAMES)
_ROW = [lookup_table.c[name] for name in (*_NAMES, *_ADDRESS_COLUMNS.values())]
_ACTIVE = sa.or_(*(lookup_table.c.state == state.value for state in ACTIVE))
_SEEN = (lookup_table.c.id == sa.bindparam("seen_id"), lookup_table.c.polls == sa.bindparam("seen_polls"))


def _bound(table: sa.Table, names: Iterable[str]) -> dict[str, sa.BindParameter[Any]]:
    return {name: sa.bindparam(name, type_=table.c[name].type) for name in names}


def _with_row(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(*_ROW).where(*conditions)


_NEWEST_OF = Statement(
    _with_row(
        lookup_table.c.viewer == sa.bindparam("viewer"),
        lookup_table.c.created_at > sa.bindparam("since"),
        lookup_table.c.street1 == sa.bindparam("street1"),
    ).order_by(lookup_table.c.created_at.desc())
)
_NEWEST_OF_FORM = Statement(
    _with_row(
        lookup_table.c.viewer == sa.bindparam("viewer"),
        sa.func.substr(lookup_table.c.submit_key, 1, sa.bindparam("length", type_=sa.Integer))
        == sa.bindparam("beginning"),
    ).order_by(lookup_table.c.created_at.desc())
)
_CHANGING = _bound(lookup_table, [column.name for column in lookup_table.columns if column.name not in _FIXED])
_ADD = Statement(sa.insert(lookup_table).values(_bound(lookup_table, lookup_table.columns.keys())))
_FIND = Statement(_with_row(lookup_table.c.id == sa.bindparam("id"), lookup_table.c.viewer == sa.bindparam("viewer")))
_FIND_SUBMITTED = Statement(
    _with_row(lookup_table.c.viewer == sa.bindparam("viewer"), lookup_table.c.submit_key == sa.bindparam("submit_key"))
)
_CLAIM = Statement(
    sa.update(lookup_table)
    .where(*_SEEN, _ACTIVE, lookup_table.c.next_poll_at <= sa.bindparam("now"))
    .values(_bound(lookup_table, ("next_poll_at", "polls", "claimed_at")))
)
_FINISH = Statement(sa.update(lookup_table).where(*_SEEN).values(_CHANGING))
_INTERRUPT = Statement(sa.update(lookup_table).where(*_SEEN, _ACTIVE).values(_CHANGING))
_SNAPSHOT = ("lookup_id", "digest", "taken_at", "providers")
_ADD_SNAPSHOT = Statement(sa.insert(snapshot_table).values(_bound(snapshot_table, _SNAPSHOT)))
_RENEW_SNAPSHOT = Statement(
    sa.update(snapshot_table)
    .where(snapshot_table.c.lookup_id == sa.bindparam("seen_id"))
    .values(_bound(snapshot_table, _SNAPSHOT[1:]))
)
_PROVIDERS = Statement(
    sa.select(snapshot_table.c.providers).where(snapshot_table.c.lookup_id == sa.bindparam("lookup_id"))
)


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
                connection.execute(_ADD, _to_row(lookup))
        except sa.exc.IntegrityError:
            # Any other clash is no double click: taking it for one would lead a person to a lookup that is not there.
            if self.find_submitted(lookup.viewer, lookup.submit_key) is None:
                raise
            return False
        return True

    def get(self, lookup_id: str, viewer: str) -> Lookup | None:
        """The viewer's own lookup; None for unknown ids and for other people's, which are the same thing from
        outside.
        """
        if "\0" in lookup_id:  # names nothing, and PostgreSQL refuses to look for it
            return None
        return self._one(_FIND, id=lookup_id, viewer=viewer)

    def find_submitted(self, viewer: str, submit_key: str) -> Lookup | None:
        """The lookup that a form with this submit key began."""
        return self._one(_FIND_SUBMITTED, viewer=viewer, submit_key=submit_key)

    def newest_of_form(self, viewer: str, submit_key: str) -> Lookup | None:
        """The viewer's newest lookup that was sent with this submit key, for whichever address: see `Request.key`."""
        beginning = f"{submit_key}-"
        return self._one(_NEWEST_OF_FORM, viewer=viewer, length=len(beginning), beginning=beginning)

    def newest_of(self, viewer: str, address: Address, *, since: float) -> Lookup | None:
        """The viewer's newest lookup of exactly this address, if it was begun after `since` (epoch seconds)."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                _NEWEST_OF, {"viewer": viewer, "since": since, "street1": address.street1}
            ).fetchall()
        found = (_from_row(row) for row in rows)
        return next((lookup for lookup in found if lookup.address == address), None)

    def claim_poll(self, seen: Lookup, *, now: float, lease_until: float) -> Lookup | None:
        """Takes the right to ask Hum until `lease_until`; None when the poll is not due or another request has it."""
        claimed = replace(seen, next_poll_at=lease_until, polls=seen.polls + 1, claimed_at=now)
        claim = {"next_poll_at": lease_until, "polls": claimed.polls, "claimed_at": now}
        with writing(self._engine) as connection:
            won = connection.execute(_CLAIM, {**_seen(seen), "now": now, **claim}).rowcount
        return claimed if won else None

    def finish_poll(
        self, claimed: Lookup, after: Lookup, providers: str | None, calls: Sequence[Mapping[str, Any]] = ()
    ) -> bool:
        """Writes what a claimed poll learned, and the calls it made, and gives the lease back.

        `providers` is the provider list as JSON when it changed, `calls` are rows of `calls.call_rows`. False when the
        lease had run out and another poll overtook this one: its answer is newer, so this one is dropped, and nothing
        is written. Raises CallsRefused, with nothing written, when the calls alone could not be stored.
        """
        with writing(self._engine) as connection:
            won = connection.execute(_FINISH, {**_seen(claimed), **_to_row(after), "claimed_at": None}).rowcount
            if won and providers is not None:
                _write_snapshot(connection, after, providers)
            if won and calls:
                _write_calls(connection, calls)
        return bool(won)

    def interrupt(self, seen: Lookup, after: Lookup) -> bool:
        """Writes a person's decision (stop, keep checking) over an active lookup and fences out a poll in flight."""
        row = {**_to_row(after), "polls": seen.polls + 1, "claimed_at": None}
        with writing(self._engine) as connection:
            return bool(connection.execute(_INTERRUPT, {**_seen(seen), **row}).rowcount)

    def providers(self, lookup_id: str) -> list[Any] | None:
        """The newest provider list of a lookup, as Hum's JSON without secrets; None before there is one."""
        with reading(self._engine) as connection:
            row = connection.execute(_PROVIDERS, {"lookup_id": lookup_id}).fetchone()
        return None if row is None else json.loads(row[0])

    def _one(self, statement: Statement, **values: str | int) -> Lookup | None:
        with reading(self._engine) as connection:
            row = connection.execute(statement, values).fetchone()
        return None if row is None else _from_row(row)


def _seen(lookup: Lookup) -> dict[str, Any]:
    """The row that a write is about, if it has not been written since it was read."""
    return {"seen_id": lookup.id, "seen_polls": lookup.polls}


def _write_calls(connection: DirectConnection, calls: Sequence[Mapping[str, Any]]) -> None:
    try:
        insert_calls(connection, calls)
    except sa.exc.DBAPIError as error:
        raise CallsRefused(type(error).__name__) from None


def snapshot_of(providers: ProviderList) -> tuple[str, str]:
    """The digest that tells whether a provider list has changed, whatever the order of its keys, and the list as JSON
    text, in Hum's order: whoever reads it again has the list that was learned.
    """
    canonical = json.dumps(providers.raw, sort_keys=True, separators=(",", ":"))
    body = json.dumps(providers.raw, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest(), body


def _write_snapshot(connection: DirectConnection, lookup: Lookup, providers: str) -> None:
    values = {"digest": lookup.snapshot_digest, "taken_at": lookup.answered_at, "providers": providers}
    if not connection.execute(_RENEW_SNAPSHOT, {"seen_id": lookup.id, **values}).rowcount:
        connection.execute(_ADD_SNAPSHOT, {"lookup_id": lookup.id, **values})


def _to_row(lookup: Lookup) -> dict[str, Any]:
    row = {name: getattr(lookup, name) for name in _NAMES}
    for name in _ENUMS:
        row[name] = None if row[name] is None else row[name].value
    row |= {"outcome": None if lookup.outcome is None else lookup.outcome.value, "search_text": search_text(lookup)}
    return row | {column: getattr(lookup.address, name) for name, column in _ADDRESS_COLUMNS.items()}


def _from_row(row: Sequence[Any]) -> Lookup:
    values = dict(zip(_NAMES, row, strict=False))
    for name, kind in _ENUMS.items():
        values[name] = None if values[name] is None else kind(values[name])
    return Lookup(address=Address(**dict(zip(_ADDRESS_COLUMNS, row[_WIDTH:], strict=True))), **values)
