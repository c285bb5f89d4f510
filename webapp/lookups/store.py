"""Lookup and snapshot rows. `claim_poll` and `finish_poll` are the poll lease: one conditional UPDATE each, on any
database.

`next_poll_at` is schedule and lease at once, and of a finished lookup the moment from which it may be checked again;
`polls` is counter and fence. Nothing here talks to Hum or knows the clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from webapp.addresses.address import FIELDS, Address
from webapp.addresses.usps import STATES, ZIP_ONLY_STATES
from webapp.database import writing
from webapp.hum.providers import ProviderList
from webapp.hum.sessions import AgentState
from webapp.lookups.lifecycle import ACTIVE, Lookup, Reason, State
from webapp.lookups.recorded_calls import insert_calls
from webapp.lookups.schema import lookup_table, snapshot_table
from webapp.texts import folded

_ADDRESS_COLUMNS = {name: "state_code" if name == "state" else name for name in FIELDS}
_ENUMS = {"state": State, "reason": Reason, "geocoding": AgentState, "internet": AgentState}
_NAMES = tuple(field.name for field in fields(Lookup) if field.name != "address")

LONGEST_LIFE = 86_400.0
"""Seconds before its last answer at which a lookup may have begun: bounds what is looked through, by index."""

_FIXED = {
    "id",
    "viewer",
    "submit_key",
    "environment",
    "campaign_id",
    "created_at",
    "dropped_unit",
    "batch_id",
    *_ADDRESS_COLUMNS.values(),
}
"""Columns that no write changes. Naming them in an UPDATE would renew their indexes, and check whatever refers to the
row.
"""

NONE: Mapping[str, str] = MappingProxyType({})
_WIDTH = len(_NAMES)
_columns = lookup_table.c
_ROW = sa.select(*(_columns[name] for name in (*_NAMES, *_ADDRESS_COLUMNS.values())))
_ACTIVE = _columns.state.in_([state.value for state in ACTIVE])
_NEWEST_FIRST = _columns.created_at.desc()

# Statements are made once and take their values when they run: putting a row of thirty columns into a statement costs
# more than the database does.
_ADD = sa.insert(lookup_table)
_OF_VIEWER = _ROW.where(_columns.viewer == sa.bindparam("of_viewer"))
_BY_ID = _OF_VIEWER.where(_columns.id == sa.bindparam("lookup_id"))
_BY_KEY = _OF_VIEWER.where(_columns.submit_key == sa.bindparam("of_key"))
_WRITE = sa.update(lookup_table).where(
    _columns.id == sa.bindparam("lookup_id"), _columns.polls == sa.bindparam("seen_polls")
)
"""Only the row as it was read: a row that anyone has written since has another number of polls."""
_WRITE_ACTIVE = _WRITE.where(_ACTIVE)
_IS_DUE = _columns.next_poll_at <= sa.bindparam("due_by")
_CLAIM = _WRITE_ACTIVE.where(_IS_DUE)
_CLAIM_CHECK = _WRITE.where(_columns.state == State.DONE.value, sa.or_(_columns.next_poll_at.is_(None), _IS_DUE))


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
        return self._one(_BY_ID, {"lookup_id": lookup_id, "of_viewer": viewer})

    def find_submitted(self, viewer: str, submit_key: str) -> Lookup | None:
        """The lookup that a form with this submit key began."""
        return self._one(_BY_KEY, {"of_viewer": viewer, "of_key": submit_key})

    def newest_of_form(self, viewer: str, submit_key: str) -> Lookup | None:
        """The viewer's newest lookup that was sent with this submit key, for whichever address: see `Request.key`."""
        beginning = f"{submit_key}-"
        sent = sa.func.substr(_columns.submit_key, 1, len(beginning)) == beginning
        return self._one(_ROW.where(_columns.viewer == viewer, sent).order_by(_NEWEST_FIRST).limit(1))

    def newest_of(self, viewer: str, address: Address, *, since: float, batch_id: str | None = None) -> Lookup | None:
        """The viewer's newest lookup of exactly this address, if it was begun after `since` (epoch seconds): in this
        batch, or without one outside of any.
        """
        of_batch = (_columns.viewer == viewer, _columns.batch_id == batch_id)
        own = (*of_batch, _columns.created_at > since, _columns.street1 == address.street1)
        with self._engine.connect() as connection:
            rows = connection.execute(_ROW.where(*own).order_by(_NEWEST_FIRST)).all()
        for row in rows:
            lookup = _from_row(row)
            if lookup.address == address:
                return lookup
        return None

    def claim_poll(self, seen: Lookup, *, now: float, lease_until: float) -> Lookup | None:
        """Takes the right to ask Hum until `lease_until`; None when the poll is not due or another request has it."""
        return self._claim(_CLAIM, seen, now, lease_until)

    def claim_check(self, seen: Lookup, *, now: float, lease_until: float) -> Lookup | None:
        """Takes the right to ask Hum once more about a finished lookup; None when that was done a moment ago or another
        request has it.
        """
        return self._claim(_CLAIM_CHECK, seen, now, lease_until)

    def _claim(self, statement: sa.Update, seen: Lookup, now: float, lease_until: float) -> Lookup | None:
        claimed = replace(seen, next_poll_at=lease_until, polls=seen.polls + 1, claimed_at=now)
        claim = {"next_poll_at": lease_until, "polls": claimed.polls, "claimed_at": now}
        with writing(self._engine) as connection:
            won = connection.execute(statement, {**_seen(seen), "due_by": now, **claim}).rowcount
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
            won = connection.execute(_WRITE, {**_seen(claimed), **_changes(after), "claimed_at": None}).rowcount
            if won and providers is not None:
                _write_snapshot(connection, after, providers)
            if won and calls:
                _write_calls(connection, calls)
        return bool(won)

    def interrupt(self, seen: Lookup, after: Lookup) -> bool:
        """Writes a person's decision (stop, keep checking) over an active lookup and fences out a poll in flight."""
        changes = _changes(after) | {"polls": seen.polls + 1, "claimed_at": None}
        with writing(self._engine) as connection:
            return bool(connection.execute(_WRITE_ACTIVE, {**_seen(seen), **changes}).rowcount)

    def delete_unopened(self, seen: Lookup) -> bool:
        """Deletes a lookup as it was read, with its calls, unless it has a session."""
        own = (_columns.id == seen.id, _columns.polls == seen.polls, _columns.token.is_(None))
        with writing(self._engine) as connection:
            return bool(connection.execute(sa.delete(lookup_table).where(*own)).rowcount)

    def left(self, environment: str, *, due_before: float, seen_after: float, most: int) -> list[Lookup]:
        """Lookups that nobody watches: both their next poll and the end of their window were due before `due_before`,
        and Hum was last asked about them after `seen_after` (epoch seconds). The longest left first.
        """
        last_asked = sa.func.coalesce(_columns.answered_at, _columns.created_at)
        conditions = (
            _columns.environment == environment,
            _columns.created_at > seen_after - LONGEST_LIFE,
            _ACTIVE,
            _columns.next_poll_at <= due_before,
            _columns.window_started_at + _columns.window_seconds <= due_before,
            last_asked > seen_after,
        )
        with self._engine.connect() as connection:
            rows = connection.execute(_ROW.where(*conditions).order_by(_columns.next_poll_at).limit(most)).all()
        return [_from_row(row) for row in rows]

    def providers(self, lookup_id: str) -> list[Any] | None:
        """The newest provider list of a lookup, as Hum's JSON without secrets; None before there is one."""
        newest = sa.select(snapshot_table.c.providers).where(snapshot_table.c.lookup_id == lookup_id)
        with self._engine.connect() as connection:
            body = connection.execute(newest).scalar()
        return None if body is None else json.loads(body)

    def _one(self, statement: sa.Select[Any], values: Mapping[str, str] = NONE) -> Lookup | None:
        with self._engine.connect() as connection:
            row = connection.execute(statement, values).first()
        return None if row is None else _from_row(row)


