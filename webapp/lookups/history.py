"""*Your lookups*: pages of the viewer's own lookups, found by words and outcome, and their deletion."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.addresses.address import FIELDS, Address
from webapp.database import writing
from webapp.lookups.lifecycle import ACTIVE, Lookup, Outcome, Reason
from webapp.lookups.polling import SESSION_LIFE, LookupService
from webapp.lookups.retention import MOST_LOOKUPS, PAUSE_BETWEEN_BATCHES
from webapp.lookups.schema import lookup_table
from webapp.lookups.store import search_words
from webapp.plans.model import Money

_CURSOR = re.compile(r"([0-9]{1,12}\.[0-9]{1,9})~([A-Za-z0-9_-]{1,22})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list: creation time (epoch seconds) and id, which no deletion makes invalid."""

    created_at: float
    id: str

    def __str__(self) -> str:
        return f"{self.created_at!r}~{self.id}"


def cursor(text: str) -> Cursor | None:
    """The place that a text names; None for any other text."""
    match = _CURSOR.fullmatch(text)
    return Cursor(float(match[1]), match[2]) if match else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One lookup in the list. `outcome` is None until it has ended; Hum is or was then to be asked at `next_poll_at`
    (epoch seconds). `lowest_price` is that of a month of the first year, None when none is stated.
    """

    id: str
    created_at: float
    address: Address
    environment: str
    outcome: Outcome | None
    provider_count: int
    lowest_price: Money | None
    next_poll_at: float | None = None

    @property
    def cursor(self) -> Cursor:
        """Its place in the list."""
        return Cursor(self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: words of the typed or matched address; one outcome, or `unfinished` ones. Without any,
    everything.
    """

    text: str = ""
    outcome: Outcome | None = None
    unfinished: bool = False

    @property
    def finds_all(self) -> bool:
        """Nothing is left out of the list."""
        return not self.text.strip() and self.outcome is None and not self.unfinished


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first, and the places to go on from: None where the list ends."""

    entries: tuple[Entry, ...]
    older: Cursor | None
    newer: Cursor | None


_COLUMNS = {name: lookup_table.c["state_code" if name == "state" else name] for name in FIELDS}
_ORDER = (lookup_table.c.created_at, lookup_table.c.id)


class HistoryStore:
    """Reads and deletes lookups of one viewer; never those of another."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def newest(self, viewer: str, search: Search, most: int, *, before: Cursor | None = None) -> list[Entry]:
        """The newest lookups of a search, newest first, only those older than `before` if it is given."""
        older = () if before is None else (sa.tuple_(*_ORDER) < _place(before),)
        return self._entries(_found(viewer, search, *older).order_by(*(column.desc() for column in _ORDER)), most)

    def next_newer(self, viewer: str, search: Search, most: int, *, after: Cursor) -> list[Entry]:
        """The lookups of a search that come right after a place, oldest first."""
        return self._entries(_found(viewer, search, sa.tuple_(*_ORDER) > _place(after)).order_by(*_ORDER), most)

    def count(self, viewer: str) -> int:
        """How many lookups the viewer's list holds."""
        statement = sa.select(sa.func.count()).select_from(lookup_table).where(*_shown_to(viewer))
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar_one()

    def unfinished(self, viewer: str, since: float, most: int) -> list[str]:
        """The ids of the viewer's newest lookups that have not ended, none older than `since` (epoch seconds)."""
        active = lookup_table.c.state.in_([state.value for state in ACTIVE])
        statement = sa.select(lookup_table.c.id).where(*_own(viewer), lookup_table.c.created_at >= since, active)
        with self._engine.connect() as connection:
            return list(
                connection.execute(statement.order_by(*(column.desc() for column in _ORDER)).limit(most)).scalars()
            )

    def delete(self, viewer: str, lookup_id: str) -> bool:
        """Deletes a lookup with all that hangs on it; False when the viewer has none of this id."""
        return self._delete(lookup_table.c.viewer == viewer, lookup_table.c.id == lookup_id) > 0

    def clear(self, viewer: str, until: float, most: int) -> int:
        """Deletes at most `most` lookups of a viewer that began until then (epoch seconds), with all that hangs on
        them; how many.
        """
        begun = lookup_table.c.created_at <= until
        oldest = sa.select(lookup_table.c.id).where(*_own(viewer), begun).order_by(*_ORDER).limit(most)
        return self._delete(lookup_table.c.id.in_(oldest))

    def hand_over(self, viewer: str, heir: str) -> None:
        """Makes a viewer's lookups, with all that hangs on them, those of another."""
        with writing(self._engine) as connection:
            connection.execute(sa.update(lookup_table).where(lookup_table.c.viewer == viewer).values(viewer=heir))

    def _entries(self, statement: sa.Select[Any], most: int) -> list[Entry]:
        with self._engine.connect() as connection:
            return list(_read(connection.execute(statement.limit(most)).mappings()))

    def _delete(self, *conditions: sa.ColumnElement[bool]) -> int:
        with writing(self._engine) as connection:
            return connection.execute(sa.delete(lookup_table).where(*conditions)).rowcount


