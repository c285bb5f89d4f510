"""The viewer's own lookups as a list: pages by key, search and filter, deletion. Every statement stays inside one index
range.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from webapp.addresses.address import FIELDS, Address
from webapp.database import writing
from webapp.lookups.lifecycle import ACTIVE, Outcome, Reason
from webapp.lookups.listing import Cursor, Entry, Search
from webapp.lookups.schema import lookup_table
from webapp.lookups.search_text import search_words
from webapp.plans.model import Money

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
        statement = sa.select(lookup_table.c.id).where(
            lookup_table.c.viewer == viewer, lookup_table.c.created_at >= since, active
        )
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
        own = (lookup_table.c.viewer == viewer, lookup_table.c.created_at <= until)
        oldest = sa.select(lookup_table.c.id).where(*own).order_by(*_ORDER).limit(most)
        return self._delete(lookup_table.c.id.in_(oldest))

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
    )
    wanted = [columns.search_text.contains(word, autoescape=True) for word in search_words(search.text)]
    if search.unfinished:
        wanted.append(columns.outcome.is_(None))
    elif search.outcome is not None:
        wanted.append(columns.outcome == search.outcome.value)
    return sa.select(*shown, *_COLUMNS.values()).where(*_shown_to(viewer), *wanted, *conditions)


def _shown_to(viewer: str) -> tuple[sa.ColumnElement[bool], ...]:
    """The viewer's lookups without those whose address Hum refused: they never were lookups to the person, but a form
    with a fault.
    """
    return lookup_table.c.viewer == viewer, lookup_table.c.reason.is_distinct_from(Reason.INVALID.value)


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
        )