def _seen(lookup: Lookup) -> dict[str, Any]:
    """The row as it was read, for `_WRITE`."""
    return {"lookup_id": lookup.id, "seen_polls": lookup.polls}


def _write_calls(connection: sa.Connection, calls: Sequence[Mapping[str, Any]]) -> None:
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


def _write_snapshot(connection: sa.Connection, lookup: Lookup, providers: str) -> None:
    values = {"digest": lookup.snapshot_digest, "taken_at": lookup.answered_at, "providers": providers}
    renew = sa.update(snapshot_table).where(snapshot_table.c.lookup_id == lookup.id).values(values)
    if not connection.execute(renew).rowcount:
        connection.execute(sa.insert(snapshot_table).values(lookup_id=lookup.id, **values))


def _changes(lookup: Lookup) -> dict[str, Any]:
    row = _to_row(lookup)
    for name in _FIXED:
        del row[name]
    return row


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


# What a lookup can be found by: its typed and its matched address, without case and accents.

LONGEST_QUERY = 200
MOST_WORDS = 12


def search_text(lookup: Lookup) -> str:
    """All words of the addresses in one line, for `search_words` to be looked for in; the state under its code and its
    name.
    """
    return _search_text(lookup.address, lookup.matched_address)


@lru_cache(maxsize=2_000)
def _search_text(address: Address, matched_address: str | None) -> str:
    # Remembered, because it is written with every poll and changes at most once.
    state = (STATES | ZIP_ONLY_STATES).get(address.state or "", "")
    return folded(" ".join(part for part in (address.one_line(), state, matched_address) if part))


def search_words(query: str) -> tuple[str, ...]:
    """The parts of a query that must each occur in a search text, anywhere in it; commas part words as blanks do."""
    return tuple(dict.fromkeys(folded(query[:LONGEST_QUERY]).replace(",", " ").split()))[:MOST_WORDS]