def _found(viewer: str, search: Search, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The columns of an entry, of those lookups that a search finds."""
    columns = lookup_table.c
    shown = (
        columns.id,
        columns.created_at,
        columns.environment,
        columns.outcome,
        columns.provider_count,
        columns.lowest_price,
        columns.next_poll_at,
    )
    wanted = [columns.search_text.contains(word, autoescape=True) for word in search_words(search.text)]
    if search.unfinished:
        wanted.append(columns.outcome.is_(None))
    elif search.outcome is not None:
        wanted.append(columns.outcome == search.outcome.value)
    return sa.select(*shown, *_COLUMNS.values()).where(*_shown_to(viewer), *wanted, *conditions)


def _shown_to(viewer: str) -> tuple[sa.ColumnElement[bool], ...]:
    """The viewer's lookups without those whose address Hum refused: they never were lookups to the person, but a form
    with a fault; and without those of batches, which have pages of their own.
    """
    return *_own(viewer), lookup_table.c.reason.is_distinct_from(Reason.INVALID.value)


def _own(viewer: str) -> tuple[sa.ColumnElement[bool], ...]:
    return lookup_table.c.viewer == viewer, lookup_table.c.batch_id.is_(None)


def _place(cursor: Cursor) -> sa.ColumnElement[Any]:
    return sa.tuple_(sa.literal(cursor.created_at, sa.Double), sa.literal(cursor.id, sa.String))


def _read(rows: Iterable[Mapping[Any, Any]]) -> Iterable[Entry]:
    for row in rows:
        yield Entry(
            id=row["id"],
            created_at=row["created_at"],
            address=Address(**{name: row[column.name] for name, column in _COLUMNS.items()}),
            environment=row["environment"],
            outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
            provider_count=row["provider_count"],
            lowest_price=None if row["lowest_price"] is None else Money(row["lowest_price"]),
            next_poll_at=row["next_poll_at"],
        )


PAGE_SIZE = 25
RECENT_LOOKUPS = 40
"""Lookups among which the last different addresses are sought: the same address is often asked again."""
MOST_CLOSED = 5
"""Sessions that `clear` closes at Hum, one call each; a person does not wait for more, and the rest end there by
themselves.
"""


class History:
    """The list of a viewer's lookups. What is deleted is gone with its providers and share links; nothing of it is
    kept.
    """

    def __init__(
        self,
        store: HistoryStore,
        lookups: LookupService,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._lookups = lookups
        self._clock = clock
        self._sleep = sleep

    def page(self, viewer: str, search: Search, *, before: Cursor | None = None, after: Cursor | None = None) -> Page:
        """Up to 25 lookups older than `before`, or newer than `after`; the newest without either, or when nothing newer
        is left.
        """
        if after is not None:
            found = self._store.next_newer(viewer, search, PAGE_SIZE + 1, after=after)
            if len(found) > PAGE_SIZE:
                entries = tuple(reversed(found[:PAGE_SIZE]))
                return Page(entries, older=entries[-1].cursor, newer=entries[0].cursor)
            before = None
        found = self._store.newest(viewer, search, PAGE_SIZE + 1, before=before)
        entries = tuple(found[:PAGE_SIZE])
        older = entries[-1].cursor if len(found) > PAGE_SIZE else None
        newer = entries[0].cursor if entries and before is not None else None
        return Page(entries, older, newer)

    def recent_addresses(self, viewer: str, most: int = 8) -> tuple[Address, ...]:
        """The last different addresses of the viewer, as typed, newest first."""
        different: dict[str, Address] = {}
        for entry in self._store.newest(viewer, Search(), RECENT_LOOKUPS):
            different.setdefault(entry.address.one_line().casefold(), entry.address)
        return tuple(different.values())[:most]

    def count(self, viewer: str) -> int:
        """How many lookups the viewer's list holds."""
        return self._store.count(viewer)

    def delete(self, lookup: Lookup) -> None:
        """Deletes a lookup of its viewer; one that still runs is stopped first, so that Hum closes its session."""
        self._lookups.stop(lookup)
        self._store.delete(lookup.viewer, lookup.id)

    def hand_over(self, viewer: str, heir: str) -> None:
        """Makes a viewer's lookups those of another: a person who has signed in takes their browser's along."""
        self._store.hand_over(viewer, heir)

    def clear(self, viewer: str) -> None:
        """Deletes all lookups of a viewer and closes the newest sessions that may still live. Those begun meanwhile
        stay.

        Some go in each transaction, so that no other writer waits long; a thousand take a quarter of a second.
        """
        now = self._clock()
        for lookup_id in self._store.unfinished(viewer, now - SESSION_LIFE, MOST_CLOSED):
            lookup = self._lookups.find(lookup_id, viewer)
            if lookup is not None:
                self._lookups.stop(lookup)
        while self._store.clear(viewer, now, MOST_LOOKUPS):
            self._sleep(PAUSE_BETWEEN_BATCHES)
